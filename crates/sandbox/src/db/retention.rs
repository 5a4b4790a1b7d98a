//! Deleting what was promised to be deleted.

use super::{to_db, toss};
use crate::error::Error;
use sqlx::SqlitePool;

/// Deletes captures, evidence and signatures from before `before_ms` (ms since 1970); findings and outcomes
/// stay.
pub async fn purge(db: &SqlitePool, before_ms: u64) -> Result<(), Error> {
    sqlx::query("DELETE FROM captures WHERE received_at_ms < ?").bind(to_db(before_ms)).execute(db).await?;
    sqlx::query("UPDATE decisions SET evidence = NULL WHERE decided_at_ms < ?")
        .bind(to_db(before_ms))
        .execute(db)
        .await?;
    toss::purge(db, before_ms).await
}
