//! Deleting what was promised to be deleted.

use super::{to_db, toss};
use crate::error::Error;
use sqlx::SqlitePool;

/// Deletes from before `before_ms` (ms since 1970): captures, evidence, signatures, text messages, webhooks, and what was
/// typed or said of whoever was not approved. Findings and outcomes stay.
pub async fn purge(db: &SqlitePool, before_ms: u64) -> Result<(), Error> {
    sqlx::query("DELETE FROM captures WHERE received_at_ms < ?").bind(to_db(before_ms)).execute(db).await?;
    sqlx::query("DELETE FROM evidence WHERE received_at_ms < ?").bind(to_db(before_ms)).execute(db).await?;
    sqlx::query("UPDATE decisions SET evidence = NULL WHERE decided_at_ms < ?")
        .bind(to_db(before_ms))
        .execute(db)
        .await?;
    sqlx::query("DELETE FROM text_messages WHERE sent_at_ms < ?").bind(to_db(before_ms)).execute(db).await?;
    sqlx::query(
        "DELETE FROM typed_people WHERE typed_at_ms < ? AND session_id NOT IN (
             SELECT session_id FROM sessions JOIN verifications USING (submission_id) WHERE status = 'approved')",
    )
    .bind(to_db(before_ms))
    .execute(db)
    .await?;
    sqlx::query(
        "UPDATE verifications SET email = NULL
         WHERE email IS NOT NULL AND started_at_ms < ? AND status IS NOT 'approved'",
    )
    .bind(to_db(before_ms))
    .execute(db)
    .await?;
    sqlx::query("DELETE FROM verification_webhooks WHERE created_at_ms < ?")
        .bind(to_db(before_ms))
        .execute(db)
        .await?;
    toss::purge(db, before_ms).await
}
