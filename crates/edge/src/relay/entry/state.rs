//! What a session remembers of its steps without pictures: whether each is met, and what it takes to go on.

use super::{Key, OtpHeld, SignatureHeld};
use idv_protocol::{EntryAnswer, Reason, StepName};
use serde::{Deserialize, Serialize};

/// Answers kept for repetitions. A page has one request under way at a time; the rest is for its reloads.
const MAX_KEPT_ANSWERS: usize = 16;

/// The steps without pictures of a session. It holds nothing that was typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Entries {
    /// The personal data were accepted.
    pub person: bool,
    /// The code that was sent last.
    pub otp: Option<OtpHeld>,
    /// Codes sent in this attempt.
    pub otp_sends: u32,
    /// The code was typed in.
    pub otp_met: bool,
    /// The document's secret was right.
    pub secret: bool,
    /// Wrong secrets in the whole session.
    pub secret_failures: u32,
    /// The signature that is waited for.
    pub signature: Option<SignatureHeld>,
    /// Signatures asked for in the whole session.
    pub signature_starts: u32,
    /// It was signed, and the signature holds.
    pub signed: bool,
    /// What is being worked on.
    pub working: Option<Working>,
    /// What was answered, the last one last.
    pub answers: Vec<KeptAnswer>,
}

/// Work under way outside of the relay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Working {
    /// SHA-256 of the key it is done for, lower-case hex; none for a look at a signature.
    pub key_sha256: Option<String>,
    /// When whoever does it counts as gone, in ms since 1970.
    pub until_ms: u64,
}

/// What a key was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptAnswer {
    /// SHA-256 of the key, lower-case hex.
    pub key_sha256: String,
    /// The attempt that was open.
    pub attempt: u32,
    /// The answer; none where it was how that attempt ended.
    pub answer: Option<EntryAnswer>,
}

impl Entries {
    /// Whether a step without pictures needs nothing more.
    pub fn is_met(&self, step: StepName) -> bool {
        match step {
            StepName::Person => self.person,
            StepName::Otp => self.otp_met,
            StepName::Secret => self.secret,
            StepName::Signature => self.signed,
            StepName::Consent | StepName::Document | StepName::Face => false,
        }
    }

    /// Every step without pictures that is met.
    pub fn met(&self) -> Vec<StepName> {
        let all = [StepName::Person, StepName::Otp, StepName::Secret, StepName::Signature];
        all.into_iter().filter(|step| self.is_met(*step)).collect()
    }

    /// Another attempt begins after `reason`. Who is not on record types again, and so does who got no code: the
    /// number may be wrong. Tries for the secret and requests for signatures count for the whole session.
    pub(in crate::relay) fn begin_attempt(&mut self, reason: Reason) {
        let signature_failed = matches!(reason, Reason::SignatureRefused | Reason::SignatureExpired);
        *self = Self {
            person: self.person && signature_failed,
            secret_failures: self.secret_failures,
            signature_starts: self.signature_starts,
            answers: std::mem::take(&mut self.answers),
            ..Self::default()
        };
    }

    pub(super) fn is_worked_on(&self, now_ms: u64) -> bool {
        self.working.as_ref().is_some_and(|working| now_ms < working.until_ms)
    }

    pub(super) fn is_work_of(&self, key: Option<&Key>) -> bool {
        self.working.as_ref().is_some_and(|working| working.key_sha256 == key.map(Key::digest))
    }

    pub(super) fn answer_to(&self, key: &Key) -> Option<&KeptAnswer> {
        let digest = key.digest();
        self.answers.iter().find(|kept| kept.key_sha256 == digest)
    }

    pub(super) fn keep(&mut self, answer: KeptAnswer) {
        if self.answers.len() >= MAX_KEPT_ANSWERS {
            self.answers.remove(0);
        }
        self.answers.push(answer);
    }
}
