//! Signatures that were asked for.

use super::{from_db, to_db};
use crate::error::Error;
use idv_edge::toss::AuthKind;
use idv_edge::toss::{MAX_READS, READ_WINDOW_S};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqlitePool};

/// Time after completion in which the result can be read, in ms.
const READ_WINDOW_MS: u64 = READ_WINDOW_S * 1000;

/// How far a signature is, as it is stored: its time is not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody has looked at it.
    Requested,
    /// The app has shown it.
    InProgress,
    /// It is signed.
    Completed,
    /// It was refused.
    Refused,
}

impl State {
    const ALL: [Self; 4] = [Self::Requested, Self::InProgress, Self::Completed, Self::Refused];

    fn word(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
            Self::Refused => "refused",
        }
    }
}

/// What a transaction is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A signature under a document of the service's.
    Doc,
    /// An authentication of the user.
    Auth(AuthKind),
}

impl Kind {
    const ALL: [Self; 3] = [Self::Doc, Self::Auth(AuthKind::Identity), Self::Auth(AuthKind::Simple)];

    fn word(self) -> &'static str {
        match self {
            Self::Doc => "doc",
            Self::Auth(AuthKind::Identity) => "identity",
            Self::Auth(AuthKind::Simple) => "simple",
        }
    }
}

/// A signature that is asked for.
#[derive(Debug)]
pub struct NewTransaction<'a> {
    /// What it is for.
    pub kind: Kind,
    /// Transaction.
    pub tx_id: &'a str,
    /// Who asks.
    pub client_id: &'a str,
    /// Whether it is asked by CI.
    pub by_ci: bool,
    /// PUSH or APP_SCHEME.
    pub trigger_type: &'a str,
    /// Name of the service.
    pub service_name: &'a str,
    /// Title of the document.
    pub doc_title: &'a str,
    /// The document, decrypted.
    pub doc: &'a str,
    /// TEXT, HTML or PDF.
    pub doc_type: &'a str,
    /// Whether it came encrypted.
    pub doc_encrypted: bool,
    /// PKCS7 or PKCS7_NO_CONTENT_WITH_ATTR.
    pub signature_type: &'a str,
    /// Where the app goes after signing.
    pub success_callback: Option<&'a str>,
    /// Where it goes otherwise.
    pub fail_callback: Option<&'a str>,
    /// Where it begins.
    pub state: State,
    /// When it was asked for, in ms since 1970.
    pub requested_at_ms: u64,
    /// When it can no longer be signed, in ms since 1970.
    pub expires_at_ms: u64,
}

/// A signature as it is stored. `Debug` shows no content.
#[derive(Clone, PartialEq, Eq)]
pub struct Transaction {
    /// What it is for.
    pub kind: Kind,
    /// Transaction.
    pub tx_id: String,
    /// Who asked.
    pub client_id: String,
    /// Whether it was asked by CI.
    pub by_ci: bool,
    /// PUSH or APP_SCHEME.
    pub trigger_type: String,
    /// Name of the service.
    pub service_name: String,
    /// Title of the document.
    pub doc_title: String,
    /// The document; None once deleted.
    pub doc: Option<String>,
    /// TEXT, HTML or PDF.
    pub doc_type: String,
    /// Whether it came encrypted.
    pub doc_encrypted: bool,
    /// PKCS7 or PKCS7_NO_CONTENT_WITH_ATTR.
    pub signature_type: String,
    /// Where the app goes after signing.
    pub success_callback: Option<String>,
    /// Where it goes otherwise.
    pub fail_callback: Option<String>,
    /// How far it is.
    pub state: State,
    /// When it was asked for, in ms since 1970.
    pub requested_at_ms: u64,
    /// When it can no longer be signed, in ms since 1970.
    pub expires_at_ms: u64,
    /// When it was signed or refused, in ms since 1970.
    pub completed_at_ms: Option<u64>,
    /// The signature, DER; None once deleted.
    pub signed_doc: Option<Vec<u8>>,
    /// Successful reads of the result.
    pub reads: u64,
}

