//! The operator's submissions at Argos.

use super::{to_db, webhooks};
use crate::error::Error;
use idv_protocol::{Outcome, Reason};
use sqlx::{Row, SqlitePool};

/// One submission at Argos.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArgosCase {
    /// Its id there; empty before the first step1.
    pub argos_id: String,
    /// The verification it is about.
    pub submission_id: String,
    /// SHA-256 of the document's pictures that step1 took, lower-case hex.
    pub documents_sha256: String,
    /// Whether step1 asks for another picture.
    pub step1_open: bool,
    /// Answers to step2 that were heard.
    pub faces_sent: u32,
    /// When it was made, in ms since 1970.
    pub made_at_ms: u64,
}

/// The last case of a verification.
pub async fn argos_case(db: &SqlitePool, submission_id: &str) -> Result<Option<ArgosCase>, Error> {
    let row = sqlx::query(
        "SELECT * FROM argos_cases WHERE submission_id = ? ORDER BY made_at_ms DESC, rowid DESC LIMIT 1",
    )
    .bind(submission_id)
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(ArgosCase {
        argos_id: row.try_get("argos_id")?,
        submission_id: row.try_get("submission_id")?,
        documents_sha256: row.try_get("documents_sha256")?,
        step1_open: row.try_get("step1_open")?,
        faces_sent: row.try_get("faces_sent")?,
        made_at_ms: super::from_db(row.try_get("made_at_ms")?),
    }))
}

/// Writes a case.
pub async fn keep_argos_case(db: &SqlitePool, case: &ArgosCase) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO argos_cases
             (argos_id, submission_id, documents_sha256, step1_open, faces_sent, made_at_ms)
         VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (argos_id) DO UPDATE
         SET documents_sha256 = excluded.documents_sha256, step1_open = excluded.step1_open",
    )
    .bind(&case.argos_id)
    .bind(&case.submission_id)
    .bind(&case.documents_sha256)
    .bind(case.step1_open)
    .bind(case.faces_sent)
    .bind(to_db(case.made_at_ms))
    .execute(db)
    .await?;
    Ok(())
}

/// Notes how many answers to step2 were heard.
pub async fn note_faces(db: &SqlitePool, argos_id: &str, faces_sent: usize) -> Result<(), Error> {
    sqlx::query("UPDATE argos_cases SET faces_sent = ? WHERE argos_id = ?")
        .bind(i64::try_from(faces_sent).unwrap_or(i64::MAX))
        .bind(argos_id)
        .execute(db)
        .await?;
    Ok(())
}

/// Whether this id at Argos is of one of the operator's cases.
pub async fn is_argos_case(db: &SqlitePool, argos_id: &str) -> Result<bool, Error> {
    let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM argos_cases WHERE argos_id = ?")
        .bind(argos_id)
        .fetch_optional(db)
        .await?;
    Ok(found.is_some())
}

/// Removes a case.
pub async fn forget_argos_case(db: &SqlitePool, argos_id: &str) -> Result<(), Error> {
    sqlx::query("DELETE FROM argos_cases WHERE argos_id = ?").bind(argos_id).execute(db).await?;
    Ok(())
}

/// Ids at Argos that are to be deleted there: of verifications that are gone, and of those from before `before_ms` (ms
/// since 1970) that nobody has to look at any more.
pub async fn forgettable_cases(db: &SqlitePool, before_ms: u64) -> Result<Vec<String>, Error> {
    let ids = sqlx::query_scalar(
        "SELECT argos_id FROM argos_cases LEFT JOIN verifications USING (submission_id)
         WHERE verifications.submission_id IS NULL
            OR (made_at_ms < ? AND coalesce(status, '') <> 'pending_review')",
    )
    .bind(to_db(before_ms))
    .fetch_all(db)
    .await?;
    Ok(ids)
}

/// Ends the verification of a case that waited for a person. Its submission, where it did wait.
pub async fn end_review(
    db: &SqlitePool,
    argos_id: &str,
    outcome: Outcome,
    reason: Option<Reason>,
    now_ms: u64,
) -> Result<Option<String>, Error> {
    let mut tx = db.begin_with("BEGIN IMMEDIATE").await?;
    let ended: Option<String> = sqlx::query_scalar(
        "UPDATE verifications SET status = ?, reason = ?, completed_at_ms = ?
         WHERE status = 'pending_review'
           AND submission_id = (SELECT submission_id FROM argos_cases WHERE argos_id = ?)
         RETURNING submission_id",
    )
    .bind(super::word(&outcome)?)
    .bind(reason.map(Reason::code))
    .bind(to_db(now_ms))
    .bind(argos_id)
    .fetch_optional(&mut *tx)
    .await?;
    if let Some(submission_id) = &ended {
        webhooks::queue(&mut tx, submission_id, now_ms).await?;
    }
    tx.commit().await?;
    Ok(ended)
}

/// The customer's user id of a verification's person, where the customer named one.
pub async fn user_id_of(db: &SqlitePool, submission_id: &str) -> Result<Option<String>, Error> {
    let user_id: Option<Option<String>> = sqlx::query_scalar(
        "SELECT user_id FROM verifications JOIN people USING (ppid) WHERE submission_id = ?",
    )
    .bind(submission_id)
    .fetch_optional(db)
    .await?;
    Ok(user_id.flatten())
}
