//! Tests of step2.

use super::*;
use crate::argos::client::tests::{answer, client};
use crate::argos::multipart::tests::parts;
use crate::argos::picture::tests::jpeg;
use crate::argos::retry_code::RetryCode;
use crate::error::ErrorKind;
use proptest::prelude::*;

fn text(value: &str) -> Text {
    Text::new(value).expect("text")
}

fn date(value: &str) -> Date {
    Date::parse(value).expect("date")
}

fn step() -> Step2 {
    Step2 {
        submission_id: SubmissionId::new("s1").expect("id"),
        face_image: jpeg(),
        name: text("Anna Eriksson"),
        date_of_birth: date("1990-01-01"),
        gender: None,
        nationality: None,
        identity: IdentityFields::default(),
        address: None,
        address_image: None,
        document: None,
    }
}

fn fields(step: &Step2) -> Vec<(String, String)> {
    let request = client().step2_request(step).expect("request");
    assert_eq!(request.url.path(), "/v2/submission/step2");
    let content_type = &request.headers.iter().find(|(name, _)| *name == "content-type").expect("type").1;
    parts(content_type, &request.body)
        .into_iter()
        .map(|(name, value)| (name, String::from_utf8(value).unwrap_or_else(|_| "(picture)".to_owned())))
        .collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn step2_carries_the_four_required_fields_and_no_other_unless_set() {
    let expected = [
        ("submissionId", "s1"),
        ("name", "Anna Eriksson"),
        ("date_of_birth", "1990-01-01"),
        ("faceImage", "(picture)"),
    ];
    assert_eq!(fields(&step()), pairs(&expected));
}

#[test]
fn every_optional_field_of_step2_has_its_name() {
    let full = Step2 {
        gender: Some(Gender::Female),
        nationality: Some(Country::new("SWE").expect("country")),
        identity: IdentityFields {
            identity_number: Some(text("900101-1234567")),
            license_number: Some(LicenseNumber::new("112233445566").expect("licence")),
            serial_number: Some(text("A1")),
            document_number: Some(text("M1")),
            date_of_issue: Some(date("2016-08-16")),
            date_of_expiry: Some(date("2026-08-16")),
        },
        address: Some(Address {
            code: AddressForm::Global(PlusCode::new("8Q98HXPG+MP").expect("code")),
            input: Some(text("Sejongno")),
            detail: Some(text("2F")),
        }),
        address_image: Some(jpeg()),
        ..step()
    };
    let sent = fields(&full);
    let expected = [
        ("gender", "female"),
        ("nationality", "SWE"),
        ("identity_number", "900101-1234567"),
        ("license_number", "112233445566"),
        ("serial_number", "A1"),
        ("document_number", "M1"),
        ("date_of_issue", "2016-08-16"),
        ("date_of_expiry", "2026-08-16"),
        ("globalCode", "8Q98HXPG+MP"),
        ("address_input", "Sejongno"),
        ("address_detail", "2F"),
        ("faceImage", "(picture)"),
        ("addressImage", "(picture)"),
    ];
    assert_eq!(sent[3..], pairs(&expected));
    for secret in ["Anna", "1990", "900101", "1122", "2016", "8Q98", "Sejong"] {
        assert!(!format!("{full:?}").contains(secret), "{full:?}");
    }
}

#[test]
fn an_address_goes_in_exactly_one_of_its_three_forms() {
    let forms = [
        (AddressForm::Global(PlusCode::new("8Q98HXPG+MP").expect("code")), "globalCode"),
        (AddressForm::Compound(text("HXPG+MP Seoul, South Korea")), "compoundCode"),
        (AddressForm::Formatted(text("1 Sejongno, Jongno-gu, Seoul")), "formatted_address"),
    ];
    for (code, name) in forms {
        let address = Some(Address { code, input: None, detail: None });
        let sent = fields(&Step2 { address, ..step() });
        assert_eq!((sent.len(), sent[3].0.as_str()), (5, name));
    }
}

#[test]
fn a_korean_document_needs_its_numbers_before_anything_is_sent() {
    let korean = |id_type: IdType, identity: IdentityFields| {
        let document = Some((Country::new("KOR").expect("country"), id_type));
        client().step2_request(&Step2 { document, identity, ..step() })
    };
    let number = |value: &str| IdentityFields { identity_number: Some(text(value)), ..Default::default() };
    assert!(korean(IdType::Passport, IdentityFields::default()).is_ok());
    assert!(korean(IdType::GovernmentId, number("900101-1234567")).is_ok());
    let licence = IdentityFields {
        license_number: Some(LicenseNumber::new("112233445566").expect("licence")),
        ..number("9001011234567")
    };
    assert!(korean(IdType::DriversLicense, licence).is_ok());
    let bad = [
        (IdType::GovernmentId, IdentityFields::default()),
        (IdType::GovernmentId, number("900101-1******")),
        (IdType::DriversLicense, number("900101-1234567")),
    ];
    for (id_type, identity) in bad {
        let error = korean(id_type, identity).expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::RequestInvalid);
    }
}

