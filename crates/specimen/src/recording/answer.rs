//! When somebody who answers a challenge does what.
//!
//! In: the lists of actions that may be drawn. Out: an [`Answer`] for each moment. Rule: who is before the camera
//! makes of it what they can: a person turns the head, somebody with a print tilts the paper.

use super::Settings;
use crate::error::{Error, ErrorKind};
use crate::raster::smoothstep;
use idv_protocol::{Action, ActionKind};

/// How long the camera is faced first, in ms.
pub const FRONT_MS: f64 = 2500.0;

/// A turn, a raised or lowered head: out, held, back, and facing the camera again, in ms.
pub const OUT_MS: f64 = 700.0;
/// See [`OUT_MS`].
pub const HOLD_MS: f64 = 500.0;
/// See [`OUT_MS`].
pub const BACK_MS: f64 = 700.0;
/// See [`OUT_MS`].
pub const REST_MS: f64 = 800.0;

/// A smile likewise; faces move faster than heads, and a smile is held longer.
const SMILE_MS: [f64; 3] = [450.0, 900.0, 450.0];

/// Coming closer likewise.
const CLOSER_MS: [f64; 3] = [1000.0, 600.0, 900.0];

/// A blink that is asked for likewise: slower than one that comes of itself (some 190 ms).
const BLINK_MS: [f64; 3] = [110.0, 200.0, 130.0];

/// Time between two blinks in ms.
const BLINK_GAP_MS: f64 = 420.0;

/// Most blinks of one action.
const MOST_BLINKS: u32 = 8;

/// How often the actions are filmed: enough for a face step that begins late.
pub(super) const CYCLES: usize = 3;

/// The time limit of an action is met with this to spare, in ms: frames are late and heads are measured slowly.
const SPARE_MS: f64 = 500.0;

/// Longest pause between two rounds of actions, in ms.
const LONGEST_PAUSE_MS: f64 = 1500.0;

/// How far each thing is done at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Answer {
    /// -1 (to the person's right) to 1 (left).
    pub turned: f32,
    /// -1 (lowered) to 1 (raised).
    pub raised: f32,
    /// 0 (open eyes) to 1.
    pub closed: f32,
    /// 0 to 1.
    pub smile: f32,
    /// 0 to 1.
    pub closer: f32,
}

/// Actions in time, over and over.
#[derive(Clone, Debug)]
pub(super) struct Answers {
    /// Each action with its beginning in ms of the cycle.
    actions: Vec<(f64, Action)>,
    /// Frames before the cycle, and of it.
    pub intro: usize,
    /// See [`Self::intro`].
    pub cycle: usize,
    frame_ms: f64,
}

impl Answers {
    /// The lists of `draws` one after the other, again and again, so that an action that is asked for at any time
    /// is seen within its window where the number of actions allows it. Fails with [`ErrorKind::BadRequest`]
    /// without an action.
    pub(super) fn new<D: AsRef<[Action]>>(settings: &Settings, draws: &[D]) -> Result<Self, Error> {
        let mut at_ms = 0.0;
        let mut actions = Vec::new();
        for action in draws.iter().flat_map(|draw| draw.as_ref()) {
            actions.push((at_ms, *action));
            at_ms += length_ms(action);
        }
        let Some(window_ms) = actions.iter().map(|(_, action)| action.window_ms).min() else {
            return Err(Error::new(ErrorKind::BadRequest, "an answer needs at least one action"));
        };
        let pause_ms = (f64::from(window_ms) - SPARE_MS - at_ms).clamp(0.0, LONGEST_PAUSE_MS);
        let frame_ms = 1000.0 / settings.frame_rate;
        let frames_of = |ms: f64| (ms / frame_ms).round().max(1.0) as usize;
        Ok(Self { actions, intro: frames_of(FRONT_MS), cycle: frames_of(at_ms + pause_ms), frame_ms })
    }

    /// Length of the cycle in ms.
    pub(super) fn cycle_ms(&self) -> f64 {
        self.cycle as f64 * self.frame_ms
    }

    /// Length of what comes before it in ms.
    pub(super) fn intro_ms(&self) -> f64 {
        self.intro as f64 * self.frame_ms
    }

    /// Time within the cycle; below 0 before the first.
    pub(super) fn phase_ms(&self, at_ms: f64) -> f64 {
        let ms = at_ms - self.intro_ms();
        if ms < 0.0 { ms } else { ms % self.cycle_ms() }
    }

