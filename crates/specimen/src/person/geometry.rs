//! The head in three dimensions: the face's own points, rings round them out to the hair, the side of the head
//! guessed behind them, and shoulders that stay.

use super::eyes;
use super::find::{Landmarks, Subject};
use super::gesture::Gesture;
use super::matte::{CHIN, FOREHEAD, LEFT_CHEEK, RIGHT_CHEEK, cut_out, face_height};
use super::mouth;
use super::raster::{Corner, triangle};
use super::rings::{self, Vertex};
use super::worn::Worn;
use crate::camera::{Pose, turn};
use crate::raster::{Canvas, blur};
use idv_vision::face::MESH_POINTS;
use image::imageops::{FilterType, resize};

/// Where and how large a head stands in the frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Middle of the face in px of the frame.
    pub middle_px: [f32; 2],
    /// Height of the face from hairline to chin in px of the frame.
    pub face_px: f32,
}

/// Distance from camera to head in heights of a face: an arm's length, 0.55 m over 0.12 m.
const DISTANCE_FACES: f32 = 4.6;

/// The mesh's depths are flatter than heads are: from its nose to its ears it is 0.68 of a head's width, on
/// heads 0.8 (tragion to pronasale over bitragion breadth).
pub(super) const DEPTH_GAIN: f32 = 1.18;

/// Rise of the chest when breathing, in heights of a face.
const BREATH_FACES: f32 = 0.012;

/// Part of the picture kept around the frame, so that moving shows no edge, in heights of a face.
const MARGIN_FACES: f32 = 0.25;

/// The lamp of the room, towards it: upper left, before the face.
const LAMP: [f32; 3] = [-0.55, -0.42, -0.72];

/// How much of the light comes from the lamp alone and changes when the head turns.
const LAMP_SHARE: f32 = 0.40;

/// Strength of the unsharp mask over an enlarged photograph.
const SHARPENING: f32 = 0.75;

/// Colour of the room's light, as factors.
const ROOM_TINT: [f32; 3] = [0.95, 0.93, 0.88];

/// A person ready to be drawn.
pub struct Head {
    texture: Canvas,
    vertices: Vec<Vertex>,
    triangles: Vec<[usize; 3]>,
    /// Index of the first vertex of the lids.
    lids: usize,
    normals: Vec<[f32; 3]>,
    pivot: [f32; 3],
    /// Middle of the face at rest, about which it grows when it comes closer.
    middle: [f32; 2],
    distance: f32,
    face_px: f32,
}

impl Head {
    /// Makes a head of `subject` for frames of `width` x `height` px, standing at `place`. Its picture is cut
    /// out of the photograph, enlarged and lit from the left.
    pub fn new(subject: &Subject, width: usize, height: usize, place: Place) -> Self {
        let scale = place.face_px / face_height(&subject.points).max(1.0);
        let margin = MARGIN_FACES * place.face_px;
        let middle = middle_of(&subject.points);
        // The frame's corner, less the margin, in px of the photograph.
        let corner = [
            middle[0] - (place.middle_px[0] + margin) / scale,
            middle[1] - (place.middle_px[1] + margin) / scale,
        ];
        let size = [width as f32 + 2.0 * margin, height as f32 + 2.0 * margin];
        let picture = enlarged(subject, corner, size, scale);
        let mut points = subject.points.clone();
        for p in points.iter_mut() {
            *p = [(p[0] - corner[0]) * scale, (p[1] - corner[1]) * scale, p[2] * scale * DEPTH_GAIN];
        }
        let texture = relit(sharpened(cut_out(&picture, &points), scale), &points, place.face_px);
        let (right, left) = (points[RIGHT_CHEEK], points[LEFT_CHEEK]);
        let face_width = (left[0] - right[0]).hypot(left[1] - right[1]);
        let ears = (left[2] + right[2]) / 2.0;
        let pivot = [
            (left[0] + right[0]) / 2.0,
            points[CHIN][1] - 0.1 * place.face_px,
            ears + rings::EAR_BEFORE_NECK * face_width,
        ];
        let (mut vertices, mut triangles) = rings::build(&texture, &points, pivot, place.face_px, face_width);
        let lids = eyes::add_lids(&texture, &points, &mut vertices, &mut triangles);
        let normals = normals(&vertices, &triangles);
        for vertex in &mut vertices {
            vertex.rest[0] -= margin;
            vertex.rest[1] -= margin;
        }
        let pivot = [pivot[0] - margin, pivot[1] - margin, pivot[2]];
        let distance = DISTANCE_FACES * place.face_px;
        let (middle, face_px) = (place.middle_px, place.face_px);
        Self { texture, vertices, triangles, lids, normals, pivot, middle, distance, face_px }
    }

