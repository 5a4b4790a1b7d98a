//! The document step: waits for a good, still document and keeps its best frame.

use super::hints::SteadyHint;
use super::likeness::Signature;
use super::patience::Patience;
use super::verdict::{DocumentModels, Finding, Verdict, look_closer, value_of};
use super::window::Window;
use super::{Capture, DocumentSessionParams, Keeper, Offer, make_capture};
use crate::document::{Detection, Detector, DetectorParams, Shapes, Sighting, Tracker, aspect_error};
use crate::error::Error;
use crate::frame::RgbaView;
use crate::quality::{
    DocumentMeter, Motion, SignalParams, hint_for, kind_check, likeness_check, measure_signals,
};
use idv_protocol::{
    CaptureMethod, CheckCode, DocumentHint, DocumentKind, DocumentSide, DocumentStatus, DocumentTask, Quad,
    QualityReport, Size,
};

/// One side of a document in one attempt.
pub struct DocumentSession {
    pub(super) params: DocumentSessionParams,
    pub(super) task: DocumentTask,
    /// The front that was captured before, where this is its back.
    pub(super) front: Option<Signature>,
    pub(super) detector: Detector,
    pub(super) meter: DocumentMeter,
    motion: Motion,
    hint: SteadyHint<DocumentHint>,
    /// Why a capture was given up, and until when it is said.
    told: Option<(DocumentHint, f64)>,
    began_ms: Option<f64>,
    at_ms: f64,
    seen_ms: f64,
    window: Window,
    best: Keeper,
    tracker: Tracker,
    pub(super) patience: Patience,
    shoot: bool,
    capture: Option<Capture>,
    done: Option<Done>,
}

/// What is known of a side that was captured.
pub(super) struct Done {
    pub(super) status: DocumentStatus,
    pub(super) method: CaptureMethod,
    pub(super) signature: Option<Signature>,
}

/// A document that was found in a frame, and what the checks say of it.
pub(super) struct Seen {
    pub(super) quad: Quad,
    pub(super) kind: DocumentKind,
    pub(super) confidence: f32,
    pub(super) quality: QualityReport,
}

impl DocumentSession {
    /// A session for this task. `front` is the signature of the front that was captured before in the same attempt:
    /// while a document looks like it, it is not taken for its back.
    pub fn new(task: DocumentTask, front: Option<Signature>, params: DocumentSessionParams) -> Self {
        let detector = DetectorParams { shapes: Shapes::of(&task.kinds), ..params.detector };
        Self {
            params,
            front: front.filter(|_| task.side == DocumentSide::Back),
            task,
            detector: Detector::new(detector),
            meter: DocumentMeter::new(params.quality),
            motion: Motion::default(),
            hint: SteadyHint::default(),
            told: None,
            began_ms: None,
            at_ms: 0.0,
            seen_ms: f64::NEG_INFINITY,
            window: Window::default(),
            best: Keeper::default(),
            tracker: Tracker::default(),
            patience: Patience::default(),
            shoot: false,
            capture: None,
            done: None,
        }
    }

    /// Takes over what is to outlast the task from `before`, where that was for the same side in the same attempt.
    pub fn follow(&mut self, before: &Self) {
        if (self.task.attempt, self.task.side) == (before.task.attempt, before.task.side) {
            self.patience = before.patience.begun_again();
        }
    }

    /// Looks at a frame taken at `at_ms`, which must not run backwards. `captured` is true in one status, after
    /// which [`Self::take_capture`] has the picture and further frames are not looked at. Before, the best frame is looked
    /// at closer with `models`: where it is not the document or the side that was asked for, or should have a zone that
    /// cannot be read, the session looks for a better one. Fails with [`crate::ErrorKind::Encode`] when the picture cannot
    /// be encoded, and [`crate::ErrorKind::Inference`]; the session then starts over.
    pub fn frame(
        &mut self,
        frame: RgbaView<'_>,
        at_ms: f64,
        models: DocumentModels<'_>,
    ) -> Result<DocumentStatus, Error> {
        self.frame_with(frame, at_ms, models, None)
    }

