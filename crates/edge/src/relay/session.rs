//! The session: everything the relay remembers between two requests.

use super::entry::Entries;
use super::frames::Commitment;
use super::wire::problem;
use idv_protocol::plan::{DocumentStep, PersonStep, SignatureStep, Step as PlanStep};
use idv_protocol::seal::Jwk;
use idv_protocol::{CaptureKind, ChallengeSet, Code, ConsentRecord, Outcome, Problem, Reason};
use serde::{Deserialize, Serialize};

/// Attempts in all: one and two retries (Argos: the retry count is rejected at 3).
pub const MAX_ATTEMPTS: u32 = 3;

/// Life of a session in ms, from the exchange of its start token: three attempts of about two minutes each, with
/// time to fetch the document.
pub const SESSION_LIFE_MS: u64 = 30 * 60 * 1000;

/// Time in ms for which a completed attempt takes no other captures while it is judged: as long as the page waits
/// for the answer. An operator that failed to judge is asked again, and after this the page may begin again.
pub const JUDGING_MS: u64 = 60 * 1000;

/// A session. It holds neither token nor key, only their SHA-256.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Id; opaque.
    pub id: String,
    /// Id of the submission that comes of it; opaque.
    pub submission_id: String,
    /// Canonical key of the policy.
    pub policy_key: String,
    /// Steps of the flow.
    pub steps: Vec<PlanStep>,
    /// SHA-256 of the session token, lower-case hex; absent until the start token is exchanged.
    pub token_sha256: Option<String>,
    /// The exchange, as long as it may be repeated; absent before it, and once anything was granted to the session
    /// token.
    pub exchanged: Option<Exchanged>,
    /// When it ends, in ms since 1970.
    pub expires_at_ms: u64,
    /// The attempt that is open, from 1.
    pub attempt: u32,
    /// Nonce of that attempt, 32 bytes as lower-case hex.
    pub nonce: String,
    /// What the challenges of this session are drawn from.
    #[serde(default)]
    pub challenge_set: ChallengeSet,
    /// Consent, once given.
    pub consent: Option<ConsentRecord>,
    /// The device key that signs for this session, once one was registered.
    #[serde(default)]
    pub device_key: Option<Jwk>,
    /// Captures held for the open attempt, also those kept from an earlier one.
    pub captures: Vec<HeldCapture>,
    /// The steps without pictures.
    #[serde(default)]
    pub entries: Entries,
    /// Until when the open attempt is being judged, in ms since 1970; absent before its evidence was taken.
    pub judging_until_ms: Option<u64>,
    /// What the open attempt's evidence committed to, where frames of it are awaited or being judged.
    #[serde(default)]
    pub committed: Option<Commitment>,
    /// Whether a page that was reloaded has completed its attempt again, with another draw.
    #[serde(default)]
    pub drawn_again: bool,
    /// What earlier attempts were answered with.
    pub retries: Vec<RetryGiven>,
    /// How it ended, once it did.
    pub settled: Option<Settled>,
}

/// The exchange of the start token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchanged {
    /// SHA-256 of the page's key, lower-case hex.
    pub page_key_sha256: String,
    /// When it was first answered, in ms since 1970.
    pub at_ms: u64,
}

/// A capture that is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldCapture {
    /// What it shows.
    pub kind: CaptureKind,
    /// The attempt it was taken in.
    pub attempt: u32,
    /// SHA-256 of its opened bytes, lower-case hex.
    pub sha256: String,
    /// Their number; absent where it is not known.
    #[serde(default)]
    pub bytes: Option<u32>,
}

/// An attempt that was answered with a retry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetryGiven {
    /// The attempt.
    pub attempt: u32,
    /// Why.
    pub reason: Reason,
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// Status.
    pub outcome: Outcome,
    /// Why, unless approved.
    pub reason: Option<Reason>,
    /// Attempts made; the one that was open when it ended counts.
    pub attempt: u32,
    /// When, in ms since 1970.
    pub at_ms: u64,
}

/// What a session is made of.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Id; opaque, unguessable.
    pub id: String,
    /// Id of the submission; opaque, unguessable.
    pub submission_id: String,
    /// Canonical key of the policy.
    pub policy_key: String,
    /// Steps, by [`super::steps_of`].
    pub steps: Vec<PlanStep>,
    /// What its challenges are drawn from.
    pub challenge_set: ChallengeSet,
    /// When the start token ends, in ms since 1970.
    pub start_expires_at_ms: u64,
}

