//! Clients and the assertions they used.

use super::to_db;
use crate::error::Error;
use idv_edge::keys::{PublicJwk, VerifyingKey};
use serde::{Deserialize, Serialize};
use sqlx::SqlitePool;

/// A registered client.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its id.
    pub client_id: String,
    /// Keys its assertions may be signed with.
    pub keys: Vec<VerifyingKey>,
}

/// A JWK set (RFC 7517 5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwks {
    /// Public keys.
    pub keys: Vec<PublicJwk>,
}

/// Registers a client with one public key.
pub async fn insert_client(
    db: &SqlitePool,
    client_id: &str,
    key: &VerifyingKey,
    now_ms: u64,
) -> Result<(), Error> {
    let jwks = serde_json::to_string(&Jwks { keys: vec![key.to_jwk()] })?;
    sqlx::query("INSERT INTO clients (client_id, jwks, created_at_ms) VALUES (?, ?, ?)")
        .bind(client_id)
        .bind(jwks)
        .bind(to_db(now_ms))
        .execute(db)
        .await?;
    Ok(())
}

/// The client of this id, if it is registered.
pub async fn find_client(db: &SqlitePool, client_id: &str) -> Result<Option<Client>, Error> {
    let jwks: Option<String> = sqlx::query_scalar("SELECT jwks FROM clients WHERE client_id = ?")
        .bind(client_id)
        .fetch_optional(db)
        .await?;
    let Some(jwks) = jwks else { return Ok(None) };
    let jwks: Jwks = serde_json::from_str(&jwks)?;
    let keys = jwks.keys.iter().filter_map(|jwk| VerifyingKey::from_jwk(jwk).ok()).collect();
    Ok(Some(Client { client_id: client_id.to_owned(), keys }))
}

/// Marks an assertion as used. False when it was used before.
pub async fn use_assertion(
    db: &SqlitePool,
    client_id: &str,
    jti: &str,
    expires_at_s: u64,
    now_s: u64,
) -> Result<bool, Error> {
    sqlx::query("DELETE FROM assertion_ids WHERE expires_at_s < ?").bind(to_db(now_s)).execute(db).await?;
    let inserted = sqlx::query(
        "INSERT INTO assertion_ids (client_id, jti, expires_at_s) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    )
    .bind(client_id)
    .bind(jti)
    .bind(to_db(expires_at_s))
    .execute(db)
    .await?;
    Ok(inserted.rows_affected() == 1)
}
