//! The face step: position, challenge, report.

use crate::flow::capture::StepKind;
use crate::flow::view::Hint;
use crate::flow::{Effect, Flow, Stage, Timer};
use idv_protocol::worker::ToWorker;
use idv_protocol::{FacePhase, FaceStatus};

impl Flow {
    /// `None` when the plan has no challenge to follow.
    pub(super) fn begin_face(&mut self) -> Option<()> {
        let plan = self.plan.as_ref()?;
        let challenge = plan.challenge.clone()?;
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
        let left_position = self.run.phase.is_none_or(|phase| phase == FacePhase::Position)
            && status.phase != FacePhase::Position;
        self.run.phase = Some(status.phase);
        if left_position {
            // From here on the challenge has its own limits.
            self.do_now(Effect::ClearTimer(Timer::Step));
        }
        if status.report.is_some() {
            self.run.report = status.report;
            self.do_now(Effect::StopFrames);
        }
        self.face_captured();
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