    /// Whether it is worth a capture that this is a document, and all of it.
    fn is_sure(&self, detection: &Detection, frame: Size) -> bool {
        let params = &self.params;
        let asked = Shapes::of(&self.task.kinds).error_of(&detection.quad, frame);
        let exact = !self.task.kinds.is_empty() && asked <= params.exact_aspect_error;
        let least = if exact { params.min_confidence_exact } else { params.min_confidence };
        detection.confidence >= least && aspect_error(&detection.quad, frame) <= params.max_aspect_error
    }

    /// The same with what the corner network saw in this frame; `None` where none is loaded.
    pub fn frame_with(
        &mut self,
        frame: RgbaView<'_>,
        at_ms: f64,
        mut models: DocumentModels<'_>,
        sighting: Option<&Sighting>,
    ) -> Result<DocumentStatus, Error> {
        if let Some(done) = &self.done {
            return Ok(done.status.clone());
        }
        let began_ms = *self.began_ms.get_or_insert(at_ms);
        self.at_ms = at_ms - began_ms;
        let manual = self.patience.offers_manual(self.at_ms, &self.task);
        let shoot = std::mem::take(&mut self.shoot) && manual;
        let Some(detection) = self.detector.detect_with(frame, sighting) else {
            let mut status = self.without_document(frame.size(), at_ms);
            if shoot {
                self.take(frame, None, CaptureMethod::Manual, &mut models, &mut status)?;
            }
            return Ok(status);
        };
        self.seen_ms = at_ms;
        let motion_ratio = self.motion.update(at_ms, &detection.quad);
        if motion_ratio.is_none() {
            self.forget_good_frames();
        }
        let seen = self.judge(frame, &detection, motion_ratio);
        let sure = self.is_sure(&detection, frame.size());
        // A first frame has nothing to be still against.
        let good = seen.quality.passed() && sure && motion_ratio.is_some();
        let hint = self.measured_hint(&seen.quality, sure, good);
        self.window.update(good, at_ms, self.params.forgiven_frames);
        if self.window.is_empty() {
            self.best.clear();
        } else if good {
            let (quad, score) = (Some(seen.quad), score(&seen.quality));
            self.best.offer(frame, &Offer { at_ms: self.at_ms, score, quad, quality: &seen.quality });
        }
        let progress = self.window.progress(&self.params);
        let mut status = DocumentStatus {
            frame: frame.size(),
            quad: self.tracker.update(at_ms, Some(&seen.quad)),
            confidence: seen.confidence,
            kind: Some(seen.kind),
            hint,
            quality: seen.quality.clone(),
            progress,
            manual,
            captured: false,
        };
        if shoot {
            self.take(frame, Some(&seen), CaptureMethod::Manual, &mut models, &mut status)?;
        } else if progress >= 1.0 {
            let verdict = self.take_best(seen.kind, &mut models, &mut status);
            if !matches!(verdict, Ok(Verdict::Good)) {
                self.forget();
                status.progress = 0.0;
            }
            let verdict = verdict?;
            if verdict != Verdict::Good {
                self.told = Some((verdict.hint(), at_ms + self.params.given_up_hint_ms));
                status.manual = self.patience.offers_manual(self.at_ms, &self.task);
            }
        }
        if !status.captured {
            status.hint = self.shown_hint(status.hint, at_ms);
        }
        Ok(status)
    }

    /// From the next frame on, which is taken as it is, whatever the checks say. Ignored until a status has said that
    /// the user may, and once a capture has been made.
    pub fn shoot(&mut self) {
        self.shoot = self.patience.offered_manual() && self.done.is_none();
    }

