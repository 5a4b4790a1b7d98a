//! What is done to a person's records: reset, delete, delete many; and the health of the service.

use super::client::{AccessToken, Client, read};
use super::policy::KycPolicy;
use super::policy_key::Country;
use crate::error::{Error, ErrorKind};
use crate::http::{Request, Response};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Path that resets a verification.
pub const RESET_PATH: &str = "/v1/idv/reset";
/// Path that deletes a person's results.
pub const RESULT_DELETE_PATH: &str = "/v1/idv/result/delete";
/// Path that deletes the results of several.
pub const BULK_DELETE_PATH: &str = "/v1/idv/result/bulk-delete";
/// Path of the health.
pub const HEALTH_PATH: &str = "/v1/idv/health";
/// Most people of one bulk deletion. No page states one; this limit is ours.
pub const MAX_BULK_USERS: usize = 1000;
/// Longest user id, in characters. A ppid has 101, and older ones some hundreds; this limit is ours.
const MAX_USER_ID_CHARS: usize = 1024;
/// Longest health text kept, in characters.
const MAX_HEALTH_CHARS: usize = 200;

/// Makes a verification of a user start anew. Everything is required.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResetRequest {
    /// The customer's user id, or the ppid.
    pub user_id: String,
    /// Country.
    pub country: Country,
    /// The policy to reset.
    pub kyc_policy: KycPolicy,
}

impl fmt::Debug for ResetRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResetRequest")
            .field("country", &self.country)
            .field("kyc_policy", &self.kyc_policy)
            .finish_non_exhaustive()
    }
}

macro_rules! statuses {
    ($($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)* })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$doc])* $variant,)*
            /// A word that the public pages do not name.
            Unknown(String),
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                match word.as_str() {
                    $($word => Self::$variant,)*
                    _ => Self::Unknown(word),
                }
            }
        }
    )*};
}

statuses! {
    /// What a reset came to.
    ResetStatus {
        /// It starts anew.
        Reset = "reset",
        /// It stays as it was.
        NotResettable = "not_resettable",
    }
    /// What a deletion came to.
    DeleteStatus {
        /// Gone.
        Deleted = "deleted",
        /// Not there, or kept.
        NotDeletable = "not_deletable",
    }
}

#[derive(Deserialize)]
struct StatusResponse {
    status: String,
}

#[derive(Serialize)]
struct UserBody<'a> {
    user_id: &'a str,
}

#[derive(Serialize)]
struct UsersBody<'a> {
    user_ids: &'a [String],
}

/// What a bulk deletion answers. The form of its elements is not public, so they are kept as they came;
/// `Debug` shows their number.
#[derive(Clone, PartialEq, Deserialize)]
pub struct BulkDeleteResponse {
    /// One element or more for the people asked for.
    pub results: Vec<serde_json::Value>,
}

impl fmt::Debug for BulkDeleteResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BulkDeleteResponse").field("results", &self.results.len()).finish_non_exhaustive()
    }
}

pub(super) fn check_user_id(user_id: &str) -> Result<(), Error> {
    if user_id.is_empty() || user_id.chars().count() > MAX_USER_ID_CHARS {
        return Err(Error::new(ErrorKind::RequestInvalid, "a user id is empty or over 1024 characters"));
    }
    Ok(())
}

impl Client {
    /// The request that resets a verification. Fails with [`ErrorKind::RequestInvalid`] on an empty user id.
    pub fn reset_request(&self, token: &AccessToken, reset: &ResetRequest) -> Result<Request, Error> {
        check_user_id(&reset.user_id)?;
        self.json_request(RESET_PATH, token, reset)
    }

    /// The answer to [`Self::reset_request`].
    pub fn read_reset(&self, response: &Response) -> Result<ResetStatus, Error> {
        read::<StatusResponse>(response).map(|answer| answer.status.into())
    }

    /// The request that deletes the results of a user. Fails with [`ErrorKind::RequestInvalid`] on an empty
    /// user id.
    pub fn delete_request(&self, token: &AccessToken, user_id: &str) -> Result<Request, Error> {
        check_user_id(user_id)?;
        self.json_request(RESULT_DELETE_PATH, token, &UserBody { user_id })
    }

    /// The answer to [`Self::delete_request`].
    pub fn read_delete(&self, response: &Response) -> Result<DeleteStatus, Error> {
        read::<StatusResponse>(response).map(|answer| answer.status.into())
    }

    /// The request that deletes the results of several users. Fails with [`ErrorKind::RequestInvalid`] on
    /// none, on more than 1000, and on an empty user id.
    pub fn bulk_delete_request(&self, token: &AccessToken, user_ids: &[String]) -> Result<Request, Error> {
        if !(1..=MAX_BULK_USERS).contains(&user_ids.len()) {
            return Err(Error::new(ErrorKind::RequestInvalid, "a bulk deletion takes 1 to 1000 user ids"));
        }
        user_ids.iter().try_for_each(|user_id| check_user_id(user_id))?;
        self.json_request(BULK_DELETE_PATH, token, &UsersBody { user_ids })
    }

    /// The answer to [`Self::bulk_delete_request`].
    pub fn read_bulk_delete(&self, response: &Response) -> Result<BulkDeleteResponse, Error> {
        read(response)
    }

    /// The request for the health of the service. It carries no token.
    pub fn health_request(&self) -> Result<Request, Error> {
        self.bare_get(HEALTH_PATH)
    }

