//! Documents and faces in camera frames.
//!
//! Pixels and times are arguments: the crate knows no web type, no clock, no randomness and no network, and
//! runs natively, in the browser's worker and on the operator's server.
//!
//! The way of one frame, a folder for each stage; [`Engine`] is the spine that leads it through:
//!
//! | stage | document step | face step |
//! |---|---|---|
//! | pixels in, checked once | [`frame`]: [`frame::RgbaView`] | the same |
//! | where it is | [`document`]: [`document::Detection`] | [`face`]: [`face::Face`], [`face::Mesh`], head pose |
//! | whether it is good enough | [`quality`] | [`face::measure_face`] |
//! | what is done about it | | [`liveness`]: the challenge, the passive score |
//! | what it says | [`reading`]: the machine-readable zone, once, of the best frame | |
//! | the best frame, encoded | [`capture`]: [`capture::Capture`] | the same |
//! | what was looked at, committed to | [`commitment`]: a leaf for each frame | the same |
//! | what is said | [`idv_protocol::DocumentStatus`] | [`idv_protocol::FaceStatus`], at its end a report |
//!
//! Networks run in [`inference`], the only folder that names their engine.

pub mod capture;
pub mod commitment;
pub mod document;
pub mod error;
pub mod face;
pub mod frame;
pub mod inference;
pub mod liveness;
pub mod quality;
pub mod reading;

pub use capture::FileAnswer;
pub use error::{Error, ErrorKind};

use capture::{Capture, DocumentModels, DocumentSession, DocumentSessionParams, Signature};
use commitment::FrameLog;
use document::{CornerNet, Follower};
use face::{FaceDetector, FaceDetectorParams, FaceMesh};
use frame::{RgbaView, open_file};
use idv_protocol::reading::{CalendarDate, MrzReading};
use idv_protocol::seal::{FrameMark, FrameStep, HeldFrame};
use idv_protocol::{Challenge, DocumentStatus, DocumentTask, FaceStatus, ModelUse, PadSpec, Size};
use liveness::{FaceModels, FaceSession, PASSIVE_PAD, PassivePad};
use reading::MrzReader;
use reading::mrz::CorrectionParams;

/// What the worker and the native journey run: models in, then one step after the other, frame by frame.
#[derive(Default)]
pub struct Engine {
    loaded: Vec<ModelUse>,
    corners: Option<CornerNet>,
    follower: Follower,
    detector: Option<FaceDetector>,
    mesh: Option<FaceMesh>,
    passive: Option<PassivePad>,
    zone: Option<MrzReader>,
    /// The front that was captured last, and its attempt.
    front: Option<(u32, Signature)>,
    step: Step,
    log: FrameLog,
    /// The leaf of the last frame.
    mark: Option<FrameMark>,
    /// The last input of a detector, on its way into the log.
    pixels: Vec<u8>,
}

#[derive(Default)]
enum Step {
    #[default]
    Idle,
    Document(Box<DocumentSession>),
    Face(Box<FaceSession>),
}

impl Engine {
    /// An engine without models, before its first step.
    pub fn new() -> Self {
        Self::default()
    }

    /// Loads a model: `document_corners`, `face_detector`, `face_mesh`, `passive_pad` or `mrz_reader`, whose file has
    /// the SHA-256 `sha256` (lower-case hex). Loading a name again replaces the model. Fails with
    /// [`ErrorKind::ModelDigestMismatch`], or [`ErrorKind::ModelUnreadable`] for a file or a name that is not known.
    pub fn load_model(&mut self, name: &str, bytes: &[u8], sha256: &str) -> Result<(), Error> {
        self.load_model_as(name, bytes, sha256, None)
    }

    /// The same, for a passive network that takes and says what `pad` states. Every name that begins with `passive_pad` is
    /// one; with several, the score is the mean of theirs.
    pub fn load_model_as(
        &mut self,
        name: &str,
        bytes: &[u8],
        sha256: &str,
        pad: Option<PadSpec>,
    ) -> Result<(), Error> {
        let model = Box::new(inference::load(bytes, sha256)?);
        match name {
            "document_corners" => self.corners = Some(CornerNet::new(model)?),
            "face_detector" => {
                self.detector = Some(FaceDetector::new(model, FaceDetectorParams::default())?);
            }
            "face_mesh" => self.mesh = Some(FaceMesh::new(model)?),
            "mrz_reader" => self.zone = Some(MrzReader::new(model, CorrectionParams::default())?),
            _ if name.starts_with(PASSIVE_PAD) => {
                let spec = pad.unwrap_or_default();
                match &mut self.passive {
                    Some(passive) => passive.add(name, model, spec)?,
                    None => self.passive = Some(PassivePad::of(name, model, spec)?),
                }
            }
            _ => {
                return Err(Error::new(ErrorKind::ModelUnreadable, "the engine knows no model of this name"));
            }
        }
        self.loaded.retain(|loaded| loaded.name != name);
        self.loaded.push(ModelUse { name: name.to_owned(), sha256: sha256.to_owned() });
        Ok(())
    }

