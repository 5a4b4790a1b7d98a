//! Submissions, pictures and webhooks in the database.
//!
//! In: records. Out: records. Rule: what one request changes is one transaction; a deleted submission is overwritten
//! in the file and cut out of the write-ahead log before its deletion is told.

use super::record::Record;
use super::webhooks::Outgoing;
use crate::db::{from_db, to_db};
use crate::error::Error;
use idv_edge::argos::{ImageType, KycStatus, WebhookTrigger};
use idv_vision::face::Embedding;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite, SqlitePool};
use std::time::Duration;

/// How often and how long the log is tried to be cut while other connections still read from it.
const CHECKPOINT_TRIES: u32 = 50;
const CHECKPOINT_WAIT: Duration = Duration::from_millis(20);

/// A submission with what is kept beside its record.
pub(super) struct Stored {
    pub(super) record: Record,
    /// The portrait on the document.
    pub(super) portrait: Option<Embedding>,
    /// The person.
    pub(super) face: Option<Embedding>,
}

/// A submission that others are held against.
pub(super) struct Known {
    pub(super) record: Record,
    pub(super) face: Option<Embedding>,
}

/// Which kind of submission is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    All,
    /// Those that were screened.
    Screened,
    Nothing,
}

/// What to list, newest first.
pub(super) struct Filter {
    pub(super) userid: Option<String>,
    pub(super) email: Option<String>,
    /// From this time on, in ms since 1970.
    pub(super) from_ms: Option<u64>,
    /// Before this time.
    pub(super) until_ms: Option<u64>,
    pub(super) wanted: Wanted,
    /// Only what comes after this one: time and id of the last submission of the page before.
    pub(super) after: Option<(u64, String)>,
    pub(super) count: u32,
}

/// The submission of this id.
pub(super) async fn load(db: &SqlitePool, id: &str) -> Result<Option<Stored>, Error> {
    let row = sqlx::query("SELECT record, portrait, face FROM argos_submissions WHERE submission_id = ?")
        .bind(id)
        .fetch_optional(db)
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Stored {
        record: record(&row)?,
        portrait: embedding(&row, "portrait")?,
        face: embedding(&row, "face")?,
    }))
}

/// Writes a submission, its pictures and what is told of the change. The ids of the webhooks, in order.
pub(super) async fn save(
    db: &SqlitePool,
    stored: &Stored,
    images: &[(ImageType, &[u8])],
    outgoing: &[Outgoing],
) -> Result<Vec<i64>, Error> {
    let record = &stored.record;
    let mut tx = db.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::query(
        "INSERT INTO argos_submissions
             (submission_id, created_at_ms, userid, email, status, result_at_ms, applicant_id, aml_id, record,
              portrait, face)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (submission_id) DO UPDATE
         SET userid = excluded.userid, email = excluded.email, status = excluded.status,
             result_at_ms = excluded.result_at_ms, applicant_id = excluded.applicant_id,
             aml_id = excluded.aml_id, record = excluded.record, portrait = excluded.portrait,
             face = excluded.face",
    )
    .bind(&record.submission_id)
    .bind(to_db(record.created_at_ms))
    .bind(&record.userid)
    .bind(&record.email)
    .bind(record.status.as_str())
    .bind(record.result_at_ms.map(to_db))
    .bind(&record.applicant_id)
    .bind(record.screening.as_ref().map(|screening| screening.resource_id.as_str()))
    .bind(serde_json::to_string(record)?)
    .bind(stored.portrait.as_ref().map(Embedding::to_bytes))
    .bind(stored.face.as_ref().map(Embedding::to_bytes))
    .execute(&mut *tx)
    .await?;
    for (kind, bytes) in images {
        sqlx::query(
            "INSERT INTO argos_images (submission_id, type, bytes) VALUES (?, ?, ?)
             ON CONFLICT (submission_id, type) DO UPDATE SET bytes = excluded.bytes",
        )
        .bind(&record.submission_id)
        .bind(kind.as_str())
        .bind(*bytes)
        .execute(&mut *tx)
        .await?;
    }
    let mut ids = Vec::with_capacity(outgoing.len());
    for webhook in outgoing {
        ids.push(insert_webhook(&mut tx, webhook).await?);
    }
    tx.commit().await?;
    Ok(ids)
}

