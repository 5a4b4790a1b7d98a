//! What the operator's side needs of tokens: client assertions checked as an authorization server does, access
//! tokens, one-time start tokens, and the token of the return URL.
//!
//! In: a token, the keys it may be signed with, the time. Out: its claims, or why it is refused. Rule: every
//! time is held against the caller's `now` here; what may be used once is remembered by the caller.

mod access;
mod assertion;
mod claims;
mod returning;
mod start;

pub use access::{ACCESS_TOKEN_LIFE_S, AccessClaims, mint_access_token, verify_access_token};
pub use assertion::{
    AssertionRefusal, CLOCK_SKEW_S, VerifiedAssertion, claimed_client_id, verify_client_assertion,
};
pub use claims::{Claims, Refusal};
pub use returning::{RETURN_TOKEN_LIFE_MS, is_redirect_allowed, return_url};
pub use start::{START_TOKEN_LIFE_MS, mint_start_token, verify_start_token};
