//! The requests of the customer's server, and what their answers say.

use super::assertion::{ASSERTION_TYPE, AssertionClaims, DEFAULT_SCOPE};
use super::environment::{Credentials, Environment};
use super::policy::KycPolicy;
use super::policy_key::Country;
use super::result::{RESULT_PATH, ResultRequest, ResultResponse};
use crate::error::{Error, ErrorKind};
use crate::http::{Method, Request, Response, trusted_url};
use crate::keys::SigningKey;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt;
use url::Url;
use uuid::Uuid;

/// Path of the token endpoint.
pub const TOKEN_PATH: &str = "/v1/oauth2/token";
/// Path that starts a verification.
pub const START_PATH: &str = "/v1/idv/start";
/// Header that asks for a contract version; absent means 1.3.
pub const VERSION_HEADER: &str = "tomo-api-version";
/// Largest answer read, in bytes. A result without pictures is some kilobytes.
pub const MAX_RESPONSE_BYTES: usize = 1024 * 1024;
/// Longest RFC 6749 error text kept of a refusal, in characters.
const MAX_REFUSAL_CHARS: usize = 300;

/// Contract version asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ApiVersion {
    /// 1.3: no header; results without a status.
    V1_3,
    /// 1.4: `Tomo-API-Version: 1.4`; results with `kyc`.
    #[default]
    V1_4,
}

/// An access token. `Debug` shows its life only.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken {
    token: String,
    /// Life in seconds, as the token endpoint said.
    pub expires_in_s: u64,
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken").field("expires_in_s", &self.expires_in_s).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct TokenResponse {
    access_token: String,
    token_type: String,
    expires_in: u64,
}

/// Body of a start request. The contract marks nothing as required.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartRequest {
    /// The customer's own user id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// Country whose document is presented; needed with a policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// Used by some countries' paths.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// What to verify; absent means the country's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kyc_policy: Option<KycPolicy>,
    /// Where the flow returns to when it succeeded. Put an own unguessable id into its query: the contract
    /// has no `state`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect_url_success: Option<String>,
    /// Where the flow returns to when it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect_url_fail: Option<String>,
    /// Who is told that the verification has ended: `https:`, or `http:` on this machine. See [`super::WebhookHint`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook_url: Option<String>,
}

impl fmt::Debug for StartRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StartRequest")
            .field("country", &self.country)
            .field("kyc_policy", &self.kyc_policy)
            .finish_non_exhaustive()
    }
}

/// `start_idv_uri`: what the visitor's browser or app opens, once. It carries a token: `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct StartUrl(Url);

impl StartUrl {
    /// A start URL that was found to be trusted.
    pub(super) fn new(url: Url) -> Self {
        Self(url)
    }

    /// The URL to send the visitor to.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Debug for StartUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StartUrl").field(&self.0.path()).finish()
    }
}

#[derive(Deserialize)]
struct StartResponse {
    start_idv_uri: String,
}

#[derive(Default, Deserialize)]
struct Refused {
    #[serde(default)]
    error: String,
    #[serde(default)]
    error_description: String,
}

/// A customer's server as a client of TomoIDV: makes requests, reads answers, sends nothing.
#[derive(Clone, Debug)]
pub struct Client {
    base_url: Url,
    client_id: String,
    key: SigningKey,
    version: ApiVersion,
}

impl Client {
    /// A client of the vendor's `environment`. Fails with [`ErrorKind::EnvironmentMismatch`] on credentials
    /// that the other environment issued.
    pub fn at(environment: Environment, credentials: Credentials) -> Result<Self, Error> {
        if credentials.issued_by != environment {
            let message = "the client id was issued by the other environment";
            return Err(Error::new(ErrorKind::EnvironmentMismatch, message));
        }
        let base_url = trusted_url(environment.base_url())?;
        let Credentials { client_id, key, .. } = credentials;
        Ok(Self { base_url, client_id, key, version: ApiVersion::default() })
    }

