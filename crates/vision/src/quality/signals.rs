//! What a picture says of its origin: a screen, a grey copy, a shadow across it, how fine it is.
//!
//! In: the captured frame and the document in it. Out: checks that stop no capture. Rule: each of these has
//! honest causes, so that it is recorded for the operator and never held against the visitor alone.

use super::document::{at_least, at_most};
use super::periodic::common_period;
use crate::document::Homography;
use crate::frame::RgbaView;
use idv_protocol::{Check, CheckCode, DocumentKind, Quad};

/// Limits for [`measure_signals`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SignalParams {
    /// Least resolution in dots an inch. Below 120 the pitch of the machine-readable zone is under 12 px, the least
    /// that [`super::DocumentQualityParams::min_pitch_px`] asks for; ICAO Doc 9303-3 has readers scan at 300.
    pub min_dpi: f32,
    /// Least brightness of the paper in the darker parts over that in the lighter ones. A shadow of one of two
    /// equal lamps leaves a half of the light, which is 0.73 of the luma after the gamma of 2.2 that cameras apply.
    pub min_evenness: f32,
    /// Least colourfulness, as the distance of the colours from the document's own cast in units of luma, at a luma
    /// of 128. Below is the camera's noise; pale security print reaches 8, a portrait's skin 20.
    pub min_colour: f32,
    /// Largest share of the document's fields with one and the same fine period across it. The pattern of a screen
    /// covers all of it; a guilloche bends, and letters stand in lines that fill a part.
    pub max_periodic_ratio: f32,
}

impl Default for SignalParams {
    fn default() -> Self {
        Self { min_dpi: 120.0, min_evenness: 0.55, min_colour: 5.0, max_periodic_ratio: 0.5 }
    }
}

/// Fields across and down in which paper and colour are judged: wide enough to hold bare paper somewhere in each.
const FIELDS: (usize, usize) = (10, 7);

/// Patches of one colour across and down a field.
const FIELD_PATCHES: usize = 3;

/// Samples across and down a patch; their mean has a quarter of the noise.
const PATCH_SAMPLES: usize = 4;

/// Luma at which colours are compared.
const PER_LIGHT: f32 = 128.0;

/// Luma below which colour is mostly noise.
const DARKEST: f32 = 48.0;

/// Share of a document left out along each side: fingers, shadow of the edge, the table beyond a bent side.
const INSET: f32 = 0.05;

/// The signals of the document `quad` of `kind` in `frame`: resolution (dots an inch), evenness of light (ratio),
/// colourfulness (units of luma) and periodic pattern (share of fields). Empty for a quad without area.
pub fn measure_signals(
    frame: RgbaView<'_>,
    quad: &Quad,
    kind: DocumentKind,
    params: SignalParams,
) -> Vec<Check> {
    let Some(plane) = Homography::from_unit_square(quad).filter(|_| quad.is_convex()) else {
        return Vec::new();
    };
    let fields = fields_of(frame, &plane);
    vec![
        at_least(CheckCode::Resolution, dpi(quad, kind), params.min_dpi),
        at_least(CheckCode::Shadow, evenness(&fields), params.min_evenness),
        at_least(CheckCode::Colour, colourfulness(&fields), params.min_colour),
        at_most(CheckCode::Moire, common_period(frame, quad), params.max_periodic_ratio),
    ]
}

/// What the fields of a document show.
#[derive(Default)]
struct Fields {
    /// Luma of each field's paper: the level that nine in ten of its samples stay under.
    papers: Vec<f32>,
    /// Mean differences of blue and red from luma, for each patch, as if it had [`PER_LIGHT`].
    chromas: Vec<(f32, f32)>,
}

fn fields_of(frame: RgbaView<'_>, plane: &Homography) -> Fields {
    let across = |fields: usize| fields * FIELD_PATCHES * PATCH_SAMPLES;
    let place =
        |sample: usize, samples: usize| INSET + (1.0 - 2.0 * INSET) * (sample as f32 + 0.5) / samples as f32;
    let mut fields = Fields::default();
    let count = (PATCH_SAMPLES * PATCH_SAMPLES) as f32;
    let mut lumas = Vec::with_capacity(across(1) * across(1));
    for field in 0..FIELDS.0 * FIELDS.1 {
        let first = (across(field % FIELDS.0), across(field / FIELDS.0));
        lumas.clear();
        for patch in 0..FIELD_PATCHES * FIELD_PATCHES {
            let first = (
                first.0 + patch % FIELD_PATCHES * PATCH_SAMPLES,
                first.1 + patch / FIELD_PATCHES * PATCH_SAMPLES,
            );
            let (mut light, mut blue, mut red) = (0.0, 0.0, 0.0);
            for k in 0..PATCH_SAMPLES * PATCH_SAMPLES {
                let (i, j) = (first.0 + k % PATCH_SAMPLES, first.1 + k / PATCH_SAMPLES);
                let p = plane.apply(place(i, across(FIELDS.0)), place(j, across(FIELDS.1)));
                let [r, g, b] = frame.sample(p.x, p.y);
                let luma = 0.299 * r + 0.587 * g + 0.114 * b;
                lumas.push(luma);
                light += luma;
                blue += b - luma;
                red += r - luma;
            }
            // Over the light: the cast of a lamp is a share of it, so that dark patches have less.
            let per = PER_LIGHT / (light / count).max(DARKEST) / count;
            fields.chromas.push((blue * per, red * per));
        }
        fields.papers.push(share_of(&mut lumas, 0.9));
    }
    fields
}

/// Mean dots an inch along the document's sides.
fn dpi(quad: &Quad, kind: DocumentKind) -> f32 {
    let [a, b, c, d] = quad.0;
    let around_px = a.distance(b) + b.distance(c) + c.distance(d) + d.distance(a);
    let (width_mm, height_mm) = kind.size_mm();
    25.4 * around_px / (2.0 * (width_mm + height_mm))
}

/// Paper of the darker fields over that of the lighter ones. The darkest fifth is left out: portraits, emblems.
fn evenness(fields: &Fields) -> f32 {
    let mut papers = fields.papers.clone();
    let light = share_of(&mut papers, 0.9).max(1.0);
    share_of(&mut papers, 0.2) / light
}

/// How far the most colourful patches are from the middle one, which has the cast of the light and of the paper.
fn colourfulness(fields: &Fields) -> f32 {
    let middle = |part: fn(&(f32, f32)) -> f32| {
        let mut values: Vec<f32> = fields.chromas.iter().map(part).collect();
        share_of(&mut values, 0.5)
    };
    let (blue, red) = (middle(|chroma| chroma.0), middle(|chroma| chroma.1));
    let mut distances: Vec<f32> =
        fields.chromas.iter().map(|chroma| (chroma.0 - blue).hypot(chroma.1 - red)).collect();
    share_of(&mut distances, 0.97)
}

/// The value under which `share` of the values lie; 0 where there are none.
fn share_of(values: &mut [f32], share: f32) -> f32 {
    values.sort_by(f32::total_cmp);
    let index = (values.len().saturating_sub(1) as f32 * share).round() as usize;
    values.get(index).copied().unwrap_or_default()
}