impl Session {
    /// A session that waits for its start token, with 32 random bytes as the first attempt's nonce.
    pub fn new(parts: NewSession, nonce: &[u8; 32]) -> Self {
        Self {
            id: parts.id,
            submission_id: parts.submission_id,
            policy_key: parts.policy_key,
            steps: parts.steps,
            token_sha256: None,
            exchanged: None,
            expires_at_ms: parts.start_expires_at_ms,
            attempt: 1,
            nonce: hex::encode(nonce),
            challenge_set: parts.challenge_set,
            consent: None,
            device_key: None,
            captures: Vec::new(),
            entries: Entries::default(),
            judging_until_ms: None,
            committed: None,
            drawn_again: false,
            retries: Vec::new(),
            settled: None,
        }
    }

    /// How a document is asked for, where one is.
    pub fn document_step(&self) -> Option<&DocumentStep> {
        self.steps.iter().find_map(|step| match step {
            PlanStep::Document(step) => Some(step),
            _ => None,
        })
    }

    /// Which personal data are asked for, where they are.
    pub fn person_step(&self) -> Option<&PersonStep> {
        self.steps.iter().find_map(|step| match step {
            PlanStep::Person(step) => Some(step),
            _ => None,
        })
    }

    /// How a signature is asked for, where one is.
    pub fn signature_step(&self) -> Option<&SignatureStep> {
        self.steps.iter().find_map(|step| match step {
            PlanStep::Signature(step) => Some(step),
            _ => None,
        })
    }

    /// Whether pictures are asked for.
    pub fn asks_captures(&self) -> bool {
        self.steps.iter().any(PlanStep::is_capture)
    }

    /// Whether a step of the open attempt has what it asks for; of a capture step, its first picture.
    pub(super) fn is_met(&self, step: &PlanStep) -> bool {
        match step {
            PlanStep::Consent => self.consent.is_some(),
            PlanStep::Document(_) => self.held(CaptureKind::DocumentFront).is_some(),
            PlanStep::Face { .. } => self.held(CaptureKind::Selfie).is_some(),
            _ => self.entries.is_met(step.name()),
        }
    }

    /// Whether a face is asked for.
    pub fn asks_face(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, PlanStep::Face { .. }))
    }

    /// When it was opened, in ms since 1970, once its start token was exchanged.
    pub fn opened_at_ms(&self) -> u64 {
        self.expires_at_ms.saturating_sub(SESSION_LIFE_MS)
    }

    /// The capture held in the place of `kind`.
    pub fn held(&self, kind: CaptureKind) -> Option<&HeldCapture> {
        self.captures.iter().find(|held| held.kind == kind)
    }

    /// Whether the open attempt's evidence was taken and is being judged.
    pub(super) fn is_judged(&self, now_ms: u64) -> bool {
        self.judging_until_ms.is_some_and(|until_ms| now_ms < until_ms)
    }

    /// Whether the open attempt's evidence was taken: its captures and its key stay as they are.
    pub(super) fn is_complete(&self, now_ms: u64) -> bool {
        self.committed.is_some() || self.is_judged(now_ms)
    }

    pub(super) fn require_open(&self, now_ms: u64) -> Result<(), Problem> {
        if self.settled.is_some() {
            return Err(problem(Code::SessionClosed, "This verification has ended. Start a new one."));
        }
        self.require_in_time(now_ms)
    }

    pub(super) fn require_in_time(&self, now_ms: u64) -> Result<(), Problem> {
        if now_ms >= self.expires_at_ms {
            return Err(problem(
                Code::SessionExpired,
                "The time for this verification is over. Start a new one.",
            ));
        }
        Ok(())
    }
}

/// The session settled as expired, where its time is over and nothing else ended it.
pub fn expire(session: &Session, now_ms: u64) -> Option<Session> {
    if session.settled.is_some() || now_ms < session.expires_at_ms {
        return None;
    }
    let settled = Settled {
        outcome: Outcome::Expired,
        reason: Some(Reason::SessionExpired),
        attempt: session.attempt,
        at_ms: session.expires_at_ms,
    };
    Some(Session { settled: Some(settled), ..session.clone() })
}
