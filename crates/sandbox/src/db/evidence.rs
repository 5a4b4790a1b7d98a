//! Signed evidence.

use super::to_db;
use crate::error::Error;
use idv_edge::evidence::Manifest;
use sqlx::{Sqlite, SqlitePool, Transaction};

/// Stores the evidence of an attempt; what was in its place is overwritten.
pub(super) async fn store(
    tx: &mut Transaction<'_, Sqlite>,
    session_id: &str,
    manifest: &Manifest,
    now_ms: u64,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO evidence (session_id, attempt, jws, received_at_ms) VALUES (?, ?, ?, ?)
         ON CONFLICT (session_id, attempt) DO UPDATE
         SET jws = excluded.jws, received_at_ms = excluded.received_at_ms",
    )
    .bind(session_id)
    .bind(manifest.evidence().attempt)
    .bind(manifest.jws())
    .bind(to_db(now_ms))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The evidence of an attempt, where it was completed.
pub async fn evidence_of(db: &SqlitePool, session_id: &str, attempt: u32) -> Result<Option<Manifest>, Error> {
    let jws: Option<String> =
        sqlx::query_scalar("SELECT jws FROM evidence WHERE session_id = ? AND attempt = ?")
            .bind(session_id)
            .bind(attempt)
            .fetch_optional(db)
            .await?;
    let read = |jws: String| Manifest::read(jws).map_err(|error| Error::internal("stored evidence", error));
    jws.map(read).transpose()
}
