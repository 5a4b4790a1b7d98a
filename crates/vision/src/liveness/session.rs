//! The face step: frames in, hints out, at the end a report and its pictures.

use super::background::{Following, Surroundings};
use super::continuity::{Continuity, Moment, Patch};
use super::cues::{CueMeter, middle_cues};
use super::depth::DepthLog;
use super::measure::Seen;
use super::params::ScriptParams;
use super::passive::PassivePad;
use super::schedule::Schedule;
use super::script::{Keep, Script, Sight, Step};
use crate::capture::{Capture, Keeper, Offer, SteadyHint};
use crate::error::Error;
use crate::face::{Face, FaceDetector, FaceMesh, FaceWatch, Mesh, Watched, fault_hint};
use crate::frame::RgbaView;
use idv_protocol::liveness::PoseSample;
use idv_protocol::{
    ActionKind, CaptureKind, Challenge, CheckCode, Cue, FaceHint, FacePhase, FaceStatus, HeadPose,
    LivenessReport, Passive, QualityReport, Size,
};

/// Frames whose passive score is taken, at most: the median of five is steady against one bad frame.
const PASSIVE_SCORES: usize = 5;

/// Least time between two of them in ms, so that they are different pictures.
const PASSIVE_INTERVAL_MS: f64 = 120.0;

/// Least time between two recorded head poses in ms.
const POSE_INTERVAL_MS: f64 = 100.0;

/// Most head poses in a report: those of half a minute.
const MAX_POSES: usize = 300;

/// Pictures of actions, in order.
const ACTION_KINDS: [CaptureKind; 2] = [CaptureKind::Action1, CaptureKind::Action2];

/// Largest face, over the frame's width or height, that can come closer and stay in the frame.
const MAX_REST_RATIO: f32 = 0.6;

/// The networks of the face step.
pub struct FaceModels<'a> {
    /// Finds faces.
    pub detector: &'a mut FaceDetector,
    /// Finds their points.
    pub mesh: &'a mut FaceMesh,
    /// Scores their texture, where the model was loaded.
    pub passive: Option<&'a mut PassivePad>,
}

/// One face step.
pub struct FaceSession {
    attempt: u32,
    schedule: Schedule,
    watch: FaceWatch,
    script: Script,
    continuity: Continuity,
    /// The best frontal face so far, as its picture is the selfie, and how good it is.
    front: Option<(f32, Mesh)>,
    /// What was around it.
    around: Option<Surroundings>,
    /// How that fits the face's motion where it was largest.
    following: Option<Following>,
    depth: DepthLog,
    began_ms: Option<f64>,
    now_ms: f64,
    frames: u32,
    poses: Vec<PoseSample>,
    scores: Vec<f32>,
    scored_at_ms: f64,
    cue_meter: CueMeter,
    /// The cues of each scored frame.
    signs: Vec<Vec<Cue>>,
    selfie: Keeper,
    actions: [Keeper; ACTION_KINDS.len()],
    captures: Vec<Capture>,
    hints: SteadyHint<FaceHint>,
    ended: bool,
}

/// What the networks say of one frame.
struct Observation {
    faces: Vec<Face>,
    /// The largest face's mesh, where the network is sure of it.
    mesh: Option<Mesh>,
    /// What that mesh shows.
    seen: Option<Seen>,
    quality: QualityReport,
    /// The face is so large that it cannot come closer, and it will have to.
    too_large: bool,
}

impl FaceSession {
    /// A face step that follows `challenge`. Fails with [`crate::ErrorKind::BadChallenge`] when its actions do not
    /// follow from its nonce.
    pub fn new(attempt: u32, challenge: Challenge) -> Result<Self, Error> {
        Schedule::of(challenge).map(|schedule| Self::following(attempt, schedule))
    }

    /// A face step with exactly the actions of `challenge` in every draw, whatever its nonce. For recordings of known
    /// actions; no page can ask for it, and no verifier takes its report.
    pub fn rehearsal(attempt: u32, challenge: Challenge) -> Self {
        Self::following(attempt, Schedule::rehearsed(challenge))
    }

    fn following(attempt: u32, schedule: Schedule) -> Self {
        let script = Script::new(schedule.clone(), ScriptParams::default());
        Self {
            attempt,
            schedule,
            watch: FaceWatch::default(),
            script,
            continuity: Continuity::default(),
            front: None,
            around: None,
            following: None,
            depth: DepthLog::default(),
            began_ms: None,
            now_ms: 0.0,
            frames: 0,
            poses: Vec::new(),
            scores: Vec::new(),
            scored_at_ms: f64::NEG_INFINITY,
            cue_meter: CueMeter::default(),
            signs: Vec::new(),
            selfie: Keeper::default(),
            actions: Default::default(),
            captures: Vec::new(),
            hints: SteadyHint::default(),
            ended: false,
        }
    }

