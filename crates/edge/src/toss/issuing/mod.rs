//! Toss's own side, for a local stand-in and for tests: opens sessions, seals results, signs documents.
//!
//! In: seeds or stored keys, session keys, documents, times. Out: sessions, certificates, revocation lists,
//! signed documents, access tokens. Rule: keys made here are for tests. RSA with private keys is not free of timing
//! differences in the library used, so this side serves only this machine.

mod authority;
mod key;
mod signing;
mod token;

pub use authority::{Authority, Leaf, Subject};
pub use key::RsaKey;
pub use token::{ISSUER, TEST_TOKEN_LIFE_S};
