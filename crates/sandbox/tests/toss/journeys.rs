//! From the request to a verified signature.

use crate::bench::{Bench, NAME, PHONE, TEXT, app_scheme, push, scenario};
use idv_edge::toss::signed_doc::{Chain, Failure, Revocation, Trust};
use idv_edge::toss::{
    CI_CHARS, Document, Gender, Nationality, Person, SignRequest, SignResult, SignatureType, StatusHint,
};
use sha2::{Digest, Sha256};

fn assert_is_the_published_person(result: &SignResult) {
    let personal = &result.personal;
    assert_eq!(personal.name.as_deref().map(String::as_str), Some("김토스"));
    assert_eq!(personal.birthday.as_deref().map(String::as_str), Some("19930324"));
    assert_eq!((&personal.gender, &personal.nationality), (&Some(Gender::Female), &Some(Nationality::Local)));
    assert_eq!((&personal.ci2, &personal.ci_update), (&None, &None));
}

#[tokio::test]
async fn a_push_is_shown_signed_read_and_verified() {
    let bench = Bench::start().await;
    let requested = bench.sign(&push()).await;
    assert_eq!(requested.links, None);
    assert_eq!(requested.requested_at.unix_s(), bench.now_s());
    assert_eq!(bench.status(&requested).await, StatusHint::Requested);

    let (status, page) = bench.page(&format!("/toss/app?txId={}", requested.tx_id.as_str()), "ko").await;
    assert_eq!(status, 200);
    assert!(page.contains("출금이체 동의문") && page.contains("&lt;b&gt;&amp;&lt;/b&gt;"), "{page}");
    assert_eq!(bench.status(&requested).await, StatusHint::InProgress);

    bench.sandbox.pass_ms(60_000);
    let (status, location) = bench.decide(&requested.tx_id, "sign").await;
    assert_eq!((status, location), (303, format!("/toss/app?txId={}&lang=ko", requested.tx_id.as_str())));
    assert_eq!(bench.status(&requested).await, StatusHint::Completed);

    let result = bench.result(&requested).await.expect("result");
    assert_eq!(result.document.as_deref().map(String::as_str), Some(TEXT));
    assert_eq!(result.completed_at.unix_s(), requested.requested_at.unix_s() + 60);
    assert_eq!(result.signature_type, SignatureType::Pkcs7);
    assert_is_the_published_person(&result);
    let ci = result.personal.ci.as_ref().expect("CI");
    assert!(ci.starts_with("CI0110000000001") && ci.len() == CI_CHARS);
    let di = result.personal.di.as_ref().expect("DI");
    assert!(di.starts_with("DI0110000000001") && di.len() == CI_CHARS);

    let verified = result.verify(&push().document, &bench.side.trust, bench.now_s()).expect("verified");
    assert!(matches!(verified.chain, Chain::Trusted { .. }));
    assert_eq!(verified.signed_at_s, result.completed_at.unix_s());
    assert_eq!(verified.signer.common_name.as_deref().map(String::as_str), Some("김토스"));
    let other = Document::Text("다른 문서".into());
    assert_eq!(result.verify(&other, &bench.side.trust, bench.now_s()), Err(Failure::ContentOther));

    let alone = result.verify(&push().document, &Trust::without_root(), bench.now_s()).expect("verified");
    assert_eq!((alone.chain, alone.revocation), (Chain::NotChecked, Revocation::NotChecked));
}

#[tokio::test]
async fn links_have_the_exact_forms_and_the_app_goes_back_to_the_service() {
    let bench = Bench::start().await;
    for (decision, back) in [("sign", "shop://signed?order=1"), ("refuse", "shop://failed?order=1")] {
        let requested = bench.sign(&app_scheme()).await;
        let (tx_id, links) = (requested.tx_id.as_str(), requested.links.clone().expect("links"));
        let target = format!("toss-cert/v2/sign/doc?txId={tx_id}&_minVerAos=5.36.0&_minVerIos=5.10.0");
        assert_eq!(links.app_scheme, format!("supertoss://{target}"));
        assert_eq!(
            links.android_app_uri,
            format!("intent://{target}#Intent;scheme=supertoss;package=viva.republica.toss;end")
        );
        let scheme = url::Url::parse(&links.ios_app_uri).expect("URL");
        assert!(links.ios_app_uri.starts_with("https://ul.toss.im?scheme=supertoss%3A%2F%2Ftoss-cert%2Fv2"));
        let pairs: Vec<_> = scheme.query_pairs().into_owned().collect();
        assert_eq!(pairs, [("scheme".to_owned(), links.app_scheme.clone())]);
        assert_eq!(bench.decide(&requested.tx_id, decision).await, (303, back.to_owned()));
    }
}

