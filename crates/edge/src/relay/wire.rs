//! HTTP to requests and back, without a server: paths, limits, headers and bodies of the page's API.

use super::entry::{Entry, Key};
use super::exchange::PageKey;
use super::seal::not_taken;
use super::step::Request;
use crate::evidence::{Failure, Manifest, Part};
use idv_protocol::relay::{
    MAX_DEVICE_KEY_BYTES, MAX_JSON_BYTES, MAX_SEALED_CAPTURE_BYTES, MAX_SIGNED_BYTES, OtpRequest,
    SecretRequest, SessionRequest, SignatureRequest,
};
use idv_protocol::seal::MAX_SEALED_FRAMES_BYTES;
use idv_protocol::{CaptureKind, Code, Problem};
use serde::de::DeserializeOwned;

/// Base path of the page's API.
pub const BASE_PATH: &str = "/relay/v1";

/// Content type of every failure (RFC 9457).
pub const PROBLEM_TYPE: &str = "application/problem+json";

/// Largest body of a code, a secret or a choice, in bytes: each is a short JSON object.
const MAX_ENTRY_BYTES: usize = 1024;

/// What a path stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// POST `/session`: the only one without a session token.
    Session,
    /// GET `/plan`.
    Plan,
    /// POST `/consent`.
    Consent,
    /// PUT `/captures/{attempt}/{kind}`.
    Capture {
        /// Attempt, from 1.
        attempt: u32,
        /// What it shows.
        kind: CaptureKind,
    },
    /// POST `/person`.
    Person,
    /// POST `/otp/send`.
    OtpSend,
    /// POST `/otp/verify`.
    OtpVerify,
    /// POST `/secret`.
    Secret,
    /// POST `/signature/start`.
    SignatureStart,
    /// POST `/signature/check`.
    SignatureCheck,
    /// POST `/device-key`.
    DeviceKey,
    /// POST `/complete`.
    Complete,
    /// POST `/frames/{attempt}`.
    Frames {
        /// Attempt, from 1.
        attempt: u32,
    },
    /// POST `/cancel`.
    Cancel,
}

/// The headers that a route reads, besides the session token.
#[derive(Clone, Copy, Debug, Default)]
pub struct Head<'a> {
    /// [`idv_protocol::relay::DIGEST_HEADER`].
    pub digest: Option<&'a str>,
    /// [`idv_protocol::relay::KEY_HEADER`].
    pub key: Option<&'a str>,
}

impl Route {
    /// The route of `method` and `path`, the path relative to [`BASE_PATH`]. Fails with status 404 or 405.
    pub fn of(method: &str, path: &str) -> Result<Self, Problem> {
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let (route, expected) = match parts.as_slice() {
            ["session"] => (Self::Session, "POST"),
            ["plan"] => (Self::Plan, "GET"),
            ["consent"] => (Self::Consent, "POST"),
            ["captures", attempt, kind] => {
                let attempt = attempt.parse().map_err(|_| not_found())?;
                (Self::Capture { attempt, kind: capture_kind(kind).ok_or_else(not_found)? }, "PUT")
            }
            ["person"] => (Self::Person, "POST"),
            ["otp", "send"] => (Self::OtpSend, "POST"),
            ["otp", "verify"] => (Self::OtpVerify, "POST"),
            ["secret"] => (Self::Secret, "POST"),
            ["signature", "start"] => (Self::SignatureStart, "POST"),
            ["signature", "check"] => (Self::SignatureCheck, "POST"),
            ["device-key"] => (Self::DeviceKey, "POST"),
            ["complete"] => (Self::Complete, "POST"),
            ["frames", attempt] => {
                (Self::Frames { attempt: attempt.parse().map_err(|_| not_found())? }, "POST")
            }
            ["cancel"] => (Self::Cancel, "POST"),
            _ => return Err(not_found()),
        };
        if method != expected {
            let detail = format!("This path answers {expected} only.");
            return Err(Problem { status: 405, ..problem(Code::InvalidRequest, &detail) });
        }
        Ok(route)
    }

    /// Largest body of this route in bytes.
    pub const fn max_body_bytes(self) -> usize {
        match self {
            Self::Plan => 0,
            Self::OtpSend | Self::OtpVerify | Self::Secret | Self::SignatureStart | Self::SignatureCheck => {
                MAX_ENTRY_BYTES
            }
            Self::Capture { .. } => MAX_SEALED_CAPTURE_BYTES,
            Self::DeviceKey => MAX_DEVICE_KEY_BYTES,
            Self::Complete => MAX_SIGNED_BYTES,
            Self::Frames { .. } => MAX_SEALED_FRAMES_BYTES,
            _ => MAX_JSON_BYTES,
        }
    }

