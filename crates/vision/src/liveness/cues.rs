//! Signs of a print or a screen that are measured apart from any network.
//!
//! In: a frame and the face in it. Out: a [`Cue`] for each sign, with its value and its limit. Rule: each has honest causes,
//! a shelf behind the head or a checked shirt, so that none alone decides; see [`super::fusion`].

use crate::face::Face;
use crate::frame::{Luma, RgbaView};
use crate::quality::periodic::common_period;
use idv_protocol::liveness::CueCode;
use idv_protocol::{Cue, Point, Quad};

/// Limits of the cues.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CueParams {
    /// Largest share of the fields on and around the face that have one fine period in common, as
    /// [`crate::quality::SignalParams::max_periodic_ratio`] has it for documents. Cloth behind a head fills a part.
    pub max_periodic_ratio: f32,
    /// Largest share of the third best side of a rectangle around the face that runs along one straight edge. A door behind
    /// a head gives two sides; the third ends at a shoulder.
    pub max_bezel_ratio: f32,
    /// Least fine detail of the face over its coarse detail. A picture of a picture has lost it once more.
    pub min_texture_ratio: f32,
}

impl Default for CueParams {
    fn default() -> Self {
        Self { max_periodic_ratio: 0.5, max_bezel_ratio: 0.8, min_texture_ratio: 0.03 }
    }
}

/// Measures the cues, with the buffers of one frame.
#[derive(Clone, Default)]
pub struct CueMeter {
    params: CueParams,
    luma: Luma,
}

impl CueMeter {
    /// The cues of `face` in `frame`.
    pub fn measure(&mut self, frame: RgbaView<'_>, face: &Face) -> Vec<Cue> {
        let params = self.params;
        let bezel = self.bezel_ratio(frame, face);
        let at_most =
            |code, value: f32, threshold: f32| Cue { code, value, threshold, passed: value <= threshold };
        let texture = texture_ratio(frame, face);
        vec![
            at_most(CueCode::Moire, common_period(frame, &around(face)), params.max_periodic_ratio),
            at_most(CueCode::Bezel, bezel, params.max_bezel_ratio),
            Cue {
                code: CueCode::Texture,
                value: texture,
                threshold: params.min_texture_ratio,
                passed: texture >= params.min_texture_ratio,
            },
        ]
    }

    /// How straight the third best side of a rectangle around the face is, 0 to 1.
    fn bezel_ratio(&mut self, frame: RgbaView<'_>, face: &Face) -> f32 {
        let shrunk = self.luma.fill_from(frame, BEZEL_SIDE_PX);
        let size = self.luma.size;
        let (width, height) = (size.width as f32, size.height as f32);
        if width.min(height) < LEAST_SIDE_PX {
            return 0.0;
        }
        let rect = &face.rect;
        let (left, top) = (rect.x / shrunk, rect.y / shrunk);
        let (right, bottom) = (left + rect.width / shrunk, top + rect.height / shrunk);
        let (w, h) = (right - left, bottom - top);
        // Sides stand off the head: hair and ears are outside of the box.
        let far = |from: f32, by: f32, most: f32| (from + by).clamp(2.0, most - 3.0);
        let rows = (far(top, -0.3 * h, height), far(bottom, 0.3 * h, height));
        let columns = (far(left, -0.4 * w, width), far(right, 0.4 * w, width));
        let plane = &self.luma;
        let mut sides = [
            best_line(plane, false, (far(left, -2.0 * w, width), far(left, -0.2 * w, width)), rows),
            best_line(plane, false, (far(right, 0.2 * w, width), far(right, 2.0 * w, width)), rows),
            best_line(plane, true, (far(top, -1.2 * h, height), far(top, -0.25 * h, height)), columns),
            best_line(plane, true, (far(bottom, 0.2 * h, height), far(bottom, 1.2 * h, height)), columns),
        ];
        sides.sort_by(|a, b| b.total_cmp(a));
        sides[2]
    }
}

