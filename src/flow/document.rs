//! The document step.

use crate::flow::capture::StepKind;
use crate::flow::view::Hint;
use crate::flow::{Effect, Flow, Stage};
use idv_protocol::reading::CalendarDate;
use idv_protocol::worker::ToWorker;
use idv_protocol::{CaptureKind, DocumentSide, DocumentStatus, DocumentTask};

impl Flow {
    pub(super) fn begin_document(&mut self) -> Option<()> {
        let attempt = self.attempt();
        let today = CalendarDate::of_unix_ms(self.plan.as_ref()?.issued_at_ms);
        let task = DocumentTask::new(attempt, DocumentSide::Front, today);
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
        self.run.awaited += captures;
    }

    pub(super) fn document_captured(&mut self) {
        let taken = self.run.captures.iter().any(|(meta, _)| meta.kind == CaptureKind::DocumentFront);
        if taken {
            self.gathered.document_kind = self.run.document_kind;
            self.finish_step();
        }
    }
}
