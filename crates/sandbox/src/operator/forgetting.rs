//! What the operator deletes, it has deleted at Argos too.

use crate::db;
use crate::error::Error;
use crate::state::Sandbox;
use idv_edge::argos::{Refusal, RefusalMessage, SubmissionId};

const DAY_MS: u64 = 24 * 3600 * 1000;

/// Deletes at Argos what belongs to no verification any more, and what is older than the retention time. What cannot be
/// deleted now is tried again the next time.
pub(crate) async fn forget(sandbox: &Sandbox) -> Result<(), Error> {
    let Some(access) = &sandbox.settings.vendors.argos else { return Ok(()) };
    let retention_ms = u64::from(crate::relay::RETENTION_DAYS) * DAY_MS;
    let before_ms = sandbox.clock.now_ms().saturating_sub(retention_ms);
    for argos_id in db::forgettable_cases(&sandbox.db, before_ms).await? {
        let Ok(id) = SubmissionId::new(argos_id.as_str()) else { continue };
        let gone = match access.runner().delete(&id).await {
            Ok(_) => true,
            Err(error) => {
                let said = Refusal::of(&error).map(|refusal| refusal.message);
                let gone = matches!(
                    said,
                    Some(
                        RefusalMessage::SubmissionNotFound
                            | RefusalMessage::SubmissionDataNotFound
                            | RefusalMessage::ProjectDataNotFound
                    )
                );
                if !gone {
                    tracing::error!(%error, "a submission is not deleted at Argos yet");
                }
                gone
            }
        };
        if gone {
            db::forget_argos_case(&sandbox.db, &argos_id).await?;
        }
    }
    Ok(())
}