    /// Goes on by one frame, taken at `at_ms` (monotonic). Fails with [`crate::ErrorKind::Inference`] or
    /// [`crate::ErrorKind::Encode`]. Once the step has ended a frame changes nothing.
    pub fn frame(
        &mut self,
        mut models: FaceModels<'_>,
        frame: RgbaView<'_>,
        at_ms: f64,
    ) -> Result<FaceStatus, Error> {
        if self.ended {
            return Ok(self.ended_status(frame));
        }
        let began = *self.began_ms.get_or_insert(at_ms);
        self.now_ms = self.now_ms.max(at_ms - began);
        self.frames += 1;
        let seen = self.observe(&mut models, frame)?;
        let broken = self.continuity.see(Moment {
            at_ms,
            digest: models.detector.input_digest(),
            face: seen.alone().map(|mesh| (mesh, Patch::of(frame, mesh))),
        });
        self.measure_motion(frame, &seen);
        let step = self.script.step(self.now_ms, seen.sight(), broken);
        self.keep(frame, &step, &seen);
        if step.keep == Keep::Selfie {
            self.score_texture(&mut models, frame, &seen)?;
        }
        if let Some(Seen { pose, .. }) = seen.seen {
            self.record_pose(pose);
        }
        let report = (step.phase == FacePhase::Done).then(|| self.end()).transpose()?;
        Ok(FaceStatus {
            frame: frame.size(),
            face: seen.faces.first().map(|face| face.rect),
            pose: seen.seen.map(|seen| seen.pose),
            hint: self.shown_hint(&step, hint(frame, &step, &seen)),
            quality: seen.quality,
            phase: step.phase,
            actions_done: self.script.actions_done(),
            draw: self.script.draw(),
            asked: self.script.prompted(self.now_ms),
            progress: self.script.progress(self.now_ms),
            report: report.map(Box::new),
        })
    }

    /// The pictures, once, after the step has ended: the selfie, then one for each action that was asked for.
    pub fn take_captures(&mut self) -> Vec<Capture> {
        std::mem::take(&mut self.captures)
    }

    /// Time of the last frame in ms since the step began.
    pub(crate) fn at_ms(&self) -> f64 {
        self.now_ms
    }

    /// Times of the frames of which captures are or may still be made.
    pub(crate) fn may_become(&self) -> Vec<f64> {
        let keepers = std::iter::once(&self.selfie).chain(&self.actions).filter_map(Keeper::held_at_ms);
        keepers.chain(self.captures.iter().map(|capture| capture.meta.at_ms)).collect()
    }

    fn ended_status(&self, frame: RgbaView<'_>) -> FaceStatus {
        FaceStatus {
            frame: frame.size(),
            face: None,
            pose: None,
            quality: QualityReport::default(),
            phase: FacePhase::Done,
            hint: FaceHint::Done,
            actions_done: self.script.actions_done(),
            draw: self.script.draw(),
            asked: None,
            progress: 1.0,
            report: None,
        }
    }

    fn observe(&mut self, models: &mut FaceModels<'_>, frame: RgbaView<'_>) -> Result<Observation, Error> {
        let moves = !self.script.positioning();
        let Watched { faces, mesh, quality, .. } =
            self.watch.look(models.detector, models.mesh, frame, self.now_ms, moves)?;
        let comes_closer = self.script.actions().iter().any(|action| action.kind == ActionKind::ComeCloser);
        let too_large =
            !moves && comes_closer && faces.first().is_some_and(|face| is_large(frame.size(), face));
        let rest = self.front.as_ref().map(|(_, mesh)| mesh);
        let good = quality.passed() && !too_large;
        let seen = mesh.as_ref().map(|mesh| Seen::of(frame, mesh, rest, good));
        Ok(Observation { faces, mesh, seen, quality, too_large })
    }

    /// What the challenge asks for is shown at once, since its time runs; faults must last to be shown.
    fn shown_hint(&mut self, step: &Step, measured: FaceHint) -> FaceHint {
        if step.ask == Some(measured) {
            self.hints = SteadyHint::default();
        }
        self.hints.update(self.now_ms, measured)
    }

    fn keep(&mut self, frame: RgbaView<'_>, step: &Step, seen: &Observation) {
        if step.restarted {
            self.front = None;
            self.around = None;
            self.following = None;
            self.depth = DepthLog::default();
            self.selfie.clear();
            self.actions.iter_mut().for_each(Keeper::clear);
            self.scores.clear();
            self.signs.clear();
        }
        let (keeper, score) = match step.keep {
            Keep::No => (None, 0.0),
            Keep::Selfie => {
                let score = frontal_score(&seen.quality);
                if let Some(mesh) = seen.mesh.as_ref().filter(|_| self.front_is_worse(score)) {
                    self.front = Some((score, mesh.clone()));
                    self.around = Some(Surroundings::of(frame, mesh));
                }
                (Some(&mut self.selfie), score)
            }
            Keep::Action(index, score) => (self.actions.get_mut(index), score),
        };
        if let Some(keeper) = keeper {
            keeper.offer(frame, &Offer { at_ms: self.now_ms, score, quad: None, quality: &seen.quality });
        }
    }

