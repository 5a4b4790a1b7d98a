//! The outline that is drawn over camera frames, against where the document was drawn.

use crate::canvas::{Random, view};
use crate::held::Held;
use crate::network::engine;
use crate::scene::Scene;
use idv_protocol::reading::CalendarDate;
use idv_protocol::{DocumentSide, DocumentTask};
use idv_protocol::{DocumentStatus, Quad};
use idv_vision::Engine;

const FRAME_MS: f64 = 1000.0 / 30.0;

/// Most that a corner of the outline of a still document moves from one frame to the next, in px of a frame of
/// 1280x720: below what is seen on a screen.
const STILL_JITTER_PX: f32 = 0.2;

/// Farthest that it lies from the document's own corner, known from the drawing.
const STILL_ERROR_PX: f32 = 1.0;

/// The same while a hand moves the document by a third of its width a second.
const MOVING_ERROR_PX: f32 = 6.0;

/// Longest that an outline stays where no document is, in ms.
const LOST_MS: f64 = 200.0;

/// The scene with the noise of another moment, of some 2 grey levels.
fn at_another_moment(mut scene: Scene, seed: u64) -> Scene {
    let mut random = Random::new(seed);
    for bytes in scene.image.data.chunks_mut(8) {
        for (byte, noise) in bytes.iter_mut().zip(random.bits().to_le_bytes()) {
            *byte = byte.saturating_add(noise % 8).saturating_sub(4);
        }
    }
    scene
}

fn page_at(shift: (f32, f32), seed: u64) -> Scene {
    at_another_moment(Held { width_px: 640.0, shift, ..Held::default() }.draw(), seed)
}

/// Farthest distance between two corners of the same place.
fn farthest(a: &Quad, b: &Quad) -> f32 {
    a.0.iter().zip(b.0).map(|(p, q)| p.distance(q)).fold(0.0, f32::max)
}

fn show(engine: &mut Engine, scene: &Scene, at_ms: f64) -> DocumentStatus {
    engine.document_frame(view(&scene.image), at_ms).expect("a frame")
}

#[test]
fn the_outline_of_a_still_document_does_not_shake() {
    let mut engine = engine();
    engine.begin_document(DocumentTask::new(1, DocumentSide::Front, CalendarDate::new(2026, 1, 1)));
    let (mut before, mut jitter, mut error) = (None::<Quad>, 0f32, 0f32);
    for frame in 0..14u32 {
        let scene = page_at((0.0, 0.0), u64::from(frame));
        let quad = show(&mut engine, &scene, f64::from(frame) * FRAME_MS).quad.expect("found");
        if frame >= 3 {
            jitter = jitter.max(before.map_or(0.0, |before| farthest(&before, &quad)));
            error = error.max(farthest(&quad, &scene.quad));
        }
        before = Some(quad);
    }
    println!("jitter {jitter:.2} px, off by {error:.2} px");
    assert!(jitter <= STILL_JITTER_PX, "{jitter} px");
    assert!(error <= STILL_ERROR_PX, "{error} px");
}

#[test]
fn the_outline_sticks_to_a_moving_document_and_is_gone_soon_after_it() {
    let mut engine = engine();
    engine.begin_document(DocumentTask::new(1, DocumentSide::Front, CalendarDate::new(2026, 1, 1)));
    let mut error = 0f32;
    for frame in 0..20u32 {
        let moved = frame as f32 * 640.0 / 3.0 / 30.0;
        let scene = page_at((moved - 70.0, 0.5 * moved - 40.0), u64::from(frame));
        let quad = show(&mut engine, &scene, f64::from(frame) * FRAME_MS).quad.expect("found");
        if frame >= 8 {
            error = error.max(farthest(&quad, &scene.quad));
        }
    }
    println!("off by {error:.2} px");
    assert!(error <= MOVING_ERROR_PX, "{error} px");
    let table = at_another_moment(Held { width_px: 1.0, ..Held::default() }.draw(), 1);
    let last_seen_ms = 19.0 * FRAME_MS;
    let lost_ms = (20..40)
        .map(|frame| f64::from(frame) * FRAME_MS)
        .find(|at_ms| show(&mut engine, &table, *at_ms).quad.is_none())
        .expect("lost");
    assert!(lost_ms - last_seen_ms <= LOST_MS, "{} ms", lost_ms - last_seen_ms);
}
