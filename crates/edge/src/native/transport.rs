//! Sends requests, reads answers up to a limit, and sends again what may be.

use super::RunnerParams;
use crate::error::{Error, ErrorKind};
use crate::http::{Method, Request, Response};
use crate::retry::{Failure, Repeat, RetryPolicy, retry_after_s};
use reqwest::header::{HeaderValue, RETRY_AFTER};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use zeroize::Zeroize;

/// Headers that hold secrets: marked as such for the HTTP client, so that its own `Debug` hides them.
const SECRET_HEADERS: [&str; 2] = ["authorization", "x-api-key"];

/// Lowest TLS version of a vendor.
#[derive(Clone, Copy, Debug)]
pub(super) enum MinTls {
    /// TomoIDV asks for it.
    V1_3,
    /// For a vendor that states none.
    V1_2,
}

/// Connections to one vendor. Clones share them.
#[derive(Clone, Debug)]
pub(super) struct Transport {
    http: reqwest::Client,
    retry: RetryPolicy,
}

/// An answer, and how long it asks to wait.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) response: Response,
    pub(super) retry_after_s: Option<u64>,
}

impl Sent {
    /// What `read` makes of the answer; its error carries the wait that was asked for.
    pub(super) fn read<T>(&self, read: impl FnOnce(&Response) -> Result<T, Error>) -> Result<T, Error> {
        read(&self.response).map_err(|error| error.with_retry_after(self.retry_after_s))
    }
}

/// Seconds since 1970.
pub(super) fn unix_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs())
}

impl Transport {
    /// TLS by ring; redirects are not followed.
    pub(super) fn new(params: &RunnerParams, min_tls: MinTls) -> Result<Self, Error> {
        // An error says that another provider was installed first, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let version = match min_tls {
            MinTls::V1_3 => reqwest::tls::Version::TLS_1_3,
            MinTls::V1_2 => reqwest::tls::Version::TLS_1_2,
        };
        let mut builder = reqwest::Client::builder()
            .connect_timeout(params.connect_timeout)
            .timeout(params.timeout)
            .redirect(reqwest::redirect::Policy::none())
            .tls_version_min(version)
            .user_agent(concat!("idv-edge/", env!("CARGO_PKG_VERSION")));
        if let Some(pem) = &params.only_root_pem {
            let root = reqwest::Certificate::from_pem(pem)
                .map_err(|_| Error::new(ErrorKind::KeyInvalid, "the root certificate is not PEM"))?;
            builder = builder.tls_certs_only([root]);
        }
        let http = builder
            .build()
            .map_err(|_| Error::new(ErrorKind::RequestInvalid, "the HTTP client cannot be set up"))?;
        Ok(Self { http, retry: params.retry })
    }

    /// Sends what `build` makes, anew for each try, and gives back the answer of at most `limit` bytes,
    /// whatever its status.
    pub(super) async fn send(
        &self,
        repeat: Repeat,
        limit: usize,
        build: impl Fn() -> Result<Request, Error>,
    ) -> Result<Sent, Error> {
        let mut tries_made = 1;
        loop {
            let outcome = self.send_once(build()?, limit).await;
            let (failure, asked_s) = match &outcome {
                Ok(sent) => (Failure::Status(sent.response.status), sent.retry_after_s),
                Err((failure, _)) => (*failure, None),
            };
            let Some(wait_ms) = self.retry.wait_ms(tries_made, repeat, failure, asked_s) else {
                return outcome.map_err(|(_, error)| error);
            };
            tokio::time::sleep(Duration::from_millis(wait_ms)).await;
            tries_made += 1;
        }
    }

    async fn send_once(&self, request: Request, limit: usize) -> Result<Sent, (Failure, Error)> {
        let mut builder = match request.method {
            Method::Get => self.http.get(request.url),
            Method::Post => self.http.post(request.url),
            Method::Delete => self.http.delete(request.url),
        };
        for (name, mut text) in request.headers {
            let value = HeaderValue::from_str(&text);
            text.zeroize();
            let mut value = value.map_err(|_| (Failure::Status(0), unsendable()))?;
            value.set_sensitive(SECRET_HEADERS.contains(&name));
            builder = builder.header(name, value);
        }
        if !request.body.is_empty() || request.method == Method::Post {
            builder = builder.body(request.body);
        }
        let mut response = builder.send().await.map_err(lost)?;
        let status = response.status().as_u16();
        let asked = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let retry_after_s = asked.and_then(|text| retry_after_s(text, unix_s()));
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(lost)? {
            if body.len() + chunk.len() > limit {
                let error = Error::new(ErrorKind::ResponseTooLarge, "an answer over its limit");
                return Err((Failure::Status(status), error));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Sent { response: Response { status, body }, retry_after_s })
    }
}

fn unsendable() -> Error {
    Error::new(ErrorKind::RequestInvalid, "the request cannot be sent as it is")
}

/// How it failed, and the transport's error without its URL, which may hold a token.
fn lost(error: reqwest::Error) -> (Failure, Error) {
    let failure = if error.is_builder() {
        return (Failure::Status(0), unsendable());
    } else if error.is_connect() {
        Failure::NotSent
    } else {
        Failure::Lost
    };
    let error = if error.is_timeout() {
        Error::new(ErrorKind::RequestTimeout, "no answer in time")
    } else {
        Error::new(ErrorKind::NetworkLost, "no connection, or it broke")
    };
    (failure, error)
}
