//! The verifier's rules, each as a sentence. Pages are played by a device key of this crate.

mod frames;
mod refusals;

use super::*;
use idv_protocol::evidence::StepTimings;
use idv_protocol::seal::{BuildUse, FrameCommitment, FrameHead, FrameOpening, FrameStep, Jwk};
use idv_protocol::{
    Action, ActionKind, ActionResult, CaptureKind, CaptureMeta, CaptureMethod, ChallengeSet, ConsentRecord,
    Evidence, LivenessReport, PROTOCOL_VERSION, Passive, QualityReport, Size,
};
use idv_seal::frames::{leaf, pixel_bytes, write};
use idv_seal::jose::SealTo;
use idv_seal::merkle::Tree;
use proptest::prelude::*;
use serde_json::json;
use sha2::{Digest, Sha256};

const NOW_MS: u64 = 1_800_000_000_000;
const OPENED_MS: u64 = NOW_MS - 120_000;
const NONCE: &str = "0101010101010101010101010101010101010101010101010101010101010101";
const FRAMES: u32 = 11;

/// A page that ran one attempt.
struct Page {
    device: DeviceKey,
    verifier: Verifier,
    evidence: Evidence,
    tree: Tree,
    pictures: Vec<(CaptureKind, Vec<u8>)>,
}

fn verifier_of(session: &str) -> Verifier {
    VerifierSecret::new(&[9; 32]).expect("a secret").of_session(session).expect("a key")
}

fn head(index: u32) -> FrameHead {
    FrameHead {
        step: if index < 5 { FrameStep::DocumentFront } else { FrameStep::Face },
        at_us: u64::from(index) * 100_000,
        frame: Size { width: 1280, height: 720 },
        part: [0, 0, 1280, 720],
    }
}

fn pixels(index: u32) -> Vec<u8> {
    vec![index as u8; pixel_bytes(&head(index))]
}

impl Page {
    fn new() -> Self {
        let device = DeviceKey::from_random(&[5; 32]).expect("a key");
        let mut tree = Tree::default();
        (0..FRAMES).for_each(|index| tree.push(&leaf(&head(index), &pixels(index))));
        let made_of = [
            (CaptureKind::DocumentFront, 3),
            (CaptureKind::Selfie, 6),
            (CaptureKind::Action1, 8),
            (CaptureKind::Action2, 10),
        ];
        let pictures: Vec<_> =
            made_of.iter().map(|(kind, frame)| (*kind, format!("picture {frame}").into_bytes())).collect();
        let captures = made_of.iter().zip(&pictures).map(|((kind, frame), (_, bytes))| CaptureMeta {
            kind: *kind,
            attempt: 1,
            sha256: hex::encode(Sha256::digest(bytes)),
            bytes: bytes.len() as u32,
            size: Size { width: 1280, height: 720 },
            method: CaptureMethod::Automatic,
            at_ms: f64::from(*frame) * 100.0,
            frame: Some(*frame),
            quad: None,
            quality: QualityReport::default(),
            reading: None,
            barcode: None,
        });
        let met = |kind| ActionResult {
            action: Action { kind, times: 1, window_ms: 7_000 },
            prompted_at_ms: 0.0,
            met_at_ms: Some(1.0),
            value: 30.0,
            depth: Some(0.1),
        };
        let evidence = Evidence {
            protocol_version: PROTOCOL_VERSION.into(),
            module_version: "0".into(),
            session_id: "s1".into(),
            attempt: 1,
            nonce: NONCE.into(),
            issued_at_ms: NOW_MS - 1_000,
            device_key: device.thumbprint().into(),
            build: BuildUse::default(),
            configuration_sha256: "c".into(),
            consent: ConsentRecord { version: "1".into(), locale: "en".into(), given_at_ms: NOW_MS - 60_000 },
            models: vec![],
            cameras: vec![],
            document_kind: None,
            captures: captures.collect(),
            frames: Some(FrameCommitment {
                root: hex::encode(tree.root()),
                count: FRAMES,
                openable: vec![[3, 4], [6, 10]],
            }),
            liveness: Some(LivenessReport {
                nonce: NONCE.into(),
                set: ChallengeSet::Standard,
                draw: 0,
                actions: vec![met(ActionKind::TurnLeft), met(ActionKind::TurnRight)],
                challenge_met: true,
                depth: None,
                breaks: vec![],
                passive: Passive::NotRun,
                cues: vec![],
                poses: vec![],
                frames: 6,
                duration_ms: 5_000.0,
            }),
            timings_ms: StepTimings::default(),
        };
        Self { device, verifier: verifier_of("s1"), evidence, tree, pictures }
    }

