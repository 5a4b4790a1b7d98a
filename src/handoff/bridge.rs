//! The envelope: one JSON string that every host can take.

use crate::error::Error;
use idv_protocol::Reason;
use serde_json::{Value, json};

/// Version of the envelope.
pub const ENVELOPE_VERSION: u32 = 1;

/// What a host app is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Announcement {
    /// The plan is loaded.
    Ready {
        /// Attempt, from 1.
        attempt: u32,
        /// Names of the steps.
        steps: Vec<&'static str>,
    },
    /// A step begins.
    Step {
        /// Its name.
        step: &'static str,
        /// Its index, from 0.
        index: u32,
        /// Steps in all.
        count: u32,
    },
    /// The submission was received. It says nothing about the outcome.
    Submitted {
        /// Id of the submission; opaque.
        submission_id: String,
    },
    /// An error is shown.
    Error(Error),
    /// The flow ended without a submission.
    Cancel {
        /// Why.
        reason: Reason,
    },
}

impl Announcement {
    /// Type of the message.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Ready { .. } => "idv.ready",
            Self::Step { .. } => "idv.step",
            Self::Submitted { .. } => "idv.submitted",
            Self::Error(_) => "idv.error",
            Self::Cancel { .. } => "idv.cancel",
        }
    }

    fn payload(&self) -> Value {
        match self {
            Self::Ready { attempt, steps } => json!({ "attempt": attempt, "steps": steps }),
            Self::Step { step, index, count } => json!({ "step": step, "index": index, "count": count }),
            Self::Submitted { submission_id } => json!({ "submission_id": submission_id }),
            Self::Error(error) => json!({
                "code": error.code(),
                "retryable": error.retryable(),
                "remedy": error.remedy().code(),
            }),
            Self::Cancel { reason } => json!({ "reason": reason.code() }),
        }
    }
}

/// The envelope of `announcement` as a JSON string: `v`, `type`, `id`, `payload`. `id` is the caller's, unique
/// among the messages of a page.
pub fn envelope(announcement: &Announcement, id: &str) -> String {
    json!({
        "v": ENVELOPE_VERSION,
        "type": announcement.kind(),
        "id": id,
        "payload": announcement.payload(),
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{ErrorKind, Stage};

    #[test]
    fn every_message_has_the_same_envelope() {
        let error = Error::new(ErrorKind::CameraDenied, Stage::Camera).with_source("NotAllowedError");
        let table = [
            (
                Announcement::Ready { attempt: 1, steps: vec!["consent", "document"] },
                json!({"v":1,"type":"idv.ready","id":"7","payload":{"attempt":1,"steps":["consent","document"]}}),
            ),
            (
                Announcement::Step { step: "face", index: 2, count: 3 },
                json!({"v":1,"type":"idv.step","id":"7","payload":{"step":"face","index":2,"count":3}}),
            ),
            (
                Announcement::Submitted { submission_id: "sub-1".into() },
                json!({"v":1,"type":"idv.submitted","id":"7","payload":{"submission_id":"sub-1"}}),
            ),
            (
                Announcement::Error(error),
                json!({"v":1,"type":"idv.error","id":"7",
                    "payload":{"code":"camera_denied","retryable":true,"remedy":"allow_camera"}}),
            ),
            (
                Announcement::Cancel { reason: Reason::ConsentRefused },
                json!({"v":1,"type":"idv.cancel","id":"7","payload":{"reason":"consent_refused"}}),
            ),
        ];
        for (announcement, expected) in table {
            let text = envelope(&announcement, "7");
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), expected);
        }
    }
}
