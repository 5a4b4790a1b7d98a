//! Knows a side of a document again: small, and of no use for anything else.

use crate::document::{Homography, lying};
use crate::frame::RgbaView;
use idv_protocol::Quad;

/// Cells across and down. Coarser than any print, so that corners found a little differently make the same picture; of a
/// portrait there are five cells across.
const CELLS: (usize, usize) = (32, 20);

/// Samples across and down a cell; their mean has a third of the noise.
const SAMPLES: usize = 3;

/// Share of the document left out along each side: fingers, and the table beyond a bent side.
const INSET: f32 = 0.03;

/// Cells to either side whose mean is taken off: what is wider than that is light and shadow.
const AROUND: usize = 4;

/// What a side of a document looks like from afar, whatever the light.
#[derive(Clone, PartialEq)]
pub struct Signature {
    /// Rows of cells, with mean 0 and length 1; all 0 where the document is even.
    cells: Vec<f32>,
}

impl std::fmt::Debug for Signature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signature")
    }
}

impl Signature {
    /// The signature of the document `quad`, in px of `frame`. `None` for a quad without area.
    pub fn of(frame: RgbaView<'_>, quad: &Quad) -> Option<Self> {
        let quad = lying(quad);
        let plane = Homography::from_unit_square(&quad).filter(|_| quad.is_convex())?;
        let (across, down) = (CELLS.0 * SAMPLES, CELLS.1 * SAMPLES);
        let place =
            |sample: usize, of: usize| INSET + (1.0 - 2.0 * INSET) * (sample as f32 + 0.5) / of as f32;
        let mut cells = vec![0f32; CELLS.0 * CELLS.1];
        for j in 0..down {
            for i in 0..across {
                let p = plane.apply(place(i, across), place(j, down));
                let [r, g, b] = frame.sample(p.x, p.y);
                cells[j / SAMPLES * CELLS.0 + i / SAMPLES] += 0.299 * r + 0.587 * g + 0.114 * b;
            }
        }
        let mut cells = without_light(&cells);
        let length = cells.iter().map(|value| value * value).sum::<f32>().sqrt();
        if length > f32::EPSILON {
            cells.iter_mut().for_each(|value| *value /= length);
        }
        Some(Self { cells })
    }

    /// How alike two sides are, whichever way up: their correlation, -1 to 1.
    pub fn likeness(&self, other: &Self) -> f32 {
        let upright: f32 = self.cells.iter().zip(&other.cells).map(|(a, b)| a * b).sum();
        let turned: f32 = self.cells.iter().zip(other.cells.iter().rev()).map(|(a, b)| a * b).sum();
        upright.max(turned).clamp(-1.0, 1.0)
    }
}

/// Each cell in shares of the mean around it, less 1: a shadow that covers a part of the document leaves it as it is.
fn without_light(cells: &[f32]) -> Vec<f32> {
    let (w, h) = CELLS;
    let mut out: Vec<f32> = (0..w * h)
        .map(|index| {
            let (x, y) = (index % w, index / w);
            let (columns, rows) = (
                x.saturating_sub(AROUND)..(x + AROUND + 1).min(w),
                y.saturating_sub(AROUND)..(y + AROUND + 1).min(h),
            );
            let count = (columns.len() * rows.len()) as f32;
            let sum: f32 =
                rows.map(|v| cells[v * w + columns.start..v * w + columns.end].iter().sum::<f32>()).sum();
            cells[index] / (sum / count).max(1.0) - 1.0
        })
        .collect();
    let mean = out.iter().sum::<f32>() / out.len() as f32;
    out.iter_mut().for_each(|value| *value -= mean);
    out
}
