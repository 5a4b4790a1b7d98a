//! Runs the customer's server's requests with reqwest. The only place of this crate with a clock, randomness
//! and a network.

use crate::error::{Error, ErrorKind};
use crate::http::{Method, Request, Response};
use crate::tomo::{
    AccessToken, Client, MAX_RESPONSE_BYTES, ResultRequest, ResultResponse, StartRequest, StartUrl,
};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::Mutex;
use uuid::Uuid;

/// How requests are run.
#[derive(Clone, Debug)]
pub struct RunnerParams {
    /// Time for a connection, TLS included. Five seconds: a slow handshake over a mobile network takes two.
    pub connect_timeout: Duration,
    /// Time for a whole request. Fifteen seconds: none of these calls computes anything long.
    pub timeout: Duration,
    /// PEM of a certificate to trust instead of the system's: for a self-signed test server only.
    pub only_root_pem: Option<Vec<u8>>,
}

impl Default for RunnerParams {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(15),
            only_root_pem: None,
        }
    }
}

/// Time before a token's end at which a new one is fetched: longer than a request may take.
const RENEW_BEFORE: Duration = Duration::from_secs(30);

struct CachedToken {
    token: AccessToken,
    renew_at: Instant,
}

/// A TomoIDV client that sends its requests. Clones share connections and the access token.
#[derive(Clone)]
pub struct Runner {
    client: Client,
    http: reqwest::Client,
    token: Arc<Mutex<Option<CachedToken>>>,
}

impl std::fmt::Debug for Runner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runner").field("client", &self.client).finish_non_exhaustive()
    }
}

impl Runner {
    /// A runner of `client`. TLS 1.3 only, as TomoIDV asks, by ring; redirects are not followed.
    pub fn new(client: Client, params: &RunnerParams) -> Result<Self, Error> {
        // An error says that another provider was installed first, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .connect_timeout(params.connect_timeout)
            .timeout(params.timeout)
            .redirect(reqwest::redirect::Policy::none())
            .tls_version_min(reqwest::tls::Version::TLS_1_3)
            .user_agent(concat!("idv-edge/", env!("CARGO_PKG_VERSION")));
        if let Some(pem) = &params.only_root_pem {
            let root = reqwest::Certificate::from_pem(pem)
                .map_err(|_| Error::new(ErrorKind::KeyInvalid, "the root certificate is not PEM"))?;
            builder = builder.tls_certs_only([root]);
        }
        let http = builder
            .build()
            .map_err(|_| Error::new(ErrorKind::RequestInvalid, "the HTTP client cannot be set up"))?;
        Ok(Self { client, http, token: Arc::default() })
    }

    /// Starts a verification.
    pub async fn start(&self, start: &StartRequest) -> Result<StartUrl, Error> {
        let response = self.with_token(|client, token| client.start_request(token, start)).await?;
        self.client.read_start(&response)
    }

    /// Fetches a result.
    pub async fn result(&self, query: &ResultRequest) -> Result<ResultResponse, Error> {
        let response = self.with_token(|client, token| client.result_request(token, query)).await?;
        self.client.read_result(&response)
    }

    /// Runs a request with the access token; a token that the server no longer takes is replaced once.
    async fn with_token(
        &self,
        request: impl Fn(&Client, &AccessToken) -> Result<Request, Error>,
    ) -> Result<Response, Error> {
        let response = self.send(request(&self.client, &self.token(false).await?)?).await?;
        if response.status != 401 {
            return Ok(response);
        }
        self.send(request(&self.client, &self.token(true).await?)?).await
    }

    async fn token(&self, renew: bool) -> Result<AccessToken, Error> {
        let mut cached = self.token.lock().await;
        if let Some(held) = cached.as_ref().filter(|held| !renew && Instant::now() < held.renew_at) {
            return Ok(held.token.clone());
        }
        let now_s = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
        let asked_at = Instant::now();
        let response = self.send(self.client.token_request(now_s, Uuid::new_v4())?).await?;
        let token = self.client.read_token(&response)?;
        let life = Duration::from_secs(token.expires_in_s).saturating_sub(RENEW_BEFORE);
        *cached = Some(CachedToken { token: token.clone(), renew_at: asked_at + life });
        Ok(token)
    }

    async fn send(&self, request: Request) -> Result<Response, Error> {
        let mut builder = match request.method {
            Method::Get => self.http.get(request.url),
            Method::Post => self.http.post(request.url),
            Method::Delete => self.http.delete(request.url),
        };
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        let mut response = builder.body(request.body).send().await.map_err(lost)?;
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(lost)? {
            if body.len() + chunk.len() > MAX_RESPONSE_BYTES {
                return Err(Error::new(ErrorKind::ResponseTooLarge, "an answer over 1 MiB"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response { status, body })
    }
}

/// The transport's error without its URL, which may hold a token.
fn lost(error: reqwest::Error) -> Error {
    if error.is_timeout() {
        Error::new(ErrorKind::RequestTimeout, "no answer in time")
    } else if error.is_builder() {
        Error::new(ErrorKind::RequestInvalid, "the request cannot be sent as it is")
    } else {
        Error::new(ErrorKind::NetworkLost, "no connection, or it broke")
    }
}