#[test]
fn a_gender_or_a_period_that_cannot_be_is_not_sent() {
    let backwards = IdentityFields {
        date_of_issue: Some(date("2020-01-02")),
        date_of_expiry: Some(date("2020-01-01")),
        ..Default::default()
    };
    let bad =
        [Step2 { gender: Some(Gender::from("unknown")), ..step() }, Step2 { identity: backwards, ..step() }];
    for step in bad {
        assert_eq!(client().step2_request(&step).expect_err("refused").kind(), ErrorKind::RequestInvalid);
    }
}

#[test]
fn the_published_answers_of_step2_read() {
    let pending = r#"{"verificationResult":"success","faceSimilarityScore":99,"livenessScore":91,
        "kycStatus":"pending","retryCount":0}"#;
    let read = client().read_step2(&answer(200, pending)).expect("reads");
    assert_eq!(read.kyc_status, KycStatus::Pending);
    assert_eq!(read.verification_result, Some(VerificationResult::Success));
    assert_eq!((read.face_similarity_score, read.liveness_score), (Some(99.0), Some(91.0)));

    let retry = r#"{"retry":[{"retryCode":"face_compare_underscore","retryMsg":"m"}],"kycStatus":"incomplete",
        "retryCount":1}"#;
    let read = client().read_step2(&answer(200, retry)).expect("reads");
    assert_eq!((read.kyc_status, read.retry_count), (KycStatus::Incomplete, 1));
    assert_eq!(read.retry[0].code, RetryCode::FaceCompareUnderscore);

    let rejected = r#"{"verificationResult":"success","faceSimilarityScore":0,"livenessScore":99,
        "kycStatus":"rejected","retryCount":3}"#;
    let read = client().read_step2(&answer(200, rejected)).expect("reads");
    assert_eq!((read.kyc_status, read.retry_count), (KycStatus::Rejected, 3));
}

#[test]
fn an_answer_of_step2_without_a_status_or_with_an_impossible_score_is_refused() {
    let bad = [
        "",
        "{}",
        r#"{"retryCount":1}"#,
        r#"{"kycStatus":"pending","livenessScore":101}"#,
        r#"{"kycStatus":"pending","faceSimilarityScore":-1}"#,
        r#"{"kycStatus":"pending","livenessScore":1e300}"#,
        r#"{"kycStatus":"pending","retryCount":-1}"#,
    ];
    for body in bad {
        let error = client().read_step2(&answer(200, body)).expect_err(body);
        assert_eq!(error.kind(), ErrorKind::ResponseInvalid, "{body}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_an_answer_of_step2_or_a_typed_error(
        body in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let read = client().read_step2(&answer(200, body));
        prop_assert!(read.is_ok() || read.is_err_and(|error| error.kind() == ErrorKind::ResponseInvalid));
    }

    #[test]
    fn any_status_and_count_read_and_are_kept(status in "[a-z_]{1,20}", count in any::<u32>()) {
        let body = format!(r#"{{"kycStatus":"{status}","retryCount":{count}}}"#);
        let read = client().read_step2(&answer(200, body)).expect("reads");
        prop_assert_eq!(read.kyc_status.as_str(), status);
        prop_assert_eq!(read.retry_count, count);
    }
}
