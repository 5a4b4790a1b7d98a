//! A file in place of a capture of the document, where the plan allows it and the camera has had its time.

use crate::flow::capture::{Run, StepKind};
use crate::flow::{AfterError, Effect, FileBytes, Flow, Stage};
use idv_protocol::{DocumentKind, FileProblem};

impl Flow {
    /// Whether a file is taken now.
    pub(super) fn takes_file(&self) -> bool {
        let may = match self.stage {
            Stage::Capture(StepKind::Document) => self.had_its_time && self.run.awaited == 0,
            Stage::Timeout(StepKind::Document) => true,
            // A phone's file dialog may take the camera away.
            Stage::Failed { then: AfterError::Step(StepKind::Document), .. } => self.had_its_time,
            _ => false,
        };
        may && self.document_step().is_some_and(|step| step.upload)
    }

    pub(super) fn file_given(&mut self, bytes: FileBytes) {
        if !self.takes_file() {
            return;
        }
        self.pause_capture();
        self.stage = Stage::File;
        self.file_problem = None;
        self.file = Some(bytes);
        self.post_file();
    }

    /// A file that is refused before it is read.
    pub(super) fn file_refused(&mut self, problem: FileProblem) {
        if self.takes_file() {
            self.pause_capture();
            self.file_failed(problem);
        }
    }

    /// Hands the file to the worker, once the engine is there.
    pub(super) fn post_file(&mut self) {
        if self.stage != Stage::File || !self.engine.is_ready() {
            return;
        }
        let Some(bytes) = self.file.take() else { return };
        self.run = Run::default();
        self.begin_document();
        self.do_now(Effect::File(bytes));
    }

    /// The worker has looked at the file.
    pub(super) fn file_seen(
        &mut self,
        problem: Option<FileProblem>,
        captures: u32,
        kind: Option<DocumentKind>,
    ) {
        if self.stage != Stage::File {
            return;
        }
        match problem {
            None if captures > 0 => {
                self.run.document_kind = kind;
                self.run.awaited = captures;
            }
            problem => self.file_failed(problem.unwrap_or(FileProblem::Damaged)),
        }
    }

    /// Says why a file was not taken, and asks how to go on.
    pub(super) fn file_failed(&mut self, problem: FileProblem) {
        self.file = None;
        self.file_problem = Some(problem);
        self.stage = Stage::Timeout(StepKind::Document);
    }
}