    /// A client of a server with the same contract at `base_url` (scheme, host and port; the client id is
    /// valid only there). Fails with [`ErrorKind::UrlInvalid`] on `http:` to another machine, and with
    /// [`ErrorKind::EnvironmentMismatch`] on the vendor's own hosts, which [`Self::at`] reaches.
    pub fn new(base_url: &str, client_id: impl Into<String>, key: SigningKey) -> Result<Self, Error> {
        let base_url = trusted_url(base_url)?;
        if Environment::of(&base_url).is_some() {
            let message = "a vendor's host is reached with the credentials that its console issued";
            return Err(Error::new(ErrorKind::EnvironmentMismatch, message));
        }
        if base_url.path() != "/" || base_url.query().is_some() {
            return Err(Error::new(ErrorKind::UrlInvalid, "the base URL has a path or a query"));
        }
        Ok(Self { base_url, client_id: client_id.into(), key, version: ApiVersion::default() })
    }

    /// The same client asking for another contract version.
    #[must_use]
    pub fn with_version(mut self, version: ApiVersion) -> Self {
        self.version = version;
        self
    }

    /// The token request, its assertion issued at `now_s` (seconds since 1970) with a fresh UUID v4 as `jti`.
    pub fn token_request(&self, now_s: u64, jti: Uuid) -> Result<Request, Error> {
        let url = self.url(TOKEN_PATH)?;
        let assertion = self.key.sign(&AssertionClaims::new(&self.client_id, url.as_str(), now_s, jti))?;
        let body = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("client_assertion_type", ASSERTION_TYPE)
            .append_pair("client_assertion", &assertion)
            .append_pair("scope", DEFAULT_SCOPE)
            .finish();
        let headers = self.headers("application/x-www-form-urlencoded", None);
        Ok(Request { method: Method::Post, url, headers, body: body.into_bytes() })
    }

    /// The access token in the answer to [`Self::token_request`].
    pub fn read_token(&self, response: &Response) -> Result<AccessToken, Error> {
        let token: TokenResponse = read(response)?;
        if !token.token_type.eq_ignore_ascii_case("bearer") || token.access_token.is_empty() {
            return Err(Error::new(ErrorKind::ResponseInvalid, "the token endpoint gave no bearer token"));
        }
        Ok(AccessToken { token: token.access_token, expires_in_s: token.expires_in })
    }

    /// The request that starts a verification. Fails with [`ErrorKind::UrlInvalid`] on a webhook URL that is neither
    /// `https:` nor on this machine.
    pub fn start_request(&self, token: &AccessToken, start: &StartRequest) -> Result<Request, Error> {
        start.webhook_url.as_deref().map(trusted_url).transpose()?;
        self.json_request(START_PATH, token, start)
    }

    /// The start URL in the answer to [`Self::start_request`]; only `https:`, or `http:` on this machine.
    pub fn read_start(&self, response: &Response) -> Result<StartUrl, Error> {
        let start: StartResponse = read(response)?;
        trusted_url(&start.start_idv_uri)
            .map(StartUrl)
            .map_err(|_| Error::new(ErrorKind::ResponseInvalid, "start_idv_uri is no https: URL"))
    }

    /// The request for the result of a user.
    pub fn result_request(&self, token: &AccessToken, query: &ResultRequest) -> Result<Request, Error> {
        self.json_request(RESULT_PATH, token, query)
    }

    /// The result in the answer to [`Self::result_request`]: the only place where a verification is known to
    /// have succeeded.
    pub fn read_result(&self, response: &Response) -> Result<ResultResponse, Error> {
        read(response)
    }

    fn url(&self, path: &str) -> Result<Url, Error> {
        self.base_url
            .join(path)
            .map_err(|_| Error::new(ErrorKind::UrlInvalid, "the base URL cannot carry a path"))
    }

