//! What the steps without pictures leave: what was typed, the text messages, the signatures.

use super::{from_db, to_db};
use crate::error::Error;
use idv_protocol::PersonForm;
use serde::{Deserialize, Serialize};
use sqlx::{Row, Sqlite, SqlitePool, Transaction};

/// A text message as it was "sent". It holds a code: `Debug` shows neither text nor recipient.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct TextMessage {
    /// Number of the phone.
    pub to: String,
    /// What it says.
    pub text: String,
    /// When, in ms since 1970.
    pub sent_at_ms: u64,
}

impl std::fmt::Debug for TextMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TextMessage").field("sent_at_ms", &self.sent_at_ms).finish_non_exhaustive()
    }
}

/// Who signed, as the provider says and as it was held against what was typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    /// Full name.
    pub full_name: String,
    /// Date of birth, YYYY-MM-DD.
    pub birth_date: String,
    /// `F`, `M` or empty.
    pub sex: String,
    /// ISO 3166 alpha-3 code, or empty.
    pub nationality: String,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").finish_non_exhaustive()
    }
}

/// A signature that the operator asked for. `Debug` shows no document.
#[derive(Clone)]
pub struct SignatureRow {
    /// Transaction at the provider.
    pub tx_id: String,
    /// The text that was sent to be signed.
    pub document: String,
    /// JSON of the reads of its result.
    pub reads: String,
}

impl std::fmt::Debug for SignatureRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignatureRow").finish_non_exhaustive()
    }
}

/// Keeps what was typed in the place of what was there.
pub(super) async fn keep_person(
    tx: &mut Transaction<'_, Sqlite>,
    session_id: &str,
    person: &PersonForm,
    now_ms: u64,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO typed_people (session_id, person, typed_at_ms) VALUES (?, ?, ?)
         ON CONFLICT (session_id) DO UPDATE SET person = excluded.person, typed_at_ms = excluded.typed_at_ms",
    )
    .bind(session_id)
    .bind(serde_json::to_string(person)?)
    .bind(to_db(now_ms))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// "Sends" `text` to the phone of the session's person.
pub(super) async fn send_text(
    tx: &mut Transaction<'_, Sqlite>,
    session_id: &str,
    text: &str,
    now_ms: u64,
) -> Result<(), Error> {
    let sent = sqlx::query(
        "INSERT INTO text_messages (session_id, recipient, text, sent_at_ms)
         SELECT session_id, json_extract(person, '$.fields.phone'), ?, ? FROM typed_people WHERE session_id = ?",
    )
    .bind(text)
    .bind(to_db(now_ms))
    .bind(session_id)
    .execute(&mut **tx)
    .await?;
    if sent.rows_affected() != 1 {
        return Err(Error::Internal("a code for a person without a phone".to_owned()));
    }
    Ok(())
}

/// What the session's person typed.
pub async fn person_of_session(db: &SqlitePool, session_id: &str) -> Result<Option<PersonForm>, Error> {
    let person: Option<String> = sqlx::query_scalar("SELECT person FROM typed_people WHERE session_id = ?")
        .bind(session_id)
        .fetch_optional(db)
        .await?;
    Ok(person.map(|person| serde_json::from_str(&person)).transpose()?)
}

/// The text messages to `to`, or to everyone, the newest first; `limit` at most.
pub async fn messages_to(db: &SqlitePool, to: Option<&str>, limit: u32) -> Result<Vec<TextMessage>, Error> {
    let rows = sqlx::query(
        "SELECT recipient, text, sent_at_ms FROM text_messages
         WHERE ?1 IS NULL OR recipient = ?1 ORDER BY id DESC LIMIT ?2",
    )
    .bind(to)
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(TextMessage {
                to: row.try_get("recipient")?,
                text: row.try_get("text")?,
                sent_at_ms: from_db(row.try_get("sent_at_ms")?),
            })
        })
        .collect()
}

/// The customer's own id of the person whose verification this is, which may name a scenario.
pub async fn reference_of(db: &SqlitePool, submission_id: &str) -> Result<Option<String>, Error> {
    let reference: Option<Option<String>> = sqlx::query_scalar(
        "SELECT user_id FROM verifications JOIN people USING (ppid) WHERE submission_id = ?",
    )
    .bind(submission_id)
    .fetch_optional(db)
    .await?;
    Ok(reference.flatten())
}

/// Remembers a signature that was asked for.
pub async fn insert_signature(
    db: &SqlitePool,
    session_id: &str,
    signature: &SignatureRow,
    now_ms: u64,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO signatures (tx_id, session_id, document, reads, asked_at_ms) VALUES (?, ?, ?, ?, ?)",
    )
    .bind(&signature.tx_id)
    .bind(session_id)
    .bind(&signature.document)
    .bind(&signature.reads)
    .bind(to_db(now_ms))
    .execute(db)
    .await?;
    Ok(())
}

/// The signature of this session that was asked for last.
pub async fn last_signature(db: &SqlitePool, session_id: &str) -> Result<Option<SignatureRow>, Error> {
    let row = sqlx::query(
        "SELECT tx_id, document, reads FROM signatures WHERE session_id = ?
         ORDER BY asked_at_ms DESC, rowid DESC LIMIT 1",
    )
    .bind(session_id)
    .fetch_optional(db)
    .await?;
    row.map(|row| {
        Ok(SignatureRow {
            tx_id: row.try_get("tx_id")?,
            document: row.try_get("document")?,
            reads: row.try_get("reads")?,
        })
    })
    .transpose()
}

/// Keeps the reads of a signature's result, with the signed document once there is one, and who signed once that
/// holds.
pub async fn update_signature(
    db: &SqlitePool,
    signature: &SignatureRow,
    signed_doc: Option<&[u8]>,
    signer: Option<&Signer>,
) -> Result<(), Error> {
    let signer = signer.map(serde_json::to_string).transpose()?;
    sqlx::query(
        "UPDATE signatures SET reads = ?, signed_doc = coalesce(?, signed_doc), signer = coalesce(?, signer)
         WHERE tx_id = ?",
    )
    .bind(&signature.reads)
    .bind(signed_doc)
    .bind(signer)
    .bind(&signature.tx_id)
    .execute(db)
    .await?;
    Ok(())
}
