//! A code that is sent to the person's phone and typed in here. It is kept as a digest with a key that is not in the
//! session: a million codes are tried in a second.

use super::super::session::Session;
use super::super::step::{Context, Effect, Reply, Step};
use super::super::wire::problem;
use super::{Key, done, failed, require_digits};
use hmac::{Hmac, KeyInit, Mac};
use idv_protocol::{Code, EntryAnswer, EntryProblem, OtpSent, Problem, Reason};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::fmt;

/// Digits of a code: six decimal digits are the least that NIST SP 800-63B (3.1.3.2) allows.
pub const OTP_DIGITS: u32 = 6;

/// Life of a code in ms. NIST SP 800-63B allows ten minutes at most; a text message takes seconds, so three: own
/// choice, as Korean services have it.
pub const OTP_LIFE_MS: u64 = 3 * 60 * 1000;

/// Time in ms after which another code may be asked for: own choice. Most messages arrive within it.
pub const OTP_RESEND_MS: u64 = 30 * 1000;

/// Tries for each code: own choice. Five of a million, where NIST SP 800-63B allows a hundred.
pub const OTP_MAX_TRIES: u32 = 5;

/// Codes sent in an attempt: own choice. Messages cost money, and their recipient patience.
pub const OTP_MAX_SENDS: u32 = 3;

/// Number of codes.
const CODES: u32 = 10_u32.pow(OTP_DIGITS);

/// What is drawn below this is spread evenly over the codes; the rest is drawn again.
const EVEN_BELOW: u32 = u32::MAX - u32::MAX % CODES;

/// A code to send. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct OtpCode(String);

impl OtpCode {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A code out of random bytes, every code as likely as every other. Each four bytes are one draw; that all eight
    /// draws of 32 bytes are thrown away happens less than once in 10^29.
    pub(super) fn draw(random: &[u8; 32]) -> Option<Self> {
        let mut draws =
            random.chunks_exact(4).filter_map(|chunk| Some(u32::from_be_bytes(chunk.try_into().ok()?)));
        let drawn = draws.find(|drawn| *drawn < EVEN_BELOW)?;
        Some(Self(format!("{:0width$}", drawn % CODES, width = OTP_DIGITS as usize)))
    }
}

impl fmt::Debug for OtpCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OtpCode(..)")
    }
}

/// A code that was sent, without the code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtpHeld {
    /// HMAC-SHA-256 of the code and what it is for, with [`Context::otp_key`], lower-case hex.
    pub digest: String,
    /// When it was sent, in ms since 1970.
    pub sent_at_ms: u64,
    /// Wrong codes since.
    pub failures: u32,
}

impl OtpHeld {
    fn tries_left(&self) -> u32 {
        OTP_MAX_TRIES.saturating_sub(self.failures)
    }

    fn is_expired(&self, now_ms: u64) -> bool {
        now_ms >= self.sent_at_ms.saturating_add(OTP_LIFE_MS)
    }

    /// How it stands, for the page.
    pub(in crate::relay) fn sent(&self, sends: u32, now_ms: u64) -> OtpSent {
        let left = |life_ms: u64| self.sent_at_ms.saturating_add(life_ms).saturating_sub(now_ms);
        OtpSent {
            expires_in_ms: left(OTP_LIFE_MS),
            resend_in_ms: left(OTP_RESEND_MS),
            tries_left: self.tries_left(),
            sends_left: OTP_MAX_SENDS.saturating_sub(sends),
        }
    }
}

pub(super) fn send(session: &Session, key: Option<&Key>, context: &Context) -> Result<Step, Problem> {
    let entries = &session.entries;
    let now_ms = context.now_ms;
    if let Some(held) = &entries.otp {
        // A code whose tries are used up is of no more use: another one need not wait.
        if now_ms < held.sent_at_ms.saturating_add(OTP_RESEND_MS) && held.tries_left() > 0 {
            return Err(problem(
                Code::RateLimited,
                "A code was sent just now. Wait before you ask for another.",
            ));
        }
    }
    if entries.otp_sends >= OTP_MAX_SENDS {
        return failed(session.clone(), key, Reason::OtpFailed, context);
    }
    let code = OtpCode::draw(&context.random)
        .ok_or_else(|| problem(Code::Internal, "The fault is ours. Try again."))?;
    let mut next = session.clone();
    next.entries.otp_sends += 1;
    let digest = hex::encode(mac(&next, code.as_str(), context)?.finalize().into_bytes());
    let held = OtpHeld { digest, sent_at_ms: now_ms, failures: 0 };
    let answer = EntryAnswer::Sent(held.sent(next.entries.otp_sends, now_ms));
    next.entries.otp = Some(held);
    Ok(Step { effects: vec![Effect::SendOtp { code }], ..done(next, key, answer) })
}

pub(super) fn verify(
    session: &Session,
    key: Option<&Key>,
    code: &str,
    context: &Context,
) -> Result<Step, Problem> {
    require_digits(code, OTP_DIGITS)?;
    let Some(held) = &session.entries.otp else {
        return Err(problem(Code::OutOfOrder, "No code was sent. Ask for one first."));
    };
    let wrong = |problem, tries_left| EntryAnswer::Wrong { problem, tries_left };
    if held.is_expired(context.now_ms) || held.tries_left() == 0 {
        return Ok(Step::unchanged(Reply::Entry(wrong(EntryProblem::Expired, 0))));
    }
    let expected = hex::decode(&held.digest).unwrap_or_default();
    let mut next = session.clone();
    if mac(session, code, context)?.verify_slice(&expected).is_ok() {
        next.entries.otp = None;
        next.entries.otp_met = true;
        return Ok(done(next, key, EntryAnswer::Accepted));
    }
    let failed_now = OtpHeld { failures: held.failures + 1, ..held.clone() };
    let tries_left = failed_now.tries_left();
    next.entries.otp = Some(failed_now);
    if tries_left == 0 && next.entries.otp_sends >= OTP_MAX_SENDS {
        return failed(next, key, Reason::OtpFailed, context);
    }
    Ok(done(next, key, wrong(EntryProblem::Wrong, tries_left)))
}

/// The digest of a code binds it to its session, attempt and number: no other one's fits.
fn mac(session: &Session, code: &str, context: &Context) -> Result<Hmac<Sha256>, Problem> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&context.otp_key)
        .map_err(|_| problem(Code::Internal, "The fault is ours. Try again."))?;
    let parts = format!("otp\n{}\n{}\n{}\n{code}", session.id, session.attempt, session.entries.otp_sends);
    mac.update(parts.as_bytes());
    Ok(mac)
}