    fn headers(&self, content_type: &str, token: Option<&AccessToken>) -> Vec<(&'static str, String)> {
        let mut headers =
            vec![("content-type", content_type.to_owned()), ("accept", "application/json".to_owned())];
        if self.version == ApiVersion::V1_4 {
            headers.push((VERSION_HEADER, "1.4".to_owned()));
        }
        if let Some(token) = token {
            headers.push(("authorization", format!("Bearer {}", token.token)));
        }
        headers
    }

    /// A GET without a token.
    pub(super) fn bare_get(&self, path: &str) -> Result<Request, Error> {
        let mut headers = self.headers("", None);
        headers.retain(|(name, _)| *name != "content-type");
        Ok(Request { method: Method::Get, url: self.url(path)?, headers, body: Vec::new() })
    }

    /// Where this client's server is.
    pub(super) fn base_url(&self) -> &Url {
        &self.base_url
    }

    /// A GET with a token.
    pub(super) fn get(&self, url: Url, token: &AccessToken) -> Request {
        let mut headers = self.headers("", Some(token));
        headers.retain(|(name, _)| !["content-type", "accept"].contains(name));
        Request { method: Method::Get, url, headers, body: Vec::new() }
    }

    /// A POST with a token and a JSON body.
    pub(super) fn json_request(
        &self,
        path: &str,
        token: &AccessToken,
        body: &impl Serialize,
    ) -> Result<Request, Error> {
        let body = serde_json::to_vec(body)
            .map_err(|_| Error::new(ErrorKind::RequestInvalid, "the request body cannot be written"))?;
        let headers = self.headers("application/json;charset=utf-8", Some(token));
        Ok(Request { method: Method::Post, url: self.url(path)?, headers, body })
    }
}

/// The JSON of an answer with status 200; else the refusal.
pub(super) fn read<T: DeserializeOwned>(response: &Response) -> Result<T, Error> {
    if response.body.len() > MAX_RESPONSE_BYTES {
        return Err(Error::new(ErrorKind::ResponseTooLarge, "an answer over 1 MiB"));
    }
    if response.status != 200 {
        return Err(refusal(response));
    }
    serde_json::from_slice(&response.body)
        .map_err(|_| Error::new(ErrorKind::ResponseInvalid, "an answer that is not of the contract"))
}

