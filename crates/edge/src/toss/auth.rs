//! User authentication: the sibling of the signature. The user confirms who they are, and signs no document of the
//! service's.
//!
//! In: who is asked, and where the app goes back to. Out: requests, and what their answers say. Rule: as with a
//! signature, only [`Client::read_auth_result`] and then [`AuthResult::verify`] tell that somebody confirmed; two reads
//! within 60 minutes, one session for each request.

use super::client::{Client, Requested, ResultSession, TxId, app_links, invalid, read, time};
use super::reads::ReadPermit;
use super::request::{Person, check_callback};
use super::result::{COMPLETED, PersonalData};
use super::session::{SESSION_RANDOM_BYTES, Session};
use super::signed_doc::{self, Expected, Failure, Trust, Verified};
use super::time::Timestamp;
use super::token::AccessToken;
use super::wire::{AuthRequestBody, AuthResultSuccess, RequestSuccess, ResultBody, StatusBody};
use crate::error::{Error, ErrorKind};
use crate::http::{Request, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use std::fmt;

/// Which of the two authentications. They differ in what they are for, and in their paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuthKind {
    /// Identity confirmation: who somebody is, with CI and DI.
    Identity,
    /// Simple authentication: that it is somebody who is known already.
    Simple,
}

impl AuthKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Identity, Self::Simple];

    /// Path that starts an authentication.
    pub const fn request_path(self) -> &'static str {
        match self {
            Self::Identity => "/api/v2/sign/user/auth/id/request",
            Self::Simple => "/api/v2/sign/user/auth/request",
        }
    }

    /// Path of the status, which proves nothing.
    pub const fn status_path(self) -> &'static str {
        match self {
            Self::Identity => "/api/v2/sign/user/auth/id/status",
            Self::Simple => "/api/v2/sign/user/auth/status",
        }
    }

    /// Path of the result.
    pub const fn result_path(self) -> &'static str {
        match self {
            Self::Identity => "/api/v2/sign/user/auth/id/result",
            Self::Simple => "/api/v2/sign/user/auth/result",
        }
    }
}

/// Who is asked.
#[derive(Clone, PartialEq, Eq)]
pub enum AuthWho {
    /// USER_PERSONAL by PUSH: Toss pushes to the app of this person.
    Push(Person),
    /// USER_PERSONAL by APP_SCHEME: the caller opens one of the links.
    AppScheme(Person),
    /// USER_NONE, "one touch": whoever opens the app, without personal data.
    OneTouch,
}

impl fmt::Debug for AuthWho {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Push(_) => "Push",
            Self::AppScheme(_) => "AppScheme",
            Self::OneTouch => "OneTouch",
        })
    }
}

/// An authentication to ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthRequest {
    /// Which of the two.
    pub kind: AuthKind,
    /// Who is asked.
    pub who: AuthWho,
    /// Where the Toss app goes back to; needed unless Toss pushes.
    pub request_url: Option<String>,
}

impl AuthRequest {
    /// Whether the contract allows this request. Fails with [`ErrorKind::RequestInvalid`].
    pub fn check(&self) -> Result<(), Error> {
        let refused = |why: &str| Err(Error::new(ErrorKind::RequestInvalid, why));
        if let AuthWho::Push(person) | AuthWho::AppScheme(person) = &self.who
            && matches!(person, Person::Ci(_))
        {
            return refused("an authentication asks by name, telephone number and birthday");
        }
        match (&self.request_url, &self.who) {
            (Some(url), _) => check_callback(url),
            (None, AuthWho::Push(_)) => Ok(()),
            (None, _) => refused("requestUrl is missing: the app has nowhere to go back to"),
        }
    }

    fn body(&self, random: &[u8; SESSION_RANDOM_BYTES], client: &Client) -> Result<AuthRequestBody, Error> {
        self.check()?;
        let body = AuthRequestBody { request_url: self.request_url.clone(), ..AuthRequestBody::default() };
        let (person, trigger) = match &self.who {
            AuthWho::OneTouch => return Ok(AuthRequestBody { request_type: "USER_NONE".to_owned(), ..body }),
            AuthWho::Push(person) => (person, "PUSH"),
            AuthWho::AppScheme(person) => (person, "APP_SCHEME"),
        };
        let Person::Personal { name, phone, birthday } = person else {
            return Err(Error::new(ErrorKind::RequestInvalid, "an authentication does not ask by CI"));
        };
        let (session, session_key) = Session::make(random, client.public_key())?;
        Ok(AuthRequestBody {
            request_type: "USER_PERSONAL".to_owned(),
            trigger_type: Some(trigger.to_owned()),
            user_name: Some(session.seal(name)?),
            user_phone: Some(session.seal(phone)?),
            user_birthday: Some(session.seal(birthday)?),
            session_key: Some(session_key),
            ..body
        })
    }
}

