//! Webhooks of Argos and how their delivery went.

use super::MAX_ENTRIES;
use super::frame::{Section, details, head, mark, rows, time};
use crate::argos::{Delivery, WEBHOOK_TRIES, deliveries};
use crate::error::Error;
use crate::html::escape;
use crate::time::rfc3339;
use sqlx::SqlitePool;

pub(super) async fn section(db: &SqlitePool) -> Result<Section, Error> {
    let deliveries = deliveries(db, MAX_ENTRIES).await?;
    Ok(Section {
        id: "webhooks",
        title: "Webhooks",
        count: deliveries.len(),
        body: deliveries.iter().map(card).collect(),
        empty: "No webhook was sent yet.",
    })
}

fn card(one: &Delivery) -> String {
    let status = match (one.delivered, one.tries) {
        (true, _) => mark("delivered", Some(true)),
        (false, tries) if tries < WEBHOOK_TRIES => mark("waiting", None),
        (false, _) => mark("not delivered", Some(false)),
    };
    let sub = format!("{} · {}", time(one.created_at_ms), escape(&one.submission_id));
    let mut facts = vec![("to".to_owned(), one.url.clone()), ("tries".to_owned(), one.tries.to_string())];
    if one.tries > 0 {
        let answer = one.last_status.map_or("none".to_owned(), |status| status.to_string());
        facts.push(("last answer".to_owned(), answer));
    }
    if let Some(at_ms) = one.last_try_ms {
        facts.push(("last try".to_owned(), rfc3339(at_ms)));
    }
    let body = format!("{}<pre tabindex=\"0\">{}</pre>\n", rows(&facts), escape(&one.body));
    details(false, &head(one.trigger.as_str(), &status, &sub), &body)
}
