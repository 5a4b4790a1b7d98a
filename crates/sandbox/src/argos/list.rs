//! `GET /submission`: one, or a page of many.

use super::record::Record;
use super::refusal::{Refused, message};
use super::store::{self, Filter, Wanted};
use crate::state::Sandbox;
use crate::time::rfc3339_ms;
use axum::Json;
use axum::extract::{RawQuery, State};
use idv_edge::argos::{Date, Email, KycStatus, MAX_COUNT, RequestType, SubmissionId, Text, timestamp_ms};
use serde_json::{Value, json};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// A query string as it came.
pub(super) struct Query(Vec<(String, String)>);

/// A query string that cannot be taken.
pub(super) struct QueryError;

impl From<QueryError> for Refused {
    fn from(_: QueryError) -> Self {
        Self::bad(message::QUERY_INVALID)
    }
}

impl Query {
    pub(super) fn of(query: Option<&str>) -> Self {
        let pairs = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        Self(pairs.into_owned().collect())
    }

    /// A parameter that is there and not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let pair = self.0.iter().find(|(key, value)| key == name && !value.is_empty());
        pair.map(|(_, value)| value.as_str())
    }
}

/// GET /submission.
pub(super) async fn submissions(
    State(sandbox): State<Sandbox>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Refused> {
    let query = Query::of(query.as_deref());
    super::step2::settle_overdue(&sandbox).await?;
    if let Some(id) = query.get("submission_id") {
        let id = SubmissionId::new(id).map_err(|_| QueryError)?;
        let found = store::load(&sandbox.db, id.as_str()).await?;
        return Ok(Json(items(found.into_iter().map(|stored| stored.record), None)));
    }
    let filter = filter(&query)?;
    let mut records = store::page(&sandbox.db, &filter).await?;
    let more = records.len() > filter.count as usize;
    records.truncate(filter.count as usize);
    let next = records
        .last()
        .filter(|_| more)
        .map(|last| json!({ "id": last.submission_id, "created_at": rfc3339_ms(last.created_at_ms) }));
    Ok(Json(items(records, next)))
}

fn filter(query: &Query) -> Result<Filter, QueryError> {
    let count = match query.get("count") {
        None => MAX_COUNT,
        Some(count) => {
            count.parse().ok().filter(|count| (1..=MAX_COUNT).contains(count)).ok_or(QueryError)?
        }
    };
    let page = match (query.get("nextpage_id"), query.get("nextpage_date")) {
        (None, None) => None,
        (Some(id), Some(date)) => {
            let id = SubmissionId::new(id).map_err(|_| QueryError)?;
            Some((timestamp_ms(date).ok_or(QueryError)?, id.as_str().to_owned()))
        }
        _ => return Err(QueryError),
    };
    let from_ms = query.get("start_date").map(day_ms).transpose()?;
    let until_ms = query.get("end_date").map(day_ms).transpose()?.map(|day| day + DAY_MS);
    if from_ms.zip(until_ms).is_some_and(|(from, until)| until <= from) {
        return Err(QueryError);
    }
    let wanted = match query.get("request_type").map(RequestType::from) {
        None | Some(RequestType::Kyc) => Wanted::All,
        Some(RequestType::Aml) => Wanted::Screened,
        // Nothing of these kinds is submitted here.
        Some(RequestType::Data | RequestType::Others) => Wanted::Nothing,
        Some(_) => return Err(QueryError),
    };
    let text = |name: &str| query.get(name).map(Text::new).transpose().map_err(|_| QueryError);
    let email = query.get("email").map(Email::new).transpose().map_err(|_| QueryError)?;
    Ok(Filter {
        userid: text("userid")?.map(|userid| userid.as_str().to_owned()),
        email: email.map(|email| email.as_str().to_owned()),
        from_ms,
        until_ms,
        wanted,
        after: page,
        count,
    })
}

/// The first ms of a day written as YYYYMMDD, in UTC.
fn day_ms(text: &str) -> Result<u64, QueryError> {
    let (Some(year), Some(month), Some(day)) = (text.get(..4), text.get(4..6), text.get(6..)) else {
        return Err(QueryError);
    };
    let date = Date::parse(&format!("{year}-{month}-{day}")).map_err(|_| QueryError)?;
    timestamp_ms(&format!("{}T00:00:00Z", date.to_text())).ok_or(QueryError)
}

/// `{"Items": […]}`, with the key of the next page where there is one.
pub(super) fn items(records: impl IntoIterator<Item = Record>, next: Option<Value>) -> Value {
    let items: Vec<Value> = records.into_iter().map(|record| record.item()).collect();
    match next {
        Some(next) => json!({ "Items": items, "nextpageKey": next }),
        None => json!({ "Items": items }),
    }
}

/// Whether nothing more is expected of a submission from outside.
pub(super) fn has_ended(status: &KycStatus) -> bool {
    *status != KycStatus::Incomplete
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_taken_only_as_a_whole() {
        let ok = |query: &str| filter(&Query::of(Some(query))).is_ok();
        for good in ["", "count=2000", "start_date=20260101&end_date=20260101", "request_type=aml", "email="]
        {
            assert!(ok(good), "{good}");
        }
        for bad in [
            "count=0",
            "count=2001",
            "count=x",
            "nextpage_id=s1",
            "nextpage_id=s1&nextpage_date=yesterday",
            "start_date=2026-01-01",
            "start_date=20260230",
            "start_date=20260102&end_date=20260101",
            "request_type=kyb",
            "email=nobody",
        ] {
            assert!(!ok(bad), "{bad}");
        }
        assert_eq!(filter(&Query::of(None)).map(|filter| filter.count).ok(), Some(MAX_COUNT));
    }
}
