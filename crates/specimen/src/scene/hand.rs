//! A hand that holds a sheet by its right edge: fingers behind it, the thumb before it. Rounded limbs with a
//! height over the plane of the sheet, lit as a relief.

use crate::camera::Sprite;
use crate::random::{Lattice, stream};
use crate::raster::{Canvas, Rgb, mix, rgb, segment, smoothstep};

/// Where the hand holds on.
#[derive(Clone, Copy, Debug)]
pub struct Grip {
    /// Where the thumb crosses the edge of the sheet, in mm on the sheet's plane.
    pub at_mm: [f32; 2],
    /// How far the thumb's tip reaches over the sheet, in mm.
    pub reach_mm: f32,
    /// Size of the hand; 1 is a thumb 18 mm wide.
    pub size: f32,
    /// How much of hand and arm is drawn, to the right of the grip and below it, in mm.
    pub extent_mm: [f32; 2],
}

/// A tapered limb from `a` to `b` (mm from the grip): radii at both ends and height of its axis.
struct Limb {
    a: [f32; 2],
    b: [f32; 2],
    radius: [f32; 2],
    height: [f32; 2],
    cloth: bool,
}

const fn limb(a: [f32; 2], b: [f32; 2], radius: [f32; 2], height: [f32; 2]) -> Limb {
    Limb { a, b, radius, height, cloth: false }
}

/// Half of an adult thumb's width in mm; all other measures follow from it.
const THUMB_MM: f32 = 8.8;

/// The part of the hand behind the sheet, at `px_per_mm`.
pub fn hand_behind(seed: u64, grip: Grip, px_per_mm: f32) -> Sprite {
    let fingers = [
        limb([-18.0, -16.0], [24.0, -7.0], [7.6, 8.6], [-7.0, -9.0]),
        limb([24.0, -7.0], [54.0, 16.0], [8.9, 10.5], [-9.0, -12.0]),
        limb([-16.0, 3.0], [30.0, 10.0], [8.0, 9.2], [-9.0, -11.0]),
        limb([-16.0, 21.0], [30.0, 26.0], [7.8, 9.0], [-10.0, -12.0]),
        limb([-12.0, 38.0], [28.0, 40.0], [6.6, 7.8], [-11.0, -13.0]),
        limb([44.0, 16.0], [46.0, 48.0], [21.0, 22.0], [-16.0, -18.0]),
        limb([52.0, 34.0], [104.0, 92.0], [24.0, 25.0], [-16.0, -16.0]),
        Limb { cloth: true, ..limb([98.0, 84.0], [170.0, 160.0], [31.0, 40.0], [-14.0, -14.0]) },
    ];
    relief(seed, grip, px_per_mm, &fingers, None)
}

/// The thumb before the sheet, with its shadow on it, at `px_per_mm`.
pub fn hand_before(seed: u64, grip: Grip, px_per_mm: f32) -> Sprite {
    let (tip, joint) = ([-grip.reach_mm / grip.size + THUMB_MM, -3.0], [13.0, 2.0]);
    let thumb = [
        limb(tip, joint, [7.4, 8.4], [4.0, 7.5]),
        limb(joint, [44.0, 21.0], [8.6, 12.5], [7.5, 4.0]),
        limb([40.0, 18.0], [58.0, 40.0], [13.0, 22.0], [2.0, -8.0]),
    ];
    relief(seed, grip, px_per_mm, &thumb, Some((tip, joint)))
}

/// Renders `limbs` as a sprite. With `nail` (tip and joint of the thumb) a nail and a shadow are drawn.
fn relief(
    seed: u64,
    grip: Grip,
    px_per_mm: f32,
    limbs: &[Limb],
    nail: Option<([f32; 2], [f32; 2])>,
) -> Sprite {
    let [left, top] = START_MM;
    let [right, bottom] = grip.extent_mm.map(|v| v / grip.size);
    let step = px_per_mm * grip.size;
    let (width, height) = (((right - left) * step) as usize, ((bottom - top) * step) as usize);
    let place = |x: usize, y: usize| [left + (x as f32 + 0.5) / step, top + (y as f32 + 0.5) / step];
    let heights: Vec<Spot> = (0..width * height).map(|i| spot(limbs, place(i % width, i / width))).collect();
    let mut rng = stream(seed, "skin");
    let (skin, weave) = (Lattice::new(&mut rng), Lattice::new(&mut rng));
    let mut picture = Canvas::clear(width, height);
    for y in 2..height - 2 {
        for x in 2..width - 2 {
            let here = &heights[y * width + x];
            let p = place(x, y);
            if here.inside <= -0.5 / step {
                if nail.is_some() {
                    let drop = spot(limbs, [p[0] - 1.6, p[1] - 2.6]).inside;
                    picture.px[y * width + x][3] = 0.42 * smoothstep(-4.5, 2.5, drop);
                }
                continue;
            }
            let slope = |d: usize| {
                (heights[y * width + x + d].height - heights[y * width + x - d].height) * step / 2.0
            };
            let (mut dx, mut dy) = (slope(1), slope(width));
            let fine = skin.fractal(p[0] * 1.6, p[1] * 1.6, 3) * 0.05;
            dx += fine;
            dy -= fine;
            let color = if here.cloth {
                let knit = weave.at(p[0] * 1.2, p[1] * 1.2) * 0.05 + (p[0] * 2.4 + p[1] * 2.0).sin() * 0.03;
                shaded(rgb(0x2c3a52), dx, dy, 0.0).map(|v| v + knit * 0.4)
            } else {
                skin_color(&skin, p, here, nail, dx, dy)
            };
            let cover = (here.inside * step + 0.5).clamp(0.0, 1.0);
            let px = &mut picture.px[y * width + x];
            let under = px[3] * (1.0 - cover);
            *px = [color[0] * cover, color[1] * cover, color[2] * cover, cover + under];
        }
    }
    let [x, y] = grip.at_mm;
    Sprite { picture, origin_mm: [x + left * grip.size, y + top * grip.size], px_per_mm }
}

