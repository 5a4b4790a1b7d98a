//! What the pictures say, or the scenario that stands for them.
//!
//! In: a userid, pictures. Out: what was read and measured. Rule: with a scenario no picture is looked at; without one
//! every value comes from the pictures.

use super::record::Ocr;
use super::refusal::{Refused, message};
use super::rules::{document_faults, has_barcode, ocr_of, shapes_of};
use crate::decision::{Judge, likeness, liveness_score};
use crate::error::Error;
use crate::scenario::Scenario;
use crate::state::Sandbox;
use idv_edge::argos::{CommentCode, Gender, IdType, NextAction, RetryCode};
use idv_protocol::reading::CalendarDate;
use idv_vision::face::Embedding;
use idv_vision::frame::decode_image;
use std::sync::Arc;

/// Scores of a scenario whose faces fit, those of the vendor's sample of step2.
const SAMPLE_SIMILARITY: f32 = 99.0;
const SAMPLE_LIVENESS: f32 = 91.0;

/// Liveness of a scenario whose faces do not fit, that of its published rejected answer.
const SAMPLE_LIVENESS_REJECTED: f32 = 99.0;

/// Age of the person of [`Scenario::UnderAge`]: a year below the vendor's default limit.
const UNDER_AGE_YEARS: u16 = 12;

/// A scenario that a userid names, and what stands behind it: `scenario:retry:liveness_error` names a code too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Directed {
    pub(super) scenario: Scenario,
    detail: String,
}

impl Directed {
    /// The scenario in `userid` that stands for this vendor's work; none where it is another vendor's.
    pub(super) fn of(userid: Option<&str>) -> Option<Self> {
        let userid = userid?;
        let scenario = Scenario::of(userid)?;
        let ours = [
            Scenario::Approve,
            Scenario::Reject,
            Scenario::Pending,
            Scenario::Expire,
            Scenario::Duplicate,
            Scenario::AmlHit,
            Scenario::Retry,
            Scenario::UnderAge,
            Scenario::Blacklist,
        ];
        let detail = userid.split(':').nth(2).unwrap_or_default().to_owned();
        ours.contains(&scenario).then_some(Self { scenario, detail })
    }

    /// The code with which each try asks for another one.
    fn retry_code(&self) -> Option<RetryCode> {
        (self.scenario == Scenario::Retry).then(|| {
            let named = RetryCode::from(self.detail.as_str());
            if named.is_known() { named } else { RetryCode::FaceCompareUnderscore }
        })
    }

    /// The code of a rejection that is asked for by name.
    pub(super) fn comment_code(&self) -> Option<CommentCode> {
        Some(CommentCode::from(self.detail.as_str())).filter(CommentCode::is_known)
    }
}

/// What step1 learns.
pub(super) struct SeenDocument {
    pub(super) ocr: Ocr,
    pub(super) faults: Vec<RetryCode>,
    pub(super) portrait: Option<Embedding>,
}

/// What step2 learns. Scores are whole numbers from 0 to 100.
pub(super) struct SeenFace {
    pub(super) faces: u32,
    pub(super) similarity: f32,
    /// `None` where nothing measures it in this run.
    pub(super) liveness: Option<f32>,
    pub(super) face: Option<Embedding>,
}

/// Reads a document.
pub(super) async fn document(
    sandbox: &Sandbox,
    directed: Option<&Directed>,
    country: &str,
    id_type: &IdType,
    front: &[u8],
    back: Option<&[u8]>,
) -> Result<SeenDocument, Refused> {
    let today = CalendarDate::of_unix_ms(sandbox.clock.now_ms());
    if let Some(directed) = directed {
        let code = directed.retry_code().filter(|code| code.next_action() != NextAction::RetakeSelfie);
        let ocr = sample_person(directed.scenario, country, today);
        return Ok(SeenDocument { ocr, faults: code.into_iter().collect(), portrait: None });
    }
    let judge = judge(sandbox)?;
    let (country, id_type) = (country.to_owned(), id_type.clone());
    let (front, back) = (front.to_vec(), back.map(<[u8]>::to_vec));
    blocking(move || {
        let unprocessed = |_| Refused::bad(message::ID_IMAGE_UNPROCESSED);
        let front = decode_image(&front).map_err(unprocessed)?;
        let back = back.as_deref().map(decode_image).transpose().map_err(unprocessed)?;
        let with_barcode = has_barcode(&country, &id_type);
        let look = judge
            .look_at_document(&front, back.as_ref(), shapes_of(&id_type), with_barcode, today)
            .map_err(|error| Error::internal("document", error))?
            .ok_or_else(|| Refused::bad(message::ID_IMAGE_INVALID))?;
        Ok(SeenDocument {
            ocr: ocr_of(&look.read),
            faults: document_faults(&look, &country, &id_type, today),
            portrait: look.portrait,
        })
    })
    .await
}

