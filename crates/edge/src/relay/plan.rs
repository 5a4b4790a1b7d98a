//! From a policy to the steps of the flow, and from a session to the plan the page follows.

use super::session::{MAX_ATTEMPTS, Session};
use super::step::Context;
use crate::error::{Error, ErrorKind};
use crate::tomo::{IdType, KycPolicy, Method, OwnerAssurance, Subject};
use idv_protocol::plan::{DocumentStep, ReceivedCapture, Step};
use idv_protocol::{Challenge, DocumentKind, DocumentTask, PROTOCOL_VERSION, Plan, Turn};
use sha2::{Digest, Sha256};

/// Times of the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanParams {
    /// Time without a capture after which the user is asked how to go on, in ms. Half a minute: longer than
    /// finding the document takes, short enough not to feel stuck.
    pub document_timeout_ms: u32,
    /// The same for the face.
    pub face_timeout_ms: u32,
    /// Time for each turn of the head, in ms: reading the prompt, turning slowly, and some patience.
    pub turn_timeout_ms: u32,
    /// Time on a side of the document after which the user may take the picture, in ms.
    pub manual_after_ms: u32,
    /// Whether a file may take the place of a capture of the document. Off where nothing else is said: a file says
    /// nothing of when and where it was made.
    pub upload: bool,
    /// Whether the documents of this plan have a barcode that is read, as licences of North America do.
    pub barcode: bool,
}

impl Default for PlanParams {
    fn default() -> Self {
        Self {
            document_timeout_ms: 30_000,
            face_timeout_ms: 30_000,
            turn_timeout_ms: 8_000,
            manual_after_ms: DocumentTask::MANUAL_AFTER_MS,
            upload: false,
            barcode: false,
        }
    }
}

/// The steps of `policy`. Fails with [`ErrorKind::PolicyInvalid`] on a policy that this build cannot run.
pub fn steps_of(policy: &KycPolicy, params: &PlanParams) -> Result<Vec<Step>, Error> {
    let unsupported = |what: &str| {
        Error::new(ErrorKind::PolicyInvalid, format!("Unsupported kyc_policy: {what} cannot be run yet"))
    };
    let kinds = match policy.subject() {
        Subject::Document(IdType::Passport) => vec![DocumentKind::Id3],
        Subject::Document(IdType::IdCard | IdType::ResidentialCard) => vec![DocumentKind::Id1],
        Subject::PersonalInfo => return Err(unsupported("subject personal_info")),
        Subject::EidCertificate => return Err(unsupported("subject eid")),
    };
    match policy.method() {
        Method::DocumentOcrCheck => {}
        Method::DocumentAuthenticityCheck => return Err(unsupported("method document_authenticity_check")),
        Method::GovernmentIdVerf => return Err(unsupported("method government_id_verf")),
        Method::PersonalInfoVerf | Method::GovernmentCiVerf => return Err(unsupported("this method")),
    }
    let document = DocumentStep {
        // Cards have a back: the zone (Doc 9303-5) or the barcode is there.
        two_sided: kinds.iter().copied().filter(|kind| *kind == DocumentKind::Id1).collect(),
        manual_after_ms: params.manual_after_ms,
        upload: params.upload,
        barcode: params.barcode,
        ..DocumentStep::new(kinds, params.document_timeout_ms)
    };
    let mut steps = vec![Step::Consent, Step::Document(document)];
    match policy.owner() {
        OwnerAssurance::None => {}
        OwnerAssurance::SubmittedDocSelfieMatch => {
            steps.push(Step::Face { timeout_ms: params.face_timeout_ms });
        }
        OwnerAssurance::SmsOtp | OwnerAssurance::DocumentSecret | OwnerAssurance::Toss => {
            return Err(unsupported("this owner_assurance"));
        }
    }
    Ok(steps)
}

/// The two turns of a challenge: bit 0 and bit 1 of the first byte of SHA-256 over the nonce's bytes,
/// 0 = left, 1 = right. The browser derives the same turns and refuses a challenge that does not fit.
pub fn turns_of(nonce: &[u8]) -> [Turn; 2] {
    let first = Sha256::digest(nonce).first().copied().unwrap_or_default();
    [0, 1].map(|bit| if first >> bit & 1 == 0 { Turn::Left } else { Turn::Right })
}

/// The plan of the open attempt.
pub fn plan_of(session: &Session, context: &Context) -> Plan {
    let challenge = session.asks_face().then(|| Challenge {
        nonce: session.nonce.clone(),
        turns: turns_of(&hex::decode(&session.nonce).unwrap_or_default()).to_vec(),
        turn_timeout_ms: context.params.turn_timeout_ms,
    });
    let received = session.captures.iter();
    Plan {
        protocol_version: PROTOCOL_VERSION.to_owned(),
        session_id: session.id.clone(),
        policy_key: session.policy_key.clone(),
        attempt: session.attempt,
        max_attempts: MAX_ATTEMPTS,
        steps: session.steps.clone(),
        consent: context.terms.clone(),
        challenge,
        received: received
            .map(|held| ReceivedCapture { kind: held.kind, sha256: held.sha256.clone() })
            .collect(),
        consent_given: session.consent.is_some(),
        issued_at_ms: context.now_ms,
        expires_at_ms: session.expires_at_ms,
        test_camera: context.test_camera,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tomo::PolicyKey;

    fn steps(key: &str) -> Result<Vec<Step>, Error> {
        let policy = key.parse::<PolicyKey>().expect("key").policy.expect("policy");
        steps_of(&policy, &PlanParams::default())
    }

    #[test]
    fn the_steps_follow_from_the_policy_and_consent_is_first() {
        let full = "unknown:document:passport:document_ocr_check:owner_check:submitted_doc_selfie_match";
        let steps_full = steps(full).expect("runs");
        assert!(matches!(
            steps_full.as_slice(),
            [Step::Consent, Step::Document(step), Step::Face { .. }]
                if step.kinds == [DocumentKind::Id3] && !step.asks_back(None)
        ));
        for card in ["id_card", "residential_card"] {
            let steps = steps(&format!("us:document:{card}:document_ocr_check:no_owner_assurance"));
            assert!(matches!(
                steps.expect("runs").as_slice(),
                [Step::Consent, Step::Document(step)]
                    if step.kinds == [DocumentKind::Id1] && step.asks_back(None)
            ));
        }
    }

    #[test]
    fn what_this_build_cannot_run_is_refused_by_name() {
        for key in [
            "us:personal_info:null:personal_info_verf:owner_verf:sms_otp",
            "jp:document:id_card:government_id_verf:owner_verf:document_secret",
            "cn:document:id_card:document_authenticity_check:owner_check:submitted_doc_selfie_match",
            "kr:eid:certificate:government_ci_verf:owner_verf:toss",
        ] {
            let error = steps(key).expect_err(key);
            assert_eq!(error.kind(), ErrorKind::PolicyInvalid);
            assert!(error.to_string().starts_with("Unsupported kyc_policy: "), "{error}");
        }
    }

    #[test]
    fn the_turns_are_the_low_bits_of_the_nonces_digest() {
        // First byte of SHA-256, by Python's hashlib: 0x66, 0x75, 0x64 and 0x9f.
        assert_eq!(turns_of(&[0; 32]), [Turn::Left, Turn::Right]);
        assert_eq!(turns_of(&[2; 32]), [Turn::Right, Turn::Left]);
        assert_eq!(turns_of(&[3; 32]), [Turn::Left, Turn::Left]);
        assert_eq!(turns_of(&[4; 32]), [Turn::Right, Turn::Right]);
    }
}
