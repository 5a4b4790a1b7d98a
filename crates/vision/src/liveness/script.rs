//! The order of the face step, without pixels: position, turns, back to the front between them.

use idv_protocol::face::TurnResult;
use idv_protocol::{FaceHint, FacePhase, Turn};

/// Times and limits of the face step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScriptParams {
    /// How long a good frontal face is watched before the first turn is asked for, in ms: long enough to choose
    /// the best of several frames, short enough to hold still.
    pub position_ms: f64,
    /// Fewest good frames in that time, so that a slow device has a choice as well.
    pub position_frames: u32,
    /// A fault shorter than this, in ms, does not begin the watch anew: one blurred frame in a second is usual.
    pub tolerated_gap_ms: f64,
    /// Without exactly one face for longer than this, in ms, the challenge begins anew: another face could have
    /// taken its place. Detection may fail for some frames while a head turns quickly.
    pub lost_ms: f64,
    /// Yaw in degrees from which a head counts as turned. People turn by 25 to 45 degrees when asked to; below
    /// 20 the turn could be a mere movement of the camera.
    pub turned_deg: f32,
    /// Frames in which a head must be turned, so that one wrong measurement meets nothing.
    pub turned_frames: u32,
    /// Change of the nose's offset from which a turn has the parallax of a solid head. At 20 degrees a head gives
    /// about 0.3; a flat picture, tilted by 45 degrees at 40 cm, 0.03 by its perspective.
    pub min_parallax: f32,
    /// Yaw in degrees below which a head is back at the front.
    pub front_deg: f32,
    /// Change of the nose's offset below which a head is back at the front.
    pub front_parallax: f32,
    /// How long after a turn was reached its best frame is looked for, in ms.
    pub peak_ms: f64,
}

impl Default for ScriptParams {
    fn default() -> Self {
        Self {
            position_ms: 800.0,
            position_frames: 4,
            tolerated_gap_ms: 300.0,
            lost_ms: 600.0,
            turned_deg: 20.0,
            turned_frames: 2,
            min_parallax: 0.15,
            front_deg: 12.0,
            front_parallax: 0.2,
            peak_ms: 400.0,
        }
    }
}

/// The one face of a frame, in numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Seen {
    /// Yaw in degrees, above 0 to the subject's left.
    pub yaw_deg: f32,
    /// Offset of the nose, as [`crate::face::nose_offset`] gives it.
    pub nose_offset: f32,
    /// True when every check of a frontal face passed.
    pub good: bool,
}

/// What to do with a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Keep {
    /// Nothing.
    No,
    /// It may be the selfie.
    Selfie,
    /// It may be the picture of this turn; the higher the number, the better.
    Turn(usize, f32),
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

/// Yaw in degrees up to which a turn's picture becomes better: beyond it a face is harder to recognise.
const BEST_TURN_DEG: f32 = 40.0;

/// A head whose yaw has fallen this far below its peak is on its way back.
const PAST_PEAK_DEG: f32 = 6.0;

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    /// Waiting for a good frontal face, or watching one.
    Position(Option<Watch>),
    /// Turn `index` was asked for, and reached in `hits` frames.
    Turn { index: usize, hits: u32 },
    /// Back to the front after turn `index`, since.
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

/// The script of one face step.
pub(super) struct Script {
    params: ScriptParams,
    turns: Vec<Turn>,
    turn_timeout_ms: f64,
    state: State,
    /// Sum and count of the nose's offsets while it waited: their mean is the front.
    front: (f32, u32),
    last_seen_ms: f64,
    /// When the first turn was ever asked for. The whole challenge has a limit, however often it restarts.
    challenge_began_ms: Option<f64>,
    results: Vec<TurnResult>,
}