/// Compares a face with the portrait.
pub(super) async fn face(
    sandbox: &Sandbox,
    directed: Option<&Directed>,
    portrait: Option<&Embedding>,
    picture: &[u8],
) -> Result<SeenFace, Refused> {
    if let Some(directed) = directed {
        let (similarity, liveness) = match directed.retry_code() {
            Some(RetryCode::LivenessError) => (SAMPLE_SIMILARITY, 0.0),
            Some(_) => (0.0, SAMPLE_LIVENESS_REJECTED),
            None => (SAMPLE_SIMILARITY, SAMPLE_LIVENESS),
        };
        return Ok(SeenFace { faces: 1, similarity, liveness: Some(liveness), face: None });
    }
    let judge = judge(sandbox)?;
    let (portrait, picture) = (portrait.cloned(), picture.to_vec());
    blocking(move || {
        let picture = decode_image(&picture).map_err(|_| Refused::bad(message::FACE_IMAGE_INVALID))?;
        let look = judge.look_at_face(&picture).map_err(|error| Error::internal("face", error))?;
        let similarity =
            portrait.zip(look.embedding.as_ref()).map_or(0.0, |(portrait, face)| portrait.similarity(face));
        Ok(SeenFace {
            faces: look.faces,
            similarity: likeness(similarity).floor(),
            liveness: look.live.map(|live| liveness_score(live).floor()),
            face: look.embedding,
        })
    })
    .await
}

fn judge(sandbox: &Sandbox) -> Result<Arc<Judge>, Refused> {
    sandbox.judge.clone().ok_or_else(Refused::no_models)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refused> + Send + 'static,
) -> Result<T, Refused> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::internal("pictures", error))?
}

/// The person of a scenario: that of the vendor's sample of step1, or a child.
fn sample_person(scenario: Scenario, country: &str, today: CalendarDate) -> Ocr {
    let birth_date = match scenario {
        Scenario::UnderAge => format!("{:04}-01-01", today.year.saturating_sub(UNDER_AGE_YEARS)),
        _ => "1975-08-25".to_owned(),
    };
    Ocr {
        name: Some("John Smith".to_owned()),
        gender: Some(Gender::Male),
        nationality: Some(country.to_owned()),
        birth_date: Some(birth_date),
        issue_date: Some("2020-02-25".to_owned()),
        issuing_country: Some(country.to_owned()),
        ..Ocr::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_userid_directs_only_what_is_this_vendors() {
        let of = |userid: &str| Directed::of(Some(userid)).map(|directed| directed.scenario);
        assert_eq!(of("scenario:approve:user-1"), Some(Scenario::Approve));
        assert_eq!((of("scenario:otp-wrong"), of("user-1"), Directed::of(None)), (None, None, None));
    }

    #[test]
    fn every_published_code_can_be_asked_for_by_name() {
        for code in RetryCode::KNOWN {
            let directed = Directed::of(Some(&Scenario::Retry.reference(code.as_str()))).expect("directed");
            assert_eq!(directed.retry_code().as_ref(), Some(code));
        }
        for code in CommentCode::KNOWN {
            let directed = Directed::of(Some(&Scenario::Reject.reference(code.as_str()))).expect("directed");
            assert_eq!(directed.comment_code().as_ref(), Some(code));
        }
        let other = Directed::of(Some("scenario:retry:user-7")).expect("directed");
        assert_eq!(other.retry_code(), Some(RetryCode::FaceCompareUnderscore));
    }
}
