//! Older forms of the contract: `kyc/get`, and what its public description calls deprecated: the paths of single
//! countries, China's token and `sessions/start`.

use super::client::{AccessToken, Client, StartUrl, read};
use super::policy::KycPolicy;
use super::policy_key::Country;
use super::records::check_user_id;
use super::result::PersonFields;
use crate::error::{Error, ErrorKind};
use crate::http::{Request, Response, trusted_url};
use serde::{Deserialize, Serialize};

/// Path of the older form of the result.
pub const KYC_GET_PATH: &str = "/v1/idv/kyc/get";
/// Path of China's token. Deprecated by the vendor.
pub const CN_TOKEN_PATH: &str = "/v1/idv/cn/token";
/// Path that starts a session. Deprecated by the vendor.
pub const SESSION_START_PATH: &str = "/v1/idv/sessions/start";

/// Countries with paths of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OlderCountry {
    /// `us`.
    Us,
    /// `uk`.
    Uk,
    /// `ca`.
    Ca,
    /// `jp`.
    Jp,
    /// `cn`.
    Cn,
}

impl OlderCountry {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Us, Self::Uk, Self::Ca, Self::Jp, Self::Cn];

    /// The code, as in the paths.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Us => "us",
            Self::Uk => "uk",
            Self::Ca => "ca",
            Self::Jp => "jp",
            Self::Cn => "cn",
        }
    }

    /// Path that starts a verification.
    pub fn start_path(self) -> String {
        format!("/v1/idv/{}/start", self.code())
    }

    /// Path of the older form of the result.
    pub fn kyc_get_path(self) -> String {
        format!("/v1/idv/{}/kyc/get", self.code())
    }

    /// Path of the health.
    pub fn health_path(self) -> String {
        format!("/v1/idv/{}/health", self.code())
    }
}

/// Asks for what is known of a user in a country. Both are required.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KycGetRequest {
    /// The customer's user id, or the ppid.
    pub user_id: String,
    /// Country.
    pub country: Country,
}

/// Starts a verification at a country's own path.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OlderStartRequest {
    /// The customer's own user id.
    pub user_id: String,
    /// Where the flow returns to, however it ends.
    pub callback_url: String,
    /// Used by some countries' paths.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The older name of a policy; absent means the country's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kyc_policy_id: Option<String>,
}

/// Starts a session.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionStartRequest {
    /// The customer's own user id.
    pub user_id: String,
    /// Country whose document is presented; needed with a policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// Used by some countries' paths.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// What to verify; absent means the country's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kyc_policy: Option<KycPolicy>,
    /// Where the flow returns to, however it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback_url: Option<String>,
}

/// A session that was started. It carries tokens: `Debug` shows its id and how it is launched.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionStarted {
    /// Its id.
    pub session_id: String,
    /// How the visitor gets there.
    pub launch: Launch,
}

/// How a session is launched. Which members go with which type is in no public text.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Launch {
    /// What kind of launch it is.
    #[serde(rename = "type")]
    pub kind: String,
    /// Settings of a vendor's own SDK.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<serde_json::Value>,
    /// What such an SDK is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// Where the visitor goes where the launch is not possible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_url: Option<String>,
    /// Token of the session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_token: Option<String>,
    /// Where the visitor goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl Launch {
    /// [`Self::url`] as a URL to send the visitor to; only `https:`, or `http:` on this machine.
    pub fn start_url(&self) -> Option<StartUrl> {
        self.url.as_deref().and_then(|url| trusted_url(url).ok()).map(StartUrl::new)
    }
}

/// China's token: a session that an app opens itself. `Debug` shows its life only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CnToken {
    /// Life in seconds.
    pub expires_in: u64,
    /// The public key that belongs to the token.
    pub key: String,
    /// The token.
    pub session_token: String,
}

super::hidden::debug_without_personal_data! {
    KycGetRequest { country }
    OlderStartRequest { kyc_policy_id }
    SessionStartRequest { country, kyc_policy }
    SessionStarted { session_id, launch }
    Launch { kind }
    CnToken { expires_in }
}

#[derive(Serialize)]
struct UserBody<'a> {
    user_id: &'a str,
}

