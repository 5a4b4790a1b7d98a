//! The one error of this crate's clients. The relay answers with [`idv_protocol::Problem`] instead, since its
//! failures go over the wire.

use std::fmt;

/// An error of this crate. It never holds keys, tokens or personal data.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    refusal: Option<Refusal>,
    retry_after_s: Option<u64>,
}

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A key that is not a P-256 private or public key in the expected form.
    KeyInvalid,
    /// A URL that cannot be read, or `http:` to another host than this machine.
    UrlInvalid,
    /// A client id of one of the vendor's environments used at the other.
    EnvironmentMismatch,
    /// A policy that no verification can meet, or a policy key that is none.
    PolicyInvalid,
    /// A token that is malformed, signed by another key, or signed with another algorithm than ES256.
    TokenInvalid,
    /// A request that cannot be built.
    RequestInvalid,
    /// The other side answered with an error status.
    Refused,
    /// The other side answered with something this client does not understand.
    ResponseInvalid,
    /// The answer is larger than any answer of this API.
    ResponseTooLarge,
    /// No answer in time.
    RequestTimeout,
    /// No connection, or it broke.
    NetworkLost,
}

/// What the other side said when it refused. `Debug` hides the description, which may repeat what was sent.
struct Refusal {
    status: u16,
    error: String,
    description: String,
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refusal")
            .field("status", &self.status)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

impl Error {
    /// An error of `kind`; `message` is for developers and holds no secret and no personal data.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), refusal: None, retry_after_s: None }
    }

    /// The other side's refusal: HTTP status, RFC 6749 `error` and `error_description` ("" when it gave
    /// none).
    pub fn refused(status: u16, error: impl Into<String>, description: impl Into<String>) -> Self {
        let error = error.into();
        let message = if error.is_empty() {
            format!("refused with status {status}")
        } else {
            format!("refused with status {status}: {error}")
        };
        let refusal = Refusal { status, error, description: description.into() };
        Self { kind: ErrorKind::Refused, message, refusal: Some(refusal), retry_after_s: None }
    }

    /// The same error with the seconds that the other side asked to wait (`Retry-After`).
    #[must_use]
    pub fn with_retry_after(mut self, seconds: Option<u64>) -> Self {
        self.retry_after_s = seconds;
        self
    }

    /// Seconds that the other side asked to wait before another try, where it did.
    pub fn retry_after_s(&self) -> Option<u64> {
        self.retry_after_s
    }

    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Stable code, the same in Rust, TypeScript and HTTP.
    pub fn code(&self) -> &'static str {
        match self.kind {
            ErrorKind::KeyInvalid => "key_invalid",
            ErrorKind::UrlInvalid => "url_invalid",
            ErrorKind::EnvironmentMismatch => "environment_mismatch",
            ErrorKind::PolicyInvalid => "policy_invalid",
            ErrorKind::TokenInvalid => "token_invalid",
            ErrorKind::RequestInvalid => "request_invalid",
            ErrorKind::Refused => "refused",
            ErrorKind::ResponseInvalid => "response_invalid",
            ErrorKind::ResponseTooLarge => "response_too_large",
            ErrorKind::RequestTimeout => "request_timeout",
            ErrorKind::NetworkLost => "network_lost",
        }
    }

    /// Whether the same call can succeed later: broken connections, timeouts, 429 and 5xx.
    pub fn retryable(&self) -> bool {
        match self.kind {
            ErrorKind::NetworkLost | ErrorKind::RequestTimeout => true,
            ErrorKind::Refused => self.status().is_some_and(|status| status == 429 || status >= 500),
            _ => false,
        }
    }

    /// HTTP status of a refusal.
    pub fn status(&self) -> Option<u16> {
        self.refusal.as_ref().map(|refusal| refusal.status)
    }

    /// RFC 6749 `error` of a refusal, where it gave one.
    pub fn refusal_code(&self) -> Option<&str> {
        self.refusal.as_ref().map(|refusal| refusal.error.as_str()).filter(|error| !error.is_empty())
    }

    /// RFC 6749 `error_description` of a refusal, where it gave one. Written by the other side: not shown by
    /// `Display`, and not for users.
    pub fn refusal_description(&self) -> Option<&str> {
        self.refusal.as_ref().map(|refusal| refusal.description.as_str()).filter(|text| !text.is_empty())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
