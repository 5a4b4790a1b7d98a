//! `POST /submission/step2`: the face and the data.

use super::address::PlusCode;
use super::client::{Client, json, not_of_the_contract};
use super::codes::{Gender, IdType, KycStatus, VerificationResult};
use super::fields::{Country, LicenseNumber, SubmissionId, Text, invalid, is_resident_number};
use super::item::one_or_many;
use super::multipart::Form;
use super::picture::Picture;
use super::retry_code::RetryNote;
use crate::dates::Date;
use crate::error::Error;
use crate::http::{Request, Response};
use serde::Deserialize;

/// The country whose documents are checked against the issuer's records.
const KOREA: &str = "KOR";

/// The face and the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step2 {
    /// The submission of step1.
    pub submission_id: SubmissionId,
    /// A picture of one face; 960 x 720 px are recommended.
    pub face_image: Picture,
    /// Full name.
    pub name: Text,
    /// Date of birth.
    pub date_of_birth: Date,
    /// Gender.
    pub gender: Option<Gender>,
    /// Nationality.
    pub nationality: Option<Country>,
    /// Numbers and dates of the document.
    pub identity: IdentityFields,
    /// The address, where the project collects it.
    pub address: Option<Address>,
    /// The proof of address, where the project asks for it. Its field name is not public; `addressImage`, the
    /// name of the same image in `GET /image`, is used.
    pub address_image: Option<Picture>,
    /// Country and kind of the document of step1. With them a Korean document's required number is asked for
    /// before sending.
    pub document: Option<(Country, IdType)>,
}

/// Numbers and dates of the document; which are needed depends on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdentityFields {
    /// Personal number; required for Korean documents (6 and 7 digits).
    pub identity_number: Option<Text>,
    /// Number of a Korean driving licence; required for it.
    pub license_number: Option<LicenseNumber>,
    /// Serial number.
    pub serial_number: Option<Text>,
    /// Document number.
    pub document_number: Option<Text>,
    /// Date of issue.
    pub date_of_issue: Option<Date>,
    /// Date of expiry.
    pub date_of_expiry: Option<Date>,
}

/// An address: one form of it from `POST /address_code`, and what the visitor typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Exactly one of the three forms.
    pub code: AddressForm,
    /// As the visitor typed it (`address_input`).
    pub input: Option<Text>,
    /// Flat, floor and the like (`address_detail`).
    pub detail: Option<Text>,
}

/// One of the three forms of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressForm {
    /// `globalCode`: a whole plus code.
    Global(PlusCode),
    /// `compoundCode`: a short plus code and a place.
    Compound(Text),
    /// `formatted_address`.
    Formatted(Text),
}

/// What step2 answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Step2Answer {
    /// How the submission stands. Only a read of the submission tells how it ended
    /// ([`Client::read_submission`]).
    pub kyc_status: KycStatus,
    /// The document number against the issuer's records.
    pub verification_result: Option<VerificationResult>,
    /// Likeness of the faces, 0 to 100.
    pub face_similarity_score: Option<f32>,
    /// Liveness, 0 to 100.
    pub liveness_score: Option<f32>,
    /// Tries used, step1 and step2 together.
    pub retry_count: u32,
    /// Why another try is asked for.
    pub retry: Vec<RetryNote>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    kyc_status: KycStatus,
    #[serde(default)]
    verification_result: Option<VerificationResult>,
    #[serde(default)]
    face_similarity_score: Option<f32>,
    #[serde(default)]
    liveness_score: Option<f32>,
    #[serde(default)]
    retry_count: u32,
    #[serde(default, deserialize_with = "one_or_many")]
    retry: Vec<RetryNote>,
}

impl Step2 {
    fn check(&self) -> Result<(), Error> {
        if self.gender.as_ref().is_some_and(|gender| !gender.is_known()) {
            return Err(invalid("gender is neither male nor female"));
        }
        let period = self.identity.date_of_issue.zip(self.identity.date_of_expiry);
        if period.is_some_and(|(issue, expiry)| expiry < issue) {
            return Err(invalid("date_of_expiry is before date_of_issue"));
        }
        let Some((country, id_type)) = &self.document else { return Ok(()) };
        if country.as_str() != KOREA || *id_type == IdType::Passport {
            return Ok(());
        }
        if !self.identity.identity_number.as_ref().is_some_and(|number| is_resident_number(number.as_str())) {
            return Err(invalid("a Korean document needs identity_number, 6 and 7 digits"));
        }
        if *id_type == IdType::DriversLicense && self.identity.license_number.is_none() {
            return Err(invalid("a Korean driving licence needs license_number"));
        }
        Ok(())
    }
}

impl Client {
    /// The request of step2. Fails with [`crate::ErrorKind::RequestInvalid`] on a gender that no page names,
    /// an expiry before the issue, and missing numbers of a Korean document. Not to be sent twice: each
    /// arrival may use up a try.
    pub fn step2_request(&self, step: &Step2) -> Result<Request, Error> {
        step.check()?;
        let birth = step.date_of_birth.to_text();
        let issue = step.identity.date_of_issue.map(Date::to_text);
        let expiry = step.identity.date_of_expiry.map(Date::to_text);
        let identity = &step.identity;
        let mut form = Form::default();
        form.field("submissionId", step.submission_id.as_str())
            .field("name", step.name.as_str())
            .field("date_of_birth", &birth)
            .optional("gender", step.gender.as_ref().map(Gender::as_str))
            .optional("nationality", step.nationality.as_ref().map(Country::as_str))
            .optional("identity_number", identity.identity_number.as_ref().map(Text::as_str))
            .optional("license_number", identity.license_number.as_ref().map(LicenseNumber::as_str))
            .optional("serial_number", identity.serial_number.as_ref().map(Text::as_str))
            .optional("document_number", identity.document_number.as_ref().map(Text::as_str))
            .optional("date_of_issue", issue.as_deref())
            .optional("date_of_expiry", expiry.as_deref());
        if let Some(address) = &step.address {
            match &address.code {
                AddressForm::Global(code) => form.field("globalCode", code.as_str()),
                AddressForm::Compound(code) => form.field("compoundCode", code.as_str()),
                AddressForm::Formatted(text) => form.field("formatted_address", text.as_str()),
            };
            form.optional("address_input", address.input.as_ref().map(Text::as_str))
                .optional("address_detail", address.detail.as_ref().map(Text::as_str));
        }
        form.file("faceImage", &step.face_image);
        if let Some(picture) = &step.address_image {
            form.file("addressImage", picture);
        }
        let (content_type, body) = form.finish();
        self.post("submission/step2", content_type, body)
    }

    /// The answer to [`Self::step2_request`]. A score outside 0 to 100 is
    /// [`crate::ErrorKind::ResponseInvalid`].
    pub fn read_step2(&self, response: &Response) -> Result<Step2Answer, Error> {
        let wire: Wire = json(response)?;
        let outside = |score: Option<f32>| score.is_some_and(|score| !(0.0..=100.0).contains(&score));
        if outside(wire.face_similarity_score) || outside(wire.liveness_score) {
            return Err(not_of_the_contract());
        }
        Ok(Step2Answer {
            kyc_status: wire.kyc_status,
            verification_result: wire.verification_result,
            face_similarity_score: wire.face_similarity_score,
            liveness_score: wire.liveness_score,
            retry_count: wire.retry_count,
            retry: wire.retry,
        })
    }
}

#[cfg(test)]
#[path = "step2_tests.rs"]
mod tests;
