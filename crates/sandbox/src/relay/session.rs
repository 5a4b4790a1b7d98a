//! Requests on a stored session.

use super::{deciding, entries};
use crate::db::{self, Change, Stored};
use crate::error::Error;
use crate::events::Event;
use crate::state::Sandbox;
use crate::tomo::webhooks::settled;
use idv_edge::relay::{
    Context, EXCHANGE_REPEAT_MS, Effect, PageKey, Reply, Request, Session, Settled, exchange, expire,
    session_token_digest, step, wire,
};
use idv_edge::tokens::{Refusal, verify_start_token};
use idv_protocol::Code;
use idv_protocol::relay::SessionResponse;
use std::time::Instant;

/// Tries over a session that other requests change meanwhile; a page sends at most a few at once.
const MAX_TRIES: usize = 8;

/// Opens the session of a start token for the page with this key.
pub(super) async fn open(
    sandbox: &Sandbox,
    token: &str,
    page_key: &PageKey,
) -> Result<SessionResponse, Error> {
    let now_ms = sandbox.clock.now_ms();
    // A repeated exchange may come when the token has just ended. For the first one, the session knows when.
    let latest_ms = now_ms.saturating_sub(EXCHANGE_REPEAT_MS);
    let claims = verify_start_token(token, sandbox.key.public(), &sandbox.settings.origin, latest_ms)
        .map_err(|refusal| match refusal {
            Refusal::Expired => wire::problem(Code::TokenExpired, "This link is too old. Ask for a new one."),
            Refusal::Invalid => wire::problem(Code::TokenInvalid, "This link is not one of ours."),
        })?;
    for _ in 0..MAX_TRIES {
        let stored = db::load_by_id(&sandbox.db, &claims.sub)
            .await?
            .ok_or_else(|| wire::problem(Code::TokenInvalid, "This link is not one of ours."))?;
        let context = context(sandbox, &stored.session, false)?;
        let (response, next) = exchange(&stored.session, page_key, &context)?;
        if write(sandbox, &stored, &next, &[], context.now_ms).await? {
            sandbox.emit(Event::TokenExchanged { submission_id: next.submission_id });
            return Ok(response);
        }
    }
    Err(busy())
}

/// The id of the session that the token opens; refuses a request of another token before its body is read.
pub(super) async fn require(sandbox: &Sandbox, token: &str) -> Result<String, Error> {
    load(sandbox, token).await.map(|stored| stored.session.id)
}

pub(super) async fn load(sandbox: &Sandbox, token: &str) -> Result<Stored, Error> {
    db::load_by_token(&sandbox.db, &session_token_digest(token))
        .await?
        .ok_or_else(|| wire::session_unknown().into())
}

/// Carries `request` out on the session of `token`: the session from then on, and the reply.
pub(super) async fn run(
    sandbox: &Sandbox,
    token: &str,
    request: &Request,
    korean: bool,
) -> Result<(Session, Reply), Error> {
    let began = Instant::now();
    for _ in 0..MAX_TRIES {
        let stored = end_overdue(sandbox, load(sandbox, token).await?, sandbox.clock.now_ms()).await?;
        let context = context(sandbox, &stored.session, korean)?;
        let outcome = step(&stored.session, request, &context)?;
        let Some(next) = outcome.session else {
            return Ok(announced(sandbox, request, stored.session, outcome.reply));
        };
        let refused = deciding::refused(sandbox, &stored.session, request, &outcome.reply).await?;
        let text = entries::text_of(sandbox, &next, &outcome.effects, korean).await?;
        let change = Change {
            next: &next,
            effects: &outcome.effects,
            text: text.as_deref(),
            judged: refused.as_ref().map(|refused| &refused.judged),
            now_ms: context.now_ms,
        };
        if db::store(&sandbox.db, &stored, &change).await? {
            if let (Reply::Pending, Request::Entry { key, .. }) = (&outcome.reply, request) {
                return entries::work(sandbox, token, key.as_ref(), &next, &outcome.effects, korean).await;
            }
            if outcome.reply == Reply::Pending {
                match deciding::decide(sandbox, token, request, korean).await? {
                    Some(answer) => return Ok(answer),
                    None => continue,
                }
            }
            announce_refused(sandbox, &stored.session, &outcome.effects);
            if let Some(refused) = &refused {
                let found = &refused.found;
                deciding::announce(sandbox, &next, &refused.evidence, found, &outcome.reply, began);
            }
            announce_settled(sandbox, &next, &outcome.effects);
            return Ok(announced(sandbox, request, next, outcome.reply));
        }
    }
    Err(busy())
}