    fn with(change: impl FnOnce(&mut Evidence)) -> Self {
        let mut page = Self::new();
        change(&mut page.evidence);
        page
    }

    fn to(&self, kind: Option<CaptureKind>) -> SealTo {
        SealTo { verifier: self.verifier.jwk().clone(), session: "s1".into(), attempt: 1, kind }
    }

    fn sealed(&self, to: &SealTo, bytes: &[u8]) -> String {
        seal(to, bytes, &[3; 32], &[4; 12]).expect("sealed")
    }

    fn signed(&self) -> String {
        self.device.sign_evidence(&serde_json::to_string(&self.evidence).expect("JSON")).expect("signed")
    }

    fn bundle(&self) -> EvidenceBundle {
        let captures = self.pictures.iter().map(|(kind, bytes)| BundleCapture {
            kind: *kind,
            attempt: 1,
            content: CaptureContent::Sealed { jwe: self.sealed(&self.to(Some(*kind)), bytes) },
        });
        EvidenceBundle { evidence: self.signed(), captures: captures.collect(), frames: None }
    }

    fn opening(&self, index: u32) -> FrameOpening {
        let path = self.tree.path(index as usize).expect("a leaf");
        FrameOpening { index, head: head(index), path: path.iter().map(hex::encode).collect() }
    }

    /// The frames `indices`, after `change`, sealed.
    fn frames(
        &self,
        indices: &[u32],
        change: impl FnOnce(&mut Vec<FrameOpening>, &mut Vec<Vec<u8>>),
    ) -> String {
        let mut openings: Vec<FrameOpening> = indices.iter().map(|index| self.opening(*index)).collect();
        let mut all: Vec<Vec<u8>> = indices.iter().map(|index| pixels(*index)).collect();
        change(&mut openings, &mut all);
        let parts: Vec<&[u8]> = all.iter().map(Vec::as_slice).collect();
        self.sealed(&self.to(None), &write(&openings, &parts).expect("written"))
    }

    fn context(&self) -> EvidenceContext {
        EvidenceContext {
            session_id: "s1".into(),
            attempt: 1,
            nonce: NONCE.into(),
            device_key: Some(self.device.jwk().clone()),
            opened_at_ms: OPENED_MS,
            now_ms: NOW_MS,
            required: vec![CaptureKind::DocumentFront],
            configuration_sha256: Some("c".into()),
            seen: vec![],
            drawn: vec![],
        }
    }

    fn check(&self) -> Result<Checked, Failure> {
        check(&self.bundle(), &self.context(), &self.verifier)
    }

    fn refused(&self) -> Failure {
        self.check().expect_err("refused")
    }

    /// With four frames drawn and opened.
    fn opened(&self) -> (EvidenceBundle, EvidenceContext) {
        let drawn = vec![3, 4, 8, 9];
        let frames = Some(self.frames(&drawn, |_, _| {}));
        (EvidenceBundle { frames, ..self.bundle() }, EvidenceContext { drawn, ..self.context() })
    }
}

fn refused(bundle: &EvidenceBundle, context: &EvidenceContext) -> Failure {
    check(bundle, context, &verifier_of("s1")).expect_err("refused")
}

