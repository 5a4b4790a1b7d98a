//! Submissions at Argos: how each stands, the scores of its attempts, and its pictures.

use super::MAX_ENTRIES;
use super::frame::{Section, details, figure, head, mark, pictures, rows, time};
use crate::argos::{AttemptRecord, Record, recent};
use crate::db::console;
use crate::error::Error;
use crate::html::escape;
use idv_edge::argos::MAX_TRIES;
use sqlx::SqlitePool;

pub(super) async fn section(db: &SqlitePool) -> Result<Section, Error> {
    let records = recent(db, MAX_ENTRIES).await?;
    let mut body = String::new();
    for (index, record) in records.iter().enumerate() {
        let held = console::argos_pictures(db, &record.submission_id).await?;
        body.push_str(&card(record, &held, index == 0));
    }
    Ok(Section {
        id: "submissions",
        title: "Submissions at Argos",
        count: records.len(),
        body,
        empty: "Nothing was submitted to Argos yet.",
    })
}

fn card(record: &Record, held: &[(String, u64)], open: bool) -> String {
    let status = record.status.as_str();
    let status = mark(
        status,
        match status {
            "approved" => Some(true),
            "rejected" => Some(false),
            _ => None,
        },
    );
    let sub = format!("{} · {}", time(record.created_at_ms), escape(&record.submission_id));
    let mut facts = vec![
        ("issued by".to_owned(), record.issuing_country.clone()),
        ("tries".to_owned(), format!("{} of {MAX_TRIES}", record.tries_used)),
    ];
    let optional = [
        ("customer's id", record.userid.clone()),
        ("applicant", record.applicant_id.clone()),
        ("looked at by", record.reviewer.clone()),
        (
            "watchlists",
            record.screening.as_ref().map(|screening| match screening.hits.len() {
                0 => "clear".to_owned(),
                hits => format!("{hits} names fit"),
            }),
        ),
    ];
    facts.extend(optional.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    facts.extend(record.comments.iter().map(|comment| ("comment".to_owned(), comment.text.clone())));
    let attempts: String = record.attempts.iter().map(attempt).collect();
    let shown: String = held
        .iter()
        .map(|(kind, bytes)| {
            let path = format!("/console/submissions/{}/{kind}", record.submission_id);
            figure(&path, kind, *bytes)
        })
        .collect();
    let name = format!("{} · {}", record.id_type.as_str().replace('_', " "), record.issuing_country);
    details(open, &head(&name, &status, &sub), &format!("{}{attempts}{}", rows(&facts), pictures(&shown)))
}

fn attempt(one: &AttemptRecord) -> String {
    let score =
        |value: Option<f32>| value.map_or("not measured".to_owned(), |value| format!("{value:.1} of 100"));
    let mut scores = vec![
        ("liveness".to_owned(), score(one.liveness)),
        ("likeness of the faces".to_owned(), score(one.similarity)),
    ];
    if let Some((code, text)) = &one.retry {
        scores.push(("another try".to_owned(), format!("{text} ({code})")));
    }
    format!("<h3>Attempt {}</h3>\n{}", one.number, rows(&scores))
}
