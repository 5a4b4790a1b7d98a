//! Tests of the runners against a server on this machine.

use super::*;
use crate::argos::{self, SubmissionId, SubmissionQuery};
use crate::error::ErrorKind;
use crate::keys::SigningKey;
use crate::tomo::{Client, ResultRequest, StartRequest};
use std::sync::{Arc, Mutex};
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

#[cfg(feature = "toss-issuing")]
#[path = "toss_tests.rs"]
mod toss;

/// What the server does with a request: answers (status, further header lines, body), or hangs up.
enum Reply {
    Answer(u16, &'static str, String),
    HangUp,
}

/// Request lines and whole requests that arrived, in order.
type Seen = Arc<Mutex<Vec<String>>>;

/// A server that answers each request by `reply` (number of the request from 0, the request), one a
/// connection.
async fn serve(reply: impl Fn(usize, &str) -> Reply + Send + Sync + 'static) -> (String, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let origin = format!("http://{}", listener.local_addr().expect("address"));
    let seen = Seen::default();
    let (log, reply) = (seen.clone(), Arc::new(reply));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (log, reply) = (log.clone(), reply.clone());
            tokio::spawn(async move {
                let mut request = Vec::new();
                let mut chunk = [0; 4096];
                while !is_whole(&request) {
                    let read = stream.read(&mut chunk).await.unwrap_or(0);
                    if read == 0 {
                        return;
                    }
                    request.extend_from_slice(&chunk[..read]);
                }
                let text = String::from_utf8_lossy(&request).into_owned();
                let number = {
                    let mut log = log.lock().expect("log");
                    log.push(text.clone());
                    log.len() - 1
                };
                // Long enough that concurrent callers are all waiting.
                tokio::time::sleep(Duration::from_millis(30)).await;
                if let Reply::Answer(status, headers, body) = reply(number, &text) {
                    let head = format!(
                        "HTTP/1.1 {status} x\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n",
                        body.len()
                    );
                    let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
                }
            });
        }
    });
    (origin, seen)
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:").map(str::to_owned))
        .and_then(|value| value.trim().parse::<usize>().ok());
    body.len() >= length.unwrap_or(0)
}

fn params() -> RunnerParams {
    RunnerParams {
        retry: RetryPolicy { first_wait_ms: 1, max_wait_ms: 2_000, ..RetryPolicy::default() },
        ..RunnerParams::default()
    }
}

fn tomo(origin: &str) -> Runner {
    let key = SigningKey::from_random(&[3; 32]).expect("key");
    Runner::new(Client::new(origin, "client-1", key).expect("client"), &params()).expect("runner")
}

fn argos_runner(origin: &str) -> ArgosRunner {
    let environment = argos::Environment::own(origin).expect("loopback");
    let key = argos::ApiKey::new("geheim").expect("key");
    ArgosRunner::new(argos::Client::new(&environment, key).expect("client"), &params()).expect("runner")
}

fn query() -> ResultRequest {
    ResultRequest { user_id: "u1".into(), country: None, policy: None }
}

fn ok(body: &str) -> Reply {
    Reply::Answer(200, "", body.to_owned())
}

fn token(name: &str) -> Reply {
    ok(&format!(r#"{{"access_token":"{name}","token_type":"Bearer","expires_in":600}}"#))
}

fn count(seen: &Seen, path: &str) -> usize {
    seen.lock().expect("log").iter().filter(|request| request.contains(path)).count()
}

#[tokio::test]
async fn twenty_callers_at_once_ask_for_one_token() {
    let (origin, seen) =
        serve(|_, request| if request.contains("/oauth2/token") { token("t1") } else { ok("{}") }).await;
    let runner = tomo(&origin);
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let runner = runner.clone();
            tokio::spawn(async move { runner.result(&query()).await })
        })
        .collect();
    for call in calls {
        call.await.expect("joined").expect("result");
    }
    assert_eq!((count(&seen, "/oauth2/token"), count(&seen, "/v1/idv/result")), (1, 20));
}

#[tokio::test]
async fn twenty_callers_whose_token_died_ask_for_one_new_token() {
    let tokens = Arc::new(Mutex::new(0));
    let (origin, seen) = serve(move |_, request| {
        if request.contains("/oauth2/token") {
            let mut tokens = tokens.lock().expect("count");
            *tokens += 1;
            token(&format!("t{tokens}"))
        } else if request.contains("Bearer t1") {
            Reply::Answer(401, "", r#"{"error":"invalid_token"}"#.into())
        } else {
            ok("{}")
        }
    })
    .await;
    let runner = tomo(&origin);
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let runner = runner.clone();
            tokio::spawn(async move { runner.result(&query()).await })
        })
        .collect();
    for call in calls {
        call.await.expect("joined").expect("result");
    }
    assert_eq!(count(&seen, "/oauth2/token"), 2);
}

