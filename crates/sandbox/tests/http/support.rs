//! A sandbox for one test, and the two sides that talk to it.

#[path = "../conform/mod.rs"]
mod conform;
#[path = "page.rs"]
mod page;

pub use page::{Film, Page, Server, answer, fresh, jpeg};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use idv_edge::keys::SigningKey;
use idv_edge::native::{Runner, RunnerParams};
use idv_edge::tomo::{ApiVersion, Client, PolicyKey, StartRequest};
use idv_protocol::relay::SessionResponse;
use idv_sandbox::db::IN_MEMORY;
use idv_sandbox::events::{Event, EventSink};
use idv_sandbox::{Clock, Randomness, Running, ServeParams};
use serde_json::Value;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};
use url::Url;

pub const SELFIE_POLICY: &str =
    "unknown:document:passport:document_ocr_check:owner_check:submitted_doc_selfie_match";

pub struct TestSandbox {
    pub running: Running,
    conformance: conform::Conformance,
    pub http: reqwest::Client,
    pub folder: PathBuf,
    /// The sandbox's clock.
    pub now_ms: Arc<AtomicU64>,
    events: Arc<Mutex<Vec<Value>>>,
}

impl TestSandbox {
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
        let folder = std::env::temp_dir().join(format!("idv-sandbox-{}-{count}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("folder");
        let file = if on_file { folder.join("sandbox.sqlite") } else { PathBuf::from(IN_MEMORY) };
        let mut params = ServeParams::new(file);
        let conformance = conform::Conformance::default();
        params.observer = Some(conformance.observer());
        change(&mut params);
        let started = SystemTime::now().duration_since(UNIX_EPOCH).expect("time").as_millis();
        let now_ms = Arc::new(AtomicU64::new(u64::try_from(started).expect("time")));
        let events = Arc::new(Mutex::new(Vec::new()));
        let (clock, heard) = (now_ms.clone(), events.clone());
        let sink = EventSink::new(move |event: &Event| {
            heard.lock().expect("events").push(serde_json::to_value(event).expect("event"));
        });
        let clock = Clock::new(move || clock.load(Ordering::Relaxed));
        let running =
            Running::start_with(params, sink, clock, Randomness::system()).await.expect("sandbox starts");
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("HTTP client");
        Self { running, conformance, http, folder, now_ms, events }
    }

    pub fn now_ms(&self) -> u64 {
        self.now_ms.load(Ordering::Relaxed)
    }

    pub fn pass_ms(&self, ms: u64) {
        self.now_ms.fetch_add(ms, Ordering::Relaxed);
    }

    /// Sets the sandbox's clock, which stands still in tests, to the real time: that of the customer's server.
    pub fn catch_up(&self) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("time").as_millis();
        self.now_ms.fetch_max(u64::try_from(now).expect("time"), Ordering::Relaxed);
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.running.origin)
    }

    pub fn key(&self) -> SigningKey {
        SigningKey::from_secret_key_text(&self.running.client.secret_key).expect("key")
    }

    pub fn client_id(&self) -> &str {
        &self.running.client.client_id
    }

    pub fn runner(&self, version: ApiVersion) -> Runner {
        let client = Client::new(&self.running.origin, self.client_id(), self.key()).expect("client");
        Runner::new(client.with_version(version), &RunnerParams::default()).expect("runner")
    }

    /// Starts a verification by `policy_key`.
    pub async fn start_url(&self, user_id: &str, policy_key: &str) -> Url {
        let key: PolicyKey = policy_key.parse().expect("policy key");
        let request = StartRequest {
            user_id: Some(user_id.into()),
            country: Some(key.country),
            kyc_policy: key.policy,
            redirect_url_success: Some("https://shop.example/ok?ref=1".into()),
            redirect_url_fail: Some("https://shop.example/fail?ref=1".into()),
            ..StartRequest::default()
        };
        let start = self.runner(ApiVersion::V1_4).start(&request).await.expect("starts");
        start.as_str().parse().expect("URL")
    }

    /// Starts a verification and opens its page.
    pub async fn page(&self, user_id: &str, policy_key: &str) -> Page {
        let url = self.start_url(user_id, policy_key).await;
        let (status, body) = self.exchange(&query(&url, "token")).await;
        assert_eq!(status, 200, "{body}");
        self.page_of(serde_json::from_value(body).expect("session")).await
    }

    /// The page of a session that was opened.
    pub async fn page_of(&self, session: SessionResponse) -> Page {
        let now_ms = self.now_ms.clone();
        let now_ms = Arc::new(move || now_ms.load(Ordering::Relaxed));
        let server = Server { http: self.http.clone(), origin: self.running.origin.clone(), now_ms };
        Page::of(server, session).await
    }

    /// Opens the session of a start token, each time as another page.
    pub async fn exchange(&self, token: &str) -> (u16, Value) {
        let random = [uuid::Uuid::new_v4(), uuid::Uuid::new_v4()].map(uuid::Uuid::into_bytes).concat();
        self.exchange_as(&URL_SAFE_NO_PAD.encode(random), token).await
    }

    /// The same as the page with this key.
    pub async fn exchange_as(&self, page_key: &str, token: &str) -> (u16, Value) {
        let body = serde_json::json!({ "token": token, "page_key": page_key });
        answer(self.http.post(self.url("/relay/v1/session")).json(&body)).await
    }

    pub async fn access_token(&self) -> String {
        let request = Client::new(&self.running.origin, self.client_id(), self.key())
            .and_then(|client| client.token_request(self.now_ms() / 1000, uuid::Uuid::new_v4()))
            .expect("request");
        let (status, body) = answer(
            self.http
                .post(request.url)
                .header("content-type", "application/x-www-form-urlencoded")
                .body(request.body),
        )
        .await;
        assert_eq!(status, 200, "{body}");
        body["access_token"].as_str().expect("token").to_owned()
    }

    pub fn events(&self, name: &str) -> Vec<Value> {
        let events = self.events.lock().expect("events");
        events.iter().filter(|event| event["event"] == name).cloned().collect()
    }

    pub fn all_events(&self) -> String {
        let events = self.events.lock().expect("events");
        events.iter().filter(|event| event["event"] != "listening").map(Value::to_string).collect()
    }
}

impl Drop for TestSandbox {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
        if !std::thread::panicking() {
            self.conformance.assert();
        }
    }
}

pub fn query(url: &Url, name: &str) -> String {
    url.query_pairs().find(|(key, _)| key == name).expect(name).1.into_owned()
}
