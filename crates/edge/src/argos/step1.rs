//! `POST /submission/step1`: the document.

use super::client::{Client, json, not_of_the_contract};
use super::codes::IdType;
use super::fields::{Country, CustomFields, Email, SubmissionId, invalid};
use super::item::one_or_many;
use super::multipart::Form;
use super::options::CustomOptions;
use super::picture::Picture;
use super::retry_code::RetryNote;
use crate::error::Error;
use crate::http::{Request, Response};
use serde::Deserialize;
use std::fmt;

/// The document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step1 {
    /// Country that issued it.
    pub issuing_country: Country,
    /// The visitor's address.
    pub email: Email,
    /// Kind of document, one that version 2 takes.
    pub id_type: IdType,
    /// Front; 640 x 480 px are recommended.
    pub id_image: Picture,
    /// Back.
    pub id_back_image: Option<Picture>,
    /// The earlier step1 that this one repeats; taken within 4 hours of it
    /// ([`super::Progress::may_repeat_step1`]).
    pub submission_id: Option<SubmissionId>,
    /// The customer's own fields.
    pub custom: CustomFields,
    /// Options of this submission.
    pub options: CustomOptions,
}

/// What step1 answers.
#[derive(Clone, PartialEq, Eq)]
pub struct Step1Answer {
    /// The submission, which step2 needs.
    pub submission_id: SubmissionId,
    /// What was read, for the visitor to look over.
    pub ocr: OcrReview,
    /// `file_upload`. The page shows it as true and says no more.
    pub file_upload: Option<bool>,
    /// Why the picture must be taken again; empty where it need not.
    pub retry: Vec<RetryNote>,
}

impl fmt::Debug for Step1Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Step1Answer").field("retry", &self.retry).finish_non_exhaustive()
    }
}

/// What was read from the document, as the vendor writes it. `Debug` shows nothing.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct OcrReview {
    /// Name.
    #[serde(rename = "ocr_name")]
    pub name: Option<String>,
    /// Gender.
    #[serde(rename = "ocr_gender")]
    pub gender: Option<String>,
    /// Nationality, alpha-3.
    #[serde(rename = "ocr_nationality")]
    pub nationality: Option<String>,
    /// Date of birth.
    #[serde(rename = "ocr_birthDate")]
    pub birth_date: Option<String>,
    /// Date of issue.
    #[serde(rename = "ocr_issueDate")]
    pub issue_date: Option<String>,
}

impl fmt::Debug for OcrReview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OcrReview(…)")
    }
}

#[derive(Deserialize)]
struct Wire {
    #[serde(rename = "submissionId")]
    submission_id: String,
    #[serde(default, rename = "reviewOCRData")]
    ocr: Option<OcrReview>,
    #[serde(default)]
    file_upload: Option<bool>,
    #[serde(default, deserialize_with = "one_or_many")]
    retry: Vec<RetryNote>,
}

impl Client {
    /// The request of step1. Fails with [`crate::ErrorKind::RequestInvalid`] on a kind of document that
    /// version 2 does not take. Not to be sent twice: each arrival may use up a try.
    pub fn step1_request(&self, step: &Step1) -> Result<Request, Error> {
        if !step.id_type.is_legacy() {
            return Err(invalid("idType is not passport, government_id or drivers_license"));
        }
        let options = step.options.to_json();
        let mut form = Form::default();
        form.field("issuingCountry", step.issuing_country.as_str())
            .field("email", step.email.as_str())
            .field("idType", step.id_type.as_str())
            .optional("submissionId", step.submission_id.as_ref().map(SubmissionId::as_str));
        for (name, value) in step.custom.pairs() {
            form.field(name, value);
        }
        form.optional("customOptions", options.as_deref()).file("idImage", &step.id_image);
        if let Some(back) = &step.id_back_image {
            form.file("idBackImage", back);
        }
        let (content_type, body) = form.finish();
        self.post("submission/step1", content_type, body)
    }