#[tokio::test]
async fn a_lost_answer_to_a_read_is_asked_for_again_with_a_fresh_assertion() {
    let (origin, seen) = serve(|number, request| match number {
        0 | 2 => Reply::HangUp,
        _ if request.contains("/oauth2/token") => token("t1"),
        _ => ok("{}"),
    })
    .await;
    tomo(&origin).result(&query()).await.expect("result");
    assert_eq!((count(&seen, "/oauth2/token"), count(&seen, "/v1/idv/result")), (2, 2));
    let seen = seen.lock().expect("log");
    let assertion = |request: &str| request.split("client_assertion=").nth(1).map(str::to_owned);
    assert_ne!(assertion(&seen[0]), assertion(&seen[1]), "its jti may be used once");
}

#[tokio::test]
async fn a_start_whose_answer_was_lost_is_not_sent_twice() {
    let (origin, seen) =
        serve(|_, request| if request.contains("/oauth2/token") { token("t1") } else { Reply::HangUp }).await;
    let error = tomo(&origin).start(&StartRequest::default()).await.expect_err("lost");
    assert_eq!((error.kind(), count(&seen, "/v1/idv/start")), (ErrorKind::NetworkLost, 1));
}

#[tokio::test]
async fn a_start_that_is_refused_for_now_tells_how_long_to_wait() {
    let (origin, seen) = serve(|_, request| {
        if request.contains("/oauth2/token") {
            token("t1")
        } else {
            Reply::Answer(429, "retry-after: 7\r\n", String::new())
        }
    })
    .await;
    let error = tomo(&origin).start(&StartRequest::default()).await.expect_err("refused");
    assert_eq!((error.status(), error.retry_after_s()), (Some(429), Some(7)));
    assert_eq!(count(&seen, "/v1/idv/start"), 1);
}

#[tokio::test]
async fn retry_after_is_waited_for_before_a_read_is_repeated() {
    let (origin, seen) = serve(|number, _| match number {
        0 => Reply::Answer(503, "retry-after: 1\r\n", String::new()),
        _ => ok(r#"{"Items":[]}"#),
    })
    .await;
    let began = Instant::now();
    argos_runner(&origin).list(&SubmissionQuery::default()).await.expect("page");
    assert!(began.elapsed() >= Duration::from_secs(1));
    assert_eq!(count(&seen, "GET /submission"), 2);
}

#[tokio::test]
async fn a_wait_longer_than_allowed_goes_to_the_caller() {
    let (origin, seen) = serve(|_, _| Reply::Answer(503, "retry-after: 3600\r\n", String::new())).await;
    let error = argos_runner(&origin).list(&SubmissionQuery::default()).await.expect_err("refused");
    assert_eq!((error.status(), error.retry_after_s(), count(&seen, "GET ")), (Some(503), Some(3600), 1));
}

#[tokio::test]
async fn a_request_that_never_left_is_tried_three_times() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let origin = format!("http://{}", listener.local_addr().expect("address"));
    drop(listener);
    let id = SubmissionId::new("s1").expect("id");
    let slow = RunnerParams {
        retry: RetryPolicy { first_wait_ms: 100, ..RetryPolicy::default() },
        ..RunnerParams::default()
    };
    let environment = argos::Environment::own(&origin).expect("loopback");
    let client =
        argos::Client::new(&environment, argos::ApiKey::new("geheim").expect("key")).expect("client");
    let began = Instant::now();
    let error = ArgosRunner::new(client, &slow).expect("runner").delete(&id).await.expect_err("nobody there");
    assert_eq!(error.kind(), ErrorKind::NetworkLost);
    assert!(began.elapsed() >= Duration::from_millis(300), "100 ms, then 200 ms");
}

#[tokio::test]
async fn an_argos_deletion_carries_the_key_and_is_sent_once() {
    let (origin, seen) = serve(|_, _| Reply::HangUp).await;
    let id = SubmissionId::new("s1").expect("id");
    let error = argos_runner(&origin).delete(&id).await.expect_err("lost");
    assert!(!format!("{error} {error:?}").contains("geheim"));
    let seen = seen.lock().expect("log");
    assert_eq!(seen.len(), 1);
    assert!(seen[0].starts_with("DELETE /submission?submission_id=s1 "), "{}", seen[0]);
    assert!(seen[0].contains("x-api-key: geheim"));
}

#[tokio::test]
async fn an_answer_over_its_limit_is_not_read_to_the_end() {
    let (origin, _) =
        serve(
            |_, request| {
                if request.contains("/oauth2/token") { token("t1") } else { ok(&" ".repeat(1024 * 1024 + 1)) }
            },
        )
        .await;
    let error = tomo(&origin).result(&query()).await.expect_err("large");
    assert_eq!(error.kind(), ErrorKind::ResponseTooLarge);
}

#[tokio::test]
async fn health_is_asked_without_a_token() {
    let (origin, seen) = serve(|_, _| ok(r#""ok""#)).await;
    assert_eq!(tomo(&origin).health().await.expect("health"), "ok");
    assert_eq!((count(&seen, "GET /v1/idv/health "), count(&seen, "authorization")), (1, 0));
}
