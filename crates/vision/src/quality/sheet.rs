//! The document's luma at one scale, whatever its size in the frame.

use crate::document::Homography;
use crate::frame::RgbaView;
use idv_protocol::{DocumentKind, Point, Quad};

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

/// Of so many bands of [`BLOCK`] rows one is sampled: print is the same in the next.
const BAND_STEP: usize = 2;

/// Least contrast that sharpness is related to, in grey levels; below it is no print to be judged.
const MIN_CONTRAST: f32 = 40.0;

/// Luma of the inside of a document. Its memory is reused.
#[derive(Clone, Default)]
pub(super) struct Sheet {
    /// Bands of [`BLOCK`] rows, one below the other.
    luma: Vec<u8>,
    width: usize,
    sums: Vec<u32>,
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
        let (across, down) = (self.width * cover, height * cover);
        for band in (0..(height + 1).saturating_sub(BLOCK)).step_by(BAND_STEP * BLOCK) {
            for y in band..band + BLOCK {
                self.sums.clear();
                self.sums.resize(self.width, 0);
                for row in y * cover..(y + 1) * cover {
                    let v = INSET + inside * (row as f32 + 0.5) / down as f32;
                    for (i, sums) in self.sums.iter_mut().enumerate() {
                        for column in i * cover..(i + 1) * cover {
                            let u = INSET + inside * (column as f32 + 0.5) / across as f32;
                            *sums += luma_at(frame, plane.apply(u, v), cover == 1);
                        }
                    }
                }
                let area = (cover * cover) as u32;
                self.luma.extend(self.sums.iter().map(|sum| (sum / area).min(255) as u8));
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
            for pair in row.windows(2) {
                steps[0][usize::from(pair[0].abs_diff(pair[1]))] += 1;
            }
        }
        for band in self.luma.chunks_exact(BLOCK * w) {
            for (above, below) in band.chunks_exact(w).zip(band.chunks_exact(w).skip(1)) {
                for (a, b) in above.iter().zip(below) {
                    steps[1][usize::from(a.abs_diff(*b))] += 1;
                }
            }
        }
        let contrast = (level_at(&levels, 0.98) - level_at(&levels, 0.02)).max(MIN_CONTRAST);
        let steepest = steps.iter().map(steepest).fold(f32::MAX, f32::min);
        let sum: u64 = levels.iter().enumerate().map(|(v, &n)| v as u64 * u64::from(n)).sum();
        SheetMeasures {
            mean_luma: sum as f32 / self.luma.len() as f32,
            sharpness: steepest / contrast,
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

/// Luma (BT.601) at `p`, clamped to the frame; of the nearest pixel, or `between` pixels.
#[inline]
fn luma_at(frame: RgbaView<'_>, p: Point, between: bool) -> u32 {
    if between {
        let [r, g, b] = frame.sample(p.x, p.y);
        return (0.299 * r + 0.587 * g + 0.114 * b) as u32;
    }
    let (last_x, last_y) = (frame.size().width as usize - 1, frame.size().height as usize - 1);
    let [r, g, b] = frame.rgb((p.x as usize).min(last_x), (p.y as usize).min(last_y));
    (77 * u32::from(r) + 150 * u32::from(g) + 29 * u32::from(b)) >> 8
}

/// The steepest 2 % of the steps, which are the edges of print on any document, without the part that noise has
/// in them: most of a document is bare, so that the median step is noise, and of normal noise the steepest 2 %
/// are 3.45 times the median.
fn steepest(steps: &[u32; 256]) -> f32 {
    let noise = 3.45 * level_at(steps, 0.5);
    let all = level_at(steps, 0.98);
    (all * all - noise * noise).max(0.0).sqrt()
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