    /// The answer to [`Self::step1_request`].
    pub fn read_step1(&self, response: &Response) -> Result<Step1Answer, Error> {
        let wire: Wire = json(response)?;
        let submission_id = SubmissionId::new(wire.submission_id).map_err(|_| not_of_the_contract())?;
        let ocr = wire.ocr.unwrap_or_default();
        Ok(Step1Answer { submission_id, ocr, file_upload: wire.file_upload, retry: wire.retry })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::argos::client::tests::{answer, client};
    use crate::argos::fields::Text;
    use crate::argos::multipart::tests::parts;
    use crate::argos::picture::tests::jpeg;
    use crate::argos::retry_code::RetryCode;
    use crate::error::ErrorKind;
    use crate::http::Method;
    use proptest::prelude::*;

    fn step() -> Step1 {
        Step1 {
            issuing_country: Country::new("KOR").expect("country"),
            email: Email::new("test@example.com").expect("email"),
            id_type: IdType::Passport,
            id_image: jpeg(),
            id_back_image: None,
            submission_id: None,
            custom: CustomFields::default(),
            options: CustomOptions::default(),
        }
    }

    fn names(request: &Request) -> Vec<String> {
        let content_type = &request.headers.iter().find(|(name, _)| *name == "content-type").expect("type").1;
        parts(content_type, &request.body).into_iter().map(|part| part.0).collect()
    }

    #[test]
    fn step1_carries_the_four_required_fields_and_no_other_unless_set() {
        let request = client().step1_request(&step()).expect("request");
        assert_eq!((request.method, request.url.path()), (Method::Post, "/v2/submission/step1"));
        assert!(request.headers.iter().any(|(name, value)| *name == "x-api-key" && value == "geheim"));
        assert_eq!(names(&request), ["issuingCountry", "email", "idType", "idImage"]);
        let text = |text| Some(Text::new(text).expect("text"));
        let full = Step1 {
            id_back_image: Some(jpeg()),
            submission_id: Some(SubmissionId::new("s1").expect("id")),
            custom: CustomFields { userid: text("u"), cf1: text("1"), cf2: text("2"), cf3: text("3") },
            options: CustomOptions { without_age_limit: true, ..CustomOptions::default() },
            ..step()
        };
        let request = client().step1_request(&full).expect("request");
        assert_eq!(
            names(&request),
            [
                "issuingCountry",
                "email",
                "idType",
                "submissionId",
                "userid",
                "cf1",
                "cf2",
                "cf3",
                "customOptions",
                "idImage",
                "idBackImage"
            ]
        );
        assert!(!format!("{full:?} {request:?}").contains("test@"));
    }

    #[test]
    fn a_kind_of_document_that_only_version_3_takes_is_not_sent() {
        for word in ["visa", "residence_permit", "aadhaar", "library_card"] {
            let bad = Step1 { id_type: IdType::from(word), ..step() };
            let error = client().step1_request(&bad).expect_err(word);
            assert_eq!(error.kind(), ErrorKind::RequestInvalid);
        }
    }

    #[test]
    fn the_published_answer_of_step1_reads() {
        let body = r#"{"reviewOCRData":{"ocr_issueDate":"2020-02-25","ocr_gender":"male",
            "ocr_nationality":"USA",
            "ocr_birthDate":"1975-08-25","ocr_name":"John Smith"},"file_upload":true,
            "submissionId":"1cz94l9ksfi1bokk"}"#;
        let read = client().read_step1(&answer(200, body)).expect("reads");
        assert_eq!(read.submission_id.as_str(), "1cz94l9ksfi1bokk");
        assert_eq!(read.ocr.name.as_deref(), Some("John Smith"));
        assert_eq!(read.ocr.gender.as_deref(), Some("male"));
        assert_eq!(read.ocr.nationality.as_deref(), Some("USA"));
        assert_eq!(read.ocr.birth_date.as_deref(), Some("1975-08-25"));
        assert_eq!(read.ocr.issue_date.as_deref(), Some("2020-02-25"));
        assert_eq!((read.file_upload, read.retry.len()), (Some(true), 0));
        assert!(!format!("{read:?} {:?}", read.ocr).contains("Smith"));
    }

    #[test]
    fn an_answer_of_step1_that_asks_for_another_picture_says_why() {
        let body = r#"{"submissionId":"s1","retry":[{"retryCode":"mrz_protocol_fail","retryMsg":"m"},
            {"retryCode":"glare"}]}"#;
        let codes: Vec<RetryCode> = client()
            .read_step1(&answer(200, body))
            .expect("reads")
            .retry
            .into_iter()
            .map(|note| note.code)
            .collect();
        assert_eq!(codes, [RetryCode::MrzProtocolFail, RetryCode::Unknown("glare".into())]);
        for bad in [
            "",
            "{}",
            r#"{"submissionId":"a b"}"#,
            r#"{"submissionId":7}"#,
            r#"{"submissionId":"a","retry":7}"#,
        ] {
            let error = client().read_step1(&answer(200, bad)).expect_err(bad);
            assert_eq!(error.kind(), ErrorKind::ResponseInvalid, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_answer_of_step1_or_a_typed_error(
            body in proptest::collection::vec(any::<u8>(), 0..200),
        ) {
            let read = client().read_step1(&answer(200, body));
            prop_assert!(read.is_ok() || read.is_err_and(|error| error.kind() == ErrorKind::ResponseInvalid));
        }
    }
}
