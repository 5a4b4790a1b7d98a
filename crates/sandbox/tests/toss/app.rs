//! The stand-in of the Toss app, and what Toss publishes.

use crate::bench::{Bench, app_scheme, push};
use idv_edge::toss::signed_doc::{Chain, Revocation, Trust};
use idv_edge::toss::{Document, SignRequest, TossPublicKey};

#[tokio::test]
async fn the_page_speaks_korean_and_english() {
    let bench = Bench::start().await;
    let path = format!("/toss/app?txId={}", bench.sign(&push()).await.tx_id.as_str());
    for (path, language, tag, word) in [
        (path.clone(), "ko-KR,ko;q=0.9", "ko", "서명하기"),
        (path.clone(), "en-GB", "en", ">Sign<"),
        (path.clone(), "fr", "en", ">Refuse<"),
        (format!("{path}&lang=en"), "ko", "en", ">Sign<"),
    ] {
        let (status, page) = bench.page(&path, language).await;
        assert_eq!(status, 200);
        assert!(
            page.contains(&format!("<html lang=\"{tag}\">")) && page.contains(word),
            "{language}: {page}"
        );
        assert!(!page.contains("<script"), "no script");
    }
}

#[tokio::test]
async fn the_page_is_never_stored_and_runs_no_script() {
    let bench = Bench::start().await;
    let tx_id = bench.sign(&app_scheme()).await.tx_id;
    let url = bench.sandbox.url(&format!("/toss/app?txId={}", tx_id.as_str()));
    let response = bench.sandbox.http.get(url).send().await.expect("an answer");
    assert_eq!(response.headers()["cache-control"], "no-store");
    let policy = response.headers()["content-security-policy"].to_str().expect("policy");
    assert!(policy.starts_with("default-src 'none';") && !policy.contains("script-src"), "{policy}");
    assert!(policy.ends_with("form-action 'self' shop:"), "the callbacks' scheme only: {policy}");
}

#[tokio::test]
async fn a_document_of_html_is_shown_in_a_frame_that_may_do_nothing() {
    let bench = Bench::start().await;
    let document = Document::Html("<script>alert(1)</script>\"'".into());
    let tx_id = bench.sign(&SignRequest { document, ..push() }).await.tx_id;
    let (_, page) = bench.page(&format!("/toss/app?txId={}", tx_id.as_str()), "en").await;
    assert!(
        page.contains("<iframe sandbox srcdoc=\"&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;\""),
        "{page}"
    );
}

#[tokio::test]
async fn a_decided_request_is_shown_as_such_and_not_decided_again() {
    let bench = Bench::start().await;
    let tx_id = bench.sign(&app_scheme()).await.tx_id;
    let path = format!("/toss/app?txId={}", tx_id.as_str());
    assert_eq!(bench.decide(&tx_id, "sign").await.0, 303);
    assert_eq!(bench.decide(&tx_id, "refuse").await.0, 409);
    let (_, page) = bench.page(&path, "en").await;
    assert!(page.contains("You have signed") && page.contains("href=\"shop://signed?order=1\""), "{page}");
    assert!(!page.contains("name=\"decision\""));
}

#[tokio::test]
async fn malformed_and_unknown_decisions_change_nothing() {
    let bench = Bench::start().await;
    let tx_id = bench.sign(&push()).await.tx_id;
    assert_eq!(bench.decide(&tx_id, "perhaps").await.0, 400);
    let other = idv_edge::toss::TxId::parse("nobody").expect("id");
    assert_eq!(bench.decide(&other, "sign").await.0, 404);
    assert_eq!(bench.page("/toss/app?txId=nobody", "en").await.0, 404);
    assert_eq!(bench.page("/toss/app", "en").await.0, 404);
    assert_eq!(bench.decide(&tx_id, "sign").await.0, 303);
}

#[tokio::test]
async fn key_certificates_and_revocation_list_are_published() {
    let bench = Bench::start().await;
    let file = |path: &'static str| {
        let request = bench.sandbox.http.get(bench.sandbox.url(path));
        async move { request.send().await.expect("an answer").bytes().await.expect("file").to_vec() }
    };
    let key = TossPublicKey::read(&file("/toss/public-key.pem").await).expect("RSA-4096");
    assert_eq!(key, bench.sandbox.running.vendors.toss.public_key().await.expect("key"));
    assert!(!key.is_of_production());
    let trust = Trust::with_root(&file("/toss/ca/root.pem").await).expect("root");
    let trust = trust.and_intermediate(&file("/toss/ca/issuing.pem").await).expect("authority");
    let trust = trust.and_revocation_list(&file("/toss/ca/revoked.crl").await).expect("list");

    let requested = bench.signed(&push()).await;
    let result = bench.result(&requested).await.expect("result");
    let verified = result.verify(&push().document, &trust, bench.now_s()).expect("verified");
    assert!(matches!(verified.chain, Chain::Trusted { .. }));
    assert_eq!(verified.revocation, Revocation::NotListed { list_of_s: bench.now_s() });
    // A modulus is a DER INTEGER, a signature a BIT STRING, each with a leading zero before 4096 or 2048
    // bits.
    let has = |der: &[u8], part: &[u8]| der.windows(part.len()).any(|window| window == part);
    let (modulus_4096, signature_4096) = ([2, 0x82, 2, 1, 0], [3, 0x82, 2, 1, 0]);
    let certificates = bench.sandbox.running.vendors.toss.published().await.expect("certificates");
    for authority in [&certificates.root_der, &certificates.issuing_der] {
        assert!(has(authority, &modulus_4096) && has(authority, &signature_4096));
    }
    let (der, modulus_2048) = (&result.signed_doc, [2, 0x82, 1, 1, 0]);
    assert!(has(der, &modulus_2048) && has(der, &signature_4096) && !has(der, &modulus_4096));
    let url = &verified.signer.revocation_list_urls[0];
    assert_eq!(*url, bench.sandbox.url("/toss/ca/revoked.crl"));
}
