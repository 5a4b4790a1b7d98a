//! Every refusal of the contract, with its status and sentence.

use crate::support::{TestArgos, answer, document, face, grey, runner};
use idv_edge::argos::{MAX_PICTURE_BYTES, Refusal, RefusalMessage, RefusalStatus, Step1, SubmissionQuery};
use idv_sandbox::scenario::Scenario;
use serde_json::Value;

/// Fields that replace those of a form that is taken, and what is said then.
type Case<'a> = (&'a [(&'a str, &'a [u8])], RefusalMessage);

/// Fields of a step1 that is taken; `change` replaces some.
fn step1_fields<'a>(change: &[(&'a str, &'a [u8])]) -> Vec<(&'a str, &'a [u8])> {
    let mut fields: Vec<(&str, &[u8])> = vec![
        ("issuingCountry", b"USA"),
        ("email", b"a@example.com"),
        ("idType", b"passport"),
        ("userid", b"scenario:approve"),
    ];
    for (name, value) in change {
        fields.retain(|(held, _)| held != name);
        fields.push((name, value));
    }
    fields
}

fn sentence(body: &Value) -> RefusalMessage {
    RefusalMessage::from_text(body["message"].as_str().unwrap_or_default())
}

#[tokio::test]
async fn without_the_key_everything_is_forbidden() {
    let test = TestArgos::start().await;
    let wrong = runner(&test.running.argos.base_url, "wrong");
    let refused = |error: &idv_edge::Error| Refusal::of(error).expect("refused");
    let error = wrong.list(&SubmissionQuery::default()).await.expect_err("refused");
    assert_eq!(refused(&error).status, RefusalStatus::Forbidden);
    let error = wrong.step1(&document("u", "u")).await.expect_err("refused");
    let expected = Refusal { status: RefusalStatus::Forbidden, message: RefusalMessage::ProjectUnknown };
    assert_eq!(refused(&error), expected);
    let id = idv_edge::argos::SubmissionId::new("s1").expect("id");
    let error = wrong.step2(&face(&id)).await.expect_err("refused");
    let expected = Refusal { status: RefusalStatus::Forbidden, message: RefusalMessage::ApiKeyInvalid };
    assert_eq!(refused(&error), expected);
    let error = wrong.delete(&id).await.expect_err("refused");
    assert_eq!(refused(&error).status, RefusalStatus::Forbidden);
    for path in ["/submission", "/submission/applicant?applicant_id=a", "/image", "/report/aml"] {
        let url = format!("{}{path}", test.running.argos.base_url);
        let (status, body) = answer(test.http.get(url)).await;
        assert_eq!((status, &body["message"]), (403, &"Forbidden".into()), "{path}");
    }
    assert_eq!(test.get("/nothing").await.0, 404);
}