/// The cues of several frames: of each code that frame whose value is the middle one.
pub(super) fn middle_cues(frames: &[Vec<Cue>]) -> Vec<Cue> {
    let Some(first) = frames.first() else { return Vec::new() };
    first
        .iter()
        .filter_map(|cue| {
            let mut same: Vec<Cue> =
                frames.iter().flatten().filter(|other| other.code == cue.code).copied().collect();
            same.sort_by(|a, b| a.value.total_cmp(&b.value));
            same.get(same.len() / 2).copied()
        })
        .collect()
}

/// Longer side of the picture in which edges of a sheet or a screen are looked for, in px: there they are sharp lines, and
/// texture is none.
const BEZEL_SIDE_PX: u32 = 320;

/// Least side of a picture that can hold a face and a rectangle around it.
const LEAST_SIDE_PX: f32 = 32.0;

/// Step of luma from which a pixel lies on an edge.
const EDGE_STEP: i32 = 14;

/// Slopes of a side that are tried: a sheet is held upright within some ten degrees.
const SLOPES: [f32; 9] = [-0.16, -0.12, -0.08, -0.04, 0.0, 0.04, 0.08, 0.12, 0.16];

/// Points along a side that are looked at.
const SIDE_POINTS: usize = 40;

/// Share of the points of the straightest edge between `from` and `to` across, over the length `along`, that step in one
/// direction. Upright sides unless `lying`.
fn best_line(plane: &Luma, lying: bool, across: (f32, f32), along: (f32, f32)) -> f32 {
    let length = along.1 - along.0;
    if across.1 - across.0 < 2.0 || length < 8.0 {
        return 0.0;
    }
    let at = |a: f32, l: f32| {
        let (x, y) = if lying { (l, a) } else { (a, l) };
        i32::from(plane.at(x as usize, y as usize))
    };
    let size = plane.size;
    let most = if lying { size.height } else { size.width } as f32 - 3.0;
    let mut best = 0;
    for slope in SLOPES {
        let mut start = across.0;
        while start <= across.1 {
            let (mut up, mut down) = (0, 0);
            for point in 0..SIDE_POINTS {
                let l = along.0 + length * point as f32 / (SIDE_POINTS - 1) as f32;
                let a = start + slope * (l - along.0 - length / 2.0);
                if a < 2.0 || a > most {
                    continue;
                }
                let step = at(a + 1.0, l) - at(a - 1.0, l);
                up += usize::from(step > EDGE_STEP);
                down += usize::from(step < -EDGE_STEP);
            }
            best = best.max(up).max(down);
            start += 1.0;
        }
    }
    best as f32 / SIDE_POINTS as f32
}

/// The face with some room around it.
fn around(face: &Face) -> Quad {
    const ROOM: f32 = 0.3;
    let rect = &face.rect;
    let (dx, dy) = (ROOM * rect.width, ROOM * rect.height);
    let (left, top) = ((rect.x - dx).max(0.0), (rect.y - dy).max(0.0));
    let (right, bottom) = (rect.x + rect.width + dx, rect.y + rect.height + dy);
    Quad([(left, top), (right, top), (right, bottom), (left, bottom)].map(|(x, y)| Point::new(x, y)))
}

