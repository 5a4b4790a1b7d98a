//! A desk seen from above: wood, printed sheets, a mug, pens, coins, the corner of a keyboard. Nothing on it
//! has the shape and the place of a document: what is rectangular reaches out of the frame.

use crate::assets::Assets;
use crate::camera::{BORDER_PX, Homography, Sprite, px_scale};
use crate::error::Error;
use crate::random::{Lattice, stream};
use crate::raster::{Canvas, Ink, Rgb, blur, ink, mix, rgb, rounded_box, segment, smoothstep};
use idv_protocol::{Point, Quad};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// The desk of `seed`, designed in px of the reference frame, `width` x `height` px, evenly lit from the upper left.
pub fn desk(assets: &Assets, seed: u64, width: usize, height: usize) -> Result<Canvas, Error> {
    let mut rng = stream(seed, "desk");
    let scale = px_scale(width);
    let mut desk = Desk { canvas: wood(&mut rng, width, height, scale), scale };
    let jitter = |rng: &mut ChaCha8Rng, spread: f32| rng.random_range(-spread..spread);

    let sheet = printed_sheet(assets)?;
    let (x, y) = (jitter(&mut rng, 30.0), jitter(&mut rng, 20.0));
    desk.sheet(&sheet, [235.0 + x, 30.0 + y], [620.0, 830.0], -0.24 + jitter(&mut rng, 0.05), [40.0, 40.0]);
    let cover = Canvas::from_image(&assets.background("motorcycle_left")?);
    let (x, y) = (jitter(&mut rng, 20.0), jitter(&mut rng, 20.0));
    desk.sheet(&cover, [1160.0 + x, 640.0 + y], [560.0, 400.0], 0.30 + jitter(&mut rng, 0.05), [0.0, 0.0]);
    let (x, y) = (jitter(&mut rng, 20.0), jitter(&mut rng, 10.0));
    desk.keyboard([930.0 + x, -70.0 + y], 0.06 + jitter(&mut rng, 0.03));
    let (x, y) = (jitter(&mut rng, 20.0), jitter(&mut rng, 20.0));
    desk.mug([118.0 + x, 590.0 + y], 96.0, Lattice::new(&mut rng));
    for (from, to, color) in
        [([330.0, 668.0], [610.0, 640.0], 0x27408b), ([400.0, 520.0], [700.0, 585.0], 0xd9a520)]
    {
        let (x, y) = (jitter(&mut rng, 30.0), jitter(&mut rng, 14.0));
        desk.pen([from[0] + x, from[1] + y], [to[0] - x, to[1] + y], rgb(color));
    }
    for (x, y, radius, color) in
        [(770.0, 655.0, 25.0, 0xb5892f), (826.0, 620.0, 21.0, 0xa8a9ad), (1170.0, 330.0, 23.0, 0x9c6a3c)]
    {
        let (dx, dy) = (jitter(&mut rng, 24.0), jitter(&mut rng, 14.0));
        desk.coin([x + dx, y + dy], radius, rgb(color));
    }
    desk.canvas.shade(|x, y| {
        let (u, v) = (x / width as f32, y / height as f32);
        1.06 - 0.30 * (u - 0.28).hypot((v - 0.2) * 0.8)
    });
    Ok(desk.canvas)
}

/// A sheet with two columns of paragraphs, scanned from print.
fn printed_sheet(assets: &Assets) -> Result<Canvas, Error> {
    let mut sheet = Canvas::opaque(460, 640, |_, _| [0.93, 0.92, 0.89]);
    for (name, y) in [("page", 0), ("text", 205), ("page", 385)] {
        let mut print = Canvas::from_image(&assets.background(name)?);
        // The scans are unevenly lit: only what is darker than its surroundings is print.
        let mut ground = print.clone();
        blur(&mut ground, 12.0, &mut Vec::new());
        for (px, around) in print.px.iter_mut().zip(&ground.px) {
            let tone = (px[0] / around[0].max(0.05) * 1.08).clamp(0.0, 1.0);
            *px = [0.93 * tone, 0.92 * tone, 0.89 * tone, 1.0];
        }
        sheet.lay_canvas(&print, 6, y);
    }
    Ok(sheet)
}

fn wood(rng: &mut ChaCha8Rng, width: usize, height: usize, scale: f32) -> Canvas {
    let (grain, rings, stain) = (Lattice::new(rng), Lattice::new(rng), Lattice::new(rng));
    let (dark, light) = (rgb(0x5d3b22), rgb(0x9a6b42));
    let plank_px = 310.0;
    Canvas::opaque(width, height, |x, y| {
        let (x, y) = (x / scale, y / scale);
        let plank = (y / plank_px).floor();
        let local = y - plank * plank_px;
        let (sx, sy) = (x + plank * 731.0, y + plank * 97.0);
        let bend = rings.fractal(sx * 0.0022, sy * 0.006, 3);
        let ring = ((sy * 0.05 + bend * 7.0).sin() * 0.5 + 0.5).powi(2);
        let fibre = grain.fractal(sx * 0.012, sy * 0.55, 3) * 0.5;
        let tone = 0.42
            + 0.34 * ring
            + 0.22 * fibre
            + 0.12 * stain.at(sx * 0.004, sy * 0.004)
            + 0.05 * (plank % 3.0);
        let gap = 1.0 - 0.65 * smoothstep(2.2, 0.6, local.min(plank_px - local));
        mix(dark, light, tone.clamp(0.0, 1.0)).map(|v| v * gap)
    })
}

