//! The steps without pictures: personal data, a code sent to the phone, a secret of the document, a signature in
//! another app.
//!
//! In: an [`Entry`] with its [`Key`], or what came of the work that one set off ([`Found`]). Out: a [`Step`]. Rule:
//! what a person types goes into an effect and never into the session, which knows only that it was accepted; the
//! steps come in the plan's order; a key that was answered gets its answer again, and nothing else happens.
//!
//! Two kinds of entries: a code is held against its digest here, at once. The others are answered
//! [`Reply::Pending`] with an effect: the caller does the work, then [`concluded`] has the reply.

mod key;
mod otp;
mod signature;
mod state;
#[cfg(test)]
mod tests;

pub use key::Key;
pub use otp::{OTP_DIGITS, OTP_LIFE_MS, OTP_MAX_SENDS, OTP_MAX_TRIES, OTP_RESEND_MS, OtpCode, OtpHeld};
pub use signature::{
    MAX_SIGNATURE_STARTS, SIGNATURE_LIFE_MS, SIGNATURE_POLL_MS, SignatureHeld, SignatureSeen,
};
pub use state::{Entries, KeptAnswer, Working};

use super::complete::{Verdict, decided};
use super::session::{JUDGING_MS, Session};
use super::step::{Context, Effect, Reply, Step, answered};
use super::wire::problem;
use idv_protocol::reading::CalendarDate;
use idv_protocol::{
    Code, EntryAnswer, EntryProblem, PersonForm, Problem, Reason, SignatureTrigger, StepName,
};
use std::fmt;

/// Digits of a document's security code: four, as the Japanese individual number card has them below its portrait.
pub const SECRET_DIGITS: u32 = 4;

/// Tries for a document's secret in a whole session: three, after which the card's own codes lock too.
pub const SECRET_MAX_TRIES: u32 = 3;

/// What the page hands in at a step without pictures. `Debug` shows which step only.
#[derive(Clone, PartialEq)]
pub enum Entry {
    /// Personal data.
    Person(PersonForm),
    /// Send a code.
    SendOtp,
    /// The code that was sent.
    VerifyOtp(String),
    /// The document's secret.
    Secret(String),
    /// Ask for a signature.
    StartSignature(SignatureTrigger),
    /// Look whether it was signed.
    CheckSignature,
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Person(_) => "Person(..)",
            Self::SendOtp => "SendOtp",
            Self::VerifyOtp(_) => "VerifyOtp(..)",
            Self::Secret(_) => "Secret(..)",
            Self::StartSignature(_) => "StartSignature",
            Self::CheckSignature => "CheckSignature",
        })
    }
}

impl Entry {
    const fn step(&self) -> StepName {
        match self {
            Self::Person(_) => StepName::Person,
            Self::SendOtp | Self::VerifyOtp(_) => StepName::Otp,
            Self::Secret(_) => StepName::Secret,
            Self::StartSignature(_) | Self::CheckSignature => StepName::Signature,
        }
    }
}

/// A secret as it was typed, in an effect. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// What came of the work that an entry set off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Of [`Effect::CheckRecord`]: whether the records know these personal data.
    Record(bool),
    /// Of [`Effect::CheckSecret`]: whether it is the secret on record.
    Secret(bool),
    /// Of [`Effect::StartSignature`]: what was asked for.
    Asked(SignatureHeld),
    /// Of [`Effect::CheckSignature`]: where the signature stands; also of [`Effect::StartSignature`] where nobody will
    /// sign.
    Signature(SignatureSeen),
    /// Nobody knows: a vendor does not answer. Nothing is counted, and the same key may be used again.
    Unavailable,
}

/// Takes an entry. All but [`Entry::CheckSignature`] have a key.
pub(super) fn take(
    session: &Session,
    key: Option<&Key>,
    entry: &Entry,
    context: &Context,
) -> Result<Step, Problem> {
    if let Some(kept) = key.and_then(|key| session.entries.answer_to(key)) {
        return Ok(Step::unchanged(kept_reply(session, kept)?));
    }
    session.require_open(context.now_ms)?;
    let asked = entry.step();
    if key.is_none() && *entry != Entry::CheckSignature {
        return Err(problem(Code::InvalidRequest, "This path needs the header idempotency-key."));
    }
    if session.consent.is_none() {
        return Err(problem(Code::OutOfOrder, "The terms have not been agreed to. Ask for consent first."));
    }
    require_due(session, asked)?;
    if session.is_judged(context.now_ms) {
        return Err(problem(Code::OutOfOrder, "This attempt is complete. Ask for the plan again."));
    }
    // Personal data may be corrected while nothing that follows from them is met.
    let corrects = asked == StepName::Person && !follows_from_person(session);
    if session.entries.is_met(asked) && !corrects {
        return Ok(Step::unchanged(Reply::Entry(EntryAnswer::Accepted)));
    }
    if session.entries.is_worked_on(context.now_ms) {
        if *entry == Entry::CheckSignature
            && let Some(held) = &session.entries.signature
        {
            return Ok(Step::unchanged(Reply::Entry(EntryAnswer::Waiting(held.wait(context.now_ms)))));
        }
        return Err(problem(Code::InProgress, "This step is being worked on. Ask again in a moment."));
    }
    match entry {
        Entry::Person(form) => person(session, key, form, context),
        Entry::SendOtp => otp::send(session, key, context),
        Entry::VerifyOtp(code) => otp::verify(session, key, code, context),
        Entry::Secret(secret) => {
            require_digits(secret, SECRET_DIGITS)?;
            Ok(working(session, key, Effect::CheckSecret { secret: Secret(secret.clone()) }, context))
        }
        Entry::StartSignature(trigger) => signature::start(session, key, *trigger, context),
        Entry::CheckSignature => signature::check(session, context),
    }
}

