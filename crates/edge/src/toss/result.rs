//! The result: the signature, and the personal data opened with the session of the request for it.

use super::client::TxId;
use super::request::{CI_CHARS, Document, is_birthday};
use super::session::Session;
use super::signed_doc::{self, Expected, Failure, Trust, Verified};
use super::time::Timestamp;
use super::wire::{PersonalFields, ResultSuccess};
use crate::error::{Error, ErrorKind};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt;
use zeroize::Zeroizing;

/// The only status that a result has.
pub const COMPLETED: &str = "COMPLETED";

/// How the document was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureType {
    /// PKCS7: the document is inside.
    Pkcs7,
    /// PKCS7_NO_CONTENT_WITH_ATTR: only its hash is.
    Pkcs7NoContentWithAttr,
    /// A type that this crate does not know.
    Other(String),
}

impl SignatureType {
    fn parse(text: &str) -> Self {
        match text {
            "PKCS7" => Self::Pkcs7,
            "PKCS7_NO_CONTENT_WITH_ATTR" => Self::Pkcs7NoContentWithAttr,
            _ => Self::Other(text.to_owned()),
        }
    }
}

/// Gender as Toss has it. `Debug` of the data that holds it shows none.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Gender {
    /// MALE.
    Male,
    /// FEMALE.
    Female,
    /// A value that this crate does not know.
    Other(String),
}

/// Nationality as Toss has it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Nationality {
    /// LOCAL: Korean.
    Local,
    /// FOREIGNER.
    Foreigner,
    /// A value that this crate does not know.
    Other(String),
}

/// Age as an authentication tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AgeGroup {
    /// ADULT.
    Adult,
    /// MINOR.
    Minor,
    /// A value that this crate does not know.
    Other(String),
}

/// The signer's personal data; None for what the service did not apply for. Wiped from memory when dropped,
/// but for gender, nationality and age group; `Debug` shows nothing.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PersonalData {
    /// CI, 88 characters; None after a request by CI.
    pub ci: Option<Zeroizing<String>>,
    /// DI, 88 characters; None after a request by CI.
    pub di: Option<Zeroizing<String>>,
    /// Name.
    pub name: Option<Zeroizing<String>>,
    /// Birthday, `YYYYMMDD`.
    pub birthday: Option<Zeroizing<String>>,
    /// Gender.
    pub gender: Option<Gender>,
    /// Nationality.
    pub nationality: Option<Nationality>,
    /// A second CI; null today.
    pub ci2: Option<Zeroizing<String>>,
    /// When the CI changed; null today.
    pub ci_update: Option<Zeroizing<String>>,
    /// Age group; of an authentication only.
    pub age_group: Option<AgeGroup>,
}

impl fmt::Debug for PersonalData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PersonalData").finish_non_exhaustive()
    }
}

impl PersonalData {
    pub(super) fn open(fields: &PersonalFields, session: &Session) -> Result<Self, Error> {
        let open = |name: &str, field: &Option<String>| match field {
            Some(field) => session.open(field).map(Some).map_err(|failure| {
                Error::new(ErrorKind::ResponseInvalid, format!("personalData.{name}: {failure}"))
            }),
            None => Ok(None),
        };
        let long = |name: &str, field: &Option<String>, fits: fn(&str) -> bool| {
            let value = open(name, field)?;
            if value.as_ref().is_some_and(|value| !fits(value)) {
                let why = format!("personalData.{name}: not of the contract's form");
                return Err(Error::new(ErrorKind::ResponseInvalid, why));
            }
            Ok(value)
        };
        let is_ci = |text: &str| text.len() == CI_CHARS;
        Ok(Self {
            ci: long("ci", &fields.ci, is_ci)?,
            di: long("di", &fields.di, is_ci)?,
            name: open("name", &fields.name)?,
            birthday: long("birthday", &fields.birthday, is_birthday)?,
            gender: open("gender", &fields.gender)?.map(|text| match text.as_str() {
                "MALE" => Gender::Male,
                "FEMALE" => Gender::Female,
                other => Gender::Other(other.to_owned()),
            }),
            nationality: open("nationality", &fields.nationality)?.map(|text| match text.as_str() {
                "LOCAL" => Nationality::Local,
                "FOREIGNER" => Nationality::Foreigner,
                other => Nationality::Other(other.to_owned()),
            }),
            ci2: open("ci2", &fields.ci2)?,
            ci_update: open("ciUpdate", &fields.ci_update)?,
            age_group: open("ageGroup", &fields.age_group)?.map(|text| match text.as_str() {
                "ADULT" => AgeGroup::Adult,
                "MINOR" => AgeGroup::Minor,
                other => AgeGroup::Other(other.to_owned()),
            }),
        })
    }
}

/// A completed signature. It proves something once [`Self::verify`] has passed. `Debug` shows no content.
#[derive(Clone, PartialEq, Eq)]
pub struct SignResult {
    /// Transaction.
    pub tx_id: TxId,
    /// The document as Toss gives it back, decrypted; None where it gives none.
    pub document: Option<Zeroizing<String>>,
    /// The signature, DER. Toss obliges its customers to store it with the transaction id.
    pub signed_doc: Vec<u8>,
    /// How it was signed.
    pub signature_type: SignatureType,
    /// When the user finished.
    pub completed_at: Timestamp,
    /// When it was requested.
    pub requested_at: Timestamp,
    /// The signer's personal data.
    pub personal: PersonalData,
}

impl fmt::Debug for SignResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignResult")
            .field("tx_id", &self.tx_id)
            .field("signature_type", &self.signature_type)
            .field("completed_at", &self.completed_at)
            .finish_non_exhaustive()
    }
}

impl SignResult {
    pub(super) fn open(body: ResultSuccess, tx_id: &TxId, session: &Session) -> Result<Self, Error> {
        let invalid = |why: &str| Error::new(ErrorKind::ResponseInvalid, why);
        if body.tx_id != tx_id.as_str() {
            return Err(invalid("a result of another transaction"));
        }
        if body.status != COMPLETED {
            return Err(invalid("a result that is not completed"));
        }
        let document = match body.doc {
            Some(field) if body.doc_encrypted => Some(
                session
                    .open(&field)
                    .map_err(|failure| Error::new(ErrorKind::ResponseInvalid, format!("doc: {failure}")))?,
            ),
            plain => plain.map(Zeroizing::new),
        };
        let time = |text: &str| Timestamp::parse(text).ok_or_else(|| invalid("a time of another form"));
        Ok(Self {
            tx_id: tx_id.clone(),
            document,
            signed_doc: STANDARD.decode(&body.signed_doc).map_err(|_| invalid("signedDoc is not base64"))?,
            signature_type: SignatureType::parse(&body.signature_type),
            completed_at: time(&body.completed_dt)?,
            requested_at: time(&body.requested_dt)?,
            personal: PersonalData::open(&body.personal_data.unwrap_or_default(), session)?,
        })
    }

    /// Verifies the signature over `sent`, the document that was sent, at `now_s` (seconds since 1970). Fails
    /// with the first step that does not hold. What Toss gives back as the document is not looked at.
    pub fn verify(&self, sent: &Document, trust: &Trust, now_s: u64) -> Result<Verified, Failure> {
        match sent {
            Document::Text(text) | Document::Html(text) => {
                signed_doc::verify(&self.signed_doc, Expected::Content(text.as_bytes()), trust, now_s)
            }
            Document::PdfSha256(sha256) => {
                signed_doc::verify(&self.signed_doc, Expected::Sha256(sha256), trust, now_s)
            }
        }
    }
}