async fn insert_webhook(tx: &mut sqlx::Transaction<'_, Sqlite>, webhook: &Outgoing) -> Result<i64, Error> {
    let inserted = sqlx::query(
        "INSERT INTO argos_webhooks (submission_id, trigger_word, url, body, created_at_ms)
         VALUES (?, ?, ?, ?, ?)",
    )
    .bind(&webhook.submission_id)
    .bind(webhook.trigger.as_str())
    .bind(&webhook.url)
    .bind(&webhook.body)
    .bind(to_db(webhook.at_ms))
    .execute(&mut **tx)
    .await?;
    Ok(inserted.last_insert_rowid())
}

/// A page of submissions, newest first, with one more than asked for where there are more.
pub(super) async fn page(db: &SqlitePool, filter: &Filter) -> Result<Vec<Record>, Error> {
    let mut query = QueryBuilder::<Sqlite>::new("SELECT record FROM argos_submissions WHERE 1 = 1");
    if let Some(userid) = &filter.userid {
        query.push(" AND userid = ").push_bind(userid);
    }
    if let Some(email) = &filter.email {
        query.push(" AND email = ").push_bind(email);
    }
    if let Some(from_ms) = filter.from_ms {
        query.push(" AND created_at_ms >= ").push_bind(to_db(from_ms));
    }
    if let Some(until_ms) = filter.until_ms {
        query.push(" AND created_at_ms < ").push_bind(to_db(until_ms));
    }
    match filter.wanted {
        Wanted::All => {}
        Wanted::Screened => {
            query.push(" AND aml_id IS NOT NULL");
        }
        Wanted::Nothing => return Ok(Vec::new()),
    }
    if let Some((at_ms, id)) = &filter.after {
        query.push(" AND (created_at_ms, submission_id) < (").push_bind(to_db(*at_ms));
        query.push(", ").push_bind(id).push(")");
    }
    query
        .push(" ORDER BY created_at_ms DESC, submission_id DESC LIMIT ")
        .push_bind(i64::from(filter.count) + 1);
    query.build().fetch_all(db).await?.iter().map(record).collect()
}

/// The last submissions, newest first, for the console.
pub async fn recent(db: &SqlitePool, count: u32) -> Result<Vec<Record>, Error> {
    let wanted = Wanted::All;
    let filter =
        Filter { userid: None, email: None, from_ms: None, until_ms: None, wanted, after: None, count };
    let mut records = page(db, &filter).await?;
    records.truncate(count as usize);
    Ok(records)
}

/// Every submission that was approved or waits and has a face.
pub(super) async fn known(db: &SqlitePool) -> Result<Vec<Known>, Error> {
    let rows = sqlx::query(
        "SELECT record, face FROM argos_submissions
         WHERE status IN ('approved', 'pending') AND face IS NOT NULL
         ORDER BY created_at_ms",
    )
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| Ok(Known { record: record(row)?, face: embedding(row, "face")? })).collect()
}

/// The approved submissions of an applicant, newest first.
pub(super) async fn approved_of(db: &SqlitePool, applicant_id: &str) -> Result<Vec<Record>, Error> {
    let rows = sqlx::query(
        "SELECT record FROM argos_submissions WHERE applicant_id = ? AND status = 'approved'
         ORDER BY created_at_ms DESC, submission_id DESC",
    )
    .bind(applicant_id)
    .fetch_all(db)
    .await?;
    rows.iter().map(record).collect()
}

