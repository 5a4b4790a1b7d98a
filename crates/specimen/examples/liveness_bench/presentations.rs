//! Generated presentations, bona fide and attacks, each before an engine with a challenge of its own.

use crate::engine::{LIVE_MIN, Models, Pixels};
use crate::pose::Poses;
use anyhow::{Context, Result};
use idv_protocol::{Action, CaptureKind, Challenge, ChallengeSet, FacePhase, LivenessReport, Passive};
use idv_seal::challenge::{NONCE_BYTES, challenge, nonce_of, schedule};
use idv_specimen::Assets;
use idv_specimen::person::Subject;
use idv_specimen::random::stream;
use idv_specimen::recording::{AttackKind, Recording, Settings, attack, live};
use idv_vision::Engine;
use idv_vision::capture::Capture;
use idv_vision::face::{Embedder, Embedding, FaceDetector, FaceMesh, main_faces};
use idv_vision::frame::decode_image;
use idv_vision::liveness::live_probability;
use rand::Rng;
use serde_json::{Value, json};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Pictures of people that set-up fetches; the first is a person alone, the others are two.
const PEOPLE: [&str; 4] = ["astronaut.png", "obama.jpg", "biden.jpg", "obama2.jpg"];

/// Width and height of the frames in px: a camera of fewer pixels than the page asks for.
const FRAME_PX: (u32, u32) = (960, 540);

/// Time between two frames in ms: ten a second, as on a slow phone.
const FRAME_MS: f64 = 100.0;

/// Longest time of a presentation in ms; the engine ends by itself long before.
const LIMIT_MS: f64 = 120_000.0;

/// The plan's tolerance and number of draws.
const TOLERANCE_MS: u32 = 1_000;
const MAX_DRAWS: u32 = 3;

/// Cosine similarity below which two pictures show different people, for faces that are turned: what the operator asks
/// of selfie and actions.
const SAME_FACE_MIN: f32 = 0.38;

/// One presentation.
#[derive(Clone, Copy)]
struct Order {
    /// `None` for bona fide.
    attack: Option<AttackKind>,
    shown: usize,
    attacker: usize,
    seed: u64,
}

/// Plays `people` bona fide presentations and `attacks` of each of `kinds` on `threads` threads. Returns their cases.
pub fn play_all(people: u64, kinds: &[AttackKind], attacks: u64, threads: usize) -> Result<Vec<Value>> {
    let assets = Assets::open()?;
    let models = Models::open(&assets)?;
    let find = |name: &&str| Ok(Subject::find(assets.picture(name)?, assets.models_dir())?);
    let subjects: Vec<Subject> = PEOPLE.iter().map(find).collect::<Result<_>>()?;
    let person = |seed: u64| seed as usize % PEOPLE.len();
    let bona_fide = (0..people).map(|seed| Order { attack: None, shown: person(seed), attacker: 0, seed });
    let of_kind = |(index, kind): (usize, &AttackKind)| {
        let (attack, first) = (Some(*kind), 1000 * (index as u64 + 1));
        (0..attacks).map(move |k| (attack, k, first + k)).collect::<Vec<_>>()
    };
    let attacks = kinds.iter().enumerate().flat_map(of_kind).map(|(attack, k, seed)| {
        // The neighbour in the list is somebody else.
        Order { attack, shown: person(k), attacker: person(k + 1), seed }
    });
    let orders: Vec<Order> = bona_fide.chain(attacks).collect();
    let (next, cases) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = if threads == 0 { cores } else { threads };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| -> Result<()> {
                    let mut bench = Bench::new(&models)?;
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        let Some(order) = orders.get(index) else { return Ok(()) };
                        let case = bench.play(order, &subjects)?;
                        let mut cases = cases.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                        cases.push((index, case));
                        eprintln!("progress {:.3}", cases.len() as f64 / orders.len() as f64);
                    }
                })
            })
            .collect();
        workers.into_iter().try_for_each(|worker| {
            worker.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a worker ended in a panic")))
        })
    })?;
    let mut cases = cases.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    cases.sort_by_key(|(index, _)| *index);
    Ok(cases.into_iter().map(|(_, case)| case).collect())
}

/// What one thread measures with.
struct Bench {
    engine: Engine,
    detector: FaceDetector,
    mesh: FaceMesh,
    embedder: Embedder,
}

impl Bench {
    fn new(models: &Models) -> Result<Self> {
        Ok(Self {
            engine: models.engine()?,
            detector: models.detector()?,
            mesh: models.mesh()?,
            embedder: models.embedder()?,
        })
    }

