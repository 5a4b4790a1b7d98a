//! Argos: never more than three tries, no change after the end, and what is deleted stays deleted.

use crate::holds;
use crate::support::{TestSandbox, answer, jpeg};
use idv_edge::argos::{ApiKey, Client, Environment, KycStatus, SubmissionId};
use idv_edge::native::{ArgosRunner, RunnerParams};
use proptest::prelude::*;
use serde_json::Value;

const HOUR_MS: u64 = 3_600_000;
/// Tries in all, from the contract.
const TRIES: u64 = 3;
/// Time after step1 in which step2 is taken, from the contract.
const STEP2_WITHIN_MS: u64 = 24 * HOUR_MS;

#[derive(Clone, Debug)]
enum Call {
    Step1 { scenario: &'static str },
    Step1Again(prop::sample::Index),
    Step2(prop::sample::Index),
    Read(prop::sample::Index),
    Image(prop::sample::Index),
    Delete(prop::sample::Index),
    List,
    Pass { hours: u64 },
}

fn call() -> impl Strategy<Value = Call> {
    let any = any::<prop::sample::Index>;
    let scenario = prop::sample::select(vec!["approve", "reject", "pending", "retry", "retry"]);
    prop_oneof![
        3 => scenario.prop_map(|scenario| Call::Step1 { scenario }),
        2 => any().prop_map(Call::Step1Again),
        6 => any().prop_map(Call::Step2),
        3 => any().prop_map(Call::Read),
        1 => any().prop_map(Call::Image),
        2 => any().prop_map(Call::Delete),
        2 => Just(Call::List),
        1 => (0..30_u64).prop_map(|hours| Call::Pass { hours }),
    ]
}

struct Submission {
    id: String,
    email: String,
    userid: String,
    begun_at_ms: u64,
    tries: u64,
    ended: bool,
    deleted: bool,
}

struct Argos {
    sandbox: TestSandbox,
    runner: ArgosRunner,
}

impl Argos {
    async fn start() -> Self {
        let sandbox = TestSandbox::start().await;
        let access = &sandbox.running.argos;
        let environment = Environment::own(&access.base_url).expect("loopback");
        let client = Client::new(&environment, ApiKey::new(&*access.api_key).expect("key")).expect("client");
        let runner = ArgosRunner::new(client, &RunnerParams::default()).expect("runner");
        Self { sandbox, runner }
    }

    fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let access = &self.sandbox.running.argos;
        let url = format!("{}{path}", access.base_url);
        self.sandbox.http.request(method.parse().expect("method"), url).header("x-api-key", &*access.api_key)
    }

