//! What is done to a person's records: one policy starts anew, everything of a person goes, everything of many goes.

use super::bearer::Caller;
use super::policies::policy_of;
use super::read_json;
use crate::db;
use crate::error::Error;
use crate::operator::forget;
use crate::state::Sandbox;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};

/// Most people of one bulk deletion: the client's own limit.
const MAX_PEOPLE: usize = idv_edge::tomo::MAX_BULK_USERS;

#[derive(Deserialize)]
struct ResetBody {
    user_id: String,
    country: String,
    kyc_policy: Value,
}

#[derive(Deserialize)]
struct DeleteBody {
    user_id: String,
}

#[derive(Deserialize)]
struct BulkDeleteBody {
    user_ids: Vec<String>,
}

/// POST /v1/idv/reset: a person's verifications by one policy are forgotten, unless one is under way.
pub(super) async fn reset(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Error> {
    let request: ResetBody = read_json(&headers, body).await?;
    let (key, _) = policy_of(Some(&request.country), Some(request.kyc_policy))?;
    let person = db::find_person(&sandbox.db, &caller.client_id, &request.user_id).await?;
    let reset = match person {
        Some(ppid) => db::reset_person(&sandbox.db, &ppid, &key.to_string(), sandbox.clock.now_ms()).await?,
        None => false,
    };
    forget(&sandbox).await?;
    Ok(Json(json!({ "status": if reset { "reset" } else { "not_resettable" } })))
}

/// POST /v1/idv/result/delete: everything of a person goes.
pub(super) async fn delete(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Error> {
    let request: DeleteBody = read_json(&headers, body).await?;
    Ok(Json(json!({ "status": deleted(&sandbox, &caller, &request.user_id).await? })))
}

/// POST /v1/idv/result/bulk-delete: everything of many people goes, each for itself.
pub(super) async fn bulk_delete(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Error> {
    let request: BulkDeleteBody = read_json(&headers, body).await?;
    if request.user_ids.is_empty() || request.user_ids.len() > MAX_PEOPLE {
        let description = format!("user_ids must name 1 to {MAX_PEOPLE} people");
        return Err(Error::bad_request("invalid_request", description));
    }
    let mut results = Vec::with_capacity(request.user_ids.len());
    for user_id in request.user_ids {
        let status = deleted(&sandbox, &caller, &user_id).await?;
        results.push(json!({ "user_id": user_id, "status": status }));
    }
    Ok(Json(json!({ "results": results })))
}

async fn deleted(sandbox: &Sandbox, caller: &Caller, user_id: &str) -> Result<&'static str, Error> {
    let person = db::find_person(&sandbox.db, &caller.client_id, user_id).await?;
    let gone = match person {
        Some(ppid) => db::delete_person(&sandbox.db, &ppid, sandbox.clock.now_ms()).await?,
        None => false,
    };
    forget(sandbox).await?;
    Ok(if gone { "deleted" } else { "not_deletable" })
}