/// What an answer with another status than 200 says.
pub(super) fn refusal(response: &Response) -> Error {
    let refused: Refused = serde_json::from_slice(&response.body).unwrap_or_default();
    let error: String =
        refused.error.chars().filter(|c| c.is_ascii_lowercase() || *c == '_').take(64).collect();
    let description: String = refused.error_description.chars().take(MAX_REFUSAL_CHARS).collect();
    Error::refused(response.status, error, description)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::unverified_claims;

    fn client() -> Client {
        let key = SigningKey::from_random(&[3; 32]).expect("key");
        let issued_by = Environment::Sandbox;
        Client::at(issued_by, Credentials { issued_by, client_id: "client-1".into(), key }).expect("client")
    }

    fn answer(status: u16, body: &str) -> Response {
        Response { status, body: body.as_bytes().to_vec() }
    }

    #[test]
    fn the_assertion_has_exactly_the_claims_of_the_contract() {
        let jti = Uuid::from_u128(0x1234_5678_1234_4234_8234_1234_5678_9abc);
        let request = client().token_request(1_700_000_000, jti).expect("request");
        assert_eq!(request.url.as_str(), "https://test.tomopayment.com/v1/oauth2/token");
        let form: std::collections::BTreeMap<String, String> =
            url::form_urlencoded::parse(&request.body).into_owned().collect();
        assert_eq!(form["grant_type"], "client_credentials");
        assert_eq!(form["client_assertion_type"], ASSERTION_TYPE);
        assert_eq!(form["scope"], "idv.read");
        assert_eq!(form.len(), 4);

        let assertion = &form["client_assertion"];
        let header = jsonwebtoken::decode_header(assertion).expect("header");
        assert_eq!(header.alg, jsonwebtoken::Algorithm::ES256);
        assert_eq!(header.typ.as_deref(), Some("JWT"));
        assert_eq!(header.kid, None);
        let claims: serde_json::Value = unverified_claims(assertion).expect("claims");
        assert_eq!(
            claims,
            serde_json::json!({
                "iss": "client-1",
                "sub": "client-1",
                "aud": "https://test.tomopayment.com/v1/oauth2/token",
                "iat": 1_700_000_000_u64,
                "exp": 1_700_000_300_u64,
                "jti": "12345678-1234-4234-8234-123456789abc"
            })
        );
        let signature = assertion.rsplit('.').next().expect("signature");
        assert_eq!(signature.len(), 86, "raw r and s, 64 bytes as base64url without padding");
        assert!(client().key.public().verify::<AssertionClaims>(assertion).is_ok());
    }

    #[test]
    fn requests_carry_the_version_and_the_bearer_token() {
        let token = client()
            .read_token(&answer(200, r#"{"access_token":"t0","token_type":"Bearer","expires_in":600}"#))
            .expect("token");
        let request = client().start_request(&token, &StartRequest::default()).expect("request");
        assert!(request.headers.contains(&("authorization", "Bearer t0".into())));
        assert!(request.headers.contains(&(VERSION_HEADER, "1.4".into())));
        assert_eq!(request.body, b"{}");
        let hooked =
            |url: &str| StartRequest { webhook_url: Some(url.to_owned()), ..StartRequest::default() };
        let request = client().start_request(&token, &hooked("https://shop.example/hook")).expect("request");
        assert_eq!(request.body, br#"{"webhook_url":"https://shop.example/hook"}"#);
        let error = client().start_request(&token, &hooked("http://shop.example/hook")).expect_err("plain");
        assert_eq!(error.kind(), ErrorKind::UrlInvalid);
        let old = client().with_version(ApiVersion::V1_3);
        let request = old.start_request(&token, &StartRequest::default()).expect("request");
        assert!(!request.headers.iter().any(|(name, _)| *name == VERSION_HEADER));
        assert!(!format!("{token:?}").contains("t0"));
    }

    #[test]
    fn a_refusal_keeps_its_status_and_code() {
        let body = r#"{"error":"invalid_client","error_description":"exp is in the past"}"#;
        let error = client().read_token(&answer(400, body)).expect_err("refused");
        assert_eq!((error.kind(), error.code()), (ErrorKind::Refused, "refused"));
        assert_eq!((error.status(), error.refusal_code()), (Some(400), Some("invalid_client")));
        assert_eq!(error.refusal_description(), Some("exp is in the past"));
        assert!(!error.retryable());
        for (status, body) in [(503, "<html>"), (429, ""), (500, "null")] {
            assert!(client().read_token(&answer(status, body)).expect_err("refused").retryable());
        }
    }

    #[test]
    fn answers_that_are_not_of_the_contract_are_refused() {
        for body in ["", "[]", "{}", r#"{"access_token":"x","token_type":"mac","expires_in":1}"#] {
            let error = client().read_token(&answer(200, body)).expect_err(body);
            assert_eq!(error.kind(), ErrorKind::ResponseInvalid, "{body}");
        }
        let error = client().read_start(&answer(200, r#"{"start_idv_uri":"javascript:alert(1)"}"#));
        assert_eq!(error.expect_err("refused").kind(), ErrorKind::ResponseInvalid);
        let large = Response { status: 200, body: vec![b' '; MAX_RESPONSE_BYTES + 1] };
        assert_eq!(client().read_token(&large).expect_err("large").kind(), ErrorKind::ResponseTooLarge);
    }

    #[test]
    fn the_base_url_is_an_origin() {
        let key = || SigningKey::from_random(&[3; 32]).expect("key");
        for bad in ["http://api.example", "https://api.example/v1", "https://api.example/?a=b", "api.example"]
        {
            assert!(Client::new(bad, "c", key()).is_err(), "{bad}");
        }
    }
}
