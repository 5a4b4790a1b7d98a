//! POST /v1/oauth2/token: client credentials with `private_key_jwt`.

use super::read_body;
use crate::db;
use crate::error::{Error, no_store};
use crate::form::Form;
use crate::state::Sandbox;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use idv_edge::tokens::{ACCESS_TOKEN_LIFE_S, claimed_client_id, mint_access_token, verify_client_assertion};
use idv_edge::tomo::{ASSERTION_TYPE, DEFAULT_SCOPE, TOKEN_PATH};
use serde_json::json;

pub(super) async fn token(
    State(sandbox): State<Sandbox>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Error> {
    let body = read_body(&headers, body, "application/x-www-form-urlencoded").await?;
    let form = Form::read(&body)?;
    if form.require("grant_type")? != "client_credentials" {
        return Err(Error::bad_request("unsupported_grant_type", "grant_type must be client_credentials"));
    }
    if form.require("client_assertion_type")? != ASSERTION_TYPE {
        return Err(Error::bad_request(
            "invalid_request",
            format!("client_assertion_type must be {ASSERTION_TYPE}"),
        ));
    }
    let assertion = form.require("client_assertion")?;
    let client_id = authenticate(&sandbox, assertion, form.get("client_id")).await?;
    let scope = form.get("scope").unwrap_or(DEFAULT_SCOPE);
    if scope != DEFAULT_SCOPE {
        return Err(Error::bad_request("invalid_scope", format!("the only scope is {DEFAULT_SCOPE}")));
    }
    let now_s = sandbox.clock.now_ms() / 1000;
    let jti = sandbox.random.id("at")?;
    let token = mint_access_token(&sandbox.key, &sandbox.settings.origin, &client_id, scope, now_s, jti)
        .map_err(|error| Error::internal("access token", error))?;
    let body = json!({
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": ACCESS_TOKEN_LIFE_S,
        "scope": scope,
    });
    Ok((no_store(), Json(body)).into_response())
}

/// The client that made `assertion`, which is used up by this.
async fn authenticate(
    sandbox: &Sandbox,
    assertion: &str,
    stated_client_id: Option<&str>,
) -> Result<String, Error> {
    let invalid = |description: &str| Error::bad_request("invalid_client", description);
    let client_id =
        claimed_client_id(assertion).ok_or_else(|| invalid("client_assertion is not a JWT with a sub"))?;
    if stated_client_id.is_some_and(|stated| stated != client_id) {
        return Err(invalid("client_id is not the sub of the assertion"));
    }
    let client = db::find_client(&sandbox.db, &client_id)
        .await?
        .ok_or_else(|| invalid("no such client in this environment"))?;
    let audience = format!("{}{TOKEN_PATH}", sandbox.settings.origin);
    let now_s = sandbox.clock.now_ms() / 1000;
    let verified = verify_client_assertion(assertion, &client_id, &client.keys, &audience, now_s)
        .map_err(|refusal| invalid(refusal.description()))?;
    if !db::use_assertion(&sandbox.db, &client_id, &verified.jti, verified.exp_s, now_s).await? {
        return Err(invalid("this assertion was used before; make a new one for each request"));
    }
    Ok(client_id)
}