#[tokio::test]
async fn step1_names_what_is_wrong() {
    let test = TestArgos::start().await;
    let picture = grey(1);
    let two_of_a_kind: &[u8] = b"%PDF-1.4";
    let cases: &[Case] = &[
        (&[("issuingCountry", b"")], RefusalMessage::ParametersMissing),
        (&[("email", b"")], RefusalMessage::ParametersMissing),
        (&[("idType", b"")], RefusalMessage::ParametersMissing),
        (&[("idType", b"visa")], RefusalMessage::IdTypeInvalid),
        (&[("email", b"nobody")], RefusalMessage::EmailInvalid),
        (&[("issuingCountry", b"us")], RefusalMessage::InputUnreadable),
        (&[("customOptions", b"{")], RefusalMessage::InputUnreadable),
        (&[("customOptions", br#"{"ageLimit":true}"#)], RefusalMessage::InputUnreadable),
        (&[("customOptions", br#"{"blacklistCountries":["PRK"]}"#)], RefusalMessage::InputUnreadable),
        (&[("userid", b"two\r\nlines")], RefusalMessage::InputUnreadable),
        (&[], RefusalMessage::IdImageInvalid),
        (&[("idImage", two_of_a_kind)], RefusalMessage::IdImageInvalid),
        (&[("idImage", &picture), ("idBackImage", two_of_a_kind)], RefusalMessage::IdImageInvalid),
        (&[("idImage", &picture), ("submissionId", b"nobody")], RefusalMessage::SubmissionIdInvalid),
    ];
    for (index, (change, expected)) in cases.iter().enumerate() {
        let (status, body) = test.form("/submission/step1", &step1_fields(change)).await;
        assert_eq!((status, sentence(&body)), (400, *expected), "case {index}: {body}");
    }
    let no_form = test.request("POST", "/submission/step1").json(&serde_json::json!({}));
    let (status, body) = answer(no_form).await;
    assert_eq!((status, sentence(&body)), (400, RefusalMessage::InputUnreadable));
    let listed = test.argos.list(&SubmissionQuery::default()).await.expect("list");
    assert!(listed.items.is_empty(), "nothing was made");
}

#[tokio::test]
async fn step2_names_what_is_wrong() {
    let test = TestArgos::start().await;
    let begun = test.begin(Scenario::Approve, "u1").await;
    let picture = grey(2);
    let id = begun.submission_id.as_str().as_bytes();
    let good: Vec<(&str, &[u8])> = vec![
        ("submissionId", id),
        ("name", b"John Smith"),
        ("date_of_birth", b"1975-08-25"),
        ("faceImage", &picture),
    ];
    let cases: &[Case] = &[
        (&[("submissionId", b"")], RefusalMessage::ParametersMissing),
        (&[("name", b"")], RefusalMessage::ParametersMissing),
        (&[("date_of_birth", b"")], RefusalMessage::ParametersMissing),
        (&[("date_of_birth", b"25.08.1975")], RefusalMessage::InputUnreadable),
        (&[("gender", b"f")], RefusalMessage::InputUnreadable),
        (&[("nationality", b"us")], RefusalMessage::InputUnreadable),
        (&[("submissionId", b"nobody")], RefusalMessage::SubmissionIdInvalid),
        (&[("submissionId", b"no id")], RefusalMessage::SubmissionIdInvalid),
        (&[("faceImage", b"GIF89a")], RefusalMessage::FaceImageInvalid),
        (&[("address_detail", b"Flat 3")], RefusalMessage::AddressMissing),
        (&[("globalCode", b"HXPG+MP")], RefusalMessage::AddressMissing),
        (&[("globalCode", b"8Q98HXPG+MP"), ("addressImage", b"GIF89a")], RefusalMessage::AddressImageInvalid),
    ];
    for (index, (change, expected)) in cases.iter().enumerate() {
        let mut fields = good.clone();
        for (name, value) in *change {
            fields.retain(|(held, _)| held != name);
            fields.push((name, value));
        }
        let (status, body) = test.form("/submission/step2", &fields).await;
        assert_eq!((status, sentence(&body)), (400, *expected), "case {index}: {body}");
    }
    assert_eq!(test.form("/submission/step2", &good).await.0, 200);
    let (status, body) = test.form("/submission/step2", &good).await;
    assert_eq!((status, sentence(&body)), (400, RefusalMessage::AlreadyProcessed));
}

#[tokio::test]
async fn a_korean_card_needs_its_numbers() {
    let test = TestArgos::start().await;
    let korean = |userid: &str, own: &str, id_type| Step1 {
        issuing_country: idv_edge::argos::Country::new("KOR").expect("country"),
        id_type,
        ..document(userid, own)
    };
    let licence = korean("scenario:approve", "a", idv_edge::argos::IdType::DriversLicense);
    let begun = test.argos.step1(&licence).await.expect("step1");
    let picture = grey(2);
    let fields = |extra: &[(&'static str, &'static [u8])]| {
        let mut fields: Vec<(&str, &[u8])> = vec![
            ("submissionId", begun.submission_id.as_str().as_bytes()),
            ("name", b"Hong"),
            ("date_of_birth", b"1998-11-12"),
            ("faceImage", &picture),
        ];
        fields.extend_from_slice(extra);
        fields
    };
    for extra in [
        &[][..],
        &[("identity_number", &b"981112-1000000"[..])],
        &[("identity_number", b"981112"), ("license_number", b"123456789012")],
        &[("identity_number", b"981112-1000000"), ("license_number", b"1234")],
    ] {
        let (status, body) = test.form("/submission/step2", &fields(extra)).await;
        assert_eq!((status, sentence(&body)), (400, RefusalMessage::IdentityParametersMissing));
    }
    // Another birth date than the number's: not on record, which asks for another try.
    let numbers: &[(&str, &[u8])] =
        &[("identity_number", b"900101-1000000"), ("license_number", b"123456789012")];
    let (_, body) = test.form("/submission/step2", &fields(numbers)).await;
    assert_eq!((&body["kycStatus"], &body["retryCount"]), (&"incomplete".into(), &1.into()), "{body}");
    let numbers: &[(&str, &[u8])] =
        &[("identity_number", b"981112-1000000"), ("license_number", b"123456789012")];
    let (_, body) = test.form("/submission/step2", &fields(numbers)).await;
    assert_eq!((&body["kycStatus"], &body["verificationResult"]), (&"approved".into(), &"success".into()));
    let read = test.item(&begun.submission_id).await;
    assert_eq!(read["kyc"]["attempts"][0]["verificationResult"], "fail");
    assert!(read["kyc"]["attempts"][0]["retryMsg"].as_str().is_some_and(|text| text.contains("Identity")));
    assert_eq!(read["data"]["identityNumber"], "981112-1******");
}

#[tokio::test]
async fn a_picture_over_two_megabytes_is_too_large() {
    let test = TestArgos::start().await;
    let mut picture = grey(1);
    picture.resize(MAX_PICTURE_BYTES, 0);
    let (status, _) = test.form("/submission/step1", &step1_fields(&[("idImage", &picture)])).await;
    assert_eq!(status, 200, "2 MB are taken");
    picture.push(0);
    let fields = step1_fields(&[("idImage", &picture)]);
    let (status, body) = test.form("/submission/step1", &fields).await;
    assert_eq!((status, &body["message"]), (413, &"Request Entity Too Large".into()));
    let fields: Vec<(&str, &[u8])> = vec![
        ("submissionId", b"s1"),
        ("name", b"n"),
        ("date_of_birth", b"2000-01-01"),
        ("faceImage", &picture),
    ];
    assert_eq!(test.form("/submission/step2", &fields).await.0, 413);
}

#[tokio::test]
async fn pictures_that_nothing_can_look_at_are_a_bad_gateway() {
    let test = TestArgos::start().await;
    let error = test.argos.step1(&document("user-1", "u1")).await.expect_err("no models in this run");
    assert_eq!(Refusal::of(&error).map(|refusal| refusal.status), Some(RefusalStatus::BadGateway));
}

#[tokio::test]
async fn a_query_that_cannot_be_taken_is_refused() {
    let test = TestArgos::start().await;
    for path in [
        "/submission?count=0",
        "/submission?count=2001",
        "/submission?start_date=2026-01-01",
        "/submission?request_type=kyb",
        "/submission?nextpage_id=a",
        "/submission?submission_id=no%20id",
        "/submission/applicant",
        "/image?submission_id=a",
        "/image?submission_id=nobody&type=idImage",
        "/image?submission_id=nobody&type=portrait",
        "/report/aml",
        "/report/aml?resourceId=nobody",
    ] {
        let (status, body) = test.get(path).await;
        assert_eq!((status, &body["message"]), (400, &"Invalid Query String parameters".into()), "{path}");
    }
    assert_eq!(answer(test.request("DELETE", "/submission")).await.0, 400);
}