    /// Draws the person over `frame`, doing `gesture`. `depth` is memory for one value a pixel, reused.
    pub fn draw(&self, frame: &mut Canvas, gesture: &Gesture, depth: &mut Vec<f32>) {
        self.draw_wearing(frame, gesture, depth, None);
    }

    /// The same with `worn` before the face, which moves with the head.
    pub fn draw_wearing(
        &self,
        frame: &mut Canvas,
        gesture: &Gesture,
        depth: &mut Vec<f32>,
        worn: Option<&Worn>,
    ) {
        depth.clear();
        depth.resize(frame.px.len(), f32::MAX);
        let motion = Motion::new(self, gesture);
        let mut rest: Vec<[f32; 3]> = self.vertices.iter().map(|v| v.rest).collect();
        mouth::smile(&mut rest, gesture.smile, self.face_px);
        eyes::close(&mut rest, self.lids, gesture.blink, self.face_px);
        let own = self.vertices.iter().zip(&rest).zip(&self.normals);
        let mut moved: Vec<Corner> = own
            .map(|((vertex, rest), normal)| {
                let light = vertex.tone * motion.light(*normal, vertex.share);
                motion.corner(*rest, vertex.share, vertex.uv, light)
            })
            .collect();
        let first_worn = moved.len();
        let worn_parts = worn.map(|worn| (worn.corners.as_slice(), worn.triangles.as_slice()));
        let (worn_corners, worn_triangles) = worn_parts.unwrap_or_default();
        moved.extend(
            worn_corners
                .iter()
                .map(|corner| motion.corner(corner.rest, 1.0, corner.uv, motion.light(corner.normal, 1.0))),
        );
        moved.iter_mut().enumerate().for_each(|(id, corner)| corner.id = id);
        let worn_triangles = worn_triangles.iter().map(|t| t.map(|i| i + first_worn));
        let mut order: Vec<(f32, [usize; 3])> = self
            .triangles
            .iter()
            .copied()
            .chain(worn_triangles)
            .map(|t| (t.iter().map(|&i| moved[i].z).sum::<f32>(), t))
            .collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (_, corners) in order {
            let texture = match worn {
                Some(worn) if corners[0] >= first_worn => &worn.texture,
                _ => &self.texture,
            };
            triangle(frame, depth, texture, corners.map(|id| moved[id]));
        }
    }

    /// The points of the face at rest, in px of the frame.
    pub(super) fn face_points(&self) -> Vec<[f32; 3]> {
        self.vertices.iter().take(MESH_POINTS).map(|vertex| vertex.rest).collect()
    }
}

/// Where a gesture takes each point of a head.
struct Motion<'a> {
    head: &'a Head,
    gesture: &'a Gesture,
    rotation: [[f32; 3]; 3],
    approach: f32,
    lamp: [f32; 3],
}

impl<'a> Motion<'a> {
    fn new(head: &'a Head, gesture: &'a Gesture) -> Self {
        // The head looks along -z; a pose's yaw turns the front to the right of the picture.
        let pose = Pose {
            yaw_deg: gesture.yaw_deg,
            pitch_deg: gesture.pitch_deg,
            roll_deg: gesture.roll_deg,
            at_mm: [0.0; 3],
        };
        let approach = head.distance * (1.0 - 1.0 / (1.0 + gesture.closer.max(0.0)));
        Self { head, gesture, rotation: pose.rotation(), approach, lamp: unit(LAMP) }
    }

    /// How much brighter a surface is that faces along `normal` at rest.
    fn light(&self, normal: [f32; 3], share: f32) -> f32 {
        let facing = turn(self.rotation, normal);
        let change: f32 = (0..3).map(|k| (facing[k] - normal[k]) * self.lamp[k]).sum::<f32>() * share;
        (1.0 + LAMP_SHARE * change).clamp(0.72, 1.25)
    }

