//! TomoIDV as the customer's server uses it.
//!
//! In: base URL, client id, secret key, time, jti. Out: [`crate::http::Request`]s and what their answers say.
//! Rule: only [`Client::read_result`] tells whether a verification succeeded. A return URL is a hint
//! ([`ReturnHint`]) and has no type in common with a result.
//!
//! Contracts: TomoIDV 1.3 and 1.4 as its public SDKs have them. Nothing was tried against the live service.

mod assertion;
mod checks;
mod client;
mod environment;
mod hidden;
mod kyc;
mod media;
mod older;
mod policy;
mod policy_key;
mod records;
mod result;
mod return_hint;
mod token_cache;
mod webhook;

pub use assertion::{ASSERTION_LIFE_S, ASSERTION_TYPE, AssertionClaims, DEFAULT_SCOPE};
pub use checks::{
    AttributeMatch, BiometricChecks, CertificateCheck, CheckOutcome, Checks, DataComparison, DataSourceCheck,
    DocumentChecks, MatchOutcome, PhoneCheck, RiskCheck, WatchlistCheck,
};
pub use client::{
    AccessToken, ApiVersion, Client, MAX_RESPONSE_BYTES, START_PATH, StartRequest, StartUrl, TOKEN_PATH,
    VERSION_HEADER,
};
pub use environment::{Credentials, Environment};
pub use kyc::{
    Address, Contact, DocumentView, Extracted, FieldProvenance, GovernmentId, Kyc, Media, NameVariant,
    Person, Process, ProcessSteps, SCHEMA_VERSION, STANDARD_FIELDS,
};
pub use media::MAX_MEDIA_BYTES;
pub use older::{
    CN_TOKEN_PATH, CnToken, KYC_GET_PATH, KycGetRequest, Launch, OlderCountry, OlderStartRequest,
    SESSION_START_PATH, SessionStartRequest, SessionStarted,
};
pub use policy::{IdType, KycPolicy, Method, OwnerAssurance, Subject, WireOwner, WirePolicy, WireSubject};
pub use policy_key::{Country, PolicyKey};
pub use records::{
    BULK_DELETE_PATH, BulkDeleteResponse, DeleteStatus, HEALTH_PATH, MAX_BULK_USERS, RESET_PATH,
    RESULT_DELETE_PATH, ResetRequest, ResetStatus,
};
pub use result::{PersonFields, RESULT_PATH, ResultRecord, ResultRequest, ResultResponse};
pub use return_hint::{ReturnHint, TokenFinding};
pub use token_cache::{RENEW_BEFORE_MS, TokenCache};
pub use webhook::{COMPLETED_EVENT, MAX_WEBHOOK_BYTES, WebhookHint};
