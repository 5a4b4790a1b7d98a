//! Webhooks, of TomoIDV to customers and of Argos to the operator, and how their delivery went.

use super::MAX_ENTRIES;
use super::frame::{Section, details, head, mark, rows, time};
use crate::argos::{WEBHOOK_TRIES, deliveries};
use crate::db::webhook_deliveries;
use crate::error::Error;
use crate::html::escape;
use crate::time::rfc3339;
use crate::tomo::webhooks::TRIES;
use idv_edge::tomo::COMPLETED_EVENT;
use sqlx::SqlitePool;
use std::cmp::Reverse;

/// A webhook of either.
struct Entry {
    from: &'static str,
    what: String,
    submission_id: String,
    url: String,
    body: String,
    created_at_ms: u64,
    tries: u32,
    most_tries: u32,
    last_status: Option<u16>,
    last_try_ms: Option<u64>,
    delivered: bool,
}

pub(super) async fn section(db: &SqlitePool) -> Result<Section, Error> {
    let argos = deliveries(db, MAX_ENTRIES).await?.into_iter().map(|one| Entry {
        from: "Argos",
        what: one.trigger.as_str().to_owned(),
        submission_id: one.submission_id,
        url: one.url,
        body: one.body,
        created_at_ms: one.created_at_ms,
        tries: one.tries,
        most_tries: WEBHOOK_TRIES,
        last_status: one.last_status,
        last_try_ms: one.last_try_ms,
        delivered: one.delivered,
    });
    let tomo = webhook_deliveries(db, MAX_ENTRIES).await?.into_iter().map(|one| Entry {
        from: "TomoIDV",
        what: COMPLETED_EVENT.to_owned(),
        submission_id: one.submission_id,
        url: one.url,
        body: one.body,
        created_at_ms: one.created_at_ms,
        tries: one.tries,
        most_tries: TRIES,
        last_status: one.last_status,
        last_try_ms: one.last_try_ms,
        delivered: one.delivered,
    });
    let mut entries: Vec<Entry> = argos.chain(tomo).collect();
    entries.sort_by_key(|one| Reverse(one.created_at_ms));
    entries.truncate(MAX_ENTRIES as usize);
    Ok(Section {
        id: "webhooks",
        title: "Webhooks",
        count: entries.len(),
        body: entries.iter().map(card).collect(),
        empty: "No webhook was sent yet.",
    })
}

fn card(one: &Entry) -> String {
    let status = match (one.delivered, one.tries) {
        (true, _) => mark("delivered", Some(true)),
        (false, tries) if tries < one.most_tries => mark("waiting", None),
        (false, _) => mark("not delivered", Some(false)),
    };
    let sub = format!("{} · {} · {}", time(one.created_at_ms), one.from, escape(&one.submission_id));
    let mut facts = vec![("to".to_owned(), one.url.clone()), ("tries".to_owned(), one.tries.to_string())];
    if one.tries > 0 {
        let answer = one.last_status.map_or("none".to_owned(), |status| status.to_string());
        facts.push(("last answer".to_owned(), answer));
    }
    if let Some(at_ms) = one.last_try_ms {
        facts.push(("last try".to_owned(), rfc3339(at_ms)));
    }
    let body = format!("{}<pre tabindex=\"0\">{}</pre>\n", rows(&facts), escape(&one.body));
    details(false, &head(&one.what, &status, &sub), &body)
}
