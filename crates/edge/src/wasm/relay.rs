//! The relay: sessions in, answers and effects out, all as JSON texts that JavaScript stores and sends.

use super::dto::options;
use super::{ms, random, thrown};
use crate::error::{Error, ErrorKind};
use crate::keys::SigningKey;
use crate::relay::limits::{Bucket, BucketParams, Limiter, address_key, retry_after_header_s};
use crate::relay::wire::{self, Route};
use crate::relay::{
    Context, EXCHANGE_REPEAT_MS, Effect, NewSession, PlanParams, Reply, Returning, Session, Step, Verdict,
    decided, exchange, expire, session_token_digest, step, steps_of,
};
use crate::tokens::{Refusal, START_TOKEN_LIFE_MS, mint_start_token, verify_start_token};
use crate::tomo::PolicyKey;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use idv_protocol::{Code, ConsentTerms, Problem, Reason, Recipient};
use serde::Deserialize;
use serde_json::{Value, json};
use std::net::IpAddr;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

/// The relay of one operator: its origin, its key and its terms.
#[wasm_bindgen]
#[allow(missing_debug_implementations)]
pub struct RelayCore {
    origin: String,
    key: SigningKey,
    terms: ConsentTerms,
    params: PlanParams,
    test_camera: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CoreDto {
    origin: String,
    terms: TermsDto,
    #[serde(default)]
    plan: PlanDto,
    #[serde(default)]
    test_camera: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TermsDto {
    version: String,
    #[serde(default)]
    text: String,
    recipients: Vec<Recipient>,
    retention_days: u32,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct PlanDto {
    document_timeout_ms: Option<u32>,
    face_timeout_ms: Option<u32>,
    turn_timeout_ms: Option<u32>,
    manual_after_ms: Option<u32>,
    upload: Option<bool>,
    barcode: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct VerdictDto {
    #[serde(default)]
    approved: bool,
    #[serde(default)]
    reason: Option<Reason>,
}

impl From<TermsDto> for ConsentTerms {
    fn from(dto: TermsDto) -> Self {
        let TermsDto { version, text, recipients, retention_days } = dto;
        Self { version, text, recipients, retention_days }
    }
}

impl PlanDto {
    fn params(&self) -> PlanParams {
        let standard = PlanParams::default();
        PlanParams {
            document_timeout_ms: self.document_timeout_ms.unwrap_or(standard.document_timeout_ms),
            face_timeout_ms: self.face_timeout_ms.unwrap_or(standard.face_timeout_ms),
            turn_timeout_ms: self.turn_timeout_ms.unwrap_or(standard.turn_timeout_ms),
            manual_after_ms: self.manual_after_ms.unwrap_or(standard.manual_after_ms),
            upload: self.upload.unwrap_or(standard.upload),
            barcode: self.barcode.unwrap_or(standard.barcode),
        }
    }
}

fn invalid(why: &str) -> Error {
    Error::new(ErrorKind::RequestInvalid, why)
}

fn stored(session: &str) -> Result<Session, Error> {
    serde_json::from_str(session).map_err(|_| invalid("not a stored session"))
}

fn id(prefix: &str) -> Result<String, Error> {
    Ok(format!("{prefix}_{}", URL_SAFE_NO_PAD.encode(random::<16>()?)))
}

/// An answer for the page: `status` and `body` as text, with `problem` where it is one.
fn refused(problem: &Problem) -> String {
    json!({ "status": problem.status, "problem": true, "body": json!(problem).to_string() }).to_string()
}

#[wasm_bindgen]
impl RelayCore {
    /// A relay with the options' origin and terms. The text of the key is wiped.
    #[wasm_bindgen(constructor)]
    pub fn new(json: &str, secret_key: String) -> Result<RelayCore, JsValue> {
        let secret_key = Zeroizing::new(secret_key);
        let made = || {
            let key = SigningKey::from_secret_key_text(&secret_key)?;
            let dto: CoreDto = options(json)?;
            let origin = crate::http::trusted_url(&dto.origin)?.origin().ascii_serialization();
            let (params, test_camera) = (dto.plan.params(), dto.test_camera);
            Ok(Self { origin, key, terms: dto.terms.into(), params, test_camera })
        };
        made().map_err(thrown)
    }

    /// A session that waits for its start token: `{session, sessionId, submissionId, startToken}`.
    pub fn open(&self, policy_key: &str, now_ms: f64) -> Result<String, JsValue> {
        self.opened(policy_key, ms(now_ms)).map(|json| json.to_string()).map_err(thrown)
    }

    /// The session that the start token in the body of POST /session names: `{sessionId}`, or an answer.
    pub fn session_of(&self, body: &[u8], now_ms: f64) -> String {
        // A repeated exchange may come when the token has just ended. For the first one, the session knows.
        let latest_ms = ms(now_ms).saturating_sub(EXCHANGE_REPEAT_MS);
        let claims = wire::opening(body).and_then(|(token, _)| {
            verify_start_token(&token, self.key.public(), &self.origin, latest_ms).map_err(|refusal| {
                match refusal {
                    Refusal::Expired => {
                        wire::problem(Code::TokenExpired, "This link is too old. Ask for a new one.")
                    }
                    Refusal::Invalid => wire::problem(Code::TokenInvalid, "This link is not one of ours."),
                }
            })
        });
        claims
            .map_or_else(|problem| refused(&problem), |claims| json!({ "sessionId": claims.sub }).to_string())
    }

    /// Exchanges the start token in `body` for a session token that names its session: an answer with `session`.
    pub fn exchange(&self, session: &str, body: &[u8], now_ms: f64) -> Result<String, JsValue> {
        let (session, context) = self.known(session, now_ms).map_err(thrown)?;
        let outcome = wire::opening(body).and_then(|(_, page_key)| exchange(&session, &page_key, &context));
        Ok(match outcome {
            Ok((mut response, next)) => {
                response.session_token = format!("{}.{}", session.id, response.session_token);
                let body = json!(response).to_string();
                json!({ "status": 200, "body": body, "session": json!(next).to_string() }).to_string()
            }
            Err(problem) => refused(&problem),
        })
    }

    /// Carries a request of the page out: an answer with `session` where it changed, `effects`, and `attempt`
    /// where that attempt is to be judged before there is an answer. `returning` is JSON of [`Returning`].
    pub fn step(
        &self,
        session: &str,
        returning: &str,
        method: &str,
        path: &str,
        digest: Option<String>,
        body: Vec<u8>,
        now_ms: f64,
    ) -> Result<String, JsValue> {
        let (session, context) = self.known(session, now_ms).map_err(thrown)?;
        let outcome = Route::of(method, path)
            .and_then(|route| route.request(digest.as_deref(), body))
            .and_then(|request| step(&session, &request, &context));
        self.answer(&session, returning, outcome, &context)
    }

    /// Moves the session on by the operator's verdict on `attempt`, `{approved: true}` or `{reason}`: an answer
    /// with `session` and `effects`.
    pub fn decided(
        &self,
        session: &str,
        returning: &str,
        attempt: u32,
        verdict: &str,
        now_ms: f64,
    ) -> Result<String, JsValue> {
        let (session, context) = self.known(session, now_ms).map_err(thrown)?;
        let verdict = match options::<VerdictDto>(verdict).map_err(thrown)? {
            VerdictDto { approved: true, reason: None } => Verdict::Approved,
            VerdictDto { approved: false, reason: Some(reason) } => Verdict::Failed(reason),
            _ => return Err(thrown(invalid("a verdict is approved, or has a reason"))),
        };
        self.answer(&session, returning, decided(&session, attempt, verdict, &context), &context)
    }

    /// The session settled as expired, with its effects; nothing where it is not overdue.
    pub fn expire(&self, session: &str, now_ms: f64) -> Result<Option<String>, JsValue> {
        let session = stored(session).map_err(thrown)?;
        Ok(expire(&session, ms(now_ms)).map(|next| {
            let effects: Vec<Value> =
                next.settled.into_iter().map(|settled| effect(&Effect::Settle(settled))).collect();
            json!({ "session": json!(next).to_string(), "effects": effects }).to_string()
        }))
    }
}

impl RelayCore {
    fn opened(&self, policy_key: &str, now_ms: u64) -> Result<Value, Error> {
        let key: PolicyKey = policy_key.parse()?;
        let policy =
            key.policy.as_ref().ok_or_else(|| Error::new(ErrorKind::PolicyInvalid, "name the policy"))?;
        let parts = NewSession {
            id: id("sess")?,
            submission_id: id("sub")?,
            policy_key: key.to_string(),
            steps: steps_of(policy, &self.params)?,
            start_expires_at_ms: now_ms.saturating_add(START_TOKEN_LIFE_MS),
        };
        let session = Session::new(parts, &random()?);
        let token = mint_start_token(&self.key, &self.origin, &session.id, now_ms, id("st")?)?;
        Ok(json!({
            "session": json!(session).to_string(),
            "sessionId": session.id,
            "submissionId": session.submission_id,
            "startToken": token,
            "startKey": self.key.public().to_url_key(),
        }))
    }

    fn known(&self, session: &str, now_ms: f64) -> Result<(Session, Context), Error> {
        let context = Context {
            now_ms: ms(now_ms),
            random: random()?,
            terms: self.terms.clone(),
            params: self.params,
            test_camera: self.test_camera,
        };
        Ok((stored(session)?, context))
    }

    fn answer(
        &self,
        before: &Session,
        returning: &str,
        outcome: Result<Step, Problem>,
        context: &Context,
    ) -> Result<String, JsValue> {
        let made = || {
            let Step { reply, session, effects } = match outcome {
                Ok(step) => step,
                Err(problem) => return Ok(refused(&problem)),
            };
            let (status, body) = match &reply {
                Reply::Plan(plan) => (200, json!(plan)),
                Reply::Capture(ack) => (200, json!(ack)),
                Reply::Done => (204, Value::Null),
                Reply::Pending => (0, Value::Null),
                Reply::Retry { .. } | Reply::Settled(_) => {
                    let url = match &reply {
                        Reply::Settled(settled) => {
                            let returning: Returning = serde_json::from_str(returning)
                                .map_err(|_| invalid("not what the return of a session needs"))?;
                            returning.url(settled, &self.origin, &self.key, context.now_ms, id("rt")?)?
                        }
                        _ => String::new(),
                    };
                    (200, json!(reply.receipt(session.as_ref().unwrap_or(before), |_| url)))
                }
            };
            let text = if body.is_null() { String::new() } else { body.to_string() };
            let effects: Vec<Value> = effects.iter().map(effect).collect();
            Ok(json!({
                "status": status,
                "body": text,
                "session": session.as_ref().map(|session| json!(session).to_string()),
                "effects": effects,
                "attempt": (reply == Reply::Pending).then_some(before.attempt),
            })
            .to_string())
        };
        made().map_err(thrown)
    }
}

fn effect(effect: &Effect) -> Value {
    match effect {
        Effect::StoreCapture { attempt, kind, sha256 } => {
            json!({ "do": "store_capture", "attempt": attempt, "kind": kind, "sha256": sha256 })
        }
        Effect::Decide => json!({ "do": "decide" }),
        Effect::Settle(settled) => {
            json!({ "do": "settle", "outcome": settled.outcome, "reason": settled.reason, "attempt": settled.attempt })
        }
    }
}

/// What a path of the page's API takes: `{needsSession, maxBodyBytes}`, or an answer.
#[wasm_bindgen]
pub fn relay_route(method: &str, path: &str) -> String {
    match Route::of(method, path) {
        Ok(route) => {
            let needs_session = route != Route::Session;
            json!({ "needsSession": needs_session, "maxBodyBytes": route.max_body_bytes() }).to_string()
        }
        Err(problem) => refused(&problem),
    }
}

/// Session and token in an `authorization` header: `{sessionId, token}`; nothing where they are not there. What
/// a page gets as its token names its session, so that nothing has to be looked up.
#[wasm_bindgen]
pub fn relay_bearer(header: Option<String>) -> Option<String> {
    let (session_id, token) = wire::bearer(header.as_deref()).ok()?.rsplit_once('.')?;
    Some(json!({ "sessionId": session_id, "token": token }).to_string())
}

/// Whether `token` is the one of the stored session.
#[wasm_bindgen]
pub fn relay_is_token_of(session: &str, token: &str) -> bool {
    // Digests of random tokens: the time of this comparison says nothing about a token that fits.
    stored(session).is_ok_and(|session| session.token_sha256 == Some(session_token_digest(token)))
}

/// The answer with `code`, such as `session_unknown`, for a reason that only the caller sees.
#[wasm_bindgen]
pub fn relay_problem(code: &str, path_limit: usize) -> String {
    let problem = match code {
        "session_unknown" => wire::session_unknown(),
        "body_too_large" => {
            let detail = format!("The body is over {path_limit} bytes.");
            Problem { status: Code::BodyTooLarge.status(), code: Code::BodyTooLarge, detail }
        }
        "rate_limited" => wire::rate_limited(),
        "origin_refused" => wire::origin_refused(),
        "token_invalid" => wire::problem(Code::TokenInvalid, "This link is not one of ours."),
        "invalid_request" => wire::problem(Code::InvalidRequest, "The body broke off. Send it again."),
        _ => wire::problem(Code::Internal, "The fault is ours. Try again."),
    };
    refused(&problem)
}

/// Takes a request out of `bucket` (none for a full one): `{bucket}`, and `retryAfterS` where it is refused.
#[wasm_bindgen]
pub fn limit_take(bucket: Option<String>, burst: u32, per_minute: u32, now_ms: f64) -> String {
    let (params, now_ms) = (BucketParams { burst, per_minute }, ms(now_ms));
    let known = bucket.and_then(|text| serde_json::from_str::<Bucket>(&text).ok());
    let mut bucket = known.unwrap_or_else(|| Bucket::full(params, now_ms));
    let refused = bucket.take(params, now_ms).err().map(retry_after_header_s);
    json!({ "bucket": json!(bucket).to_string(), "retryAfterS": refused.unwrap_or(0) }).to_string()
}

/// Whether `bucket` says no more than a new one would.
#[wasm_bindgen]
pub fn limit_is_full(bucket: &str, burst: u32, per_minute: u32, now_ms: f64) -> bool {
    let known = serde_json::from_str::<Bucket>(bucket);
    known.map_or(true, |bucket| bucket.is_full(BucketParams { burst, per_minute }, ms(now_ms)))
}

/// The buckets of one process.
#[wasm_bindgen]
#[derive(Debug)]
pub struct RelayLimiter(Limiter);

#[wasm_bindgen]
impl RelayLimiter {
    /// No key has knocked yet.
    #[wasm_bindgen(constructor)]
    pub fn new(burst: u32, per_minute: u32) -> Self {
        Self(Limiter::new(BucketParams { burst, per_minute }))
    }

    /// Takes a request of `key`: 0, or the seconds to wait.
    pub fn take(&mut self, key: &str, now_ms: f64) -> u32 {
        let refused = self.0.take(key, ms(now_ms)).err().map(retry_after_header_s);
        u32::try_from(refused.unwrap_or(0)).unwrap_or(u32::MAX)
    }
}

/// The key under which an address is counted; what is no address counts as itself.
#[wasm_bindgen]
pub fn limit_address_key(address: &str) -> String {
    address.parse::<IpAddr>().map_or_else(|_| address.chars().take(64).collect(), address_key)
}
