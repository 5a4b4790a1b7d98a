//! `DELETE /submission`: data and pictures are gone for good.

use super::list::{Query, QueryError};
use super::refusal::{Refused, message};
use super::store::{self, Deletable};
use super::webhooks;
use crate::events::Event;
use crate::state::Sandbox;
use axum::Json;
use axum::extract::{RawQuery, State};
use idv_edge::argos::{SubmissionId, WebhookTrigger};
use serde_json::{Value, json};

/// Deletes a submission. Only its id is kept, so that it stays deleted.
pub(super) async fn delete(
    State(sandbox): State<Sandbox>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Refused> {
    let query = Query::of(query.as_deref());
    let id = SubmissionId::new(query.get("submission_id").ok_or(QueryError)?).map_err(|_| QueryError)?;
    let failed = || Refused::bad(message::DELETE_FAILED);
    let _under_way = sandbox.argos.begin(id.as_str()).ok_or_else(failed)?;
    let Some(stored) = store::load(&sandbox.db, id.as_str()).await? else {
        let Deletable { project_has_data, deleted_before } =
            store::deletable(&sandbox.db, id.as_str()).await?;
        return Err(Refused::bad(match (project_has_data, deleted_before) {
            (false, _) => message::PROJECT_DATA_NOT_FOUND,
            (true, true) => message::SUBMISSION_DATA_NOT_FOUND,
            (true, false) => message::SUBMISSION_NOT_FOUND,
        }));
    };
    let outgoing = webhooks::about(&sandbox, &stored.record, &[WebhookTrigger::Delete]);
    let now_ms = sandbox.clock.now_ms();
    let sent = store::delete(&sandbox.db, id.as_str(), now_ms, &outgoing).await.map_err(|error| {
        tracing::error!(%error, "a submission was not deleted");
        failed()
    })?;
    webhooks::deliver(&sandbox, sent);
    sandbox.emit(Event::SubmissionDeleted { submission_id: id.as_str().to_owned() });
    Ok(Json(json!({
        "message": "success",
        "content": format!("Submission #{} deleted successfully.", id.as_str()),
    })))
}
