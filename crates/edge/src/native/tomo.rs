//! A TomoIDV client that sends its requests.

use super::RunnerParams;
use super::transport::{MinTls, Sent, Transport, unix_s};
use crate::error::Error;
use crate::http::Request;
use crate::retry::Repeat;
use crate::tomo::{
    AccessToken, BulkDeleteResponse, Client, DeleteStatus, KycGetRequest, MAX_MEDIA_BYTES,
    MAX_RESPONSE_BYTES, Media, PersonFields, ResetRequest, ResetStatus, ResultRequest, ResultResponse,
    StartRequest, StartUrl, TokenCache,
};
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::Mutex;
use uuid::Uuid;

/// A TomoIDV client that sends its requests. Clones share connections and the access token.
#[derive(Clone)]
pub struct Runner {
    client: Client,
    transport: Transport,
    started: Instant,
    // Held while a token is asked for, so that nobody asks a second time meanwhile.
    token: Arc<Mutex<TokenCache>>,
}

impl std::fmt::Debug for Runner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runner").field("client", &self.client).finish_non_exhaustive()
    }
}

impl Runner {
    /// A runner of `client`. TLS 1.3 only, as TomoIDV asks, by ring; redirects are not followed.
    pub fn new(client: Client, params: &RunnerParams) -> Result<Self, Error> {
        let transport = Transport::new(params, MinTls::V1_3)?;
        Ok(Self { client, transport, started: Instant::now(), token: Arc::default() })
    }

    /// Starts a verification. Sent again only if it never left: it opens a session.
    pub async fn start(&self, start: &StartRequest) -> Result<StartUrl, Error> {
        let build = |token: &AccessToken| self.client.start_request(token, start);
        self.with_token(Repeat::UnsentOnly, build).await?.read(|answer| self.client.read_start(answer))
    }

    /// Fetches a result.
    pub async fn result(&self, query: &ResultRequest) -> Result<ResultResponse, Error> {
        let build = |token: &AccessToken| self.client.result_request(token, query);
        self.with_token(Repeat::Safe, build).await?.read(|answer| self.client.read_result(answer))
    }

    /// Fetches the older form of a result.
    pub async fn kyc_get(&self, query: &KycGetRequest) -> Result<PersonFields, Error> {
        let build = |token: &AccessToken| self.client.kyc_get_request(token, query);
        self.with_token(Repeat::Safe, build).await?.read(|answer| self.client.read_kyc_get(answer))
    }

    /// Fetches a picture of a result.
    pub async fn media(&self, media: &Media) -> Result<Vec<u8>, Error> {
        let build = |token: &AccessToken| self.client.media_request(token, media);
        self.with_token_and_limit(Repeat::Safe, MAX_MEDIA_BYTES, build)
            .await?
            .read(|answer| self.client.read_media(answer))
    }

    /// Resets a verification. Sent again only if it never left: a second one answers `not_resettable`.
    pub async fn reset(&self, reset: &ResetRequest) -> Result<ResetStatus, Error> {
        let build = |token: &AccessToken| self.client.reset_request(token, reset);
        self.with_token(Repeat::UnsentOnly, build).await?.read(|answer| self.client.read_reset(answer))
    }

    /// Deletes the results of a user. Sent again only if it never left: a second one answers `not_deletable`.
    pub async fn delete(&self, user_id: &str) -> Result<DeleteStatus, Error> {
        let build = |token: &AccessToken| self.client.delete_request(token, user_id);
        self.with_token(Repeat::UnsentOnly, build).await?.read(|answer| self.client.read_delete(answer))
    }

    /// Deletes the results of several users. Sent again only if it never left.
    pub async fn bulk_delete(&self, user_ids: &[String]) -> Result<BulkDeleteResponse, Error> {
        let build = |token: &AccessToken| self.client.bulk_delete_request(token, user_ids);
        self.with_token(Repeat::UnsentOnly, build).await?.read(|answer| self.client.read_bulk_delete(answer))
    }

    /// Asks for the health of the service.
    pub async fn health(&self) -> Result<String, Error> {
        let sent =
            self.transport.send(Repeat::Safe, MAX_RESPONSE_BYTES, || self.client.health_request()).await?;
        sent.read(|answer| self.client.read_health(answer))
    }

    async fn with_token(
        &self,
        repeat: Repeat,
        build: impl Fn(&AccessToken) -> Result<Request, Error>,
    ) -> Result<Sent, Error> {
        self.with_token_and_limit(repeat, MAX_RESPONSE_BYTES, build).await
    }

    /// Runs a request with the access token. One that the server no longer takes is replaced once: a request
    /// answered with 401 did nothing.
    async fn with_token_and_limit(
        &self,
        repeat: Repeat,
        limit: usize,
        build: impl Fn(&AccessToken) -> Result<Request, Error>,
    ) -> Result<Sent, Error> {
        let token = self.token().await?;
        let sent = self.transport.send(repeat, limit, || build(&token)).await?;
        if sent.response.status != 401 {
            return Ok(sent);
        }
        self.token.lock().await.discard(&token);
        let token = self.token().await?;
        self.transport.send(repeat, limit, || build(&token)).await
    }

    async fn token(&self) -> Result<AccessToken, Error> {
        let mut cache = self.token.lock().await;
        let asked_at_ms = self.now_ms();
        if let Some(token) = cache.usable(asked_at_ms) {
            return Ok(token.clone());
        }
        // A fresh assertion for each try: its jti may be used once.
        let build = || self.client.token_request(unix_s(), Uuid::new_v4());
        let sent = self.transport.send(Repeat::Safe, MAX_RESPONSE_BYTES, build).await?;
        let token = sent.read(|answer| self.client.read_token(answer))?;
        cache.store(token.clone(), asked_at_ms);
        Ok(token)
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}
