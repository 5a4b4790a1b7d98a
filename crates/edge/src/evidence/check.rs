//! The check, step by step; the first step that does not hold is the answer.

use super::bundle::{BundleCapture, CaptureContent, EvidenceBundle, EvidenceContext};
use super::failure::{Failure, Part};
use super::frames::{Committed, OpenedFrame, check_commitment, check_frames};
use super::jose::Signed;
use super::verifier::Verifier;
use idv_protocol::seal::{EVIDENCE_TYP, Jwk};
use idv_protocol::{CaptureKind, CaptureMeta, Evidence, PROTOCOL_VERSION};
use idv_seal::jose::thumbprint;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::fmt;

/// Difference in ms that is allowed between two clocks of ours: requests on their way, servers that are not quite in
/// time. The device's own clock plays no part.
pub const CLOCK_SKEW_MS: u64 = 60 * 1000;

/// Evidence that holds. `Debug` shows no content.
#[derive(Clone, PartialEq)]
pub struct Checked {
    /// What was signed.
    pub evidence: Evidence,
    /// SHA-256 over what was signed, lower-case hex: names this evidence whatever its signature.
    pub evidence_sha256: String,
    /// The captures that are there.
    pub captures: Vec<HeldPicture>,
    /// The frames that were opened, in the order of their leaves.
    pub frames: Vec<OpenedFrame>,
}

impl fmt::Debug for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checked")
            .field("evidence_sha256", &self.evidence_sha256)
            .field("frames", &self.frames)
            .finish_non_exhaustive()
    }
}

/// A capture that is there. `Debug` shows no content.
#[derive(Clone, PartialEq, Eq)]
pub struct HeldPicture {
    /// What it shows.
    pub kind: CaptureKind,
    /// The attempt it was handed in for.
    pub attempt: u32,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
    /// Number of its bytes, where it is known.
    pub bytes: Option<u32>,
    /// Its bytes, where it came sealed.
    pub opened: Option<Vec<u8>>,
}

impl fmt::Debug for HeldPicture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeldPicture").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// Signed evidence whose text was read; whether it holds is another question. `Debug` shows no content.
#[derive(Clone, PartialEq)]
pub struct Manifest {
    jws: String,
    evidence: Box<Evidence>,
}

impl fmt::Debug for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Manifest").finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Version {
    protocol_version: String,
}

impl Manifest {
    /// Reads a compact JWS of the type of evidence, of this major version of the wire format.
    pub fn read(jws: impl Into<String>) -> Result<Self, Failure> {
        let jws = jws.into();
        let signed = Signed::read(&jws, Part::Evidence, EVIDENCE_TYP)?;
        // The version first: another major version may not even have the same members.
        let version: Version = signed.claims()?;
        let unknown = Failure::VersionUnknown;
        match major(&version.protocol_version).ok_or(unknown)?.cmp(&major(PROTOCOL_VERSION).ok_or(unknown)?) {
            std::cmp::Ordering::Less => return Err(Failure::VersionDowngrade),
            std::cmp::Ordering::Greater => return Err(unknown),
            std::cmp::Ordering::Equal => {}
        }
        let evidence = Box::new(signed.claims()?);
        Ok(Self { jws, evidence })
    }

    /// What it says, whoever signed it.
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// The compact JWS.
    pub fn jws(&self) -> &str {
        &self.jws
    }

    /// SHA-256 over what was signed, lower-case hex.
    pub fn sha256(&self) -> String {
        let signed = self.jws.rsplit_once('.').map_or(self.jws.as_str(), |(input, _)| input);
        hex::encode(Sha256::digest(signed))
    }

