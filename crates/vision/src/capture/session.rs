//! The document step: waits for a good, still document and keeps its best frame.

use super::hints::SteadyHint;
use super::{Capture, Keeper, Offer};
use crate::document::{Detector, DetectorParams, Sighting, Tracker, aspect_error};
use crate::error::Error;
use crate::frame::RgbaView;
use crate::quality::{DocumentMeter, DocumentQualityParams, Motion, SignalParams, hint_for, measure_signals};
use crate::reading::mrz::MrzReader;
use crate::reading::{has_zone_in_front, is_readable, read_document};
use idv_protocol::reading::CalendarDate;
use idv_protocol::{CaptureKind, CheckCode, DocumentHint, DocumentKind, DocumentStatus, QualityReport, Size};

/// Parameters of [`DocumentSession`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DocumentSessionParams {
    /// How documents are found.
    pub detector: DetectorParams,
    /// What counts as good.
    pub quality: DocumentQualityParams,
    /// Least confidence of a good frame. Above the detector's own: part of a document that is cut off by the frame
    /// reaches 0.6, a whole one held in focus 0.7 and more.
    pub min_confidence: f32,
    /// Largest difference of the proportions from the nearest ID format, as a natural logarithm. A hand's tilt and an
    /// unknown lens shift them by 0.06; a page that is cut off by the frame, a banknote or a telephone is further off.
    pub max_aspect_error: f32,
    /// Good frames in a row before the capture: enough to choose from on a slow device.
    pub good_frames: u32,
    /// Time they must span, in ms: longer than a hand on its way is still by chance, shorter than people find
    /// holding still tiresome.
    pub good_ms: f64,
    /// Frames in a row that may fail before the good ones are forgotten: one, for a single frame with noise.
    pub forgiven_frames: u32,
    /// Time without a document after which the good frames are forgotten, in ms: a hand that passes in front takes
    /// less, a change of document more.
    pub lost_ms: f64,
    /// Captures given up because their zone could not be read, before one is taken as it is: the operator may read
    /// more of it, and says so if not. Three take some three seconds.
    pub max_unreadable: u32,
}

impl Default for DocumentSessionParams {
    fn default() -> Self {
        Self {
            detector: DetectorParams::default(),
            quality: DocumentQualityParams::default(),
            min_confidence: 0.65,
            max_aspect_error: 0.12,
            good_frames: 4,
            good_ms: 600.0,
            forgiven_frames: 1,
            lost_ms: 200.0,
            max_unreadable: 3,
        }
    }
}

/// One attempt at capturing a document.
pub struct DocumentSession {
    params: DocumentSessionParams,
    attempt: u32,
    detector: Detector,
    meter: DocumentMeter,
    motion: Motion,
    hint: SteadyHint<DocumentHint>,
    began_ms: Option<f64>,
    seen_ms: f64,
    window: Window,
    best: Keeper,
    tracker: Tracker,
    today: CalendarDate,
    unreadable: u32,
    capture: Option<Capture>,
    done: Option<DocumentStatus>,
}

/// The good frames so far.
#[derive(Clone, Copy, Default)]
struct Window {
    frames: u32,
    failed_in_a_row: u32,
    since_ms: f64,
    until_ms: f64,
}

impl DocumentSession {
    /// A session for this attempt, counted from 1, on the day `today`.
    pub fn new(attempt: u32, today: CalendarDate, params: DocumentSessionParams) -> Self {
        Self {
            params,
            attempt,
            detector: Detector::new(params.detector),
            meter: DocumentMeter::new(params.quality),
            motion: Motion::default(),
            hint: SteadyHint::default(),
            began_ms: None,
            seen_ms: f64::NEG_INFINITY,
            window: Window::default(),
            best: Keeper::default(),
            tracker: Tracker::default(),
            today,
            unreadable: 0,
            capture: None,
            done: None,
        }
    }

    /// Looks at a frame taken at `at_ms`, which must not run backwards. `captured` is true in one status, after
    /// which [`Self::take_capture`] has the picture and further frames are not looked at. With a `reader` the zone
    /// is read before: where there should be one and it cannot be read, the session looks for a better frame a few
    /// times. Fails with [`crate::ErrorKind::Encode`] when the picture cannot be encoded, and
    /// [`crate::ErrorKind::Inference`]; the session then starts over.
    pub fn frame(
        &mut self,
        frame: RgbaView<'_>,
        at_ms: f64,
        reader: Option<&mut MrzReader>,
    ) -> Result<DocumentStatus, Error> {
        self.frame_with(frame, at_ms, reader, None)
    }