/// Energy of the finest differences of the face's luma over that of differences four px wide, each in the frame's own
/// pixels.
fn texture_ratio(frame: RgbaView<'_>, face: &Face) -> f32 {
    let size = frame.size();
    let rect = &face.rect;
    let inset = 0.15;
    let clamp = |value: f32, most: u32| (value.max(0.0) as usize).min(most as usize);
    let (x0, x1) = (
        clamp(rect.x + inset * rect.width, size.width),
        clamp(rect.x + (1.0 - inset) * rect.width, size.width),
    );
    let (y0, y1) = (
        clamp(rect.y + inset * rect.height, size.height),
        clamp(rect.y + (1.0 - inset) * rect.height, size.height),
    );
    let luma = |x: usize, y: usize| {
        let [r, g, b] = frame.rgb(x, y);
        0.299 * f32::from(r) + 0.587 * f32::from(g) + 0.114 * f32::from(b)
    };
    let (mut fine, mut coarse) = (0.0f32, 0.0f32);
    for y in (y0..y1).step_by(2) {
        for x in (x0 + 4..x1.saturating_sub(4)).step_by(2) {
            let here = luma(x, y);
            let second = |reach: usize| here - (luma(x - reach, y) + luma(x + reach, y)) / 2.0;
            fine += second(1).powi(2);
            coarse += second(4).powi(2);
        }
    }
    if coarse > 0.0 { fine / coarse } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use idv_protocol::{PxRect, Size};

    const SIZE: Size = Size { width: 640, height: 480 };

    /// A face in the middle of a frame of soft blobs, over which `paint` lays a luma.
    fn cues(paint: impl Fn(f32, f32) -> Option<f32>) -> Vec<Cue> {
        let data: Vec<u8> = (0..SIZE.width * SIZE.height)
            .flat_map(|i| {
                let (x, y) = ((i % SIZE.width) as f32, (i / SIZE.width) as f32);
                let blobs = 120.0 + 30.0 * (x / 37.0).sin() * (y / 29.0 + (x / 90.0).cos()).cos();
                let value = paint(x, y).unwrap_or(blobs) as u8;
                [value, value, value, 255]
            })
            .collect();
        let face = Face {
            rect: PxRect { x: 250.0, y: 150.0, width: 140.0, height: 180.0 },
            score: 0.9,
            keypoints: [Point::default(); 5],
        };
        CueMeter::default().measure(RgbaView::new(&data, SIZE).expect("fits"), &face)
    }

    fn fired(cues: &[Cue], code: CueCode) -> bool {
        cues.iter().any(|cue| cue.code == code && !cue.passed)
    }

    #[test]
    fn a_frame_around_the_face_is_a_bezel_and_two_doorposts_are_none() {
        // Black, 10 px wide, tilted a little.
        let bar = |distance: f32| (distance.abs() < 5.0).then_some(15.0);
        let posts = |x: f32, y: f32| bar(x - 190.0 - 0.05 * y).or(bar(x - 440.0 - 0.05 * y));
        assert!(!fired(&cues(|_, _| None), CueCode::Bezel));
        assert!(!fired(&cues(posts), CueCode::Bezel));
        let framed = cues(|x, y| posts(x, y).or(bar(y - 80.0 + 0.05 * x)).or(bar(y - 430.0 + 0.05 * x)));
        assert!(fired(&framed, CueCode::Bezel), "{framed:?}");
        // The lower side is hidden, as by a hand.
        let open = cues(|x, y| posts(x, y).or(bar(y - 80.0 + 0.05 * x)));
        assert!(fired(&open, CueCode::Bezel), "{open:?}");
    }

    #[test]
    fn an_even_pattern_across_the_face_is_moire_and_one_beside_it_is_none() {
        let grid =
            |x: f32, y: f32| 120.0 + 12.0 * (x * std::f32::consts::TAU / 5.0).sin() + 4.0 * (y / 31.0).sin();
        assert!(fired(&cues(|x, y| Some(grid(x, y))), CueCode::Moire));
        assert!(!fired(&cues(|x, y| (x > 420.0).then(|| grid(x, y))), CueCode::Moire));
    }

    #[test]
    fn a_report_has_the_middle_value_of_each_cue() {
        let frame =
            |value: f32| vec![Cue { code: CueCode::Bezel, value, threshold: 0.8, passed: value <= 0.8 }];
        let middle = middle_cues(&[frame(0.9), frame(0.1), frame(0.85)]);
        assert_eq!((middle.len(), middle[0].value, middle[0].passed), (1, 0.85, false));
        assert!(middle_cues(&[]).is_empty());
    }
}
