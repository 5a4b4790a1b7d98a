//! A file in place of a capture: looked at as a frame is, and taken for what it shows.

use super::session::DocumentSession;
use super::verdict::{DocumentModels, Verdict, look_closer};
use crate::document::Sighting;
use crate::error::{Error, ErrorKind};
use crate::frame::RgbaView;
use idv_protocol::{
    CaptureMethod, CheckCode, DocumentHint, DocumentKind, DocumentStatus, FileProblem, QualityReport,
};

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileAnswer {
    /// Why it is not taken; `None` when it is, and a capture waits.
    pub problem: Option<FileProblem>,
    /// Shape of the document in it, where one was found.
    pub kind: Option<DocumentKind>,
}

impl FileAnswer {
    /// A file that is not taken.
    pub const fn refused(problem: FileProblem, kind: Option<DocumentKind>) -> Self {
        Self { problem: Some(problem), kind }
    }
}

impl DocumentSession {
    /// Takes the picture of a file, with what the corner network saw in it. Failed checks do not refuse it, since a
    /// person chose it, but for a document of another kind, and for the wrong side as often as captures are given up for
    /// it. Fails with [`ErrorKind::OutOfOrder`] when a capture was made already, [`ErrorKind::Encode`] and
    /// [`ErrorKind::Inference`].
    pub fn file(
        &mut self,
        picture: RgbaView<'_>,
        mut models: DocumentModels<'_>,
        sighting: Option<&Sighting>,
    ) -> Result<FileAnswer, Error> {
        if self.is_done() {
            return Err(Error::new(ErrorKind::OutOfOrder, "this side of the document was captured already"));
        }
        let Some(detection) = self.detector.detect_with(picture, sighting) else {
            return Ok(FileAnswer::refused(FileProblem::NoDocument, None));
        };
        let seen = self.judge(picture, &detection, None);
        let finding = look_closer(picture, Some((seen.quad, seen.kind)), &self.task, &mut models)?;
        let kind = finding.kind;
        let failed = |code| has_failed(&seen.quality, code);
        // The zone knows the kind better than the proportions do.
        let other_kind = match finding.reading_settles_kind() {
            true => finding.verdict == Verdict::WrongKind,
            false => failed(CheckCode::Kind),
        };
        if other_kind {
            return Ok(FileAnswer::refused(FileProblem::WrongKind, kind));
        }
        let most = self.params.max_unreadable;
        let other_side = match finding.verdict {
            Verdict::NoPortrait | Verdict::OtherSide => self.patience.refuses_file(finding.verdict, most),
            _ => failed(CheckCode::Likeness),
        };
        if other_side {
            return Ok(FileAnswer::refused(FileProblem::WrongSide, kind));
        }
        let mut status = DocumentStatus {
            frame: picture.size(),
            quad: Some(seen.quad),
            confidence: seen.confidence,
            kind,
            quality: seen.quality.clone(),
            hint: DocumentHint::Capturing,
            progress: 1.0,
            manual: self.patience.offered_manual(),
            captured: false,
        };
        self.take_found(picture, Some(&seen), CaptureMethod::Upload, finding, &mut status)?;
        Ok(FileAnswer { problem: None, kind })
    }
}

fn has_failed(quality: &QualityReport, code: CheckCode) -> bool {
    quality.checks.iter().any(|check| check.code == code && !check.passed)
}
