//! What somebody wears before the face to pass for another: that person's photograph on paper with holes for the
//! eyes, or a mask with the shape of that person's face. Rule: it moves with the head and has no expression.

use super::find::{Landmarks, Subject};
use super::geometry::{DEPTH_GAIN, Head};
use super::matte::face_height;
use crate::raster::{Canvas, blur, smoothstep};
use delaunator::{Point, triangulate};
use image::imageops::{FilterType, crop_imm, resize};

/// A thing that is worn before a face, fitted to one head.
pub struct Worn {
    pub(super) texture: Canvas,
    pub(super) corners: Vec<WornCorner>,
    pub(super) triangles: Vec<[usize; 3]>,
}

/// A corner of it: where it is on the head at rest (px of the frame), where in the texture (px), which way it faces.
pub(super) struct WornCorner {
    pub rest: [f32; 3],
    pub uv: [f32; 2],
    pub normal: [f32; 3],
}

/// How a photograph was cut out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cut {
    /// As printed, a rectangle.
    Rectangle,
    /// Along an oval about head and hair.
    Oval,
}

/// The photograph on the paper, in heights of the face.
const PAPER_FACES: [f32; 2] = [1.7, 2.1];

/// Half sizes of the oval, likewise.
const OVAL_FACES: [f32; 2] = [0.62, 0.80];

/// Half sizes of a hole over the width of the eye: a little more than the eye itself.
const HOLE_EYES: [f32; 2] = [0.60, 0.36];

/// Rows and columns of the paper's mesh.
const GRID: usize = 16;

/// How far paper and mask lie before the nose and the face behind them, in heights of the face.
const BEFORE_FACES: f32 = 0.03;

/// Corners of the eyes in MediaPipe's canonical face model: the subject's right eye, then the left.
const EYE_CORNERS: [[usize; 2]; 2] = [[33, 133], [362, 263]];

/// A print has less range than the eye: its black is grey, its white is paper.
const PRINT_RANGE: [f32; 2] = [0.055, 0.87];

/// The same of a painted mask, and how far its paint softens the skin, in px of the frame.
const PAINT_RANGE: [f32; 2] = [0.07, 0.84];
const PAINT_PX: f32 = 1.2;

impl Worn {
    /// The photograph of `shown` on paper, `cut` and with holes where the wearer's eyes are. `bend` is how far
    /// its sides lie behind its middle, in heights of the face: 0 for a flat sheet.
    pub fn print(head: &Head, shown: &Subject, cut: Cut, bend: f32) -> Self {
        let fit = Fit::new(head, &shown.points);
        let face_px = fit.face_px;
        let half = PAPER_FACES.map(|faces| faces * face_px / 2.0);
        let (mut texture, to_texture) = fit.picture(shown, half, PRINT_RANGE);
        let middle = to_texture(fit.middle);
        let holes = EYE_CORNERS.map(|corners| {
            let [a, b] = corners.map(|i| to_texture([shown.points[i][0], shown.points[i][1]]));
            ([(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0], (b[0] - a[0]).hypot(b[1] - a[1]))
        });
        let columns = texture.width;
        for (index, px) in texture.px.iter_mut().enumerate() {
            let (x, y) = ((index % columns) as f32 + 0.5, (index / columns) as f32 + 0.5);
            let inside = |[cx, cy]: [f32; 2], [rx, ry]: [f32; 2]| {
                let out = ((x - cx) / rx).hypot((y - cy) / ry);
                smoothstep(1.0 + 1.0 / rx, 1.0 - 1.0 / rx, out)
            };
            let mut cover = 1.0;
            for (at, width) in holes {
                cover *= 1.0 - inside(at, HOLE_EYES.map(|share| share * width));
            }
            if cut == Cut::Oval {
                cover *= inside(middle, OVAL_FACES.map(|faces| faces * face_px));
            }
            px.iter_mut().for_each(|value| *value *= cover);
        }
        let front = fit.nose_z - BEFORE_FACES * face_px;
        let mut corners = Vec::new();
        for row in 0..=GRID {
            for column in 0..=GRID {
                let [u, v] = [column, row].map(|k| k as f32 / GRID as f32);
                let uv = [u * texture.width as f32, v * texture.height as f32];
                let across = u * 2.0 - 1.0;
                let [x, y] = fit.of_texture(uv, half);
                let z = front + bend * face_px * across * across;
                corners.push(WornCorner { rest: [x, y, z], uv, normal: [0.4 * bend * across, 0.0, -1.0] });
            }
        }
        let triangles = (0..GRID * GRID)
            .flat_map(|cell| {
                let a = cell / GRID * (GRID + 1) + cell % GRID;
                [[a, a + 1, a + GRID + 2], [a, a + GRID + 2, a + GRID + 1]]
            })
            .collect();
        Self { texture, corners, triangles }
    }

    /// A mask of the face of `shown`: its shape and its colours, without holes.
    pub fn mask(head: &Head, shown: &Subject) -> Self {
        let fit = Fit::new(head, &shown.points);
        let half = PAPER_FACES.map(|faces| faces * fit.face_px / 2.0);
        let (mut texture, to_texture) = fit.picture(shown, half, PAINT_RANGE);
        blur(&mut texture, PAINT_PX, &mut Vec::new());
        let depth = |z: f32| z * fit.scale * DEPTH_GAIN;
        // As near as it comes with every part of the wearer's face behind it.
        let gaps =
            head.face_points().into_iter().zip(shown.points.iter()).map(|(own, p)| own[2] - depth(p[2]));
        let nearest = gaps.fold(f32::MAX, f32::min) - BEFORE_FACES * fit.face_px;
        let corners: Vec<WornCorner> = shown
            .points
            .iter()
            .map(|p| {
                let [x, y] = fit.place([p[0], p[1]]);
                let rest = [x, y, nearest + depth(p[2])];
                WornCorner { rest, uv: to_texture([p[0], p[1]]), normal: [0.0, 0.0, -1.0] }
            })
            .collect();
        let flat: Vec<Point> =
            corners.iter().map(|c| Point { x: f64::from(c.rest[0]), y: f64::from(c.rest[1]) }).collect();
        let triangles = triangulate(&flat).triangles.chunks_exact(3).map(|t| [t[0], t[1], t[2]]).collect();
        Self { texture, corners, triangles }
    }
}

/// How a photograph lies on the face of a head: eyes on eyes.
struct Fit {
    /// Middles of the eyes in px of the photograph and of the frame.
    eyes: [f32; 2],
    onto: [f32; 2],
    /// Turn and scale as a complex number.
    turn: [f32; 2],
    /// Px of the frame for one of the photograph.
    scale: f32,
    /// Height of the shown face in px of the frame.
    face_px: f32,
    /// Middle of the shown face in px of the photograph.
    middle: [f32; 2],
    /// Depth of the tip of the wearer's nose.
    nose_z: f32,
}

impl Fit {
    fn new(head: &Head, shown: &Landmarks) -> Self {
        let wearer = head.face_points();
        let middle = |points: &[[f32; 3]], corners: [usize; 2]| {
            let [a, b] = corners.map(|i| points[i]);
            [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0]
        };
        let [from_right, from_left] = EYE_CORNERS.map(|corners| middle(&shown[..], corners));
        let [to_right, to_left] = EYE_CORNERS.map(|corners| middle(&wearer, corners));
        let (a, b) = (
            [from_left[0] - from_right[0], from_left[1] - from_right[1]],
            [to_left[0] - to_right[0], to_left[1] - to_right[1]],
        );
        let square = (a[0] * a[0] + a[1] * a[1]).max(1e-3);
        let turn = [(a[0] * b[0] + a[1] * b[1]) / square, (a[0] * b[1] - a[1] * b[0]) / square];
        let scale = turn[0].hypot(turn[1]);
        let extent = |k: usize| {
            let values = || shown.iter().map(|p| p[k]);
            (values().fold(f32::MAX, f32::min) + values().fold(f32::MIN, f32::max)) / 2.0
        };
        Self {
            eyes: [(from_right[0] + from_left[0]) / 2.0, (from_right[1] + from_left[1]) / 2.0],
            onto: [(to_right[0] + to_left[0]) / 2.0, (to_right[1] + to_left[1]) / 2.0],
            turn,
            scale,
            face_px: face_height(shown) * scale,
            middle: [extent(0), extent(1)],
            nose_z: wearer.iter().map(|p| p[2]).fold(f32::MAX, f32::min),
        }
    }

