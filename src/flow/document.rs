//! The document step: the front, and the back where the document has one that is asked for.

use crate::flow::capture::{Run, StepKind};
use crate::flow::view::Hint;
use crate::flow::{Effect, Flow, Stage};
use idv_protocol::reading::CalendarDate;
use idv_protocol::worker::ToWorker;
use idv_protocol::{DocumentSide, DocumentStatus, DocumentTask};

impl Flow {
    /// `None` when the plan's step is no document.
    pub(super) fn begin_document(&mut self) -> Option<()> {
        let plan = self.plan.as_ref()?;
        let step = self.document_step()?;
        let last_side = match step.asks_back(self.gathered.document_kind) {
            true => DocumentSide::Back,
            false => DocumentSide::Front,
        };
        let task = DocumentTask {
            attempt: plan.attempt,
            today: CalendarDate::of_unix_ms(plan.issued_at_ms),
            side: self.side,
            kinds: step.kinds.clone(),
            manual_after_ms: step.manual_after_ms,
            manual_after_failures: step.manual_after_failures,
            barcode: step.barcode && self.side == last_side,
        };
        if step.barcode {
            self.load_barcode();
        }
        self.do_now(Effect::Worker(ToWorker::BeginDocument { task }));
        Some(())
    }

    pub(super) fn document_seen(&mut self, status: DocumentStatus, elapsed_ms: f64, captures: u32) {
        if self.stage != Stage::Capture(StepKind::Document) || !self.run.begun {
            return;
        }
        self.gathered.add_document_frame(elapsed_ms);
        self.run.hint = Some(Hint::Document(status.hint));
        self.run.progress = status.progress.clamp(0.0, 1.0);
        self.run.frame = Some(status.frame);
        self.run.quad = status.quad;
        self.run.document_kind = status.kind.or(self.run.document_kind);
        self.run.manual = status.manual;
        self.had_its_time |= status.manual;
        self.run.awaited += captures;
    }

    /// The user takes the picture, where that is offered.
    pub(super) fn shoot(&mut self) {
        if self.run.manual && self.run.awaited == 0 {
            self.do_now(Effect::Worker(ToWorker::Shoot));
        }
    }

    pub(super) fn document_captured(&mut self) {
        let kind = self.side.capture_kind();
        if !self.run.captures.iter().any(|(meta, _)| meta.kind == kind) {
            return;
        }
        if self.side == DocumentSide::Front {
            self.gathered.document_kind = self.run.document_kind;
            let asks_back =
                self.document_step().is_some_and(|step| step.asks_back(self.gathered.document_kind));
            if asks_back {
                return self.turn_over();
            }
        }
        self.finish_step();
    }

    /// Goes on with the back: the camera stays open, and the front is on its way already.
    fn turn_over(&mut self) {
        self.post_captures();
        self.side = DocumentSide::Back;
        self.had_its_time = false;
        if self.stage == Stage::Capture(StepKind::Document) {
            self.run = Run { begun: true, frame: self.run.frame, ..Run::default() };
            self.begin_document();
            self.set_step_timer();
        } else {
            self.begin_again(StepKind::Document);
        }
    }

    /// Whether the document step is on the screen.
    pub(super) fn is_at_document(&self) -> bool {
        matches!(
            self.stage,
            Stage::Intro(StepKind::Document)
                | Stage::Capture(StepKind::Document)
                | Stage::Timeout(StepKind::Document)
                | Stage::File
        )
    }
}
