//! From a policy to the steps of the flow, and from a session to the plan the page follows.

use super::entry::{
    OTP_DIGITS, OTP_LIFE_MS, OTP_MAX_SENDS, OTP_MAX_TRIES, OTP_RESEND_MS, SECRET_DIGITS, SECRET_MAX_TRIES,
    SIGNATURE_POLL_MS,
};
use super::seal::verifier;
use super::session::{MAX_ATTEMPTS, Session};
use super::step::Context;
use crate::error::{Error, ErrorKind};
use crate::tomo::{Country, IdType, KycPolicy, Method, OwnerAssurance, Subject};
use idv_protocol::plan::{DocumentStep, ReceivedCapture, Step};
use idv_protocol::{
    Challenge, ChallengeSet, DocumentKind, DocumentTask, OtpStep, PROTOCOL_VERSION, PersonField, PersonStep,
    Plan, Problem, SecretStep, SignatureProvider, SignatureStep, SignatureTrigger,
};
use idv_seal::challenge::challenge;

/// Times of the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanParams {
    /// Time without a capture after which the user is asked how to go on, in ms. Half a minute: longer than
    /// finding the document takes, short enough not to feel stuck.
    pub document_timeout_ms: u32,
    /// The same for the face.
    pub face_timeout_ms: u32,
    /// What the challenge is drawn from, where nothing else is said for a verification.
    pub challenge_set: ChallengeSet,
    /// Whether the visitor may have it drawn from another set instead: somebody who cannot turn their head, or does not
    /// see the screen well, has another way through. Off where nothing else is said, for whoever attacks may choose
    /// too, and where no head moves no depth is measured.
    pub challenge_alternatives: bool,
    /// Allowance on each window of the challenge, in ms: a slow device shows a prompt two frames late, and needs two
    /// more to see what was done.
    pub challenge_tolerance_ms: u32,
    /// Draws of a challenge in all: the first, and two after breaks of continuity. Each further one gives a recording
    /// another chance to fit.
    pub challenge_max_draws: u32,
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
            challenge_set: ChallengeSet::Standard,
            challenge_alternatives: false,
            challenge_tolerance_ms: 1_000,
            challenge_max_draws: 3,
            manual_after_ms: DocumentTask::MANUAL_AFTER_MS,
            upload: false,
            barcode: false,
        }
    }
}

/// The steps of `policy` in `country`. Fails with [`ErrorKind::PolicyInvalid`] on a policy that this build cannot
/// run: a certificate of which nobody says whose it is.
pub fn steps_of(country: &Country, policy: &KycPolicy, params: &PlanParams) -> Result<Vec<Step>, Error> {
    let mut steps = vec![Step::Consent];
    steps.push(match policy.method() {
        Method::DocumentOcrCheck | Method::DocumentAuthenticityCheck => {
            Step::Document(document_step(policy, params))
        }
        Method::PersonalInfoVerf | Method::GovernmentIdVerf | Method::GovernmentCiVerf => {
            Step::Person(person_step(country, policy))
        }
    });
    match policy.owner() {
        OwnerAssurance::None if policy.method() == Method::GovernmentCiVerf => {
            let why = "Unsupported kyc_policy: government_ci_verf without owner_verf toss cannot be run";
            return Err(Error::new(ErrorKind::PolicyInvalid, why));
        }
        OwnerAssurance::None => {}
        OwnerAssurance::SubmittedDocSelfieMatch => {
            steps.push(Step::Face { timeout_ms: params.face_timeout_ms });
        }
        OwnerAssurance::SmsOtp => steps.push(Step::Otp(OtpStep {
            digits: OTP_DIGITS,
            life_ms: OTP_LIFE_MS,
            resend_after_ms: OTP_RESEND_MS,
            max_tries: OTP_MAX_TRIES,
            max_sends: OTP_MAX_SENDS,
        })),
        OwnerAssurance::DocumentSecret => {
            steps.push(Step::Secret(SecretStep { digits: SECRET_DIGITS, max_tries: SECRET_MAX_TRIES }));
        }
        OwnerAssurance::Toss => steps.push(Step::Signature(SignatureStep {
            provider: SignatureProvider::Toss,
            triggers: vec![SignatureTrigger::Push, SignatureTrigger::AppScheme],
            poll_after_ms: SIGNATURE_POLL_MS,
        })),
    }
    Ok(steps)
}

fn document_step(policy: &KycPolicy, params: &PlanParams) -> DocumentStep {
    let kinds = match policy.subject() {
        Subject::Document(IdType::Passport) => vec![DocumentKind::Id3],
        _ => vec![DocumentKind::Id1],
    };
    DocumentStep {
        // Cards have a back: the zone (Doc 9303-5) or the barcode is there.
        two_sided: kinds.iter().copied().filter(|kind| *kind == DocumentKind::Id1).collect(),
        manual_after_ms: params.manual_after_ms,
        upload: params.upload,
        barcode: params.barcode,
        authenticity: policy.method() == Method::DocumentAuthenticityCheck,
        ..DocumentStep::new(kinds, params.document_timeout_ms)
    }
}

/// What has to be typed. The contract does not say; own choice: what the records of the country are searched by.
fn person_step(country: &Country, policy: &KycPolicy) -> PersonStep {
    let fields: &[PersonField] = match policy.method() {
        Method::PersonalInfoVerf => &[
            PersonField::GivenName,
            PersonField::FamilyName,
            PersonField::BirthDate,
            PersonField::Street,
            PersonField::City,
            PersonField::Region,
            PersonField::PostalCode,
            PersonField::Phone,
        ],
        Method::GovernmentCiVerf => &[PersonField::FullName, PersonField::BirthDate, PersonField::Phone],
        // The number itself holds the birth date.
        _ if country.as_str() == "cn" => &[PersonField::FullName, PersonField::DocumentNumber],
        _ => &[PersonField::FullName, PersonField::BirthDate, PersonField::DocumentNumber],
    };
    PersonStep { country: country.as_str().to_owned(), fields: fields.to_vec() }
}