    fn play(&mut self, order: &Order, subjects: &[Subject]) -> Result<Value> {
        let nonce: [u8; NONCE_BYTES] = stream(order.seed, "nonce of the bench").random();
        let nonce_hex = nonce.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let challenge = challenge(&nonce_hex, ChallengeSet::Standard, TOLERANCE_MS, MAX_DRAWS);
        let challenge = challenge.context("a nonce")?;
        let mut poses = Poses::default();
        let (report, began_ms) = self.watch(order, subjects, &challenge, &mut poses)?;
        let captures = self.engine.take_captures();
        let same_face = self.least_similarity(&captures)?;
        let passive = match &report.passive {
            Passive::Scored { median, .. } => Some(*median),
            Passive::NotRun => None,
        };
        let fused = live_probability(&report.passive, &report.cues);
        let flat = report.depth.as_ref().is_some_and(|depth| depth.flat);
        let accepted = report.challenge_met
            && !flat
            && fused.is_none_or(|live| live >= LIVE_MIN)
            && same_face.is_some_and(|similarity| similarity >= SAME_FACE_MIN);
        let kind = order.attack.map_or("live", AttackKind::name);
        let actions: Vec<String> = report.actions.iter().map(|result| spelled(&result.action)).collect();
        let asked: Vec<String> = challenge.actions.iter().map(spelled).collect();
        Ok(json!({
            "file": format!("{kind}-{}", order.seed),
            "label": if order.attack.is_some() { "attack" } else { "live" },
            "kind": kind,
            "person": PEOPLE[order.shown],
            "attacker": order.attack.map(|_| PEOPLE[order.attacker]),
            "asked": asked.join(","),
            "accepted": accepted,
            "challenge_met": report.challenge_met,
            "draw": report.draw,
            "actions": actions.join(","),
            "values": report.actions.iter().map(|result| result.value).collect::<Vec<_>>(),
            "met": report.actions.iter().filter(|result| result.met_at_ms.is_some()).count(),
            "breaks": report.breaks.iter().map(|seen| seen.reason).collect::<Vec<_>>(),
            "flat": flat,
            "residual": report.depth.as_ref().map(|depth| depth.residual),
            "growth": report.depth.as_ref().and_then(|depth| depth.growth),
            "score": passive,
            "fused": fused,
            "cues": report.cues,
            "same_face": same_face,
            "pose_errors_deg": poses.errors(),
            "frames": report.frames,
            "prompted_at_ms": began_ms,
            "duration_ms": report.duration_ms,
        }))
    }

    /// The engine's report, and when it first asked for something. Adds the head's poses.
    fn watch(
        &mut self,
        order: &Order,
        subjects: &[Subject],
        challenge: &Challenge,
        poses: &mut Poses,
    ) -> Result<(LivenessReport, Option<f64>)> {
        self.engine.begin_face(1, challenge.clone())?;
        let nonce = nonce_of(&challenge.nonce).context("a nonce")?;
        let (mut draw, mut since_ms, mut began_ms, mut asked) = (0, 0.0, None, false);
        let mut recording = film(order, subjects, &challenge.actions)?;
        let mut at_ms = 0.0;
        while at_ms < LIMIT_MS {
            let pixels = Pixels::of(&recording.frame_at(at_ms - since_ms));
            let status = self.engine.face_frame(pixels.view()?, at_ms)?;
            if let Some((drawn, measured)) = recording.truth_at(at_ms - since_ms).pose.zip(status.pose) {
                poses.see(&drawn, &measured);
            }
            if let Some(report) = status.report {
                return Ok((*report, began_ms));
            }
            // Who is before the camera sees that it begins anew, and answers what is asked then.
            if asked && status.phase == FacePhase::Position {
                draw += 1;
                since_ms = at_ms;
                recording = film(order, subjects, &schedule(&nonce, challenge.set, draw))?;
            }
            asked = status.phase == FacePhase::Challenge;
            if asked {
                began_ms.get_or_insert(at_ms);
            }
            at_ms += FRAME_MS;
        }
        anyhow::bail!("the face step of seed {} did not end", order.seed)
    }

    /// Least similarity of the selfie and a picture of an action; `None` where one of them shows no face.
    fn least_similarity(&mut self, captures: &[Capture]) -> Result<Option<f32>> {
        let (mut selfie, mut others) = (None, Vec::new());
        for capture in captures {
            let embedding = self.embed(&capture.jpeg)?;
            match capture.meta.kind {
                CaptureKind::Selfie => selfie = embedding,
                _ => others.push(embedding),
            }
        }
        let Some(selfie) = selfie else { return Ok(None) };
        let similarities: Option<Vec<f32>> =
            others.iter().map(|other| other.as_ref().map(|other| other.similarity(&selfie))).collect();
        Ok(similarities.and_then(|all| all.into_iter().reduce(f32::min)))
    }

    fn embed(&mut self, jpeg: &[u8]) -> Result<Option<Embedding>> {
        let picture = decode_image(jpeg)?;
        let view = picture.view()?;
        let Some(face) = main_faces(self.detector.detect(view)?).into_iter().next() else { return Ok(None) };
        let mesh = self.mesh.fit(view, &face)?;
        Ok(Some(self.embedder.embed(view, &mesh)?))
    }
}

/// What is before the camera while `actions` are asked for.
fn film(order: &Order, subjects: &[Subject], actions: &[Action]) -> Result<Recording> {
    let settings = Settings::new(order.seed).sized(FRAME_PX.0, FRAME_PX.1);
    let (shown, attacker) = (&subjects[order.shown], &subjects[order.attacker]);
    Ok(match order.attack {
        None => live(&settings, shown, &[actions])?,
        Some(kind) => attack(&settings, kind, shown, attacker, &[actions])?,
    })
}

fn spelled(action: &Action) -> String {
    match action.times {
        1 => action.kind.code().to_owned(),
        times => format!("{}:{times}", action.kind.code()),
    }
}
