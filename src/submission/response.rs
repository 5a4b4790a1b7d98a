//! What came back, read into what it means.

use crate::error::{Error, ErrorKind, Stage};
use crate::submission::Errand;
use idv_protocol::relay::{CaptureAck, SessionResponse};
use idv_protocol::{CaptureKind, Code, EntryReply, FieldError, Plan, Problem, Receipt};

/// Status of the answer to a form with fields that cannot be right.
const FIELDS_STATUS: u16 = Code::FieldsInvalid.status();

/// An answer of the relay as data.
#[derive(Clone, PartialEq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// `Retry-After` as a wait in ms, where the answer has one.
    pub retry_after_ms: Option<f64>,
    /// Body as text.
    pub body: String,
}

/// A request that got no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransportFailure {
    /// No connection, or it broke.
    Network,
    /// No answer in time.
    Timeout,
    /// The browser could not seal or sign it.
    Sealing,
}

impl TransportFailure {
    /// The error this is for the user.
    pub fn error(self, stage: Stage) -> Error {
        match self {
            Self::Network => Error::new(ErrorKind::NetworkLost, stage),
            Self::Timeout => Error::new(ErrorKind::RequestTimeout, stage),
            Self::Sealing => Error::new(ErrorKind::InsecureContext, stage)
                .with_source("the browser could not seal or sign a body"),
        }
    }
}

/// What an errand brought back.
#[derive(Clone, Debug, PartialEq)]
pub enum Delivery {
    /// A session.
    Session(SessionResponse),
    /// The plan.
    Plan(Box<Plan>),
    /// The consent was taken.
    Consent,
    /// The device key is registered.
    DeviceKey,
    /// The relay holds this capture.
    Capture(CaptureKind),
    /// How a step without pictures stands.
    Entry(EntryReply),
    /// Fields of the form that cannot be right.
    Fields(Vec<FieldError>),
    /// The attempt or the session is completed.
    Receipt(Receipt),
}

/// Stage an errand's errors belong to.
pub fn stage_of(errand: &Errand) -> Stage {
    match errand {
        Errand::Exchange { .. } | Errand::Plan => Stage::Start,
        _ => Stage::Submission,
    }
}

/// Reads the answer to `errand`.
pub fn read(errand: &Errand, response: &Response) -> Result<Delivery, Error> {
    let stage = stage_of(errand);
    if let (Errand::Person { .. }, FIELDS_STATUS) = (errand, response.status)
        && let Ok(problem) = serde_json::from_str::<Problem>(&response.body)
        && !problem.fields.is_empty()
    {
        return Ok(Delivery::Fields(problem.fields));
    }
    if !(200..300).contains(&response.status) {
        return Err(read_problem(response, stage));
    }
    let body = response.body.as_str();
    match errand {
        Errand::Exchange { .. } => parse(body, stage).map(Delivery::Session),
        Errand::Plan => read_plan(response, stage).map(|plan| Delivery::Plan(Box::new(plan))),
        Errand::Consent(_) => Ok(Delivery::Consent),
        Errand::DeviceKey { .. } => Ok(Delivery::DeviceKey),
        Errand::Capture { meta, .. } => {
            let ack: CaptureAck = parse(body, stage)?;
            if ack.sha256 == meta.sha256 && ack.kind == meta.kind {
                Ok(Delivery::Capture(meta.kind))
            } else {
                Err(Error::new(ErrorKind::Relay(Code::DigestMismatch), stage)
                    .with_source("the relay confirmed another capture"))
            }
        }
        Errand::Person { .. }
        | Errand::SendOtp { .. }
        | Errand::VerifyOtp { .. }
        | Errand::Secret { .. }
        | Errand::StartSignature { .. }
        | Errand::CheckSignature => parse(body, stage).map(Delivery::Entry),
        Errand::Complete(_) | Errand::Frames { .. } | Errand::Cancel(_) => {
            parse(body, stage).map(Delivery::Receipt)
        }
    }
}

/// Reads a plan and checks the version of its wire format.
#[inline(never)] // Its reader is large, and two callers would each get a copy.
pub fn read_plan(response: &Response, stage: Stage) -> Result<Plan, Error> {
    if !(200..300).contains(&response.status) {
        return Err(read_problem(response, stage));
    }
    // The version first: another major version may not even have the same members.
    #[derive(serde::Deserialize)]
    struct Version {
        protocol_version: String,
    }
    let version: Version = parse(&response.body, stage)?;
    if major(&version.protocol_version) != major(idv_protocol::PROTOCOL_VERSION) {
        return Err(Error::new(ErrorKind::Relay(Code::UnsupportedVersion), stage));
    }
    parse(&response.body, stage)
}

fn major(version: &str) -> &str {
    version.split('.').next().unwrap_or(version)
}

fn parse<T: serde::de::DeserializeOwned>(body: &str, stage: Stage) -> Result<T, Error> {
    // The text of serde's error can quote the body: only its place is kept.
    serde_json::from_str(body).map_err(|error| {
        Error::new(ErrorKind::ServerUnavailable, stage).with_source(format!(
            "unreadable answer at line {} column {}",
            error.line(),
            error.column()
        ))
    })
}

fn read_problem(response: &Response, stage: Stage) -> Error {
    let kind = match serde_json::from_str::<Problem>(&response.body) {
        Ok(problem) => ErrorKind::Relay(problem.code),
        // No problem of the relay's: a proxy or a gateway before it.
        Err(_) => match response.status {
            401 | 403 => ErrorKind::Relay(Code::SessionUnknown),
            408 => ErrorKind::RequestTimeout,
            413 => ErrorKind::Relay(Code::BodyTooLarge),
            429 => ErrorKind::Relay(Code::RateLimited),
            400..=499 => ErrorKind::Relay(Code::InvalidRequest),
            _ => ErrorKind::ServerUnavailable,
        },
    };
    Error::new(kind, stage).with_source(format!("HTTP {}", response.status))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, body: &str) -> Response {
        Response { status, retry_after_ms: None, body: body.to_owned() }
    }

    #[test]
    fn a_problem_keeps_its_code_and_a_gateway_page_gets_one_by_its_status() {
        let problem = r#"{"status":401,"code":"token_expired","detail":"x"}"#;
        let table = [
            (401, problem, "token_expired", false),
            (502, "<html>Bad gateway</html>", "server_unavailable", true),
            (504, "", "server_unavailable", true),
            (429, "", "rate_limited", true),
            (413, "", "body_too_large", false),
            (404, "nothing here", "invalid_request", false),
            (401, "", "session_unknown", false),
            (200, "<html>captive portal</html>", "server_unavailable", true),
            (200, r#"{"protocol_version":"4.0"}"#, "unsupported_version", false),
        ];
        for (status, body, code, retryable) in table {
            let error = read(&Errand::Plan, &response(status, body)).expect_err("no plan");
            assert_eq!((error.code(), error.retryable()), (code, retryable), "{status} {body}");
        }
    }

    #[test]
    fn an_unreadable_answer_is_not_quoted() {
        let body = r#"{"session_id": "s", "session_token": 7}"#;
        let exchange = Errand::Exchange { token: "t".into(), page_key: "k".into() };
        let error = read(&exchange, &response(200, body)).expect_err("no session");
        assert_eq!(error.to_string(), "server_unavailable: unreadable answer at line 1 column 38");
    }
}
