//! The order of the face step, without pixels: position, actions, back to rest between them.

use super::depth::larger;
use super::measure::{Rest, Seen};
use super::params::ScriptParams;
use super::schedule::Schedule;
use crate::face::{BlinkCounter, EYES_OPEN_RATIO};
use idv_protocol::face::Asked;
use idv_protocol::liveness::{ActionResult, Break, BreakReason};
use idv_protocol::{Action, ActionKind, FaceHint, FacePhase};

/// What is before the camera.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Sight {
    /// No face, or one that cannot be measured.
    Nobody,
    /// More than one face.
    Several,
    /// One face.
    One(Seen),
}

/// What to do with a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Keep {
    /// Nothing.
    No,
    /// It may be the selfie.
    Selfie,
    /// It may be the picture of this action; the higher the number, the better.
    Action(usize, f32),
}

/// Where the script stands after a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Step {
    /// What to do with the frame.
    pub keep: Keep,
    /// True when everything kept so far is void.
    pub restarted: bool,
    /// The phase.
    pub phase: FacePhase,
    /// What to ask for; `None` where the frame's own faults come first.
    pub ask: Option<FaceHint>,
}

/// Yaw in degrees up to which the picture of a turn becomes better: beyond it a face is harder to recognise.
const BEST_TURN_DEG: f32 = 40.0;

/// Growth up to which the picture of a face that came closer becomes better: beyond it a face is cut off.
const BEST_GROWTH: f32 = 1.6;

/// A head whose turn has fallen this far below its peak, in degrees, is on its way back.
const PAST_PEAK_DEG: f32 = 6.0;

/// Frames of rest that are remembered: those of a second and a half at 20 frames a second.
const REST_FRAMES: usize = 30;

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    /// Waiting for a good frontal face, or watching one.
    Position(Option<Watch>),
    /// Action `index` was asked for, and seen in `hits` frames.
    Act { index: usize, hits: u32, eyes: Eyes },
    /// Back to rest after action `index`, since.
    Return { index: usize, since_ms: f64 },
    /// Ended.
    Done,
}

/// How long and how often a good frontal face has been seen.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Watch {
    since_ms: f64,
    last_good_ms: f64,
    frames: u32,
}

/// Blinks since they were asked for; the first begins with open eyes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Eyes {
    were_open: bool,
    counter: BlinkCounter,
}

impl Eyes {
    fn see(&mut self, eyes_ratio: f32) -> u32 {
        self.were_open |= eyes_ratio > EYES_OPEN_RATIO;
        if self.were_open {
            self.counter.update(eyes_ratio);
        }
        self.counter.blinks
    }
}

/// The script of one face step.
pub(super) struct Script {
    params: ScriptParams,
    schedule: Schedule,
    /// Draw that is followed, from 0, and its actions.
    draw: u32,
    actions: Vec<Action>,
    state: State,
    /// Good frames while it waited, and the rest that follows from them.
    at_rest: Vec<Seen>,
    rest: Option<Rest>,
    last_seen_ms: f64,
    /// When the first action was ever asked for. The whole challenge has a limit, however often it restarts.
    challenge_began_ms: Option<f64>,
    results: Vec<ActionResult>,
    breaks: Vec<Break>,
}

impl Script {
    pub(super) fn new(schedule: Schedule, params: ScriptParams) -> Self {
        Self {
            params,
            draw: 0,
            actions: schedule.actions(0),
            schedule,
            state: State::Position(None),
            at_rest: Vec::new(),
            rest: None,
            last_seen_ms: f64::NEG_INFINITY,
            challenge_began_ms: None,
            results: Vec::new(),
            breaks: Vec::new(),
        }
    }

    /// What happened to each action that was asked for in this draw.
    pub(super) fn results(&self) -> &[ActionResult] {
        &self.results
    }

    /// Every break so far.
    pub(super) fn breaks(&self) -> &[Break] {
        &self.breaks
    }

    /// The draw that is followed, from 0.
    pub(super) fn draw(&self) -> u32 {
        self.draw
    }

    /// The actions of that draw.
    pub(super) fn actions(&self) -> &[Action] {
        &self.actions
    }

    /// The action that is asked for at `now_ms`, with what is left of its time.
    pub(super) fn prompted(&self, now_ms: f64) -> Option<Asked> {
        let State::Act { index, eyes, .. } = self.state else { return None };
        let result = self.results.get(index)?;
        let left_ms = f64::from(result.action.window_ms) - (now_ms - result.prompted_at_ms);
        let blinks = result.action.kind == ActionKind::Blink;
        let done = if blinks { eyes.counter.blinks } else { 0 };
        Some(Asked { action: result.action, done, left_ms: left_ms.max(0.0) })
    }

    /// The action that is asked for now.
    pub(super) fn asked(&self) -> Option<ActionKind> {
        match self.state {
            State::Act { index, .. } => self.actions.get(index).map(|action| action.kind),
            State::Position(_) | State::Return { .. } | State::Done => None,
        }
    }