/// A completed authentication. It proves something once [`Self::verify`] has passed. `Debug` shows no content.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthResult {
    /// Transaction.
    pub tx_id: TxId,
    /// The signature, DER. Toss obliges its customers to store it with the transaction id.
    pub signature: Vec<u8>,
    /// When the user finished.
    pub completed_at: Timestamp,
    /// When it was requested.
    pub requested_at: Timestamp,
    /// Who confirmed, with the age group.
    pub personal: PersonalData,
}

impl fmt::Debug for AuthResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthResult")
            .field("tx_id", &self.tx_id)
            .field("completed_at", &self.completed_at)
            .finish_non_exhaustive()
    }
}

/// What Toss has the user sign: of its members only the transaction is looked at.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SignedStatement {
    tx_id: String,
}

impl AuthResult {
    fn open(body: AuthResultSuccess, session: &ResultSession) -> Result<Self, Error> {
        if body.tx_id != session.tx_id.as_str() {
            return Err(invalid("a result of another transaction"));
        }
        if body.status != COMPLETED {
            return Err(invalid("a result that is not completed"));
        }
        Ok(Self {
            tx_id: session.tx_id.clone(),
            signature: STANDARD.decode(&body.signature).map_err(|_| invalid("signature is not base64"))?,
            completed_at: time(&body.completed_dt)?,
            requested_at: time(&body.requested_dt)?,
            personal: PersonalData::open(&body.personal_data.unwrap_or_default(), &session.session)?,
        })
    }

    /// Verifies the signature at `now_s` (seconds since 1970), and that it is over a statement of this transaction. Fails
    /// with the first step that does not hold.
    pub fn verify(&self, trust: &Trust, now_s: u64) -> Result<Verified, Failure> {
        let content = signed_doc::content(&self.signature)?.ok_or(Failure::ContentPresence)?;
        let verified = signed_doc::verify(&self.signature, Expected::Content(&content), trust, now_s)?;
        match serde_json::from_slice::<SignedStatement>(&content) {
            Ok(statement) if statement.tx_id == self.tx_id.as_str() => Ok(verified),
            _ => Err(Failure::ContentOther),
        }
    }
}

impl Client {
    /// The request for an authentication, encrypted with a session of its own that is made of `random` and dropped.
    pub fn auth_request(
        &self,
        token: &AccessToken,
        auth: &AuthRequest,
        random: &[u8; SESSION_RANDOM_BYTES],
    ) -> Result<Request, Error> {
        self.json_request(auth.kind.request_path(), token, &auth.body(random, self)?)
    }

    /// The answer to [`Self::auth_request`]. Links come with APP_SCHEME; an app inside of Toss needs none.
    pub fn read_auth_requested(&self, response: &Response) -> Result<Requested, Error> {
        let body: RequestSuccess = read(response)?;
        let (tx_id, requested_at) = (TxId::parse(&body.tx_id), time(&body.requested_dt)?);
        let links = app_links(body)?;
        if links.as_ref().is_some_and(|links| !self.opens_the_app(links)) {
            return Err(invalid("a link that does not open the Toss app"));
        }
        Ok(Requested { tx_id: tx_id.ok_or_else(|| invalid("no transaction id"))?, links, requested_at })
    }

    /// The request for the status of an authentication; its answer is read with [`Self::read_status`].
    pub fn auth_status_request(
        &self,
        token: &AccessToken,
        kind: AuthKind,
        tx_id: &TxId,
    ) -> Result<Request, Error> {
        self.json_request(kind.status_path(), token, &StatusBody { tx_id: tx_id.as_str().to_owned() })
    }

    /// The request for the result of an authentication, and the session made of `random` that opens its answer.
    pub fn auth_result_request(
        &self,
        token: &AccessToken,
        kind: AuthKind,
        permit: ReadPermit,
        random: &[u8; SESSION_RANDOM_BYTES],
    ) -> Result<(Request, ResultSession), Error> {
        let (session, session_key) = Session::make(random, self.public_key())?;
        let body = ResultBody { tx_id: permit.tx_id.as_str().to_owned(), session_key };
        let request = self.json_request(kind.result_path(), token, &body)?;
        Ok((request, ResultSession { tx_id: permit.tx_id, session }))
    }

    /// The result in the answer to [`Self::auth_result_request`]; count it with [`super::ResultReads::read_auth`]. The
    /// session ends here.
    pub fn read_auth_result(&self, response: &Response, session: ResultSession) -> Result<AuthResult, Error> {
        AuthResult::open(read(response)?, &session)
    }
}

#[cfg(test)]
#[cfg(feature = "toss-issuing")]
#[path = "auth_tests.rs"]
mod tests;
