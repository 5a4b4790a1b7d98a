//! POST /v1/idv/start: a verification begins.

use super::bearer::Caller;
use super::policies::{policy_of, unsupported};
use super::read_json;
use crate::db::{self, NewVerification};
use crate::error::Error;
use crate::events::Event;
use crate::scenario::challenge_set_of;
use crate::state::Sandbox;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use idv_edge::relay::{NewSession, PlanParams, Session, steps_of};
use idv_edge::tokens::{START_TOKEN_LIFE_MS, is_redirect_allowed, mint_start_token};
use idv_edge::tomo::{IdType, KycPolicy, PolicyKey, Subject};
use serde::Deserialize;
use serde_json::{Value, json};

/// Longest user id and URL taken, in characters; a ppid has 101.
const MAX_USER_ID_CHARS: usize = 512;
const MAX_URL_CHARS: usize = 2048;

/// StartIdvReq; members that this sandbox does not use are accepted and ignored.
#[derive(Deserialize)]
pub(super) struct StartBody {
    user_id: Option<String>,
    country: Option<String>,
    kyc_policy: Option<Value>,
    redirect_url_success: Option<String>,
    redirect_url_fail: Option<String>,
    callback_url: Option<String>,
}

pub(super) async fn start(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Error> {
    let request: StartBody = read_json(&headers, body).await?;
    let (key, policy) = policy_of(request.country.as_deref(), request.kyc_policy)?;
    let plan = plan_of(&sandbox, &key, &policy);
    let steps = steps_of(&key.country, &policy, &plan).map_err(unsupported)?;
    let fallback = format!("{}/customer/return", sandbox.settings.origin);
    let success = request.redirect_url_success.or_else(|| request.callback_url.clone()).unwrap_or(fallback);
    let fail = request.redirect_url_fail.or(request.callback_url).unwrap_or_else(|| success.clone());
    for redirect in [&success, &fail] {
        if redirect.len() > MAX_URL_CHARS || !is_redirect_allowed(redirect) {
            let description = "a redirect URL must be https:, http: on this machine, or an app's own scheme";
            return Err(Error::bad_request("invalid_request", description));
        }
    }
    let user_id = request.user_id.filter(|user_id| !user_id.is_empty());
    if user_id.as_ref().is_some_and(|user_id| user_id.len() > MAX_USER_ID_CHARS) {
        return Err(Error::bad_request("invalid_request", "user_id is over 512 characters"));
    }

    let chosen_set = user_id.as_deref().and_then(challenge_set_of);
    let now_ms = sandbox.clock.now_ms();
    let new_ppid = new_ppid(&sandbox)?;
    let ppid = db::person_of(&sandbox.db, &caller.client_id, user_id.as_deref(), &new_ppid).await?;
    let session = Session::new(
        NewSession {
            id: sandbox.random.id("ses")?,
            submission_id: sandbox.random.id("sub")?,
            policy_key: key.to_string(),
            steps,
            challenge_set: chosen_set.unwrap_or(plan.challenge_set),
            start_expires_at_ms: now_ms.saturating_add(START_TOKEN_LIFE_MS),
        },
        &sandbox.random.bytes()?,
    );
    let verification = NewVerification {
        ppid: &ppid,
        country: key.country.as_str(),
        redirect_success: &success,
        redirect_fail: &fail,
        started_at_ms: now_ms,
    };
    db::insert_verification(&sandbox.db, &verification, &session).await?;
    if session.signature_step().is_some() {
        sandbox.settings.vendors.toss.warm();
    }

    let origin = &sandbox.settings.origin;
    let token = mint_start_token(&sandbox.key, origin, &session.id, now_ms, sandbox.random.id("st")?)
        .map_err(|error| Error::internal("start token", error))?;
    sandbox
        .emit(Event::SessionStarted { submission_id: session.submission_id, policy_key: session.policy_key });
    let url_key = sandbox.key.public().to_url_key();
    Ok(Json(json!({ "start_idv_uri": format!("{origin}/idv/start?token={token}&key={url_key}") })))
}

/// Countries whose cards have a barcode by AAMVA.
const AAMVA_COUNTRIES: [&str; 2] = ["us", "ca"];

/// How the steps of a policy run in its country.
fn plan_of(sandbox: &Sandbox, key: &PolicyKey, policy: &KycPolicy) -> PlanParams {
    let is_card = policy.subject() == Subject::Document(IdType::IdCard);
    PlanParams {
        barcode: is_card && AAMVA_COUNTRIES.contains(&key.country.as_str()),
        ..sandbox.settings.plan
    }
}

/// A ppid of the observed form: version 1, counter 1, 0, and two length-prefixed values of 32 bytes; 72 bytes in
/// base64url. Opaque, random, and another one for each client.
fn new_ppid(sandbox: &Sandbox) -> Result<String, Error> {
    let mut bytes = vec![0x01, 0x00, 0x00, 0x00, 0x01, 0x00];
    for _ in 0..2 {
        bytes.push(32);
        bytes.extend(sandbox.random.bytes::<32>()?);
    }
    Ok(format!("ppid.{}", URL_SAFE_NO_PAD.encode(bytes)))
}