    /// A form, field by field; a name that ends in `Image` is a file.
    async fn form(&self, path: &str, fields: &[(&str, &[u8])]) -> (u16, Value) {
        let boundary = "a-boundary-of-this-test";
        let mut body = Vec::new();
        for (name, value) in fields {
            let file = if name.ends_with("Image") { "; filename=\"f.jpg\"" } else { "" };
            let head =
                format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(value);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={boundary}");
        answer(self.request("POST", path).header("content-type", kind).body(body)).await
    }

    async fn step1(&self, one: &Submission, again: bool) -> (u16, Value) {
        let picture = jpeg(64, 48, 9);
        let mut fields: Vec<(&str, &[u8])> = vec![
            ("issuingCountry", b"USA"),
            ("email", one.email.as_bytes()),
            ("idType", b"passport"),
            ("idImage", &picture),
            ("userid", one.userid.as_bytes()),
        ];
        if again {
            fields.push(("submissionId", one.id.as_bytes()));
        }
        self.form("/submission/step1", &fields).await
    }

    async fn step2(&self, one: &Submission) -> (u16, Value) {
        let picture = jpeg(64, 48, 10);
        let fields: [(&str, &[u8]); 4] = [
            ("submissionId", one.id.as_bytes()),
            ("faceImage", &picture),
            ("name", b"John Smith"),
            ("date_of_birth", b"1975-08-25"),
        ];
        self.form("/submission/step2", &fields).await
    }
}

async fn play(calls: Vec<Call>) -> Result<(), TestCaseError> {
    let argos = Argos::start().await;
    let mut all: Vec<Submission> = Vec::new();
    for (index, call) in calls.into_iter().enumerate() {
        let now_ms = argos.sandbox.now_ms();
        match call {
            Call::Step1 { scenario } => {
                let mut one = Submission {
                    id: String::new(),
                    email: format!("u{index}@example.com"),
                    userid: format!("scenario:{scenario}:{index}"),
                    begun_at_ms: now_ms,
                    tries: 0,
                    ended: false,
                    deleted: false,
                };
                let (status, body) = argos.step1(&one, false).await;
                prop_assert_eq!(status, 200, "{}", body);
                one.id = body["submissionId"].as_str().expect("an id").to_owned();
                all.push(one);
            }
            Call::Pass { hours } => argos.sandbox.pass_ms(hours * HOUR_MS),
            Call::List => {
                let page = argos.runner.list(&Default::default()).await.expect("list");
                let listed: Vec<_> = page.items.iter().map(|item| item.submission_id.as_str()).collect();
                for one in &all {
                    prop_assert_eq!(
                        listed.contains(&&*one.id),
                        !one.deleted,
                        "listed though deleted, or lost"
                    );
                }
            }
            _ if all.is_empty() => {}
            Call::Step1Again(of) => {
                let one = of.get(&all);
                let (status, body) = argos.step1(one, true).await;
                prop_assert!(status != 200 || !one.ended && !one.deleted, "repeated after its end: {body}");
            }
            Call::Step2(of) => {
                let one = of.get_mut(&mut all);
                let (status, body) = argos.step2(one).await;
                if status == 200 {
                    prop_assert!(!one.ended && !one.deleted, "a try after the end: {body}");
                    let count = body["retryCount"].as_u64().expect("a count");
                    prop_assert!(count <= TRIES, "over the budget: {body}");
                    prop_assert!(count >= one.tries, "tries were forgotten: {body}");
                    let state = body["kycStatus"].as_str().expect("a status");
                    prop_assert!(count < TRIES || state == "rejected", "not rejected at three: {body}");
                    let late = now_ms - one.begun_at_ms > STEP2_WITHIN_MS;
                    prop_assert!(!late || state == "rejected", "taken after 24 hours: {body}");
                    one.tries = count;
                    one.ended = state != "incomplete";
                }
            }
            Call::Read(of) => {
                let one = of.get_mut(&mut all);
                let id = SubmissionId::new(&*one.id).expect("id");
                let read = argos.runner.submission(&id).await.expect("read");
                prop_assert_eq!(read.is_some(), !one.deleted, "deleted and there, or lost");
                if let Some(read) = read {
                    let ended = read.kyc.result != KycStatus::Incomplete;
                    prop_assert!(ended || !one.ended, "an end that was taken back");
                    one.ended |= ended;
                }
            }
            Call::Image(of) => {
                let one = of.get(&all);
                let path = format!("/image?submission_id={}&type=idImage", one.id);
                let (status, _) = answer(argos.request("GET", &path)).await;
                prop_assert_eq!(status == 200, !one.deleted, "an image of what was deleted, or none");
            }
            Call::Delete(of) => {
                let one = of.get_mut(&mut all);
                let path = format!("/submission?submission_id={}", one.id);
                let (status, body) = answer(argos.request("DELETE", &path)).await;
                prop_assert_eq!(status == 200, !one.deleted, "{}", body);
                one.deleted = true;
            }
        }
    }
    Ok(())
}

#[test]
fn whatever_is_called_tries_stay_in_the_budget_and_deleted_stays_deleted() {
    holds(call(), play);
}
