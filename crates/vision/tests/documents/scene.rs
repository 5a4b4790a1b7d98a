//! Drawn scenes: a card with print on a table, and the same table without one.

use super::canvas::{Canvas, Colour, Field, Random};
use idv_protocol::{DocumentKind, Point, Quad};
use idv_vision::frame::RgbaImage;

/// What makes a scene hard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Challenge {
    /// A plain or mildly textured table.
    Clean,
    /// Sensor noise.
    Noise,
    /// Soft shadows across card and table, and the card's own.
    Shadow,
    /// A table of nearly the card's colour.
    LowContrast,
    /// Things all around, and a strong texture.
    Clutter,
    /// Fingers over one side, things around.
    Held,
}

/// Every challenge.
pub const CHALLENGES: [Challenge; 6] = [
    Challenge::Clean,
    Challenge::Noise,
    Challenge::Shadow,
    Challenge::LowContrast,
    Challenge::Clutter,
    Challenge::Held,
];

/// A drawn frame of 1280x720 px.
pub struct Scene {
    pub image: RgbaImage,
    pub quad: Quad,
    pub kind: DocumentKind,
}

pub const WIDTH: usize = 1280;
pub const HEIGHT: usize = 720;

/// Shadows are drawn this many times smaller.
const MASK: f32 = 4.0;

fn mask() -> Canvas {
    Canvas::new(WIDTH / MASK as usize, HEIGHT / MASK as usize, [1.0; 3])
}

/// A card of ID-1 or ID-3 in a scene of this challenge.
pub fn with_document(challenge: Challenge, seed: u64) -> Scene {
    let mut random = Random::new(seed * 16 + challenge as u64);
    let kind = if random.chance(0.6) { DocumentKind::Id3 } else { DocumentKind::Id1 };
    let quad = pose(&mut random, kind);
    let paper = random.colour(150.0, 220.0).map(|v| v.min(225.0));
    let table = match challenge {
        Challenge::LowContrast => {
            let step = random.range(7.0, 14.0) * if random.chance(0.5) { 1.0 } else { -1.0 };
            paper.map(|v| v + step)
        }
        _ => loop {
            let colour = random.colour(25.0, 225.0);
            if (0..3).map(|c| (colour[c] - paper[c]).abs()).sum::<f32>() > 75.0 {
                break colour;
            }
        },
    };
    let texture = match challenge {
        Challenge::LowContrast => random.range(0.0, 3.0),
        Challenge::Clutter => random.range(20.0, 50.0),
        _ => random.range(0.0, 20.0),
    };
    let mut canvas = draw_table(&mut random, table, texture);
    if matches!(challenge, Challenge::Clutter | Challenge::Held) {
        draw_things(&mut canvas, &mut random, 14);
    }
    cast_shadow(&mut canvas, &mut random, &quad);
    draw_card(&mut canvas, &mut random, &quad, kind, paper);
    match challenge {
        Challenge::Noise => finish(&mut canvas, &mut random, 12.0, 0),
        Challenge::Shadow => {
            shade(&mut canvas, &mut random);
            finish(&mut canvas, &mut random, 3.0, 0);
        }
        Challenge::Held => {
            draw_fingers(&mut canvas, &mut random, &quad);
            finish(&mut canvas, &mut random, 3.0, 1);
        }
        Challenge::LowContrast => finish(&mut canvas, &mut random, 2.0, 0),
        _ => finish(&mut canvas, &mut random, 3.0, usize::from(seed.is_multiple_of(2))),
    }
    Scene { image: canvas.finish(), quad, kind }
}

/// A table with things on it and no document: patterns, pens, coins, cables, print without an edge.
pub fn without_document(seed: u64) -> RgbaImage {
    let mut random = Random::new(seed * 31 + 7);
    let table = random.colour(25.0, 225.0);
    let texture = random.range(0.0, 50.0);
    let mut canvas = draw_table(&mut random, table, texture);
    let things = random.range(0.0, 30.0) as usize;
    draw_things(&mut canvas, &mut random, things);
    if random.chance(0.3) {
        draw_page_beyond_the_frame(&mut canvas, &mut random);
    }
    if random.chance(0.5) {
        shade(&mut canvas, &mut random);
    }
    let (sigma, radius) = (random.range(1.0, 8.0), random.range(0.0, 2.9) as usize);
    finish(&mut canvas, &mut random, sigma, radius);
    canvas.finish()
}

