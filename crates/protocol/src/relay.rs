//! The page's API at the relay. Paths are relative to the relay's base, `/relay/v1`.
//!
//! | method, path | request | response |
//! |---|---|---|
//! | POST `/session` | [`SessionRequest`] | [`SessionResponse`] |
//! | GET `/plan` | - | [`crate::Plan`] |
//! | POST `/consent` | [`crate::ConsentRecord`] | 204 |
//! | POST `/device-key` | compact JWS over [`crate::seal::DeviceKeyClaims`] | 204 |
//! | PUT `/captures/{attempt}/{kind}` | compact JWE of JPEG bytes, header `x-idv-sha256` | [`CaptureAck`] |
//! | POST `/person` | [`crate::PersonForm`] | [`crate::EntryReply`] |
//! | POST `/otp/send` | - | [`crate::EntryReply`] |
//! | POST `/otp/verify` | [`OtpRequest`] | [`crate::EntryReply`] |
//! | POST `/secret` | [`SecretRequest`] | [`crate::EntryReply`] |
//! | POST `/signature/start` | [`SignatureRequest`] | [`crate::EntryReply`] |
//! | POST `/signature/check` | - | [`crate::EntryReply`] |
//! | POST `/complete` | compact JWS over [`crate::Evidence`] | [`crate::Receipt`] |
//! | POST `/frames/{attempt}` | compact JWE of the frames asked for, header `x-idv-sha256` | [`crate::Receipt`] |
//! | POST `/cancel` | [`CancelRequest`] | [`crate::Receipt`] |
//!
//! All but the first need `authorization: Bearer` with the session token. Every failure is a
//! [`crate::Problem`] as `application/problem+json`. Sending a capture, a completion or a cancellation again
//! is harmless: the same digest or attempt gets the same answer. Another capture of a kind takes the place of
//! the one before it, until the attempt is completed.
//!
//! The steps without pictures (all but `/signature/check`, which only asks) need the header [`KEY_HEADER`]: the same
//! key gets the same answer and has no second effect, whatever the body.

use crate::capture::CaptureKind;
use crate::entry::SignatureTrigger;
use crate::receipt::Reason;
use serde::{Deserialize, Serialize};

/// Header that carries the SHA-256 of a sealed body as it is sent, lower-case hex.
pub const DIGEST_HEADER: &str = "x-idv-sha256";

/// Header that names one press of a button (draft-ietf-httpapi-idempotency-key-header): however often a request with
/// it arrives, it counts once.
pub const KEY_HEADER: &str = "idempotency-key";

/// Longest idempotency key, in characters. The page's have 32.
pub const MAX_KEY_CHARS: usize = 64;

/// Largest capture the relay takes, in bytes. 2 MB is the limit of the strictest vendor (Argos idImage, faceImage).
pub const MAX_CAPTURE_BYTES: usize = 2 * 1024 * 1024;

/// Largest body of a sealed capture, in bytes: [`MAX_CAPTURE_BYTES`] as base64url, and its header.
pub const MAX_SEALED_CAPTURE_BYTES: usize = MAX_CAPTURE_BYTES / 3 * 4 + 4096;

/// Largest body of a device key's registration, in bytes: header with key, three short claims, signature.
pub const MAX_DEVICE_KEY_BYTES: usize = 4096;

/// Largest body of signed evidence, in bytes: [`MAX_JSON_BYTES`] as base64url, header and signature.
pub const MAX_SIGNED_BYTES: usize = MAX_JSON_BYTES / 3 * 4 + 4096;

/// Largest JSON body the relay takes, in bytes: an evidence with some hundred pose samples is below 64 KiB.
pub const MAX_JSON_BYTES: usize = 256 * 1024;

/// Length of a page key in bytes: as many as SHA-256 gives, so that guessing it is not the shorter way.
pub const PAGE_KEY_BYTES: usize = 32;

/// Exchanges the one-time token of the start URL. Dead after the first use, but for the page that used it: where
/// the answer was lost, the same token with the same key is answered again for a short time.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionRequest {
    /// The `token` of the start URL.
    pub token: String,
    /// [`PAGE_KEY_BYTES`] random bytes of the page, base64url without padding.
    pub page_key: String,
}

impl std::fmt::Debug for SessionRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionRequest").finish_non_exhaustive()
    }
}

/// A session of the page.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionResponse {
    /// Session id; opaque.
    pub session_id: String,
    /// Bearer token of this session.
    pub session_token: String,
    /// When the token ends, in ms since 1970.
    pub expires_at_ms: u64,
}

impl std::fmt::Debug for SessionResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionResponse").field("session_id", &self.session_id).finish_non_exhaustive()
    }
}

/// A capture was taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaptureAck {
    /// What it shows.
    pub kind: CaptureKind,
    /// SHA-256 the relay computed over the opened bytes, lower-case hex.
    pub sha256: String,
    /// True when the relay already held it.
    pub already_held: bool,
}

/// The code that was sent, as it was typed. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OtpRequest {
    /// Digits.
    pub code: String,
}

/// The secret that is printed on the document. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SecretRequest {
    /// Digits.
    pub secret: String,
}

impl std::fmt::Debug for OtpRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OtpRequest").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for SecretRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecretRequest").finish_non_exhaustive()
    }
}

/// Asks for a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignatureRequest {
    /// The way to the app.
    pub trigger: SignatureTrigger,
}

/// Ends the session without a submission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CancelRequest {
    /// Why.
    pub reason: Reason,
}
