//! Requests and responses as data: whoever runs them brings the network.

use crate::error::{Error, ErrorKind};
use std::fmt;
use url::{Host, Url};

/// HTTP method of a request of this crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// GET.
    Get,
    /// POST.
    Post,
    /// DELETE.
    Delete,
}

/// A request to send. Its headers and body may hold tokens: `Debug` shows neither.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// Method.
    pub method: Method,
    /// Absolute URL.
    pub url: Url,
    /// Headers, names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// Body; empty for none.
    pub body: Vec<u8>,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &self.url.path())
            .finish_non_exhaustive()
    }
}

/// A response that came back. `Debug` shows the status only.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: Vec<u8>,
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response").field("status", &self.status).finish_non_exhaustive()
    }
}

/// Reads `text` as a URL to talk to. Fails with [`ErrorKind::UrlInvalid`] unless it is `https:`, or `http:`
/// to this machine (`localhost`, 127.0.0.0/8, ::1), without user name, password and fragment.
pub fn trusted_url(text: &str) -> Result<Url, Error> {
    let invalid = |why: &str| Error::new(ErrorKind::UrlInvalid, why);
    let url = Url::parse(text).map_err(|_| invalid("not an absolute URL"))?;
    let loopback = match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return Err(invalid("a URL without a host")),
    };
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
        "http" => return Err(invalid("http: is allowed to this machine only; use https:")),
        _ => return Err(invalid("neither https: nor http:")),
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(invalid("a URL with a user name, a password or a fragment"));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_reaches_this_machine_only() {
        for good in ["https://api.example", "http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:9"] {
            assert!(trusted_url(good).is_ok(), "{good}");
        }
        for bad in [
            "http://api.example",
            "http://127.0.0.1.example",
            "http://localhost.example",
            "ftp://127.0.0.1",
            "https://user:secret@api.example",
            "/v1",
            "data:text/plain,x",
        ] {
            assert_eq!(trusted_url(bad).expect_err(bad).kind(), ErrorKind::UrlInvalid, "{bad}");
        }
    }

    #[test]
    fn debug_shows_no_query_and_no_header() {
        let request = Request {
            method: Method::Get,
            url: Url::parse("https://api.example/idv/start?token=geheim").expect("url"),
            headers: vec![("authorization", "Bearer geheim".into())],
            body: b"geheim".to_vec(),
        };
        assert!(!format!("{request:?}").contains("geheim"));
    }
}
