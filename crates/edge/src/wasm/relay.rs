//! The relay: sessions in, answers and effects out, all as JSON texts that JavaScript stores and sends.

use super::dto::options;
use super::relay_dto::{AskedDto, CoreDto, FoundDto, VerdictDto};
use super::{ms, random, thrown};
use crate::error::{Error, ErrorKind};
use crate::evidence::VerifierSecret;
use crate::keys::SigningKey;
use crate::relay::entry::Key;
use crate::relay::wire::{self, Head, Route};
use crate::relay::{
    Context, EXCHANGE_REPEAT_MS, Effect, NewSession, PlanParams, Reply, Request, Returning, Session, Step,
    concluded, decided, exchange, expire, session_token_digest, step, steps_of,
};
use crate::tokens::{Refusal, START_TOKEN_LIFE_MS, mint_start_token, verify_start_token};
use crate::tomo::PolicyKey;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use idv_protocol::{Code, ConsentTerms, Problem};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
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
    otp_key: Zeroizing<[u8; 32]>,
    verifier: VerifierSecret,
}

/// What tells the key of codes, and that of the sessions' verifiers, from every other use of the operator's secret.
const OTP_KEY_LABEL: &[u8] = b"idv-web relay otp key\0";
const VERIFIER_LABEL: &[u8] = b"idv-web relay verifier\0";

pub(super) fn invalid(why: &str) -> Error {
    Error::new(ErrorKind::RequestInvalid, why)
}

/// An answer of the relay: JSON, and the picture to store where there is one.
#[wasm_bindgen]
#[allow(missing_debug_implementations)]
pub struct RelayAnswer {
    json: String,
    bytes: Option<Vec<u8>>,
}

impl RelayAnswer {
    fn of(json: String) -> Self {
        Self { json, bytes: None }
    }
}

#[wasm_bindgen]
impl RelayAnswer {
    /// The answer, once.
    pub fn json(&mut self) -> String {
        std::mem::take(&mut self.json)
    }

    /// The opened picture of the effect `store_capture`, once.
    pub fn bytes(&mut self) -> Option<Vec<u8>> {
        self.bytes.take()
    }
}

fn stored(session: &str) -> Result<Session, Error> {
    serde_json::from_str(session).map_err(|_| invalid("not a stored session"))
}

fn id(prefix: &str) -> Result<String, Error> {
    Ok(format!("{prefix}_{}", URL_SAFE_NO_PAD.encode(random::<16>()?)))
}

