//! Toss certificates as the customer's server uses them: ask for a signature, wait, read the result, verify
//! it.
//!
//! In: client id and secret, Toss's public key, time, random bytes. Out: [`crate::http::Request`]s and what
//! their answers say. Rule: only [`Client::read_result`] and then [`SignResult::verify`] tell that somebody
//! signed. A status ([`StatusHint`]) and a return from the app do not.
//!
//! - `environment`, `public_key`, `token`, `client`: where Toss is, and its four calls.
//! - `auth`: the sibling, user authentication, with the same encryption and rules.
//! - `request`, `wire`, `codes`, `time`: what goes over the wire.
//! - `session`: the encryption of personal data, one session for each HTTP request.
//! - `reads`, `result`: the result with its two reads and 60 minutes, and the personal data in it.
//! - `signed_doc`: PKCS#7, verified step by step.
//! - `issuing`, a feature: Toss's own side, for a local stand-in.
//!
//! Contracts: Toss certificate API v2 as the vendor's page and public examples have them. Nothing was tried
//! against the live service. Our own choices, where no public text says it: a PDF's hash is SHA-256, and
//! PKCS7_NO_CONTENT_WITH_ATTR signs that hash as its digest.

mod armor;
mod auth;
mod client;
mod codes;
mod environment;
#[cfg(test)]
#[cfg(feature = "toss-issuing")]
pub(crate) mod fixture;
#[cfg(feature = "toss-issuing")]
pub mod issuing;
mod oids;
mod public_key;
mod reads;
mod request;
mod result;
mod session;
pub mod signed_doc;
mod time;
mod token;
pub mod wire;

pub use auth::{AuthKind, AuthRequest, AuthResult, AuthWho};
pub use client::{AppLinks, Client, MAX_RESPONSE_BYTES, Requested, ResultSession, StatusHint, TxId};
pub use codes::{Advice, FailCode};
pub use environment::{API_BASE, Environment, Hosts, TEST_CLIENT_ID_PREFIX, TOKEN_BASE};
pub use public_key::{MODULUS_BYTES, PRODUCTION_KEY_SHA256, TossPublicKey};
pub use reads::{MAX_READS, READ_WINDOW_S, ReadPermit, ReadRefusal, ResultReads};
pub use request::{
    BIRTHDAY_CHARS, CI_CHARS, Document, MAX_EXPIRE_S, MAX_SERVICE_NAME_CHARS, PHONE_DIGITS, Person,
    RECOMMENDED_DOCUMENT_CHARS, SignRequest, Trigger,
};
pub use result::{AgeGroup, COMPLETED, Gender, Nationality, PersonalData, SignResult, SignatureType};
pub use session::{FieldFailure, IV_BYTES, KEY_BYTES, SESSION_RANDOM_BYTES, Session, TAG_BYTES, VersionTag};
pub use time::Timestamp;
pub use token::{AccessToken, RENEW_BEFORE_S, SCOPE, TOKEN_PATH, TokenCache, TokenState};
