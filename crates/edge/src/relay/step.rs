//! One request of the page to its session.

use super::entry::{self, Entry, Key, OtpCode, Secret};
use super::plan::{PlanParams, plan_of};
use super::session::{MAX_ATTEMPTS, Session, Settled};
use super::wire::problem;
use super::{captures, complete, frames, seal};
use crate::evidence::{Failure, Manifest, OpenedFrame, VerifierSecret};
use idv_protocol::relay::{CancelRequest, CaptureAck};
use idv_protocol::{
    CaptureKind, Code, ConsentRecord, ConsentTerms, EntryAnswer, EntryReply, Outcome, PersonForm, Plan,
    Problem, Reason, Receipt, SignatureTrigger,
};
use std::fmt;

/// What a step knows besides request and session.
#[derive(Clone)]
pub struct Context {
    /// The time, in ms since 1970.
    pub now_ms: u64,
    /// 32 fresh random bytes: they become the session token, the code that is sent or the next attempt's
    /// nonce, or draw frames.
    pub random: [u8; 32],
    /// The operator's secret that codes are digested with; it lasts at least as long as a code.
    pub otp_key: [u8; 32],
    /// The operator's secret, of which each session's verifier key is made.
    pub verifier: VerifierSecret,
    /// The terms the user is asked to agree to.
    pub terms: ConsentTerms,
    /// Times of the steps.
    pub params: PlanParams,
    /// Whether a recorded camera is expected.
    pub test_camera: bool,
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("now_ms", &self.now_ms).finish_non_exhaustive()
    }
}

/// A request of the page, its session token already resolved to a session. `Debug` shows no content.
#[derive(Clone, PartialEq)]
pub enum Request {
    /// The plan of the open attempt.
    Plan,
    /// The user agreed.
    Consent(ConsentRecord),
    /// The page registers its device key: a compact JWS.
    DeviceKey(String),
    /// A capture.
    Capture {
        /// The attempt it belongs to.
        attempt: u32,
        /// What it shows.
        kind: CaptureKind,
        /// The digest of the sealed bytes that the page declares, lower-case hex.
        sha256: String,
        /// The bytes: a compact JWE.
        sealed: Vec<u8>,
    },
    /// Something of a step without pictures.
    Entry {
        /// What names this press of a button; needed for all but a look at a signature.
        key: Option<Key>,
        /// What is handed in.
        entry: Entry,
    },
    /// The attempt is complete.
    Complete(Box<Manifest>),
    /// The frames that were asked for.
    Frames {
        /// The attempt they belong to.
        attempt: u32,
        /// The digest of the sealed bytes that the page declares, lower-case hex.
        sha256: String,
        /// The bytes: a compact JWE.
        sealed: Vec<u8>,
    },
    /// The user or the device gave up.
    Cancel(CancelRequest),
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plan => "Plan",
            Self::Consent(_) => "Consent(..)",
            Self::DeviceKey(_) => "DeviceKey(..)",
            Self::Capture { .. } => "Capture(..)",
            Self::Entry { entry, .. } => return write!(f, "Entry({entry:?})"),
            Self::Frames { .. } => "Frames(..)",
            Self::Complete(_) => "Complete(..)",
            Self::Cancel(_) => "Cancel(..)",
        })
    }
}

/// What the page is answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// The plan.
    Plan(Box<Plan>),
    /// Done, nothing to say: 204.
    Done,
    /// The capture is held.
    Capture(CaptureAck),
    /// How a step without pictures stands.
    Entry(EntryAnswer),
    /// The attempt is judged once these frames came.
    Frames {
        /// Their leaves.
        indices: Vec<u32>,
    },
    /// The attempt did not succeed and there is another one.
    Retry {
        /// Why.
        reason: Reason,
        /// Attempts left.
        attempts_left: u32,
    },
    /// The session has ended. The page learns only that it was received, and where to go.
    Settled(Settled),
    /// Not answered yet: the operator judges the attempt first ([`Effect::Decide`]), then [`super::decided`]
    /// gives the reply; or somebody else is asked for a step without pictures, then [`super::concluded`] does.
    Pending,
    /// Whoever was asked for a step without pictures does not answer: `vendor_unavailable`.
    Unavailable,
}

impl Reply {
    /// The receipt that this reply is for the page, where it is one; `return_url` is used once it has ended.
    pub fn receipt(&self, session: &Session, return_url: impl FnOnce(&Settled) -> String) -> Option<Receipt> {
        match self {
            Self::Retry { reason, attempts_left } => {
                Some(Receipt::Retry { reason: *reason, attempts_left: *attempts_left })
            }
            Self::Frames { indices } => Some(Receipt::Frames { indices: indices.clone() }),
            Self::Settled(settled) => Some(Receipt::Received {
                submission_id: session.submission_id.clone(),
                return_url: return_url(settled),
            }),
            _ => None,
        }
    }

    /// The answer to a step without pictures that this reply is for the page, where it is one; `return_url` as in
    /// [`Self::receipt`].
    pub fn entry_reply(
        &self,
        session: &Session,
        return_url: impl FnOnce(&Settled) -> String,
    ) -> Option<EntryReply> {
        match self {
            Self::Entry(answer) => Some(EntryReply::Answer(answer.clone())),
            _ => self.receipt(session, return_url).map(EntryReply::Receipt),
        }
    }
}