    /// True when every action was met in time.
    pub(super) fn met(&self) -> bool {
        !self.actions.is_empty() && self.actions_done() as usize == self.actions.len()
    }

    /// Actions met so far.
    pub(super) fn actions_done(&self) -> u32 {
        self.results.iter().filter(|action| action.met_at_ms.is_some()).count() as u32
    }

    /// True while a frontal face is waited for.
    pub(super) fn positioning(&self) -> bool {
        matches!(self.state, State::Position(_))
    }

    /// Progress of the whole step at `now_ms`, 0 to 1: the position is a third, the actions share the rest.
    pub(super) fn progress(&self, now_ms: f64) -> f32 {
        const POSITION: f32 = 1.0 / 3.0;
        let share = (1.0 - POSITION) / self.actions.len().max(1) as f32;
        match self.state {
            State::Position(Some(watch)) => {
                let time = ((now_ms - watch.since_ms) / self.params.position_ms).clamp(0.0, 1.0) as f32;
                let count = (watch.frames as f32 / self.params.position_frames as f32).min(1.0);
                time.min(count) * POSITION
            }
            State::Position(None) => 0.0,
            State::Act { .. } | State::Return { .. } => POSITION + share * self.actions_done() as f32,
            State::Done => 1.0,
        }
    }

    /// Goes on by one frame at `now_ms`. With `broken`, continuity ended with this frame.
    pub(super) fn step(&mut self, now_ms: f64, sight: Sight, broken: Option<BreakReason>) -> Step {
        let lost = match sight {
            Sight::Nobody => Some(BreakReason::FaceLost),
            Sight::Several => Some(BreakReason::SeveralFaces),
            Sight::One(_) => None,
        }
        .filter(|_| now_ms - self.last_seen_ms > self.params.lost_ms);
        let mut restarted = broken.or(lost).is_some_and(|reason| self.break_off(now_ms, reason));
        let keep = match sight {
            Sight::One(seen) => {
                self.last_seen_ms = now_ms;
                let (keep, again) = self.go_on(now_ms, seen);
                restarted |= again;
                keep
            }
            Sight::Nobody | Sight::Several => Keep::No,
        };
        self.check_time(now_ms);
        Step { keep, restarted, phase: self.phase(), ask: self.ask() }
    }

    /// What a frame with one face leads to, and whether the watch begins anew.
    fn go_on(&mut self, now_ms: f64, seen: Seen) -> (Keep, bool) {
        match self.state {
            State::Position(Some(watch)) if !seen.good => {
                let over = now_ms - watch.last_good_ms > self.params.tolerated_gap_ms;
                if over {
                    self.begin_anew();
                }
                (Keep::No, over)
            }
            State::Position(watch) if seen.good => {
                self.watch(now_ms, watch, seen);
                (Keep::Selfie, false)
            }
            State::Act { index, hits, eyes } => (self.act(now_ms, index, hits, eyes, seen), false),
            State::Return { index, .. } => {
                if self.is_at_rest(index, &seen) {
                    self.prompt(index + 1, now_ms);
                }
                (Keep::No, false)
            }
            State::Position(_) | State::Done => (Keep::No, false),
        }
    }

    fn watch(&mut self, now_ms: f64, watch: Option<Watch>, seen: Seen) {
        let mut watch = watch.unwrap_or(Watch { since_ms: now_ms, last_good_ms: now_ms, frames: 0 });
        watch.last_good_ms = now_ms;
        watch.frames += 1;
        if self.at_rest.len() < REST_FRAMES {
            self.at_rest.push(seen);
        }
        self.state = State::Position(Some(watch));
        if now_ms - watch.since_ms >= self.params.position_ms && watch.frames >= self.params.position_frames {
            self.rest = Rest::of(&self.at_rest);
            self.challenge_began_ms.get_or_insert(now_ms);
            self.prompt(0, now_ms);
        }
    }

    fn act(&mut self, now_ms: f64, index: usize, hits: u32, mut eyes: Eyes, seen: Seen) -> Keep {
        let (Some(rest), Some(result)) = (self.rest, self.results.get_mut(index)) else { return Keep::No };
        let Action { kind, times, .. } = result.action;
        let value = rest.value(kind, &seen);
        let (hits, score) = if kind == ActionKind::Blink {
            let blinks = eyes.see(value);
            result.value = blinks as f32;
            if blinks >= times {
                result.met_at_ms.get_or_insert(now_ms);
            }
            (hits, 1.0 - value)
        } else {
            result.value = result.value.max(value);
            if kind.shows_depth() {
                result.depth = larger(result.depth, seen.depth);
            }
            let reached = self.params.shows(kind, &rest, &seen);
            let hits = hits + u32::from(reached);
            if reached && hits >= self.params.action_frames {
                result.met_at_ms.get_or_insert(now_ms);
            }
            (hits, score_of(kind, value))
        };
        let past_peak = kind.shows_depth() && value < result.value - PAST_PEAK_DEG;
        let over = result
            .met_at_ms
            .is_some_and(|met| kind == ActionKind::Blink || past_peak || now_ms - met >= self.params.peak_ms);
        self.state = match over {
            false => State::Act { index, hits, eyes },
            true if index + 1 < self.actions.len() => State::Return { index, since_ms: now_ms },
            true => State::Done,
        };
        Keep::Action(index, score)
    }

