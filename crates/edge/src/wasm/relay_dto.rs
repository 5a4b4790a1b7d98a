//! Options, requests and findings of the relay, from JSON.

use super::relay::invalid;
use crate::error::Error;
use crate::relay::entry::{Found, SignatureHeld, SignatureSeen};
use crate::relay::{PlanParams, Verdict};
use idv_protocol::{AppLinks, ChallengeSet, ConsentTerms, Reason, Recipient, SignatureTrigger};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CoreDto {
    pub(super) origin: String,
    pub(super) terms: TermsDto,
    #[serde(default)]
    pub(super) plan: PlanDto,
    #[serde(default)]
    pub(super) test_camera: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct TermsDto {
    pub(super) version: String,
    #[serde(default)]
    pub(super) text: String,
    pub(super) recipients: Vec<Recipient>,
    pub(super) retention_days: u32,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PlanDto {
    pub(super) document_timeout_ms: Option<u32>,
    pub(super) face_timeout_ms: Option<u32>,
    pub(super) challenge_set: Option<ChallengeSet>,
    pub(super) challenge_tolerance_ms: Option<u32>,
    pub(super) challenge_max_draws: Option<u32>,
    pub(super) manual_after_ms: Option<u32>,
    pub(super) upload: Option<bool>,
    pub(super) barcode: Option<bool>,
}

/// The operator's judgement: `approved`, a `reason` (with `final` for good), or `pending`.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct VerdictDto {
    approved: bool,
    reason: Option<Reason>,
    #[serde(rename = "final")]
    for_good: bool,
    pending: bool,
}

impl VerdictDto {
    pub(super) fn verdict(self) -> Result<Verdict, Error> {
        match self {
            Self { approved: true, reason: None, for_good: false, pending: false } => Ok(Verdict::Approved),
            Self { approved: false, reason: None, for_good: false, pending: true } => Ok(Verdict::Pending),
            Self { approved: false, reason: Some(reason), for_good, pending: false } => {
                Ok(if for_good { Verdict::Rejected(reason) } else { Verdict::Failed(reason) })
            }
            _ => Err(invalid("a verdict is approved, has a reason, or is pending")),
        }
    }
}

/// A request of the page without its body.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedDto {
    pub(super) method: String,
    pub(super) path: String,
    #[serde(default)]
    pub(super) digest: Option<String>,
    #[serde(default)]
    pub(super) key: Option<String>,
}

/// What came of the work of an entry: one of the members.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct FoundDto {
    pub(super) record: Option<bool>,
    pub(super) secret: Option<bool>,
    pub(super) asked: Option<AskedSignatureDto>,
    pub(super) signature: Option<String>,
    pub(super) unavailable: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct AskedSignatureDto {
    pub(super) trigger: SignatureTrigger,
    #[serde(default)]
    pub(super) links: Option<LinksDto>,
    pub(super) expires_at_ms: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct LinksDto {
    pub(super) app_scheme: String,
    pub(super) android_app_uri: String,
    pub(super) ios_app_uri: String,
}

impl FoundDto {
    pub(super) fn found(self) -> Result<Found, Error> {
        Ok(match self {
            Self { unavailable: true, .. } => Found::Unavailable,
            Self { record: Some(known), .. } => Found::Record(known),
            Self { secret: Some(right), .. } => Found::Secret(right),
            Self { asked: Some(asked), .. } => Found::Asked(SignatureHeld {
                trigger: asked.trigger,
                links: asked.links.map(|links| AppLinks {
                    app_scheme: links.app_scheme,
                    android: links.android_app_uri,
                    ios: links.ios_app_uri,
                }),
                expires_at_ms: asked.expires_at_ms,
            }),
            Self { signature: Some(seen), .. } => Found::Signature(match seen.as_str() {
                "waiting" => SignatureSeen::Waiting,
                "signed" => SignatureSeen::Signed,
                "refused" => SignatureSeen::Refused,
                "expired" => SignatureSeen::Expired,
                "invalid" => SignatureSeen::Invalid,
                _ => return Err(invalid("not where a signature can stand")),
            }),
            _ => return Err(invalid("nothing was found")),
        })
    }
}

impl From<TermsDto> for ConsentTerms {
    fn from(dto: TermsDto) -> Self {
        let TermsDto { version, text, recipients, retention_days } = dto;
        Self { version, text, recipients, retention_days }
    }
}

impl PlanDto {
    pub(super) fn params(&self) -> PlanParams {
        let standard = PlanParams::default();
        PlanParams {
            document_timeout_ms: self.document_timeout_ms.unwrap_or(standard.document_timeout_ms),
            face_timeout_ms: self.face_timeout_ms.unwrap_or(standard.face_timeout_ms),
            challenge_set: self.challenge_set.unwrap_or(standard.challenge_set),
            challenge_tolerance_ms: self.challenge_tolerance_ms.unwrap_or(standard.challenge_tolerance_ms),
            challenge_max_draws: self.challenge_max_draws.unwrap_or(standard.challenge_max_draws),
            manual_after_ms: self.manual_after_ms.unwrap_or(standard.manual_after_ms),
            upload: self.upload.unwrap_or(standard.upload),
            barcode: self.barcode.unwrap_or(standard.barcode),
        }
    }
}
