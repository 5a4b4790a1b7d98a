//! Signs that what is open is no camera before a person.
//!
//! In: what the browser says of the camera and of itself, the times of its frames, what the worker says of each.
//! Out: [`InjectionSignal`]s. Rule: a sign is measured and recorded, and changes nothing on the page; the camera's
//! label ends here. Only `read` asks the browser.
//!
//! Every sign has honest causes: an integrator's own camera program, a webcam with one size, a capture card. Their
//! confidences say how often, and the operator weighs several together.

mod capabilities;
mod frames;
mod label;
mod page;
mod probe;
#[cfg(target_arch = "wasm32")]
pub mod read;
mod timing;

pub use capabilities::{Range, TrackFacts};
pub use frames::FrameSigns;
pub use page::PageFacts;
pub use probe::{Answer, ProbeFacts, other_size};
pub use timing::Timing;

use idv_protocol::InjectionSignal;

/// What is known of a camera that was opened. It has no `Debug`: the label may name a person.
#[derive(Clone, Default, PartialEq)]
pub struct CameraFacts {
    /// The label of the track.
    pub label: String,
    /// What the track says of itself.
    pub track: TrackFacts,
    /// What came of asking it for something else; `None` where it was not asked.
    pub probe: Option<ProbeFacts>,
    /// The page around it.
    pub page: PageFacts,
}

/// The signs of a camera, one of a code at most.
pub fn of_camera(facts: &CameraFacts) -> Vec<InjectionSignal> {
    let page = page::signals(&facts.page);
    let of_track = [
        label::signal(&facts.label),
        capabilities::signal(&facts.track),
        facts.probe.as_ref().and_then(probe::signal),
    ];
    of_track.into_iter().chain(page).flatten().collect()
}

/// The signs of an attempt: of each code the surest that was measured.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Signs {
    of_camera: Vec<InjectionSignal>,
    /// The signs of frames.
    pub frames: FrameSigns,
}

impl Signs {
    /// Adds a sign.
    pub fn add(&mut self, signal: InjectionSignal) {
        match self.of_camera.iter_mut().find(|held| held.code == signal.code) {
            Some(held) if held.confidence >= signal.confidence => {}
            Some(held) => *held = signal,
            None => self.of_camera.push(signal),
        }
    }

    /// All of them, in the order of their codes.
    pub fn signals(&self) -> Vec<InjectionSignal> {
        let mut all = Self { of_camera: self.of_camera.clone(), ..Self::default() };
        self.frames.signals().into_iter().for_each(|signal| all.add(signal));
        all.of_camera.sort_unstable_by_key(|signal| signal.code);
        all.of_camera
    }
}

/// How sure several independent doubts are together.
fn together(doubts: impl IntoIterator<Item = f32>) -> f32 {
    1.0 - doubts.into_iter().map(|doubt| 1.0 - doubt).product::<f32>()
}

/// 1 at `sure`, 0 at `none`, straight between them.
fn share_between(value: f32, none: f32, sure: f32) -> f32 {
    ((value - none) / (sure - none)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use idv_protocol::InjectionCode;

    #[test]
    fn of_each_code_the_surest_sign_stays() {
        let mut signs = Signs::default();
        let add = |signs: &mut Signs, confidence| {
            signs.add(InjectionSignal::new(InjectionCode::SettingsDoNotAnswer, 1.0, confidence));
        };
        [0.5, 0.9, 0.4].into_iter().for_each(|confidence| add(&mut signs, confidence));
        signs.add(InjectionSignal::new(InjectionCode::VirtualCameraLabel, 1.0, 0.95));
        let signals = signs.signals();
        assert_eq!(
            signals.iter().map(|signal| (signal.code, signal.confidence)).collect::<Vec<_>>(),
            [(InjectionCode::VirtualCameraLabel, 0.95), (InjectionCode::SettingsDoNotAnswer, 0.9)]
        );
    }

    #[test]
    fn an_ordinary_webcam_shows_none() {
        let side = |max| Some(Range { min: 1.0, max });
        let facts = CameraFacts {
            label: "Integrated Camera (04f2:b6d9)".into(),
            track: TrackFacts {
                class: "MediaStreamTrack".into(),
                has_device: true,
                width: side(1920.0),
                height: side(1080.0),
                frame_rate: Some(Range { min: 0.0, max: 30.0 }),
                size: Some((1280.0, 720.0)),
                rate: Some(30.0),
                tells_ranges: true,
            },
            probe: Some(ProbeFacts {
                refused: false,
                tells_mode: true,
                asked: (640.0, 480.0),
                answer: Answer { before: (1280.0, 720.0), after: (640.0, 480.0) },
            }),
            page: PageFacts {
                get_user_media: "function getUserMedia() { [native code] }".into(),
                is_own_member: false,
                is_driven: false,
                user_agent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0 Safari/537.36".into(),
            },
        };
        assert_eq!(of_camera(&facts), []);
    }
}