/// What the relay's rules need to know besides.
pub(super) fn context(sandbox: &Sandbox, session: &Session, korean: bool) -> Result<Context, Error> {
    Ok(Context {
        now_ms: sandbox.clock.now_ms(),
        random: sandbox.random.bytes()?,
        otp_key: sandbox.otp_key,
        verifier: sandbox.verifier.clone(),
        terms: super::terms::terms(
            &sandbox.settings.consent_text,
            session,
            sandbox.settings.vendors.argos.is_some(),
            korean,
        ),
        params: sandbox.settings.plan,
        test_camera: sandbox.settings.test_camera,
    })
}

/// The session, ended as expired where its time is over and nobody has ended it.
async fn end_overdue(sandbox: &Sandbox, stored: Stored, now_ms: u64) -> Result<Stored, Error> {
    if let Some(next) = expire(&stored.session, now_ms) {
        let effects: Vec<Effect> = next.settled.map(Effect::Settle).into_iter().collect();
        if write(sandbox, &stored, &next, &effects, now_ms).await? {
            announce_settled(sandbox, &next, &effects);
        }
    }
    Ok(stored)
}

async fn write(
    sandbox: &Sandbox,
    stored: &Stored,
    next: &Session,
    effects: &[Effect],
    now_ms: u64,
) -> Result<bool, Error> {
    db::store(&sandbox.db, stored, &Change { next, effects, text: None, judged: None, now_ms }).await
}

pub(super) fn busy() -> Error {
    Error::Internal("a session kept changing under its request".to_owned())
}

pub(super) fn announce_settled(sandbox: &Sandbox, session: &Session, effects: &[Effect]) {
    for effect in effects {
        if let Effect::Settle(Settled { outcome, reason, .. }) = effect {
            settled(sandbox, session.submission_id.clone(), *outcome, *reason);
        }
    }
}

/// Says which part of evidence does not hold. The page only learns that it was not taken.
fn announce_refused(sandbox: &Sandbox, session: &Session, effects: &[Effect]) {
    for effect in effects {
        if let Effect::EvidenceRefused(failure) = effect {
            sandbox.emit(Event::EvidenceRefused {
                submission_id: session.submission_id.clone(),
                attempt: session.attempt,
                code: failure.code(),
                subject: failure.subject(),
            });
        }
    }
}

/// Says what happened, and hands session and reply on.
fn announced(sandbox: &Sandbox, request: &Request, session: Session, reply: Reply) -> (Session, Reply) {
    let submission_id = session.submission_id.clone();
    match (request, &reply) {
        (Request::Consent(record), Reply::Done) => {
            sandbox.emit(Event::Consent { submission_id, version: record.version.clone() });
        }
        (Request::Capture { attempt, .. }, Reply::Capture(ack)) => {
            let bytes = session.held(ack.kind).and_then(|held| held.bytes).unwrap_or_default();
            sandbox.emit(Event::CaptureReceived {
                submission_id,
                kind: ack.kind,
                attempt: *attempt,
                bytes: bytes as usize,
                already_held: ack.already_held,
            });
        }
        (Request::Entry { .. }, _) => entries::announce(sandbox, submission_id, &reply),
        _ => {}
    }
    (session, reply)
}
