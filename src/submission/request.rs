//! What is asked of the relay, and the request that asks it.

use idv_protocol::relay::{
    CancelRequest, DIGEST_HEADER, KEY_HEADER, OtpRequest, SecretRequest, SessionRequest, SignatureRequest,
};
use idv_protocol::seal::JOSE_TYPE;
use idv_protocol::{CaptureMeta, ConsentRecord, Evidence, PersonForm, Reason, SignatureTrigger};
use idv_seal::jose::SealTo;
use std::fmt;
use std::rc::Rc;

/// Time limit of a request with a short body, in ms.
pub const JSON_TIMEOUT_MS: u32 = 15_000;

/// Time limit of a capture, in ms: 2 MB, the largest capture, over 300 kbit/s.
pub const CAPTURE_TIMEOUT_MS: u32 = 60_000;

/// Time limit of a completion, in ms: the operator may decide before it answers.
pub const COMPLETE_TIMEOUT_MS: u32 = 60_000;

/// Time limit in ms of a request for which the relay asks a vendor: twice the vendor's own 15 s, since a token may have
/// to be fetched first.
pub const VENDOR_TIMEOUT_MS: u32 = 30_000;

/// The body of a request that says nothing.
const EMPTY_OBJECT: &str = "{}";

/// Bytes of a capture or of frames, shared without copying.
pub type Jpeg = Rc<[u8]>;

/// Something to bring to the relay.
#[derive(Clone, PartialEq)]
pub enum Errand {
    /// Exchange the one-time token for a session.
    Exchange {
        /// The `token` of the start URL.
        token: String,
        /// The page's key, the same at every try.
        page_key: String,
    },
    /// Ask for the plan.
    Plan,
    /// Hand over the consent.
    Consent(ConsentRecord),
    /// Register the device key.
    DeviceKey {
        /// Session it is for.
        session_id: String,
        /// Nonce of the open attempt.
        nonce: String,
    },
    /// Hand over a capture.
    Capture {
        /// The capture without its bytes.
        meta: CaptureMeta,
        /// Its bytes.
        jpeg: Jpeg,
        /// What it is sealed to.
        to: Box<SealTo>,
    },
    /// Hand over personal data. The key names this press of the button, at every try.
    Person {
        /// Idempotency key.
        key: String,
        /// The data.
        form: PersonForm,
    },
    /// Have a code sent.
    SendOtp {
        /// Idempotency key.
        key: String,
    },
    /// Hand over the code.
    VerifyOtp {
        /// Idempotency key.
        key: String,
        /// The code.
        code: String,
    },
    /// Hand over the document's secret.
    Secret {
        /// Idempotency key.
        key: String,
        /// The secret.
        secret: String,
    },
    /// Ask for a signature.
    StartSignature {
        /// Idempotency key.
        key: String,
        /// The way to the app.
        trigger: SignatureTrigger,
    },
    /// Look whether it was signed.
    CheckSignature,
    /// Complete the attempt.
    Complete(Box<Evidence>),
    /// Hand over the frames that were asked for.
    Frames {
        /// The frames, as `idv_seal::frames` writes them.
        bytes: Jpeg,
        /// What they are sealed to.
        to: Box<SealTo>,
    },
    /// End the session without a submission.
    Cancel(Reason),
}

/// Method of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// GET
    Get,
    /// POST
    Post,
    /// PUT
    Put,
}

impl Method {
    /// As in HTTP.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }
}

/// Body of a request.
#[derive(Clone, PartialEq, Eq)]
pub enum Body {
    /// None.
    Empty,
    /// `application/json`.
    Json(String),
    /// These bytes, sealed: a compact JWE.
    Sealed {
        /// What they are sealed to.
        to: Box<SealTo>,
        /// The bytes.
        bytes: Jpeg,
    },
    /// This, signed by the device key: a compact JWS.
    Signed(ToSign),
}

/// What the device key signs.
#[derive(Clone, PartialEq, Eq)]
pub enum ToSign {
    /// That it is to be registered.
    DeviceKey {
        /// Session it is for.
        session_id: String,
        /// Nonce of the open attempt.
        nonce: String,
    },
    /// Evidence, as JSON.
    Evidence(String),
}

