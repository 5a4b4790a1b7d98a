//! Text messages that were "sent": a section of the page, and GET /console/messages, as JSON, the newest first. `to`
//! narrows them to one phone.

use super::MAX_ENTRIES;
use super::frame::{Section, head, plain, time};
use crate::db::{self, TextMessage};
use crate::error::{Error, no_store};
use crate::html::escape;
use crate::state::Sandbox;
use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use sqlx::SqlitePool;

#[derive(Deserialize)]
pub(super) struct Asked {
    to: Option<String>,
}

pub(super) async fn messages(
    State(sandbox): State<Sandbox>,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    let messages = db::messages_to(&sandbox.db, asked.to.as_deref(), MAX_ENTRIES).await?;
    Ok((no_store(), Json(messages)).into_response())
}

pub(super) async fn section(db: &SqlitePool) -> Result<Section, Error> {
    let messages = db::messages_to(db, None, MAX_ENTRIES).await?;
    Ok(Section {
        id: "messages",
        title: "Text messages",
        count: messages.len(),
        body: messages.iter().map(card).collect(),
        empty: "No text message was sent yet.",
    })
}

fn card(message: &TextMessage) -> String {
    let sub = format!("{} · to {}", time(message.sent_at_ms), escape(&message.to));
    plain(&head(&message.text, "", &sub))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_shown_with_its_recipient_and_its_code() {
        let message = TextMessage { to: "+12025550143".into(), text: "123456 <is>".into(), sent_at_ms: 0 };
        let card = card(&message);
        for part in ["123456 &lt;is&gt;", "to +12025550143", "1970-01-01 00:00:00 UTC"] {
            assert!(card.contains(part), "{card}");
        }
    }
}