#[test]
fn what_a_page_sealed_and_signed_holds_and_is_opened() {
    let page = Page::new();
    let (bundle, context) = page.opened();
    let checked = check(&bundle, &context, &page.verifier).expect("holds");
    assert_eq!(checked.evidence, page.evidence);
    let opened: Vec<_> =
        checked.captures.iter().map(|held| (held.kind, held.opened.clone().unwrap_or_default())).collect();
    assert_eq!(opened, page.pictures);
    let frames: Vec<_> = checked.frames.iter().map(|frame| (frame.index, frame.capture)).collect();
    let (front, turn) = (Some(CaptureKind::DocumentFront), Some(CaptureKind::Action1));
    assert_eq!(frames, [(3, front), (4, None), (8, turn), (9, None)]);
    assert_eq!(checked.frames.last().map(|frame| frame.pixels.clone()), Some(pixels(9)));
}

#[test]
fn a_bundle_and_its_context_go_through_json_and_the_verdict_names_what_fails() {
    let page = Page::new();
    let (bundle, mut context) = page.opened();
    let text = serde_json::to_string(&(&bundle, &context)).expect("JSON");
    let (read, read_context): (EvidenceBundle, EvidenceContext) = serde_json::from_str(&text).expect("reads");
    assert_eq!((&read, &read_context), (&bundle, &context));
    let verdict =
        |context| serde_json::to_value(EvidenceVerdict::from(check(&read, context, &page.verifier)));
    let valid = verdict(&read_context).expect("JSON");
    assert_eq!((&valid["state"], &valid["frames"]), (&json!("valid"), &json!([3, 4, 8, 9])));
    context.nonce = "02".repeat(32);
    let expected = json!({ "state": "refused", "code": "nonce", "subject": "evidence" });
    assert_eq!(verdict(&context).expect("JSON"), expected);
}
#[test]
fn ecdh_and_kdf_give_the_key_of_rfc_7518_appendix_c() {
    use idv_seal::jose::{coordinate, point_of_jwk};
    let alice = coordinate("0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo").expect("d");
    let bob = Jwk::p256(
        "weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ",
        "e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck",
    );
    let alice = p256::SecretKey::from_slice(&alice).expect("a key");
    let bob = p256::PublicKey::from_sec1_bytes(&point_of_jwk(&bob).expect("a point")).expect("on the curve");
    let shared = p256::ecdh::diffie_hellman(alice.to_nonzero_scalar(), bob.as_affine());
    let key: [u8; 16] = idv_seal::kdf::concat_kdf(shared.raw_secret_bytes(), "A128GCM", b"Alice", b"Bob");
    assert_eq!(idv_seal::jose::decode("VqqN6vgjbSBcIijNcacQGg"), Some(key.to_vec()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn any_changed_byte_of_any_part_is_refused(part in 0usize..6, at in any::<prop::sample::Index>(), flip in 1u8..=255) {
        let page = Page::new();
        let (mut bundle, context) = page.opened();
        let text = match part {
            0 => &mut bundle.evidence,
            1 => bundle.frames.as_mut().expect("frames"),
            capture => match &mut bundle.captures[capture - 2].content {
                CaptureContent::Sealed { jwe } => jwe,
                CaptureContent::Opened { sha256, .. } => sha256,
            },
        };
        let mut bytes = text.clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        // What is no text any more does not get as far as the verifier.
        let Ok(changed) = String::from_utf8(bytes) else { return Ok(()) };
        *text = changed;
        prop_assert!(check(&bundle, &context, &page.verifier).is_err());
    }

    #[test]
    fn text_of_any_kind_is_refused_without_a_panic(text in "[A-Za-z0-9._-]{0,80}|\\PC{0,40}") {
        let page = Page::new();
        let bundle = EvidenceBundle { evidence: text.clone(), ..page.bundle() };
        prop_assert!(check(&bundle, &page.context(), &page.verifier).is_err());
        prop_assert!(page.verifier.open_capture(&text, "s1", 1, CaptureKind::Selfie).is_err());
        prop_assert!(registered_key(&text, "s1", NONCE).is_err());
    }
}
