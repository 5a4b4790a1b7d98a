//! The document's luma at one scale, whatever its size in the frame.

use crate::document::Homography;
use crate::frame::RgbaView;
use idv_protocol::{DocumentKind, Quad};

/// Samples per mm of the document: a stroke of the machine-readable zone is 1.4 px, and no document that passes
/// the size check is blown up.
pub(super) const SAMPLES_PER_MM: f32 = 4.0;

/// Share of the document left out along each side: fingers, shadow and the table beyond a bent side.
const INSET: f32 = 0.04;

/// Luma of a blown-out pixel; cameras clip a little below 255.
const BLOWN_OUT: u8 = 250;

/// Side of a square that counts as structureless when all of it is blown out, in samples: 2 mm, the paper between
/// the letters of the machine-readable zone is narrower.
const BLOCK: usize = 8;

/// Least contrast that sharpness is related to, in grey levels; below it is no print to be judged.
const MIN_CONTRAST: f32 = 40.0;

/// Luma of the inside of a document. Its memory is reused.
#[derive(Clone, Default)]
pub(super) struct Sheet {
    luma: Vec<u8>,
    width: usize,
}

/// What a sheet shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct SheetMeasures {
    /// Mean luma, 0 to 255.
    pub mean_luma: f32,
    /// Steepest steps in shares of the contrast per sample, the poorer of the two directions.
    pub sharpness: f32,
    /// Share that is blown out without structure.
    pub glare_ratio: f32,
}

impl Sheet {
    /// Samples the inside of `quad`. A quad without area gives an empty sheet.
    pub fn fill_from(&mut self, frame: RgbaView<'_>, quad: &Quad, kind: DocumentKind) {
        self.luma.clear();
        self.width = 0;
        let Some(plane) = Homography::from_unit_square(quad).filter(|_| quad.is_convex()) else { return };
        let [a, b, c, d] = quad.0;
        let (wide, high) = ((a.distance(b) + c.distance(d)) / 2.0, (b.distance(c) + d.distance(a)) / 2.0);
        let (long_mm, short_mm) = kind.size_mm();
        let (mm_wide, mm_high) = if wide >= high { (long_mm, short_mm) } else { (short_mm, long_mm) };
        let inside = 1.0 - 2.0 * INSET;
        self.width = (mm_wide * inside * SAMPLES_PER_MM) as usize;
        let height = (mm_high * inside * SAMPLES_PER_MM) as usize;
        // Pixels of the frame that one sample covers; averaged, lest fine print turns into false sharpness.
        let cover = (wide.max(high) / (long_mm * SAMPLES_PER_MM)).round().clamp(1.0, 4.0) as usize;
        for y in 0..height {
            for x in 0..self.width {
                let at = |i: usize, dx: usize, n: usize| {
                    INSET + inside * (i as f32 + (dx as f32 + 0.5) / cover as f32) / n as f32
                };
                let mut sum = 0.0;
                for dy in 0..cover {
                    for dx in 0..cover {
                        let p = plane.apply(at(x, dx, self.width), at(y, dy, height));
                        let [r, g, b] = frame.sample(p.x, p.y);
                        sum += 0.299 * r + 0.587 * g + 0.114 * b;
                    }
                }
                self.luma.push((sum / (cover * cover) as f32 + 0.5) as u8);
            }
        }
    }

    /// Measures the sheet. An empty one is black and blurred.
    pub fn measure(&self) -> SheetMeasures {
        let w = self.width;
        if w < BLOCK || self.luma.len() < BLOCK * w {
            return SheetMeasures { mean_luma: 0.0, sharpness: 0.0, glare_ratio: 0.0 };
        }
        let mut levels = [0u32; 256];
        let mut steps = [[0u32; 256]; 2];
        for &v in &self.luma {
            levels[usize::from(v)] += 1;
        }
        for row in self.luma.chunks_exact(w) {
            for triple in row.windows(3) {
                steps[0][usize::from(triple[0].abs_diff(triple[2]))] += 1;
            }
        }
        for (above, below) in self.luma.chunks_exact(w).zip(self.luma.chunks_exact(w).skip(2)) {
            for (a, b) in above.iter().zip(below) {
                steps[1][usize::from(a.abs_diff(*b))] += 1;
            }
        }
        let contrast = (level_at(&levels, 0.98) - level_at(&levels, 0.02)).max(MIN_CONTRAST);
        // The steepest 2 % are the edges of print on any document; a step is measured over two samples.
        let steepest = steps.iter().map(|s| level_at(s, 0.98)).fold(f32::MAX, f32::min);
        let sum: u64 = levels.iter().enumerate().map(|(v, &n)| v as u64 * u64::from(n)).sum();
        SheetMeasures {
            mean_luma: sum as f32 / self.luma.len() as f32,
            sharpness: steepest / 2.0 / contrast,
            glare_ratio: self.glare_ratio(),
        }
    }

    fn glare_ratio(&self) -> f32 {
        let (mut blown, mut blocks) = (0, 0);
        for band in self.luma.chunks_exact(self.width * BLOCK) {
            for x in (0..self.width + 1 - BLOCK).step_by(BLOCK) {
                let whole = band.chunks_exact(self.width).all(|row| {
                    row.get(x..x + BLOCK).is_some_and(|cells| cells.iter().all(|&v| v >= BLOWN_OUT))
                });
                blown += usize::from(whole);
                blocks += 1;
            }
        }
        blown as f32 / blocks.max(1) as f32
    }
}

/// The level below which `share` of the counts lie.
fn level_at(counts: &[u32; 256], share: f32) -> f32 {
    let total: u32 = counts.iter().sum();
    let mut left = (total as f32 * share) as u32;
    for (level, &count) in counts.iter().enumerate() {
        if count > left {
            return level as f32;
        }
        left -= count;
    }
    255.0
}
