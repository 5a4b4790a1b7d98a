//! Pictures of verifications that were approved, while they are kept.

use super::sessions::capture_bytes;
use crate::error::Error;
use idv_edge::relay::Session;
use idv_protocol::CaptureKind;
use sqlx::SqlitePool;

/// Kinds whose pictures a verification still has, among `kinds`.
pub async fn held_kinds(
    db: &SqlitePool,
    submission_id: &str,
    kinds: &[CaptureKind],
) -> Result<Vec<CaptureKind>, Error> {
    let state: Option<String> = sqlx::query_scalar("SELECT state FROM sessions WHERE submission_id = ?")
        .bind(submission_id)
        .fetch_optional(db)
        .await?;
    let Some(state) = state else { return Ok(Vec::new()) };
    let session: Session = serde_json::from_str(&state)?;
    let mut held = Vec::new();
    for kind in kinds {
        let Some(capture) = session.held(*kind) else { continue };
        let there: Option<i64> = sqlx::query_scalar(
            "SELECT 1 FROM captures WHERE session_id = ? AND attempt = ? AND kind = ? AND sha256 = ?",
        )
        .bind(&session.id)
        .bind(capture.attempt)
        .bind(kind.code())
        .bind(&capture.sha256)
        .fetch_optional(db)
        .await?;
        if there.is_some() {
            held.push(*kind);
        }
    }
    Ok(held)
}

/// A picture of a verification that `client_id` asked for and that was approved.
pub async fn picture_of(
    db: &SqlitePool,
    client_id: &str,
    submission_id: &str,
    kind: CaptureKind,
) -> Result<Option<Vec<u8>>, Error> {
    let state: Option<String> = sqlx::query_scalar(
        "SELECT state FROM sessions JOIN verifications USING (submission_id) JOIN people USING (ppid)
         WHERE submission_id = ? AND client_id = ? AND status = 'approved'",
    )
    .bind(submission_id)
    .bind(client_id)
    .fetch_optional(db)
    .await?;
    match state {
        Some(state) => capture_bytes(db, &serde_json::from_str(&state)?, kind).await,
        None => Ok(None),
    }
}
