//! The requests of the customer's server to Toss, and what their answers say.

use super::environment::{Environment, Hosts};
use super::public_key::TossPublicKey;
use super::reads::ReadPermit;
use super::request::{SignRequest, Trigger};
use super::result::SignResult;
use super::session::{SESSION_RANDOM_BYTES, Session};
use super::time::Timestamp;
use super::token::{AccessToken, TokenAnswer, token_request};
use super::wire::{
    Envelope, FAIL, REQUEST_PATH, RESULT_PATH, RequestSuccess, ResultBody, ResultSuccess, STATUS_PATH,
    SUCCESS, StatusBody, StatusSuccess,
};
use crate::error::{Error, ErrorKind};
use crate::http::{Method, Request, Response, trusted_url};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::Zeroizing;

/// Largest answer read, in bytes. A result is some kilobytes and the document.
pub const MAX_RESPONSE_BYTES: usize = 1024 * 1024;
/// Longest transaction id, in characters: a UUID has 36.
const MAX_TX_ID_CHARS: usize = 64;
/// Longest error code kept, in characters.
const MAX_CODE_CHARS: usize = 32;
/// Longest error text kept, in characters.
const MAX_REASON_CHARS: usize = 300;

/// A transaction at Toss. It belongs to the server: neither the page nor a link needs it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TxId(String);

impl TxId {
    /// Reads an id: 1 to 64 letters, digits and hyphens.
    pub fn parse(text: &str) -> Option<Self> {
        let good = (1..=MAX_TX_ID_CHARS).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        good.then(|| Self(text.to_owned()))
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for TxId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a transaction id")
    }
}

impl From<TxId> for String {
    fn from(id: TxId) -> Self {
        id.0
    }
}

/// The links that open the Toss app, to be opened unchanged. They hold the transaction id: `Debug` shows
/// none.
#[derive(Clone, PartialEq, Eq)]
pub struct AppLinks {
    /// By the app's scheme, on both systems.
    pub app_scheme: String,
    /// As a Chrome intent, on Android.
    pub android_app_uri: String,
    /// As a universal link, on iOS.
    pub ios_app_uri: String,
}

impl fmt::Debug for AppLinks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppLinks").finish_non_exhaustive()
    }
}

/// A signature that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requested {
    /// Transaction; store it.
    pub tx_id: TxId,
    /// The links, for [`Trigger::AppScheme`] only.
    pub links: Option<AppLinks>,
    /// When it was requested, by Toss's clock.
    pub requested_at: Timestamp,
}

/// Where a signature stands. A hint for waiting: only the result proves that somebody signed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StatusHint {
    /// REQUESTED.
    Requested,
    /// IN_PROGRESS.
    InProgress,
    /// COMPLETED: ask for the result.
    Completed,
    /// EXPIRED: start again.
    Expired,
    /// A status that this crate does not know.
    Other(String),
}

/// The session of a request for a result. Its answer, and no other, is read with it.
#[derive(Debug)]
pub struct ResultSession {
    pub(super) tx_id: TxId,
    pub(super) session: Session,
}

/// A customer's server as a client of Toss: makes requests, reads answers, sends nothing. `Debug` shows no
/// secret.
#[derive(Clone)]
pub struct Client {
    environment: Environment,
    hosts: Hosts,
    client_id: String,
    client_secret: Zeroizing<String>,
    public_key: TossPublicKey,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("environment", &self.environment)
            .field("hosts", &self.hosts)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// A client of Toss's own hosts. Fails with [`ErrorKind::RequestInvalid`] on a client id of the other
    /// environment, and with [`ErrorKind::KeyInvalid`] on another public key than Toss's in production.
    pub fn new(
        environment: Environment,
        client_id: impl Into<String>,
        client_secret: Zeroizing<String>,
        public_key: TossPublicKey,
    ) -> Result<Self, Error> {
        let client_id = client_id.into();
        environment.check_client_id(&client_id)?;
        if environment == Environment::Production && !public_key.is_of_production() {
            return Err(Error::new(ErrorKind::KeyInvalid, "not the public key that Toss publishes"));
        }
        Ok(Self { environment, hosts: Hosts::vendor()?, client_id, client_secret, public_key })
    }

    /// The same client at `hosts`, a stand-in. Fails with [`ErrorKind::UrlInvalid`] in production.
    pub fn at(mut self, hosts: Hosts) -> Result<Self, Error> {
        if self.environment == Environment::Production {
            return Err(Error::new(ErrorKind::UrlInvalid, "production is at Toss's own hosts only"));
        }
        self.hosts = hosts;
        Ok(self)
    }

