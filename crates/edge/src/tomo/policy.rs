//! kyc_policy: what is verified, how, and how sure one is of the owner. A policy that no verification can meet
//! cannot be built.

use crate::error::{Error, ErrorKind};
use serde::{Deserialize, Serialize};

/// The subject of a verification: what is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// Typed personal data.
    PersonalInfo,
    /// A document, photographed or typed.
    Document(IdType),
    /// An electronic certificate.
    EidCertificate,
}

/// Kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdType {
    /// National identity card.
    IdCard,
    /// Passport.
    Passport,
    /// Residence card.
    ResidentialCard,
}

/// How the subject is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Personal data against a source.
    PersonalInfoVerf,
    /// Document number against the government's records.
    GovernmentIdVerf,
    /// The document's picture is read.
    DocumentOcrCheck,
    /// The document's picture is examined for forgery.
    DocumentAuthenticityCheck,
    /// The government's connecting information (CI).
    GovernmentCiVerf,
}

/// How sure one is that the document belongs to the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OwnerAssurance {
    /// Not checked.
    None,
    /// A code sent to the person's phone.
    SmsOtp,
    /// A secret printed on or stored in the document.
    DocumentSecret,
    /// A Toss certificate signature.
    Toss,
    /// The selfie against the portrait on the document.
    SubmittedDocSelfieMatch,
}

/// A policy whose parts fit together. On the wire it is TomoIDV's KycPolicy object ([`WirePolicy`]).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "WirePolicy", try_from = "WirePolicy")]
pub struct KycPolicy {
    subject: Subject,
    method: Method,
    owner: OwnerAssurance,
}

impl KycPolicy {
    /// Puts a policy together. Fails with [`ErrorKind::PolicyInvalid`] where the parts exclude each other:
    /// the method must be one for the subject, and the owner assurance one that the method leaves material for
    /// (a selfie is compared with a *submitted picture*, a document's secret with the *government's record*,
    /// Toss answers for a *certificate*, an SMS for *typed data*).
    pub fn new(subject: Subject, method: Method, owner: OwnerAssurance) -> Result<Self, Error> {
        let method_fits = matches!(
            (subject, method),
            (Subject::PersonalInfo, Method::PersonalInfoVerf)
                | (
                    Subject::Document(_),
                    Method::GovernmentIdVerf | Method::DocumentOcrCheck | Method::DocumentAuthenticityCheck
                )
                | (Subject::EidCertificate, Method::GovernmentCiVerf)
        );
        let owner_fits = match owner {
            OwnerAssurance::None => true,
            OwnerAssurance::SmsOtp => method == Method::PersonalInfoVerf,
            OwnerAssurance::DocumentSecret => method == Method::GovernmentIdVerf,
            OwnerAssurance::Toss => method == Method::GovernmentCiVerf,
            OwnerAssurance::SubmittedDocSelfieMatch => {
                matches!(method, Method::DocumentOcrCheck | Method::DocumentAuthenticityCheck)
            }
        };
        if !method_fits || !owner_fits {
            return Err(Error::new(
                ErrorKind::PolicyInvalid,
                "Unsupported kyc_policy: subject, method and owner_assurance exclude each other",
            ));
        }
        Ok(Self { subject, method, owner })
    }

    /// What is presented.
    pub fn subject(&self) -> Subject {
        self.subject
    }

    /// How it is verified.
    pub fn method(&self) -> Method {
        self.method
    }

    /// How sure one is of the owner.
    pub fn owner(&self) -> OwnerAssurance {
        self.owner
    }
}

/// KycPolicy as TomoIDV's JSON has it, not yet checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WirePolicy {
    /// What is presented.
    pub subject: WireSubject,
    /// How it is verified.
    pub method: String,
    /// How sure one is of the owner.
    pub owner_assurance: WireOwner,
    /// A preset's name; accepted and not used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preset: Option<String>,
}

/// `subject` on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireSubject {
    /// `personal_info`, `document` or `eid`.
    pub kind: String,
    /// `null` (the word), `id_card`, `passport`, `residential_card` or `certificate`.
    pub id_type: String,
}

/// `owner_assurance` on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireOwner {
    /// `no_owner_assurance`, `owner_verf` or `owner_check`.
    pub kind: String,
    /// `sms_otp`, `document_secret`, `toss` or `submitted_doc_selfie_match`.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub assurance: Option<String>,
}

const SUBJECTS: [Subject; 5] = [
    Subject::PersonalInfo,
    Subject::Document(IdType::IdCard),
    Subject::Document(IdType::Passport),
    Subject::Document(IdType::ResidentialCard),
    Subject::EidCertificate,
];

const METHODS: [Method; 5] = [
    Method::PersonalInfoVerf,
    Method::GovernmentIdVerf,
    Method::DocumentOcrCheck,
    Method::DocumentAuthenticityCheck,
    Method::GovernmentCiVerf,
];

