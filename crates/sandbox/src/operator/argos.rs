//! The operator as a client of Argos: documents to step1, the selfie to step2, the outcome from a read.
//!
//! In: an attempt that passed the operator's own checks. Out: an [`Opinion`]. Rule: only a read of the submission tells
//! how it ended; what Argos has already taken is not sent again, also when an answer was lost; an Argos that cannot be
//! asked is an error, so that the attempt stays open.

use super::countries::{alpha_3, is_specimen};
use super::directed;
use crate::argos::ocr_of;
use crate::db::{self, ArgosCase};
use crate::decision::ReadOff;
use crate::error::Error;
use crate::state::Sandbox;
use idv_edge::argos::{
    CommentCode, Country, CustomFields, CustomOptions, Date, Email, IdType, IdentityFields, KycStatus,
    MAX_PICTURE_BYTES, NextAction, Picture, Refusal, RefusalMessage, RetryCode, Step1, Step2, Submission,
    SubmissionId, Text,
};
use idv_edge::native::ArgosRunner;
use idv_edge::relay::{Session, Verdict, wire};
use idv_edge::tomo::{IdType as PolicyIdType, KycPolicy, PolicyKey, Subject};
use idv_protocol::{CaptureKind, Code, Reason};
use idv_vision::capture::encode_jpeg;
use idv_vision::frame::decode_image;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// JPEG quality of a picture that must be made smaller for Argos; such pictures have far more pixels than it asks for.
const SMALLER_QUALITY: u8 = 80;

/// The country whose cards Argos holds against the issuer's records, by numbers that the operator does not have.
const KOREA: &str = "KOR";

/// Reference of a country that neither policy nor document names: ISO 3166's own code for unknown states.
const UNKNOWN_COUNTRY: &str = "ZZZ";

/// What Argos says of an attempt.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Opinion {
    pub(crate) verdict: Verdict,
    pub(crate) finding: ArgosFinding,
}

/// What is kept of it: statuses, scores and codes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ArgosFinding {
    /// `approved`, `rejected`, `pending` or `incomplete`; `refused` where a picture was not taken.
    pub status: String,
    /// Likeness of the faces, 0 to 100.
    pub similarity: Option<f32>,
    /// Liveness, 0 to 100.
    pub liveness: Option<f32>,
    /// Why another try is asked for.
    pub retry: Vec<String>,
    /// Why it was rejected, or waits.
    pub comments: Vec<String>,
    /// How screening ended, in Argos' words, where it was made.
    #[serde(default)]
    pub watchlist: Option<String>,
}

/// Asks Argos about an attempt: `pictures` are its captures, `read` what the operator read off them.
pub(crate) async fn ask(
    sandbox: &Sandbox,
    runner: &ArgosRunner,
    session: &Session,
    read: &ReadOff,
    pictures: &BTreeMap<CaptureKind, Vec<u8>>,
) -> Result<Opinion, Error> {
    let documents = digest_of(pictures);
    let known = db::argos_case(&sandbox.db, &session.submission_id).await?;
    let case = match known.filter(|case| case.step1_open || case.documents_sha256 == documents) {
        Some(case) => case,
        None => ArgosCase {
            submission_id: session.submission_id.clone(),
            made_at_ms: sandbox.clock.now_ms(),
            ..ArgosCase::default()
        },
    };
    let case = if case.step1_open || case.argos_id.is_empty() {
        match step1(sandbox, runner, session, read, pictures, case, documents).await? {
            Taken::Whole(case) => case,
            Taken::Again(case, codes) => {
                return Ok(retried(&read_known(sandbox, runner, &case).await?, &codes));
            }
            Taken::Refused(reason) => return Ok(refused(reason)),
        }
    } else {
        case
    };
    let submission = read_known(sandbox, runner, &case).await?;
    if submission.kyc.result != KycStatus::Incomplete {
        return Ok(ended(&submission));
    }
    // A step2 whose answer was lost has been counted there.
    if submission.kyc.attempts.len() > case.faces_sent as usize {
        db::note_faces(&sandbox.db, &case.argos_id, submission.kyc.attempts.len()).await?;
        return Ok(retried(&submission, &last_codes(&submission)));
    }
    let Some(step) = step2(&id_of(&case)?, session, read, pictures)? else {
        // Nothing more is to be sent: the document was taken, and that is all that was asked.
        return Ok(Opinion { verdict: Verdict::Approved, finding: finding(&submission) });
    };
    let codes: Vec<RetryCode> = match runner.step2(&step).await {
        Ok(answer) => answer.retry.into_iter().map(|note| note.code).collect(),
        Err(error) => match reason_of_refusal(&error) {
            Some(reason) => return Ok(refused(reason)),
            None => return Err(unavailable(error)),
        },
    };
    let submission = read_known(sandbox, runner, &case).await?;
    db::note_faces(&sandbox.db, &case.argos_id, submission.kyc.attempts.len()).await?;
    if submission.kyc.result == KycStatus::Incomplete {
        Ok(retried(&submission, &codes))
    } else {
        Ok(ended(&submission))
    }
}