    /// The models that are loaded.
    pub fn models(&self) -> Vec<ModelUse> {
        self.loaded.clone()
    }

    /// Begins with a side of the document. With `document_corners` documents are found by their edges and by the
    /// network, without it by their edges. Without `mrz_reader` nothing is read, and without `face_detector` the front is
    /// not told by its portrait. The back is told from the front that was captured before it in the same attempt.
    pub fn begin_document(&mut self, task: DocumentTask) {
        self.keep_front();
        let front = self.front.as_ref().filter(|(attempt, _)| *attempt == task.attempt);
        let front = front.map(|(_, signature)| signature.clone());
        let mut session = DocumentSession::new(task, front, DocumentSessionParams::default());
        if let Step::Document(before) = &self.step {
            session.follow(before);
        }
        self.follower.clear();
        self.log.begin(FrameStep::of_side(session.side()));
        self.step = Step::Document(Box::new(session));
    }

    /// Leads a frame, taken at `at_ms` (monotonic), through the document step. Fails with
    /// [`ErrorKind::OutOfOrder`] outside of that step, [`ErrorKind::Inference`] or [`ErrorKind::Encode`].
    pub fn document_frame(&mut self, frame: RgbaView<'_>, at_ms: f64) -> Result<DocumentStatus, Error> {
        self.mark = None;
        match &mut self.step {
            Step::Document(session) => {
                let was_done = session.is_done();
                let models = DocumentModels { reader: self.zone.as_mut(), faces: self.detector.as_mut() };
                let Some(corners) = &mut self.corners else {
                    return session.frame_with(frame, at_ms, models, None);
                };
                let sighting = match self.follower.expected(at_ms) {
                    Some(expected) => corners.look_near(frame, &expected)?,
                    None => corners.look(frame)?,
                };
                let status = session.frame_with(frame, at_ms, models, Some(sighting))?;
                self.follower.update(at_ms, status.quad, status.confidence, sighting);
                if !was_done {
                    let place = (FrameStep::of_side(session.side()), session.at_ms());
                    self.mark =
                        commit(&mut self.log, &mut self.pixels, place, &session.may_become(), |pixels| {
                            corners.last_input(pixels)
                        });
                }
                Ok(status)
            }
            _ => Err(no_document_step()),
        }
    }

    /// The next frame of the document step is taken as it is, whatever its checks say: the user's own shutter. Ignored
    /// until a status has offered it ([`DocumentStatus::manual`]) and once a capture was made. Fails with
    /// [`ErrorKind::OutOfOrder`] outside of that step.
    pub fn shoot(&mut self) -> Result<(), Error> {
        self.document_session()?.shoot();
        Ok(())
    }

    /// Takes a file, as a person chose it, in place of a capture of the side that was begun. Fails with
    /// [`ErrorKind::OutOfOrder`] outside of the document step and once this side was captured,
    /// [`ErrorKind::Inference`] or [`ErrorKind::Encode`].
    pub fn document_file(&mut self, bytes: &[u8]) -> Result<FileAnswer, Error> {
        self.document_session()?;
        let picture = match open_file(bytes) {
            Ok(picture) => picture,
            Err(problem) => return Ok(FileAnswer::refused(problem, None)),
        };
        let frame = picture.view()?;
        let sighting = self.corners.as_mut().map(|corners| corners.look(frame)).transpose()?;
        let Step::Document(session) = &mut self.step else { return Err(no_document_step()) };
        let models = DocumentModels { reader: self.zone.as_mut(), faces: self.detector.as_mut() };
        session.file(frame, models, sighting)
    }

    /// Gives up the capture that the document step made last, because no barcode was read in it, and looks on. False
    /// where it stays: no barcode was asked for, this was done often enough, or a person made it.
    pub fn give_up_capture(&mut self) -> bool {
        match &mut self.step {
            Step::Document(session) => session.give_up_capture(),
            _ => false,
        }
    }

    /// Begins the face step of `attempt`, counted from 1. Fails with [`ErrorKind::ModelMissing`] without `face_detector` and
    /// `face_mesh`, and with [`ErrorKind::BadChallenge`].
    pub fn begin_face(&mut self, attempt: u32, challenge: Challenge) -> Result<(), Error> {
        self.face_models()?;
        self.keep_front();
        self.step = Step::Face(Box::new(FaceSession::new(attempt, challenge)?));
        self.log.begin(FrameStep::Face);
        Ok(())
    }

