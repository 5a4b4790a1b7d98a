//! The vertices of a head. Round the face's own points lie rings out to the outline of the hair, with the
//! depth of a rounded skull; behind the outline more rings, textured with the hair before it in a mirror; below
//! the chin and beside the head a grid that carries neck and shoulders.

use super::find::Landmarks;
use crate::raster::{Canvas, smoothstep};
use delaunator::{Point, triangulate};
use std::f32::consts::{FRAC_PI_2, TAU};

/// A point of the head.
pub(super) struct Vertex {
    /// Where it is at rest: px of the picture, z away from the camera in px too.
    pub rest: [f32; 3],
    /// Where its colour is, px of the picture.
    pub uv: [f32; 2],
    /// How much of the head's rotation it takes: 1 on the head, 0 on the shoulders.
    pub share: f32,
    /// Which way the surface faces there; `None` where the triangles tell.
    pub normal: Option<[f32; 3]>,
    /// Factor of its colour.
    pub tone: f32,
}

/// Outline of the face in MediaPipe's canonical model, clockwise in the picture from the middle of the
/// hairline.
const OVAL: [usize; 36] = [
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176,
    149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
];

/// Directions in which the head is cut.
const SPOKES: usize = 96;

/// Rings between face and outline, as shares of the way.
const RINGS: [f32; 7] = [0.22, 0.44, 0.63, 0.78, 0.89, 0.96, 1.0];

/// Rings behind the outline, as angles on the skull in degrees.
const BEHIND_DEG: [f32; 6] = [-25.0, 0.0, 18.0, 36.0, 54.0, 72.0];

/// Depth of the skull behind its widest part, in widths of the face.
const SKULL_DEPTH: f32 = 0.72;

/// Rings come no closer than this, in px, and fall away no steeper than this outside the face: where the mesh
/// is nearly folded at rest, it tears when it turns.
const CLOSEST_PX: f32 = 3.0;
const STEEPEST: f32 = 1.5;

/// From the ears back to the axis the head turns about, in widths of the face.
pub(super) const EAR_BEFORE_NECK: f32 = 0.16;

/// Depth of jaw and neck behind the face's edge, likewise, and how much darker they are in its shade.
const NECK_DEPTH: f32 = 0.32;
const NECK_SHADE: f32 = 0.28;

/// The soft edge of the hair outside the outline, in heights of the face.
const FRINGE: f32 = 0.10;

/// Farthest that hair is looked for, in heights of the face from its middle.
const HAIR_REACH: f32 = 1.15;

/// How far throat and collar follow the head: beside the jaw and below the chin, in heights of the face.
const THROAT_SIDE: f32 = 0.20;
const THROAT_DOWN: f32 = 0.58;

/// Distance of the points of the shoulders' grid, in heights of the face.
const GRID: f32 = 0.14;

/// One direction from the middle of the face.
struct Spoke {
    way: [f32; 2],
    /// Distance and depth of the face's edge.
    face: f32,
    face_z: f32,
    /// The same depth, even along the jaw.
    even_z: f32,
    /// Distance and depth of the outline.
    outline: f32,
    outline_z: f32,
    /// 1 where the head ends in the background and turns as a whole, 0 where throat and collar hold it.
    free: f32,
}

impl Spoke {
    /// The point `r` px out from `middle`.
    fn at(&self, middle: [f32; 2], r: f32) -> [f32; 2] {
        [middle[0] + self.way[0] * r, middle[1] + self.way[1] * r]
    }
}