/// A card of `kind` held upright in the hand, at a depth and tilt a person would.
fn pose(random: &mut Random, kind: DocumentKind) -> Quad {
    let (mm_wide, mm_high) = kind.size_mm();
    loop {
        let focal = WIDTH as f32 * random.range(0.75, 1.0);
        let (yaw, pitch) = (random.range(-28.0, 28.0).to_radians(), random.range(-28.0, 28.0).to_radians());
        let roll = if random.chance(0.8) { random.range(-15.0, 15.0) } else { random.range(-90.0, 90.0) }
            .to_radians();
        let width = random.range(0.34, 0.72) * WIDTH as f32;
        let depth = focal * mm_wide / width;
        let shift = (random.range(-0.2, 0.2) * mm_wide, random.range(-0.15, 0.15) * mm_wide);
        let corners = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)].map(|(u, v)| {
            let (x, y) = (u * mm_wide, v * mm_high);
            let (x, y) = (x * roll.cos() - y * roll.sin(), x * roll.sin() + y * roll.cos());
            let (x, z) = (x * yaw.cos(), x * yaw.sin());
            let (y, z) = (y * pitch.cos() - z * pitch.sin(), y * pitch.sin() + z * pitch.cos());
            let far = depth + z;
            Point::new(
                WIDTH as f32 / 2.0 + focal * (x + shift.0) / far,
                HEIGHT as f32 / 2.0 + focal * (y + shift.1) / far,
            )
        });
        let inside = corners
            .iter()
            .all(|p| p.x > 14.0 && p.y > 14.0 && p.x < WIDTH as f32 - 14.0 && p.y < HEIGHT as f32 - 14.0);
        if inside {
            return Quad(corners);
        }
    }
}

fn draw_table(random: &mut Random, colour: Colour, texture: f32) -> Canvas {
    let mut canvas = Canvas::new(WIDTH, HEIGHT, colour);
    let style = random.range(0.0, 4.0) as u32;
    let field = Field::new(random.bits(), random.range(20.0, 90.0), 4);
    let (sin, cos) = random.range(0.0, 3.2).sin_cos();
    let stretch = random.range(6.0, 20.0);
    let tile = random.range(60.0, 160.0);
    let tilt = [random.range(-20.0, 20.0), random.range(-20.0, 20.0)];
    canvas.map(|x, y, c| {
        let (x, y) = (x as f32, y as f32);
        let (u, v) = (x * cos + y * sin, y * cos - x * sin);
        let pattern = match style {
            // Cloth or stone.
            0 => field.at(x, y) - 0.5,
            // Wood grain.
            1 => field.at(u / stretch, v) - 0.5,
            // Tiles with joints.
            2 => {
                let joint = u.rem_euclid(tile) < 4.0 || v.rem_euclid(tile) < 4.0;
                (field.at(x, y) - 0.5) * 0.4 - if joint { 0.6 } else { 0.0 }
            }
            // Boards.
            _ => (field.at(u / stretch, v) - 0.5) * 0.6 + ((v / tile).floor() * 2.4).sin() * 0.4,
        };
        let light = tilt[0] * (x / WIDTH as f32 - 0.5) + tilt[1] * (y / HEIGHT as f32 - 0.5);
        c.map(|value| value + texture * pattern * 1.6 + light * 0.5)
    });
    canvas
}