    /// The request in `body`, for all routes but [`Self::Session`].
    pub fn request(self, head: Head<'_>, body: Vec<u8>) -> Result<Request, Problem> {
        let key = || head.key.map(Key::parse).transpose();
        let entry = |entry: Entry| Ok::<_, Problem>(Request::Entry { key: key()?, entry });
        Ok(match self {
            Self::Session => return Err(not_found()),
            Self::Plan => Request::Plan,
            Self::Consent => Request::Consent(json(&body)?),
            Self::Capture { attempt, kind } => {
                Request::Capture { attempt, kind, sha256: body_digest(head.digest)?, sealed: body }
            }
            Self::Person => entry(Entry::Person(json(&body)?))?,
            Self::OtpSend => entry(Entry::SendOtp)?,
            Self::OtpVerify => entry(Entry::VerifyOtp(json::<OtpRequest>(&body)?.code))?,
            Self::Secret => entry(Entry::Secret(json::<SecretRequest>(&body)?.secret))?,
            Self::SignatureStart => entry(Entry::StartSignature(json::<SignatureRequest>(&body)?.trigger))?,
            // It only asks: a key of it is nothing that could be repeated.
            Self::SignatureCheck => Request::Entry { key: None, entry: Entry::CheckSignature },
            Self::DeviceKey => Request::DeviceKey(text(body, Part::DeviceKey)?),
            Self::Complete => {
                let manifest = Manifest::read(text(body, Part::Evidence)?).map_err(not_taken)?;
                Request::Complete(Box::new(manifest))
            }
            Self::Frames { attempt } => {
                Request::Frames { attempt, sha256: body_digest(head.digest)?, sealed: body }
            }
            Self::Cancel => Request::Cancel(json(&body)?),
        })
    }
}

/// The digest of a sealed body that its header declares.
fn body_digest(digest: Option<&str>) -> Result<String, Problem> {
    let is_digest =
        |text: &&str| text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    digest.filter(is_digest).map(str::to_owned).ok_or_else(|| {
        problem(Code::InvalidRequest, "x-idv-sha256 must be the SHA-256 of the body in lower-case hex.")
    })
}

/// A compact JWS.
fn text(body: Vec<u8>, part: Part) -> Result<String, Problem> {
    String::from_utf8(body).map_err(|_| not_taken(Failure::Malformed(part)))
}

/// The start token and the page's key in the body of POST `/session`.
pub fn opening(body: &[u8]) -> Result<(String, PageKey), Problem> {
    let request: SessionRequest = json(body)?;
    Ok((request.token, PageKey::from_text(&request.page_key)?))
}

/// The session token in an `authorization` header.
pub fn bearer(header: Option<&str>) -> Result<&str, Problem> {
    header
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, token)| scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty())
        .map(|(_, token)| token.trim())
        .ok_or_else(session_unknown)
}

/// The problem of a request without a session.
pub fn session_unknown() -> Problem {
    problem(Code::SessionUnknown, "No session goes with this request. Open the start link again.")
}

/// The problem of a body over the route's limit.
pub fn body_too_large(route: Route) -> Problem {
    let detail = format!("The body is over {} bytes.", route.max_body_bytes());
    problem(Code::BodyTooLarge, &detail)
}

/// The problem of a request beyond the limits.
pub fn rate_limited() -> Problem {
    problem(Code::RateLimited, "Too many requests at once. Wait, then go on.")
}

/// The problem of a page whose origin is not configured.
pub fn origin_refused() -> Problem {
    Problem { status: 403, ..problem(Code::InvalidRequest, "Pages of this origin may not ask.") }
}

/// A problem with the code's own status.
pub fn problem(code: Code, detail: &str) -> Problem {
    Problem { status: code.status(), code, detail: detail.to_owned(), fields: Vec::new() }
}

fn not_found() -> Problem {
    Problem { status: 404, ..problem(Code::InvalidRequest, "There is no such path.") }
}

fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body)
        .map_err(|_| problem(Code::InvalidRequest, "The body is not the JSON of this path."))
}

