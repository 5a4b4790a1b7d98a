//! Argos' webhooks: a hint that leads to a read.
//!
//! In: a POST that anyone can send. Out: nothing but whether it was taken. Rule: what it claims is not believed; the
//! submission is read again by the operator's own client.

use super::argos::{ended, read_again};
use crate::db;
use crate::error::Error;
use crate::state::Sandbox;
use crate::tomo::webhooks::settled;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use idv_edge::ErrorKind;
use idv_edge::argos::{KycStatus, SubmissionId, WebhookHint};
use idv_edge::native::ArgosRunner;
use idv_edge::relay::Verdict;
use idv_protocol::Outcome;
use serde_json::json;

/// Takes a webhook.
pub(super) async fn argos(State(sandbox): State<Sandbox>, body: Bytes) -> Response {
    let hint = match WebhookHint::read(&body) {
        Ok(hint) => hint,
        Err(error) if error.kind() == ErrorKind::ResponseTooLarge => {
            return refused(StatusCode::PAYLOAD_TOO_LARGE, "a webhook over 256 KiB");
        }
        Err(_) => return refused(StatusCode::BAD_REQUEST, "not a webhook"),
    };
    let (Some(access), Some(id)) = (&sandbox.settings.vendors.argos, hint.submission_id()) else {
        return StatusCode::NO_CONTENT.into_response();
    };
    match read(&sandbox, access.runner(), id).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => {
            tracing::warn!(%error, "a submission could not be read again");
            refused(StatusCode::BAD_GATEWAY, "the submission cannot be read now")
        }
    }
}

/// Reads the submission, and ends the verification that waited for it.
async fn read(sandbox: &Sandbox, runner: &ArgosRunner, id: &SubmissionId) -> Result<(), Error> {
    if !db::is_argos_case(&sandbox.db, id.as_str()).await? {
        return Ok(());
    }
    let Some(submission) = read_again(runner, id).await? else { return Ok(()) };
    if submission.kyc.result == KycStatus::Incomplete {
        return Ok(());
    }
    let (outcome, reason) = match ended(&submission).verdict {
        Verdict::Approved => (Outcome::Approved, None),
        Verdict::Rejected(reason) | Verdict::Failed(reason) => (Outcome::Rejected, Some(reason)),
        Verdict::Pending => return Ok(()),
    };
    let now_ms = sandbox.clock.now_ms();
    if let Some(submission_id) = db::end_review(&sandbox.db, id.as_str(), outcome, reason, now_ms).await? {
        settled(sandbox, submission_id, outcome, reason);
    }
    Ok(())
}

fn refused(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "message": message }))).into_response()
}
