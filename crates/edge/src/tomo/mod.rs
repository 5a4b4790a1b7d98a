//! TomoIDV as the customer's server uses it.
//!
//! In: base URL, client id, secret key, time, jti. Out: [`crate::http::Request`]s and what their answers say.
//! Rule: only [`Client::read_result`] tells whether a verification succeeded. A return URL is a hint
//! ([`ReturnHint`]) and has no type in common with a result.
//!
//! Contracts: TomoIDV 1.3 and 1.4 as its public SDKs have them. Nothing was tried against the live service.

mod assertion;
mod client;
mod environment;
mod policy;
mod policy_key;
mod records;
mod result;
mod return_hint;
mod token_cache;

pub use assertion::{ASSERTION_LIFE_S, ASSERTION_TYPE, AssertionClaims, DEFAULT_SCOPE};
pub use client::{
    AccessToken, ApiVersion, Client, MAX_RESPONSE_BYTES, START_PATH, StartRequest, StartUrl, TOKEN_PATH,
    VERSION_HEADER,
};
pub use environment::{Credentials, Environment};
pub use policy::{IdType, KycPolicy, Method, OwnerAssurance, Subject, WireOwner, WirePolicy, WireSubject};
pub use policy_key::{Country, PolicyKey};
pub use records::{
    BULK_DELETE_PATH, BulkDeleteResponse, DeleteStatus, HEALTH_PATH, MAX_BULK_USERS, RESET_PATH,
    RESULT_DELETE_PATH, ResetRequest, ResetStatus,
};
pub use result::{
    BiometricChecks, CheckOf, Checks, DocumentChecks, DocumentView, Kyc, Person, PersonFields, Process,
    RESULT_PATH, ResultRecord, ResultRequest, ResultResponse,
};
pub use return_hint::{ReturnHint, TokenFinding};
pub use token_cache::{RENEW_BEFORE_MS, TokenCache};
