//! Options of the Toss calls, in camelCase, to checked values.

use super::dto::options;
use crate::error::{Error, ErrorKind};
use crate::toss::signed_doc::Trust;
use crate::toss::{Client, Document, Environment, Hosts, Person, SignRequest, TossPublicKey, Trigger};
use serde::Deserialize;
use zeroize::{Zeroize, Zeroizing};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ClientDto {
    environment: String,
    client_id: String,
    public_key: String,
    #[serde(default)]
    hosts: Option<HostsDto>,
    #[serde(default)]
    trust: TrustDto,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct HostsDto {
    token_base: String,
    api_base: String,
}

/// Certificates and lists, PEM or base64 of DER.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct TrustDto {
    root: Option<String>,
    intermediates: Vec<String>,
    revocation_lists: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SignDto {
    person: PersonDto,
    #[serde(default)]
    app_scheme: Option<CallbacksDto>,
    service_name: String,
    doc_title: String,
    document: DocumentDto,
    #[serde(default)]
    encrypt_document: bool,
    #[serde(default)]
    expire_s: Option<u32>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct PersonDto {
    name: Option<String>,
    phone: Option<String>,
    birthday: Option<String>,
    ci: Option<String>,
}

impl PersonDto {
    /// The person; the texts are wiped.
    pub(super) fn person(mut self) -> Result<Person, Error> {
        let person = match (&self.name, &self.phone, &self.birthday, &self.ci) {
            (Some(name), Some(phone), Some(birthday), None) => Person::personal(name, phone, birthday),
            (None, None, None, Some(ci)) => Person::ci(ci),
            _ => Err(invalid("person is either name, phone and birthday, or ci")),
        };
        for text in [&mut self.name, &mut self.phone, &mut self.birthday, &mut self.ci] {
            text.zeroize();
        }
        person
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CallbacksDto {
    #[serde(default)]
    success_callback_url: Option<String>,
    #[serde(default)]
    fail_callback_url: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct DocumentDto {
    text: Option<String>,
    html: Option<String>,
    pdf_sha256: Option<String>,
}

fn invalid(why: &str) -> Error {
    Error::new(ErrorKind::RequestInvalid, why)
}

/// The client and the certificates its results are held against.
pub(super) fn client(json: &str, client_secret: Zeroizing<String>) -> Result<(Client, Trust), Error> {
    let dto: ClientDto = options(json)?;
    let environment = match dto.environment.as_str() {
        "sandbox" => Environment::Sandbox,
        "production" => Environment::Production,
        _ => return Err(invalid("environment is neither sandbox nor production")),
    };
    let public_key = TossPublicKey::read(dto.public_key.as_bytes())?;
    let mut client = Client::new(environment, dto.client_id, client_secret, public_key)?;
    if let Some(hosts) = dto.hosts {
        client = client.at(Hosts::new(&hosts.token_base, &hosts.api_base)?)?;
    }
    let mut trust = match &dto.trust.root {
        Some(root) => Trust::with_root(root.as_bytes())?,
        None if dto.trust.intermediates.is_empty() && dto.trust.revocation_lists.is_empty() => {
            Trust::without_root()
        }
        None => return Err(invalid("trust has certificates or lists and no root")),
    };
    for certificate in &dto.trust.intermediates {
        trust = trust.and_intermediate(certificate.as_bytes())?;
    }
    for list in &dto.trust.revocation_lists {
        trust = trust.and_revocation_list(list.as_bytes())?;
    }
    Ok((client, trust))
}

/// What a user is asked to sign.
pub(super) fn sign(json: &str) -> Result<SignRequest, Error> {
    let dto: SignDto = options(json)?;
    let trigger = dto.app_scheme.map_or(Trigger::Push, |callbacks| Trigger::AppScheme {
        success_callback_url: callbacks.success_callback_url,
        fail_callback_url: callbacks.fail_callback_url,
    });
    Ok(SignRequest {
        person: dto.person.person()?,
        trigger,
        service_name: dto.service_name,
        doc_title: dto.doc_title,
        document: document_of(dto.document)?,
        encrypt_document: dto.encrypt_document,
        expire_s: dto.expire_s,
    })
}

/// The document that was sent.
pub(super) fn document(json: &str) -> Result<Document, Error> {
    document_of(options(json)?)
}

fn document_of(dto: DocumentDto) -> Result<Document, Error> {
    match (dto.text, dto.html, dto.pdf_sha256) {
        (Some(text), None, None) => Ok(Document::Text(text)),
        (None, Some(html), None) => Ok(Document::Html(html)),
        (None, None, Some(digest)) => {
            let sha256 = hex::decode(digest).ok().and_then(|bytes| bytes.try_into().ok());
            sha256.map(Document::PdfSha256).ok_or_else(|| invalid("pdfSha256 is not 64 digits of hex"))
        }
        _ => Err(invalid("document is one of text, html and pdfSha256")),
    }
}
