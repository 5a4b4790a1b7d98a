//! What the page is told at the steps without pictures.

use crate::receipt::Receipt;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The answer to a step without pictures: how the step stands, or how the attempt ended at it. Told apart by
/// `state`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum EntryReply {
    /// How the step stands.
    Answer(EntryAnswer),
    /// The attempt is over.
    Receipt(Receipt),
}

/// How a step without pictures stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum EntryAnswer {
    /// The step is met.
    Accepted,
    /// A code was sent.
    Sent(OtpSent),
    /// What was typed is not right.
    Wrong {
        /// Why.
        problem: EntryProblem,
        /// Tries left: for this code, or for the secret.
        tries_left: u32,
    },
    /// The signature is waited for.
    Waiting(SignatureWait),
}

/// Why a code or a secret is not taken. The code is the key of the text in the locales.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EntryProblem {
    /// It is another one.
    Wrong,
    /// Its time is over; ask for another.
    Expired,
}

impl EntryProblem {
    /// The code, as in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::Expired => "expired",
        }
    }
}

/// A code that was sent. Times run from this answer on: the page's clock may be another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OtpSent {
    /// Time for which it is taken, in ms.
    pub expires_in_ms: u64,
    /// Time after which another one may be asked for, in ms.
    pub resend_in_ms: u64,
    /// Tries left for it.
    pub tries_left: u32,
    /// Codes that may still be asked for.
    pub sends_left: u32,
}

/// How the person comes to the app that signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SignatureTrigger {
    /// A message to the phone.
    Push,
    /// A link that opens the app on this device.
    AppScheme,
}

impl SignatureTrigger {
    /// The code, as in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::AppScheme => "app_scheme",
        }
    }
}

/// A signature that is waited for. Times run from this answer on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignatureWait {
    /// The way that was chosen.
    pub trigger: SignatureTrigger,
    /// Links to the app, where that is the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub links: Option<AppLinks>,
    /// Time left to sign, in ms.
    pub expires_in_ms: u64,
}

/// Links that open the app, to be opened unchanged when the person taps. They name the request: `Debug` shows none.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AppLinks {
    /// By the app's own scheme.
    pub app_scheme: String,
    /// As a Chrome intent, on Android.
    pub android: String,
    /// As a universal link, on iOS.
    pub ios: String,
}

impl fmt::Debug for AppLinks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppLinks").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::receipt::Reason;

    #[test]
    fn every_reply_is_told_by_its_state() {
        let sent = OtpSent { expires_in_ms: 180_000, resend_in_ms: 30_000, tries_left: 5, sends_left: 2 };
        let links =
            AppLinks { app_scheme: "a://b".into(), android: "intent://b".into(), ios: "https://c".into() };
        let replies = [
            ("accepted", EntryReply::Answer(EntryAnswer::Accepted)),
            ("sent", EntryReply::Answer(EntryAnswer::Sent(sent))),
            ("wrong", EntryReply::Answer(EntryAnswer::Wrong { problem: EntryProblem::Wrong, tries_left: 2 })),
            (
                "waiting",
                EntryReply::Answer(EntryAnswer::Waiting(SignatureWait {
                    trigger: SignatureTrigger::AppScheme,
                    links: Some(links),
                    expires_in_ms: 600_000,
                })),
            ),
            ("retry", EntryReply::Receipt(Receipt::Retry { reason: Reason::OtpFailed, attempts_left: 2 })),
            (
                "received",
                EntryReply::Receipt(Receipt::Received { submission_id: "s".into(), return_url: "u".into() }),
            ),
        ];
        for (state, reply) in replies {
            let json = serde_json::to_value(&reply).unwrap();
            assert_eq!(json["state"], state);
            assert_eq!(serde_json::from_value::<EntryReply>(json).unwrap(), reply);
        }
        for (trigger, code) in [(SignatureTrigger::Push, "push"), (SignatureTrigger::AppScheme, "app_scheme")]
        {
            assert_eq!((serde_json::to_value(trigger).unwrap(), trigger.code()), (code.into(), code));
        }
        for problem in [EntryProblem::Wrong, EntryProblem::Expired] {
            assert_eq!(serde_json::to_value(problem).unwrap(), problem.code());
        }
    }
}