    /// Begins the face step with exactly the actions of `challenge`, whatever its nonce: for recordings of known
    /// actions. No page can ask for it, and no verifier takes its report. Fails with [`ErrorKind::ModelMissing`].
    pub fn rehearse_face(&mut self, attempt: u32, challenge: Challenge) -> Result<(), Error> {
        self.face_models()?;
        self.keep_front();
        self.step = Step::Face(Box::new(FaceSession::rehearsal(attempt, challenge)));
        self.log.begin(FrameStep::Face);
        Ok(())
    }

    /// Leads a frame, taken at `at_ms` (monotonic), through the face step. Fails with [`ErrorKind::OutOfOrder`]
    /// outside of that step, [`ErrorKind::Inference`] or [`ErrorKind::Encode`].
    pub fn face_frame(&mut self, frame: RgbaView<'_>, at_ms: f64) -> Result<FaceStatus, Error> {
        let Self { detector, mesh, passive, step, log, mark, pixels, .. } = self;
        *mark = None;
        match (step, detector, mesh) {
            (Step::Face(session), Some(detector), Some(mesh)) => {
                // What the detector saw before was of another step.
                pixels.clear();
                detector.take_input(pixels);
                let models = FaceModels { detector, mesh, passive: passive.as_mut() };
                let status = session.frame(models, frame, at_ms)?;
                let place = (FrameStep::Face, session.at_ms());
                *mark = commit(log, pixels, place, &session.may_become(), |pixels| {
                    let size = detector.take_input(pixels)?;
                    Some((size, [0, 0, size.width, size.height]))
                });
                Ok(status)
            }
            _ => Err(Error::new(ErrorKind::OutOfOrder, "the face step has not begun")),
        }
    }

    /// Reads the machine-readable zone in `frame`, a rectified document or a picture with one in it. `today`
    /// settles the centuries of its dates. Nothing where no zone is found. Fails with
    /// [`ErrorKind::ModelMissing`] without `mrz_reader`, or [`ErrorKind::Inference`].
    pub fn read_zone(
        &mut self,
        frame: RgbaView<'_>,
        today: CalendarDate,
    ) -> Result<Option<MrzReading>, Error> {
        match &mut self.zone {
            Some(reader) => reader.read(frame, today),
            None => Err(Error::new(ErrorKind::ModelMissing, "reading a zone needs the model mrz_reader")),
        }
    }

    /// The pictures that wait to be taken, each once.
    pub fn take_captures(&mut self) -> Vec<Capture> {
        let mut captures: Vec<Capture> = match &mut self.step {
            Step::Idle => Vec::new(),
            Step::Document(session) => session.take_capture().into_iter().collect(),
            Step::Face(session) => session.take_captures(),
        };
        for Capture { meta, .. } in captures.iter_mut().filter(|capture| !capture.is_file()) {
            meta.frame = self.log.captured(FrameStep::of_capture(meta.kind), meta.at_ms);
        }
        captures
    }

    /// The leaf of the last frame, once; `None` where no detector looked at it.
    pub fn take_mark(&mut self) -> Option<FrameMark> {
        self.mark.take()
    }

    /// The pixels of a frame, as far as they are still there: see [`commitment`].
    pub fn open_frame(&self, index: u32) -> Option<(HeldFrame, &[u8])> {
        self.log.open(index)
    }

    fn document_session(&mut self) -> Result<&mut DocumentSession, Error> {
        match &mut self.step {
            Step::Document(session) => Ok(session),
            _ => Err(no_document_step()),
        }
    }

    /// Keeps what the front looks like, for its back.
    fn keep_front(&mut self) {
        if let Step::Document(session) = &self.step
            && let Some((attempt, signature)) = session.captured_front()
        {
            self.front = Some((attempt, signature.clone()));
        }
    }

    fn face_models(&self) -> Result<(), Error> {
        let missing = match (&self.detector, &self.mesh) {
            (None, _) => "face_detector",
            (_, None) => "face_mesh",
            _ => return Ok(()),
        };
        Err(Error::new(ErrorKind::ModelMissing, format!("the face step needs the model {missing}")))
    }
}

/// The leaf of a frame whose input `read` gives; `None` where there is none.
fn commit(
    log: &mut FrameLog,
    pixels: &mut Vec<u8>,
    place: (FrameStep, f64),
    may_become: &[f64],
    read: impl FnOnce(&mut Vec<u8>) -> Option<(Size, [u32; 4])>,
) -> Option<FrameMark> {
    pixels.clear();
    let seen = read(pixels)?;
    Some(log.add(place, seen, pixels, may_become))
}

fn no_document_step() -> Error {
    Error::new(ErrorKind::OutOfOrder, "the document step has not begun")
}
