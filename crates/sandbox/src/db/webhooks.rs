//! Webhooks of verifications: written with the outcome they tell of, delivered afterwards.

use super::{from_db, to_db};
use crate::error::Error;
use crate::time::rfc3339;
use idv_edge::tomo::COMPLETED_EVENT;
use sqlx::{Row, Sqlite, SqlitePool, Transaction};

/// A webhook and how its delivery went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookDelivery {
    /// The verification it tells of.
    pub submission_id: String,
    /// Where it goes.
    pub url: String,
    /// Its body.
    pub body: String,
    /// When it was made, in ms since 1970.
    pub created_at_ms: u64,
    /// Tries so far.
    pub tries: u32,
    /// HTTP status of the last try; None where none came.
    pub last_status: Option<u16>,
    /// When the last try was, in ms since 1970.
    pub last_try_ms: Option<u64>,
    /// Whether it arrived.
    pub delivered: bool,
}

/// Writes the webhook of a verification that has ended at `now_ms`, where the customer asked for one.
pub(super) async fn queue(
    tx: &mut Transaction<'_, Sqlite>,
    submission_id: &str,
    now_ms: u64,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO verification_webhooks (submission_id, url, body, created_at_ms)
         SELECT submission_id, webhook_url,
                json_object('event', ?2, 'event_id', 'evt_' || lower(hex(randomblob(16))),
                            'auth_id', submission_id, 'occurred_at', ?3), ?4
         FROM verifications WHERE submission_id = ?1 AND webhook_url IS NOT NULL",
    )
    .bind(submission_id)
    .bind(COMPLETED_EVENT)
    .bind(rfc3339(now_ms))
    .bind(to_db(now_ms))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes every webhook that nobody delivers yet: its id, address and body.
pub async fn take_webhooks(db: &SqlitePool) -> Result<Vec<(i64, String, String)>, Error> {
    let rows = sqlx::query_as(
        "UPDATE verification_webhooks SET taken = 1 WHERE taken = 0 RETURNING webhook_id, url, body",
    )
    .fetch_all(db)
    .await?;
    Ok(rows)
}

/// Gives back what an earlier process took and did not finish in `tries`.
pub async fn give_back_webhooks(db: &SqlitePool, tries: u32) -> Result<(), Error> {
    sqlx::query("UPDATE verification_webhooks SET taken = 0 WHERE delivered = 0 AND tries < ?")
        .bind(tries)
        .execute(db)
        .await?;
    Ok(())
}

/// Notes a try. False where its verification was deleted meanwhile, and it with it.
pub async fn tried_webhook(
    db: &SqlitePool,
    webhook_id: i64,
    status: Option<u16>,
    now_ms: u64,
    delivered: bool,
) -> Result<bool, Error> {
    let updated = sqlx::query(
        "UPDATE verification_webhooks
         SET tries = tries + 1, last_status = ?, last_try_ms = ?, delivered = ? WHERE webhook_id = ?",
    )
    .bind(status)
    .bind(to_db(now_ms))
    .bind(delivered)
    .bind(webhook_id)
    .execute(db)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// The last `count` webhooks, the newest first.
pub async fn webhook_deliveries(db: &SqlitePool, count: u32) -> Result<Vec<WebhookDelivery>, Error> {
    let rows = sqlx::query("SELECT * FROM verification_webhooks ORDER BY webhook_id DESC LIMIT ?")
        .bind(count)
        .fetch_all(db)
        .await?;
    rows.iter()
        .map(|row| {
            let last_try_ms: Option<i64> = row.try_get("last_try_ms")?;
            Ok(WebhookDelivery {
                submission_id: row.try_get("submission_id")?,
                url: row.try_get("url")?,
                body: row.try_get("body")?,
                created_at_ms: from_db(row.try_get("created_at_ms")?),
                tries: row.try_get("tries")?,
                last_status: row.try_get("last_status")?,
                last_try_ms: last_try_ms.map(from_db),
                delivered: row.try_get("delivered")?,
            })
        })
        .collect()
}