impl Script {
    pub(super) fn new(turns: Vec<Turn>, turn_timeout_ms: u32, params: ScriptParams) -> Self {
        Self {
            params,
            turns,
            turn_timeout_ms: f64::from(turn_timeout_ms),
            state: State::Position(None),
            front: (0.0, 0),
            last_seen_ms: f64::NEG_INFINITY,
            challenge_began_ms: None,
            results: Vec::new(),
        }
    }

    /// What happened to each turn that was asked for.
    pub(super) fn results(&self) -> &[TurnResult] {
        &self.results
    }

    /// True when every turn was met in time.
    pub(super) fn met(&self) -> bool {
        self.results.len() == self.turns.len() && self.results.iter().all(|turn| turn.met_at_ms.is_some())
    }

    /// Turns met so far.
    pub(super) fn turns_done(&self) -> u32 {
        self.results.iter().filter(|turn| turn.met_at_ms.is_some()).count() as u32
    }

    /// True while a frontal face is waited for.
    pub(super) fn positioning(&self) -> bool {
        matches!(self.state, State::Position(_))
    }

    /// Progress of the whole step at `now_ms`, 0 to 1: the position is a third, the turns share the rest.
    pub(super) fn progress(&self, now_ms: f64) -> f32 {
        const POSITION: f32 = 1.0 / 3.0;
        let share = (1.0 - POSITION) / self.turns.len().max(1) as f32;
        match self.state {
            State::Position(Some(watch)) => {
                let time = ((now_ms - watch.since_ms) / self.params.position_ms).clamp(0.0, 1.0) as f32;
                let count = (watch.frames as f32 / self.params.position_frames as f32).min(1.0);
                time.min(count) * POSITION
            }
            State::Position(None) => 0.0,
            State::Turn { .. } | State::Return { .. } => POSITION + share * self.turns_done() as f32,
            State::Done => 1.0,
        }
    }

    /// Goes on by one frame at `now_ms`. `seen` is `None` unless there is exactly one face.
    pub(super) fn step(&mut self, now_ms: f64, seen: Option<Seen>) -> Step {
        let lost = seen.is_none() && now_ms - self.last_seen_ms > self.params.lost_ms;
        let mut restarted = lost && !matches!(self.state, State::Done | State::Position(None));
        if restarted {
            self.restart();
        }
        if seen.is_some() {
            self.last_seen_ms = now_ms;
        }
        let keep = match (self.state, seen) {
            (State::Position(Some(watch)), Some(seen)) if !seen.good => {
                if now_ms - watch.last_good_ms > self.params.tolerated_gap_ms {
                    self.restart();
                    restarted = true;
                }
                Keep::No
            }
            (State::Position(watch), Some(seen)) if seen.good => {
                self.watch(now_ms, watch, seen);
                Keep::Selfie
            }
            (State::Turn { index, hits }, Some(seen)) => self.turn(now_ms, index, hits, seen),
            (State::Return { index, .. }, Some(seen)) => {
                self.come_back(now_ms, index, seen);
                Keep::No
            }
            _ => Keep::No,
        };
        self.check_time(now_ms);
        Step { keep, restarted, phase: self.phase(), ask: self.ask() }
    }

    fn watch(&mut self, now_ms: f64, watch: Option<Watch>, seen: Seen) {
        let mut watch = watch.unwrap_or(Watch { since_ms: now_ms, last_good_ms: now_ms, frames: 0 });
        watch.last_good_ms = now_ms;
        watch.frames += 1;
        self.front = (self.front.0 + seen.nose_offset, self.front.1 + 1);
        self.state = State::Position(Some(watch));
        if now_ms - watch.since_ms >= self.params.position_ms && watch.frames >= self.params.position_frames {
            self.challenge_began_ms.get_or_insert(now_ms);
            self.prompt(0, now_ms);
        }
    }