    /// Gives up the automatic capture that was made last, because its barcode was not read, and looks on. False, and the
    /// capture stays, where no barcode was asked for, when this was done often enough, and for captures that a person
    /// made.
    pub fn give_up_capture(&mut self) -> bool {
        let automatic = self.done.as_ref().is_some_and(|done| done.method == CaptureMethod::Automatic);
        if !(automatic
            && self.task.barcode
            && self.patience.gives_up(Verdict::NoBarcode, self.params.max_unreadable))
        {
            return false;
        }
        self.done = None;
        self.capture = None;
        let until_ms = self.began_ms.unwrap_or_default() + self.at_ms + self.params.given_up_hint_ms;
        self.told = Some((Verdict::NoBarcode.hint(), until_ms));
        self.forget();
        true
    }

    /// The capture, once.
    pub fn take_capture(&mut self) -> Option<Capture> {
        self.capture.take()
    }

    /// Shape of the captured document, once there is one: as its zone says, else by its proportions.
    pub fn captured_kind(&self) -> Option<DocumentKind> {
        self.done.as_ref().and_then(|done| done.status.kind)
    }

    /// The attempt, and the signature of the front that was captured, for the session of its back.
    pub fn captured_front(&self) -> Option<(u32, &Signature)> {
        let done = self.done.as_ref().filter(|_| self.task.side == DocumentSide::Front)?;
        Some((self.task.attempt, done.signature.as_ref()?))
    }

    /// Whether a capture was made.
    pub(crate) fn is_done(&self) -> bool {
        self.done.is_some()
    }

    /// The side that is captured.
    pub(crate) fn side(&self) -> DocumentSide {
        self.task.side
    }

    /// Time of the last frame in ms since the step began.
    pub(crate) fn at_ms(&self) -> f64 {
        self.at_ms
    }

    /// Times of the frames of which a capture is or may still be made.
    pub(crate) fn may_become(&self) -> Vec<f64> {
        let capture = self.capture.as_ref().map(|capture| capture.meta.at_ms);
        self.best.held_at_ms().into_iter().chain(capture).collect()
    }

    /// The checks of a frame: those of the picture, whether it is the front still, whether it is of an accepted shape.
    pub(super) fn judge(
        &mut self,
        frame: RgbaView<'_>,
        detection: &Detection,
        motion_ratio: Option<f32>,
    ) -> Seen {
        let (quad, size) = (detection.quad, frame.size());
        let shape = kind_check(&quad, size, &self.task.kinds);
        // A document of a shape that is not accepted is measured as what it is.
        let kind = shape.as_ref().filter(|(_, check)| check.passed).map_or(detection.kind, |(kind, _)| *kind);
        let mut quality = self.meter.measure(frame, &Detection { kind, ..*detection }, motion_ratio);
        if let Some((_, check)) = shape {
            let after = quality.checks.iter().position(|check| check.code == CheckCode::Tilt);
            quality.checks.insert(after.map_or(0, |index| index + 1), check);
        }
        if let Some(front) = &self.front {
            let likeness = Signature::of(frame, &quad).map_or(0.0, |own| own.likeness(front));
            quality.checks.insert(0, likeness_check(likeness));
        }
        Seen { quad, kind, confidence: detection.confidence, quality }
    }

    fn measured_hint(&mut self, quality: &QualityReport, sure: bool, good: bool) -> DocumentHint {
        match hint_for(quality) {
            // What was found is a portrait or a block of print on a document that is too near.
            DocumentHint::MoveCloser if self.detector.reaches_out() => DocumentHint::MoveBack,
            // Not the proportions of any document.
            DocumentHint::Capturing | DocumentHint::WrongKind if !sure && self.detector.reaches_out() => {
                DocumentHint::MoveBack
            }
            DocumentHint::Capturing | DocumentHint::WrongKind if !sure => DocumentHint::Searching,
            DocumentHint::Capturing if !good => DocumentHint::HoldStill,
            hint => hint,
        }
    }

    /// What to show for a measured hint: it must last, and why a capture was given up must be read.
    fn shown_hint(&mut self, measured: DocumentHint, at_ms: f64) -> DocumentHint {
        let shown = self.hint.update(at_ms, measured);
        self.told = self.told.filter(|(_, until_ms)| at_ms < *until_ms);
        self.told.map_or(shown, |(hint, _)| hint)
    }

