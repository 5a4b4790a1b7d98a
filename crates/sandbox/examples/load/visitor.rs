//! A visitor with the customer's server behind them: everything that one verification asks of the sandbox.

use crate::child::Child;
use crate::page::{Page, Server, answer, fresh, jpeg};
use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use idv_edge::keys::SigningKey;
use idv_edge::native::{Runner, RunnerParams};
use idv_edge::tomo::{Client, PolicyKey, ResultRequest, StartRequest};
use idv_protocol::{CaptureKind, Outcome, Size};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use url::Url;

/// A document without a face: one capture.
const POLICY: &str = "unknown:document:passport:document_ocr_check:no_owner_assurance";
/// Size of the capture.
const SIZE: Size = Size { width: 1280, height: 720 };
/// Bytes that a capture is made up to: as many as a sharp picture of this size has.
const CAPTURE_BYTES: usize = 200 * 1024;

/// What visitors saw.
#[derive(Default)]
pub struct Seen {
    /// Time of each request.
    pub times: Vec<Duration>,
    /// Verifications that did not end approved.
    pub unfinished: usize,
}

/// A capture that was acknowledged.
pub struct Acknowledged {
    page: Page,
    sha256: String,
}

/// Visitors of one sandbox.
pub struct Visitor {
    runner: Runner,
    server: Server,
    jpeg: Vec<u8>,
}

impl Visitor {
    /// Visitors of `child`.
    pub fn of(child: &Child) -> Result<Self> {
        let key = SigningKey::from_secret_key_text(&child.secret_key)?;
        let client = Client::new(&child.origin, child.client_id.clone(), key)?;
        let runner = Runner::new(client, &RunnerParams::default())?;
        let now_ms = || {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            u64::try_from(now.as_millis()).unwrap_or(u64::MAX)
        };
        let http = reqwest::Client::new();
        let server = Server { http, origin: child.origin.clone(), now_ms: Arc::new(now_ms) };
        Ok(Self { runner, server, jpeg: large_jpeg() })
    }

    /// One verification from the start to its result.
    pub async fn verify(&self, number: usize, seen: &mut Seen) -> Result<()> {
        let user_id = format!("scenario:approve:{number}");
        let page = self.open(&user_id, seen).await?;
        let plan = timed(seen, page.plan()).await;
        let (status, body) = timed(seen, page.put(1, CaptureKind::DocumentFront, &self.jpeg)).await;
        ensure!(status == 200, "capture: {status} {body}");
        let evidence = page.evidence(&plan, &[(CaptureKind::DocumentFront, &self.jpeg)], SIZE);
        let (status, body) = timed(seen, page.complete(&evidence)).await;
        ensure!(status == 200 && body["state"] == "received", "completion: {status} {body}");
        let query = ResultRequest { user_id, country: None, policy: None };
        let result = timed(seen, self.runner.result(&query)).await?;
        let record = result.records().next().context("no result")?;
        let kyc = record.kyc.as_ref().context("no status")?;
        ensure!(kyc.status == Outcome::Approved, "ended as {:?}", kyc.status);
        Ok(())
    }

    /// Sends one capture; what was acknowledged, where anything was before the sandbox died.
    pub async fn send_captures(&self, number: usize, count: &AtomicUsize) -> Option<Acknowledged> {
        let page = self.open(&format!("scenario:approve:k{number}"), &mut Seen::default()).await.ok()?;
        let request = page.put_request(1, CaptureKind::DocumentFront, &self.jpeg);
        let response = request.send().await.ok().filter(|response| response.status() == 200)?;
        let ack: serde_json::Value = response.json().await.ok()?;
        count.fetch_add(1, Ordering::Relaxed);
        Some(Acknowledged { page, sha256: ack["sha256"].as_str()?.to_owned() })
    }

    /// Whether the sandbox has the capture still.
    pub async fn holds(&self, one: &Acknowledged) -> Result<bool> {
        let plan = one.page.plan().await;
        Ok(plan.received.iter().any(|held| held.sha256 == one.sha256))
    }

    async fn open(&self, user_id: &str, seen: &mut Seen) -> Result<Page> {
        let key: PolicyKey = POLICY.parse()?;
        let request = StartRequest {
            user_id: Some(user_id.to_owned()),
            country: Some(key.country),
            kyc_policy: key.policy,
            ..StartRequest::default()
        };
        let start: Url = timed(seen, self.runner.start(&request)).await?.as_str().parse()?;
        let token = start.query_pairs().find(|(name, _)| name == "token").context("no token")?.1.into_owned();
        let page_key = URL_SAFE_NO_PAD.encode(fresh());
        let body = serde_json::json!({ "token": token, "page_key": page_key });
        let (status, body) = timed(seen, answer(self.server.request("POST", "/session").json(&body))).await;
        ensure!(status == 200, "session: {status} {body}");
        // Two requests: the plan, and the device key.
        let page = Page::of(self.server.clone(), serde_json::from_value(body)?).await;
        timed(seen, page.consent()).await;
        Ok(page)
    }
}

async fn timed<T>(seen: &mut Seen, request: impl Future<Output = T>) -> T {
    let began = Instant::now();
    let answer = request.await;
    seen.times.push(began.elapsed());
    answer
}

/// A black picture, with comments up to the size of a real one.
fn large_jpeg() -> Vec<u8> {
    /// Longest comment: its length has two bytes and counts itself.
    const COMMENT: usize = 0xFFFF - 2;
    let picture = jpeg(SIZE.width, SIZE.height, 0);
    let (start, rest) = picture.split_at(2);
    let mut large = start.to_vec();
    while large.len() + rest.len() < CAPTURE_BYTES {
        large.extend([0xFF, 0xFE, 0xFF, 0xFF]);
        large.extend(std::iter::repeat_n(0x20, COMMENT));
    }
    large.extend(rest);
    large
}