impl Client {
    /// The request for the older form of a result. Fails with [`ErrorKind::RequestInvalid`] on an empty user id.
    pub fn kyc_get_request(&self, token: &AccessToken, query: &KycGetRequest) -> Result<Request, Error> {
        check_user_id(&query.user_id)?;
        self.json_request(KYC_GET_PATH, token, query)
    }

    /// The answer to [`Self::kyc_get_request`]. Refused where nobody of that id was approved in the country.
    pub fn read_kyc_get(&self, response: &Response) -> Result<PersonFields, Error> {
        read(response)
    }

    /// The request that starts a verification at a country's own path; its answer is read with [`Self::read_start`].
    #[deprecated = "the vendor calls this path deprecated: use start_request with the country"]
    pub fn older_start_request(
        &self,
        token: &AccessToken,
        country: OlderCountry,
        start: &OlderStartRequest,
    ) -> Result<Request, Error> {
        check_user_id(&start.user_id)?;
        self.json_request(&country.start_path(), token, start)
    }

    /// The request for the older form of a result at a country's own path; its answer is read with
    /// [`Self::read_kyc_get`].
    #[deprecated = "the vendor calls this path deprecated: use kyc_get_request, or result_request"]
    pub fn older_kyc_get_request(
        &self,
        token: &AccessToken,
        country: OlderCountry,
        user_id: &str,
    ) -> Result<Request, Error> {
        check_user_id(user_id)?;
        self.json_request(&country.kyc_get_path(), token, &UserBody { user_id })
    }

    /// The request for the health at a country's own path; its answer is read with [`Self::read_health`].
    #[deprecated = "the vendor calls this path deprecated: use health_request"]
    pub fn older_health_request(&self, country: OlderCountry) -> Result<Request, Error> {
        self.bare_get(&country.health_path())
    }

    /// The request for China's token.
    #[deprecated = "the vendor calls this path deprecated: use start_request with the country"]
    pub fn cn_token_request(&self, token: &AccessToken, user_id: &str) -> Result<Request, Error> {
        check_user_id(user_id)?;
        self.json_request(CN_TOKEN_PATH, token, &UserBody { user_id })
    }

    /// The answer to [`Self::cn_token_request`].
    #[deprecated = "the vendor calls this path deprecated: use start_request with the country"]
    pub fn read_cn_token(&self, response: &Response) -> Result<CnToken, Error> {
        read(response)
    }

    /// The request that starts a session.
    #[deprecated = "the vendor calls this path deprecated: use start_request"]
    pub fn session_start_request(
        &self,
        token: &AccessToken,
        start: &SessionStartRequest,
    ) -> Result<Request, Error> {
        check_user_id(&start.user_id)?;
        self.json_request(SESSION_START_PATH, token, start)
    }

    /// The answer to [`Self::session_start_request`]. Fails with [`ErrorKind::ResponseInvalid`] on a URL that is
    /// neither `https:` nor on this machine.
    #[deprecated = "the vendor calls this path deprecated: use start_request"]
    pub fn read_session_start(&self, response: &Response) -> Result<SessionStarted, Error> {
        let started: SessionStarted = read(response)?;
        let urls = started.launch.url.iter().chain(&started.launch.fallback_url);
        if urls.into_iter().any(|url| trusted_url(url).is_err()) {
            return Err(Error::new(ErrorKind::ResponseInvalid, "a launch URL is no https: URL"));
        }
        Ok(started)
    }
}

#[cfg(test)]
#[allow(deprecated)]
mod tests {
    use super::*;
    use crate::http::Method;
    use crate::keys::SigningKey;

    fn client() -> Client {
        let key = SigningKey::from_random(&[3; 32]).expect("key");
        Client::new("https://sandbox.example", "client-1", key).expect("client")
    }

    fn answer(status: u16, body: &str) -> Response {
        Response { status, body: body.as_bytes().to_vec() }
    }

