//! POST /token: client credentials with a secret.

use crate::error::{Error, no_store};
use crate::form::Form;
use crate::state::Sandbox;
use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use idv_edge::toss::SCOPE;
use idv_edge::toss::issuing::TEST_TOKEN_LIFE_S;
use serde_json::json;

/// Largest body in bytes. Four short parameters take some hundred.
const MAX_BODY_BYTES: usize = 8 * 1024;

pub(super) async fn token(
    State(sandbox): State<Sandbox>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Error> {
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let form_type = "application/x-www-form-urlencoded";
    if !sent.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(form_type) {
        return Err(Error::bad_request("invalid_request", format!("the body must be {form_type}")));
    }
    let body = to_bytes(body, MAX_BODY_BYTES)
        .await
        .map_err(|_| Error::bad_request("invalid_request", "the body is over its limit"))?;
    let form = Form::read(&body)?;
    if form.require("grant_type")? != "client_credentials" {
        return Err(Error::bad_request("unsupported_grant_type", "grant_type must be client_credentials"));
    }
    let (client_id, client_secret) = (form.require("client_id")?, form.require("client_secret")?);
    if form.require("scope")? != SCOPE {
        return Err(Error::bad_request("invalid_scope", format!("the only scope is {SCOPE}")));
    }
    if !sandbox.toss.knows(client_id, client_secret) {
        return Err(Error::OAuth {
            status: StatusCode::UNAUTHORIZED,
            error: "invalid_client",
            description: "no such client, or another secret".to_owned(),
        });
    }
    let now_s = sandbox.clock.now_ms() / 1000;
    let jti = super::vendor::uuid(&sandbox.random)?;
    let token = sandbox.toss.mint_token(client_id.to_owned(), now_s, jti).await?;
    let body = json!({
        "access_token": token,
        "scope": SCOPE,
        "token_type": "Bearer",
        "expires_in": TEST_TOKEN_LIFE_S,
    });
    Ok((no_store(), Json(body)).into_response())
}