    /// The same with what the corner network saw in this frame; `None` where none is loaded.
    pub fn frame_with(
        &mut self,
        frame: RgbaView<'_>,
        at_ms: f64,
        reader: Option<&mut MrzReader>,
        sighting: Option<&Sighting>,
    ) -> Result<DocumentStatus, Error> {
        if let Some(status) = &self.done {
            return Ok(status.clone());
        }
        let began_ms = *self.began_ms.get_or_insert(at_ms);
        let Some(detection) = self.detector.detect_with(frame, sighting) else {
            return Ok(self.without_document(frame.size(), at_ms));
        };
        self.seen_ms = at_ms;
        let motion_ratio = self.motion.update(at_ms, &detection.quad);
        if motion_ratio.is_none() {
            self.forget_good_frames();
        }
        let quality = self.meter.measure(frame, &detection, motion_ratio);
        let sure = detection.confidence >= self.params.min_confidence
            && aspect_error(&detection.quad, frame.size()) <= self.params.max_aspect_error;
        // A first frame has nothing to be still against.
        let good = quality.passed() && sure && motion_ratio.is_some();
        let hint = match hint_for(&quality) {
            // What was found is a portrait or a block of print on a document that is too near.
            DocumentHint::MoveCloser if self.detector.reaches_out() => DocumentHint::MoveBack,
            DocumentHint::Capturing if !sure && self.detector.reaches_out() => DocumentHint::MoveBack,
            DocumentHint::Capturing if !sure => DocumentHint::Searching,
            DocumentHint::Capturing if !good => DocumentHint::HoldStill,
            hint => hint,
        };
        self.window.update(good, at_ms, self.params.forgiven_frames);
        if self.window.frames == 0 {
            self.best.clear();
        } else if good {
            let (quad, score) = (Some(detection.quad), score(&quality));
            self.best.offer(frame, &Offer { at_ms: at_ms - began_ms, score, quad, quality: &quality });
        }
        let mut progress = self.window.progress(&self.params);
        let mut hint = hint;
        if progress >= 1.0 {
            let result = self.take_best(detection.kind, reader);
            if !matches!(result, Ok(Some(_))) {
                self.forget();
                (progress, hint) = (0.0, DocumentHint::Unreadable);
            }
            self.capture = result?;
        }
        let captured = self.capture.is_some();
        let mut status = DocumentStatus {
            frame: frame.size(),
            quad: self.tracker.update(at_ms, Some(&detection.quad)),
            confidence: detection.confidence,
            kind: Some(detection.kind),
            hint: self.hint.update(at_ms, hint),
            quality,
            progress,
            manual: false,
            captured,
        };
        if captured {
            status.hint = DocumentHint::Capturing;
            self.done = Some(DocumentStatus { captured: false, ..status.clone() });
        }
        Ok(status)
    }

    /// The capture, once.
    pub fn take_capture(&mut self) -> Option<Capture> {
        self.capture.take()
    }

    /// Shape of the captured document, once there is one.
    pub fn captured_kind(&self) -> Option<DocumentKind> {
        self.done.as_ref().and_then(|status| status.kind)
    }

    /// The best frame as a capture with its signals and its reading, or nothing where it is worth looking for one
    /// that can be read.
    fn take_best(
        &mut self,
        kind: DocumentKind,
        reader: Option<&mut MrzReader>,
    ) -> Result<Option<Capture>, Error> {
        let Some((frame, Some(quad))) = self.best.held() else { return Ok(None) };
        let reads = reader.is_some();
        let reading = match reader {
            Some(reader) => read_document(reader, frame, &quad, kind, self.today)?,
            None => None,
        };
        let signals = measure_signals(frame, &quad, kind, SignalParams::default());
        let should_read = reads && has_zone_in_front(kind);
        if should_read && !is_readable(reading.as_ref()) && self.unreadable < self.params.max_unreadable {
            self.unreadable += 1;
            return Ok(None);
        }
        let mut capture = self.best.take(CaptureKind::DocumentFront, self.attempt)?;
        if let Some(capture) = &mut capture {
            capture.meta.quality.signals = signals;
            capture.meta.reading = reading.map(Box::new);
        }
        Ok(capture)
    }

    fn without_document(&mut self, frame: Size, at_ms: f64) -> DocumentStatus {
        if at_ms - self.seen_ms >= self.params.lost_ms {
            self.forget();
        }
        let measured =
            if self.detector.reaches_out() { DocumentHint::MoveBack } else { DocumentHint::Searching };
        DocumentStatus {
            frame,
            quad: self.tracker.update(at_ms, None),
            confidence: 0.0,
            kind: None,
            quality: QualityReport::default(),
            hint: self.hint.update(at_ms, measured),
            progress: self.window.progress(&self.params),
            manual: false,
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

impl Window {
    fn update(&mut self, good: bool, at_ms: f64, forgiven_frames: u32) {
        if good {
            if self.frames == 0 {
                self.since_ms = at_ms;
            }
            self.frames += 1;
            self.until_ms = at_ms;
            self.failed_in_a_row = 0;
        } else {
            self.failed_in_a_row += 1;
            if self.failed_in_a_row > forgiven_frames {
                *self = Self::default();
            }
        }
    }

    fn progress(&self, params: &DocumentSessionParams) -> f32 {
        if self.frames == 0 {
            return 0.0;
        }
        let frames = self.frames as f32 / params.good_frames.max(1) as f32;
        let time = ((self.until_ms - self.since_ms) / params.good_ms.max(1.0)) as f32;
        frames.min(time).clamp(0.0, 1.0)
    }
}

/// How good a picture of the document a frame is: sharp and large.
fn score(quality: &QualityReport) -> f32 {
    let value =
        |code| quality.checks.iter().find(|check| check.code == code).map_or(0.0, |check| check.value);
    value(CheckCode::Sharpness) * value(CheckCode::Size)
}