/// The surface above one point: its height, how far inside the outline it lies (mm), what covers it.
#[derive(Clone, Copy)]
struct Spot {
    height: f32,
    inside: f32,
    cloth: bool,
}

/// Left and top of what is drawn, in mm from the grip.
const START_MM: [f32; 2] = [-24.0, -28.0];

/// Limbs melt into each other over this height in mm.
const MELT_MM: f32 = 2.4;

fn spot(limbs: &[Limb], p: [f32; 2]) -> Spot {
    let mut out = Spot { height: -60.0, inside: -60.0, cloth: false };
    for limb in limbs {
        let (distance, along) = segment(p, limb.a, limb.b);
        let radius = limb.radius[0] + (limb.radius[1] - limb.radius[0]) * along;
        let axis = limb.height[0] + (limb.height[1] - limb.height[0]) * along;
        let inside = radius - distance;
        let height = if inside > 0.0 {
            axis + (radius * radius - distance * distance).sqrt()
        } else {
            // Falls steeply outside, so that the outline shades like an edge.
            axis + inside * 6.0
        };
        if height > out.height {
            out.cloth = limb.cloth;
        }
        let blend = ((MELT_MM - (height - out.height).abs()) / MELT_MM).max(0.0);
        out.height = height.max(out.height) + if limb.cloth { 0.0 } else { blend * blend * MELT_MM * 0.25 };
        out.inside = out.inside.max(inside);
    }
    out
}

/// `base` under a lamp at the upper left; `dx`, `dy` is the slope of the surface, `gloss` its shine.
fn shaded(base: Rgb, dx: f32, dy: f32, gloss: f32) -> Rgb {
    let length = (dx * dx + dy * dy + 1.0).sqrt();
    let (nx, ny, nz) = (-dx / length, -dy / length, 1.0 / length);
    let lamp = nx * -0.42 + ny * -0.52 + nz * 0.745;
    // Light that wraps round, redder where it enters sideways.
    let wrap = ((lamp + 0.35) / 1.35).max(0.0);
    let shine = gloss * lamp.max(0.0).powi(24);
    let warmth = [0.10, 0.02, 0.0];
    [0, 1, 2].map(|c| base[c] * (0.30 + 0.86 * wrap) + base[c] * warmth[c] * (1.0 - wrap) + shine)
}

fn skin_color(
    skin: &Lattice,
    p: [f32; 2],
    here: &Spot,
    nail: Option<([f32; 2], [f32; 2])>,
    dx: f32,
    dy: f32,
) -> Rgb {
    let mottle = skin.fractal(p[0] * 0.16, p[1] * 0.16, 3);
    let mut base = mix(rgb(0xd9a184), rgb(0xe7b99d), 0.5 + 0.4 * mottle);
    // Redder where the flesh is thin.
    base = mix(base, rgb(0xc97a63), 0.45 * smoothstep(3.4, 0.0, here.inside));
    let mut gloss = 0.10;
    let (mut dx, mut dy) = (dx, dy);
    if let Some((tip, joint)) = nail {
        let (vx, vy) = (joint[0] - tip[0], joint[1] - tip[1]);
        let length = vx.hypot(vy).max(1.0);
        let (ux, uy) = (vx / length, vy / length);
        let (along, across) =
            ((p[0] - tip[0]) * ux + (p[1] - tip[1]) * uy, (p[1] - tip[1]) * ux - (p[0] - tip[0]) * uy);
        // Creases over the joint.
        for crease in [length - 3.0, length - 0.6, length + 2.2] {
            let line = smoothstep(0.55, 0.0, (along - crease - 0.08 * across * across * 0.2).abs());
            base = mix(base, rgb(0xa9634f), 0.45 * line * smoothstep(8.0, 3.0, across.abs()));
        }
        let oval = (((along - 0.2).abs() / 6.2).powf(2.6) + (across.abs() / 4.7).powf(2.6)).min(4.0);
        let plate = smoothstep(1.06, 0.94, oval);
        if plate > 0.0 {
            let white = smoothstep(-4.4, -5.0, along);
            base = mix(base, mix(rgb(0xe6b1a2), rgb(0xf0e2d6), white), plate);
            base = base.map(|v| v * (1.0 - 0.16 * smoothstep(0.22, 0.0, (oval - 1.0).abs())));
            gloss = 0.10 + 0.28 * plate;
            (dx, dy) = (dx * (1.0 - 0.35 * plate), dy * (1.0 - 0.35 * plate));
        }
    }
    shaded(base, dx, dy, gloss)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thumb_reaches_as_far_over_the_sheet_as_asked() {
        let grip = Grip { at_mm: [125.0, 58.0], reach_mm: 11.0, size: 1.0, extent_mm: [40.0, 40.0] };
        let hand = hand_before(1, grip, 6.0);
        let solid = |px: &[f32; 4]| px[3] > 0.9;
        let columns = (0..hand.picture.width).filter(|x| {
            (0..hand.picture.height).any(|y| solid(&hand.picture.px[y * hand.picture.width + x]))
        });
        let tip = columns.min().map(|x| hand.origin_mm[0] + x as f32 / 6.0).expect("a thumb");
        assert!((tip - (125.0 - 11.0)).abs() < 2.5, "tip at {tip} mm");
    }
}
