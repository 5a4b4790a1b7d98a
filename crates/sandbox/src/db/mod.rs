//! The SQLite file, or a database in memory. In: rows. Out: rows. Rule: what a request changes, it changes in one transaction; a session
//! is written only over the version that was read.

mod cases;
mod clients;
pub mod console;
mod entries;
mod evidence;
mod media;
mod results;
mod retention;
mod sessions;
pub mod toss;
mod webhooks;

pub use cases::{
    ArgosCase, argos_case, end_review, forget_argos_case, forgettable_cases, is_argos_case, keep_argos_case,
    note_faces, user_id_of,
};
pub use clients::{Client, Jwks, find_client, insert_client, use_assertion};
pub use entries::{
    SignatureRow, Signer, TextMessage, insert_signature, last_signature, messages_to, person_of_session,
    reference_of, update_signature,
};
pub use evidence::evidence_of;
pub use media::{held_kinds, picture_of};
pub use results::{
    Finished, delete_person, find_person, find_person_of_result, finished_of, overdue_sessions, person_of,
    reset_person,
};
pub use retention::purge;
pub use sessions::{
    Change, Judged, NewVerification, Stored, capture_bytes, insert_verification, load_by_id, load_by_token,
    store, verification_of_session,
};
pub use webhooks::{WebhookDelivery, give_back_webhooks, take_webhooks, tried_webhook, webhook_deliveries};

use crate::error::Error;
use sessions::word;
use sqlx::SqlitePool;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::path::Path;
use std::time::Duration;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// Time a writer waits for another one. Writes take milliseconds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Connections at most: SQLite has one writer, and a handful of readers serve this sandbox's visitors.
const MAX_CONNECTIONS: u32 = 8;

/// In the place of a file: a database in memory, which ends with the process.
pub const IN_MEMORY: &str = ":memory:";

/// Opens the database file, made where absent, or one in memory for [`IN_MEMORY`], and brings it to the current form.
/// What is deleted from it is overwritten.
pub async fn open(file: &Path) -> Result<SqlitePool, Error> {
    let options = SqliteConnectOptions::new()
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("secure_delete", "ON");
    let pool = if file == Path::new(IN_MEMORY) {
        // The database is its one connection, which is never closed.
        let alone = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
        alone.connect_with(options.in_memory(true)).await?
    } else {
        let options = options
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal);
        SqlitePoolOptions::new().max_connections(MAX_CONNECTIONS).connect_with(options).await?
    };
    MIGRATIONS.run(&pool).await.map_err(|error| Error::internal("migration", error))?;
    Ok(pool)
}

/// A time or count as SQLite keeps it.
pub(crate) fn to_db(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A time or count as SQLite gave it.
pub(crate) fn from_db(value: i64) -> u64 {
    u64::try_from(value).unwrap_or_default()
}
