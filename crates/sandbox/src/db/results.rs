//! People, and the verifications of theirs that have ended.

use super::sessions::{Stored, attempts, overdue};
use super::{from_db, to_db};
use crate::error::Error;
use idv_edge::relay::entry::Entries;
use idv_protocol::{Outcome, Reason};
use sqlx::{Row, SqlitePool};

/// A verification that has ended.
#[derive(Debug)]
pub struct Finished {
    /// Its submission.
    pub submission_id: String,
    /// Country.
    pub country: String,
    /// Canonical key of the policy.
    pub policy_key: String,
    /// How it ended.
    pub status: Outcome,
    /// Why, unless approved.
    pub reason: Option<Reason>,
    /// Attempts made.
    pub attempts: u32,
    /// When it ended, in ms since 1970.
    pub completed_at_ms: u64,
    /// JSON of the last attempt's finding, where one was judged.
    pub finding: Option<String>,
    /// JSON of what was read off the document in that attempt.
    pub reading: Option<String>,
    /// How the steps without pictures stood at the end.
    pub entries: Entries,
    /// JSON of what was typed.
    pub typed: Option<String>,
    /// JSON of who signed.
    pub signer: Option<String>,
    /// The address that the customer gave of the person.
    pub email: Option<String>,
}

/// The ppid of `user_id` at this client, made of `new_ppid` the first time. Without a user id every
/// verification is of a new person.
pub async fn person_of(
    db: &SqlitePool,
    client_id: &str,
    user_id: Option<&str>,
    new_ppid: &str,
) -> Result<String, Error> {
    sqlx::query("INSERT INTO people (ppid, client_id, user_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
        .bind(new_ppid)
        .bind(client_id)
        .bind(user_id)
        .execute(db)
        .await?;
    match user_id {
        Some(user_id) => find_person(db, client_id, user_id)
            .await?
            .ok_or_else(|| Error::Internal("a person that was just stored is not there".to_owned())),
        None => Ok(new_ppid.to_owned()),
    }
}

/// The ppid of a person by the customer's user id or by the ppid itself; only of this client.
pub async fn find_person(db: &SqlitePool, client_id: &str, user_id: &str) -> Result<Option<String>, Error> {
    let ppid = sqlx::query_scalar(
        "SELECT ppid FROM people WHERE client_id = ?1 AND (user_id = ?2 OR ppid = ?2)
         ORDER BY user_id IS ?2 DESC LIMIT 1",
    )
    .bind(client_id)
    .bind(user_id)
    .fetch_optional(db)
    .await?;
    Ok(ppid)
}

/// The same, also by the id of one of the person's verifications.
pub async fn find_person_of_result(
    db: &SqlitePool,
    client_id: &str,
    id: &str,
) -> Result<Option<String>, Error> {
    if let Some(ppid) = find_person(db, client_id, id).await? {
        return Ok(Some(ppid));
    }
    let ppid = sqlx::query_scalar(
        "SELECT ppid FROM verifications JOIN people USING (ppid) WHERE client_id = ? AND submission_id = ?",
    )
    .bind(client_id)
    .bind(id)
    .fetch_optional(db)
    .await?;
    Ok(ppid)
}

/// Sessions of a person whose time is over at `now_ms` and that nobody has ended.
pub async fn overdue_sessions(db: &SqlitePool, ppid: &str, now_ms: u64) -> Result<Vec<Stored>, Error> {
    overdue(db, ppid, now_ms).await
}

/// Every verification of a person that has ended, the last one first.
pub async fn finished_of(db: &SqlitePool, ppid: &str) -> Result<Vec<Finished>, Error> {
    let rows = sqlx::query(
        "SELECT submission_id, country, policy_key, status, reason, attempts, completed_at_ms, email,
                (SELECT finding FROM decisions WHERE decisions.session_id = sessions.session_id
                 ORDER BY attempt DESC LIMIT 1) AS finding,
                (SELECT reading FROM decisions WHERE decisions.session_id = sessions.session_id
                 ORDER BY attempt DESC LIMIT 1) AS reading,
                json_extract(state, '$.entries') AS entries,
                (SELECT person FROM typed_people WHERE typed_people.session_id = sessions.session_id) AS typed,
                (SELECT signer FROM signatures WHERE signatures.session_id = sessions.session_id
                 AND signer IS NOT NULL ORDER BY asked_at_ms DESC LIMIT 1) AS signer
         FROM verifications JOIN sessions USING (submission_id)
         WHERE ppid = ? AND status IS NOT NULL
         ORDER BY completed_at_ms DESC, started_at_ms DESC",
    )
    .bind(ppid)
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            let status: String = row.try_get("status")?;
            let reason: Option<String> = row.try_get("reason")?;
            let entries: Option<String> = row.try_get("entries")?;
            Ok(Finished {
                submission_id: row.try_get("submission_id")?,
                country: row.try_get("country")?,
                policy_key: row.try_get("policy_key")?,
                status: serde_json::from_value(status.into())?,
                reason: reason.map(|reason| serde_json::from_value(reason.into())).transpose()?,
                attempts: attempts(&row)?,
                completed_at_ms: from_db(row.try_get("completed_at_ms")?),
                finding: row.try_get("finding")?,
                reading: row.try_get("reading")?,
                entries: entries.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default(),
                typed: row.try_get("typed")?,
                signer: row.try_get("signer")?,
                email: row.try_get("email")?,
            })
        })
        .collect()
}

/// Deletes a person with every verification, session, capture and decision. False where there is none, or one
/// is still under way at `now_ms`.
pub async fn delete_person(db: &SqlitePool, ppid: &str, now_ms: u64) -> Result<bool, Error> {
    let deleted = sqlx::query(
        "DELETE FROM people WHERE ppid = ?1 AND NOT EXISTS (
             SELECT 1 FROM verifications JOIN sessions USING (submission_id)
             WHERE ppid = ?1 AND status IS NULL AND expires_at_ms > ?2)",
    )
    .bind(ppid)
    .bind(to_db(now_ms))
    .execute(db)
    .await?;
    Ok(deleted.rows_affected() == 1)
}

/// Deletes what a person has by the policy `policy_key`, the person stays. False where there is nothing, or where one
/// is still under way at `now_ms`.
pub async fn reset_person(db: &SqlitePool, ppid: &str, policy_key: &str, now_ms: u64) -> Result<bool, Error> {
    let deleted = sqlx::query(
        "DELETE FROM verifications WHERE ppid = ?1 AND policy_key = ?2 AND NOT EXISTS (
             SELECT 1 FROM verifications AS running JOIN sessions USING (submission_id)
             WHERE running.ppid = ?1 AND running.policy_key = ?2 AND running.status IS NULL
               AND expires_at_ms > ?3)",
    )
    .bind(ppid)
    .bind(policy_key)
    .bind(to_db(now_ms))
    .execute(db)
    .await?;
    Ok(deleted.rows_affected() > 0)
}