    /// Captures the best frame, or says why it is worth looking for another.
    fn take_best(
        &mut self,
        kind: DocumentKind,
        models: &mut DocumentModels<'_>,
        status: &mut DocumentStatus,
    ) -> Result<Verdict, Error> {
        let Some((frame, Some(quad))) = self.best.held() else { return Ok(Verdict::Unreadable) };
        let finding = look_closer(frame, Some((quad, kind)), &self.task, models)?;
        if self.patience.gives_up(finding.verdict, self.params.max_unreadable) {
            return Ok(finding.verdict);
        }
        let signals = measure_signals(frame, &quad, kind, SignalParams::default());
        let signature = Signature::of(frame, &quad);
        let Some(mut capture) = self.best.take(self.task.side.capture_kind(), self.task.attempt)? else {
            return Ok(Verdict::Unreadable);
        };
        capture.meta.quality.signals = signals;
        self.finish(capture, finding, signature, status);
        Ok(Verdict::Good)
    }

    /// Captures this frame as it is.
    fn take(
        &mut self,
        frame: RgbaView<'_>,
        seen: Option<&Seen>,
        method: CaptureMethod,
        models: &mut DocumentModels<'_>,
        status: &mut DocumentStatus,
    ) -> Result<(), Error> {
        let finding = look_closer(frame, seen.map(|seen| (seen.quad, seen.kind)), &self.task, models)?;
        self.take_found(frame, seen, method, finding, status)
    }

    /// The same where it was looked at closer.
    pub(super) fn take_found(
        &mut self,
        frame: RgbaView<'_>,
        seen: Option<&Seen>,
        method: CaptureMethod,
        finding: Finding,
        status: &mut DocumentStatus,
    ) -> Result<(), Error> {
        let mut quality = seen.map(|seen| seen.quality.clone()).unwrap_or_default();
        if let Some(seen) = seen {
            quality.signals = measure_signals(frame, &seen.quad, seen.kind, SignalParams::default());
        }
        let (side, attempt) = (self.task.side.capture_kind(), self.task.attempt);
        let quad = seen.map(|seen| seen.quad);
        let mut capture = make_capture(frame, side, attempt, self.at_ms, quad, quality)?;
        capture.meta.method = method;
        let signature = quad.and_then(|quad| Signature::of(frame, &quad));
        self.finish(capture, finding, signature, status);
        Ok(())
    }

    /// Holds the capture and ends the task.
    fn finish(
        &mut self,
        mut capture: Capture,
        finding: Finding,
        signature: Option<Signature>,
        status: &mut DocumentStatus,
    ) {
        finding.add_to(&mut capture.meta.quality);
        capture.meta.reading = finding.reading.map(Box::new);
        status.kind = finding.kind;
        status.hint = DocumentHint::Capturing;
        status.progress = 1.0;
        self.done = Some(Done { status: status.clone(), method: capture.meta.method, signature });
        status.captured = true;
        self.capture = Some(capture);
    }

    fn without_document(&mut self, frame: Size, at_ms: f64) -> DocumentStatus {
        if at_ms - self.seen_ms >= self.params.lost_ms {
            self.forget();
            self.told = None;
        }
        let measured =
            if self.detector.reaches_out() { DocumentHint::MoveBack } else { DocumentHint::Searching };
        DocumentStatus {
            frame,
            quad: self.tracker.update(at_ms, None),
            confidence: 0.0,
            kind: None,
            quality: QualityReport::default(),
            hint: self.shown_hint(measured, at_ms),
            progress: self.window.progress(&self.params),
            manual: self.patience.offered_manual(),
            captured: false,
        }
    }

    fn forget(&mut self) {
        self.motion.clear();
        self.forget_good_frames();
    }

    fn forget_good_frames(&mut self) {
        self.window = Window::default();
        self.best.clear();
    }
}

/// How good a picture of the document a frame is: sharp and large.
fn score(quality: &QualityReport) -> f32 {
    value_of(quality, CheckCode::Sharpness) * value_of(quality, CheckCode::Size)
}
