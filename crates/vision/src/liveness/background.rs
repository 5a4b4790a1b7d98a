//! Whether what is around a face moves with it. In: a face at rest and the same face in motion, each in its frame. Out:
//! whether its surroundings fit the motion of the face, or standing still. Rule: a wall behind a head stays where it is;
//! what is printed or shown around a face is carried along by every movement of the sheet or the screen.

use super::depth::plane_motion;
use crate::face::Mesh;
use crate::frame::{Luma, RgbaView};
use idv_protocol::liveness::CueCode;
use idv_protocol::{Cue, Point};

/// Longer side in px of the picture in which surroundings are compared: coarse enough that a pixel of error in the motion
/// does not hide that it fits.
const SIDE_PX: u32 = 160;

/// Half width and half height of what is looked at, and of what is left out of it as hair, ears and neck, each over the
/// half of the mesh's box.
const OUTER: [f32; 2] = [2.4, 2.0];
const INNER: [f32; 2] = [1.45, 1.6];

/// How far below the middle of the face is looked, over half its height: below that are neck and shoulders, which move
/// by themselves.
const BELOW: f32 = 0.5;

/// Step between two points in px.
const STEP_PX: f32 = 2.0;

/// Least slope of luma, in levels over two px each way, at a point that says anything: an even wall fits every motion.
const LEAST_SLOPE: f32 = 12.0;

/// Largest difference of a point, in levels, so that a few do not outweigh the others.
const MOST_DIFFERENCE: f32 = 40.0;

/// Fewest points that say anything together.
const MIN_POINTS: usize = 60;

/// Least mean distance in px by which the face's motion would carry the points: below it both answers look the same.
const LEAST_CARRIED_PX: f32 = 4.0;

/// Share from which surroundings stand still. Of the presentations of `cargo xtask bench liveness --json` prints lie from 0.12
/// to 0.52, by how much of the room is seen beside the sheet; rooms behind people from 0.47.
const MIN_STILL_SHARE: f32 = 0.35;

/// A face at rest, and what is around it.
pub struct Surroundings {
    luma: Luma,
    mesh: Mesh,
}

/// How surroundings fit the motion of a face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Following {
    /// Mean distance by which the face's motion would carry them, in px of a frame of 160 px.
    pub carried_px: f32,
    /// Their change under the face's motion over that and their change where they stand, 0 to 1: near 0 where they move
    /// with the face, near 1 where they stand still.
    pub still_share: f32,
}

impl Surroundings {
    /// What is around the face of `mesh` in `frame`.
    pub fn of(frame: RgbaView<'_>, mesh: &Mesh) -> Self {
        let mut luma = Luma::default();
        luma.fill_sparsely_from(frame, SIDE_PX);
        Self { luma, mesh: mesh.clone() }
    }

    /// How they fit the motion of the face to where `mesh` is in `frame`. `None` where the face has hardly moved, where
    /// too little around it says anything, and for frames of another size.
    pub fn follow(&self, frame: RgbaView<'_>, mesh: &Mesh) -> Option<Following> {
        let mut luma = Luma::default();
        let shrunk = luma.fill_sparsely_from(frame, SIDE_PX);
        if luma.size != self.luma.size {
            return None;
        }
        let motion = plane_motion(&self.mesh, mesh)?;
        let carry = |point: Point| {
            let at = motion.apply(Point::new(point.x * shrunk, point.y * shrunk))?;
            Some(Point::new(at.x / shrunk, at.y / shrunk)).filter(|at| is_inside(&luma, *at))
        };
        let (mut carried, mut still, mut px, mut count) = (0.0, 0.0, 0.0, 0usize);
        for point in self.points(shrunk) {
            if slope(&self.luma, point) < LEAST_SLOPE {
                continue;
            }
            let Some(at) = carry(point) else { continue };
            let here = self.luma.sample(point.x, point.y);
            carried += difference(&luma, at, here);
            still += difference(&luma, point, here);
            px += at.distance(point);
            count += 1;
        }
        let carried_px = px / count.max(1) as f32;
        let tells = count >= MIN_POINTS && carried_px >= LEAST_CARRIED_PX && carried + still > 0.0;
        tells.then(|| Following { carried_px, still_share: carried / (carried + still) })
    }

