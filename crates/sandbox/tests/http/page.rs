//! The page's side of a session, and the server it talks to.

use idv_edge::evidence::{DeviceKey, seal};
use idv_protocol::evidence::StepTimings;
use idv_protocol::relay::{DIGEST_HEADER, SessionResponse};
use idv_protocol::seal::{BuildUse, FrameCommitment, FrameHead, FrameOpening, FrameStep, JOSE_TYPE, Jwk};
use idv_protocol::{
    CaptureKind, CaptureMeta, CaptureMethod, ConsentRecord, Evidence, LivenessReport, PROTOCOL_VERSION,
    Passive, Plan, QualityReport, Size,
};
use idv_seal::configuration::configuration_sha256;
use idv_seal::frames::{leaf, pixel_bytes, write};
use idv_seal::jose::SealTo;
use idv_seal::merkle::Tree;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex};

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
pub struct Page {
    pub server: Server,
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

/// Where a page's requests go, and what time it is there.
#[derive(Clone)]
pub struct Server {
    pub http: reqwest::Client,
    pub origin: String,
    pub now_ms: Arc<dyn Fn() -> u64 + Send + Sync>,
}

impl Server {
    /// A request of a page.
    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method.parse().expect("method"), format!("{}/relay/v1{path}", self.origin))
    }
}

impl Page {
    /// The page of a session that was opened. It registers its device key.
    pub async fn of(server: Server, session: SessionResponse) -> Self {
        let device = DeviceKey::from_random(&fresh()).expect("a key");
        let page = Self { server, session, device, film: Mutex::default(), verifier: Mutex::default() };
        page.register().await;
        page
    }

    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.server.request(method, path).bearer_auth(&self.session.session_token)
    }

    pub async fn plan(&self) -> Plan {
        let (status, body) = answer(self.request("GET", "/plan")).await;
        assert_eq!(status, 200, "{body}");
        serde_json::from_value(body).expect("plan")
    }

    pub fn consent_record(&self) -> ConsentRecord {
        ConsentRecord {
            version: "sandbox-1".into(),
            locale: "en".into(),
            given_at_ms: (self.server.now_ms)(),
        }
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
        Evidence {
            protocol_version: PROTOCOL_VERSION.into(),
            module_version: "test".into(),
            session_id: plan.session_id.clone(),
            attempt: plan.attempt,
            nonce: plan.nonce.clone(),
            issued_at_ms: (self.server.now_ms)(),
            device_key: self.device.thumbprint().to_owned(),
            build: BuildUse::default(),
            configuration_sha256: configuration_sha256(plan),
            frames,
            consent: self.consent_record(),
            models: vec![],
            cameras: vec![],
            document_kind: None,
            captures: captures.iter().enumerate().map(meta).collect(),
            liveness: plan.challenge.clone().map(|challenge| LivenessReport {
                nonce: challenge.nonce,
                set: challenge.set,
                draw: 0,
                actions: vec![],
                challenge_met: false,
                depth: None,
                breaks: vec![],
                passive: Passive::NotRun,
                cues: vec![],
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