    /// The token request. Send it only when [`super::TokenCache::state`] asks for it.
    pub fn token_request(&self) -> Result<Request, Error> {
        token_request(&self.hosts, &self.client_id, &self.client_secret)
    }

    /// The access token in the answer to [`Self::token_request`], which was sent at `asked_at_s`.
    pub fn read_token(&self, response: &Response, asked_at_s: u64) -> Result<AccessToken, Error> {
        check_size(response)?;
        if response.status != 200 {
            return Err(refused_token(response));
        }
        let answer: TokenAnswer =
            serde_json::from_slice(&response.body).map_err(|_| not_of_the_contract())?;
        answer.into_token(asked_at_s)
    }

    /// The request for a signature, encrypted with a session of its own that is made of `random` and dropped:
    /// its answer holds nothing encrypted.
    pub fn sign_request(
        &self,
        token: &AccessToken,
        sign: &SignRequest,
        random: &[u8; SESSION_RANDOM_BYTES],
    ) -> Result<Request, Error> {
        sign.check()?;
        let (session, session_key) = Session::make(random, &self.public_key)?;
        self.json_request(REQUEST_PATH, token, &sign.body(&session, session_key)?)
    }

    /// The answer to [`Self::sign_request`] with `trigger`.
    pub fn read_requested(&self, response: &Response, trigger: &Trigger) -> Result<Requested, Error> {
        let body: RequestSuccess = read(response)?;
        let (tx_id, requested_at) = (tx_id(&body.tx_id)?, time(&body.requested_dt)?);
        let links = app_links(body)?;
        if links.is_some() != matches!(trigger, Trigger::AppScheme { .. }) {
            return Err(invalid("links to the app without APP_SCHEME, or none with it"));
        }
        if links.as_ref().is_some_and(|links| !self.opens_the_app(links)) {
            return Err(invalid("a link that does not open the Toss app"));
        }
        Ok(Requested { tx_id, links, requested_at })
    }

    /// The request for the status.
    pub fn status_request(&self, token: &AccessToken, tx_id: &TxId) -> Result<Request, Error> {
        self.json_request(STATUS_PATH, token, &StatusBody { tx_id: tx_id.0.clone() })
    }

    /// The answer to [`Self::status_request`] for `tx_id`.
    pub fn read_status(&self, response: &Response, tx_id: &TxId) -> Result<StatusHint, Error> {
        let body: StatusSuccess = read(response)?;
        if body.tx_id != tx_id.0 {
            return Err(invalid("the status of another transaction"));
        }
        Ok(match body.status.as_str() {
            "REQUESTED" => StatusHint::Requested,
            "IN_PROGRESS" => StatusHint::InProgress,
            "COMPLETED" => StatusHint::Completed,
            "EXPIRED" => StatusHint::Expired,
            _ => StatusHint::Other(body.status),
        })
    }

    /// The request for the result of the permit's transaction, and the session made of `random` that opens
    /// its answer: another one than that of the request for the signature, and another one for the second
    /// read.
    pub fn result_request(
        &self,
        token: &AccessToken,
        permit: ReadPermit,
        random: &[u8; SESSION_RANDOM_BYTES],
    ) -> Result<(Request, ResultSession), Error> {
        let (session, session_key) = Session::make(random, &self.public_key)?;
        let body = ResultBody { tx_id: permit.tx_id.0.clone(), session_key };
        let request = self.json_request(RESULT_PATH, token, &body)?;
        Ok((request, ResultSession { tx_id: permit.tx_id, session }))
    }

    /// The result in the answer to [`Self::result_request`]; count it with [`super::ResultReads::read`]. The
    /// session ends here.
    pub fn read_result(&self, response: &Response, session: ResultSession) -> Result<SignResult, Error> {
        let body: ResultSuccess = read(response)?;
        SignResult::open(body, &session.tx_id, &session.session)
    }

    /// Toss's public key.
    pub(super) fn public_key(&self) -> &TossPublicKey {
        &self.public_key
    }

