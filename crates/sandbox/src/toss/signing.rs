//! The person's decision.

use super::request::{NO_CONTENT, sha256_of};
use super::vendor::{blocking, of_edge};
use crate::db::toss as db;
use crate::error::Error;
use crate::state::Sandbox;

/// Signs an open transaction as the invented person, now. False where it is not open.
pub(super) async fn sign(sandbox: &Sandbox, tx_id: &str) -> Result<bool, Error> {
    let now_ms = sandbox.clock.now_ms();
    let found = db::find(&sandbox.db, tx_id).await?.filter(|one| one.is_open(now_ms));
    let Some((doc, signature_type)) = found.and_then(|one| Some((one.doc?, one.signature_type))) else {
        return Ok(false);
    };
    let certificates = sandbox.toss.certificates().await?;
    let signed = blocking(move || match signature_type.as_str() {
        NO_CONTENT => {
            let sha256 = sha256_of(&doc).ok_or_else(|| Error::Internal("a hash that is none".to_owned()))?;
            certificates.person.sign_sha256(&sha256, now_ms / 1000).map_err(of_edge)
        }
        _ => certificates.person.sign(doc.as_bytes(), now_ms / 1000).map_err(of_edge),
    })
    .await?;
    db::decide(&sandbox.db, tx_id, Some(&signed), now_ms).await
}

/// Refuses an open transaction. False where it is not open.
pub(super) async fn refuse(sandbox: &Sandbox, tx_id: &str) -> Result<bool, Error> {
    db::decide(&sandbox.db, tx_id, None, sandbox.clock.now_ms()).await
}
