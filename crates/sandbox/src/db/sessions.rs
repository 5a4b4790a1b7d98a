//! Verifications and the relay's sessions.

use super::{entries, evidence, from_db, to_db, webhooks};
use crate::error::Error;
use idv_edge::relay::{Effect, Returning, Session, Settled};
use idv_protocol::CaptureKind;
use serde::Serialize;
use sqlx::{Row, Sqlite, SqlitePool, Transaction};

/// A verification that begins.
#[derive(Debug)]
pub struct NewVerification<'a> {
    /// Whose it is.
    pub ppid: &'a str,
    /// Country.
    pub country: &'a str,
    /// Where it returns to on success.
    pub redirect_success: &'a str,
    /// Where it returns to otherwise.
    pub redirect_fail: &'a str,
    /// Where the customer is told that it has ended.
    pub webhook_url: Option<&'a str>,
    /// The address that the customer gave of the person.
    pub email: Option<&'a str>,
    /// When it was started, in ms since 1970.
    pub started_at_ms: u64,
}

/// A session as it was read, with the version to write over.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The session.
    pub session: Session,
    version: i64,
}

/// An attempt that was judged, to be kept with the change it makes.
#[derive(Debug)]
pub struct Judged {
    /// Attempt, from 1.
    pub attempt: u32,
    /// JSON of the page's evidence.
    pub evidence: String,
    /// JSON of the operator's finding.
    pub finding: String,
    /// JSON of what was read off the document.
    pub reading: Option<String>,
}

/// A change of a session.
#[derive(Debug)]
pub struct Change<'a> {
    /// The session from now on.
    pub next: &'a Session,
    /// What else happens.
    pub effects: &'a [Effect],
    /// The text message that [`Effect::SendOtp`] is about.
    pub text: Option<&'a str>,
    /// What was found, where an attempt was judged.
    pub judged: Option<&'a Judged>,
    /// The time, in ms since 1970.
    pub now_ms: u64,
}

/// Stores a new verification with its session.
pub async fn insert_verification(
    db: &SqlitePool,
    verification: &NewVerification<'_>,
    session: &Session,
) -> Result<(), Error> {
    let mut tx = db.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::query(
        "INSERT INTO verifications
             (submission_id, ppid, country, policy_key, redirect_success, redirect_fail, webhook_url, email,
              started_at_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&session.submission_id)
    .bind(verification.ppid)
    .bind(verification.country)
    .bind(&session.policy_key)
    .bind(verification.redirect_success)
    .bind(verification.redirect_fail)
    .bind(verification.webhook_url)
    .bind(verification.email)
    .bind(to_db(verification.started_at_ms))
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "INSERT INTO sessions (session_id, submission_id, version, expires_at_ms, state)
         VALUES (?, ?, 1, ?, ?)",
    )
    .bind(&session.id)
    .bind(&session.submission_id)
    .bind(to_db(session.expires_at_ms))
    .bind(serde_json::to_string(session)?)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(())
}

/// The session of this id.
pub async fn load_by_id(db: &SqlitePool, session_id: &str) -> Result<Option<Stored>, Error> {
    let row = sqlx::query("SELECT version, state FROM sessions WHERE session_id = ?")
        .bind(session_id)
        .fetch_optional(db)
        .await?;
    row.map(stored).transpose()
}

/// The session whose token has this SHA-256, lower-case hex.
pub async fn load_by_token(db: &SqlitePool, token_sha256: &str) -> Result<Option<Stored>, Error> {
    let row = sqlx::query("SELECT version, state FROM sessions WHERE token_sha256 = ?")
        .bind(token_sha256)
        .fetch_optional(db)
        .await?;
    row.map(stored).transpose()
}

fn stored(row: sqlx::sqlite::SqliteRow) -> Result<Stored, Error> {
    let state: String = row.try_get("state")?;
    Ok(Stored { session: serde_json::from_str(&state)?, version: row.try_get("version")? })
}