    /// Fails unless the registered device key signed it, and it says so itself.
    pub fn verify(&self, device_key: Option<&Jwk>) -> Result<(), Failure> {
        let signed = Signed::read(&self.jws, Part::Evidence, EVIDENCE_TYP)?;
        let key = device_key.ok_or(Failure::KeyNotRegistered)?;
        let thumbprint = thumbprint(key).ok_or(Failure::KeyUnusable(Part::Evidence))?;
        if signed.header.kid != thumbprint {
            return Err(Failure::KeyNotRegistered);
        }
        signed.verify(key)?;
        if self.evidence.device_key != thumbprint {
            return Err(Failure::KeyNotRegistered);
        }
        Ok(())
    }
}

fn major(version: &str) -> Option<u32> {
    version.split('.').next()?.parse().ok()
}

/// Checks a bundle. In order: the evidence's form, algorithm, type and version; its key and signature; session, attempt,
/// nonce; whether it was taken before; its times; its configuration; every capture; the report; the commitment to
/// frames; the frames that were drawn.
pub fn check(
    bundle: &EvidenceBundle,
    context: &EvidenceContext,
    verifier: &Verifier,
) -> Result<Checked, Failure> {
    let manifest = Manifest::read(bundle.evidence.as_str())?;
    manifest.verify(context.device_key.as_ref())?;
    let evidence = manifest.evidence();
    check_binding(evidence, context)?;
    let evidence_sha256 = manifest.sha256();
    if context.seen.contains(&evidence_sha256) {
        return Err(Failure::Replayed);
    }
    check_times(evidence, context)?;
    if context.configuration_sha256.as_ref().is_some_and(|asked| *asked != evidence.configuration_sha256) {
        return Err(Failure::Configuration);
    }
    let captures = bundle
        .captures
        .iter()
        .map(|capture| held(capture, context, verifier))
        .collect::<Result<Vec<_>, _>>()?;
    check_captures(evidence, &captures, context)?;
    check_report(evidence, context)?;
    check_commitment(evidence)?;
    let frames = match (Committed::of(evidence), context.drawn.as_slice()) {
        (_, []) => Vec::new(),
        (Some(committed), drawn) => {
            let frames = bundle.frames.as_deref().ok_or(Failure::FramesMissing)?;
            check_frames(&committed, drawn, frames, &context.session_id, context.attempt, verifier)?
        }
        (None, _) => return Err(Failure::Commitment),
    };
    Ok(Checked { evidence: evidence.clone(), evidence_sha256, captures, frames })
}

fn check_binding(evidence: &Evidence, context: &EvidenceContext) -> Result<(), Failure> {
    let part = Part::Evidence;
    if evidence.session_id != context.session_id {
        return Err(Failure::Session(part));
    }
    if evidence.attempt != context.attempt {
        return Err(Failure::Attempt(part));
    }
    if evidence.nonce != context.nonce {
        return Err(Failure::Nonce(part));
    }
    Ok(())
}

fn check_times(evidence: &Evidence, context: &EvidenceContext) -> Result<(), Failure> {
    let earliest_ms = context.opened_at_ms.saturating_sub(CLOCK_SKEW_MS);
    let latest_ms = context.now_ms.saturating_add(CLOCK_SKEW_MS);
    if !(earliest_ms..=latest_ms).contains(&evidence.issued_at_ms) {
        return Err(Failure::Clock("issued_at_ms"));
    }
    // 0 where a page that was reloaded no longer knows it.
    let given_ms = evidence.consent.given_at_ms;
    let latest_ms = evidence.issued_at_ms.saturating_add(CLOCK_SKEW_MS);
    if given_ms != 0 && !(earliest_ms..=latest_ms).contains(&given_ms) {
        return Err(Failure::Clock("given_at_ms"));
    }
    let longest_ms = latest_ms.saturating_sub(earliest_ms) as f64;
    let fits = |ms: f64| (0.0..=longest_ms).contains(&ms);
    if !evidence.captures.iter().all(|capture| fits(capture.at_ms)) {
        return Err(Failure::Clock("at_ms"));
    }
    if !evidence.liveness.as_ref().is_none_or(|report| fits(report.duration_ms)) {
        return Err(Failure::Clock("duration_ms"));
    }
    Ok(())
}

