//! The client: where requests go, what they carry, how answers are opened. The endpoints are in their own
//! files.

use super::api_key::ApiKey;
use super::refusal;
use crate::error::{Error, ErrorKind};
use crate::http::{Method, Request, Response, trusted_url};
use serde::de::DeserializeOwned;
use url::Url;

/// Base URL of version 2.
const PRODUCTION_URL: &str = "https://rest-api.argoskyc.com/v2/";
/// Largest JSON answer read, in bytes: 2000 submissions of some kilobytes each, with room.
pub const MAX_JSON_BYTES: usize = 16 * 1024 * 1024;
/// Largest file read, in bytes: pictures are at most 2 MB, a report has some pages; with room.
pub const MAX_FILE_BYTES: usize = 16 * 1024 * 1024;

/// Where the API is. The public pages name one host; they name no test host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Environment {
    /// The vendor's, `rest-api.argoskyc.com`.
    Production,
    /// A server with the same contract: a sandbox. Its base URL ends in `/`.
    Own(Url),
}

impl Environment {
    /// A server with the same contract at `base_url`, whose path ends in the version (`https://…/v2`). Fails
    /// with [`ErrorKind::UrlInvalid`] on `http:` to another machine, on a query, and on the vendor's own
    /// hosts, which are [`Self::Production`].
    pub fn own(base_url: &str) -> Result<Self, Error> {
        let mut url = trusted_url(base_url)?;
        if url.query().is_some() {
            return Err(Error::new(ErrorKind::UrlInvalid, "the base URL has a query"));
        }
        let host = url.host_str().unwrap_or_default().trim_end_matches('.');
        let vendors = ["argoskyc.com", "argosidentity.com"];
        if vendors.iter().any(|name| host == *name || host.ends_with(&format!(".{name}"))) {
            return Err(Error::new(ErrorKind::UrlInvalid, "a host of the vendor is no server of one's own"));
        }
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        Ok(Self::Own(url))
    }

    fn base_url(&self) -> Result<Url, Error> {
        match self {
            Self::Production => trusted_url(PRODUCTION_URL),
            Self::Own(url) => trusted_url(url.as_str()),
        }
    }
}

/// A customer's server as a client of Argos KYC: makes requests, reads answers, sends nothing.
#[derive(Clone, Debug)]
pub struct Client {
    base_url: Url,
    key: ApiKey,
}

impl Client {
    /// A client of `environment`. Fails with [`ErrorKind::UrlInvalid`] on `http:` to another machine.
    pub fn new(environment: &Environment, key: ApiKey) -> Result<Self, Error> {
        Ok(Self { base_url: environment.base_url()?, key })
    }

    /// A request to `path` below the base URL, with `query` and the key.
    pub(super) fn request(
        &self,
        method: Method,
        path: &str,
        query: &[(&'static str, &str)],
    ) -> Result<Request, Error> {
        let mut url = self
            .base_url
            .join(path)
            .map_err(|_| Error::new(ErrorKind::UrlInvalid, "the base URL cannot carry a path"))?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let headers = vec![("x-api-key", self.key.header_value())];
        Ok(Request { method, url, headers, body: Vec::new() })
    }

    /// A POST with a body.
    pub(super) fn post(&self, path: &str, content_type: String, body: Vec<u8>) -> Result<Request, Error> {
        let mut request = self.request(Method::Post, path, &[])?;
        request.headers.push(("content-type", content_type));
        request.headers.push(("accept", "application/json".to_owned()));
        Ok(Request { body, ..request })
    }
}

/// The body of an answer of at most `limit` bytes with a 2xx status; else the refusal.
pub(super) fn body(response: &Response, limit: usize) -> Result<&[u8], Error> {
    if response.body.len() > limit {
        return Err(Error::new(ErrorKind::ResponseTooLarge, "an answer over its limit"));
    }
    if (200..300).contains(&response.status) { Ok(&response.body) } else { Err(refusal::read(response)) }
}

/// A JSON answer.
pub(super) fn json<T: DeserializeOwned>(response: &Response) -> Result<T, Error> {
    serde_json::from_slice(body(response, MAX_JSON_BYTES)?).map_err(|_| not_of_the_contract())
}

pub(super) fn not_of_the_contract() -> Error {
    Error::new(ErrorKind::ResponseInvalid, "an answer that is not of the contract")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A client with a key that no message may show.
    pub(in crate::argos) fn client() -> Client {
        Client::new(&Environment::Production, ApiKey::new("geheim").expect("key")).expect("client")
    }

    pub(in crate::argos) fn answer(status: u16, body: impl AsRef<[u8]>) -> Response {
        Response { status, body: body.as_ref().to_vec() }
    }

    #[test]
    fn the_key_travels_in_its_header_over_https_to_the_vendors_host() {
        let request = client().request(Method::Get, "submission", &[("email", "a+b@c.d")]).expect("request");
        assert_eq!(request.url.as_str(), "https://rest-api.argoskyc.com/v2/submission?email=a%2Bb%40c.d");
        assert_eq!(request.headers, [("x-api-key", "geheim".to_owned())]);
        assert!(!format!("{:?} {request:?}", client()).contains("geheim"));
    }

    #[test]
    fn plain_http_is_refused_but_on_this_machine() {
        for bad in ["http://sandbox.example/v2", "https://a.example/v2?x=y", "ftp://127.0.0.1/v2", "/v2"] {
            assert_eq!(Environment::own(bad).expect_err(bad).kind(), ErrorKind::UrlInvalid);
        }
        let direct = Environment::Own(Url::parse("http://sandbox.example/v2/").expect("url"));
        assert!(Client::new(&direct, ApiKey::new("k").expect("key")).is_err());
        let own = Environment::own("http://127.0.0.1:8080/argos/v2").expect("loopback");
        let client = Client::new(&own, ApiKey::new("k").expect("key")).expect("client");
        let request = client.request(Method::Get, "image", &[]).expect("request");
        assert_eq!(request.url.as_str(), "http://127.0.0.1:8080/argos/v2/image");
    }

    #[test]
    fn the_vendors_hosts_are_reached_as_production_only() {
        for bad in [
            "https://rest-api.argoskyc.com/v2",
            "https://rest-api.argosidentity.com/v3",
            "https://argoskyc.com./v2",
        ] {
            assert_eq!(Environment::own(bad).expect_err(bad).kind(), ErrorKind::UrlInvalid);
        }
        assert!(Environment::own("https://notargoskyc.com/v2").is_ok());
    }

    #[test]
    fn only_a_2xx_answer_within_its_limit_is_opened() {
        assert!(body(&answer(200, "x"), 1).is_ok() && body(&answer(204, ""), 1).is_ok());
        assert_eq!(body(&answer(200, "xy"), 1).expect_err("large").kind(), ErrorKind::ResponseTooLarge);
        for status in [100, 199, 300, 302, 400, 403, 500] {
            assert_eq!(body(&answer(status, "x"), 1).expect_err("status").kind(), ErrorKind::Refused);
        }
    }
}
