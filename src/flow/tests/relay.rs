//! A relay in memory that keeps the rules of `idv_protocol::relay`.

use super::*;
use crate::submission::{Body, Request, Response, ToSign};
use idv_protocol::relay::{CancelRequest, SessionRequest};
use serde_json::json;
use std::collections::VecDeque;

/// The relay's time in each plan, in ms since 1970.
pub const ISSUED_AT_MS: u64 = 1_700_000_000_000;

/// What happens to the next request that matches.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// It does not arrive.
    LostBefore,
    /// It arrives, its answer does not.
    LostAfter,
    /// The relay answers with this status and no problem document.
    Status(u16),
    /// The relay refuses it.
    Refused(Code),
    /// No answer, ever.
    Hangs,
}

pub struct Relay {
    pub log: Vec<String>,
    pub consent: Option<ConsentRecord>,
    pub held: Vec<plan::ReceivedCapture>,
    pub evidence: Vec<Evidence>,
    pub canceled: Option<Reason>,
    pub attempt: u32,
    pub closed: bool,
    /// Receipts for the completions to come; then `Received`.
    pub retries: VecDeque<Reason>,
    pub faults: Vec<(&'static str, Fault)>,
    pub steps: Vec<Step>,
    /// Answers to the entries to come, in order: status and body.
    pub entry_answers: VecDeque<(u16, serde_json::Value)>,
    /// Entries that came, as path, key and body.
    pub entries: Vec<(String, Option<String>, serde_json::Value)>,
    /// What the plan says of the steps without pictures.
    pub forms: serde_json::Value,
    /// The page that exchanged the start token, while it may do so again.
    pub opened_by: Option<String>,
    pub session_token: Option<String>,
    pub key_registered: bool,
    /// Frames that are asked for at completions.
    pub frames_asked: Option<Vec<u32>>,
    /// The frames that came.
    pub frames: Option<Vec<u8>>,
}

impl Relay {
    pub fn new() -> Self {
        Self {
            log: Vec::new(),
            consent: None,
            held: Vec::new(),
            evidence: Vec::new(),
            canceled: None,
            attempt: 1,
            closed: false,
            retries: VecDeque::new(),
            faults: Vec::new(),
            steps: vec![
                Step::Consent,
                Step::Document(DocumentStep::new(vec![DocumentKind::Id1, DocumentKind::Id3], 60_000)),
                Step::Face { timeout_ms: 45_000 },
            ],
            entry_answers: VecDeque::new(),
            entries: Vec::new(),
            forms: json!({}),
            opened_by: None,
            session_token: None,
            key_registered: false,
            frames_asked: None,
            frames: None,
        }
    }

    /// A relay whose plan asks for consent and `steps`.
    pub fn of(steps: Vec<Step>) -> Self {
        Self { steps: std::iter::once(Step::Consent).chain(steps).collect(), ..Self::new() }
    }

    /// Requests whose method and path begin with `start`.
    pub fn count(&self, start: &str) -> usize {
        self.log.iter().filter(|line| line.starts_with(start)).count()
    }

    /// `None` when the request hangs.
    pub fn take(&mut self, request: &Request) -> Option<Result<Response, TransportFailure>> {
        let line = format!("{} {}", request.method.as_str(), request.path);
        let fault = self.faults.iter().position(|(start, _)| line.starts_with(start));
        match fault.map(|at| self.faults.remove(at).1) {
            Some(Fault::LostBefore) => Some(Err(TransportFailure::Network)),
            Some(Fault::LostAfter) => {
                self.answer(request, line);
                Some(Err(TransportFailure::Network))
            }
            Some(Fault::Status(status)) => {
                Some(Ok(Response { status, retry_after_ms: None, body: String::new() }))
            }
            Some(Fault::Refused(code)) => {
                let (status, body) = problem(code);
                Some(Ok(Response { status, retry_after_ms: None, body: body.to_string() }))
            }
            Some(Fault::Hangs) => None,
            None => {
                let (status, body) = self.answer(request, line);
                Some(Ok(Response { status, retry_after_ms: None, body: body.to_string() }))
            }
        }
    }

