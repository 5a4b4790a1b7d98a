//! A camera before which specimens are held.

use idv_protocol::{Challenge, Size, Turn};
use idv_specimen::Assets;
use idv_specimen::recording::{self, Recording, Settings};
use idv_web::camera::Facing;

/// Width and height of the frames in px.
const FRAME: (u32, u32) = (1280, 720);

/// What is held before the camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scene {
    /// A passport, then its holder.
    Holder,
    /// An empty desk.
    Desk,
    /// A passport, then a printed photo of its holder.
    Print,
    /// A passport, then somebody else.
    Stranger,
    /// The camera is denied.
    Denied,
}

/// The camera.
pub struct Camera {
    scene: Scene,
    seed: u64,
    assets: Assets,
    turns: Vec<Turn>,
    turn_timeout_ms: u32,
    playing: Option<Recording>,
}

impl Camera {
    /// A camera before `scene`.
    pub fn before(scene: Scene, seed: u64, assets: Assets) -> Self {
        Self { scene, seed, assets, turns: Vec::new(), turn_timeout_ms: 0, playing: None }
    }

    /// Hears of the session's challenge, so that the person can answer it.
    pub fn learn(&mut self, challenge: Option<&Challenge>) {
        if let Some(challenge) = challenge {
            self.turns.clone_from(&challenge.turns);
            self.turn_timeout_ms = challenge.turn_timeout_ms;
        }
    }

    /// Opens. Fails with the name of the browser's error.
    pub fn open(&mut self, facing: Facing) -> Result<Size, &'static str> {
        let settings = Settings::new(self.seed).sized(FRAME.0, FRAME.1);
        let photo = |name: &str| {
            self.assets.picture(name).expect("a picture of the assets; run `cargo xtask models`")
        };
        let recording = match (facing, self.scene) {
            (_, Scene::Denied) => return Err("NotAllowedError"),
            (Facing::Environment, Scene::Desk) => recording::no_document(&settings, &self.assets),
            (Facing::Environment, _) => recording::document(&settings, &self.assets, &photo("astronaut.png")),
            (Facing::User, Scene::Print) => {
                recording::print(&settings, &self.assets, &photo("astronaut.png"))
            }
            (Facing::User, Scene::Stranger) => recording::face(
                &settings,
                &self.assets,
                &photo("obama.jpg"),
                &self.turns,
                self.turn_timeout_ms,
            ),
            (Facing::User, _) => recording::face(
                &settings,
                &self.assets,
                &photo("astronaut.png"),
                &self.turns,
                self.turn_timeout_ms,
            ),
        };
        let recording = recording.expect("a recording");
        let size = recording.size();
        self.playing = Some(recording);
        Ok(size)
    }

    /// The frame at `at_ms` since the camera was opened, as RGBA bytes.
    pub fn frame(&mut self, _facing: Facing, at_ms: f64) -> (Vec<u8>, Size) {
        let recording = self.playing.as_ref().expect("an open camera");
        let image = image::DynamicImage::ImageRgb8(recording.frame_at(at_ms)).into_rgba8();
        (image.into_raw(), recording.size())
    }
}
