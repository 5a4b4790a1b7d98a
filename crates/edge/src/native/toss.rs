//! A Toss client that sends its requests.

use super::RunnerParams;
use super::transport::{MinTls, Transport, unix_s};
use crate::error::{Error, ErrorKind};
use crate::http::{Request, Response};
use crate::retry::Repeat;
use crate::toss::{
    AccessToken, AuthKind, AuthRequest, AuthResult, Client, FailCode, MAX_RESPONSE_BYTES, ReadPermit,
    Requested, ResultSession, SESSION_RANDOM_BYTES, SignRequest, SignResult, StatusHint, TokenCache,
    TokenState, TxId,
};
use rustls::crypto::ring;
use std::sync::Arc;
use tokio::sync::Mutex;
use zeroize::Zeroizing;

/// A Toss client that sends its requests. Clones share connections and the access token.
#[derive(Clone)]
pub struct TossRunner {
    client: Client,
    transport: Transport,
    // Held while a token is asked for, so that nobody asks a second time meanwhile.
    token: Arc<Mutex<TokenCache>>,
}

impl std::fmt::Debug for TossRunner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TossRunner").field("client", &self.client).finish_non_exhaustive()
    }
}

impl TossRunner {
    /// A runner of `client`. TLS 1.2 or newer, as Toss asks, by ring; redirects are not followed.
    pub fn new(client: Client, params: &RunnerParams) -> Result<Self, Error> {
        Ok(Self { client, transport: Transport::new(params, MinTls::V1_2)?, token: Arc::default() })
    }

    /// The client whose requests are sent.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Asks for a signature. Sent again only if it never left: each arrival asks the user once more.
    pub async fn sign(&self, sign: &SignRequest) -> Result<Requested, Error> {
        let build = |token: &AccessToken| self.client.sign_request(token, sign, &*session_bytes()?);
        let read = |answer: &Response| self.client.read_requested(answer, &sign.trigger);
        self.with_token(Repeat::UnsentOnly, build, read).await
    }

    /// Asks where a signature stands. A hint: only the result tells that somebody signed.
    pub async fn status(&self, tx_id: &TxId) -> Result<StatusHint, Error> {
        let build = |token: &AccessToken| self.client.status_request(token, tx_id);
        self.with_token(Repeat::Safe, build, |answer| self.client.read_status(answer, tx_id)).await
    }

    /// Reads the result; count it with [`crate::toss::ResultReads::read`]. Sent again only if it never left:
    /// Toss counts the reads.
    pub async fn result(&self, permit: ReadPermit) -> Result<SignResult, Error> {
        let build =
            |token: &AccessToken, permit, random: &Random| self.client.result_request(token, permit, random);
        self.read_once(permit, build, |answer, session| self.client.read_result(answer, session)).await
    }

    /// Asks for an authentication. Sent again only if it never left: each arrival asks the user once more.
    pub async fn authenticate(&self, auth: &AuthRequest) -> Result<Requested, Error> {
        let build = |token: &AccessToken| self.client.auth_request(token, auth, &*session_bytes()?);
        self.with_token(Repeat::UnsentOnly, build, |answer| self.client.read_auth_requested(answer)).await
    }

    /// Asks where an authentication stands. A hint: only the result tells that somebody confirmed.
    pub async fn auth_status(&self, kind: AuthKind, tx_id: &TxId) -> Result<StatusHint, Error> {
        let build = |token: &AccessToken| self.client.auth_status_request(token, kind, tx_id);
        self.with_token(Repeat::Safe, build, |answer| self.client.read_status(answer, tx_id)).await
    }

    /// Reads the result of an authentication; count it with [`crate::toss::ResultReads::read_auth`]. Sent again only
    /// if it never left.
    pub async fn auth_result(&self, kind: AuthKind, permit: ReadPermit) -> Result<AuthResult, Error> {
        let build = |token: &AccessToken, permit, random: &Random| {
            self.client.auth_result_request(token, kind, permit, random)
        };
        self.read_once(permit, build, |answer, session| self.client.read_auth_result(answer, session)).await
    }

    /// Reads a result with a token that is replaced once where Toss no longer takes it.
    async fn read_once<T>(
        &self,
        permit: ReadPermit,
        build: impl Fn(&AccessToken, ReadPermit, &Random) -> Result<(Request, ResultSession), Error>,
        read: impl Fn(&Response, ResultSession) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let once = async |token: &AccessToken, permit| {
            // One session and one request for every try: what never left may be sent as it was.
            let (request, session) = build(token, permit, &*session_bytes()?)?;
            let sent =
                self.transport.send(Repeat::UnsentOnly, MAX_RESPONSE_BYTES, || Ok(request.clone())).await?;
            sent.read(|answer| read(answer, session))
        };
        let token = self.token().await?;
        match once(&token, permit.again()).await {
            Err(error) if is_of_token(&error) => {
                self.token.lock().await.forget(&token);
                let token = self.token().await?;
                once(&token, permit).await
            }
            outcome => outcome,
        }
    }

    /// Runs a request with the access token. One that Toss no longer takes is replaced once: a request
    /// refused for its token did nothing.
    async fn with_token<T>(
        &self,
        repeat: Repeat,
        build: impl Fn(&AccessToken) -> Result<Request, Error>,
        read: impl Fn(&Response) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let token = self.token().await?;
        let sent = self.transport.send(repeat, MAX_RESPONSE_BYTES, || build(&token)).await?;
        match sent.read(&read) {
            Err(error) if is_of_token(&error) => {
                self.token.lock().await.forget(&token);
                let token = self.token().await?;
                self.transport.send(repeat, MAX_RESPONSE_BYTES, || build(&token)).await?.read(&read)
            }
            outcome => outcome,
        }
    }

    /// The token held, or a new one; where the held one is near its end and no new one comes, the held one.
    async fn token(&self) -> Result<AccessToken, Error> {
        let mut cache = self.token.lock().await;
        let asked_at_s = unix_s();
        let held = match cache.state(asked_at_s) {
            TokenState::Fresh(token) => return Ok(token.clone()),
            TokenState::Renew(token) => Some(token.clone()),
            TokenState::Missing => None,
        };
        let build = || self.client.token_request();
        let outcome = self.transport.send(Repeat::Safe, MAX_RESPONSE_BYTES, build).await;
        match outcome.and_then(|sent| sent.read(|answer| self.client.read_token(answer, asked_at_s))) {
            Ok(token) => {
                cache.store(token.clone());
                Ok(token)
            }
            Err(error) => held.ok_or(error),
        }
    }
}

/// Random bytes of a session.
type Random = [u8; SESSION_RANDOM_BYTES];

/// Whether Toss refused the token itself.
fn is_of_token(error: &Error) -> bool {
    FailCode::of(error) == Some(FailCode::TokenInvalid)
}

/// Fresh random bytes of one session.
fn session_bytes() -> Result<Zeroizing<Random>, Error> {
    let mut bytes = Zeroizing::new([0; SESSION_RANDOM_BYTES]);
    ring::default_provider()
        .secure_random
        .fill(&mut bytes[..])
        .map_err(|_| Error::new(ErrorKind::RequestInvalid, "the system gives no random bytes"))?;
    Ok(bytes)
}