struct Desk {
    canvas: Canvas,
    scale: f32,
}

impl Desk {
    /// Fills what `distance` (design px, below 0 inside) encloses within `reach` px of `center`, with a soft
    /// shadow `lift` px wide below it; `color` gives the colour at a place relative to `center`.
    fn solid(
        &mut self,
        center: [f32; 2],
        reach: f32,
        lift: f32,
        distance: impl Fn(f32, f32) -> f32,
        color: impl Fn(f32, f32) -> Rgb,
    ) {
        let scale = self.scale;
        let far = reach + lift * 2.5;
        let bounds = [center[0] - far, center[1] - far, center[0] + far, center[1] + far].map(|v| v * scale);
        self.canvas.fill(bounds, ink(0x0a0604, 0.5), |x, y| {
            let (u, v) = (x / scale - center[0] - lift * 0.6, y / scale - center[1] - lift * 0.8);
            smoothstep(lift, -lift, distance(u, v))
        });
        for y in bounds[1].max(0.0) as usize..(bounds[3].max(0.0) as usize).min(self.canvas.height) {
            for x in bounds[0].max(0.0) as usize..(bounds[2].max(0.0) as usize).min(self.canvas.width) {
                let (u, v) = ((x as f32 + 0.5) / scale - center[0], (y as f32 + 0.5) / scale - center[1]);
                let share = 0.5 - distance(u, v) * scale;
                if share > 0.0 {
                    self.canvas.lay(x as i32, y as i32, Ink { rgb: color(u, v), alpha: 1.0 }, share.min(1.0));
                }
            }
        }
    }

    /// Lays a printed sheet of `size` px with its middle at `center`, turned by `angle` (radians), the print
    /// inside the white `margin`.
    fn sheet(&mut self, print: &Canvas, center: [f32; 2], size: [f32; 2], angle: f32, margin: [f32; 2]) {
        let (width, height) = (size[0] * self.scale, size[1] * self.scale);
        let border = BORDER_PX as f32;
        let whole = [0.0, 0.0, print.width as f32, print.height as f32];
        let (sx, sy) = (
            print.width as f32 / (size[0] - 2.0 * margin[0]),
            print.height as f32 / (size[1] - 2.0 * margin[1]),
        );
        let mut picture = Canvas::clear(width as usize + 2 * BORDER_PX, height as usize + 2 * BORDER_PX);
        let columns = picture.width;
        for (index, px) in picture.px.iter_mut().enumerate() {
            let x = ((index % columns) as f32 + 0.5 - border) / self.scale;
            let y = ((index / columns) as f32 + 0.5 - border) / self.scale;
            if x < 0.0 || y < 0.0 || x >= size[0] || y >= size[1] {
                continue;
            }
            let (u, v) = ((x - margin[0]) * sx, (y - margin[1]) * sy);
            let inside = u >= 0.0 && v >= 0.0 && u < whole[2] && v < whole[3];
            *px = if inside { print.sample(u, v) } else { [0.93, 0.92, 0.89, 1.0] };
        }
        let sprite = Sprite { picture, origin_mm: [-border, -border], px_per_mm: 1.0 };
        let (sin, cos) = angle.sin_cos();
        let corner = |x: f32, y: f32| {
            let (x, y) = ((x - 0.5) * size[0], (y - 0.5) * size[1]);
            let at = [center[0] + x * cos - y * sin, center[1] + x * sin + y * cos];
            Point::new(at[0] * self.scale, at[1] * self.scale)
        };
        let quad = Quad([corner(0.0, 0.0), corner(1.0, 0.0), corner(1.0, 1.0), corner(0.0, 1.0)]);
        let scale = self.scale;
        let reach = size[0].hypot(size[1]) / 2.0 + 30.0;
        let bounds = [center[0] - reach, center[1] - reach, center[0] + reach, center[1] + reach];
        self.canvas.fill(bounds.map(|v| v * scale), ink(0x0a0604, 0.42), |x, y| {
            let (dx, dy) = (x / scale - center[0] - 4.0, y / scale - center[1] - 6.0);
            let (u, v) = (dx * cos + dy * sin, dy * cos - dx * sin);
            smoothstep(9.0, -7.0, rounded_box(u, v, size[0] / 2.0, size[1] / 2.0, 2.0))
        });
        sprite.lay(&mut self.canvas, &Homography::from_rect([0.0, 0.0, width, height], &quad), |_, _| 1.0);
    }