    pub(super) fn json_request(
        &self,
        path: &str,
        token: &AccessToken,
        body: &impl Serialize,
    ) -> Result<Request, Error> {
        let body = serde_json::to_vec(body)
            .map_err(|_| Error::new(ErrorKind::RequestInvalid, "the request body cannot be written"))?;
        let headers = vec![
            ("content-type", "application/json".to_owned()),
            ("accept", "application/json".to_owned()),
            ("authorization", token.bearer()),
        ];
        Ok(Request { method: Method::Post, url: self.hosts.api_url(path)?, headers, body })
    }

    /// Toss's links have these beginnings; a stand-in may have web pages in their place.
    pub(super) fn opens_the_app(&self, links: &AppLinks) -> bool {
        let stand_in = |link: &str| self.environment == Environment::Sandbox && trusted_url(link).is_ok();
        [
            ("supertoss://", &links.app_scheme),
            ("intent://", &links.android_app_uri),
            ("https://ul.toss.im?", &links.ios_app_uri),
        ]
        .into_iter()
        .all(|(beginning, link)| link.starts_with(beginning) || stand_in(link))
    }
}

/// The links of an answer. A vendor's sample has the word "null" in the place of null.
pub(super) fn app_links(body: RequestSuccess) -> Result<Option<AppLinks>, Error> {
    let link = |link: Option<String>| link.filter(|link| link != "null");
    match (link(body.app_scheme), link(body.android_app_uri), link(body.ios_app_uri)) {
        (Some(app_scheme), Some(android_app_uri), Some(ios_app_uri)) => {
            Ok(Some(AppLinks { app_scheme, android_app_uri, ios_app_uri }))
        }
        (None, None, None) => Ok(None),
        _ => Err(invalid("some links to the app are missing")),
    }
}

fn tx_id(text: &str) -> Result<TxId, Error> {
    TxId::parse(text).ok_or_else(|| invalid("no transaction id"))
}

pub(super) fn time(text: &str) -> Result<Timestamp, Error> {
    Timestamp::parse(text).ok_or_else(|| invalid("a time of another form"))
}

pub(super) fn invalid(why: &str) -> Error {
    Error::new(ErrorKind::ResponseInvalid, why)
}

fn not_of_the_contract() -> Error {
    invalid("an answer that is not of the contract")
}

fn check_size(response: &Response) -> Result<(), Error> {
    if response.body.len() > MAX_RESPONSE_BYTES {
        return Err(Error::new(ErrorKind::ResponseTooLarge, "an answer over 1 MiB"));
    }
    Ok(())
}

/// The success in an envelope. FAIL is read whatever the HTTP status: Toss sends it with 4xx and with 200.
pub(super) fn read<T: DeserializeOwned>(response: &Response) -> Result<T, Error> {
    check_size(response)?;
    let envelope: Envelope<serde_json::Value> = match serde_json::from_slice(&response.body) {
        Ok(envelope) => envelope,
        Err(_) if response.status != 200 => return Err(Error::refused(response.status, "", "")),
        Err(_) => return Err(not_of_the_contract()),
    };
    if envelope.result_type == FAIL {
        let fail = envelope.error.ok_or_else(not_of_the_contract)?;
        return Err(refused(response.status, &fail.error_code, &fail.reason));
    }
    if response.status != 200 {
        return Err(Error::refused(response.status, "", ""));
    }
    let success =
        envelope.success.filter(|_| envelope.result_type == SUCCESS).ok_or_else(not_of_the_contract)?;
    serde_json::from_value(success).map_err(|_| not_of_the_contract())
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RefusedToken {
    error: serde_json::Value,
    error_description: String,
}

/// The token endpoint's refusals have no public form: RFC 6749 and the API's envelope are both read.
fn refused_token(response: &Response) -> Error {
    let enveloped = serde_json::from_slice::<Envelope<serde_json::Value>>(&response.body);
    if let Ok(Envelope { error: Some(fail), .. }) = enveloped {
        return refused(response.status, &fail.error_code, &fail.reason);
    }
    let body: RefusedToken = serde_json::from_slice(&response.body).unwrap_or_default();
    refused(response.status, body.error.as_str().unwrap_or_default(), &body.error_description)
}

fn refused(status: u16, code: &str, reason: &str) -> Error {
    let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
    let code: String = code.chars().filter(plain).take(MAX_CODE_CHARS).collect();
    let reason: String = reason.chars().take(MAX_REASON_CHARS).collect();
    Error::refused(status, code, reason)
}

#[cfg(test)]
#[cfg(feature = "toss-issuing")]
#[path = "client_tests.rs"]
mod tests;