fn held(
    capture: &BundleCapture,
    context: &EvidenceContext,
    verifier: &Verifier,
) -> Result<HeldPicture, Failure> {
    let BundleCapture { kind, attempt, .. } = *capture;
    Ok(match &capture.content {
        CaptureContent::Sealed { jwe } => {
            let opened = verifier.open_capture(jwe, &context.session_id, attempt, kind)?;
            HeldPicture {
                kind,
                attempt,
                sha256: hex::encode(Sha256::digest(&opened.bytes)),
                bytes: Some(u32::try_from(opened.bytes.len()).unwrap_or(u32::MAX)),
                opened: Some(opened.bytes),
            }
        }
        CaptureContent::Opened { sha256, bytes } => {
            HeldPicture { kind, attempt, sha256: sha256.clone(), bytes: *bytes, opened: None }
        }
    })
}

fn check_captures(
    evidence: &Evidence,
    held: &[HeldPicture],
    context: &EvidenceContext,
) -> Result<(), Failure> {
    for (index, capture) in held.iter().enumerate() {
        if held.iter().skip(index + 1).any(|other| other.kind == capture.kind) {
            return Err(Failure::CaptureTwice(capture.kind));
        }
        // A document may be kept from an earlier attempt, a face never.
        let of_attempt = match capture.kind.side() {
            Some(_) => (1..=context.attempt).contains(&capture.attempt),
            None => capture.attempt == context.attempt,
        };
        if !of_attempt {
            return Err(Failure::Attempt(Part::Capture(capture.kind)));
        }
    }
    for (index, listed) in evidence.captures.iter().enumerate() {
        // Neither a kind nor a picture: one picture must not answer two prompts.
        let mut others = evidence.captures.iter().skip(index + 1);
        if others.any(|other| other.kind == listed.kind || other.sha256 == listed.sha256) {
            return Err(Failure::CaptureTwice(listed.kind));
        }
        check_capture(listed, held, context)?;
    }
    for kind in &context.required {
        if !held.iter().any(|capture| capture.kind == *kind) {
            return Err(Failure::CaptureMissing(*kind));
        }
    }
    // A document kept from an earlier attempt, or from before a reload, may be left out of the list.
    let listed = |kind| evidence.captures.iter().any(|listed| listed.kind == kind);
    match held.iter().find(|capture| capture.kind.side().is_none() && !listed(capture.kind)) {
        Some(capture) => Err(Failure::CaptureExtra(capture.kind)),
        None => Ok(()),
    }
}

fn check_capture(
    listed: &CaptureMeta,
    held: &[HeldPicture],
    context: &EvidenceContext,
) -> Result<(), Failure> {
    let kind = listed.kind;
    let found = held.iter().find(|held| held.kind == kind).ok_or(Failure::CaptureMissing(kind))?;
    if listed.sha256 != found.sha256 || found.bytes.is_some_and(|bytes| bytes != listed.bytes) {
        return Err(Failure::CaptureDigest(kind));
    }
    if ![found.attempt, context.attempt].contains(&listed.attempt) {
        return Err(Failure::Attempt(Part::Capture(kind)));
    }
    Ok(())
}

fn check_report(evidence: &Evidence, context: &EvidenceContext) -> Result<(), Failure> {
    let Some(report) = &evidence.liveness else { return Ok(()) };
    let needed = if report.challenge_met {
        &[CaptureKind::Selfie, CaptureKind::Action1, CaptureKind::Action2][..]
    } else {
        &[]
    };
    if report.nonce != context.nonce {
        return Err(Failure::ReportOther);
    }
    let missing = needed.iter().find(|kind| evidence.captures.iter().all(|listed| listed.kind != **kind));
    missing.map_or(Ok(()), |kind| Err(Failure::CaptureMissing(*kind)))
}