impl std::fmt::Debug for Transaction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transaction")
            .field("tx_id", &self.tx_id)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl Transaction {
    /// Whether it can be signed or refused at `now_ms`.
    pub fn is_open(&self, now_ms: u64) -> bool {
        matches!(self.state, State::Requested | State::InProgress) && now_ms < self.expires_at_ms
    }

    /// Whether it ended without a signature at `now_ms`.
    pub fn is_over(&self, now_ms: u64) -> bool {
        self.state != State::Completed && !self.is_open(now_ms)
    }

    /// Whether the time to read the result is over at `now_ms`.
    pub fn is_past_reading(&self, now_ms: u64) -> bool {
        self.completed_at_ms.is_some_and(|at_ms| now_ms > at_ms.saturating_add(READ_WINDOW_MS))
    }

    fn of(row: &SqliteRow) -> Result<Self, Error> {
        let state: String = row.try_get("state")?;
        let state = State::ALL.into_iter().find(|one| one.word() == state);
        let kind: String = row.try_get("kind")?;
        let kind = Kind::ALL.into_iter().find(|one| one.word() == kind);
        let completed_at_ms: Option<i64> = row.try_get("completed_at_ms")?;
        Ok(Self {
            kind: kind.ok_or_else(|| Error::Internal("a kind of another version".to_owned()))?,
            tx_id: row.try_get("tx_id")?,
            client_id: row.try_get("client_id")?,
            by_ci: row.try_get("by_ci")?,
            trigger_type: row.try_get("trigger_type")?,
            service_name: row.try_get("service_name")?,
            doc_title: row.try_get("doc_title")?,
            doc: row.try_get("doc")?,
            doc_type: row.try_get("doc_type")?,
            doc_encrypted: row.try_get("doc_encrypted")?,
            signature_type: row.try_get("signature_type")?,
            success_callback: row.try_get("success_callback")?,
            fail_callback: row.try_get("fail_callback")?,
            state: state.ok_or_else(|| Error::Internal("a state of another version".to_owned()))?,
            requested_at_ms: from_db(row.try_get("requested_at_ms")?),
            expires_at_ms: from_db(row.try_get("expires_at_ms")?),
            completed_at_ms: completed_at_ms.map(from_db),
            signed_doc: row.try_get("signed_doc")?,
            reads: from_db(row.try_get("reads")?),
        })
    }
}

/// Stores a signature that is asked for.
pub async fn insert(db: &SqlitePool, new: &NewTransaction<'_>) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO toss_transactions
             (tx_id, client_id, by_ci, trigger_type, service_name, doc_title, doc, doc_type, doc_encrypted,
              signature_type, success_callback, fail_callback, state, requested_at_ms, expires_at_ms, kind)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(new.tx_id)
    .bind(new.client_id)
    .bind(new.by_ci)
    .bind(new.trigger_type)
    .bind(new.service_name)
    .bind(new.doc_title)
    .bind(new.doc)
    .bind(new.doc_type)
    .bind(new.doc_encrypted)
    .bind(new.signature_type)
    .bind(new.success_callback)
    .bind(new.fail_callback)
    .bind(new.state.word())
    .bind(to_db(new.requested_at_ms))
    .bind(to_db(new.expires_at_ms))
    .bind(new.kind.word())
    .execute(db)
    .await?;
    Ok(())
}

/// The signature of this transaction.
pub async fn find(db: &SqlitePool, tx_id: &str) -> Result<Option<Transaction>, Error> {
    let row =
        sqlx::query("SELECT * FROM toss_transactions WHERE tx_id = ?").bind(tx_id).fetch_optional(db).await?;
    row.as_ref().map(Transaction::of).transpose()
}

/// The last `count` signatures that were asked for, the newest first.
pub async fn latest(db: &SqlitePool, count: u32) -> Result<Vec<Transaction>, Error> {
    let rows =
        sqlx::query("SELECT * FROM toss_transactions ORDER BY requested_at_ms DESC, rowid DESC LIMIT ?")
            .bind(count)
            .fetch_all(db)
            .await?;
    rows.iter().map(Transaction::of).collect()
}

/// The app has shown it.
pub async fn show(db: &SqlitePool, tx_id: &str) -> Result<(), Error> {
    sqlx::query("UPDATE toss_transactions SET state = ? WHERE tx_id = ? AND state = ?")
        .bind(State::InProgress.word())
        .bind(tx_id)
        .bind(State::Requested.word())
        .execute(db)
        .await?;
    Ok(())
}