fn draw_things(canvas: &mut Canvas, random: &mut Random, count: usize) {
    for _ in 0..count {
        let middle = Point::new(random.range(0.0, WIDTH as f32), random.range(0.0, HEIGHT as f32));
        let colour = random.colour(20.0, 235.0);
        match random.range(0.0, 5.0) as u32 {
            // Coins, cups.
            0 => {
                let radius = random.range(15.0, 90.0);
                let rim = random.colour(20.0, 235.0);
                canvas.ellipse(
                    middle,
                    [radius, radius * random.range(0.7, 1.0)],
                    random.range(0.0, 3.0),
                    |r| {
                        if r > 0.85 { rim } else { colour }
                    },
                );
            }
            // Pens, rulers: long and thin.
            1 | 2 => {
                let (length, width) = (random.range(150.0, 700.0), random.range(6.0, 34.0));
                let angle = random.range(0.0, 3.2);
                canvas.quad(&strip(middle, length, width, angle), |_, v| {
                    Some(colour.map(|c| c * (0.75 + 0.5 * (v * 3.1).sin())))
                });
            }
            // Cables.
            3 => {
                let (mut at, mut angle) = (middle, random.range(0.0, 6.3));
                for _ in 0..160 {
                    angle += random.range(-0.12, 0.12);
                    at = Point::new(at.x + 4.0 * angle.cos(), at.y + 4.0 * angle.sin());
                    canvas.ellipse(at, [5.0, 5.0], 0.0, |_| colour);
                }
            }
            // Print without an edge: rows of dashes.
            _ => {
                let angle = random.range(-0.6, 0.6);
                for row in 0..8 {
                    let offset = row as f32 * 18.0;
                    let at = Point::new(middle.x - offset * angle.sin(), middle.y + offset * angle.cos());
                    for word in 0..6 {
                        let along = word as f32 * 46.0;
                        let p = Point::new(at.x + along * angle.cos(), at.y + along * angle.sin());
                        let length = random.range(15.0, 38.0);
                        canvas.quad(&strip(p, length, 7.0, angle), |u, _| {
                            ((u * length / 4.0).fract() < 0.6).then_some(colour)
                        });
                    }
                }
            }
        }
    }
}

/// A sheet of which one corner is in the frame.
fn draw_page_beyond_the_frame(canvas: &mut Canvas, random: &mut Random) {
    let corner = Point::new(random.range(300.0, 900.0), random.range(200.0, 500.0));
    let angle = random.range(0.1, 1.4);
    let (sin, cos) = angle.sin_cos();
    let far = 1800.0;
    let along = Point::new(corner.x + far * cos, corner.y + far * sin);
    let across = Point::new(corner.x - far * sin, corner.y + far * cos);
    let last = Point::new(along.x + across.x - corner.x, along.y + across.y - corner.y);
    let paper = random.colour(190.0, 245.0);
    canvas.quad(&Quad([corner, along, last, across]), |u, v| {
        let text =
            (v * far).rem_euclid(24.0) < 9.0 && (u * far).rem_euclid(7.0) < 4.0 && u > 0.02 && v > 0.02;
        Some(if text { paper.map(|c| c - 110.0) } else { paper })
    });
}

fn strip(middle: Point, length: f32, width: f32, angle: f32) -> Quad {
    let (sin, cos) = angle.sin_cos();
    Quad([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)].map(|(u, v)| {
        let (x, y) = (u * length, v * width);
        Point::new(middle.x + x * cos - y * sin, middle.y + x * sin + y * cos)
    }))
}

fn cast_shadow(canvas: &mut Canvas, random: &mut Random, quad: &Quad) {
    let (dx, dy) = (random.range(-10.0, 10.0), random.range(-10.0, 10.0));
    let depth = random.range(0.0, 0.35);
    let shadow = Quad(quad.0.map(|p| Point::new((p.x + dx) / MASK, (p.y + dy) / MASK)));
    let mut mask = mask();
    mask.quad(&shadow, |_, _| Some([1.0 - depth; 3]));
    mask.blur(1);
    canvas.multiply(&mask);
}

fn shade(canvas: &mut Canvas, random: &mut Random) {
    let mut mask = mask();
    for _ in 0..2 {
        let depth = random.range(0.35, 0.6);
        let middle = Point::new(random.range(0.0, mask.width as f32), random.range(0.0, mask.height as f32));
        let radii = [random.range(50.0, 180.0), random.range(25.0, 100.0)];
        mask.ellipse(middle, radii, random.range(0.0, 3.0), |_| [1.0 - depth; 3]);
    }
    mask.blur(random.range(3.0, 12.0) as usize);
    canvas.multiply(&mask);
}

