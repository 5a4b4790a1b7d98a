//! Whether something lies over a face: a mask, sunglasses, a scarf.
//!
//! In: a frame and the mesh of a face in it. Out: how much of the skin's colour and light is missing where it should be.
//! Rule: every number is relative to the same face's forehead, cheeks and nose, so that no skin tone counts as covered;
//! in a grey picture nothing does.

use super::mesh::Mesh;
use crate::frame::RgbaView;

/// Points by MediaPipe's canonical face model. Skin that masks and glasses leave free in turn: the forehead, the cheeks,
/// and under the eyes.
const FOREHEAD: [usize; 6] = [9, 151, 108, 337, 69, 299];
const CHEEKS: [[usize; 4]; 2] = [[50, 205, 101, 36], [280, 425, 330, 266]];
const UNDER_EYES: [usize; 6] = [119, 118, 117, 348, 347, 346];

/// Skin around the subject's right and left eye, between the lids and the brow and below: it lies behind every lens.
const AROUND_EYES: [[usize; 10]; 2] =
    [[27, 28, 29, 30, 56, 22, 23, 24, 26, 110], [257, 258, 259, 260, 286, 252, 253, 254, 256, 339]];

/// Pairs whose middles lie on the red of the lips.
const LIPS: [[usize; 2]; 6] = [[17, 14], [84, 87], [314, 317], [0, 13], [37, 82], [267, 312]];

/// Skin around the mouth, under a moustache and a beard where there is one: the lips are then what shows.
const AROUND_MOUTH: [usize; 8] = [164, 18, 200, 199, 43, 273, 182, 406];

/// Half the side of the square that is averaged at each point, over the distance of the eyes.
const SPOT_RATIO: f32 = 0.03;

/// Samples along each side of that square.
const SPOT_SAMPLES: usize = 3;

/// Added to red and green before their ratio is taken, so that noise in the dark makes no colour.
const FLOOR: f32 = 8.0;

/// Redness of skin, as logarithm of red over green, below which a picture has no colour to judge by. Skin of every tone
/// has 0.15 to 0.5 in daylight and lamp light.
const LEAST_REDNESS: f32 = 0.1;

/// Light under the eyes, over that of the cheeks and the forehead, from which it is skin and no tinted lens.
const LIT_RATIO: f32 = 0.6;

/// What is missing of a face, each 0 for bare skin and about 1 for something grey, black or white; more for blue and
/// green.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cover {
    /// Around the eyes: of the skin's colour or of its light, of the eye that misses more.
    pub eyes: f32,
    /// Around the mouth: of the skin's colour, on the lips or around them, where less is missing.
    pub mouth: f32,
}

impl Cover {
    /// What is missing of the face of `mesh` in `frame`.
    pub fn of(frame: RgbaView<'_>, mesh: &Mesh) -> Self {
        let [right, left] = mesh.eyes();
        let spot = Spot { frame, mesh, reach: right.distance(left) * SPOT_RATIO };
        let cheeks = CHEEKS.map(|points| spot.skin(&points));
        let both = Skin {
            redness: (cheeks[0].redness + cheeks[1].redness) / 2.0,
            luma: (cheeks[0].luma + cheeks[1].luma) / 2.0,
        };
        let forehead = spot.skin(&FOREHEAD);
        let redder = |a: Skin, b: Skin| if b.redness > a.redness { b } else { a };
        let mut bare = redder(both, forehead);
        let under_eyes = spot.skin(&UNDER_EYES);
        if under_eyes.luma > LIT_RATIO * both.luma.max(forehead.luma) {
            bare = redder(bare, under_eyes);
        }
        let missing = |skin: Skin| (bare.redness - skin.redness) / bare.redness.max(LEAST_REDNESS);
        let eyes = [0, 1].map(|side| {
            let around = spot.skin(&AROUND_EYES[side]);
            // In light from the side, the cheek below is as dark as the eye.
            missing(around).max(1.0 - around.luma / cheeks[side].luma.max(1.0))
        });
        let mouth = missing(spot.lips()).min(missing(spot.skin(&AROUND_MOUTH)));
        Self { eyes: eyes[0].max(eyes[1]).max(0.0), mouth: mouth.max(0.0) }
    }

    /// The larger of both.
    pub fn worst(&self) -> f32 {
        self.eyes.max(self.mouth)
    }
}

/// Colour and light of a part of a face.
#[derive(Clone, Copy, Debug)]
struct Skin {
    /// Logarithm of red over green.
    redness: f32,
    /// 0 to 255.
    luma: f32,
}

/// Looks at points of a mesh.
struct Spot<'a> {
    frame: RgbaView<'a>,
    mesh: &'a Mesh,
    /// Half the side of a spot in px.
    reach: f32,
}

impl Spot<'_> {
    /// The middle of what the points show: a strand of hair or a frame of glasses over some of them does not count.
    fn skin(&self, points: &[usize]) -> Skin {
        let mut seen: Vec<Skin> = points.iter().map(|point| self.at(*point, *point)).collect();
        middle(&mut seen)
    }

    fn lips(&self) -> Skin {
        let mut seen: Vec<Skin> = LIPS.iter().map(|[a, b]| self.at(*a, *b)).collect();
        middle(&mut seen)
    }

    /// The mean around the middle of two points.
    fn at(&self, a: usize, b: usize) -> Skin {
        let (a, b) = (self.mesh.point(a), self.mesh.point(b));
        let (x, y) = ((a.x + b.x) / 2.0, (a.y + b.y) / 2.0);
        let mut sum = [0.0f32; 3];
        let step = |i: usize| (i as f32 / (SPOT_SAMPLES - 1) as f32 * 2.0 - 1.0) * self.reach;
        for j in 0..SPOT_SAMPLES {
            for i in 0..SPOT_SAMPLES {
                let rgb = self.frame.sample(x + step(i), y + step(j));
                sum = [sum[0] + rgb[0], sum[1] + rgb[1], sum[2] + rgb[2]];
            }
        }
        let [red, green, blue] = sum.map(|value| value / (SPOT_SAMPLES * SPOT_SAMPLES) as f32);
        Skin {
            redness: ((red + FLOOR) / (green + FLOOR)).ln(),
            luma: 0.299 * red + 0.587 * green + 0.114 * blue,
        }
    }
}

/// The medians of both numbers.
fn middle(seen: &mut [Skin]) -> Skin {
    let mut median = |value: fn(&Skin) -> f32| {
        seen.sort_by(|a, b| value(a).total_cmp(&value(b)));
        let (low, high) = (seen.get((seen.len().max(1) - 1) / 2), seen.get(seen.len() / 2));
        (low.map_or(0.0, value) + high.map_or(0.0, value)) / 2.0
    };
    Skin { redness: median(|skin| skin.redness), luma: median(|skin| skin.luma) }
}