    /// The text in the answer to [`Self::health_request`]: a JSON string, or the text itself. What it says is
    /// not public; that it came with 200 is the news.
    pub fn read_health(&self, response: &Response) -> Result<String, Error> {
        let text = match read::<String>(response) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::ResponseInvalid => {
                std::str::from_utf8(&response.body).map_err(|_| error)?.to_owned()
            }
            Err(error) => return Err(error),
        };
        Ok(text.chars().filter(|c| !c.is_control()).take(MAX_HEALTH_CHARS).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Method;
    use crate::keys::SigningKey;
    use crate::tomo::PolicyKey;
    use proptest::prelude::*;

    fn client() -> Client {
        let key = SigningKey::from_random(&[3; 32]).expect("key");
        Client::new("https://sandbox.example", "client-1", key).expect("client")
    }

    fn answer(status: u16, body: &str) -> Response {
        Response { status, body: body.as_bytes().to_vec() }
    }

    fn token() -> AccessToken {
        client()
            .read_token(&answer(200, r#"{"access_token":"t0","token_type":"Bearer","expires_in":600}"#))
            .expect("token")
    }

    fn json(request: &Request) -> serde_json::Value {
        serde_json::from_slice(&request.body).expect("json")
    }

    #[test]
    fn a_reset_names_user_country_and_policy_and_its_answer_keeps_unknown_words() {
        let key: PolicyKey =
            "jp:document:passport:document_ocr_check:no_owner_assurance".parse().expect("key");
        let kyc_policy = key.policy.expect("policy");
        let reset = ResetRequest { user_id: "u1".into(), country: key.country, kyc_policy };
        let request = client().reset_request(&token(), &reset).expect("request");
        assert_eq!((request.method, request.url.path()), (Method::Post, RESET_PATH));
        let body = json(&request);
        let names: Vec<&String> = body.as_object().expect("object").keys().collect();
        assert_eq!(names, ["country", "kyc_policy", "user_id"]);
        for (word, status) in [
            ("reset", ResetStatus::Reset),
            ("not_resettable", ResetStatus::NotResettable),
            ("later", ResetStatus::Unknown("later".into())),
        ] {
            let body = format!(r#"{{"status":"{word}"}}"#);
            assert_eq!(client().read_reset(&answer(200, &body)).expect("reads"), status);
        }
        assert!(!format!("{reset:?}").contains("u1"));
        let nobody = ResetRequest { user_id: String::new(), ..reset };
        assert_eq!(
            client().reset_request(&token(), &nobody).expect_err("empty").kind(),
            ErrorKind::RequestInvalid
        );
    }

    #[test]
    fn a_deletion_names_the_user_and_says_whether_anything_went() {
        let request = client().delete_request(&token(), "u1").expect("request");
        assert_eq!(request.url.path(), RESULT_DELETE_PATH);
        assert_eq!(json(&request), serde_json::json!({ "user_id": "u1" }));
        assert!(request.headers.contains(&("authorization", "Bearer t0".into())));
        let read = |body| client().read_delete(&answer(200, body));
        assert_eq!(read(r#"{"status":"deleted"}"#).expect("reads"), DeleteStatus::Deleted);
        assert_eq!(read(r#"{"status":"not_deletable"}"#).expect("reads"), DeleteStatus::NotDeletable);
        assert_eq!(read("{}").expect_err("no status").kind(), ErrorKind::ResponseInvalid);
        assert!(client().delete_request(&token(), "").is_err());
        assert!(client().delete_request(&token(), &"u".repeat(MAX_USER_ID_CHARS + 1)).is_err());
    }

    #[test]
    fn a_bulk_deletion_takes_one_to_a_thousand_users() {
        let users = |count: usize| vec!["u1".to_owned(); count];
        let request = client().bulk_delete_request(&token(), &users(2)).expect("request");
        assert_eq!(request.url.path(), BULK_DELETE_PATH);
        assert_eq!(json(&request), serde_json::json!({ "user_ids": ["u1", "u1"] }));
        assert!(client().bulk_delete_request(&token(), &users(MAX_BULK_USERS)).is_ok());
        for bad in [users(0), users(MAX_BULK_USERS + 1), vec![String::new()]] {
            let error = client().bulk_delete_request(&token(), &bad).expect_err("refused");
            assert_eq!(error.kind(), ErrorKind::RequestInvalid);
        }
        let read =
            client().read_bulk_delete(&answer(200, r#"{"results":[{"user_id":"u1"}]}"#)).expect("reads");
        assert_eq!(read.results.len(), 1);
        assert!(!format!("{read:?}").contains("u1"));
        assert!(client().read_bulk_delete(&answer(200, "{}")).is_err());
    }

    #[test]
    fn health_needs_no_token_and_reads_as_json_or_text() {
        let request = client().health_request().expect("request");
        assert_eq!((request.method, request.url.path()), (Method::Get, HEALTH_PATH));
        assert!(!request.headers.iter().any(|(name, _)| *name == "authorization"));
        assert!(request.body.is_empty());
        assert_eq!(client().read_health(&answer(200, r#""ok""#)).expect("reads"), "ok");
        assert_eq!(client().read_health(&answer(200, "ok")).expect("reads"), "ok");
        assert_eq!(client().read_health(&answer(503, "ok")).expect_err("down").status(), Some(503));
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_answer_or_a_typed_error(body in proptest::collection::vec(any::<u8>(), 0..100)) {
            let response = Response { status: 200, body };
            for error in [
                client().read_reset(&response).err(),
                client().read_delete(&response).err(),
                client().read_bulk_delete(&response).err(),
                client().read_health(&response).err(),
            ].into_iter().flatten() {
                prop_assert_eq!(error.kind(), ErrorKind::ResponseInvalid);
            }
        }
    }
}
