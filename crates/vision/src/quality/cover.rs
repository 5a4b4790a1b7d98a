//! Does something lie over the machine-readable zone: a finger, a thumb, a clip.
//!
//! The strip in which the zone stands is laid out flat. Rows with the steps of print are its lines; along these, what has
//! no print and not the colour of the paper between the letters is covered.

use super::document::at_most;
use crate::document::{Homography, begun_at, lying};
use crate::frame::RgbaView;
use idv_protocol::{Check, CheckCode, DocumentKind, Point, Quad};

/// Limits for [`measure_cover`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CoverParams {
    /// Largest share of the lines' cells that something lies over. It is 0 on specimens of every kind with a zone, and on
    /// photographed pages and backs of cards; a drawn thumb that hides four letters makes it 0.044 and more
    /// (`crates/specimen/tests/sides.rs`).
    pub max_covered_ratio: f32,
}

impl Default for CoverParams {
    fn default() -> Self {
        Self { max_covered_ratio: 0.03 }
    }
}

/// Height of the zone from the lower edge of the document in mm (ICAO Doc 9303-4 to 7, zone VII).
const ZONE_HEIGHT_MM: f32 = 23.2;

/// Left out at the lower edge, in mm: no print stands there (Doc 9303-3, 4.2), but the shadow of the edge.
const EDGE_MM: f32 = 2.0;

/// Samples per mm: a stroke of OCR-B is 1.4 of them.
const PER_MM: f32 = 4.0;

/// Width of a cell in mm: two letters, of which at least one has upright strokes.
const CELL_MM: f32 = 2.0 * super::MRZ_PITCH_MM;

/// Share of the steps of the strongest row from which a row is one of a line of print: rows through the middle of letters
/// cross fewer strokes than those through their feet.
const LINE_RATIO: f32 = 0.5;

/// Least mean step of a row of print, in grey levels per 0.25 mm: below, there are no lines.
const MIN_STEP: f32 = 4.0;

/// Rows of a line of print at least: letters are 2.75 mm high, a rule is one row.
const MIN_LINE_ROWS: usize = 5;

/// Share of the steps of a full cell under which a cell has no print: fillers have fewer strokes than letters, and skin
/// has none. With it no cell of a clear specimen counts as covered.
const PRINT_RATIO: f32 = 0.35;

/// Difference of a cell's colour from that of the paper from which it is of something else, in grey levels: more than the
/// print of a background varies, less than skin differs from paper.
const OTHER_COLOUR: f32 = 28.0;

/// The share of the zone's lines that something lies over, on the document `quad` of `kind` in `frame`, whichever way up.
/// `None` where there are no lines of print in the zone's place.
pub fn measure_cover(
    frame: RgbaView<'_>,
    quad: &Quad,
    kind: DocumentKind,
    params: CoverParams,
) -> Option<Check> {
    let flat = lying(quad);
    let strips = [0, 2].map(|first| Strip::cut(frame, &begun_at(&flat, first), kind));
    // The lines of the zone go all across; those of other print seldom do.
    let best = strips.into_iter().flatten().max_by_key(|strip| strip.printed)?;
    Some(at_most(CheckCode::Covered, best.covered_ratio, params.max_covered_ratio))
}

/// The strip of the zone, judged.
struct Strip {
    /// Cells with print.
    printed: usize,
    covered_ratio: f32,
}

/// A piece of a line, two letters wide.
#[derive(Clone, Copy)]
struct Cell {
    /// Mean step from sample to sample.
    step: f32,
    /// Red, green and blue of its lighter samples.
    colour: [f32; 3],
}

impl Strip {
    /// The strip along the lower edge of `quad`.
    fn cut(frame: RgbaView<'_>, quad: &Quad, kind: DocumentKind) -> Option<Self> {
        let plane = Homography::from_unit_square(quad).filter(|_| quad.is_convex())?;
        let (width_mm, height_mm) = kind.size_mm();
        let letters_mm = super::MRZ_PITCH_MM * letters(kind) as f32;
        let left_mm = (width_mm - letters_mm) / 2.0;
        let (width, height) =
            ((letters_mm * PER_MM) as usize, ((ZONE_HEIGHT_MM - EDGE_MM) * PER_MM) as usize);
        let mut rgb = Vec::with_capacity(width * height);
        for row in 0..height {
            let v = (height_mm - ZONE_HEIGHT_MM + (row as f32 + 0.5) / PER_MM) / height_mm;
            rgb.extend((0..width).map(|column| {
                let u = (left_mm + (column as f32 + 0.5) / PER_MM) / width_mm;
                let Point { x, y } = plane.apply(u, v);
                frame.sample(x, y)
            }));
        }
        let lines = lines(&rgb, width);
        let cells: Vec<Cell> = lines.into_iter().flat_map(|line| cells(&rgb, width, line)).collect();
        Self::judge(&cells)
    }