/// When a submission of this address last got this result, in ms since 1970.
pub(super) async fn last_result(
    db: &SqlitePool,
    email: &str,
    status: &KycStatus,
) -> Result<Option<u64>, Error> {
    let at_ms: Option<i64> =
        sqlx::query_scalar("SELECT max(result_at_ms) FROM argos_submissions WHERE email = ? AND status = ?")
            .bind(email)
            .bind(status.as_str())
            .fetch_one(db)
            .await?;
    Ok(at_ms.map(from_db))
}

/// Ids of the submissions that were made before `before_ms` and left incomplete after a face was sent.
pub(super) async fn left_incomplete(db: &SqlitePool, before_ms: u64) -> Result<Vec<String>, Error> {
    let ids = sqlx::query_scalar(
        "SELECT submission_id FROM argos_submissions
         WHERE status = 'incomplete' AND created_at_ms <= ? AND json_array_length(record, '$.attempts') > 0",
    )
    .bind(to_db(before_ms))
    .fetch_all(db)
    .await?;
    Ok(ids)
}

/// The submission whose screening report has this id.
pub(super) async fn screened(db: &SqlitePool, aml_id: &str) -> Result<Option<Record>, Error> {
    let row = sqlx::query("SELECT record FROM argos_submissions WHERE aml_id = ?")
        .bind(aml_id)
        .fetch_optional(db)
        .await?;
    row.as_ref().map(record).transpose()
}

/// A picture of a submission.
pub(super) async fn image(db: &SqlitePool, id: &str, kind: &ImageType) -> Result<Option<Vec<u8>>, Error> {
    let bytes = sqlx::query_scalar("SELECT bytes FROM argos_images WHERE submission_id = ? AND type = ?")
        .bind(id)
        .bind(kind.as_str())
        .fetch_optional(db)
        .await?;
    Ok(bytes)
}

/// What there is to delete.
pub(super) struct Deletable {
    /// Whether the project has any submission, or had one.
    pub(super) project_has_data: bool,
    /// Whether the submission was deleted before.
    pub(super) deleted_before: bool,
}

/// What is known of a submission that is not there.
pub(super) async fn deletable(db: &SqlitePool, id: &str) -> Result<Deletable, Error> {
    let row = sqlx::query(
        "SELECT (SELECT count(*) FROM argos_submissions) + (SELECT count(*) FROM argos_deleted) AS all_ids,
                (SELECT count(*) FROM argos_deleted WHERE submission_id = ?) AS deleted",
    )
    .bind(id)
    .fetch_one(db)
    .await?;
    let count = |name| row.try_get::<i64, _>(name);
    Ok(Deletable { project_has_data: count("all_ids")? > 0, deleted_before: count("deleted")? > 0 })
}

/// Deletes a submission, its pictures and its webhooks, keeps its id and what is told of the deletion, and cuts the
/// write-ahead log, so that no byte of it is left in the files. The ids of the new webhooks.
pub(super) async fn delete(
    db: &SqlitePool,
    id: &str,
    now_ms: u64,
    outgoing: &[Outgoing],
) -> Result<Vec<i64>, Error> {
    let mut tx = db.begin_with("BEGIN IMMEDIATE").await?;
    for table in ["argos_webhooks", "argos_images", "argos_submissions"] {
        let mut query = QueryBuilder::<Sqlite>::new("DELETE FROM ");
        query.push(table).push(" WHERE submission_id = ").push_bind(id).build().execute(&mut *tx).await?;
    }
    sqlx::query("INSERT INTO argos_deleted (submission_id, deleted_at_ms) VALUES (?, ?)")
        .bind(id)
        .bind(to_db(now_ms))
        .execute(&mut *tx)
        .await?;
    let mut ids = Vec::new();
    for webhook in outgoing {
        ids.push(insert_webhook(&mut tx, webhook).await?);
    }
    tx.commit().await?;
    truncate_log(db).await?;
    Ok(ids)
}