const OWNERS: [OwnerAssurance; 5] = [
    OwnerAssurance::None,
    OwnerAssurance::SmsOtp,
    OwnerAssurance::DocumentSecret,
    OwnerAssurance::Toss,
    OwnerAssurance::SubmittedDocSelfieMatch,
];

impl From<KycPolicy> for WirePolicy {
    fn from(policy: KycPolicy) -> Self {
        let (kind, id_type) = subject_words(policy.subject);
        let (owner_kind, owner_type) = owner_words(policy.owner);
        Self {
            subject: WireSubject { kind: kind.into(), id_type: id_type.into() },
            method: method_word(policy.method).into(),
            owner_assurance: WireOwner { kind: owner_kind.into(), assurance: owner_type.map(Into::into) },
            preset: None,
        }
    }
}

impl TryFrom<WirePolicy> for KycPolicy {
    type Error = Error;

    fn try_from(wire: WirePolicy) -> Result<Self, Error> {
        Self::from_words(
            &wire.subject.kind,
            &wire.subject.id_type,
            &wire.method,
            &wire.owner_assurance.kind,
            wire.owner_assurance.assurance.as_deref(),
        )
    }
}

impl KycPolicy {
    pub(super) fn from_words(
        kind: &str,
        id_type: &str,
        method: &str,
        owner_kind: &str,
        owner_type: Option<&str>,
    ) -> Result<Self, Error> {
        let unknown = |part: &str| {
            Error::new(ErrorKind::PolicyInvalid, format!("Unsupported kyc_policy: {part} is not known"))
        };
        let subject = SUBJECTS
            .into_iter()
            .find(|subject| subject_words(*subject) == (kind, id_type))
            .ok_or_else(|| unknown("subject"))?;
        let method = METHODS
            .into_iter()
            .find(|known| method_word(*known) == method)
            .ok_or_else(|| unknown("method"))?;
        let owner = OWNERS
            .into_iter()
            .find(|owner| owner_words(*owner) == (owner_kind, owner_type))
            .ok_or_else(|| unknown("owner_assurance"))?;
        Self::new(subject, method, owner)
    }
}

pub(super) fn subject_words(subject: Subject) -> (&'static str, &'static str) {
    match subject {
        Subject::PersonalInfo => ("personal_info", "null"),
        Subject::Document(IdType::IdCard) => ("document", "id_card"),
        Subject::Document(IdType::Passport) => ("document", "passport"),
        Subject::Document(IdType::ResidentialCard) => ("document", "residential_card"),
        Subject::EidCertificate => ("eid", "certificate"),
    }
}

pub(super) fn method_word(method: Method) -> &'static str {
    match method {
        Method::PersonalInfoVerf => "personal_info_verf",
        Method::GovernmentIdVerf => "government_id_verf",
        Method::DocumentOcrCheck => "document_ocr_check",
        Method::DocumentAuthenticityCheck => "document_authenticity_check",
        Method::GovernmentCiVerf => "government_ci_verf",
    }
}

pub(super) fn owner_words(owner: OwnerAssurance) -> (&'static str, Option<&'static str>) {
    match owner {
        OwnerAssurance::None => ("no_owner_assurance", None),
        OwnerAssurance::SmsOtp => ("owner_verf", Some("sms_otp")),
        OwnerAssurance::DocumentSecret => ("owner_verf", Some("document_secret")),
        OwnerAssurance::Toss => ("owner_verf", Some("toss")),
        OwnerAssurance::SubmittedDocSelfieMatch => ("owner_check", Some("submitted_doc_selfie_match")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tomo::PolicyKey;

    #[test]
    fn every_policy_that_can_be_built_goes_over_the_wire_and_into_a_key() {
        let mut possible = 0;
        for subject in SUBJECTS {
            for method in METHODS {
                for owner in OWNERS {
                    let Ok(policy) = KycPolicy::new(subject, method, owner) else { continue };
                    possible += 1;
                    let json = serde_json::to_string(&policy).expect("json");
                    assert_eq!(serde_json::from_str::<KycPolicy>(&json).expect("reads"), policy);
                    let key = PolicyKey { country: "kr".parse().expect("country"), policy: Some(policy) };
                    assert_eq!(key.to_string().parse::<PolicyKey>().expect("reads"), key);
                }
            }
        }
        // personal info 2, each of 3 documents 2 + 2 + 2, certificate 2.
        assert_eq!(possible, 22);
    }

    #[test]
    fn the_wire_form_is_that_of_the_sdk() {
        let json = serde_json::json!({
            "subject": { "kind": "document", "id_type": "passport" },
            "method": "document_ocr_check",
            "owner_assurance": { "kind": "owner_check", "type": "submitted_doc_selfie_match" }
        });
        let policy: KycPolicy = serde_json::from_value(json.clone()).expect("reads");
        assert_eq!(policy.subject(), Subject::Document(IdType::Passport));
        assert_eq!(policy.owner(), OwnerAssurance::SubmittedDocSelfieMatch);
        assert_eq!(serde_json::to_value(&policy).expect("json"), json);
    }
}