    fn judge(cells: &[Cell]) -> Option<Self> {
        let mut steps: Vec<f32> = cells.iter().map(|cell| cell.step).collect();
        let least = PRINT_RATIO * upper_middle(&mut steps)?;
        let (printed, bare): (Vec<Cell>, Vec<Cell>) =
            cells.iter().copied().partition(|cell| cell.step >= least);
        let paper = [0, 1, 2].map(|c| {
            let mut values: Vec<f32> = printed.iter().map(|cell| cell.colour[c]).collect();
            middle(&mut values).unwrap_or_default()
        });
        let covered = bare.iter().filter(|cell| is_other(cell.colour, paper)).count();
        Some(Self { printed: printed.len(), covered_ratio: covered as f32 / cells.len() as f32 })
    }
}

/// Letters in a line of the zone of this shape (Doc 9303-4 to 7).
const fn letters(kind: DocumentKind) -> usize {
    match kind {
        DocumentKind::Id1 => 30,
        DocumentKind::Id2 => 36,
        DocumentKind::Id3 => 44,
    }
}

/// Rows that are lines of print, where the steps along the row are as many as in the best rows of the strip in at least
/// half of the columns.
fn lines(rgb: &[[f32; 3]], width: usize) -> Vec<std::ops::Range<usize>> {
    let cell = (CELL_MM * PER_MM) as usize;
    let rows: Vec<f32> = rgb
        .chunks_exact(width)
        .map(|row| {
            let mut steps: Vec<f32> = row.chunks_exact(cell).map(mean_step).collect();
            middle(&mut steps).unwrap_or_default()
        })
        .collect();
    let strongest = rows.iter().copied().fold(0.0, f32::max);
    let least = (LINE_RATIO * strongest).max(MIN_STEP);
    let mut lines: Vec<std::ops::Range<usize>> = Vec::new();
    for (row, step) in rows.iter().enumerate() {
        if *step < least {
            continue;
        }
        match lines.last_mut() {
            Some(line) if line.end == row => line.end = row + 1,
            _ => lines.push(row..row + 1),
        }
    }
    lines.retain(|line| line.len() >= MIN_LINE_ROWS);
    lines
}

/// The cells of a line.
fn cells(rgb: &[[f32; 3]], width: usize, line: std::ops::Range<usize>) -> Vec<Cell> {
    let cell = (CELL_MM * PER_MM) as usize;
    (0..width / cell)
        .map(|index| {
            let (mut step, mut all) = (0.0, Vec::with_capacity(cell * line.len()));
            for row in line.clone() {
                let from = row * width + index * cell;
                let part = rgb.get(from..from + cell).unwrap_or_default();
                step += mean_step(part) / line.len() as f32;
                all.extend_from_slice(part);
            }
            let colour = [0, 1, 2].map(|c| {
                let mut values: Vec<f32> = all.iter().map(|sample| sample[c]).collect();
                upper_middle(&mut values).unwrap_or_default()
            });
            Cell { step, colour }
        })
        .collect()
}

/// Mean difference of luma from sample to sample.
fn mean_step(samples: &[[f32; 3]]) -> f32 {
    let luma = |[r, g, b]: [f32; 3]| 0.299 * r + 0.587 * g + 0.114 * b;
    let sum: f32 = samples.windows(2).map(|pair| (luma(pair[0]) - luma(pair[1])).abs()).sum();
    sum / samples.len().saturating_sub(1).max(1) as f32
}

/// Whether a bare cell is of something other than paper: of another hue, or darker. Paper that a lamp blows out is
/// lighter.
fn is_other(colour: [f32; 3], paper: [f32; 3]) -> bool {
    let sum = |rgb: [f32; 3]| rgb.iter().sum::<f32>().max(1.0);
    let (own, of_paper) = (sum(colour), sum(paper));
    let darker = (of_paper - own) / 3.0;
    // Hues at the paper's own light.
    let hue = (0..3).map(|c| (colour[c] * of_paper / own - paper[c]).abs()).fold(0.0, f32::max);
    darker > OTHER_COLOUR || hue > OTHER_COLOUR
}

fn middle(values: &mut [f32]) -> Option<f32> {
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied()
}

/// The value that three in four stay under.
fn upper_middle(values: &mut [f32]) -> Option<f32> {
    values.sort_by(f32::total_cmp);
    values.get(values.len() * 3 / 4).copied()
}