    /// A point of the photograph in px of the frame.
    fn place(&self, at: [f32; 2]) -> [f32; 2] {
        let [x, y] = [at[0] - self.eyes[0], at[1] - self.eyes[1]];
        let [c, s] = self.turn;
        [self.onto[0] + c * x - s * y, self.onto[1] + s * x + c * y]
    }

    /// A point of the texture, which reaches `half` to each side of the face's middle, in px of the frame.
    fn of_texture(&self, uv: [f32; 2], half: [f32; 2]) -> [f32; 2] {
        self.place([0, 1].map(|k| self.middle[k] + (uv[k] - half[k]) / self.scale))
    }

    /// The photograph about the face, `half` px of the frame to each side, with the range of colours of print or
    /// paint; and the map from its px to the texture's. What the photograph does not show is white.
    fn picture(
        &self,
        shown: &Subject,
        half: [f32; 2],
        [black, gain]: [f32; 2],
    ) -> (Canvas, impl Fn([f32; 2]) -> [f32; 2] + use<>) {
        let (middle, scale) = (self.middle, self.scale);
        let size = half.map(|half| half / scale);
        let from = [0, 1].map(|k| (middle[k] - size[k]).max(0.0).floor());
        let (photo_width, photo_height) = (shown.photo.width() as f32, shown.photo.height() as f32);
        let to = [
            (middle[0] + size[0]).min(photo_width).max(from[0] + 2.0),
            (middle[1] + size[1]).min(photo_height).max(from[1] + 2.0),
        ];
        let (width, height) = ((to[0] - from[0]) as u32, (to[1] - from[1]) as u32);
        let cut = crop_imm(&shown.photo, from[0] as u32, from[1] as u32, width, height).to_image();
        let scaled = |px: u32| ((px as f32 * scale).round() as u32).max(2);
        let large = Canvas::from_image(&resize(&cut, scaled(width), scaled(height), FilterType::CatmullRom));
        let to_texture = move |at: [f32; 2]| [0, 1].map(|k| (at[k] - middle[k]) * scale + half[k]);
        let start = to_texture(from);
        let (columns, rows) = ((half[0] * 2.0) as usize, (half[1] * 2.0) as usize);
        let texture = Canvas::opaque(columns.max(4), rows.max(4), |x, y| {
            let [u, v] = [x - start[0], y - start[1]];
            let inside = u >= 0.0 && v >= 0.0 && u < large.width as f32 && v < large.height as f32;
            let ink = if inside { large.sample(u, v) } else { [1.0; 4] };
            [0, 1, 2].map(|k| black + ink[k] * gain)
        });
        (texture, to_texture)
    }
}
