//! Whether the transcript of a challenge can be that of a page which followed it: drawn again from its nonce, held
//! against its own times, its claims, its captures and its frames. What it claims is measured again afterwards.

use idv_edge::evidence::OpenedFrame;
use idv_protocol::liveness::{ActionResult, LivenessReport};
use idv_protocol::seal::{FrameHead, FrameStep};
use idv_protocol::{ActionKind, CaptureKind, CaptureMeta, Challenge};
use idv_seal::challenge::{nonce_of, schedule};
use idv_vision::liveness::ScriptParams;
use idv_vision::liveness::depth::MIN_SOLID_RESIDUAL;
use serde::{Deserialize, Serialize};

/// Difference of two times of a report that should be equal, in ms: they went through JSON.
const SAME_TIME_MS: f64 = 0.5;

/// Difference of two numbers of a report that should be equal: they went through JSON as 32-bit floats.
const EQUAL_WITHIN: f32 = 1e-3;

/// Time between two head poses of a transcript at most, in ms, where frames come as slowly as continuity bears.
const POSES_WITHIN_MS: f64 = 2_000.0;

/// What does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TranscriptFault {
    /// It follows another nonce, or another set.
    Challenge,
    /// It is of a draw that the plan does not allow, or that no break led to.
    Draw,
    /// Its actions are not those of that draw, in their order.
    Order,
    /// An action was met outside its window, or times run backwards.
    Times,
    /// What it claims contradicts itself: an action that was met without being done, a head that is flat.
    Claims,
    /// A picture is not of the time in which it was asked for.
    Captures,
    /// Frames that were opened are not of the times between.
    Frames,
    /// The passive scores are not those of the pictures.
    Scores,
}

/// The first fault of `report`, whose pictures are among `captures`, under `challenge`.
pub(super) fn fault(
    report: &LivenessReport,
    challenge: &Challenge,
    captures: &[CaptureMeta],
    frames: &[OpenedFrame],
) -> Option<TranscriptFault> {
    let checks: [(bool, TranscriptFault); 7] = [
        (follows(report, challenge), TranscriptFault::Challenge),
        (is_drawn(report, challenge), TranscriptFault::Draw),
        (is_in_order(report, challenge), TranscriptFault::Order),
        (runs_in_time(report, challenge), TranscriptFault::Times),
        (claims_fit(report), TranscriptFault::Claims),
        (captures_fit(report, captures), TranscriptFault::Captures),
        (frames_fit(captures, frames), TranscriptFault::Frames),
    ];
    checks.into_iter().find(|(fits, _)| !fits).map(|(_, fault)| fault)
}

fn follows(report: &LivenessReport, challenge: &Challenge) -> bool {
    report.nonce == challenge.nonce && challenge.allows(report.set)
}

/// Each draw but the last was ended by a break; the last one by a break only where it was not met.
fn is_drawn(report: &LivenessReport, challenge: &Challenge) -> bool {
    let breaks = &report.breaks;
    let ended = breaks.len() as u64 == u64::from(report.draw) + 1;
    report.draw < challenge.max_draws
        && (breaks.len() as u64 == u64::from(report.draw) || (ended && !report.challenge_met))
        && breaks.iter().zip(0u32..).all(|(one, draw)| one.draw == draw)
}

fn is_in_order(report: &LivenessReport, challenge: &Challenge) -> bool {
    let Some(nonce) = nonce_of(&challenge.nonce) else { return false };
    let asked = schedule(&nonce, report.set, report.draw);
    report.actions.len() <= asked.len()
        && report.actions.iter().zip(&asked).all(|(seen, asked)| seen.action == *asked)
        && (!report.challenge_met || report.actions.len() == asked.len())
}

/// Every action was met within its window, after the one before it and after every break that ended an earlier draw,
/// and none but the last was not.
fn runs_in_time(report: &LivenessReport, challenge: &Challenge) -> bool {
    let mut earliest_ms = 0.0;
    if let Some(last) = report.breaks.iter().take(report.draw as usize).next_back() {
        earliest_ms = last.at_ms;
    }
    report.frames > 0
        && report.poses.len() <= report.frames as usize
        && in_order(report.breaks.iter().map(|one| one.at_ms), report.duration_ms)
        && in_order(report.poses.iter().map(|pose| pose.at_ms), report.duration_ms)
        && report.actions.iter().enumerate().all(|(index, result)| {
            let ActionResult { action, prompted_at_ms, met_at_ms, .. } = result;
            let prompted = (earliest_ms..=report.duration_ms + SAME_TIME_MS).contains(prompted_at_ms);
            let Some(met_ms) = *met_at_ms else {
                return prompted && index + 1 == report.actions.len() && !report.challenge_met;
            };
            let window_ms = f64::from(action.window_ms) + f64::from(challenge.tolerance_ms);
            let fits = prompted
                && (0.0..=window_ms).contains(&(met_ms - prompted_at_ms))
                && met_ms <= report.duration_ms + SAME_TIME_MS;
            earliest_ms = met_ms;
            fits
        })
}