    fn front_is_worse(&self, than: f32) -> bool {
        self.front.as_ref().is_none_or(|(score, _)| *score < than)
    }

    /// Holds the face, and what is around it, against their rest while an action is asked for.
    fn measure_motion(&mut self, frame: RgbaView<'_>, seen: &Observation) {
        let (Some(kind), Some((_, rest)), Some(mesh)) = (self.script.asked(), &self.front, seen.alone())
        else {
            return;
        };
        self.depth.see(kind, rest, mesh);
        let moves = kind.shows_depth() || kind == ActionKind::ComeCloser;
        let found = self.around.as_ref().filter(|_| moves).and_then(|around| around.follow(frame, mesh));
        if found.is_some_and(|found| self.following.is_none_or(|best| best.carried_px < found.carried_px)) {
            self.following = found;
        }
    }

    fn score_texture(
        &mut self,
        models: &mut FaceModels<'_>,
        frame: RgbaView<'_>,
        seen: &Observation,
    ) -> Result<(), Error> {
        let Some(face) = seen.faces.first() else { return Ok(()) };
        if self.signs.len() < PASSIVE_SCORES && self.now_ms - self.scored_at_ms >= PASSIVE_INTERVAL_MS {
            if let Some(passive) = models.passive.as_mut() {
                self.scores.push(passive.score(frame, face)?);
            }
            self.signs.push(self.cue_meter.measure(frame, face));
            self.scored_at_ms = self.now_ms;
        }
        Ok(())
    }

    fn record_pose(&mut self, pose: HeadPose) {
        let due = self.poses.last().is_none_or(|last| self.now_ms - last.at_ms >= POSE_INTERVAL_MS);
        if due && self.poses.len() < MAX_POSES {
            self.poses.push(PoseSample { at_ms: self.now_ms, pose });
        }
    }

    fn end(&mut self) -> Result<LivenessReport, Error> {
        self.ended = true;
        self.captures.extend(self.selfie.take(CaptureKind::Selfie, self.attempt)?);
        for (keeper, kind) in self.actions.iter_mut().zip(ACTION_KINDS) {
            self.captures.extend(keeper.take(kind, self.attempt)?);
        }
        Ok(LivenessReport {
            nonce: self.schedule.challenge().nonce.clone(),
            set: self.schedule.challenge().set,
            draw: self.script.draw(),
            actions: self.script.results().to_vec(),
            challenge_met: self.script.met(),
            depth: self.depth.report(),
            breaks: self.script.breaks().to_vec(),
            passive: passive_result(std::mem::take(&mut self.scores)),
            cues: middle_cues(&self.signs).into_iter().chain(self.following.map(|it| it.cue())).collect(),
            poses: std::mem::take(&mut self.poses),
            frames: self.frames,
            duration_ms: self.now_ms,
        })
    }
}

impl Observation {
    /// The mesh of the only face.
    fn alone(&self) -> Option<&Mesh> {
        self.mesh.as_ref().filter(|_| self.faces.len() == 1)
    }

    fn sight(&self) -> Sight {
        match self.seen {
            _ if self.faces.len() > 1 => Sight::Several,
            Some(seen) => Sight::One(seen),
            None => Sight::Nobody,
        }
    }
}

/// How good a selfie a frame is that passed every check: sharp and straight.
fn frontal_score(quality: &QualityReport) -> f32 {
    let value = |code| quality.checks.iter().find(|check| check.code == code);
    let sharpness = value(CheckCode::Sharpness).map_or(0.0, |check| check.value);
    let turned = value(CheckCode::Pose).map_or(0.0, |check| check.value / check.threshold);
    sharpness * (1.0 - turned.clamp(0.0, 1.0) / 2.0)
}

fn passive_result(scores: Vec<f32>) -> Passive {
    let mut sorted = scores.clone();
    sorted.sort_by(f32::total_cmp);
    match sorted.get(sorted.len() / 2) {
        Some(&median) => Passive::Scored { scores, median },
        None => Passive::NotRun,
    }
}

/// What to tell the user: what is asked for, unless the frame has a fault that prevents it.
fn hint(frame: RgbaView<'_>, step: &Step, seen: &Observation) -> FaceHint {
    match (step.ask, seen.faces.len()) {
        (Some(FaceHint::Done), _) => return FaceHint::Done,
        (_, 0) => return FaceHint::NoFace,
        (Some(ask), 1) => return ask,
        (_, 1) => {}
        _ => return FaceHint::SeveralFaces,
    }
    let fault = fault_hint(frame, &seen.faces, &seen.quality);
    fault.unwrap_or(if seen.too_large { FaceHint::MoveBack } else { FaceHint::HoldStill })
}

/// True when the face takes more than [`MAX_REST_RATIO`] of the frame's width or height.
fn is_large(frame: Size, face: &Face) -> bool {
    face.rect.height > MAX_REST_RATIO * frame.height as f32
        || face.rect.width > MAX_REST_RATIO * frame.width as f32
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
