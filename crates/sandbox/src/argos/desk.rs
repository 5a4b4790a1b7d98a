//! The vendor's own desk, which its API does not show: a person looks at a submission, a webhook is sent again.
//!
//! Rule: for the console, the demo and tests; it asks for no key, like everything that this machine's user sees.

use super::list::QueryError;
use super::refusal::{Refused, message};
use super::rules::Comment;
use super::step2::{end, write};
use super::store::{self, Stored};
use crate::state::Sandbox;
use axum::extract::State;
use axum::routing::post;
use axum::{Form, Json, Router};
use idv_edge::argos::{CommentCode, KycStatus, WebhookTrigger};
use serde::Deserialize;
use serde_json::Value;

/// Who looks, as `reviewer` has it.
const REVIEWER: &str = "sandbox desk";

/// The routes of this section.
pub(super) fn router() -> Router<Sandbox> {
    Router::new().route("/argos/desk/review", post(review)).route("/argos/desk/webhook", post(webhook))
}

#[derive(Deserialize)]
struct Review {
    submission_id: String,
    /// `approved` or `rejected`.
    result: KycStatus,
    /// Why, for a rejection.
    #[serde(default)]
    code: Option<CommentCode>,
}

/// POST /argos/desk/review: approves or rejects a submission that waits, or that was decided otherwise.
async fn review(State(sandbox): State<Sandbox>, Form(review): Form<Review>) -> Result<Json<Value>, Refused> {
    let _under_way =
        sandbox.argos.begin(&review.submission_id).ok_or_else(|| Refused::bad(message::DATA_UNPROCESSED))?;
    let mut stored = load(&sandbox, &review.submission_id).await?;
    if !review.result.is_final() || stored.record.status == KycStatus::Incomplete {
        return Err(QueryError.into());
    }
    let trigger = match (&review.result, stored.record.status == review.result) {
        (_, true) => WebhookTrigger::Updated,
        (KycStatus::Approved, _) => WebhookTrigger::Approved,
        _ => WebhookTrigger::Rejected,
    };
    let comments = review.code.filter(CommentCode::is_known).map(Comment::of).into_iter().collect();
    end(&mut stored.record, review.result, comments, sandbox.clock.now_ms());
    stored.record.reviewer = Some(REVIEWER.to_owned());
    write(&sandbox, &stored, &[], &[trigger]).await?;
    Ok(Json(stored.record.item()))
}

#[derive(Deserialize)]
struct Resend {
    submission_id: String,
    /// Any trigger of the contract but `delete`.
    trigger: WebhookTrigger,
}

/// POST /argos/desk/webhook: tells of a submission again, by any trigger.
async fn webhook(State(sandbox): State<Sandbox>, Form(resend): Form<Resend>) -> Result<Json<Value>, Refused> {
    if !resend.trigger.is_known() || resend.trigger == WebhookTrigger::Delete {
        return Err(QueryError.into());
    }
    let stored = load(&sandbox, &resend.submission_id).await?;
    write(&sandbox, &stored, &[], &[resend.trigger]).await?;
    Ok(Json(stored.record.item()))
}

async fn load(sandbox: &Sandbox, id: &str) -> Result<Stored, Refused> {
    store::load(&sandbox.db, id).await?.ok_or_else(|| Refused::bad(message::SUBMISSION_ID_INVALID))
}
