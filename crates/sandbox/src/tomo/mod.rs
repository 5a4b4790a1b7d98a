//! TomoIDV's endpoints, contracts 1.3 and 1.4.
//!
//! In: requests of customers' servers. Out: tokens, start URLs, results. Rule: the contract version is settled
//! before anything else is looked at; a client sees its own people only.

mod bearer;
mod checks;
mod media;
mod older;
mod person;
mod policies;
mod provenance;
mod records;
mod result;
mod start;
mod token;
mod version;
pub(crate) mod webhooks;

pub(crate) use media::PATH as MEDIA_PATH;
pub(crate) use policies::running_policy;
pub use version::Version;
pub use webhooks::Webhooks;

use crate::error::Error;
use crate::state::Sandbox;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::from_fn;
use axum::routing::{any, get, post};
use axum::{Extension, Json, Router, extract::State};
use idv_edge::tomo::{
    BULK_DELETE_PATH, CN_TOKEN_PATH, HEALTH_PATH, KYC_GET_PATH, OlderCountry, RESET_PATH, RESULT_DELETE_PATH,
    RESULT_PATH, SESSION_START_PATH, START_PATH, TOKEN_PATH,
};
use serde::de::DeserializeOwned;

/// Largest body of these endpoints in bytes. A start request with its policy and URLs is a few kilobytes.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// The routes of this section.
pub fn router() -> Router<Sandbox> {
    let older = OlderCountry::ALL.into_iter().fold(Router::new(), |router, country| {
        router
            .route(&country.start_path(), post(older::start).layer(Extension(country)))
            .route(&country.kyc_get_path(), post(older::country_kyc_get).layer(Extension(country)))
            .route(&country.health_path(), get(health))
    });
    Router::new()
        .merge(older)
        .route(CN_TOKEN_PATH, post(older::cn_token))
        .route(SESSION_START_PATH, post(older::session_start))
        .route(KYC_GET_PATH, post(older::kyc_get))
        .route(media::PATH, get(media::media))
        .route(TOKEN_PATH, post(token::token))
        .route(START_PATH, post(start::start))
        .route(RESULT_PATH, post(result::result))
        .route(RESET_PATH, post(records::reset))
        .route(RESULT_DELETE_PATH, post(records::delete))
        .route(BULK_DELETE_PATH, post(records::bulk_delete))
        .route(HEALTH_PATH, get(health))
        .route("/v1/{*rest}", any(not_found))
        .layer(from_fn(version::negotiate))
}

async fn health(State(sandbox): State<Sandbox>) -> Result<Json<&'static str>, Error> {
    sqlx::query("SELECT 1").execute(&sandbox.db).await?;
    Ok(Json("ok"))
}

async fn not_found() -> Error {
    Error::OAuth {
        status: StatusCode::NOT_FOUND,
        error: "not_found",
        description: "this sandbox has no such endpoint".to_owned(),
    }
}

/// The whole body, if it is within the limit and of one of `types`.
async fn read_body(headers: &HeaderMap, body: Body, content_type: &str) -> Result<Vec<u8>, Error> {
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let sent = sent.split(';').next().unwrap_or_default().trim();
    if !sent.eq_ignore_ascii_case(content_type) {
        return Err(Error::bad_request("invalid_request", format!("the body must be {content_type}")));
    }
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if declared.is_some_and(|length: usize| length > MAX_BODY_BYTES) {
        return Err(too_large());
    }
    to_bytes(body, MAX_BODY_BYTES).await.map(Vec::from).map_err(|_| too_large())
}

fn too_large() -> Error {
    Error::OAuth {
        status: StatusCode::PAYLOAD_TOO_LARGE,
        error: "invalid_request",
        description: format!("the body is over {MAX_BODY_BYTES} bytes"),
    }
}

async fn read_json<T: DeserializeOwned>(headers: &HeaderMap, body: Body) -> Result<T, Error> {
    let body = read_body(headers, body, "application/json").await?;
    serde_json::from_slice(&body).map_err(|_| Error::bad_request("invalid_request", "Invalid `body`"))
}