/// Whether `times` run forwards from 0 to `until_ms`.
fn in_order(mut times: impl Iterator<Item = f64>, until_ms: f64) -> bool {
    let mut last_ms = 0.0;
    times.all(|at_ms| {
        let fits = (last_ms..=until_ms + SAME_TIME_MS).contains(&at_ms);
        last_ms = at_ms;
        fits
    })
}

/// What was met was done, as the engine asks for it, and the poses show it.
fn claims_fit(report: &LivenessReport) -> bool {
    let deepest = report.actions.iter().filter_map(|result| result.depth).reduce(f32::max);
    let depth_fits = match (deepest, &report.depth) {
        (Some(deepest), Some(depth)) => {
            depth.residual >= deepest - EQUAL_WITHIN && depth.flat == (depth.residual < MIN_SOLID_RESIDUAL)
        }
        (Some(_), None) => false,
        (None, _) => true,
    };
    depth_fits && report.actions.iter().all(|result| was_done(result, report))
}

fn was_done(result: &ActionResult, report: &LivenessReport) -> bool {
    let ActionResult { action, prompted_at_ms, met_at_ms, value, depth } = result;
    let Some(met_ms) = *met_at_ms else { return value.is_finite() };
    let params = ScriptParams::default();
    let needed = match action.kind {
        ActionKind::Blink => action.times as f32,
        kind => params.needed(kind),
    };
    let solid = match depth {
        Some(depth) => action.kind.shows_depth() && *depth >= params.min_residual,
        None => !action.kind.shows_depth(),
    };
    *value >= needed && solid && {
        // The poses are samples; somewhere in its time the head has at least begun to move.
        let sign = match action.kind {
            ActionKind::TurnLeft => 1.0,
            ActionKind::TurnRight => -1.0,
            _ => return true,
        };
        let until_ms = met_ms + POSES_WITHIN_MS;
        let mut seen = report.poses.iter().filter(|pose| (*prompted_at_ms..=until_ms).contains(&pose.at_ms));
        seen.any(|sample| sample.pose.yaw_deg * sign >= needed / 2.0) || report.poses.is_empty()
    }
}

/// The selfie was taken before the first prompt of the draw, each picture of an action between its prompt and the next,
/// and of frames in that order.
fn captures_fit(report: &LivenessReport, captures: &[CaptureMeta]) -> bool {
    let of = |kind: CaptureKind| captures.iter().find(|capture| capture.kind == kind);
    let prompted = |index: usize| report.actions.get(index).map(|result| result.prompted_at_ms);
    let began_ms = report.breaks.iter().take(report.draw as usize).next_back().map_or(0.0, |last| last.at_ms);
    let kinds = [CaptureKind::Selfie, CaptureKind::Action1, CaptureKind::Action2];
    let in_time = kinds.into_iter().enumerate().all(|(index, kind)| {
        let Some(capture) = of(kind) else { return true };
        let from_ms = match index.checked_sub(1) {
            None => Some(began_ms),
            Some(action) => prompted(action),
        };
        let until_ms = prompted(index).unwrap_or(report.duration_ms) + SAME_TIME_MS;
        from_ms.is_some_and(|from_ms| (from_ms - SAME_TIME_MS..=until_ms).contains(&capture.at_ms))
    });
    let mut frames = kinds.into_iter().filter_map(|kind| of(kind)?.frame);
    let mut last = None;
    in_time
        && frames.all(|frame| {
            let later = last.is_none_or(|last| frame > last);
            last = Some(frame);
            later
        })
}

/// Frames of the face that lie between two captures are of a time between theirs.
fn frames_fit(captures: &[CaptureMeta], frames: &[OpenedFrame]) -> bool {
    let of_face = captures.iter().filter(|capture| FrameStep::of_capture(capture.kind) == FrameStep::Face);
    let marks: Vec<(u32, u64)> =
        of_face.filter_map(|capture| Some((capture.frame?, FrameHead::micros(capture.at_ms)))).collect();
    let (Some(first), Some(last)) = (marks.iter().min(), marks.iter().max()) else { return true };
    frames
        .iter()
        .filter(|frame| frame.head.step == FrameStep::Face && (first.0..=last.0).contains(&frame.index))
        .all(|frame| {
            marks.iter().all(|(index, at_us)| match frame.index.cmp(index) {
                std::cmp::Ordering::Less => frame.head.at_us <= *at_us,
                std::cmp::Ordering::Equal => frame.head.at_us == *at_us,
                std::cmp::Ordering::Greater => frame.head.at_us >= *at_us,
            })
        })
}
