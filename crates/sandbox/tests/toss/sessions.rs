//! The session encryption, seen from the vendor's side.

use crate::bench::{Bench, fail_code, push, random};
use idv_edge::toss::{ResultReads, SignRequest};
use serde_json::Value;

/// The session key that the request for a signature carried, of a transaction that is signed.
async fn signed_with_key(bench: &Bench) -> (idv_edge::toss::Requested, String) {
    let token = bench.token().await;
    let request = bench.client().sign_request(&token, &push(), &random()).expect("request");
    let body: Value = serde_json::from_slice(&request.body).expect("JSON");
    let key = body["sessionKey"].as_str().expect("key").to_owned();
    let answer = bench.send(request).await;
    let requested = bench.client().read_requested(&answer, &push().trigger).expect("requested");
    assert_eq!(bench.decide(&requested.tx_id, "sign").await.0, 303);
    (requested, key)
}

#[tokio::test]
async fn the_session_of_the_request_does_not_open_the_result() {
    let bench = Bench::start().await;
    let (requested, key) = signed_with_key(&bench).await;
    let answer = bench.send_result(&requested, |body| body["sessionKey"] = key.clone().into()).await;
    assert_eq!((answer.0, fail_code(&answer)), (400, "CE9003"));
    assert!(bench.result(&requested).await.is_ok() && bench.result(&requested).await.is_ok(), "not counted");
}

#[tokio::test]
async fn a_session_serves_one_request_whatever_key_comes_with_its_id() {
    let bench = Bench::start().await;
    let (requested, used) = signed_with_key(&bench).await;
    let id = used.split('$').nth(1).expect("id").to_owned();
    let answer = bench
        .send_result(&requested, |body| {
            let own = body["sessionKey"].as_str().expect("key").to_owned();
            let fresh = own.rsplit('$').next().expect("key").to_owned();
            body["sessionKey"] = format!("v1${id}${fresh}").into();
        })
        .await;
    assert_eq!(fail_code(&answer), "CE9003");

    let first = std::sync::Mutex::new(String::new());
    let (status, _) = bench
        .send_result(&requested, |body| {
            *first.lock().expect("key") = body["sessionKey"].as_str().expect("key").to_owned();
        })
        .await;
    assert_eq!(status, 200);
    let first = first.into_inner().expect("key");
    let answer = bench.send_result(&requested, |body| body["sessionKey"] = first.into()).await;
    assert_eq!(fail_code(&answer), "CE9003", "nor may the second read use the first one's");

    let answer = bench.send_changed(&push(), |body| body["sessionKey"] = used.into()).await;
    assert_eq!(fail_code(&answer), "CE9003", "nor another request the first one's");
}

#[tokio::test]
async fn the_answer_carries_version_and_id_of_the_results_session() {
    let bench = Bench::start().await;
    for version in ["v1", "v1_0.0.14"] {
        let requested = bench.signed(&SignRequest { encrypt_document: true, ..push() }).await;
        let id = std::sync::Mutex::new(String::new());
        let (status, body) = bench
            .send_result(&requested, |body| {
                let key = body["sessionKey"].as_str().expect("key").to_owned();
                *id.lock().expect("id") = key.split('$').nth(1).expect("id").to_owned();
                body["sessionKey"] = key.replacen("v1$", &format!("{version}$"), 1).into();
            })
            .await;
        assert_eq!(status, 200, "{body}");
        let prefix = format!("{version}${}$", id.into_inner().expect("id"));
        let personal = &body["success"]["personalData"];
        let fields = ["ci", "di", "name", "birthday", "gender", "nationality"].map(|name| &personal[name]);
        for field in fields.into_iter().chain([&body["success"]["doc"]]) {
            assert!(field.as_str().expect("field").starts_with(&prefix), "{version} {field}");
        }
    }
}

#[tokio::test]
async fn a_request_with_the_java_sdks_version_is_taken() {
    let bench = Bench::start().await;
    let (status, body) = bench
        .send_changed(&push(), |body| {
            for name in ["sessionKey", "userName", "userPhone", "userBirthday"] {
                let field = body[name].as_str().expect("field").replacen("v1$", "v1_0.0.14$", 1);
                body[name] = field.into();
            }
        })
        .await;
    assert_eq!(status, 200, "{body}");
}

#[tokio::test]
async fn what_cannot_be_opened_is_refused_by_name() {
    let bench = Bench::start().await;
    let other_id = "00000000-0000-4000-8000-000000000000";
    type Change = fn(&str) -> String;
    let rows: [(&str, Change); 6] = [
        ("sessionKey", |key| key.replacen("v1$", "v2$", 1)),
        ("sessionKey", |key| format!("{key}$00")),
        ("sessionKey", |key| key[..key.len() - 8].to_owned()),
        ("userName", |_| "홍길동".to_owned()),
        ("userPhone", |field| field.replacen('$', "$0", 1)),
        ("userBirthday", |field| {
            let at = field.rfind('$').expect("parts") + 1;
            let swapped = if field[at..].starts_with('A') { "B" } else { "A" };
            format!("{}{swapped}{}", &field[..at], &field[at + 1..])
        }),
    ];
    for (name, change) in rows {
        let answer = bench
            .send_changed(&push(), |body| body[name] = change(body[name].as_str().expect("text")).into())
            .await;
        assert_eq!((answer.0, fail_code(&answer)), (400, "CE9002"), "{name}");
        assert!(answer.1["error"]["reason"].as_str().expect("reason").starts_with(name));
    }
    let encrypted = SignRequest { encrypt_document: true, ..push() };
    let answer = bench
        .send_changed(&encrypted, |body| {
            let doc = body["doc"].as_str().expect("doc");
            let sealed = doc.rsplit('$').next().expect("parts");
            body["doc"] = format!("v1${other_id}${sealed}").into();
        })
        .await;
    assert_eq!(fail_code(&answer), "CE9002");
}

#[tokio::test]
async fn the_client_makes_another_session_for_each_read() {
    let bench = Bench::start().await;
    let requested = bench.signed(&push()).await;
    let token = bench.token().await;
    let ids = [(); 2].map(|()| {
        let permit = ResultReads::new(&requested, None).permit(0).expect("permit");
        let (request, _) = bench.client().result_request(&token, permit, &random()).expect("request");
        let body: Value = serde_json::from_slice(&request.body).expect("JSON");
        body["sessionKey"].as_str().expect("key").split('$').nth(1).expect("id").to_owned()
    });
    assert_ne!(ids[0], ids[1]);
}
