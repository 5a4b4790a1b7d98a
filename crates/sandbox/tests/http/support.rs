//! A sandbox for one test, and the two sides that talk to it.

#[path = "../conform/mod.rs"]
mod conform;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use idv_edge::evidence::{DeviceKey, seal};
use idv_edge::keys::SigningKey;
use idv_edge::native::{Runner, RunnerParams};
use idv_edge::tomo::{ApiVersion, Client, PolicyKey, StartRequest};
use idv_protocol::evidence::StepTimings;
use idv_protocol::relay::{DIGEST_HEADER, SessionResponse};
use idv_protocol::seal::{BuildUse, FrameCommitment, FrameHead, FrameOpening, FrameStep, JOSE_TYPE, Jwk};
use idv_protocol::{
    CaptureKind, CaptureMeta, CaptureMethod, ConsentRecord, Evidence, LivenessReport, PROTOCOL_VERSION,
    Passive, Plan, QualityReport, Size,
};
use idv_sandbox::events::{Event, EventSink};
use idv_sandbox::{Clock, Randomness, Running, ServeParams};
use idv_seal::configuration::configuration_sha256;
use idv_seal::frames::{leaf, pixel_bytes, write};
use idv_seal::jose::SealTo;
use idv_seal::merkle::Tree;
use serde_json::Value;
use sha2::{Digest, Sha256};
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

    pub async fn start_with(change: impl FnOnce(&mut ServeParams)) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("idv-sandbox-{}-{count}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("folder");
        let mut params = ServeParams::new(folder.join("sandbox.sqlite"));
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
    pub async fn page(&self, user_id: &str, policy_key: &str) -> Page<'_> {
        let url = self.start_url(user_id, policy_key).await;
        let (status, body) = self.exchange(&query(&url, "token")).await;
        assert_eq!(status, 200, "{body}");
        self.page_of(serde_json::from_value(body).expect("session")).await
    }

    /// The page of a session that was opened.
    pub async fn page_of(&self, session: SessionResponse) -> Page<'_> {
        let device = DeviceKey::from_random(&fresh()).expect("a key");
        let page =
            Page { sandbox: self, session, device, film: Mutex::default(), verifier: Mutex::default() };
        page.register().await;
        page
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

/// Status and JSON body; `null` for an empty one.
pub async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    let body = response.bytes().await.expect("a body");
    let json = serde_json::from_slice(&body).unwrap_or_else(|_| {
        if body.is_empty() { Value::Null } else { String::from_utf8_lossy(&body).into() }
    });
    (status, json)
}

/// The page's side of a session.
pub struct Page<'a> {
    pub sandbox: &'a TestSandbox,
    pub session: SessionResponse,
    pub device: DeviceKey,
    /// What its evidence commits to.
    pub film: Mutex<Film>,
    /// The verifier's key, as in the plan that it registered for.
    verifier: Mutex<Option<Jwk>>,
}

/// 32 bytes that were not used before.
pub fn fresh() -> [u8; 32] {
    let random = [uuid::Uuid::new_v4(), uuid::Uuid::new_v4()].map(uuid::Uuid::into_bytes).concat();
    random.try_into().expect("32 bytes")
}

/// Frames that a page looked at.
#[derive(Default)]
pub struct Film {
    tree: Tree,
    frames: Vec<(FrameHead, Vec<u8>)>,
}

impl Film {
    pub fn add(&mut self, head: FrameHead, pixels: &[u8]) {
        self.tree.push(&leaf(&head, pixels));
        self.frames.push((head, pixels.to_vec()));
    }

    pub fn commitment(&self) -> Option<FrameCommitment> {
        let count = u32::try_from(self.frames.len()).expect("a count");
        let root = hex::encode(self.tree.root());
        (count > 0).then(|| FrameCommitment { root, count, openable: vec![[0, count - 1]] })
    }

    /// These frames, as they are sealed.
    pub fn open(&self, indices: &[u32]) -> Vec<u8> {
        let opening = |index: &u32| {
            let path = self.tree.path(*index as usize).expect("a leaf").iter().map(hex::encode).collect();
            FrameOpening { index: *index, head: self.frames[*index as usize].0, path }
        };
        let pixels: Vec<&[u8]> =
            indices.iter().map(|index| self.frames[*index as usize].1.as_slice()).collect();
        write(&indices.iter().map(opening).collect::<Vec<_>>(), &pixels).expect("written")
    }
}

