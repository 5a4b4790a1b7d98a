//! What the console shows: reads only.

use super::{from_db, to_db};
use crate::error::Error;
use sqlx::{Row, SqlitePool};

/// A verification as it was started and, where it has ended, how.
#[derive(Clone, Debug)]
pub struct Overview {
    /// Its submission.
    pub submission_id: String,
    /// Its session.
    pub session_id: Option<String>,
    /// The customer's own id of the person; it may name a scenario.
    pub user_id: Option<String>,
    /// Canonical key of the policy.
    pub policy_key: String,
    /// How it ended.
    pub status: Option<String>,
    /// Why, unless approved.
    pub reason: Option<String>,
    /// Attempts made.
    pub attempts: Option<u64>,
    /// When it was started, in ms since 1970.
    pub started_at_ms: u64,
    /// When it ended, in ms since 1970.
    pub completed_at_ms: Option<u64>,
}

/// An attempt that was judged.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Attempt, from 1.
    pub attempt: u64,
    /// JSON of what was found.
    pub finding: String,
    /// When, in ms since 1970.
    pub decided_at_ms: u64,
}

/// A picture that is still held.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Attempt, from 1.
    pub attempt: u64,
    /// What it shows.
    pub kind: String,
    /// Length in bytes.
    pub bytes: u64,
}

/// The last `count` verifications, the newest first.
pub async fn overviews(db: &SqlitePool, count: u32) -> Result<Vec<Overview>, Error> {
    let rows = sqlx::query(
        "SELECT submission_id, session_id, user_id, policy_key, status, reason, attempts, started_at_ms,
                completed_at_ms
         FROM verifications JOIN people USING (ppid) LEFT JOIN sessions USING (submission_id)
         ORDER BY started_at_ms DESC, verifications.rowid DESC LIMIT ?",
    )
    .bind(count)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let (attempts, completed_at_ms): (Option<i64>, Option<i64>) =
                (row.try_get("attempts")?, row.try_get("completed_at_ms")?);
            Ok(Overview {
                submission_id: row.try_get("submission_id")?,
                session_id: row.try_get("session_id")?,
                user_id: row.try_get("user_id")?,
                policy_key: row.try_get("policy_key")?,
                status: row.try_get("status")?,
                reason: row.try_get("reason")?,
                attempts: attempts.map(from_db),
                started_at_ms: from_db(row.try_get("started_at_ms")?),
                completed_at_ms: completed_at_ms.map(from_db),
            })
        })
        .collect()
}

/// The attempts of a session that were judged, in order.
pub async fn attempts(db: &SqlitePool, session_id: &str) -> Result<Vec<Attempt>, Error> {
    let rows = sqlx::query(
        "SELECT attempt, finding, decided_at_ms FROM decisions WHERE session_id = ? ORDER BY attempt",
    )
    .bind(session_id)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Attempt {
                attempt: from_db(row.try_get("attempt")?),
                finding: row.try_get("finding")?,
                decided_at_ms: from_db(row.try_get("decided_at_ms")?),
            })
        })
        .collect()
}

/// The pictures of a session, in the order they came.
pub async fn pictures(db: &SqlitePool, session_id: &str) -> Result<Vec<Picture>, Error> {
    let rows = sqlx::query(
        "SELECT attempt, kind, length(jpeg) AS bytes FROM captures WHERE session_id = ?
         ORDER BY attempt, received_at_ms",
    )
    .bind(session_id)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Picture {
                attempt: from_db(row.try_get("attempt")?),
                kind: row.try_get("kind")?,
                bytes: from_db(row.try_get("bytes")?),
            })
        })
        .collect()
}

/// Kind and length in bytes of each picture of a submission at Argos.
pub async fn argos_pictures(db: &SqlitePool, submission_id: &str) -> Result<Vec<(String, u64)>, Error> {
    let rows: Vec<(String, i64)> =
        sqlx::query_as("SELECT type, length(bytes) FROM argos_images WHERE submission_id = ? ORDER BY type")
            .bind(submission_id)
            .fetch_all(db)
            .await?;
    Ok(rows.into_iter().map(|(kind, bytes)| (kind, from_db(bytes))).collect())
}

/// One picture of a submission at Argos, as it was sent.
pub async fn argos_picture(
    db: &SqlitePool,
    submission_id: &str,
    kind: &str,
) -> Result<Option<Vec<u8>>, Error> {
    let bytes = sqlx::query_scalar("SELECT bytes FROM argos_images WHERE submission_id = ? AND type = ?")
        .bind(submission_id)
        .bind(kind)
        .fetch_optional(db)
        .await?;
    Ok(bytes)
}

/// One picture of a session, JPEG.
pub async fn capture(
    db: &SqlitePool,
    session_id: &str,
    attempt: u32,
    kind: &str,
) -> Result<Option<Vec<u8>>, Error> {
    let jpeg =
        sqlx::query_scalar("SELECT jpeg FROM captures WHERE session_id = ? AND attempt = ? AND kind = ?")
            .bind(session_id)
            .bind(to_db(u64::from(attempt)))
            .bind(kind)
            .fetch_optional(db)
            .await?;
    Ok(jpeg)
}