/// What became of a document.
enum Taken {
    /// It was taken.
    Whole(ArgosCase),
    /// Another picture is asked for.
    Again(ArgosCase, Vec<RetryCode>),
    /// Its picture was not taken at all.
    Refused(Reason),
}

/// Sends the document, for the first time or again.
async fn step1(
    sandbox: &Sandbox,
    runner: &ArgosRunner,
    session: &Session,
    read: &ReadOff,
    pictures: &BTreeMap<CaptureKind, Vec<u8>>,
    case: ArgosCase,
    documents_sha256: String,
) -> Result<Taken, Error> {
    let key: PolicyKey = session.policy_key.parse().map_err(|error| Error::internal("policy key", error))?;
    let front = pictures
        .get(&CaptureKind::DocumentFront)
        .ok_or_else(|| Error::Internal("an approved attempt without a document".to_owned()))?;
    let back = pictures.get(&CaptureKind::DocumentBack);
    let repeats = (!case.argos_id.is_empty()).then(|| id_of(&case)).transpose()?;
    let step = Step1 {
        issuing_country: country_of(&key, read)?,
        // The operator knows no address of the visitor: one for each verification stands in.
        email: Email::new(format!("{}@operator.invalid", session.submission_id)).map_err(invalid)?,
        id_type: id_type_of(key.policy.as_ref()),
        id_image: picture(front)?,
        id_back_image: back.map(|back| picture(back)).transpose()?,
        submission_id: repeats,
        custom: CustomFields {
            userid: Some(Text::new(reference(sandbox, session).await?).map_err(invalid)?),
            ..CustomFields::default()
        },
        options: CustomOptions::default(),
    };
    let answer = match runner.step1(&step).await {
        Ok(answer) => answer,
        Err(error) => match reason_of_refusal(&error) {
            Some(reason) => return Ok(Taken::Refused(reason)),
            None => return Err(unavailable(error)),
        },
    };
    let codes: Vec<RetryCode> = answer.retry.into_iter().map(|note| note.code).collect();
    let case = ArgosCase {
        argos_id: answer.submission_id.as_str().to_owned(),
        documents_sha256,
        step1_open: !codes.is_empty(),
        ..case
    };
    db::keep_argos_case(&sandbox.db, &case).await?;
    Ok(if codes.is_empty() { Taken::Whole(case) } else { Taken::Again(case, codes) })
}

/// The face and the data; `None` where the policy asks for no face, or where what step2 needs is not known: a name and
/// a date of birth, and the numbers of a Korean card.
fn step2(
    id: &SubmissionId,
    session: &Session,
    read: &ReadOff,
    pictures: &BTreeMap<CaptureKind, Vec<u8>>,
) -> Result<Option<Step2>, Error> {
    let ocr = ocr_of(read);
    let selfie = pictures.get(&CaptureKind::Selfie).filter(|_| session.asks_face());
    let name = ocr.name.as_deref().and_then(|name| Text::new(name).ok());
    let birth = ocr.birth_date.as_deref().and_then(|date| Date::parse(date).ok());
    let key: PolicyKey = session.policy_key.parse().map_err(|error| Error::internal("policy key", error))?;
    let is_card = id_type_of(key.policy.as_ref()) != IdType::Passport;
    if is_card && country_of(&key, read)?.as_str() == KOREA {
        return Ok(None);
    }
    let (Some(selfie), Some(name), Some(date_of_birth)) = (selfie, name, birth) else { return Ok(None) };
    let date = |text: &Option<String>| text.as_deref().and_then(|text| Date::parse(text).ok());
    Ok(Some(Step2 {
        submission_id: id.clone(),
        face_image: picture(selfie)?,
        name,
        date_of_birth,
        gender: ocr.gender.clone(),
        nationality: ocr.nationality.as_deref().and_then(|code| Country::new(code).ok()),
        identity: IdentityFields {
            document_number: ocr.document_number.as_deref().and_then(|number| Text::new(number).ok()),
            date_of_issue: date(&ocr.issue_date),
            date_of_expiry: date(&ocr.expire_date),
            ..IdentityFields::default()
        },
        address: None,
        address_image: None,
        document: None,
    }))
}

