//! A room behind a person, out of focus: wall, window, shelf, plant.

use crate::camera::{REFERENCE_WIDTH_PX, px_scale};
use crate::random::{Lattice, stream};
use crate::raster::{Canvas, Ink, Rgb, blur, ink, mix, rgb, rounded_box, smoothstep};
use rand::Rng;

/// Blur of the background behind a person at arm's length, as a Gaussian's deviation in px of the reference frame.
const DEFOCUS_PX: f32 = 7.0;

/// The room of `seed`, designed in px of the reference frame, `width` x `height` px.
pub fn room(seed: u64, width: usize, height: usize) -> Canvas {
    let mut rng = stream(seed, "room");
    let scale = px_scale(width);
    let plaster = Lattice::new(&mut rng);
    let (wall, shade) =
        [(0xcfc6b8, 0xa79a88), (0xb9c4c6, 0x8e9b9f), (0xc9beb0, 0x9b8f86)][rng.random_range(0..3)];
    let mut room = Canvas::opaque(width, height, |x, y| {
        let (u, v) = (x / scale / REFERENCE_WIDTH_PX, y / scale / 720.0);
        let tone = 0.15 + 0.75 * u + 0.2 * v + 0.10 * plaster.fractal(u * 5.0, v * 4.0, 3);
        mix(rgb(wall), rgb(shade), tone.clamp(0.0, 1.0))
    });
    let mut slab = |[x, y, w, h]: [f32; 4], radius: f32, color: Rgb, alpha: f32| {
        let bounds = [x - 4.0, y - 4.0, x + w + 4.0, y + h + 4.0].map(|v| v * scale);
        room.fill(bounds, Ink { rgb: color, alpha }, |px, py| {
            let (u, v) = (px / scale - x - w / 2.0, py / scale - y - h / 2.0);
            0.5 - rounded_box(u, v, w / 2.0, h / 2.0, radius) * scale
        });
    };
    // A window at the left with its frame and the light outside.
    let x = rng.random_range(-60.0..20.0_f32);
    slab([x, -40.0, 330.0, 470.0], 4.0, rgb(0xe9e6df), 1.0);
    for (column, row) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
        let (left, top) = (x + 16.0 + column as f32 * 154.0, -30.0 + row as f32 * 232.0);
        slab([left, top, 144.0, 220.0], 2.0, if row == 0 { rgb(0xdfeaf0) } else { rgb(0xc3d3c4) }, 1.0);
    }
    slab([x - 20.0, 430.0, 370.0, 22.0], 4.0, rgb(0xd9d2c5), 1.0);
    // Shelves at the right with books.
    let left = 905.0 + rng.random_range(-30.0..30.0_f32);
    slab([left - 14.0, 30.0, 430.0, 720.0], 4.0, rgb(0x8a6a4c), 1.0);
    for row in 0..4 {
        let floor = 205.0 + row as f32 * 172.0;
        slab([left, floor - 152.0, 400.0, 152.0], 2.0, rgb(0x4d3c30), 1.0);
        let mut at = left + 6.0;
        while at < left + 380.0 {
            let (w, h) = (rng.random_range(16.0..36.0_f32), rng.random_range(96.0..140.0_f32));
            let color = [0x7c3b3b, 0x33566e, 0xc2b280, 0x47624f, 0x6d5a7a, 0xd8d2c4, 0x2f3440]
                [rng.random_range(0..7)];
            if rng.random_range(0..8) > 0 {
                slab([at, floor - h, w, h], 2.0, rgb(color), 1.0);
            }
            at += w + 2.0;
        }
    }
    // A plant before the window: leaves along bending stems.
    let (px, py) = (x + 250.0, 560.0);
    for _ in 0..13 {
        let (lean, reach) = (rng.random_range(-1.1..1.1_f32), rng.random_range(120.0..230.0_f32));
        for step in 1..=14 {
            let t = step as f32 / 14.0;
            let at = [px + lean * reach * t * t, py - 30.0 - reach * t * (1.0 - 0.3 * lean.abs() * t)];
            let (w, h) = (34.0 - 12.0 * t, 46.0 - 20.0 * t);
            let color = mix(rgb(0x27492c), rgb(0x6f9a55), (t * 0.6 + rng.random::<f32>() * 0.4).min(1.0));
            slab([at[0] - w / 2.0, at[1] - h / 2.0, w, h], w / 2.2, color, 0.95);
        }
    }
    slab([px - 56.0, py - 40.0, 112.0, 150.0], 14.0, rgb(0xb0724c), 1.0);
    room.fill([0.0, 0.0, width as f32, height as f32], ink(0xfff3dc, 0.18), |x, y| {
        smoothstep(900.0, 0.0, (x / scale).hypot(y / scale - 120.0))
    });
    blur(&mut room, DEFOCUS_PX * scale, &mut Vec::new());
    room
}