/// Writes `change` over `read`, if that is still what is stored. False when another request was quicker.
pub async fn store(db: &SqlitePool, read: &Stored, change: &Change<'_>) -> Result<bool, Error> {
    let mut tx = db.begin_with("BEGIN IMMEDIATE").await?;
    let updated = sqlx::query(
        "UPDATE sessions SET version = version + 1, token_sha256 = ?, expires_at_ms = ?, state = ?
         WHERE session_id = ? AND version = ?",
    )
    .bind(&change.next.token_sha256)
    .bind(to_db(change.next.expires_at_ms))
    .bind(serde_json::to_string(change.next)?)
    .bind(&read.session.id)
    .bind(read.version)
    .execute(&mut *tx)
    .await?;
    if updated.rows_affected() != 1 {
        return Ok(false);
    }
    for effect in change.effects {
        match effect {
            Effect::StoreCapture { attempt, kind, sha256, jpeg } => {
                store_capture(&mut tx, change, (*attempt, *kind), sha256, &jpeg.0).await?;
            }
            Effect::StoreEvidence(manifest) => {
                evidence::store(&mut tx, &change.next.id, manifest, change.now_ms).await?;
            }
            Effect::Settle(settled) => settle(&mut tx, &change.next.submission_id, settled).await?,
            Effect::CheckRecord { person } => {
                entries::keep_person(&mut tx, &change.next.id, person, change.now_ms).await?;
            }
            Effect::SendOtp { .. } => {
                let text = change.text.unwrap_or_default();
                entries::send_text(&mut tx, &change.next.id, text, change.now_ms).await?;
            }
            Effect::Decide
            | Effect::Frames(_)
            | Effect::EvidenceRefused(_)
            | Effect::CheckSecret { .. }
            | Effect::StartSignature { .. }
            | Effect::CheckSignature => {}
        }
    }
    if let Some(judged) = change.judged {
        sqlx::query(
            "INSERT INTO decisions (session_id, attempt, evidence, finding, reading, decided_at_ms)
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(&change.next.id)
        .bind(judged.attempt)
        .bind(&judged.evidence)
        .bind(&judged.finding)
        .bind(&judged.reading)
        .bind(to_db(change.now_ms))
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Stores a capture; one that was in its place is overwritten.
async fn store_capture(
    tx: &mut Transaction<'_, Sqlite>,
    change: &Change<'_>,
    (attempt, kind): (u32, CaptureKind),
    sha256: &str,
    jpeg: &[u8],
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO captures (session_id, attempt, kind, sha256, jpeg, received_at_ms)
         VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (session_id, attempt, kind) DO UPDATE
         SET sha256 = excluded.sha256, jpeg = excluded.jpeg, received_at_ms = excluded.received_at_ms",
    )
    .bind(&change.next.id)
    .bind(attempt)
    .bind(kind.code())
    .bind(sha256)
    .bind(jpeg)
    .bind(to_db(change.now_ms))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn settle(
    tx: &mut Transaction<'_, Sqlite>,
    submission_id: &str,
    settled: &Settled,
) -> Result<(), Error> {
    sqlx::query(
        "UPDATE verifications SET status = ?, reason = ?, attempts = ?, completed_at_ms = ?
         WHERE submission_id = ?",
    )
    .bind(word(&settled.outcome)?)
    .bind(settled.reason.map(idv_protocol::Reason::code))
    .bind(settled.attempt)
    .bind(to_db(settled.at_ms))
    .bind(submission_id)
    .execute(&mut **tx)
    .await?;
    webhooks::queue(tx, submission_id, settled.at_ms).await
}

/// The wire word of a unit variant.
pub(super) fn word(value: &impl Serialize) -> Result<String, Error> {
    match serde_json::to_value(value)? {
        serde_json::Value::String(word) => Ok(word),
        _ => Err(Error::Internal("a code that is no word".to_owned())),
    }
}

/// The bytes of the capture that `session` holds in the place of `kind`.
pub async fn capture_bytes(
    db: &SqlitePool,
    session: &Session,
    kind: CaptureKind,
) -> Result<Option<Vec<u8>>, Error> {
    let Some(held) = session.held(kind) else { return Ok(None) };
    let jpeg = sqlx::query_scalar(
        "SELECT jpeg FROM captures WHERE session_id = ? AND attempt = ? AND kind = ? AND sha256 = ?",
    )
    .bind(&session.id)
    .bind(held.attempt)
    .bind(kind.code())
    .bind(&held.sha256)
    .fetch_optional(db)
    .await?;
    Ok(jpeg)
}

/// What the return URL of `submission_id` is made of.
pub async fn verification_of_session(db: &SqlitePool, submission_id: &str) -> Result<Returning, Error> {
    let row = sqlx::query(
        "SELECT ppid, client_id, redirect_success, redirect_fail
         FROM verifications JOIN people USING (ppid) WHERE submission_id = ?",
    )
    .bind(submission_id)
    .fetch_one(db)
    .await?;
    Ok(Returning {
        ppid: row.try_get("ppid")?,
        client_id: row.try_get("client_id")?,
        redirect_success: row.try_get("redirect_success")?,
        redirect_fail: row.try_get("redirect_fail")?,
    })
}

/// Sessions of a person that have not ended and whose time is over at `now_ms`.
pub(super) async fn overdue(db: &SqlitePool, ppid: &str, now_ms: u64) -> Result<Vec<Stored>, Error> {
    let rows = sqlx::query(
        "SELECT sessions.version, sessions.state FROM sessions JOIN verifications USING (submission_id)
         WHERE ppid = ? AND status IS NULL AND expires_at_ms <= ?",
    )
    .bind(ppid)
    .bind(to_db(now_ms))
    .fetch_all(db)
    .await?;
    rows.into_iter().map(stored).collect()
}

/// Reads a count of attempts.
pub(super) fn attempts(row: &sqlx::sqlite::SqliteRow) -> Result<u32, Error> {
    let attempts: Option<i64> = row.try_get("attempts")?;
    Ok(u32::try_from(from_db(attempts.unwrap_or_default())).unwrap_or(u32::MAX))
}
