//! TomoIDV: no result before the end of a verification, links that open once, deleted people that stay deleted.

use crate::holds;
use crate::support::{TestSandbox, answer, query};
use proptest::prelude::*;
use serde_json::{Value, json};

const PEOPLE: usize = 3;
const MINUTE_MS: u64 = 60_000;

#[derive(Clone, Debug)]
enum Call {
    Start { person: usize },
    Open(prop::sample::Index),
    Consent(prop::sample::Index),
    Complete(prop::sample::Index),
    Cancel(prop::sample::Index),
    Result { person: usize },
    Delete { person: usize },
    Pass { minutes: u64 },
}

fn call() -> impl Strategy<Value = Call> {
    let any = any::<prop::sample::Index>;
    prop_oneof![
        3 => (0..PEOPLE).prop_map(|person| Call::Start { person }),
        4 => any().prop_map(Call::Open),
        2 => any().prop_map(Call::Consent),
        1 => any().prop_map(Call::Complete),
        2 => any().prop_map(Call::Cancel),
        5 => (0..PEOPLE).prop_map(|person| Call::Result { person }),
        2 => (0..PEOPLE).prop_map(|person| Call::Delete { person }),
        1 => (0..50_u64).prop_map(|minutes| Call::Pass { minutes }),
    ]
}

struct Verification {
    person: usize,
    token: String,
    session_token: Option<String>,
    ended: bool,
    expires_at_ms: u64,
    deleted: bool,
}

/// Life of a start link and of a session, as the README of the sandbox states them.
const LINK_LIFE_MS: u64 = 15 * MINUTE_MS;
const SESSION_LIFE_MS: u64 = 30 * MINUTE_MS;

/// A call of the customer's server by the sandbox's clock.
async fn called(sandbox: &TestSandbox, path: &str, body: &Value) -> Value {
    let token = sandbox.access_token().await;
    let request = sandbox.http.post(sandbox.url(path)).bearer_auth(token).header("Tomo-API-Version", "1.4");
    let (status, body) = answer(request.json(body)).await;
    assert_eq!(status, 200, "{body}");
    body
}

/// A call of the page.
async fn send(sandbox: &TestSandbox, one: &Verification, path: &str, body: &Value) -> (u16, Value) {
    let token = one.session_token.as_deref().unwrap_or("nobody");
    let url = sandbox.url(&format!("/relay/v1{path}"));
    answer(sandbox.http.post(url).bearer_auth(token).json(body)).await
}

async fn play(calls: Vec<Call>) -> Result<(), TestCaseError> {
    let sandbox = TestSandbox::start().await;
    let mut all: Vec<Verification> = Vec::new();
    for call in calls {
        let now_ms = sandbox.now_ms();
        match call {
            Call::Start { person } => {
                let body = json!({ "user_id": format!("person-{person}"), "country": "unknown" });
                let started = called(&sandbox, "/v1/idv/start", &body).await;
                let url = started["start_idv_uri"].as_str().and_then(|url| url.parse().ok()).expect("a URL");
                all.push(Verification {
                    person,
                    token: query(&url, "token"),
                    session_token: None,
                    ended: false,
                    expires_at_ms: now_ms + LINK_LIFE_MS,
                    deleted: false,
                });
            }
            Call::Pass { minutes } => sandbox.pass_ms(minutes * MINUTE_MS),
            Call::Result { person } => {
                let body = json!({ "user_id": format!("person-{person}") });
                let result = called(&sandbox, "/v1/idv/result", &body).await;
                let told = result["results"].as_array().map_or(1, Vec::len);
                let ended = all
                    .iter()
                    .filter(|one| one.person == person && !one.deleted)
                    .filter(|one| one.ended || now_ms >= one.expires_at_ms)
                    .count();
                // Of one policy the last verification counts.
                prop_assert_eq!(
                    told,
                    ended.min(1),
                    "results before completion, or lost, or back from deletion"
                );
            }
            Call::Delete { person } => {
                let body = json!({ "user_id": format!("person-{person}") });
                if called(&sandbox, "/v1/idv/result/delete", &body).await["status"] == "deleted" {
                    all.iter_mut().filter(|one| one.person == person).for_each(|one| one.deleted = true);
                }
            }
            _ if all.is_empty() => {}
            Call::Open(of) => {
                let one = of.get_mut(&mut all);
                let (status, body) = sandbox.exchange(&one.token).await;
                if status == 200 {
                    prop_assert!(one.session_token.is_none(), "a link opened twice");
                    prop_assert!(
                        !one.ended && !one.deleted && now_ms < one.expires_at_ms,
                        "a dead link opened"
                    );
                    one.session_token = body["session_token"].as_str().map(str::to_owned);
                    one.expires_at_ms = now_ms + SESSION_LIFE_MS;
                }
            }
            Call::Consent(of) => {
                let one = of.get(&all);
                let record = json!({ "version": "sandbox-1", "locale": "en", "given_at_ms": now_ms });
                let (status, body) = send(&sandbox, one, "/consent", &record).await;
                let open =
                    one.session_token.is_some() && !one.ended && !one.deleted && now_ms < one.expires_at_ms;
                prop_assert_eq!(status == 204, open, "{}", body);
            }
            Call::Complete(of) => {
                // Nothing was captured: whatever is claimed, it is refused.
                let one = of.get(&all);
                let (status, _) = send(&sandbox, one, "/complete", &json!({})).await;
                prop_assert!((400..500).contains(&status), "{status}");
            }
            Call::Cancel(of) => {
                let one = of.get_mut(&mut all);
                let (status, _) = send(&sandbox, one, "/cancel", &json!({ "reason": "user_canceled" })).await;
                if status == 200 {
                    prop_assert!(one.session_token.is_some() && !one.deleted, "a session that is not there");
                    one.ended = true;
                }
            }
        }
    }
    Ok(())
}

#[test]
fn whatever_is_called_nobody_has_a_result_before_the_end_or_after_deletion() {
    holds(call(), play);
}
