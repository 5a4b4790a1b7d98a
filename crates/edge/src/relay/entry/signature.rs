//! A signature in another app: asked for, waited for. The page only asks how it stands; that somebody signed is what
//! the operator finds in the result and in the signed document.

use super::super::session::Session;
use super::super::step::{Context, Effect, Reply, Step};
use super::super::wire::problem;
use super::{Key, done, failed, working};
use idv_protocol::{AppLinks, Code, EntryAnswer, Problem, Reason, SignatureTrigger, SignatureWait};
use serde::{Deserialize, Serialize};

/// Time to sign in ms: own choice. Toss allows 30 minutes; finding the phone and unlocking it takes one or two.
pub const SIGNATURE_LIFE_MS: u64 = 10 * 60 * 1000;

/// Time between two questions of the page whether it was signed, in ms: own choice. Short enough not to keep a
/// person waiting who comes back, and twenty a minute at most.
pub const SIGNATURE_POLL_MS: u32 = 3000;

/// Signatures asked for in a session: own choice. Each one rings a phone; three attempts, and each may change its way.
pub const MAX_SIGNATURE_STARTS: u32 = 6;

/// A signature that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureHeld {
    /// The way that was chosen.
    pub trigger: SignatureTrigger,
    /// Links to the app, where that is the way.
    pub links: Option<AppLinks>,
    /// When its time is over, in ms since 1970.
    pub expires_at_ms: u64,
}

impl SignatureHeld {
    /// How it stands, for the page.
    pub(in crate::relay) fn wait(&self, now_ms: u64) -> SignatureWait {
        SignatureWait {
            trigger: self.trigger,
            links: self.links.clone(),
            expires_in_ms: self.expires_at_ms.saturating_sub(now_ms),
        }
    }
}

/// Where a signature stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureSeen {
    /// Not signed yet.
    Waiting,
    /// Signed: the result was read, and the signature holds for this document and this person.
    Signed,
    /// The person refused.
    Refused,
    /// Its time is over.
    Expired,
    /// The signature, its document or its person is another.
    Invalid,
}

pub(super) fn start(
    session: &Session,
    key: Option<&Key>,
    trigger: SignatureTrigger,
    context: &Context,
) -> Result<Step, Problem> {
    if !session.signature_step().is_some_and(|step| step.triggers.contains(&trigger)) {
        return Err(problem(Code::InvalidRequest, "The plan does not offer this way to sign."));
    }
    if session.entries.signature_starts >= MAX_SIGNATURE_STARTS {
        return failed(session.clone(), key, Reason::SignatureExpired, context);
    }
    let mut step = working(session, key, Effect::StartSignature { trigger }, context);
    if let Some(next) = &mut step.session {
        next.entries.signature_starts += 1;
    }
    Ok(step)
}

pub(super) fn check(session: &Session, context: &Context) -> Result<Step, Problem> {
    if session.entries.signature.is_none() {
        return Err(problem(Code::OutOfOrder, "No signature was asked for. Ask for one first."));
    }
    Ok(working(session, None, Effect::CheckSignature, context))
}

/// The work on a look at the signature is concluded in `next`.
pub(super) fn seen(
    mut next: Session,
    key: Option<&Key>,
    seen: SignatureSeen,
    context: &Context,
) -> Result<Step, Problem> {
    let reason = match seen {
        SignatureSeen::Waiting => {
            let Some(held) = &next.entries.signature else {
                return Err(problem(Code::OutOfOrder, "No signature was asked for. Ask for one first."));
            };
            let answer = EntryAnswer::Waiting(held.wait(context.now_ms));
            return Ok(Step { reply: Reply::Entry(answer), session: Some(next), effects: Vec::new() });
        }
        SignatureSeen::Signed => {
            next.entries.signature = None;
            next.entries.signed = true;
            return Ok(done(next, key, EntryAnswer::Accepted));
        }
        SignatureSeen::Refused => Reason::SignatureRefused,
        SignatureSeen::Expired => Reason::SignatureExpired,
        SignatureSeen::Invalid => Reason::SignatureInvalid,
    };
    failed(next, key, reason, context)
}