    fn keyboard(&mut self, corner: [f32; 2], angle: f32) {
        let (sin, cos) = angle.sin_cos();
        let local = |u: f32, v: f32| (u * cos + v * sin, v * cos - u * sin);
        let body = [corner[0] + 330.0, corner[1] + 70.0];
        let shape = move |u: f32, v: f32| {
            let (x, y) = local(u, v);
            rounded_box(x, y, 420.0, 140.0, 16.0)
        };
        self.solid(body, 460.0, 16.0, shape, move |u, v| {
            let (x, y) = local(u, v);
            let (kx, ky) = ((x + 420.0).rem_euclid(54.0) - 27.0, (y + 132.0).rem_euclid(54.0) - 27.0);
            let key = rounded_box(kx, ky, 23.0, 23.0, 6.0);
            let top = smoothstep(0.8, -0.8, key);
            let lit = 0.17 + 0.06 * smoothstep(20.0, -20.0, ky) - 0.05 * smoothstep(-5.0, 0.0, key);
            mix([0.085, 0.09, 0.10], [lit, lit, lit * 1.06], top)
        });
    }

    fn mug(&mut self, center: [f32; 2], radius: f32, froth: Lattice) {
        let handle = move |u: f32, v: f32| {
            let (distance, _) =
                segment([u, v], [radius * 0.8, -radius * 0.25], [radius * 1.55, -radius * 0.55]);
            distance - radius * 0.17
        };
        self.solid(center, radius * 2.0, 20.0, handle, |_, _| [0.66, 0.70, 0.72]);
        self.solid(
            center,
            radius,
            26.0,
            move |u, v| u.hypot(v) - radius,
            move |u, v| {
                let r = u.hypot(v) / radius;
                let side = (u * 0.6 + v * 0.8) / radius;
                let rim = 0.80 + 0.16 * smoothstep(0.10, 0.0, (r - 0.93).abs()) - 0.10 * side;
                let wall = 0.50 - 0.24 * side * smoothstep(0.6, 0.9, r);
                let coffee = mix(
                    rgb(0x2a150b),
                    rgb(0x7a4a24),
                    smoothstep(0.55, 0.80, r + 0.08 * froth.fractal(u * 0.05, v * 0.05, 3)),
                );
                let shine = 0.55
                    * smoothstep(
                        0.22,
                        0.0,
                        ((u / radius + 0.30).powi(2) + (v / radius + 0.34).powi(2) * 2.0).sqrt(),
                    );
                let coffee = coffee.map(|c| c + shine * 0.6);
                let inner = mix(coffee, [wall, wall * 1.02, wall * 1.04], smoothstep(0.79, 0.81, r));
                mix(inner, [rim * 0.94, rim * 0.98, rim], smoothstep(0.86, 0.89, r))
            },
        );
    }

    fn pen(&mut self, a: [f32; 2], b: [f32; 2], color: Rgb) {
        let middle = [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0];
        let (a, b) = ([a[0] - middle[0], a[1] - middle[1]], [b[0] - middle[0], b[1] - middle[1]]);
        let length = (b[0] - a[0]).hypot(b[1] - a[1]);
        let normal = [(a[1] - b[1]) / length, (b[0] - a[0]) / length];
        let taper = |along: f32| 9.5 * (1.0 - 0.78 * smoothstep(0.90, 1.0, along));
        self.solid(
            middle,
            length / 2.0 + 14.0,
            8.0,
            |u, v| {
                let (distance, along) = segment([u, v], a, b);
                distance - taper(along)
            },
            |u, v| {
                let (_, along) = segment([u, v], a, b);
                let across = (u * normal[0] + v * normal[1]) / taper(along).max(1.0);
                let round = (1.0 - across * across).max(0.0).sqrt();
                let shine = 0.5 * smoothstep(0.28, 0.0, (across + 0.35 * normal[1].signum()).abs());
                let base = if along > 0.90 {
                    rgb(0xc9a882)
                } else if (0.52..0.55).contains(&along) {
                    rgb(0xc0c4c8)
                } else {
                    color
                };
                base.map(|c| c * (0.45 + 0.6 * round) + shine * 0.5)
            },
        );
    }

    fn coin(&mut self, center: [f32; 2], radius: f32, color: Rgb) {
        self.solid(
            center,
            radius,
            5.0,
            move |u, v| u.hypot(v) - radius,
            move |u, v| {
                let (r, angle) = (u.hypot(v) / radius, v.atan2(u));
                let slope = (angle + 2.2).cos();
                let rim = smoothstep(0.05, 0.0, (r - 0.90).abs()) * slope * 0.28;
                let relief = ((u * 0.42).sin() * (v * 0.37 + u * 0.2).cos()) * 0.14 * smoothstep(0.8, 0.6, r);
                let sheen = 0.16 * (-(u + v) / radius * 0.7);
                color.map(|c| c * (0.86 + rim + relief + sheen))
            },
        );
    }
}