/// Ends an open signature: signed with `signed_doc`, refused without. False where it is not open at `now_ms`.
pub async fn decide(
    db: &SqlitePool,
    tx_id: &str,
    signed_doc: Option<&[u8]>,
    now_ms: u64,
) -> Result<bool, Error> {
    let state = if signed_doc.is_some() { State::Completed } else { State::Refused };
    let updated = sqlx::query(
        "UPDATE toss_transactions
         SET state = ?1, signed_doc = ?2, completed_at_ms = ?3, doc = iif(?2 IS NULL, NULL, doc)
         WHERE tx_id = ?4 AND state IN (?5, ?6) AND expires_at_ms > ?3",
    )
    .bind(state.word())
    .bind(signed_doc)
    .bind(to_db(now_ms))
    .bind(tx_id)
    .bind(State::Requested.word())
    .bind(State::InProgress.word())
    .execute(db)
    .await?;
    if updated.rows_affected() == 1 && signed_doc.is_none() {
        cut_log(db).await?;
    }
    Ok(updated.rows_affected() == 1)
}

/// Counts a read of a result and gives what is read; the last one deletes document and signature. None where
/// nothing is left to read.
pub async fn read(db: &SqlitePool, tx_id: &str) -> Result<Option<Transaction>, Error> {
    let mut tx = db.begin_with("BEGIN IMMEDIATE").await?;
    let row = sqlx::query("SELECT * FROM toss_transactions WHERE tx_id = ? AND reads < ?")
        .bind(tx_id)
        .bind(MAX_READS)
        .fetch_optional(&mut *tx)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let transaction = Transaction::of(&row)?;
    sqlx::query(
        "UPDATE toss_transactions
         SET reads = reads + 1, doc = iif(reads + 1 < ?1, doc, NULL),
             signed_doc = iif(reads + 1 < ?1, signed_doc, NULL)
         WHERE tx_id = ?2",
    )
    .bind(MAX_READS)
    .bind(tx_id)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    if transaction.reads + 1 >= u64::from(MAX_READS) {
        cut_log(db).await?;
    }
    Ok(Some(transaction))
}

/// Cuts what was deleted out of the write-ahead log too, unless others are reading it: then the next deletion
/// does.
async fn cut_log(db: &SqlitePool) -> Result<(), Error> {
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_all(db).await?;
    Ok(())
}

/// Marks a session as used. False when it was used before.
pub async fn use_session(
    db: &SqlitePool,
    client_id: &str,
    session_id: &str,
    now_ms: u64,
) -> Result<bool, Error> {
    let inserted = sqlx::query(
        "INSERT INTO toss_sessions (client_id, session_id, used_at_ms) VALUES (?, ?, ?)
         ON CONFLICT DO NOTHING",
    )
    .bind(client_id)
    .bind(session_id)
    .bind(to_db(now_ms))
    .execute(db)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Deletes documents and signatures that can no longer be signed or read at `now_ms`.
pub async fn sweep(db: &SqlitePool, now_ms: u64) -> Result<(), Error> {
    let swept = sqlx::query(
        "UPDATE toss_transactions SET doc = NULL, signed_doc = NULL
         WHERE doc IS NOT NULL
           AND iif(state = ?1, completed_at_ms < ?2, state = ?3 OR expires_at_ms <= ?4)",
    )
    .bind(State::Completed.word())
    .bind(to_db(now_ms.saturating_sub(READ_WINDOW_MS)))
    .bind(State::Refused.word())
    .bind(to_db(now_ms))
    .execute(db)
    .await?;
    if swept.rows_affected() > 0 {
        cut_log(db).await?;
    }
    Ok(())
}

/// Deletes what is from before `before_ms` (ms since 1970).
pub(super) async fn purge(db: &SqlitePool, before_ms: u64) -> Result<(), Error> {
    for statement in [
        "DELETE FROM toss_transactions WHERE requested_at_ms < ?",
        "DELETE FROM toss_sessions WHERE used_at_ms < ?",
    ] {
        sqlx::query(statement).bind(to_db(before_ms)).execute(db).await?;
    }
    Ok(())
}