    /// The points around the face, in px of the shrunk frame.
    fn points(&self, shrunk: f32) -> impl Iterator<Item = Point> + '_ {
        let [left, top, right, bottom] = self.mesh.points.iter().fold(
            [f32::MAX, f32::MAX, f32::MIN, f32::MIN],
            |[left, top, right, bottom], [x, y, _]| {
                [left.min(x / shrunk), top.min(y / shrunk), right.max(x / shrunk), bottom.max(y / shrunk)]
            },
        );
        let middle = Point::new((left + right) / 2.0, (top + bottom) / 2.0);
        let half = Point::new((right - left) / 2.0, (bottom - top) / 2.0);
        let columns = (2.0 * OUTER[0] * half.x / STEP_PX) as usize;
        let rows = ((OUTER[1] + BELOW) * half.y / STEP_PX) as usize;
        let all = (0..rows).flat_map(move |row| (0..columns).map(move |column| (row, column)));
        all.filter_map(move |(row, column)| {
            let x = column as f32 * STEP_PX - OUTER[0] * half.x;
            let y = row as f32 * STEP_PX - OUTER[1] * half.y;
            let of_head = (x / (INNER[0] * half.x)).powi(2) + (y / (INNER[1] * half.y)).powi(2) < 1.0;
            let point = Point::new(middle.x + x, middle.y + y);
            (!of_head && is_inside(&self.luma, point)).then_some(point)
        })
    }
}

impl Following {
    /// The cue that it is.
    pub fn cue(&self) -> Cue {
        let (value, threshold) = (self.still_share, MIN_STILL_SHARE);
        Cue { code: CueCode::Background, value, threshold, passed: value >= threshold }
    }
}

/// Whether `point` and its neighbours lie in `luma`.
fn is_inside(luma: &Luma, point: Point) -> bool {
    let (width, height) = (luma.size.width as f32, luma.size.height as f32);
    (2.0..width - 2.0).contains(&point.x) && (2.0..height - 2.0).contains(&point.y)
}

fn slope(luma: &Luma, Point { x, y }: Point) -> f32 {
    let across = luma.sample(x + 1.0, y) - luma.sample(x - 1.0, y);
    let down = luma.sample(x, y + 1.0) - luma.sample(x, y - 1.0);
    across.abs() + down.abs()
}

/// Least difference of a level and the places up to a pixel around `at`: the motion is not known more exactly.
fn difference(luma: &Luma, at: Point, level: f32) -> f32 {
    let near = [-1.0, 0.0, 1.0];
    let places = near.iter().flat_map(|dy| near.iter().map(move |dx| (at.x + dx, at.y + dy)));
    places.map(|(x, y)| (luma.sample(x, y) - level).abs()).fold(MOST_DIFFERENCE, f32::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::MESH_POINTS;
    use idv_protocol::Size;

    const SIZE: Size = Size { width: 320, height: 240 };
    const MOVED_PX: f32 = 30.0;

    /// A room of soft blobs, moved by so many px.
    fn room(moved_px: f32) -> Vec<u8> {
        let blob = |x: f32, y: f32| 120.0 + 60.0 * (x / 9.0).sin() * (y / 7.0 + (x / 31.0).cos()).cos();
        let pixel = |i: u32| blob((i % SIZE.width) as f32 - moved_px, (i / SIZE.width) as f32) as u8;
        (0..SIZE.width * SIZE.height).flat_map(|i| [pixel(i), pixel(i), pixel(i), 255]).collect()
    }

    /// A flat face in the middle, moved by so many px.
    fn face(moved_px: f32) -> Mesh {
        let point = |index: usize| {
            let (x, y) = ((index * 37 % 60) as f32 - 30.0, (index * 91 % 80) as f32 - 40.0);
            [150.0 + x + moved_px, 130.0 + y, 0.0]
        };
        Mesh { points: (0..MESH_POINTS).map(point).collect(), score: 0.9 }
    }

    fn follow(room_px: f32, face_px: f32) -> Option<Following> {
        let (before, after) = (room(0.0), room(room_px));
        let view = |data| RgbaView::new(data, SIZE).expect("fits");
        Surroundings::of(view(&before), &face(0.0)).follow(view(&after), &face(face_px))
    }

    #[test]
    fn a_room_stands_still_and_a_sheet_goes_along() {
        let room = follow(0.0, MOVED_PX).expect("moved");
        assert!(room.still_share > 0.8 && room.cue().passed, "{room:?}");
        let sheet = follow(MOVED_PX, MOVED_PX).expect("moved");
        assert!(sheet.still_share < 0.1 && !sheet.cue().passed, "{sheet:?}");
        assert!((sheet.carried_px - MOVED_PX / 2.0).abs() < 1.0);
        // A camera in the hand moves the room by a way of its own.
        let shaken = follow(-MOVED_PX / 2.0, MOVED_PX).expect("moved");
        assert!(shaken.cue().passed, "{shaken:?}");
    }

    #[test]
    fn a_face_that_stays_and_an_even_wall_say_nothing() {
        assert_eq!(follow(0.0, 2.0), None);
        let wall = vec![120; room(0.0).len()];
        let view = || RgbaView::new(&wall, SIZE).expect("fits");
        assert_eq!(Surroundings::of(view(), &face(0.0)).follow(view(), &face(MOVED_PX)), None);
    }
}