/// The challenge of the open attempt; `None` where no face is asked for. What the engine follows, and what the operator
/// holds the evidence against.
pub fn challenge_of(session: &Session, params: &PlanParams) -> Option<Challenge> {
    if !session.asks_face() {
        return None;
    }
    let others = ChallengeSet::ALL.into_iter().filter(|set| *set != session.challenge_set);
    let drawn = challenge(
        &session.nonce,
        session.challenge_set,
        params.challenge_tolerance_ms,
        params.challenge_max_draws,
    )?;
    Some(Challenge { alternatives: others.filter(|_| params.challenge_alternatives).collect(), ..drawn })
}

/// The plan of the open attempt. Fails with `internal`.
pub fn plan_of(session: &Session, context: &Context) -> Result<Plan, Problem> {
    let received = session.captures.iter();
    let entries = &session.entries;
    let asks_secret = session.steps.iter().any(|step| matches!(step, Step::Secret(_)));
    Ok(Plan {
        protocol_version: PROTOCOL_VERSION.to_owned(),
        session_id: session.id.clone(),
        policy_key: session.policy_key.clone(),
        attempt: session.attempt,
        nonce: session.nonce.clone(),
        verifier: verifier(session, context)?.jwk().clone(),
        max_attempts: MAX_ATTEMPTS,
        steps: session.steps.clone(),
        consent: context.terms.clone(),
        challenge: challenge_of(session, &context.params),
        received: received
            .map(|held| ReceivedCapture { kind: held.kind, sha256: held.sha256.clone() })
            .collect(),
        consent_given: session.consent.is_some(),
        met: entries.met(),
        otp: entries.otp.as_ref().map(|held| held.sent(entries.otp_sends, context.now_ms)),
        secret_tries_left: asks_secret.then(|| SECRET_MAX_TRIES.saturating_sub(entries.secret_failures)),
        signature: entries.signature.as_ref().map(|held| held.wait(context.now_ms)),
        issued_at_ms: context.now_ms,
        expires_at_ms: session.expires_at_ms,
        test_camera: context.test_camera,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tomo::PolicyKey;

    fn steps(key: &str) -> Result<Vec<Step>, Error> {
        let key = key.parse::<PolicyKey>().expect("key");
        steps_of(&key.country, &key.policy.expect("policy"), &PlanParams::default())
    }

    fn names(key: &str) -> Vec<&'static str> {
        steps(key).expect(key).iter().map(|step| step.name().code()).collect()
    }

    #[test]
    fn the_steps_follow_from_the_policy_and_consent_is_first() {
        let full = "unknown:document:passport:document_ocr_check:owner_check:submitted_doc_selfie_match";
        let steps_full = steps(full).expect("runs");
        assert!(matches!(
            steps_full.as_slice(),
            [Step::Consent, Step::Document(step), Step::Face { .. }]
                if step.kinds == [DocumentKind::Id3] && !step.asks_back(None) && !step.authenticity
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
    fn every_policy_of_the_test_board_has_its_steps() {
        let rows: [(&str, &[&str]); 8] = [
            ("us:personal_info:null:personal_info_verf:owner_verf:sms_otp", &["consent", "person", "otp"]),
            ("us:document:residential_card:document_ocr_check:no_owner_assurance", &["consent", "document"]),
            (
                "jp:document:id_card:government_id_verf:owner_verf:document_secret",
                &["consent", "person", "secret"],
            ),
            ("jp:document:passport:document_ocr_check:no_owner_assurance", &["consent", "document"]),
            ("cn:document:id_card:government_id_verf:no_owner_assurance", &["consent", "person"]),
            (
                "cn:document:id_card:document_authenticity_check:owner_check:submitted_doc_selfie_match",
                &["consent", "document", "face"],
            ),
            (
                "cn:document:id_card:document_ocr_check:owner_check:submitted_doc_selfie_match",
                &["consent", "document", "face"],
            ),
            ("kr:eid:certificate:government_ci_verf:owner_verf:toss", &["consent", "person", "signature"]),
        ];
        for (key, expected) in rows {
            assert_eq!(names(key), expected, "{key}");
        }
        let fields = |key: &str| match steps(key).expect(key).into_iter().nth(1) {
            Some(Step::Person(step)) => step.fields.iter().map(|field| field.code()).collect(),
            _ => Vec::new(),
        };
        assert_eq!(fields(rows[0].0).len(), 8);
        assert_eq!(fields(rows[2].0), ["full_name", "birth_date", "document_number"]);
        assert_eq!(fields(rows[4].0), ["full_name", "document_number"]);
        assert_eq!(fields(rows[7].0), ["full_name", "birth_date", "phone"]);
        assert!(matches!(
            steps(rows[5].0).expect("runs").as_slice(),
            [_, Step::Document(step), _] if step.authenticity && step.asks_back(None)
        ));
    }

    #[test]
    fn a_certificate_without_an_owner_is_refused_by_name() {
        let error = steps("kr:eid:certificate:government_ci_verf:no_owner_assurance").expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::PolicyInvalid);
        assert!(error.to_string().starts_with("Unsupported kyc_policy: "), "{error}");
    }
}
