//! Whether the evidence can be what a page saw: pictures that decode, frames that show them, a report that fits its
//! challenge and itself. Digests, nonce and consent were held against the session before.

use super::Submission;
use idv_edge::evidence::OpenedFrame;
use idv_protocol::{ActionResult, CaptureKind, Challenge, LivenessReport, Passive};
use idv_seal::challenge::{nonce_of, schedule};
use idv_vision::commitment::{difference, pixels_of};
use idv_vision::frame::{RgbaImage, decode_image};
use std::collections::BTreeMap;

/// Difference of two times of a report that should be equal, in ms: they went through JSON.
const SAME_TIME_MS: f64 = 0.5;

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
    let report_fits = match (&evidence.liveness, &submission.challenge) {
        (Some(report), Some(challenge)) => is_plausible(report, challenge),
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
    difference(&pixels, &frame.pixels) <= MAX_DIFFERENCE
}

/// Whether a page that followed `challenge` can have reported this.
fn is_plausible(report: &LivenessReport, challenge: &Challenge) -> bool {
    let Some(nonce) = nonce_of(&challenge.nonce) else { return false };
    let asked = schedule(&nonce, challenge.set, report.draw);
    let follows_the_challenge = report.nonce == challenge.nonce
        && report.set == challenge.set
        && report.draw < challenge.max_draws
        && report.actions.len() <= asked.len()
        && report.actions.iter().zip(&asked).all(|(seen, asked)| seen.action == *asked);
    let met_is_all = !report.challenge_met || report.actions.len() == asked.len();
    let poses_are_frames = report.poses.len() <= report.frames as usize
        && report.poses.windows(2).all(|pair| matches!(pair, [a, b] if a.at_ms <= b.at_ms));
    follows_the_challenge
        && times_run_forward(report, challenge)
        && met_is_all
        && poses_are_frames
        && report.frames > 0
        && scores_fit(&report.passive)
}

/// Whether every action was met within its window, after the one before it, and none but the last was not.
fn times_run_forward(report: &LivenessReport, challenge: &Challenge) -> bool {
    let mut earliest_ms = 0.0;
    report.actions.iter().enumerate().all(|(index, result)| {
        let ActionResult { action, prompted_at_ms, met_at_ms, .. } = result;
        let Some(met_ms) = *met_at_ms else {
            return index + 1 == report.actions.len() && !report.challenge_met;
        };
        let window_ms = f64::from(action.window_ms) + f64::from(challenge.tolerance_ms);
        let fits = *prompted_at_ms >= earliest_ms
            && (0.0..=window_ms).contains(&(met_ms - prompted_at_ms))
            && met_ms <= report.duration_ms + SAME_TIME_MS;
        earliest_ms = met_ms;
        fits
    })
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
