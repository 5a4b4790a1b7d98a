//! POST /v1/idv/result/delete: everything of a person goes.

use super::bearer::Caller;
use super::read_json;
use crate::db;
use crate::error::Error;
use crate::state::Sandbox;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct DeleteBody {
    user_id: String,
}

pub(super) async fn delete(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Error> {
    let request: DeleteBody = read_json(&headers, body).await?;
    let person = db::find_person(&sandbox.db, &caller.client_id, &request.user_id).await?;
    let deleted = match person {
        Some(ppid) => db::delete_person(&sandbox.db, &ppid, sandbox.clock.now_ms()).await?,
        None => false,
    };
    Ok(Json(json!({ "status": if deleted { "deleted" } else { "not_deletable" } })))
}
