//! Signatures at Toss, with the way to the stand-in of the app.

use super::MAX_ENTRIES;
use super::frame::{Section, head, mark, plain, time};
use super::pushes::app_path;
use crate::db::toss::{self, State, Transaction};
use crate::error::Error;
use crate::html::escape;
use sqlx::SqlitePool;

pub(super) async fn section(db: &SqlitePool, now_ms: u64) -> Result<Section, Error> {
    let transactions = toss::latest(db, MAX_ENTRIES).await?;
    Ok(Section {
        id: "signatures",
        title: "Signatures",
        count: transactions.len(),
        body: transactions.iter().map(|one| card(one, now_ms)).collect(),
        empty: "Nobody was asked to sign anything yet.",
    })
}

fn card(one: &Transaction, now_ms: u64) -> String {
    let status = match one.state {
        State::Completed => mark("signed", Some(true)),
        State::Refused => mark("refused", Some(false)),
        _ if one.is_over(now_ms) => mark("expired", Some(false)),
        State::InProgress => mark("in progress", None),
        State::Requested => mark("requested", None),
    };
    let way = match one.is_open(now_ms) {
        true => format!(" · <a href=\"{}\">Open the app</a>", escape(&app_path(&one.tx_id))),
        false => String::new(),
    };
    let reads = match one.state {
        State::Completed => format!(" · read {} of 2 times", one.reads),
        _ => String::new(),
    };
    let kind = if one.trigger_type == "PUSH" { "push" } else { "app link" };
    let sub = format!(
        "{} · {} · {kind} · {}{reads}{way}",
        time(one.requested_at_ms),
        escape(&one.service_name),
        escape(&one.doc_type),
    );
    plain(&head(&one.doc_title, &status, &sub))
}
