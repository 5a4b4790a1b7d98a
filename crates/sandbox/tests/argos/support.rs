//! A sandbox for one test, its clock, and the client that asks it.

#[path = "../conform/mod.rs"]
mod conform;

use idv_edge::argos::{
    ApiKey, Client, Country, CustomFields, CustomOptions, Date, Email, Environment, Gender, IdType,
    IdentityFields, KycStatus, Picture, Step1, Step1Answer, Step2, Step2Answer, Submission, SubmissionId,
    Text,
};
use idv_edge::native::{ArgosRunner, RunnerParams};
use idv_sandbox::db::IN_MEMORY;
use idv_sandbox::events::{Event, EventSink};
use idv_sandbox::scenario::Scenario;
use idv_sandbox::{Clock, Randomness, Running, ServeParams};
use serde_json::Value;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Noon of a day in November 2026, in ms since 1970: every test starts there.
pub const START_MS: u64 = 1_795_262_400_000;
pub const HOUR_MS: u64 = 3_600_000;
pub const DAY_MS: u64 = 24 * HOUR_MS;

pub struct TestArgos {
    pub running: Running,
    pub argos: ArgosRunner,
    pub http: reqwest::Client,
    pub folder: PathBuf,
    conformance: conform::Conformance,
    now_ms: Arc<AtomicU64>,
    events: Arc<Mutex<Vec<Value>>>,
}

impl TestArgos {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// With its database in memory.
    pub async fn start_with(change: impl FnOnce(&mut ServeParams)) -> Self {
        Self::start_at(false, change).await
    }

    /// With its database in a file of `folder`, for tests that look into it.
    pub async fn start_on_file() -> Self {
        Self::start_on_file_with(|_| {}).await
    }

    pub async fn start_on_file_with(change: impl FnOnce(&mut ServeParams)) -> Self {
        Self::start_at(true, change).await
    }

    async fn start_at(on_file: bool, change: impl FnOnce(&mut ServeParams)) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("idv-argos-{}-{count}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("folder");
        let file = if on_file { folder.join("sandbox.sqlite") } else { PathBuf::from(IN_MEMORY) };
        let mut params = ServeParams::new(file);
        change(&mut params);
        let conformance = conform::Conformance::default();
        params.observer = Some(conformance.observer());
        let now_ms = Arc::new(AtomicU64::new(START_MS));
        let events = Arc::new(Mutex::new(Vec::new()));
        let (clock, heard) = (now_ms.clone(), events.clone());
        let sink = EventSink::new(move |event: &Event| {
            heard.lock().expect("events").push(serde_json::to_value(event).expect("event"));
        });
        let clock = Clock::new(move || clock.load(Ordering::Relaxed));
        let running =
            Running::start_with(params, sink, clock, Randomness::system()).await.expect("sandbox starts");
        let argos = runner(&running.argos.base_url, &running.argos.api_key);
        Self { running, argos, http: reqwest::Client::new(), folder, conformance, now_ms, events }
    }

    pub fn now_ms(&self) -> u64 {
        self.now_ms.load(Ordering::Relaxed)
    }

    pub fn pass_ms(&self, ms: u64) {
        self.now_ms.fetch_add(ms, Ordering::Relaxed);
    }

    pub fn events(&self, name: &str) -> Vec<Value> {
        let events = self.events.lock().expect("events");
        events.iter().filter(|event| event["event"] == name).cloned().collect()
    }

    pub fn all_events(&self) -> String {
        let events = self.events.lock().expect("events");
        events.iter().filter(|event| event["event"] != "listening").map(Value::to_string).collect()
    }

    /// A request with the project's key, below the base URL.
    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.running.argos.base_url);
        self.http
            .request(method.parse().expect("method"), url)
            .header("x-api-key", &self.running.argos.api_key)
    }

    /// A form to a step, field by field; a name that ends in `Image` is a file.
    pub async fn form(&self, path: &str, fields: &[(&str, &[u8])]) -> (u16, Value) {
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

    pub async fn get(&self, path: &str) -> (u16, Value) {
        answer(self.request("GET", path)).await
    }

    /// Step1 of a scenario, with an e-mail address of its own.
    pub async fn begin(&self, scenario: Scenario, own: &str) -> Step1Answer {
        self.argos.step1(&document(&scenario.reference(own), own)).await.expect("step1")
    }

    /// Both steps of a scenario.
    pub async fn run(&self, scenario: Scenario, own: &str) -> (SubmissionId, Step2Answer) {
        let begun = self.begin(scenario, own).await;
        assert!(begun.retry.is_empty(), "{begun:?}");
        let answer = self.argos.step2(&face(&begun.submission_id)).await.expect("step2");
        (begun.submission_id, answer)
    }

    pub async fn read(&self, id: &SubmissionId) -> Submission {
        self.argos.submission(id).await.expect("read").expect("there")
    }

    pub async fn status(&self, id: &SubmissionId) -> KycStatus {
        self.read(id).await.kyc.result
    }

    /// The item as JSON: with what the client has no use for.
    pub async fn item(&self, id: &SubmissionId) -> Value {
        let (status, body) = self.get(&format!("/submission?submission_id={}", id.as_str())).await;
        assert_eq!(status, 200);
        body["Items"][0].clone()
    }
}

impl Drop for TestArgos {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.conformance.assert();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub fn runner(base_url: &str, api_key: &str) -> ArgosRunner {
    let environment = Environment::own(base_url).expect("loopback");
    let client = Client::new(&environment, ApiKey::new(api_key).expect("key")).expect("client");
    let params = RunnerParams { timeout: Duration::from_secs(120), ..RunnerParams::default() };
    ArgosRunner::new(client, &params).expect("runner")
}

/// Status and JSON body.
pub async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    let body = response.bytes().await.expect("a body");
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

pub fn text(text: &str) -> Text {
    Text::new(text).expect("text")
}

/// A step1 whose pictures show nothing: for scenarios.
pub fn document(userid: &str, own: &str) -> Step1 {
    Step1 {
        issuing_country: Country::new("USA").expect("country"),
        email: Email::new(format!("{own}@example.com")).expect("email"),
        id_type: IdType::Passport,
        id_image: Picture::new(grey(1)).expect("picture"),
        id_back_image: None,
        submission_id: None,
        custom: CustomFields {
            userid: Some(text(userid)),
            cf1: Some(text("test")),
            ..CustomFields::default()
        },
        options: CustomOptions::default(),
    }
}

/// A step2 of the same kind.
pub fn face(id: &SubmissionId) -> Step2 {
    Step2 {
        submission_id: id.clone(),
        face_image: Picture::new(grey(2)).expect("picture"),
        name: text("John Smith"),
        date_of_birth: Date::parse("1975-08-25").expect("date"),
        gender: Some(Gender::Male),
        nationality: Some(Country::new("USA").expect("country")),
        identity: IdentityFields::default(),
        address: None,
        address_image: None,
        document: None,
    }
}

/// A JPEG of noise, another one for each seed.
pub fn grey(seed: u8) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(64, 48, |x, y| {
        image::Rgb([(x as u8).wrapping_mul(seed).wrapping_add(y as u8); 3])
    });
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new(&mut bytes).encode_image(&picture).expect("encodes");
    bytes
}