/// Moves the session on by what came of the work that `key` set off; none is the key of [`Entry::CheckSignature`].
/// The context's random bytes become the next nonce where the attempt fails. An answer that comes too late, when
/// another entry is worked on or the attempt is over, is `in_progress` or `out_of_order` and changes nothing.
pub fn concluded(
    session: &Session,
    key: Option<&Key>,
    found: &Found,
    context: &Context,
) -> Result<Step, Problem> {
    if let Some(kept) = key.and_then(|key| session.entries.answer_to(key)) {
        return Ok(Step::unchanged(kept_reply(session, kept)?));
    }
    session.require_open(context.now_ms)?;
    if !session.entries.is_work_of(key) {
        return Err(problem(
            Code::OutOfOrder,
            "This step is not worked on any more. Ask for the plan again.",
        ));
    }
    let mut next = session.clone();
    next.entries.working = None;
    match found {
        Found::Unavailable => {
            Ok(Step { reply: Reply::Unavailable, session: Some(next), effects: Vec::new() })
        }
        Found::Record(true) => {
            next.entries.person = true;
            next.entries.otp = None;
            Ok(done(next, key, EntryAnswer::Accepted))
        }
        Found::Record(false) => failed(next, key, Reason::NotOnRecord, context),
        Found::Secret(true) => {
            next.entries.secret = true;
            Ok(done(next, key, EntryAnswer::Accepted))
        }
        Found::Secret(false) => {
            next.entries.secret_failures += 1;
            match SECRET_MAX_TRIES.saturating_sub(next.entries.secret_failures) {
                0 => failed(next, key, Reason::SecretWrong, context),
                tries_left => {
                    let answer = EntryAnswer::Wrong { problem: EntryProblem::Wrong, tries_left };
                    Ok(done(next, key, answer))
                }
            }
        }
        Found::Asked(held) => {
            let answer = EntryAnswer::Waiting(held.wait(context.now_ms));
            next.entries.signature = Some(held.clone());
            Ok(done(next, key, answer))
        }
        Found::Signature(seen) => signature::seen(next, key, *seen, context),
    }
}

fn person(
    session: &Session,
    key: Option<&Key>,
    form: &PersonForm,
    context: &Context,
) -> Result<Step, Problem> {
    let Some(step) = session.person_step() else { return Err(not_asked()) };
    let form = form.checked(step, CalendarDate::of_unix_ms(context.now_ms)).map_err(|fields| Problem {
        fields,
        ..problem(Code::FieldsInvalid, "Some fields cannot be right. Correct them and send them again.")
    })?;
    Ok(working(session, key, Effect::CheckRecord { person: form }, context))
}

/// Whether something that depends on the personal data is met already.
fn follows_from_person(session: &Session) -> bool {
    let entries = &session.entries;
    entries.otp_met || entries.secret || entries.signed || entries.signature.is_some()
}

/// The step `asked` is in the plan, and everything before it is met.
fn require_due(session: &Session, asked: StepName) -> Result<(), Problem> {
    let Some(index) = session.steps.iter().position(|step| step.name() == asked) else {
        return Err(not_asked());
    };
    let mut before = session.steps.iter().take(index);
    if before.all(|step| session.is_met(step)) {
        Ok(())
    } else {
        Err(problem(Code::OutOfOrder, "A step before this one is not met. Ask for the plan again."))
    }
}

fn not_asked() -> Problem {
    problem(Code::OutOfOrder, "This plan has no such step.")
}

/// Exactly so many digits. What is of another form is no try.
fn require_digits(text: &str, digits: u32) -> Result<(), Problem> {
    if text.len() == digits as usize && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    let detail = format!("It must be {digits} digits.");
    Err(problem(Code::InvalidRequest, &detail))
}

/// The step that sets off work outside: until it is concluded, or its time is over, nothing else is worked on.
fn working(session: &Session, key: Option<&Key>, effect: Effect, context: &Context) -> Step {
    let mut next = session.clone();
    let until_ms = context.now_ms.saturating_add(JUDGING_MS);
    next.entries.working = Some(Working { key_sha256: key.map(Key::digest), until_ms });
    Step { reply: Reply::Pending, session: Some(next), effects: vec![effect] }
}

/// The step answered, and its answer kept.
fn done(mut next: Session, key: Option<&Key>, answer: EntryAnswer) -> Step {
    if let Some(key) = key {
        next.entries.keep(KeptAnswer {
            key_sha256: key.digest(),
            attempt: next.attempt,
            answer: Some(answer.clone()),
        });
    }
    Step { reply: Reply::Entry(answer), session: Some(next), effects: Vec::new() }
}

/// The attempt failed at this step, which is the answer that is kept.
fn failed(mut next: Session, key: Option<&Key>, reason: Reason, context: &Context) -> Result<Step, Problem> {
    if let Some(key) = key {
        let kept = KeptAnswer { key_sha256: key.digest(), attempt: next.attempt, answer: None };
        next.entries.keep(kept);
    }
    decided(&next, next.attempt, Verdict::Failed(reason), context)
}

fn kept_reply(session: &Session, kept: &KeptAnswer) -> Result<Reply, Problem> {
    match &kept.answer {
        Some(answer) => Ok(Reply::Entry(answer.clone())),
        None => answered(session, kept.attempt)
            .ok_or_else(|| problem(Code::OutOfOrder, "This attempt is not open. Ask for the plan again.")),
    }
}