/// Vertices and triangles of the head on `texture`; the first 468 vertices are `points`. `pivot` is what the
/// head turns about.
pub(super) fn build(
    texture: &Canvas,
    points: &Landmarks,
    pivot: [f32; 3],
    face_px: f32,
    face_width: f32,
) -> (Vec<Vertex>, Vec<[usize; 3]>) {
    let middle = OVAL.iter().fold([0.0; 2], |m, &i| [m[0] + points[i][0] / 36.0, m[1] + points[i][1] / 36.0]);
    let spokes = spokes(texture, points, middle, pivot[2], face_px, face_width);
    let mut vertices: Vec<Vertex> = points
        .iter()
        .map(|p| Vertex { rest: *p, uv: [p[0], p[1]], share: 1.0, normal: None, tone: 1.0 })
        .collect();
    let mut front = |[x, y]: [f32; 2], z: f32, share: f32, normal: Option<[f32; 3]>| {
        vertices.push(Vertex { rest: [x, y, z], uv: [x, y], share, normal, tone: 1.0 });
    };
    for spoke in &spokes {
        let mut last = spoke.face;
        for ring in RINGS {
            let r = spoke.face + (spoke.outline - spoke.face) * ring;
            if r - last < CLOSEST_PX && ring < 1.0 {
                continue;
            }
            last = r;
            let bulge = (1.0 - ring * ring).sqrt();
            let held = spoke.face_z + (spoke.even_z - spoke.face_z) * smoothstep(0.0, 0.6, ring);
            let round = spoke.face_z + (spoke.outline_z - spoke.face_z) * (1.0 - bulge);
            // Hair and skull turn with the face; throat and collar follow it less and less.
            let share = spoke.free + (1.0 - spoke.free) * smoothstep(1.0, 0.0, ring);
            let normal = (spoke.free > 0.5).then(|| [spoke.way[0] * ring, spoke.way[1] * ring, -bulge]);
            front(spoke.at(middle, r), held + (round - held) * spoke.free, share, normal);
        }
        if spoke.free > 0.5 {
            let outward = [spoke.way[0], spoke.way[1], 0.0];
            front(
                spoke.at(middle, spoke.outline + FRINGE * face_px),
                spoke.outline_z,
                spoke.free,
                Some(outward),
            );
        }
    }
    let step = GRID * face_px;
    let (columns, rows) = ((texture.width as f32 / step) as usize, (texture.height as f32 / step) as usize);
    for row in 0..=rows {
        for column in 0..=columns {
            let (x, y) = (
                texture.width as f32 * column as f32 / columns as f32,
                texture.height as f32 * row as f32 / rows as f32,
            );
            let (dx, dy) = (x - middle[0], y - middle[1]);
            let spoke = &spokes[nearest(dx, dy)];
            let rim = spoke.outline + if spoke.free > 0.5 { FRINGE * face_px } else { 0.0 };
            let away = dx.hypot(dy) - rim;
            if away > 0.4 * step {
                let share = if spoke.free > 0.5 { 0.0 } else { spoke.free * smoothstep(step, 0.0, away) };
                front([x, y], spoke.even_z, share, None);
            }
        }
    }
    let flat: Vec<Point> =
        vertices.iter().map(|v| Point { x: f64::from(v.rest[0]), y: f64::from(v.rest[1]) }).collect();
    let mut triangles: Vec<[usize; 3]> = triangulate(&flat)
        .triangles
        .chunks_exact(3)
        .map(|t| [t[0], t[1], t[2]])
        .filter(|t| shows(texture, t.map(|i| vertices[i].uv)))
        .collect();
    behind(&spokes, middle, Part::Skull, face_width, &mut vertices, &mut triangles);
    behind(&spokes, middle, Part::Neck, face_width, &mut vertices, &mut triangles);
    (vertices, triangles)
}

fn nearest(dx: f32, dy: f32) -> usize {
    (dy.atan2(dx).rem_euclid(TAU) / TAU * SPOKES as f32).round() as usize % SPOKES
}

fn spokes(
    texture: &Canvas,
    points: &Landmarks,
    middle: [f32; 2],
    crown_z: f32,
    face_px: f32,
    face_width: f32,
) -> Vec<Spoke> {
    let mut spokes: Vec<Spoke> = (0..SPOKES)
        .map(|index| {
            let angle = TAU * index as f32 / SPOKES as f32;
            let way = [angle.cos(), angle.sin()];
            let (face, face_z) = edge_of_face(points, middle, way);
            // Straight down is the neck; from the lobes of the ears upwards there is hair or skull.
            let skull = smoothstep(0.46, 0.24, way[1]);
            let throat =
                face_px * (THROAT_SIDE + (THROAT_DOWN - THROAT_SIDE) * smoothstep(0.5, 0.95, way[1]));
            let hair = (HAIR_REACH * face_px - face - throat).max(0.0) * skull;
            let (reach, mut outline) = (face + throat + hair, face);
            while outline < reach {
                let [x, y] = [middle[0] + way[0] * outline, middle[1] + way[1] * outline];
                if texture.sample(x, y)[3] < 0.5 {
                    break;
                }
                outline += 1.0;
            }
            let free = if outline < reach { 1.0 } else { skull };
            // The crown lies as deep as the neck, the hair beside the face as deep as the ears.
            let outline_z = crown_z - EAR_BEFORE_NECK * face_width * smoothstep(-0.5, 0.05, way[1]);
            let outline_z = face_z + (outline_z - face_z) * skull;
            Spoke { way, face, face_z, even_z: face_z, outline: outline.max(face * 1.05), outline_z, free }
        })
        .collect();
    // Single strands must make no spikes, and what is held must part slowly from what is free.
    let smooth = |value: &dyn Fn(&Spoke) -> f32, spokes: &[Spoke], half: usize| -> Vec<f32> {
        (0..SPOKES)
            .map(|index| {
                let around = (0..=2 * half).map(|d| (d, &spokes[(index + SPOKES + d - half) % SPOKES]));
                let weight = |d: usize| (half + 1 - d.abs_diff(half)) as f32;
                let sum: f32 = around.map(|(d, spoke)| weight(d) * value(spoke)).sum();
                sum / ((half + 1) * (half + 1)) as f32
            })
            .collect()
    };
    let outlines = smooth(&|s| s.outline, &spokes, 2);
    let frees = smooth(&|s| s.free, &spokes, 2);
    let evens = smooth(&|s| s.face_z, &spokes, 14);
    for (index, spoke) in spokes.iter_mut().enumerate() {
        spoke.outline = outlines[index];
        spoke.free = if frees[index] > 0.97 { 1.0 } else { frees[index] };
        spoke.even_z = evens[index];
        let steepest = STEEPEST * (spoke.outline - spoke.face);
        spoke.outline_z = spoke.outline_z.min(spoke.face_z + steepest);
    }
    spokes
}

