//! The work that steps without pictures set off: records are asked, messages sent, signatures asked for.
//!
//! In: effects of [`idv_edge::relay::entry`]. Out: what came of them, concluded in the session. Rule: no rule of the
//! relay is here; what cannot be found out is [`Found::Unavailable`] and costs nobody a try.

use super::session::{announce_settled, busy, context, load};
use super::signing;
use crate::db::{self, Change};
use crate::error::Error;
use crate::events::Event;
use crate::records;
use crate::scenario::Scenario;
use crate::state::Sandbox;
use idv_edge::relay::entry::{Found, Key, Secret};
use idv_edge::relay::{Effect, Reply, Session, concluded};
use idv_edge::tomo::{Method, PolicyKey};
use idv_protocol::{EntryAnswer, PersonForm};

/// Tries over a session that other requests change meanwhile.
const MAX_TRIES: usize = 8;

/// Does the work that `effects` ask for in `session` and concludes it: the session from then on, and the reply.
pub(super) async fn work(
    sandbox: &Sandbox,
    token: &str,
    key: Option<&Key>,
    session: &Session,
    effects: &[Effect],
    korean: bool,
) -> Result<(Session, Reply), Error> {
    let found = match found(sandbox, session, effects, korean).await {
        Ok(found) => found,
        Err(error) => {
            tracing::error!(%error, "a step without pictures could not be worked on");
            Found::Unavailable
        }
    };
    for _ in 0..MAX_TRIES {
        let stored = load(sandbox, token).await?;
        let context = context(sandbox, &stored.session, korean)?;
        let step = concluded(&stored.session, key, &found, &context)?;
        let Some(next) = step.session else { return Ok((stored.session, step.reply)) };
        let change =
            Change { next: &next, effects: &step.effects, text: None, judged: None, now_ms: context.now_ms };
        if db::store(&sandbox.db, &stored, &change).await? {
            announce(sandbox, next.submission_id.clone(), &step.reply);
            announce_settled(sandbox, &next, &step.effects);
            return Ok((next, step.reply));
        }
    }
    Err(busy())
}

async fn found(
    sandbox: &Sandbox,
    session: &Session,
    effects: &[Effect],
    korean: bool,
) -> Result<Found, Error> {
    let reference = db::reference_of(&sandbox.db, &session.submission_id).await?;
    let scenario = reference.as_deref().and_then(Scenario::of);
    for effect in effects {
        return match effect {
            Effect::CheckRecord { person } => record(session, person, scenario).map(Found::Record),
            Effect::CheckSecret { secret } => {
                is_secret(sandbox, session, secret, scenario).await.map(Found::Secret)
            }
            Effect::StartSignature { trigger } => {
                signing::ask(sandbox, session, *trigger, reference.as_deref(), korean).await
            }
            Effect::CheckSignature => signing::look(sandbox, session).await.map(Found::Signature),
            _ => continue,
        };
    }
    Err(Error::Internal("nothing to work on".to_owned()))
}

/// Whether the records know this person. Where the policy has no record to ask, what was typed counts as known.
fn record(session: &Session, person: &PersonForm, scenario: Option<Scenario>) -> Result<bool, Error> {
    match scenario {
        Some(Scenario::Approve) => return Ok(true),
        Some(Scenario::NotOnRecord | Scenario::Reject) => return Ok(false),
        _ => {}
    }
    let (country, policy) = running_policy(session)?;
    Ok(policy == Method::GovernmentCiVerf || records::find(&country, person).is_some())
}

async fn is_secret(
    sandbox: &Sandbox,
    session: &Session,
    secret: &Secret,
    scenario: Option<Scenario>,
) -> Result<bool, Error> {
    match scenario {
        Some(Scenario::Approve) => return Ok(true),
        Some(Scenario::SecretWrong) => return Ok(false),
        _ => {}
    }
    let (country, _) = running_policy(session)?;
    let person = db::person_of_session(&sandbox.db, &session.id).await?;
    let recorded = person.as_ref().and_then(|person| records::find(&country, person));
    Ok(recorded.is_some_and(|recorded| !recorded.secret.is_empty() && recorded.secret == secret.0))
}

/// Country and method of the session's policy.
fn running_policy(session: &Session) -> Result<(String, Method), Error> {
    let key: PolicyKey = session.policy_key.parse().map_err(|error| Error::internal("policy key", error))?;
    let policy = crate::tomo::running_policy(&key)?;
    Ok((key.country.as_str().to_owned(), policy.method()))
}

/// The text message that `effects` send. The last line lets browsers fill in the code on this page's host only
/// (WICG, origin-bound one-time codes).
pub(super) async fn text_of(
    sandbox: &Sandbox,
    session: &Session,
    effects: &[Effect],
    korean: bool,
) -> Result<Option<String>, Error> {
    let code = effects.iter().find_map(|effect| match effect {
        Effect::SendOtp { code } => Some(code.as_str()),
        _ => None,
    });
    let Some(code) = code else { return Ok(None) };
    let reference = db::reference_of(&sandbox.db, &session.submission_id).await?;
    let wrong = reference.as_deref().and_then(Scenario::of) == Some(Scenario::OtpWrong);
    let code = if wrong { another(code) } else { code.to_owned() };
    let host = sandbox.settings.origin.split("://").nth(1).unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    let sentence = if korean {
        format!("[IDV Sandbox] 인증번호는 {code}입니다. 3분 안에 입력하시고 누구에게도 알리지 마세요.")
    } else {
        format!("[IDV Sandbox] Your code is {code}. It is good for 3 minutes. Tell it to nobody.")
    };
    Ok(Some(format!("{sentence}\n\n@{host} #{code}")))
}

/// A code of the same form that is another one.
fn another(code: &str) -> String {
    code.chars().map(|digit| if digit == '9' { '0' } else { char::from(digit as u8 + 1) }).collect()
}

/// Says how a step without pictures was answered.
pub(super) fn announce(sandbox: &Sandbox, submission_id: String, reply: &Reply) {
    let state = match reply {
        Reply::Entry(EntryAnswer::Accepted) => "accepted",
        Reply::Entry(EntryAnswer::Sent(_)) => "sent",
        Reply::Entry(EntryAnswer::Wrong { .. }) => "wrong",
        Reply::Entry(EntryAnswer::Waiting(_)) => "waiting",
        Reply::Retry { .. } => "retry",
        Reply::Settled(_) => "ended",
        Reply::Unavailable => "unavailable",
        _ => return,
    };
    sandbox.emit(Event::Entry { submission_id, state });
}

#[cfg(test)]
mod tests {
    use super::another;

    #[test]
    fn another_code_has_the_form_of_the_first_and_no_digit_of_it() {
        for code in ["000000", "999999", "123456", "901063"] {
            let other = another(code);
            assert!(other.len() == 6 && other.bytes().all(|byte| byte.is_ascii_digit()));
            assert!(other.bytes().zip(code.bytes()).all(|(a, b)| a != b));
        }
    }
}