    fn answer(&mut self, request: &Request, line: String) -> (u16, serde_json::Value) {
        self.log.push(line.clone());
        if line != "POST /session" {
            if request.bearer.is_none() || request.bearer != self.session_token {
                return problem(Code::SessionUnknown);
            }
            self.opened_by = None;
        }
        if self.closed {
            return problem(Code::SessionClosed);
        }
        let json_body = match &request.body {
            Body::Json(text) | Body::Signed(ToSign::Evidence(text)) => text.as_str(),
            _ => "null",
        };
        match (line.as_str(), line.rsplit('/').next().unwrap_or_default()) {
            ("POST /session", _) => {
                let body: SessionRequest = serde_json::from_str(json_body).unwrap();
                if body.token != "one-time" {
                    return problem(Code::TokenInvalid);
                }
                if self.session_token.is_some() && self.opened_by.as_ref() != Some(&body.page_key) {
                    return problem(Code::TokenUsed);
                }
                self.opened_by = Some(body.page_key);
                let token = format!("session-token-{}", self.count("POST /session"));
                self.session_token = Some(token.clone());
                (200, json!({"session_id": "s-1", "session_token": token, "expires_at_ms": 900_000}))
            }
            ("GET /plan", _) => (200, serde_json::to_value(self.plan()).unwrap()),
            ("POST /consent", _) => {
                self.consent = Some(serde_json::from_str(json_body).unwrap());
                (204, json!(null))
            }
            ("POST /device-key", _) => {
                let Body::Signed(ToSign::DeviceKey { session_id, nonce }) = &request.body else {
                    return problem(Code::InvalidRequest);
                };
                if session_id != "s-1" || *nonce != self.nonce() {
                    return problem(Code::OutOfOrder);
                }
                self.key_registered = true;
                (204, json!(null))
            }
            (path, _) if path.starts_with("POST /frames/") => {
                let Body::Sealed { to, bytes } = &request.body else { return problem(Code::InvalidRequest) };
                if to.kind.is_some() || to.attempt != self.attempt || self.frames_asked.is_none() {
                    return problem(Code::OutOfOrder);
                }
                self.frames = Some(bytes.to_vec());
                self.receipt()
            }
            ("POST /complete", _) => {
                let evidence: Evidence = serde_json::from_str(json_body).unwrap();
                if evidence.attempt != self.attempt || !self.key_registered {
                    return problem(Code::OutOfOrder);
                }
                self.evidence.push(evidence);
                match &self.frames_asked {
                    Some(indices) => (200, json!({"state": "frames", "indices": indices})),
                    None => self.receipt(),
                }
            }
            ("POST /cancel", _) => {
                let body: CancelRequest = serde_json::from_str(json_body).unwrap();
                self.canceled = Some(body.reason);
                self.closed = true;
                (
                    200,
                    json!({"state": "received", "submission_id": "sub-0",
                    "return_url": "https://shop.example/canceled"}),
                )
            }
            ("POST /person" | "POST /otp/send" | "POST /otp/verify" | "POST /secret", _)
            | ("POST /signature/start" | "POST /signature/check", _) => {
                let body = serde_json::from_str(json_body).unwrap();
                self.entries.push((line.replace("POST ", ""), request.key.clone(), body));
                self.entry_answers.pop_front().unwrap_or_else(|| problem(Code::Internal))
            }
            (path, kind) if path.starts_with("PUT /captures/") => {
                if self.consent.is_none() || !path.starts_with(&format!("PUT /captures/{}/", self.attempt)) {
                    return problem(Code::OutOfOrder);
                }
                let kind: CaptureKind = serde_json::from_value(json!(kind)).unwrap();
                let Body::Sealed { to, bytes } = &request.body else { return problem(Code::InvalidRequest) };
                if to.kind != Some(kind) || to.attempt != self.attempt || to.session != "s-1" {
                    return problem(Code::InvalidRequest);
                }
                let sha256 = hex::encode(Sha256::digest(bytes));
                let already_held = self.held.iter().any(|held| held.kind == kind && held.sha256 == sha256);
                self.held.retain(|held| held.kind != kind);
                self.held.push(plan::ReceivedCapture { kind, sha256: sha256.clone() });
                (200, json!({"kind": kind, "sha256": sha256, "already_held": already_held}))
            }
            _ => problem(Code::InvalidRequest),
        }
    }

    fn receipt(&mut self) -> (u16, serde_json::Value) {
        match self.retries.pop_front() {
            Some(reason) => {
                self.attempt += 1;
                self.held.retain(|held| held.kind == CaptureKind::DocumentFront);
                (200, json!({"state": "retry", "reason": reason, "attempts_left": 4 - self.attempt}))
            }
            None => {
                self.closed = true;
                let return_url = "https://shop.example/back";
                (200, json!({"state": "received", "submission_id": "sub-1", "return_url": return_url}))
            }
        }
    }

    fn nonce(&self) -> String {
        format!("nonce of attempt {}", self.attempt)
    }

    fn plan(&self) -> Plan {
        let forms = |name: &str| self.forms.get(name).cloned().unwrap_or_default();
        Plan {
            protocol_version: PROTOCOL_VERSION.into(),
            session_id: "s-1".into(),
            policy_key: "document+face".into(),
            attempt: self.attempt,
            nonce: self.nonce(),
            verifier: Jwk::p256("x", "y"),
            max_attempts: 3,
            steps: self.steps.clone(),
            consent: ConsentTerms {
                version: "2026-01".into(),
                text: String::new(),
                recipients: Vec::new(),
                retention_days: 30,
            },
            challenge: self.steps.iter().any(|step| matches!(step, Step::Face { .. })).then(|| Challenge {
                nonce: self.nonce(),
                set: ChallengeSet::Standard,
                actions: [ActionKind::TurnLeft, ActionKind::TurnRight]
                    .map(|kind| idv_protocol::Action { kind, times: 1, window_ms: 7_000 })
                    .to_vec(),
                tolerance_ms: 1_000,
                max_draws: 3,
            }),
            received: self.held.clone(),
            consent_given: self.consent.is_some(),
            met: serde_json::from_value(forms("met")).unwrap_or_default(),
            otp: serde_json::from_value(forms("otp")).unwrap(),
            secret_tries_left: serde_json::from_value(forms("secret_tries_left")).unwrap(),
            signature: serde_json::from_value(forms("signature")).unwrap(),
            issued_at_ms: ISSUED_AT_MS,
            expires_at_ms: ISSUED_AT_MS + 900_000,
            test_camera: true,
        }
    }
}

fn problem(code: Code) -> (u16, serde_json::Value) {
    (code.status(), json!({"status": code.status(), "code": code, "detail": ""}))
}
