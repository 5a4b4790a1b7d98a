//! Older forms of the contract: `kyc/get`, and the paths that the vendor calls deprecated.

use super::bearer::Caller;
use super::read_json;
use super::result::approved_in;
use super::start::{StartBody, begin};
use crate::error::{Error, no_store};
use crate::state::Sandbox;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use idv_edge::tokens::START_TOKEN_LIFE_MS;
use idv_edge::tomo::{
    CnToken, Country, KycGetRequest, Launch, OlderCountry, OlderStartRequest, PolicyKey, SessionStarted,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// `launch.type` of a session that is opened by its URL. The vendor's words are in no public text.
const LAUNCH_BY_URL: &str = "url";

#[derive(Deserialize)]
struct UserBody {
    user_id: String,
}

/// POST /v1/idv/kyc/get: what is known of a person who was approved in a country.
pub(super) async fn kyc_get(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Error> {
    let request: KycGetRequest = read_json(&headers, body).await?;
    fields(&sandbox, &caller, &request.user_id, &request.country).await
}

/// POST /v1/idv/{country}/kyc/get.
pub(super) async fn country_kyc_get(
    State(sandbox): State<Sandbox>,
    Extension(country): Extension<OlderCountry>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Error> {
    let request: UserBody = read_json(&headers, body).await?;
    fields(&sandbox, &caller, &request.user_id, &country_of(country)?).await
}

async fn fields(
    sandbox: &Sandbox,
    caller: &Caller,
    user_id: &str,
    country: &Country,
) -> Result<Response, Error> {
    let record = approved_in(sandbox, &caller.client_id, user_id, country).await?;
    let record = record.ok_or_else(|| Error::OAuth {
        status: StatusCode::BAD_REQUEST,
        error: "invalid_request",
        description: "nobody of this user_id was approved in this country".to_owned(),
    })?;
    Ok((no_store(), Json(record.result)).into_response())
}

/// POST /v1/idv/{country}/start: a verification by the country's default policy, or by the one that `kyc_policy_id` names.
pub(super) async fn start(
    State(sandbox): State<Sandbox>,
    Extension(country): Extension<OlderCountry>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Error> {
    let request: OlderStartRequest = read_json(&headers, body).await?;
    let kyc_policy =
        request.kyc_policy_id.as_deref().map(|id| policy_of_id(id, country)).transpose()?.flatten();
    let start = StartBody {
        user_id: Some(request.user_id),
        country: Some(country.code().to_owned()),
        email: request.email,
        kyc_policy,
        callback_url: Some(request.callback_url),
        ..StartBody::default()
    };
    Ok(Json(json!({ "start_idv_uri": begin(&sandbox, &caller, start).await?.url })))
}

/// The policy that the older id names. Its form is in no public text but that an empty one is refused; here it is a policy
/// key of the country.
fn policy_of_id(id: &str, country: OlderCountry) -> Result<Option<Value>, Error> {
    if id.is_empty() {
        return Err(Error::bad_request("invalid_request", "Please provide kyc_policy_id."));
    }
    let refused =
        || Error::bad_request("invalid_request", "Unsupported kyc_policy: no policy of this country");
    let key: PolicyKey = id.parse().map_err(|_| refused())?;
    if key.country.as_str() != country.code() {
        return Err(refused());
    }
    Ok(key.policy.map(serde_json::to_value).transpose()?)
}

/// POST /v1/idv/cn/token: a session that an app opens itself. What it is for is in no public text; here the token is that
/// of a start URL.
pub(super) async fn cn_token(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Error> {
    let request: UserBody = read_json(&headers, body).await?;
    let start = StartBody {
        user_id: Some(request.user_id),
        country: Some(OlderCountry::Cn.code().to_owned()),
        ..StartBody::default()
    };
    let started = begin(&sandbox, &caller, start).await?;
    let token =
        CnToken { expires_in: START_TOKEN_LIFE_MS / 1000, key: started.key, session_token: started.token };
    Ok((no_store(), Json(token)).into_response())
}

/// POST /v1/idv/sessions/start.
pub(super) async fn session_start(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Error> {
    let start: StartBody = read_json(&headers, body).await?;
    if start.user_id.as_deref().is_none_or(str::is_empty) {
        return Err(Error::bad_request("invalid_request", "user_id is missing"));
    }
    let started = begin(&sandbox, &caller, start).await?;
    let launch = Launch { kind: LAUNCH_BY_URL.to_owned(), url: Some(started.url), ..Launch::default() };
    Ok((no_store(), Json(SessionStarted { session_id: started.session_id, launch })).into_response())
}

fn country_of(country: OlderCountry) -> Result<Country, Error> {
    country.code().parse().map_err(|error| Error::internal("country", error))
}