impl Page<'_> {
    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = method.parse().expect("method");
        self.sandbox
            .http
            .request(method, self.sandbox.url(&format!("/relay/v1{path}")))
            .bearer_auth(&self.session.session_token)
    }

    pub async fn plan(&self) -> Plan {
        let (status, body) = answer(self.request("GET", "/plan")).await;
        assert_eq!(status, 200, "{body}");
        serde_json::from_value(body).expect("plan")
    }

    pub fn consent_record(&self) -> ConsentRecord {
        ConsentRecord { version: "sandbox-1".into(), locale: "en".into(), given_at_ms: self.sandbox.now_ms() }
    }

    pub async fn consent(&self) {
        let (status, body) = answer(self.request("POST", "/consent").json(&self.consent_record())).await;
        assert_eq!(status, 204, "{body}");
    }

    /// Registers the device key for the open attempt.
    pub async fn register(&self) {
        let plan = self.plan().await;
        *self.verifier.lock().expect("a key") = Some(plan.verifier.clone());
        let proof = self.device.registration(&plan.session_id, &plan.nonce).expect("signed");
        let (status, body) = answer(self.jose("POST", "/device-key", proof)).await;
        assert_eq!(status, 204, "{body}");
    }

    fn jose(&self, method: &str, path: &str, body: String) -> reqwest::RequestBuilder {
        self.request(method, path).header("content-type", JOSE_TYPE).body(body)
    }

    pub async fn put(&self, attempt: u32, kind: CaptureKind, jpeg: &[u8]) -> (u16, Value) {
        answer(self.put_request(attempt, kind, jpeg)).await
    }

    pub fn put_request(&self, attempt: u32, kind: CaptureKind, jpeg: &[u8]) -> reqwest::RequestBuilder {
        let path = format!("/captures/{attempt}/{}", kind.code());
        self.sealed("PUT", &path, (attempt, Some(kind)), jpeg)
    }

    /// A request with a sealed body and its digest.
    pub fn sealed(
        &self,
        method: &str,
        path: &str,
        (attempt, kind): (u32, Option<CaptureKind>),
        bytes: &[u8],
    ) -> reqwest::RequestBuilder {
        let to = SealTo {
            verifier: self.verifier.lock().expect("a key").clone().expect("a plan"),
            session: self.session.session_id.clone(),
            attempt,
            kind,
        };
        let [iv @ .., _, _, _, _] = <[u8; 16]>::try_from(&fresh()[..16]).expect("16 bytes");
        let body = seal(&to, bytes, &fresh(), &iv).expect("sealed");
        let digest = hex::encode(Sha256::digest(&body));
        self.jose(method, path, body).header(DIGEST_HEADER, digest)
    }

    /// Completes the attempt and shows the frames that are asked for.
    pub async fn complete(&self, evidence: &Evidence) -> (u16, Value) {
        let (status, receipt) = self.commit(evidence).await;
        if receipt["state"] != "frames" {
            return (status, receipt);
        }
        let indices: Vec<u32> = serde_json::from_value(receipt["indices"].clone()).expect("indices");
        let frames = self.film.lock().expect("a film").open(&indices);
        let path = format!("/frames/{}", evidence.attempt);
        answer(self.sealed("POST", &path, (evidence.attempt, None), &frames)).await
    }

    /// Completes the attempt.
    pub async fn commit(&self, evidence: &Evidence) -> (u16, Value) {
        let json = serde_json::to_string(evidence).expect("JSON");
        let jws = self.device.sign_evidence(&json).expect("signed");
        answer(self.jose("POST", "/complete", jws)).await
    }

    pub async fn cancel(&self, reason: &str) -> (u16, Value) {
        answer(self.request("POST", "/cancel").json(&serde_json::json!({ "reason": reason }))).await
    }

    /// Evidence of the open attempt with these captures, all of `size`, and a report without a turn.
    pub fn evidence(&self, plan: &Plan, captures: &[(CaptureKind, &[u8])], size: Size) -> Evidence {
        let mut film = Film::default();
        for (kind, _) in captures {
            let part = [0, 0, size.width, size.height];
            let head = FrameHead { step: FrameStep::of_capture(*kind), at_us: 0, frame: size, part };
            film.add(head, &vec![0; pixel_bytes(&head)]);
        }
        let frames = film.commitment();
        *self.film.lock().expect("a film") = film;
        let meta = |(index, (kind, jpeg)): (usize, &(CaptureKind, &[u8]))| CaptureMeta {
            kind: *kind,
            attempt: plan.attempt,
            sha256: hex::encode(Sha256::digest(jpeg)),
            bytes: u32::try_from(jpeg.len()).expect("length"),
            size,
            at_ms: 0.0,
            frame: u32::try_from(index).ok(),
            quad: None,
            quality: QualityReport::default(),
            reading: None,
            barcode: None,
            method: CaptureMethod::Automatic,
        };
        let nonce = plan.challenge.as_ref().map(|challenge| challenge.nonce.clone());
        Evidence {
            protocol_version: PROTOCOL_VERSION.into(),
            module_version: "test".into(),
            session_id: plan.session_id.clone(),
            attempt: plan.attempt,
            nonce: plan.nonce.clone(),
            issued_at_ms: self.sandbox.now_ms(),
            device_key: self.device.thumbprint().to_owned(),
            build: BuildUse::default(),
            configuration_sha256: configuration_sha256(plan),
            frames,
            consent: self.consent_record(),
            models: vec![],
            cameras: vec![],
            document_kind: None,
            captures: captures.iter().enumerate().map(meta).collect(),
            liveness: nonce.map(|nonce| LivenessReport {
                nonce,
                turns: vec![],
                challenge_met: false,
                passive: Passive::NotRun,
                poses: vec![],
                frames: 1,
                duration_ms: 1.0,
            }),
            timings_ms: StepTimings::default(),
        }
    }
}

/// A JPEG of one colour.
pub fn jpeg(width: u32, height: u32, grey: u8) -> Vec<u8> {
    let picture = image::RgbImage::from_pixel(width, height, image::Rgb([grey; 3]));
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new(&mut bytes).encode_image(&picture).expect("encodes");
    bytes
}