/// Writes the log into the database file and empties it.
async fn truncate_log(db: &SqlitePool) -> Result<(), Error> {
    for _ in 0..CHECKPOINT_TRIES {
        let busy: i64 = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(db).await?.try_get(0)?;
        if busy == 0 {
            return Ok(());
        }
        tokio::time::sleep(CHECKPOINT_WAIT).await;
    }
    Err(Error::Internal("the write-ahead log could not be cut".to_owned()))
}

/// A webhook and how its delivery went, for the console.
#[derive(Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its number, rising.
    pub webhook_id: i64,
    /// The submission it is about.
    pub submission_id: String,
    /// What it tells.
    pub trigger: WebhookTrigger,
    /// Where to.
    pub url: String,
    /// What was sent: personal data.
    pub body: String,
    /// When it was made, in ms since 1970.
    pub created_at_ms: u64,
    /// How often it was tried.
    pub tries: u32,
    /// HTTP status of the last try; absent where no answer came.
    pub last_status: Option<u16>,
    /// When that was.
    pub last_try_ms: Option<u64>,
    /// Whether it was taken.
    pub delivered: bool,
}

impl std::fmt::Debug for Delivery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Delivery")
            .field("trigger", &self.trigger)
            .field("tries", &self.tries)
            .field("last_status", &self.last_status)
            .field("delivered", &self.delivered)
            .finish_non_exhaustive()
    }
}

/// The last webhooks, newest first.
pub async fn deliveries(db: &SqlitePool, count: u32) -> Result<Vec<Delivery>, Error> {
    let rows = sqlx::query("SELECT * FROM argos_webhooks ORDER BY webhook_id DESC LIMIT ?")
        .bind(count)
        .fetch_all(db)
        .await?;
    rows.iter().map(delivery).collect()
}

/// One webhook; `None` once it is deleted.
pub(super) async fn delivery_of(db: &SqlitePool, webhook_id: i64) -> Result<Option<Delivery>, Error> {
    let row = sqlx::query("SELECT * FROM argos_webhooks WHERE webhook_id = ?")
        .bind(webhook_id)
        .fetch_optional(db)
        .await?;
    row.as_ref().map(delivery).transpose()
}

fn delivery(row: &SqliteRow) -> Result<Delivery, Error> {
    let status: Option<i64> = row.try_get("last_status")?;
    let tried: Option<i64> = row.try_get("last_try_ms")?;
    Ok(Delivery {
        webhook_id: row.try_get("webhook_id")?,
        submission_id: row.try_get("submission_id")?,
        trigger: row.try_get::<&str, _>("trigger_word")?.into(),
        url: row.try_get("url")?,
        body: row.try_get("body")?,
        created_at_ms: from_db(row.try_get("created_at_ms")?),
        tries: row.try_get("tries")?,
        last_status: status.and_then(|status| u16::try_from(status).ok()),
        last_try_ms: tried.map(from_db),
        delivered: row.try_get("delivered")?,
    })
}

/// Notes a try to deliver.
pub(super) async fn tried(
    db: &SqlitePool,
    webhook_id: i64,
    status: Option<u16>,
    now_ms: u64,
    delivered: bool,
) -> Result<(), Error> {
    sqlx::query(
        "UPDATE argos_webhooks SET tries = tries + 1, last_status = ?, last_try_ms = ?, delivered = ?
         WHERE webhook_id = ?",
    )
    .bind(status)
    .bind(to_db(now_ms))
    .bind(delivered)
    .bind(webhook_id)
    .execute(db)
    .await?;
    Ok(())
}

fn record(row: &SqliteRow) -> Result<Record, Error> {
    Ok(serde_json::from_str(row.try_get("record")?)?)
}

fn embedding(row: &SqliteRow, column: &str) -> Result<Option<Embedding>, Error> {
    let bytes: Option<Vec<u8>> = row.try_get(column)?;
    Ok(bytes.as_deref().and_then(Embedding::from_bytes))
}