/// Where the ray from `middle` along `way` leaves the face: distance and depth.
fn edge_of_face(points: &Landmarks, middle: [f32; 2], way: [f32; 2]) -> (f32, f32) {
    let mut best = (0.0_f32, 0.0);
    for (index, &from) in OVAL.iter().enumerate() {
        let (a, b) = (points[from], points[OVAL[(index + 1) % OVAL.len()]]);
        let (ax, ay) = (a[0] - middle[0], a[1] - middle[1]);
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let det = way[0] * dy - way[1] * dx;
        if det.abs() < 1e-6 {
            continue;
        }
        let along = (ax * way[1] - ay * way[0]) / det;
        let reach = (ax * dy - ay * dx) / det;
        if (-1e-3..=1.001).contains(&along) && reach > best.0 {
            best = (reach, a[2] + (b[2] - a[2]) * along);
        }
    }
    best
}

/// Whether anything of the picture shows in the triangle.
fn shows(texture: &Canvas, [a, b, c]: [[f32; 2]; 3]) -> bool {
    let steps = 4;
    (0..=steps).any(|i| {
        (0..=steps - i).any(|j| {
            let (u, v) = (i as f32 / steps as f32, j as f32 / steps as f32);
            let w = 1.0 - u - v;
            texture.sample(a[0] * u + b[0] * v + c[0] * w, a[1] * u + b[1] * v + c[1] * w)[3] > 0.01
        })
    })
}

/// What is seen of a head from the side and not from the front.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    /// The side of the head, behind the hair.
    Skull,
    /// The side of the neck, behind the jaw.
    Neck,
}

impl Part {
    /// The directions it lies in.
    fn lies(self, spoke: &Spoke) -> bool {
        match self {
            Self::Skull => spoke.way[1] < -0.02,
            Self::Neck => (-0.10..0.90).contains(&spoke.way[1]),
        }
    }

    /// Radius, depth behind the outline, and radius of its colour, for `angle` (radians) round the head.
    fn surface(self, spoke: &Spoke, face_width: f32, angle: f32) -> (f32, f32, f32) {
        let (sin, cos) = angle.sin_cos();
        match self {
            // In a mirror: the hair before it, half way to the face.
            Self::Skull => {
                let inner = (spoke.outline - spoke.face).max(0.0) * 0.55;
                let r = spoke.outline * 0.985 * cos;
                (
                    r,
                    SKULL_DEPTH * face_width * sin.max(0.0),
                    spoke.outline * 0.95 - inner * angle.abs() / FRAC_PI_2,
                )
            }
            // The skin along the jaw.
            Self::Neck => {
                // It begins far inside, under the cheek, which moves more than what lies deeper.
                let r = spoke.face * if sin < 0.0 { 0.35 } else { 0.97 - 0.20 * sin };
                (
                    r,
                    NECK_DEPTH * face_width * sin.max(0.0),
                    spoke.face * (0.80 - 0.22 * angle.max(0.0) / FRAC_PI_2),
                )
            }
        }
    }
}

/// Adds `part` behind the outline.
fn behind(
    spokes: &[Spoke],
    middle: [f32; 2],
    part: Part,
    face_width: f32,
    vertices: &mut Vec<Vertex>,
    triangles: &mut Vec<[usize; 3]>,
) {
    let first = vertices.len();
    for spoke in spokes {
        for degrees in BEHIND_DEG {
            let angle = degrees.to_radians();
            let (sin, cos) = (angle.sin().max(0.0), angle.cos());
            let (r, depth, colour) = part.surface(spoke, face_width, angle);
            let [x, y] = spoke.at(middle, r);
            let from_z = if part == Part::Skull { spoke.outline_z } else { spoke.face_z };
            vertices.push(Vertex {
                rest: [x, y, from_z + depth + 2.0],
                uv: spoke.at(middle, colour),
                share: 1.0,
                normal: Some([spoke.way[0] * cos, spoke.way[1] * cos, sin]),
                tone: if part == Part::Skull { 1.0 } else { 1.0 - NECK_SHADE * sin.sqrt() },
            });
        }
    }
    let rings = BEHIND_DEG.len();
    for (index, spoke) in spokes.iter().enumerate() {
        let next = (index + 1) % spokes.len();
        if !part.lies(spoke) || !part.lies(&spokes[next]) {
            continue;
        }
        for ring in 0..rings - 1 {
            let (a, b) = (first + index * rings + ring, first + next * rings + ring);
            triangles.push([a, b, b + 1]);
            triangles.push([a, b + 1, a + 1]);
        }
    }
}
