//! Results as Toss seals them, opened by the client.

use super::*;
use crate::toss::fixture::{authority, leaf};
use crate::toss::signed_doc::{Chain, Failure, Trust};
use crate::toss::wire::PersonalFields;
use crate::toss::{Gender, Nationality, PersonalData, SignatureType};

fn result_body(session: &Session) -> ResultSuccess {
    let seal = |text: &str| Some(session.seal(text).expect("field"));
    ResultSuccess {
        tx_id: TX.into(),
        status: "COMPLETED".into(),
        doc: Some(TEXT.into()),
        signed_doc: STANDARD.encode(leaf().sign(TEXT.as_bytes(), NOW_S).expect("document")),
        signature_type: "PKCS7".into(),
        doc_encrypted: false,
        random_value: None,
        user_ci_token: None,
        completed_dt: at(NOW_S).as_str().into(),
        requested_dt: at(NOW_S - 60).as_str().into(),
        personal_data: Some(PersonalFields {
            ci: seal(&"C".repeat(88)),
            name: seal("김토스"),
            birthday: seal("19930324"),
            gender: seal("FEMALE"),
            nationality: seal("LOCAL"),
            ci2: None,
            di: seal(&"D".repeat(88)),
            ci_update: None,
            age_group: None,
        }),
    }
}

#[test]
fn a_result_is_opened_and_its_signature_verified() {
    let (session, toss) = asked(3);
    let result = client().read_result(&success(result_body(&toss)), session).expect("result");
    let personal = &result.personal;
    let text = |value: &Option<Zeroizing<String>>| value.as_deref().cloned();
    assert_eq!(text(&personal.ci), Some("C".repeat(88)));
    assert_eq!(text(&personal.di), Some("D".repeat(88)));
    assert_eq!(text(&personal.name).as_deref(), Some("김토스"));
    assert_eq!(text(&personal.birthday).as_deref(), Some("19930324"));
    assert_eq!(personal.gender, Some(Gender::Female));
    assert_eq!(personal.nationality, Some(Nationality::Local));
    assert_eq!((result.signature_type.clone(), result.completed_at.unix_s()), (SignatureType::Pkcs7, NOW_S));
    for secret in ["김토스", "19930324", "FEMALE", "CCCC", TEXT] {
        assert!(!format!("{result:?} {personal:?}").contains(secret));
    }

    let trust = Trust::with_root(&authority().root_der().expect("der"))
        .and_then(|trust| trust.and_intermediate(&authority().issuing_der()?))
        .expect("trust");
    let verified = result.verify(&Document::Text(TEXT.into()), &trust, NOW_S).expect("verified");
    assert!(matches!(verified.chain, Chain::Trusted { .. }));
    let other = result.verify(&Document::Text("another".into()), &trust, NOW_S);
    assert_eq!(other, Err(Failure::ContentOther));
}

#[test]
fn a_result_keeps_unknown_values_and_lacks_what_was_not_applied_for() {
    let (session, toss) = asked(4);
    let mut body = result_body(&toss);
    body.signature_type = "PKCS8".into();
    body.doc = Some(toss.seal(TEXT).expect("field"));
    body.doc_encrypted = true;
    body.personal_data = Some(PersonalFields {
        gender: Some(toss.seal("OTHER").expect("field")),
        nationality: Some(toss.seal("STATELESS").expect("field")),
        ..PersonalFields::default()
    });
    let result = client().read_result(&success(body), session).expect("result");
    assert_eq!(result.signature_type, SignatureType::Other("PKCS8".into()));
    assert_eq!(result.document.as_deref().map(String::as_str), Some(TEXT));
    let expected = PersonalData {
        gender: Some(Gender::Other("OTHER".into())),
        nationality: Some(Nationality::Other("STATELESS".into())),
        ..PersonalData::default()
    };
    assert!(result.personal == expected);
}

#[test]
fn a_result_that_does_not_fit_is_refused() {
    type Change = fn(&mut ResultSuccess, &Session);
    let rows: [(&str, Change); 8] = [
        ("another transaction", |body, _| body.tx_id = "other".into()),
        ("not completed", |body, _| body.status = "IN_PROGRESS".into()),
        ("base64", |body, _| body.signed_doc = "!".into()),
        ("a time", |body, _| body.completed_dt = "today".into()),
        ("doc: ", |body, _| body.doc_encrypted = true),
        ("personalData.ci: not of", |body, toss| {
            body.personal_data = Some(PersonalFields {
                ci: Some(toss.seal("short").expect("field")),
                ..PersonalFields::default()
            });
        }),
        ("personalData.birthday: not of", |body, toss| {
            body.personal_data = Some(PersonalFields {
                birthday: Some(toss.seal("19931324").expect("field")),
                ..PersonalFields::default()
            });
        }),
        ("personalData.di: the session id of another request", |body, _| {
            let (_, other) = asked(9);
            body.personal_data = Some(PersonalFields {
                di: Some(other.seal(&"D".repeat(88)).expect("field")),
                ..PersonalFields::default()
            });
        }),
    ];
    for (why, change) in rows {
        let (session, toss) = asked(5);
        let mut body = result_body(&toss);
        change(&mut body, &toss);
        let error = client().read_result(&success(body), session).expect_err(why);
        assert_eq!(error.kind(), ErrorKind::ResponseInvalid, "{why}");
        assert!(error.to_string().contains(why), "{error}");
        assert!(!error.to_string().contains("19931324"));
    }
}

proptest! {
    // Each case takes an operation with a private RSA-4096 key.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_result_text_is_read_without_panic(field in ".{0,60}", time in ".{0,30}") {
        let (session, toss) = asked(6);
        let mut body = result_body(&toss);
        body.signed_doc = field.clone();
        body.completed_dt = time;
        body.personal_data = Some(PersonalFields { name: Some(field), ..PersonalFields::default() });
        prop_assert!(client().read_result(&success(body), session).is_err());
    }
}
