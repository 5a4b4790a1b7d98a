//! The client that calls a protected endpoint.

use crate::error::Error;
use crate::state::Sandbox;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use idv_edge::tokens::verify_access_token;
use idv_edge::tomo::DEFAULT_SCOPE;

/// The client whose access token came with the request.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) client_id: String,
}

impl FromRequestParts<Sandbox> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Sandbox) -> Result<Self, Error> {
        let refused = |error| Error::Bearer { status: StatusCode::UNAUTHORIZED, error };
        let value = parts.headers.get(header::AUTHORIZATION).ok_or_else(|| refused(None))?;
        let token = value
            .to_str()
            .ok()
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or_else(|| refused(None))?;
        let now_s = sandbox.clock.now_ms() / 1000;
        let claims = verify_access_token(token, sandbox.key.public(), &sandbox.settings.origin, now_s)
            .map_err(|_| refused(Some("invalid_token")))?;
        if !claims.scope.split(' ').any(|scope| scope == DEFAULT_SCOPE) {
            return Err(Error::Bearer { status: StatusCode::FORBIDDEN, error: Some("insufficient_scope") });
        }
        Ok(Self { client_id: claims.sub })
    }
}