    /// Where `rest` goes, which takes `share` of the rotation.
    fn corner(&self, rest: [f32; 3], share: f32, uv: [f32; 2], light: f32) -> Corner {
        let Head { pivot, middle, distance, face_px, .. } = self.head;
        let from: [f32; 3] = std::array::from_fn(|k| rest[k] - pivot[k]);
        let turned = turn(self.rotation, from);
        let at: [f32; 3] = std::array::from_fn(|k| from[k] + (turned[k] - from[k]) * share);
        let near = (distance + from[2]) / (distance + at[2]).max(1.0);
        // Coming closer is perspective too: what lies nearer grows more.
        let closer = (distance + at[2]) / (distance + at[2] - self.approach).max(1.0);
        let rise = self.gesture.breath * BREATH_FACES * face_px * (1.0 - share * 0.6);
        let [x, y] = [0, 1].map(|k| pivot[k] + at[k] * near - middle[k]);
        let [dx, dy] = self.gesture.shift_px;
        let at_px = [middle[0] + x * closer + dx, middle[1] + y * closer + dy - rise];
        Corner { at: at_px, z: at[2], uv, light, id: 0 }
    }
}

/// The middle of a face: between hairline and chin, between the cheeks.
fn middle_of(points: &Landmarks) -> [f32; 2] {
    let x = (points[RIGHT_CHEEK][0] + points[LEFT_CHEEK][0]) / 2.0;
    [x, (points[FOREHEAD][1] + points[CHIN][1]) / 2.0]
}

/// The part of the photograph from `corner` (its px), enlarged by `scale` to `size` px. What lies outside
/// repeats the edge.
fn enlarged(subject: &Subject, corner: [f32; 2], size: [f32; 2], scale: f32) -> Canvas {
    let photo = &subject.photo;
    let (width, height) = ((photo.width() as f32 * scale) as u32, (photo.height() as f32 * scale) as u32);
    let large = Canvas::from_image(&resize(photo, width.max(16), height.max(16), FilterType::CatmullRom));
    let from = [corner[0] * scale, corner[1] * scale, size[0].ceil(), size[1].ceil()];
    large.resampled(from, size[0].ceil() as usize, size[1].ceil() as usize)
}

/// Sharpens the cut-out as far as an enlargement by `scale` has softened it; its outline stays as it is.
fn sharpened(mut cut: Canvas, scale: f32) -> Canvas {
    let mut soft = cut.clone();
    blur(&mut soft, 0.55 * scale.max(1.0), &mut Vec::new());
    for (px, soft) in cut.px.iter_mut().zip(&soft.px) {
        if px[3] > 0.05 && soft[3] > 0.05 {
            for k in 0..3 {
                let color = px[k] / px[3];
                px[k] = (color + SHARPENING * (color - soft[k] / soft[3])).clamp(0.0, 1.0) * px[3];
            }
        }
    }
    cut
}

/// The cut-out under the light of the room: brighter towards the window at the left, warmer, a little softer in
/// contrast than the studio.
fn relit(mut cut: Canvas, points: &Landmarks, face_px: f32) -> Canvas {
    let middle = middle_of(points);
    let width = cut.width;
    for (index, px) in cut.px.iter_mut().enumerate() {
        let alpha = px[3];
        if alpha <= 0.0 {
            continue;
        }
        let x = ((index % width) as f32 - middle[0]) / face_px;
        let y = ((index / width) as f32 - middle[1]) / face_px;
        let light = 0.93 - 0.13 * (x * 1.3).clamp(-1.0, 1.0) - 0.07 * y.clamp(-0.8, 1.6);
        let color = [px[0] / alpha, px[1] / alpha, px[2] / alpha];
        for k in 0..3 {
            let v = 0.035 + color[k] * light * ROOM_TINT[k];
            px[k] = v.clamp(0.0, 1.0) * alpha;
        }
    }
    cut
}

/// Normals of the vertices at rest, towards the camera.
fn normals(vertices: &[Vertex], triangles: &[[usize; 3]]) -> Vec<[f32; 3]> {
    let mut sums = vec![[0.0_f32; 3]; vertices.len()];
    for corners in triangles {
        let [a, b, c] = corners.map(|i| vertices[i].rest);
        let (u, v): ([f32; 3], [f32; 3]) =
            (std::array::from_fn(|k| b[k] - a[k]), std::array::from_fn(|k| c[k] - a[k]));
        let n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
        let sign = if n[2] > 0.0 { -1.0 } else { 1.0 };
        for &i in corners {
            (0..3).for_each(|k| sums[i][k] += n[k] * sign);
        }
    }
    sums.into_iter().zip(vertices).map(|(sum, vertex)| unit(vertex.normal.unwrap_or(sum))).collect()
}

fn unit(v: [f32; 3]) -> [f32; 3] {
    let length = (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]).sqrt().max(1e-6);
    v.map(|c| c / length)
}
