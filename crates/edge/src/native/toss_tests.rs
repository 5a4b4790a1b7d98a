//! The runner of Toss against a server on this machine.

use super::*;
use crate::toss::fixture::toss_key;
use crate::toss::{
    Client, Document, Environment, FailCode, Hosts, Person, Requested, ResultReads, SignRequest, StatusHint,
    Timestamp, TossPublicKey, Trigger, TxId,
};
use zeroize::Zeroizing;

const TX: &str = "60940525-9a59-47db-b0eb-4f029b9faf1e";

fn runner(origin: &str) -> TossRunner {
    let key = TossPublicKey::read(&toss_key().public_key_der().expect("der")).expect("key");
    let secret = Zeroizing::new("test_geheim".to_owned());
    let client = Client::new(Environment::Sandbox, "test_client", secret, key)
        .and_then(|client| client.at(Hosts::new(origin, origin)?))
        .expect("client");
    TossRunner::new(client, &params()).expect("runner")
}

fn sign() -> SignRequest {
    SignRequest {
        person: Person::personal("김토스", "01000000000", "19930324").expect("person"),
        trigger: Trigger::Push,
        service_name: "s".into(),
        doc_title: "t".into(),
        document: Document::Text("d".into()),
        encrypt_document: false,
        expire_s: None,
    }
}

fn tx() -> TxId {
    TxId::parse(TX).expect("id")
}

fn reads() -> ResultReads {
    let requested_at = Timestamp::from_unix_s(2_000_000_000).expect("time");
    ResultReads::new(&Requested { tx_id: tx(), links: None, requested_at }, None)
}

fn toss_token(name: &str, expires_in: u64) -> Reply {
    ok(&format!(
        r#"{{"access_token":"{name}","scope":"ca","token_type":"Bearer","expires_in":{expires_in}}}"#
    ))
}

fn success() -> Reply {
    ok(&format!(
        r#"{{"resultType":"SUCCESS","success":{{"txId":"{TX}","status":"REQUESTED","appScheme":null,
            "androidAppUri":null,"iosAppUri":null,"requestedDt":"2026-03-13T17:52:22+09:00"}}}}"#
    ))
}

fn fail(status: u16, code: &str) -> Reply {
    let body = format!(
        r#"{{"resultType":"FAIL","error":{{"errorType":0,"errorCode":"{code}","reason":"r","data":{{}},"title":null}},
            "success":null}}"#
    );
    Reply::Answer(status, "", body)
}

fn is_token(request: &str) -> bool {
    request.starts_with("POST /token ")
}

#[tokio::test]
async fn twenty_calls_at_once_and_later_ones_share_one_token() {
    let year = 31_536_000;
    let (origin, seen) =
        serve(move |_, request| if is_token(request) { toss_token("t1", year) } else { success() }).await;
    let runner = runner(&origin);
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let runner = runner.clone();
            tokio::spawn(async move { runner.status(&tx()).await })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.expect("joined").expect("status"), StatusHint::Requested);
    }
    runner.sign(&sign()).await.expect("requested");
    assert_eq!((count(&seen, "POST /token "), count(&seen, "/sign/doc/status")), (1, 20));
    let seen = seen.lock().expect("log");
    let body = seen.iter().find(|request| is_token(request)).expect("the token's request");
    for part in ["grant_type=client_credentials", "client_id=test_client", "scope=ca"] {
        assert!(body.contains(part), "{part}");
    }
}

