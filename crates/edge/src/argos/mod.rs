//! Argos KYC (legacy v2) as the customer's server uses it.
//!
//! In: API key, checked fields and pictures, answers, the time. Out: [`crate::http::Request`]s, typed
//! answers, and what may be tried next. Rule: only [`Client::read_submission`] and the list that shares its
//! form tell how a submission ended; a webhook ([`WebhookHint`]) and a form's return ([`FormReturn`]) have no
//! type in common with that and lead to a read.
//!
//! Every code of the vendor is a type that keeps values it does not know, since the published lists are cut.
//! Limits that no public page states are this project's own and say so at their constants. Nothing was tried
//! against the live service.
//!
//! Left out: the encryption of bodies and form parameters, whose key derivation, padding and IV are not
//! public (an encrypted webhook is recognised and leads to a read), and `POST /faceauth`, which is version 3
//! only.

mod address;
mod api_key;
mod budget;
mod client;
mod codes;
mod fields;
mod files;
mod form;
mod item;
mod list;
mod multipart;
mod options;
mod picture;
mod refusal;
mod retry_code;
mod step1;
mod step2;
mod thresholds;
mod webhook;
mod words;

pub use crate::dates::{Date, timestamp_ms};
pub use address::{AddressCodes, AddressQuery, PlusCode};
pub use api_key::ApiKey;
pub use budget::{Barred, MAX_TRIES, Progress, STEP1_REPEAT_MS, STEP2_WITHIN_MS};
pub use client::{Client, Environment, MAX_FILE_BYTES, MAX_JSON_BYTES};
pub use codes::{
    CommentCode, FormErrorCode, Gender, IdType, ImageType, KycStatus, RequestType, VerificationResult,
    WebhookTrigger,
};
pub use fields::{
    ApplicantId, Country, CustomFields, Email, LicenseNumber, MAX_TEXT_CHARS, ResourceId, SubmissionId, Text,
    is_resident_number,
};
pub use files::{Deleted, FileFormat, VendorFile};
pub use form::{FORM_URL, FormLink, FormReturn};
pub use item::{AmlResult, Attempt, Kyc, PersonData, Submission, VerificationParams};
pub use list::{MAX_COUNT, PageKey, SubmissionPage, SubmissionQuery};
pub use options::CustomOptions;
pub use picture::{MAX_PICTURE_BYTES, Picture, PictureFormat};
pub use refusal::{Refusal, RefusalMessage, RefusalStatus};
pub use retry_code::{NextAction, RetryCode, RetryNote};
pub use step1::{OcrReview, Step1, Step1Answer};
pub use step2::{Address, AddressForm, IdentityFields, Step2, Step2Answer};
pub use thresholds::{FACE_SIMILARITY_MIN, LIVENESS_MIN, RetryCause};
pub use webhook::{MAX_WEBHOOK_BYTES, WebhookHint};
