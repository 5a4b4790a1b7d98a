//! What both ends of a seal agree on: the page that makes it and the verifier that opens it run this same code.
//!
//! In: keys' public halves, shared secrets, pixels, as arguments. Out: headers, derived keys, digests, roots and
//! paths. Rule: no key is made here and nothing is enciphered; the browser does that with WebCrypto, the verifier with
//! RustCrypto.
//!
//! - [`jose`]: compact JWS and JWE, and the thumbprint of a key.
//! - [`kdf`]: the content key of a JWE from what ECDH agreed on.
//! - [`merkle`]: root of many frames, and the path of one.
//! - [`frames`]: the leaf of a frame, and the bytes in which opened frames travel.
//! - [`challenge`]: the actions of a challenge, from its nonce.
//! - [`configuration`]: what a page was asked to do, as one digest.

#![warn(missing_debug_implementations)]

pub mod challenge;
pub mod configuration;
pub mod frames;
pub mod jose;
pub mod kdf;
pub mod merkle;