    fn turn(&mut self, now_ms: f64, index: usize, hits: u32, seen: Seen) -> Keep {
        let (yaw_deg, parallax) = self.towards(index, seen);
        let Some(result) = self.results.get_mut(index) else { return Keep::No };
        if yaw_deg > result.peak_yaw_deg {
            result.peak_yaw_deg = yaw_deg;
            result.parallax = parallax;
        }
        let reached = yaw_deg >= self.params.turned_deg && parallax >= self.params.min_parallax;
        let hits = hits + u32::from(reached);
        if reached && hits >= self.params.turned_frames {
            result.met_at_ms.get_or_insert(now_ms);
        }
        let past_peak = yaw_deg < result.peak_yaw_deg - PAST_PEAK_DEG;
        let over = result.met_at_ms.is_some_and(|met| past_peak || now_ms - met >= self.params.peak_ms);
        self.state = match over {
            false => State::Turn { index, hits },
            true if index + 1 < self.turns.len() => State::Return { index, since_ms: now_ms },
            true => State::Done,
        };
        Keep::Turn(index, yaw_deg.min(BEST_TURN_DEG))
    }

    fn come_back(&mut self, now_ms: f64, index: usize, seen: Seen) {
        let (yaw_deg, parallax) = self.towards(index, seen);
        if yaw_deg.abs() <= self.params.front_deg && parallax.abs() <= self.params.front_parallax {
            self.prompt(index + 1, now_ms);
        }
    }

    /// Ends the step when the time for a turn, for coming back, or for everything has run out.
    fn check_time(&mut self, now_ms: f64) {
        let since = match self.state {
            State::Turn { index, .. } => self.results.get(index).map(|turn| turn.prompted_at_ms),
            State::Return { since_ms, .. } => Some(since_ms),
            State::Position(_) | State::Done => None,
        };
        let all_ms = self.turn_timeout_ms * 2.0 * self.turns.len() as f64;
        let met = |turn: &TurnResult| turn.met_at_ms.is_some();
        let in_peak =
            matches!(self.state, State::Turn { index, .. } if self.results.get(index).is_some_and(met));
        let turn_over = since.is_some_and(|since| now_ms - since > self.turn_timeout_ms) && !in_peak;
        if turn_over || self.challenge_began_ms.is_some_and(|began| now_ms - began > all_ms) {
            self.state = State::Done;
        }
    }

    /// Yaw and parallax of `seen` in the direction of turn `index`.
    fn towards(&self, index: usize, seen: Seen) -> (f32, f32) {
        let sign = match self.turns.get(index) {
            Some(Turn::Right) => -1.0,
            _ => 1.0,
        };
        let front = self.front.0 / self.front.1.max(1) as f32;
        (seen.yaw_deg * sign, (seen.nose_offset - front) * sign)
    }

    fn prompt(&mut self, index: usize, now_ms: f64) {
        let Some(turn) = self.turns.get(index).copied() else {
            self.state = State::Done;
            return;
        };
        self.state = State::Turn { index, hits: 0 };
        self.results.push(TurnResult {
            turn,
            prompted_at_ms: now_ms,
            met_at_ms: None,
            peak_yaw_deg: 0.0,
            parallax: 0.0,
        });
    }

    fn restart(&mut self) {
        self.state = State::Position(None);
        self.front = (0.0, 0);
        self.results.clear();
    }

    fn phase(&self) -> FacePhase {
        match self.state {
            State::Position(_) => FacePhase::Position,
            State::Turn { .. } | State::Return { .. } => FacePhase::Challenge,
            State::Done => FacePhase::Done,
        }
    }

    fn ask(&self) -> Option<FaceHint> {
        match self.state {
            State::Position(_) => None,
            State::Turn { index, .. } => match self.turns.get(index) {
                Some(Turn::Right) => Some(FaceHint::TurnRight),
                _ => Some(FaceHint::TurnLeft),
            },
            State::Return { .. } => Some(FaceHint::TurnBack),
            State::Done => Some(FaceHint::Done),
        }
    }
}

#[cfg(test)]
#[path = "script_tests.rs"]
mod tests;