fn capture_kind(text: &str) -> Option<CaptureKind> {
    CaptureKind::ALL.into_iter().find(|kind| kind.code() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_methods_and_limits() {
        let capture = Route::Capture { attempt: 2, kind: CaptureKind::Action1 };
        assert_eq!(Route::of("PUT", "/captures/2/action_1"), Ok(capture));
        assert!(capture.max_body_bytes() > 2 * 1024 * 1024 * 4 / 3, "a third more by base64url");
        assert_eq!(Route::of("GET", "/plan"), Ok(Route::Plan));
        assert_eq!(Route::of("POST", "/plan").expect_err("method").status, 405);
        for path in [
            "/",
            "/plans",
            "/captures/1",
            "/captures/x/selfie",
            "/captures/1/passport",
            "/captures/-1/selfie",
        ] {
            assert_eq!(Route::of("PUT", path).expect_err(path).status, 404, "{path}");
        }
    }

    #[test]
    fn a_bearer_header_is_read_and_anything_else_is_no_session() {
        assert_eq!(bearer(Some("Bearer abc")), Ok("abc"));
        assert_eq!(bearer(Some("bearer abc")), Ok("abc"));
        for bad in [None, Some(""), Some("Bearer"), Some("Bearer  "), Some("Basic abc")] {
            assert_eq!(bearer(bad).expect_err("refused").code, Code::SessionUnknown);
        }
    }

    #[test]
    fn a_capture_needs_a_well_formed_digest() {
        let route = Route::Capture { attempt: 1, kind: CaptureKind::Selfie };
        for bad in [None, Some(""), Some("abc"), Some(&*"A".repeat(64)), Some(&*"g".repeat(64))] {
            let head = |digest| Head { digest, key: None };
            assert_eq!(route.request(head(bad), vec![]).expect_err("refused").code, Code::InvalidRequest);
        }
        let good = "a".repeat(64);
        assert!(route.request(Head { digest: Some(&good), key: None }, vec![]).is_ok());
    }

    #[test]
    fn a_body_that_is_not_of_the_path_is_an_invalid_request() {
        for route in [
            Route::Consent,
            Route::Person,
            Route::OtpVerify,
            Route::Secret,
            Route::SignatureStart,
            Route::Complete,
            Route::Cancel,
        ] {
            for body in [&b""[..], b"{}", b"[", b"\xff"] {
                let refused = route.request(Head::default(), body.to_vec()).expect_err("refused");
                assert_eq!((refused.status, refused.code), (400, Code::InvalidRequest));
            }
        }
    }

    #[test]
    fn an_entry_carries_its_key_and_a_key_is_short_and_visible() {
        let request = |key| Route::OtpSend.request(Head { digest: None, key }, vec![]);
        assert!(matches!(request(Some("k-1")), Ok(Request::Entry { key: Some(_), entry: Entry::SendOtp })));
        assert!(matches!(request(None), Ok(Request::Entry { key: None, .. })));
        for bad in ["", "a b", "ключ", &*"k".repeat(65)] {
            assert_eq!(request(Some(bad)).expect_err("refused").code, Code::InvalidRequest);
        }
        for (path, route) in [
            ("/person", Route::Person),
            ("/otp/send", Route::OtpSend),
            ("/otp/verify", Route::OtpVerify),
            ("/secret", Route::Secret),
            ("/signature/start", Route::SignatureStart),
            ("/signature/check", Route::SignatureCheck),
        ] {
            assert_eq!(Route::of("POST", path), Ok(route));
            assert_eq!(Route::of("GET", path).expect_err(path).status, 405);
        }
        let shown = format!("{:?}", Route::Secret.request(Head::default(), br#"{"secret":"1234"}"#.to_vec()));
        assert!(!shown.contains("1234"), "{shown}");
    }

    #[test]
    fn a_session_is_asked_for_with_a_token_and_a_key_of_32_bytes() {
        let body = |key: &str| format!(r#"{{"token":"t","page_key":"{key}"}}"#).into_bytes();
        let good = "_".repeat(42) + "8";
        assert_eq!(opening(&body(&good)).map(|(token, _)| token), Ok("t".into()));
        let bad = [String::new(), "_".repeat(42), good.clone() + "=", good.replace('_', "/"), "_".repeat(64)];
        for key in bad {
            assert_eq!(opening(&body(&key)).expect_err(&key).code, Code::InvalidRequest);
        }
        for body in [&b"{}"[..], br#"{"token":"t"}"#, br#"{"token":"t","page_key":null}"#] {
            assert_eq!(opening(body).expect_err("refused").code, Code::InvalidRequest);
        }
    }
}