/// The submission as Argos holds it now.
pub(super) async fn read_again(runner: &ArgosRunner, id: &SubmissionId) -> Result<Option<Submission>, Error> {
    runner.submission(id).await.map_err(unavailable)
}

/// The submission of a case. One that is gone there is forgotten here, so that the next try begins anew.
async fn read_known(sandbox: &Sandbox, runner: &ArgosRunner, case: &ArgosCase) -> Result<Submission, Error> {
    match read_again(runner, &id_of(case)?).await? {
        Some(submission) => Ok(submission),
        None => {
            db::forget_argos_case(&sandbox.db, &case.argos_id).await?;
            Err(Error::Internal("Argos has no submission of this id any more".to_owned()))
        }
    }
}

/// What a submission that is final, or waits, means for a verification.
pub(super) fn ended(submission: &Submission) -> Opinion {
    let verdict = match submission.kyc.result {
        KycStatus::Approved => Verdict::Approved,
        KycStatus::Rejected => Verdict::Rejected(reason_of_comments(&submission.kyc.comment_codes)),
        // An unknown status is not taken for final.
        _ => Verdict::Pending,
    };
    Opinion { verdict, finding: finding(submission) }
}

/// What a request for another try means: another attempt, unless that was the last one.
fn retried(submission: &Submission, codes: &[RetryCode]) -> Opinion {
    if submission.kyc.result != KycStatus::Incomplete {
        return ended(submission);
    }
    let reason = codes.first().map_or(Reason::DocumentUnreadable, reason_of);
    let mut finding = finding(submission);
    finding.retry = codes.iter().map(|code| code.as_str().to_owned()).collect();
    Opinion { verdict: Verdict::Failed(reason), finding }
}

/// A picture that Argos did not take: another attempt.
fn refused(reason: Reason) -> Opinion {
    let finding = ArgosFinding { status: "refused".to_owned(), ..ArgosFinding::default() };
    Opinion { verdict: Verdict::Failed(reason), finding }
}

/// Reason of another attempt, where Argos refused a picture for what it shows.
fn reason_of_refusal(error: &idv_edge::Error) -> Option<Reason> {
    match Refusal::of(error)?.message {
        RefusalMessage::IdImageInvalid => Some(Reason::DocumentNotFound),
        RefusalMessage::IdImageUnprocessed => Some(Reason::DocumentUnreadable),
        RefusalMessage::FaceImageInvalid => Some(Reason::FaceNotFound),
        _ => None,
    }
}

fn finding(submission: &Submission) -> ArgosFinding {
    let last = submission.kyc.attempts.last();
    ArgosFinding {
        status: submission.kyc.result.as_str().to_owned(),
        similarity: last.and_then(|attempt| attempt.face_similarity_score),
        liveness: last.and_then(|attempt| attempt.liveness_score),
        retry: Vec::new(),
        comments: submission.kyc.comment_codes.iter().map(|code| code.as_str().to_owned()).collect(),
        watchlist: submission.aml_result.as_ref().map(|result| result.current_status.clone()),
    }
}

fn last_codes(submission: &Submission) -> Vec<RetryCode> {
    submission.kyc.attempts.last().map(|attempt| attempt.retry_codes.clone()).unwrap_or_default()
}