/// A value as JSON, its members in the order of their type: a page may hash them.
fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// An answer for the page: `status` and `body` as text, with `problem` where it is one.
fn refused(problem: &Problem) -> String {
    json!({ "status": problem.status, "problem": true, "body": text(problem) }).to_string()
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
            let derived = |label: &[u8]| {
                let digest = Sha256::new().chain_update(label).chain_update(&*secret_key).finalize();
                Zeroizing::new(<[u8; 32]>::from(digest))
            };
            let otp_key = derived(OTP_KEY_LABEL);
            let verifier = VerifierSecret::new(&*derived(VERIFIER_LABEL))?;
            Ok(Self { origin, key, terms: dto.terms.into(), params, test_camera, otp_key, verifier })
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
                let body = text(&response);
                json!({ "status": 200, "body": body, "session": text(&next) }).to_string()
            }
            Err(problem) => refused(&problem),
        })
    }

    /// Carries a request of the page out: an answer with `session` where it changed and `effects`. Where there is
    /// no answer yet, `pending` says whether the attempt is to be judged (`decide`, of the attempt `attempt`) or
    /// the effect is to be worked on (`work`). `asked` is JSON of [`AskedDto`], `returning` of [`Returning`].
    pub fn step(
        &self,
        session: &str,
        returning: &str,
        asked: &str,
        body: Vec<u8>,
        now_ms: f64,
    ) -> Result<RelayAnswer, JsValue> {
        let (session, context) = self.known(session, now_ms).map_err(thrown)?;
        let asked: AskedDto = options(asked).map_err(thrown)?;
        let head = Head { digest: asked.digest.as_deref(), key: asked.key.as_deref() };
        let request = Route::of(&asked.method, &asked.path).and_then(|route| route.request(head, body));
        let is_entry = matches!(request, Ok(Request::Entry { .. }));
        let outcome = request.and_then(|request| step(&session, &request, &context));
        self.answer(&session, returning, outcome, is_entry, &context)
    }

    /// Moves the session on by what came of the work that the entry with `key` set off; `found` is JSON of
    /// [`FoundDto`]. An answer as of [`Self::step`].
    pub fn concluded(
        &self,
        session: &str,
        returning: &str,
        key: Option<String>,
        found: &str,
        now_ms: f64,
    ) -> Result<RelayAnswer, JsValue> {
        let (session, context) = self.known(session, now_ms).map_err(thrown)?;
        let found = options::<FoundDto>(found).and_then(FoundDto::found).map_err(thrown)?;
        let key = key.as_deref().map(Key::parse).transpose();
        let outcome = key.and_then(|key| concluded(&session, key.as_ref(), &found, &context));
        self.answer(&session, returning, outcome, true, &context)
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
    ) -> Result<RelayAnswer, JsValue> {
        let (session, context) = self.known(session, now_ms).map_err(thrown)?;
        let verdict = options::<VerdictDto>(verdict).and_then(VerdictDto::verdict).map_err(thrown)?;
        self.answer(&session, returning, decided(&session, attempt, verdict, &context), false, &context)
    }

    /// The session settled as expired, with its effects; nothing where it is not overdue.
    pub fn expire(&self, session: &str, now_ms: f64) -> Result<Option<String>, JsValue> {
        let session = stored(session).map_err(thrown)?;
        Ok(expire(&session, ms(now_ms)).map(|next| {
            let effects: Vec<Value> =
                next.settled.into_iter().map(|settled| effect(&Effect::Settle(settled))).collect();
            json!({ "session": text(&next), "effects": effects }).to_string()
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
            steps: steps_of(&key.country, policy, &self.params)?,
            challenge_set: self.params.challenge_set,
            start_expires_at_ms: now_ms.saturating_add(START_TOKEN_LIFE_MS),
        };
        let session = Session::new(parts, &random()?);
        let token = mint_start_token(&self.key, &self.origin, &session.id, now_ms, id("st")?)?;
        Ok(json!({
            "session": text(&session),
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
            otp_key: *self.otp_key,
            verifier: self.verifier.clone(),
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
        is_entry: bool,
        context: &Context,
    ) -> Result<RelayAnswer, JsValue> {
        let made = || {
            let Step { reply, session, effects } = match outcome {
                Ok(step) => step,
                Err(problem) => return Ok(RelayAnswer::of(refused(&problem))),
            };
            let (status, body) = match &reply {
                Reply::Plan(plan) => (200, text(plan)),
                Reply::Capture(ack) => (200, text(ack)),
                Reply::Done => (204, String::new()),
                Reply::Pending => (0, String::new()),
                Reply::Unavailable => {
                    let unavailable = text(&vendor_unavailable());
                    let session = session.as_ref().map(text);
                    let status = Code::VendorUnavailable.status();
                    let json = json!({ "status": status, "body": unavailable, "isProblem": true,
                        "session": session, "effects": [] });
                    return Ok(RelayAnswer::of(json.to_string()));
                }
                Reply::Entry(_) | Reply::Frames { .. } | Reply::Retry { .. } | Reply::Settled(_) => {
                    let url = match &reply {
                        Reply::Settled(settled) => {
                            let returning: Returning = serde_json::from_str(returning)
                                .map_err(|_| invalid("not what the return of a session needs"))?;
                            returning.url(settled, &self.origin, &self.key, context.now_ms, id("rt")?)?
                        }
                        _ => String::new(),
                    };
                    let after = session.as_ref().unwrap_or(before);
                    let body = if is_entry {
                        text(&reply.entry_reply(after, |_| url))
                    } else {
                        text(&reply.receipt(after, |_| url))
                    };
                    (200, body)
                }
            };
            let bytes = effects.iter().find_map(|effect| match effect {
                Effect::StoreCapture { jpeg, .. } => Some(jpeg.0.clone()),
                _ => None,
            });
            let effects: Vec<Value> = effects.iter().map(effect).collect();
            let pending = if is_entry { "work" } else { "decide" };
            let json = json!({
                "status": status,
                "body": body,
                "session": session.as_ref().map(text),
                "effects": effects,
                "pending": (reply == Reply::Pending).then_some(pending),
                "attempt": before.attempt,
            });
            Ok(RelayAnswer { json: json.to_string(), bytes })
        };
        made().map_err(thrown)
    }
}

fn effect(effect: &Effect) -> Value {
    match effect {
        Effect::StoreCapture { attempt, kind, sha256, .. } => {
            json!({ "do": "store_capture", "attempt": attempt, "kind": kind, "sha256": sha256 })
        }
        Effect::StoreEvidence(manifest) => json!({ "do": "store_evidence", "evidence": manifest.jws() }),
        Effect::Frames(frames) => {
            let opened = frames.iter().map(|frame| json!({ "index": frame.index, "capture": frame.capture }));
            json!({ "do": "frames", "frames": opened.collect::<Vec<_>>() })
        }
        Effect::EvidenceRefused(failure) => {
            json!({ "do": "evidence_refused", "code": failure.code(), "subject": failure.subject() })
        }
        Effect::Decide => json!({ "do": "decide" }),
        Effect::CheckRecord { person } => json!({ "do": "check_record", "person": person.fields }),
        Effect::SendOtp { code } => json!({ "do": "send_otp", "code": code.as_str() }),
        Effect::CheckSecret { secret } => json!({ "do": "check_secret", "secret": secret.0 }),
        Effect::StartSignature { trigger } => json!({ "do": "start_signature", "trigger": trigger }),
        Effect::CheckSignature => json!({ "do": "check_signature" }),
        Effect::Settle(settled) => {
            json!({ "do": "settle", "outcome": settled.outcome, "reason": settled.reason, "attempt": settled.attempt })
        }
    }
}

fn vendor_unavailable() -> Problem {
    let detail = "Somebody who has to be asked does not answer. Try again in a moment.";
    wire::problem(Code::VendorUnavailable, detail)
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
            wire::problem(Code::BodyTooLarge, &format!("The body is over {path_limit} bytes."))
        }
        "vendor_unavailable" => vendor_unavailable(),
        "rate_limited" => wire::rate_limited(),
        "origin_refused" => wire::origin_refused(),
        "token_invalid" => wire::problem(Code::TokenInvalid, "This link is not one of ours."),
        "invalid_request" => wire::problem(Code::InvalidRequest, "The body broke off. Send it again."),
        _ => wire::problem(Code::Internal, "The fault is ours. Try again."),
    };
    refused(&problem)
}