/// A request as data. Its `Debug` shows neither token nor body.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// Number of this exchange; the answer carries it.
    pub id: u64,
    /// Method.
    pub method: Method,
    /// Path below the relay's base, from `/`.
    pub path: String,
    /// Session token, for the `authorization` header.
    pub bearer: Option<String>,
    /// Idempotency key, for its header.
    pub key: Option<String>,
    /// Body.
    pub body: Body,
    /// Time limit in ms.
    pub timeout_ms: u32,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("id", &self.id)
            .field("method", &self.method)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Request {
    /// Headers besides `authorization`, as name and value. `digest` is the SHA-256 of a sealed body as it is sent,
    /// lower-case hex.
    pub fn headers(&self, digest: Option<String>) -> Vec<(&'static str, String)> {
        let mut headers = vec![("accept", "application/json, application/problem+json".to_owned())];
        match &self.body {
            Body::Empty => {}
            Body::Json(_) => headers.push(("content-type", "application/json".to_owned())),
            Body::Sealed { .. } | Body::Signed(_) => headers.push(("content-type", JOSE_TYPE.to_owned())),
        }
        if let Some(key) = &self.key {
            headers.push((KEY_HEADER, key.clone()));
        }
        if let Some(digest) = digest {
            headers.push((DIGEST_HEADER, digest));
        }
        headers
    }
}

impl Errand {
    /// The request of this errand. Fails when its body cannot be written as JSON, which no value of ours does.
    pub fn request(&self, id: u64, bearer: Option<&str>) -> Result<Request, serde_json::Error> {
        let post =
            |path: &str, body: String| (Method::Post, path.to_owned(), Body::Json(body), JSON_TIMEOUT_MS);
        let (method, path, body, timeout_ms) = match self {
            Self::Exchange { token, page_key } => {
                let request = SessionRequest { token: token.clone(), page_key: page_key.clone() };
                let body = serde_json::to_string(&request)?;
                (Method::Post, "/session".to_owned(), Body::Json(body), JSON_TIMEOUT_MS)
            }
            Self::Plan => (Method::Get, "/plan".to_owned(), Body::Empty, JSON_TIMEOUT_MS),
            Self::Consent(consent) => {
                let body = serde_json::to_string(consent)?;
                (Method::Post, "/consent".to_owned(), Body::Json(body), JSON_TIMEOUT_MS)
            }
            Self::DeviceKey { session_id, nonce } => {
                let what = ToSign::DeviceKey { session_id: session_id.clone(), nonce: nonce.clone() };
                (Method::Post, "/device-key".to_owned(), Body::Signed(what), JSON_TIMEOUT_MS)
            }
            Self::Capture { meta, jpeg, to } => {
                let path = format!("/captures/{}/{}", meta.attempt, meta.kind.code());
                let body = Body::Sealed { to: to.clone(), bytes: Rc::clone(jpeg) };
                (Method::Put, path, body, CAPTURE_TIMEOUT_MS)
            }
            Self::Person { form, .. } => post("/person", serde_json::to_string(form)?),
            Self::SendOtp { .. } => post("/otp/send", EMPTY_OBJECT.to_owned()),
            Self::VerifyOtp { code, .. } => {
                post("/otp/verify", serde_json::to_string(&OtpRequest { code: code.clone() })?)
            }
            Self::Secret { secret, .. } => {
                post("/secret", serde_json::to_string(&SecretRequest { secret: secret.clone() })?)
            }
            Self::StartSignature { trigger, .. } => {
                let body = serde_json::to_string(&SignatureRequest { trigger: *trigger })?;
                (Method::Post, "/signature/start".to_owned(), Body::Json(body), VENDOR_TIMEOUT_MS)
            }
            Self::CheckSignature => {
                let body = Body::Json(EMPTY_OBJECT.to_owned());
                (Method::Post, "/signature/check".to_owned(), body, VENDOR_TIMEOUT_MS)
            }
            Self::Complete(evidence) => {
                let body = Body::Signed(ToSign::Evidence(serde_json::to_string(evidence)?));
                (Method::Post, "/complete".to_owned(), body, COMPLETE_TIMEOUT_MS)
            }
            Self::Frames { bytes, to } => {
                let body = Body::Sealed { to: to.clone(), bytes: Rc::clone(bytes) };
                (Method::Post, format!("/frames/{}", to.attempt), body, COMPLETE_TIMEOUT_MS)
            }
            Self::Cancel(reason) => {
                let body = serde_json::to_string(&CancelRequest { reason: *reason })?;
                (Method::Post, "/cancel".to_owned(), Body::Json(body), JSON_TIMEOUT_MS)
            }
        };
        let bearer = match self {
            Self::Exchange { .. } => None,
            _ => bearer.map(str::to_owned),
        };
        Ok(Request { id, method, path, bearer, key: self.key(), body, timeout_ms })
    }

    fn key(&self) -> Option<String> {
        match self {
            Self::Person { key, .. }
            | Self::SendOtp { key }
            | Self::VerifyOtp { key, .. }
            | Self::Secret { key, .. }
            | Self::StartSignature { key, .. } => Some(key.clone()),
            _ => None,
        }
    }

    /// Bytes of its body that count for progress; small ones count as one kilobyte.
    pub fn weight_bytes(&self) -> u64 {
        match self {
            Self::Capture { jpeg: bytes, .. } | Self::Frames { bytes, .. } => bytes.len() as u64,
            _ => 1024,
        }
    }
}