#[tokio::test]
async fn a_refused_token_is_replaced_once_and_the_call_made_with_another_session() {
    for status in [401, 400] {
        let tokens = Arc::new(Mutex::new(0));
        let (origin, seen) = serve(move |_, request| {
            if is_token(request) {
                let mut tokens = tokens.lock().expect("count");
                *tokens += 1;
                toss_token(&format!("t{tokens}"), 600)
            } else if request.contains("Bearer t1") {
                fail(status, "CE1000")
            } else {
                success()
            }
        })
        .await;
        runner(&origin).sign(&sign()).await.expect("requested");
        assert_eq!((count(&seen, "POST /token "), count(&seen, "/sign/doc/request")), (2, 2));
        let seen = seen.lock().expect("log");
        let keys: Vec<_> = seen
            .iter()
            .filter_map(|request| request.split(r#""sessionKey":""#).nth(1)?.split('$').nth(1))
            .collect();
        assert_eq!(keys.len(), 2);
        assert_ne!(keys[0], keys[1]);
    }
}

#[tokio::test]
async fn a_token_that_is_refused_again_goes_to_the_caller() {
    let (origin, seen) =
        serve(|_, request| if is_token(request) { toss_token("t1", 600) } else { fail(401, "CE1000") }).await;
    let runner = runner(&origin);
    let error = runner.status(&tx()).await.expect_err("refused");
    assert_eq!(FailCode::of(&error), Some(FailCode::TokenInvalid));
    assert_eq!((count(&seen, "POST /token "), count(&seen, "/sign/doc/status")), (2, 2));
    let permit = reads().permit(0).expect("permit");
    let error = runner.result(permit).await.expect_err("refused");
    assert_eq!(FailCode::of(&error), Some(FailCode::TokenInvalid));
    assert_eq!(count(&seen, "/sign/doc/result"), 2);
}

#[tokio::test]
async fn a_token_near_its_end_serves_while_no_other_comes() {
    let (origin, seen) = serve(|number, request| match number {
        0 => toss_token("t1", 4),
        _ if is_token(request) => Reply::Answer(500, "", String::new()),
        _ => success(),
    })
    .await;
    let runner = runner(&origin);
    runner.status(&tx()).await.expect("with a fresh token");
    tokio::time::sleep(Duration::from_millis(2_050)).await;
    runner.status(&tx()).await.expect("with the one that still serves");
    assert_eq!((count(&seen, "POST /token "), count(&seen, "Bearer t1")), (2, 2));
}

#[tokio::test]
async fn a_failure_is_read_from_its_envelope_whatever_the_status() {
    for status in [200, 400, 404] {
        let (origin, _) =
            serve(
                move |_, request| {
                    if is_token(request) { toss_token("t1", 600) } else { fail(status, "CE3102") }
                },
            )
            .await;
        let error = runner(&origin).result(reads().permit(0).expect("permit")).await.expect_err("refused");
        assert_eq!((error.status(), FailCode::of(&error)), (Some(status), Some(FailCode::NotCompleted)));
    }
}

#[tokio::test]
async fn a_status_is_asked_for_again_after_the_wait_that_was_asked_for() {
    let (origin, seen) = serve(|number, request| match number {
        _ if is_token(request) => toss_token("t1", 600),
        1 => Reply::Answer(503, "retry-after: 1\r\n", String::new()),
        2 => Reply::HangUp,
        _ => success(),
    })
    .await;
    let began = Instant::now();
    runner(&origin).status(&tx()).await.expect("status");
    assert!(began.elapsed() >= Duration::from_secs(1));
    assert_eq!(count(&seen, "/sign/doc/status"), 3);
}

#[tokio::test]
async fn a_request_or_a_result_whose_answer_was_lost_is_not_sent_twice() {
    let (origin, seen) =
        serve(|_, request| if is_token(request) { toss_token("t1", 600) } else { Reply::HangUp }).await;
    let runner = runner(&origin);
    let error = runner.sign(&sign()).await.expect_err("lost");
    assert_eq!(error.kind(), ErrorKind::NetworkLost);
    let error = runner.result(reads().permit(0).expect("permit")).await.expect_err("lost");
    assert_eq!(error.kind(), ErrorKind::NetworkLost);
    assert_eq!((count(&seen, "/sign/doc/request"), count(&seen, "/sign/doc/result")), (1, 1));
}

#[tokio::test]
async fn a_request_that_is_refused_for_now_tells_how_long_to_wait() {
    let (origin, seen) = serve(|_, request| match is_token(request) {
        true => toss_token("t1", 600),
        false => Reply::Answer(503, "retry-after: 7\r\n", String::new()),
    })
    .await;
    let error = runner(&origin).sign(&sign()).await.expect_err("refused");
    assert_eq!((error.status(), error.retry_after_s()), (Some(503), Some(7)));
    assert_eq!(count(&seen, "/sign/doc/request"), 1);
}

#[tokio::test]
async fn neither_secret_nor_token_is_shown() {
    let (origin, _) = serve(|_, _| Reply::Answer(401, "", String::new())).await;
    let runner = runner(&origin);
    let error = runner.sign(&sign()).await.expect_err("refused");
    assert!(!format!("{error} {error:?} {runner:?}").contains("geheim"));
}