/// What the caller does besides storing the session.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Store these bytes under session, attempt and kind, in the place of any that are there.
    StoreCapture {
        /// Attempt.
        attempt: u32,
        /// What they show.
        kind: CaptureKind,
        /// SHA-256, lower-case hex.
        sha256: String,
        /// The opened bytes.
        jpeg: Picture,
    },
    /// Store the evidence of the open attempt, in the place of any that is there, until it is judged.
    StoreEvidence(Box<Manifest>),
    /// These frames hold: hold them against the captures they were made of, when the attempt is judged.
    Frames(Vec<OpenedFrame>),
    /// Judge the evidence of the open attempt against the stored captures, if the plan asks for any.
    Decide,
    /// What was handed in does not hold: for the operator's log, never for the page.
    EvidenceRefused(Failure),
    /// Keep these personal data with the session, in the place of any that are there, and hold them against the
    /// records, where the policy says so. Then [`super::concluded`] with [`super::entry::Found::Record`].
    CheckRecord {
        /// The personal data.
        person: PersonForm,
    },
    /// Send this code to the phone of the session's person.
    SendOtp {
        /// The code.
        code: OtpCode,
    },
    /// Hold this secret against the record of the session's person. Then [`super::concluded`] with
    /// [`super::entry::Found::Secret`].
    CheckSecret {
        /// The secret.
        secret: Secret,
    },
    /// Ask the session's person for a signature. Then [`super::concluded`] with [`super::entry::Found::Asked`].
    StartSignature {
        /// The way to the app.
        trigger: SignatureTrigger,
    },
    /// See where the signature stands. Then [`super::concluded`] with [`super::entry::Found::Signature`].
    CheckSignature,
    /// The verification ended so.
    Settle(Settled),
}

/// Bytes of a picture. `Debug` shows their number only.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture(pub Vec<u8>);

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({})", self.0.len())
    }
}

/// The outcome of a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The answer.
    pub reply: Reply,
    /// The session from now on; absent when it did not change.
    pub session: Option<Session>,
    /// What else to do.
    pub effects: Vec<Effect>,
}

impl Step {
    pub(super) fn unchanged(reply: Reply) -> Self {
        Self { reply, session: None, effects: Vec::new() }
    }
}

/// Carries `request` out on `session`.
pub fn step(session: &Session, request: &Request, context: &Context) -> Result<Step, Problem> {
    let mut step = granted(session, request, context)?;
    if session.exchanged.is_some() {
        // The page has its token: the exchange is not repeated any more.
        let next = step.session.unwrap_or_else(|| session.clone());
        step.session = Some(Session { exchanged: None, ..next });
    }
    Ok(step)
}

fn granted(session: &Session, request: &Request, context: &Context) -> Result<Step, Problem> {
    match request {
        Request::Plan => {
            session.require_open(context.now_ms)?;
            let next = frames::begun_again(session, context)?;
            let plan = plan_of(next.as_ref().unwrap_or(session), context)?;
            Ok(Step { reply: Reply::Plan(Box::new(plan)), session: next, effects: Vec::new() })
        }
        Request::Consent(record) => consent(session, record, context),
        Request::DeviceKey(proof) => seal::register(session, proof, context),
        Request::Capture { attempt, kind, sha256, sealed } => {
            session.require_open(context.now_ms)?;
            captures::take(session, *attempt, *kind, sha256, sealed, context)
        }
        Request::Complete(manifest) => complete::take(session, manifest, context),
        Request::Frames { attempt, sha256, sealed } => {
            frames::take(session, *attempt, sha256, sealed, context)
        }
        Request::Entry { key, entry } => entry::take(session, key.as_ref(), entry, context),
        Request::Cancel(cancel) => cancelled(session, cancel, context),
    }
}

fn consent(session: &Session, record: &ConsentRecord, context: &Context) -> Result<Step, Problem> {
    session.require_open(context.now_ms)?;
    if record.version != context.terms.version {
        return Err(problem(Code::InvalidRequest, "These are not the terms in force. Load the page again."));
    }
    if session.consent.is_some() {
        return Ok(Step::unchanged(Reply::Done));
    }
    let next = Session { consent: Some(record.clone()), ..session.clone() };
    Ok(Step { reply: Reply::Done, session: Some(next), effects: Vec::new() })
}

fn cancelled(session: &Session, cancel: &CancelRequest, context: &Context) -> Result<Step, Problem> {
    if let Some(settled) = session.settled {
        return Ok(Step::unchanged(Reply::Settled(settled)));
    }
    session.require_in_time(context.now_ms)?;
    // What only the operator can say is no reason to cancel.
    if matches!(
        cancel.reason,
        Reason::PortraitNotFound
            | Reason::FaceMismatch
            | Reason::DocumentNotAuthentic
            | Reason::NotOnRecord
            | Reason::OtpFailed
            | Reason::SecretWrong
            | Reason::SignatureInvalid
            | Reason::CameraNotGenuine
            | Reason::EvidenceInvalid
            | Reason::SessionExpired
    ) {
        return Err(problem(Code::InvalidRequest, "This is not a reason for which a page can stop."));
    }
    Ok(settle(session, Outcome::Canceled, Some(cancel.reason), context))
}

pub(super) fn settle(session: &Session, outcome: Outcome, reason: Option<Reason>, context: &Context) -> Step {
    let settled = Settled { outcome, reason, attempt: session.attempt, at_ms: context.now_ms };
    Step {
        reply: Reply::Settled(settled),
        session: Some(Session { settled: Some(settled), ..session.clone() }),
        effects: vec![Effect::Settle(settled)],
    }
}

/// What the attempt `attempt` was answered with, where it is over.
pub(super) fn answered(session: &Session, attempt: u32) -> Option<Reply> {
    if let Some(given) = session.retries.iter().find(|given| given.attempt == attempt) {
        let attempts_left = MAX_ATTEMPTS.saturating_sub(attempt);
        return Some(Reply::Retry { reason: given.reason, attempts_left });
    }
    session.settled.filter(|settled| settled.attempt == attempt).map(Reply::Settled)
}

#[cfg(test)]
#[path = "step_tests.rs"]
pub(super) mod tests;