fn draw_fingers(canvas: &mut Canvas, random: &mut Random, quad: &Quad) {
    let skin = [random.range(120.0, 230.0), random.range(90.0, 170.0), random.range(70.0, 140.0)];
    let side = random.range(0.0, 4.0) as usize;
    let (a, b) = (quad.0[side], quad.0[(side + 1) % 4]);
    let length = a.distance(b);
    let (nx, ny) = ((b.y - a.y) / length, (a.x - b.x) / length);
    let first = random.range(0.15, 0.6);
    for k in 0..2 {
        let t = first + 0.13 * k as f32;
        let radius = length * 0.055;
        let long = radius * 4.0;
        let off = long * 0.55;
        let middle = Point::new(a.x + t * (b.x - a.x) + off * nx, a.y + t * (b.y - a.y) + off * ny);
        canvas.ellipse(middle, [long, radius], ny.atan2(nx), |r| skin.map(|c| c * (1.05 - 0.3 * r)));
    }
}

/// Blur and noise of the camera.
pub fn finish(canvas: &mut Canvas, random: &mut Random, sigma: f32, radius: usize) {
    if radius > 0 {
        canvas.blur(radius);
    }
    canvas.noise(random, sigma);
}

/// The print of a card: portrait, lines of text, machine-readable lines, a faint pattern.
pub fn draw_card(canvas: &mut Canvas, random: &mut Random, quad: &Quad, kind: DocumentKind, paper: Colour) {
    let (mm_wide, mm_high) = kind.size_mm();
    let frame =
        random.chance(0.3).then(|| (random.range(2.0, 6.0), random.range(0.3, 1.5), random.chance(0.5)));
    let ink = random.colour(20.0, 70.0);
    let face = random.colour(90.0, 160.0);
    let band = random.chance(0.5).then(|| random.colour(60.0, 200.0));
    let wave = random.range(0.6, 2.0);
    let rounded = if kind == DocumentKind::Id1 { 3.18 } else { 1.0 };
    let seed = random.bits();
    let words = Field::new(seed, 3.2, 1);
    canvas.quad(quad, |u, v| {
        let (x, y) = (u * mm_wide, v * mm_high);
        let (cx, cy) = (x.min(mm_wide - x), y.min(mm_high - y));
        if cx < rounded && cy < rounded && (rounded - cx).hypot(rounded - cy) > rounded {
            return None;
        }
        if let Some((margin, width, filled)) = frame {
            let depth = cx.min(cy);
            if depth > margin && depth < margin + width {
                return Some(face);
            }
            if filled && depth < margin {
                return Some(paper.map(|c| c + 18.0));
            }
        }
        let lines_from = mm_high * 0.78;
        let portrait = mm_wide * 0.06..mm_wide * 0.34;
        if portrait.contains(&x) && (mm_high * 0.24..mm_high * 0.7).contains(&y) {
            let head = ((x - mm_wide * 0.2) / 9.0).hypot((y - mm_high * 0.45) / 11.0);
            return Some(if head < 1.0 { face } else { face.map(|c| c + 60.0) });
        }
        if let Some(band) = band
            && (mm_high * 0.06..mm_high * 0.16).contains(&y)
            && (mm_wide * 0.04..mm_wide * 0.96).contains(&x)
        {
            return Some(band);
        }
        let row = y.rem_euclid(5.2);
        let text = (mm_wide * 0.4..mm_wide * 0.92).contains(&x)
            && (mm_high * 0.22..lines_from - 2.0).contains(&y)
            && row < 2.0
            && words.at(x, (y / 5.2).floor() * 40.0) > 0.42
            && (x / 0.75).fract() < 0.5;
        let machine = (mm_wide * 0.05..mm_wide * 0.95).contains(&x)
            && (lines_from..mm_high - 3.0).contains(&y)
            && (y - lines_from).rem_euclid(6.0) < 2.8
            && (x / 2.54).fract() < 0.8
            && (x / 0.72).fract() < 0.5
            && words.at(x * 3.0, (y / 6.0).floor() * 70.0) > 0.35;
        if text || machine {
            return Some(ink);
        }
        let pattern = ((x * wave + (y * 0.7).sin() * 2.0).sin() + (y * wave * 1.3).sin()) * 3.5;
        Some(paper.map(|c| c + pattern))
    });
}