    /// Whether the face is back to rest after action `index`.
    fn is_at_rest(&self, index: usize, seen: &Seen) -> bool {
        let (Some(rest), Some(action)) = (self.rest, self.actions.get(index)) else { return false };
        let params = &self.params;
        let back = |ratio: f32, needed: f32| ratio - 1.0 <= (needed - 1.0) * params.rest_share;
        let front = [ActionKind::TurnLeft, ActionKind::LookUp]
            .into_iter()
            .all(|kind| rest.turned_deg(kind, seen).abs() <= params.front_deg)
            && rest.parallax(ActionKind::TurnLeft, seen).abs() <= params.front_parallax;
        let relaxed = match action.kind {
            ActionKind::Blink => rest.eyes_ratio(seen) > EYES_OPEN_RATIO,
            ActionKind::Smile => back(rest.smile_ratio(seen), params.smile_ratio),
            _ => back(rest.growth_ratio(seen), params.closer_ratio),
        };
        front && relaxed
    }

    /// Ends the step when the time for an action, for coming back, or for everything has run out.
    fn check_time(&mut self, now_ms: f64) {
        let tolerance_ms = f64::from(self.schedule.challenge().tolerance_ms);
        let window_ms = |action: &Action| f64::from(action.window_ms) + tolerance_ms;
        let (since, index, met) = match self.state {
            State::Act { index, .. } => match self.results.get(index) {
                Some(result) => (result.prompted_at_ms, index, result.met_at_ms.is_some()),
                None => return,
            },
            State::Return { index, since_ms } => (since_ms, index, false),
            State::Position(_) | State::Done => (now_ms, 0, true),
        };
        let limit_ms = self.actions.get(index).map_or(0.0, window_ms);
        let over = !met && now_ms - since > limit_ms;
        let draws = f64::from(self.schedule.challenge().max_draws);
        let all_ms = draws * 2.0 * self.actions.iter().map(window_ms).sum::<f64>();
        if over || self.challenge_began_ms.is_some_and(|began| now_ms - began > all_ms) {
            self.state = State::Done;
        }
    }

    fn prompt(&mut self, index: usize, now_ms: f64) {
        let Some(action) = self.actions.get(index).copied() else {
            self.state = State::Done;
            return;
        };
        self.state = State::Act { index, hits: 0, eyes: Eyes::default() };
        self.results.push(ActionResult {
            action,
            prompted_at_ms: now_ms,
            met_at_ms: None,
            value: 0.0,
            depth: None,
        });
    }

    /// Ends the draw, and begins the next one where there is one. True when what was kept so far is void: before the
    /// first prompt nothing was given away, and the same draw begins anew.
    fn break_off(&mut self, now_ms: f64, reason: BreakReason) -> bool {
        match self.state {
            State::Done | State::Position(None) => false,
            State::Position(Some(_)) => {
                self.begin_anew();
                true
            }
            State::Act { .. } | State::Return { .. } => {
                self.breaks.push(Break { at_ms: now_ms, reason, draw: self.draw });
                if self.draw + 1 >= self.schedule.challenge().max_draws {
                    self.state = State::Done;
                    return false;
                }
                self.draw += 1;
                self.actions = self.schedule.actions(self.draw);
                self.begin_anew();
                true
            }
        }
    }

    fn begin_anew(&mut self) {
        self.state = State::Position(None);
        self.at_rest.clear();
        self.rest = None;
        self.results.clear();
    }

    fn phase(&self) -> FacePhase {
        match self.state {
            State::Position(_) => FacePhase::Position,
            State::Act { .. } | State::Return { .. } => FacePhase::Challenge,
            State::Done => FacePhase::Done,
        }
    }

    fn ask(&self) -> Option<FaceHint> {
        let kind = |index: usize| self.actions.get(index).map(|action| action.kind);
        match self.state {
            State::Position(_) => None,
            State::Act { index, .. } => kind(index).map(ActionKind::hint),
            State::Return { index, .. } => kind(index).map(|kind| match kind {
                ActionKind::Blink => FaceHint::OpenEyes,
                ActionKind::Smile => FaceHint::RelaxFace,
                ActionKind::ComeCloser => FaceHint::GoBack,
                _ => FaceHint::TurnBack,
            }),
            State::Done => Some(FaceHint::Done),
        }
    }
}

/// How good a picture of an action is that has this value.
fn score_of(kind: ActionKind, value: f32) -> f32 {
    match kind {
        ActionKind::ComeCloser => value.min(BEST_GROWTH),
        ActionKind::Smile => value,
        _ => value.min(BEST_TURN_DEG),
    }
}

#[cfg(test)]
#[path = "script_tests.rs"]
mod tests;