/// Reason of another attempt.
fn reason_of(code: &RetryCode) -> Reason {
    match code {
        RetryCode::DocumentExpired => Reason::DocumentExpired,
        RetryCode::DocumentCountryMismatch
        | RetryCode::DocumentNameMismatch
        | RetryCode::DocumentDobMismatch => Reason::DocumentMismatch,
        RetryCode::FaceCompareUnderscore => Reason::FaceMismatch,
        RetryCode::LivenessError => Reason::LivenessFailed,
        code if code.next_action() == NextAction::RepeatStep => Reason::DocumentMismatch,
        _ => Reason::DocumentUnreadable,
    }
}

/// Reason of a rejection, by the first code that says something.
fn reason_of_comments(codes: &[CommentCode]) -> Reason {
    codes
        .iter()
        .find_map(|code| match code {
            CommentCode::ExpiredId => Some(Reason::DocumentExpired),
            CommentCode::IdInfoDataMismatch => Some(Reason::DocumentMismatch),
            CommentCode::IdImageInvalidImage => Some(Reason::DocumentNotFound),
            CommentCode::IdImageInvalidId
            | CommentCode::IdImageError
            | CommentCode::IdImageBadImage
            | CommentCode::InvalidAcceptedId => Some(Reason::DocumentUnreadable),
            CommentCode::TooManyRetry => None,
            _ => Some(Reason::VendorRejected),
        })
        .unwrap_or(Reason::VendorRejected)
}

/// The country that the policy asks for; what the document names where the policy names none, or for a specimen.
fn country_of(key: &PolicyKey, read: &ReadOff) -> Result<Country, Error> {
    let asked = alpha_3(key.country.as_str());
    let named = ocr_of(read).issuing_country.filter(|code| Country::new(code.as_str()).is_ok());
    let country = match (asked, named) {
        (_, Some(named)) if is_specimen(&named) => named,
        (Some(asked), _) => asked.to_owned(),
        (None, Some(named)) => named,
        (None, None) => UNKNOWN_COUNTRY.to_owned(),
    };
    Country::new(country).map_err(invalid)
}

fn id_type_of(policy: Option<&KycPolicy>) -> IdType {
    match policy.map(KycPolicy::subject) {
        Some(Subject::Document(PolicyIdType::IdCard | PolicyIdType::ResidentialCard)) => IdType::GovernmentId,
        _ => IdType::Passport,
    }
}

/// The verification's own reference at Argos: its submission, or the scenario that the customer's user id names.
async fn reference(sandbox: &Sandbox, session: &Session) -> Result<String, Error> {
    Ok(directed(sandbox, session).await?.unwrap_or_else(|| session.submission_id.clone()))
}

/// A capture as Argos takes it: made smaller where it is over 2 MB.
fn picture(jpeg: &[u8]) -> Result<Picture, Error> {
    if jpeg.len() <= MAX_PICTURE_BYTES {
        return Picture::new(jpeg.to_vec()).map_err(invalid);
    }
    let smaller = decode_image(jpeg)
        .and_then(|picture| encode_jpeg(picture.view()?, SMALLER_QUALITY))
        .map_err(|error| Error::internal("picture for Argos", error))?;
    Picture::new(smaller).map_err(invalid)
}

/// SHA-256 of the document's pictures, lower-case hex.
fn digest_of(pictures: &BTreeMap<CaptureKind, Vec<u8>>) -> String {
    let mut digest = Sha256::new();
    for kind in [CaptureKind::DocumentFront, CaptureKind::DocumentBack] {
        if let Some(picture) = pictures.get(&kind) {
            digest.update(Sha256::digest(picture));
        }
    }
    hex::encode(digest.finalize())
}

fn id_of(case: &ArgosCase) -> Result<SubmissionId, Error> {
    SubmissionId::new(case.argos_id.as_str()).map_err(invalid)
}

fn invalid(error: idv_edge::Error) -> Error {
    Error::internal("request to Argos", error)
}

/// Argos cannot be asked, or does not take what is asked: the page tries again.
fn unavailable(error: idv_edge::Error) -> Error {
    tracing::error!(%error, "Argos cannot be asked");
    wire::problem(
        Code::VendorUnavailable,
        "Somebody who has to be asked does not answer. Try again in a moment.",
    )
    .into()
}

#[cfg(test)]
#[path = "argos_tests.rs"]
mod tests;