    fn token() -> AccessToken {
        client()
            .read_token(&answer(200, r#"{"access_token":"t0","token_type":"Bearer","expires_in":600}"#))
            .expect("token")
    }

    fn json(request: &Request) -> serde_json::Value {
        serde_json::from_slice(&request.body).expect("json")
    }

    #[test]
    fn kyc_get_names_user_and_country_and_answers_the_fields_of_1_3() {
        let query = KycGetRequest { user_id: "u1".into(), country: "us".parse().expect("country") };
        let request = client().kyc_get_request(&token(), &query).expect("request");
        assert_eq!((request.method, request.url.path()), (Method::Post, "/v1/idv/kyc/get"));
        assert_eq!(json(&request), serde_json::json!({ "user_id": "u1", "country": "us" }));
        let body =
            r#"{"date_of_birth":"1990-01-01","full_name":"Anna Eriksson","country":"us","full_address":""}"#;
        let fields = client().read_kyc_get(&answer(200, body)).expect("reads");
        assert_eq!((fields.full_name.as_str(), fields.city), ("Anna Eriksson", None));
        let refused =
            client().read_kyc_get(&answer(400, r#"{"error":"invalid_request"}"#)).expect_err("refused");
        assert_eq!((refused.kind(), refused.status()), (ErrorKind::Refused, Some(400)));
        assert!(!format!("{query:?}").contains("u1"));
        assert!(
            client().kyc_get_request(&token(), &KycGetRequest { user_id: String::new(), ..query }).is_err()
        );
    }

    #[test]
    fn the_deprecated_paths_are_those_of_the_contract() {
        let start = OlderStartRequest {
            user_id: "u1".into(),
            callback_url: "https://shop.example/back".into(),
            email: None,
            kyc_policy_id: None,
        };
        for country in OlderCountry::ALL {
            let code = country.code();
            let request = client().older_start_request(&token(), country, &start).expect("request");
            assert_eq!(request.url.path(), format!("/v1/idv/{code}/start"));
            assert_eq!(
                json(&request),
                serde_json::json!({ "user_id": "u1", "callback_url": "https://shop.example/back" })
            );
            let request = client().older_kyc_get_request(&token(), country, "u1").expect("request");
            assert_eq!(request.url.path(), format!("/v1/idv/{code}/kyc/get"));
            assert_eq!(json(&request), serde_json::json!({ "user_id": "u1" }));
            let request = client().older_health_request(country).expect("request");
            assert_eq!(
                (request.method, request.url.path()),
                (Method::Get, &*format!("/v1/idv/{code}/health"))
            );
            assert!(!request.headers.iter().any(|(name, _)| *name == "authorization"));
        }
    }

    #[test]
    fn chinas_token_and_a_started_session_are_read_and_never_shown() {
        let request = client().cn_token_request(&token(), "u1").expect("request");
        assert_eq!(
            (request.url.path(), json(&request)),
            (CN_TOKEN_PATH, serde_json::json!({ "user_id": "u1" }))
        );
        let body = r#"{"expires_in":900,"key":"geheim-key","session_token":"geheim"}"#;
        let read = client().read_cn_token(&answer(200, body)).expect("reads");
        assert_eq!((read.expires_in, read.session_token.as_str()), (900, "geheim"));

        let start = SessionStartRequest {
            user_id: "u1".into(),
            country: Some("jp".parse().expect("country")),
            email: None,
            kyc_policy: None,
            callback_url: None,
        };
        let request = client().session_start_request(&token(), &start).expect("request");
        assert_eq!(request.url.path(), SESSION_START_PATH);
        assert_eq!(json(&request), serde_json::json!({ "user_id": "u1", "country": "jp" }));
        let launch = |url: &str| format!(r#"{{"session_id":"s1","launch":{{"type":"url","url":"{url}"}}}}"#);
        let started = client()
            .read_session_start(&answer(200, &launch("https://a.example/idv/start?token=geheim")))
            .expect("reads");
        assert_eq!((started.session_id.as_str(), started.launch.kind.as_str()), ("s1", "url"));
        assert!(started.launch.start_url().is_some());
        assert!(!format!("{read:?} {started:?}").contains("geheim"));
        let error =
            client().read_session_start(&answer(200, &launch("javascript:alert(1)"))).expect_err("no URL");
        assert_eq!(error.kind(), ErrorKind::ResponseInvalid);
    }
}
