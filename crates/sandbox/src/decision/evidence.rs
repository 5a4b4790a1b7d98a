//! Whether the evidence can be what a page saw: pictures that decode, frames that show them, a transcript that fits its
//! challenge. Digests, nonce and consent were held against the session before.

use super::{Finding, Submission, transcript};
use idv_edge::evidence::OpenedFrame;
use idv_protocol::seal::FrameStep;
use idv_protocol::{CaptureKind, Passive};
use idv_vision::commitment::{difference, largest_difference, pixels_of};
use idv_vision::frame::{RgbaImage, decode_image};
use std::collections::BTreeMap;

/// Mean difference of a capture and its frame at most, in levels of 255. What JPEG changes of a picture that is shrunk
/// that much is below 2; another moment of the same scene is above 10.
const MAX_DIFFERENCE: f64 = 6.0;

/// Largest difference of any block of a face's frame at most. `cargo test --test tampering -- --nocapture` prints what
/// it lies between: pictures and their own frames, and frames of another session of the same person in the same room.
const MAX_BLOCK_DIFFERENCE: f64 = 14.0;

/// Difference of two numbers of a report that should be equal: they went through JSON as 32-bit floats.
const EQUAL_WITHIN: f32 = 1e-3;

/// The decoded pictures of a submission, if its evidence is plausible; what does not fit its challenge stands in the
/// finding.
pub(super) fn check(
    submission: &Submission,
    finding: &mut Finding,
) -> Option<BTreeMap<CaptureKind, RgbaImage>> {
    let evidence = &submission.evidence;
    let mut pictures = BTreeMap::new();
    for (kind, jpeg) in &submission.pictures {
        let picture = decode_image(jpeg).ok()?;
        picture.view().ok()?;
        pictures.insert(*kind, picture);
    }
    let metas_fit = evidence.captures.iter().all(|meta| {
        let bytes = submission.pictures.get(&meta.kind).map(Vec::len);
        bytes == Some(meta.bytes as usize)
            && pictures.get(&meta.kind).is_some_and(|picture| picture.size == meta.size)
    });
    let report_fits = match (&evidence.liveness, &submission.challenge) {
        (Some(report), Some(challenge)) => {
            let found = transcript::fault(report, challenge, &evidence.captures, &submission.frames);
            finding.transcript = found;
            found.is_none() && scores_fit(&report.passive)
        }
        (report, _) => report.is_none(),
    };
    let frames_fit = submission.frames.iter().all(|frame| {
        frame.capture.is_none_or(|kind| pictures.get(&kind).is_some_and(|picture| resembles(picture, frame)))
    });
    (metas_fit && report_fits && frames_fit).then_some(pictures)
}

/// Whether the frame that the page committed to shows the picture that it sent.
fn resembles(picture: &RgbaImage, frame: &OpenedFrame) -> bool {
    let Some(pixels) = picture.view().ok().and_then(|view| pixels_of(view, &frame.head)) else {
        return false;
    };
    let step = frame.head.step;
    difference(&pixels, &frame.pixels) <= MAX_DIFFERENCE
        && (step != FrameStep::Face
            || largest_difference(&pixels, &frame.pixels, step) <= MAX_BLOCK_DIFFERENCE)
}

/// Whether the passive scores fit themselves.
fn scores_fit(passive: &Passive) -> bool {
    let Passive::Scored { scores, median } = passive else { return true };
    let mut sorted = scores.clone();
    sorted.sort_by(f32::total_cmp);
    let (Some(low), Some(high)) =
        (sorted.get(sorted.len().saturating_sub(1) / 2), sorted.get(sorted.len() / 2))
    else {
        return false;
    };
    // Either middle score, or the mean of both, is a median.
    sorted.iter().all(|score| (0.0..=1.0).contains(score))
        && (low - EQUAL_WITHIN..=high + EQUAL_WITHIN).contains(median)
}
