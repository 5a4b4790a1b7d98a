//! The face step: position, challenge, report.

use crate::flow::capture::StepKind;
use crate::flow::view::{ChallengeView, Hint};
use crate::flow::{Effect, Flow, Stage, Timer};
use idv_protocol::worker::ToWorker;
use idv_protocol::{Challenge, ChallengeSet, FacePhase, FaceStatus};
use idv_seal::challenge::{nonce_of, schedule};

impl Flow {
    /// `None` when the plan has no challenge to follow.
    pub(super) fn begin_face(&mut self) -> Option<()> {
        let plan = self.plan.as_ref()?;
        let challenge = self.followed(plan.challenge.as_ref()?)?;
        let attempt = plan.attempt;
        self.do_now(Effect::Worker(ToWorker::BeginFace { attempt, challenge }));
        Some(())
    }

    pub(super) fn face_seen(&mut self, status: FaceStatus, elapsed_ms: f64, captures: u32) {
        if self.stage != Stage::Capture(StepKind::Face) || !self.run.begun {
            return;
        }
        self.gathered.add_face_frame(elapsed_ms);
        self.run.hint = Some(Hint::Face(status.hint));
        self.run.progress = status.progress.clamp(0.0, 1.0);
        self.run.frame = Some(status.frame);
        self.run.face = status.face;
        self.run.awaited += captures;
        self.run.actions_done = status.actions_done;
        self.run.draw = status.draw;
        self.run.asked = status.asked;
        let left_position = self.run.phase.is_none_or(|phase| phase == FacePhase::Position)
            && status.phase != FacePhase::Position;
        self.run.phase = Some(status.phase);
        if left_position {
            // From here on the challenge has its own limits.
            self.do_now(Effect::ClearTimer(Timer::Step));
        }
        if status.report.is_some() {
            self.run.report = status.report.map(|report| *report);
            self.do_now(Effect::StopFrames);
        }
        self.face_captured();
    }

    /// Chooses the set of actions, where the plan leaves the choice.
    pub(super) fn choose(&mut self, set: ChallengeSet) {
        let challenge = self.plan.as_ref().and_then(|plan| plan.challenge.as_ref());
        if challenge.is_some_and(|challenge| sets(challenge).contains(&set)) {
            self.set = Some(set);
        }
    }

    /// The challenge that the plan asks for, drawn from the set that was chosen: the same nonce gives its actions.
    fn followed(&self, asked: &Challenge) -> Option<Challenge> {
        let set = self.chosen(asked);
        if set == asked.set {
            return Some(asked.clone());
        }
        let actions = schedule(&nonce_of(&asked.nonce)?, set, 0);
        Some(Challenge { set, actions, ..asked.clone() })
    }

    fn chosen(&self, asked: &Challenge) -> ChallengeSet {
        self.set.filter(|set| sets(asked).contains(set)).unwrap_or(asked.set)
    }

    pub(super) fn challenge_view(&self) -> Option<ChallengeView> {
        if !matches!(self.stage, Stage::Intro(StepKind::Face) | Stage::Capture(StepKind::Face)) {
            return None;
        }
        let asked = self.plan.as_ref()?.challenge.as_ref()?;
        Some(ChallengeView {
            set: self.chosen(asked),
            sets: sets(asked),
            count: u32::try_from(asked.actions.len()).unwrap_or(u32::MAX),
            done: self.run.actions_done,
            draw: self.run.draw,
            asked: self.run.asked,
        })
    }

    /// Ends the step once its report and every announced capture are there. An unmet challenge is submitted
    /// too: the operator judges it and counts the attempt.
    pub(super) fn face_captured(&mut self) {
        if self.run.awaited > 0 {
            return;
        }
        if let Some(report) = self.run.report.take() {
            self.gathered.liveness = Some(report);
            self.finish_step();
        }
    }
}

/// The sets that a challenge may be drawn from, the one it was drawn from first.
fn sets(challenge: &Challenge) -> Vec<ChallengeSet> {
    let mut sets = vec![challenge.set];
    sets.extend(challenge.alternatives.iter().filter(|set| **set != challenge.set));
    sets
}