#[tokio::test]
async fn a_person_asked_by_ci_gets_neither_ci_nor_di_back() {
    let bench = Bench::start().await;
    let ci = Person::ci(&"A".repeat(CI_CHARS)).expect("CI");
    let requested = bench.signed(&SignRequest { person: ci, ..push() }).await;
    let result = bench.result(&requested).await.expect("result");
    assert_eq!((&result.personal.ci, &result.personal.di), (&None, &None));
    assert_is_the_published_person(&result);
}

#[tokio::test]
async fn every_kind_of_document_is_signed_and_verified() {
    let bench = Bench::start().await;
    let pdf: [u8; 32] = Sha256::digest(b"%PDF-1.7").into();
    let rows = [
        (Document::Text(TEXT.into()), false, SignatureType::Pkcs7),
        (Document::Text(TEXT.into()), true, SignatureType::Pkcs7),
        (Document::Html("<p>동의</p>".into()), false, SignatureType::Pkcs7),
        (Document::Html("<p>동의</p>".into()), true, SignatureType::Pkcs7),
        (Document::PdfSha256(pdf), false, SignatureType::Pkcs7NoContentWithAttr),
        (Document::PdfSha256(pdf), true, SignatureType::Pkcs7NoContentWithAttr),
    ];
    for (document, encrypt_document, signature_type) in rows {
        let sign = SignRequest { document, encrypt_document, ..push() };
        let requested = bench.signed(&sign).await;
        let result = bench.result(&requested).await.expect("result");
        assert_eq!(result.signature_type, signature_type);
        assert_eq!(result.document.as_deref(), Some(&*sign.document.wire_text()), "{sign:?}");
        let verified = result.verify(&sign.document, &bench.side.trust, bench.now_s()).expect("verified");
        assert!(matches!(verified.chain, Chain::Trusted { .. }), "{sign:?}");
    }
}

#[tokio::test]
async fn a_document_in_the_answer_is_encrypted_where_the_request_said_so() {
    let bench = Bench::start().await;
    let requested = bench.signed(&SignRequest { encrypt_document: true, ..push() }).await;
    let (status, body) = bench.send_result(&requested, |_| {}).await;
    let success = &body["success"];
    assert_eq!((status, &success["docEncrypted"]), (200, &true.into()));
    assert!(success["doc"].as_str().expect("doc").starts_with("v1$"), "{success}");
    for (name, value) in success["personalData"].as_object().expect("personal data") {
        assert!(value.is_null() || value.as_str().is_some_and(|text| text.starts_with("v1$")), "{name}");
    }
    for name in ["randomValue", "userCiToken"] {
        assert!(success.get(name).is_some_and(serde_json::Value::is_null), "{name}");
    }
    assert!(body.get("error").is_none(), "successes have no error member");
    assert!(success["completedDt"].as_str().expect("time").ends_with("+09:00"));
}

#[tokio::test]
async fn an_approving_scenario_is_signed_without_the_app() {
    let bench = Bench::start().await;
    let requested = bench.sign(&scenario("approve:order-1")).await;
    assert_eq!(bench.status(&requested).await, StatusHint::Completed);
    let result = bench.result(&requested).await.expect("result");
    assert!(result.verify(&push().document, &bench.side.trust, bench.now_s()).is_ok());
}

#[tokio::test]
async fn a_pending_scenario_waits_for_the_person() {
    let bench = Bench::start().await;
    let requested = bench.sign(&scenario("pending")).await;
    assert_eq!(bench.status(&requested).await, StatusHint::InProgress);
    assert_eq!(bench.refusal(&requested).await.as_str(), "CE3102");
}

#[tokio::test]
async fn what_the_customer_says_of_the_person_does_not_come_back() {
    let bench = Bench::start().await;
    let requested = bench.signed(&push()).await;
    let result = bench.result(&requested).await.expect("result");
    assert_is_the_published_person(&result);
    let der = String::from_utf8_lossy(&result.signed_doc).into_owned();
    assert!(!der.contains(NAME) && !der.contains(PHONE));
}