    /// Beginning and end of each action in ms of the cycle, in order; its rest belongs to it.
    pub(super) fn spans(&self) -> impl Iterator<Item = (f64, f64, ActionKind)> + '_ {
        self.actions.iter().map(|(begin_ms, action)| (*begin_ms, begin_ms + length_ms(action), action.kind))
    }

    /// What is done at `phase_ms` of the cycle.
    pub(super) fn at(&self, phase_ms: f64) -> Answer {
        let next = self.actions.partition_point(|(begin_ms, _)| *begin_ms <= phase_ms);
        let Some((begin_ms, action)) = next.checked_sub(1).and_then(|last| self.actions.get(last)) else {
            return Answer::default();
        };
        let (ms, rest) = (phase_ms - begin_ms, Answer::default());
        let turn = || share([OUT_MS, HOLD_MS, BACK_MS], ms);
        match action.kind {
            ActionKind::TurnLeft => Answer { turned: turn(), ..rest },
            ActionKind::TurnRight => Answer { turned: -turn(), ..rest },
            ActionKind::LookUp => Answer { raised: turn(), ..rest },
            ActionKind::LookDown => Answer { raised: -turn(), ..rest },
            ActionKind::Smile => Answer { smile: share(SMILE_MS, ms), ..rest },
            ActionKind::ComeCloser => Answer { closer: share(CLOSER_MS, ms), ..rest },
            ActionKind::Blink => {
                let one_ms = BLINK_MS.iter().sum::<f64>() + BLINK_GAP_MS;
                let blinking = ms < one_ms * f64::from(blinks(action));
                Answer { closed: if blinking { share(BLINK_MS, ms % one_ms) } else { 0.0 }, ..rest }
            }
        }
    }
}

fn blinks(action: &Action) -> u32 {
    action.times.clamp(1, MOST_BLINKS)
}

/// Length of an action with its rest, in ms.
fn length_ms(action: &Action) -> f64 {
    let doing = match action.kind {
        ActionKind::Smile => SMILE_MS.iter().sum(),
        ActionKind::ComeCloser => CLOSER_MS.iter().sum(),
        ActionKind::Blink => {
            (BLINK_MS.iter().sum::<f64>() + BLINK_GAP_MS) * f64::from(blinks(action)) - BLINK_GAP_MS
        }
        _ => OUT_MS + HOLD_MS + BACK_MS,
    };
    doing + REST_MS
}

/// How far something is done `ms` after its beginning: out, held, back.
fn share([out_ms, hold_ms, back_ms]: [f64; 3], ms: f64) -> f32 {
    let (out, held, back) = (out_ms as f32, (out_ms + hold_ms) as f32, (out_ms + hold_ms + back_ms) as f32);
    smoothstep(0.0, out, ms as f32) * smoothstep(back, held, ms as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn action(kind: ActionKind, times: u32) -> Action {
        Action { kind, times, window_ms: 6000 }
    }

    #[test]
    fn every_action_is_done_in_order_and_comes_to_rest() {
        use ActionKind::*;
        let draws =
            [vec![action(TurnLeft, 1), action(Blink, 3)], vec![action(LookDown, 1), action(Smile, 1)]];
        let answers = Answers::new(&Settings::new(1), &draws).expect("actions");
        let kinds: Vec<_> = answers.spans().map(|(_, _, kind)| kind).collect();
        assert_eq!(kinds, [TurnLeft, Blink, LookDown, Smile]);
        for (begin, end, kind) in answers.spans() {
            assert_eq!(answers.at(begin), Answer::default(), "{kind:?} begins at rest");
            assert_eq!(answers.at(end - 100.0), Answer::default(), "{kind:?} ends at rest");
        }
        assert_eq!(answers.at(OUT_MS + HOLD_MS / 2.0).turned, 1.0);
    }

    #[test]
    fn the_eyes_close_as_often_as_asked() {
        let answers = Answers::new(&Settings::new(1), &[[action(ActionKind::Blink, 3)]]).expect("an action");
        let closed: Vec<bool> =
            (0..500).map(|step| answers.at(f64::from(step) * 10.0).closed > 0.8).collect();
        assert_eq!(closed.windows(2).filter(|pair| !pair[0] && pair[1]).count(), 3);
    }

    #[test]
    fn an_answer_to_nothing_is_refused() {
        let error = Answers::new::<[Action; 0]>(&Settings::new(1), &[]).expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::BadRequest);
    }
}
