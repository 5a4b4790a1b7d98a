//! Whether the evidence can be what a page saw: pictures that decode, frames that show them, a report that fits its
//! challenge and itself. Digests, nonce and consent were held against the session before.

use super::Submission;
use idv_edge::evidence::OpenedFrame;
use idv_protocol::{CaptureKind, LivenessReport, Passive};
use idv_vision::commitment::{difference, pixels_of};
use idv_vision::frame::{RgbaImage, decode_image};
use idv_vision::liveness::turns_from_nonce;
use std::collections::BTreeMap;

/// Slack on the times of a report in ms: a turn is measured some frames after it happens.
const TIME_SLACK_MS: f64 = 1_500.0;

/// Time of a turn at most that is believed, in ms. Plans ask for seconds.
const MAX_TURN_MS: f64 = 60_000.0;

/// Mean difference of a capture and its frame at most, in levels of 255. What JPEG changes of a picture that is shrunk
/// that much is below 2; another moment of the same scene is above 10.
const MAX_DIFFERENCE: f64 = 6.0;

/// Difference of two numbers of a report that should be equal: they went through JSON as 32-bit floats.
const EQUAL_WITHIN: f32 = 1e-3;

/// The decoded pictures of a submission, if its evidence is plausible.
pub(super) fn check(submission: &Submission) -> Option<BTreeMap<CaptureKind, RgbaImage>> {
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
    let report_fits = evidence.liveness.as_ref().is_none_or(|report| is_plausible(report, &submission.nonce));
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
    difference(&pixels, &frame.pixels) <= MAX_DIFFERENCE
}

fn is_plausible(report: &LivenessReport, nonce: &str) -> bool {
    let Ok(asked) = turns_from_nonce(nonce) else { return false };
    let follows_the_challenge = report.turns.len() <= asked.len()
        && report.turns.iter().zip(&asked).all(|(seen, asked)| seen.turn == *asked);
    let mut earliest_ms = 0.0;
    let times_run_forward = report.turns.iter().enumerate().all(|(index, turn)| {
        let is_last = index + 1 == report.turns.len();
        let met_ms = match turn.met_at_ms {
            Some(met_ms) => met_ms,
            None => return is_last && !report.challenge_met,
        };
        let fits = turn.prompted_at_ms >= earliest_ms
            && met_ms >= turn.prompted_at_ms
            && met_ms <= turn.prompted_at_ms + MAX_TURN_MS
            && met_ms <= report.duration_ms + TIME_SLACK_MS;
        earliest_ms = met_ms;
        fits
    });
    let met_is_all = !report.challenge_met || report.turns.len() == asked.len();
    let poses_are_frames = report.poses.len() <= report.frames as usize
        && report.poses.windows(2).all(|pair| matches!(pair, [a, b] if a.at_ms <= b.at_ms));
    follows_the_challenge
        && times_run_forward
        && met_is_all
        && poses_are_frames
        && report.frames > 0
        && scores_fit(&report.passive)
}

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
