//! Where the zone is. In: a luma plane. Out: candidates, most credible first. Rule: nothing is known of the
//! size, and the lines may lean by [`MAX_SLOPE`], run along either side of the plane and stand on their head:
//! which way up a candidate is, is for the recogniser to say.
//!
//! Upright strokes side by side with bare paper above and below are what sets a zone off: two or three such
//! bands, of one height, evenly spaced and beginning and ending together.

use crate::frame::Luma;

/// Longer side of the plane that is searched, in px: a passport that fills it has letters 16 px apart, one
/// that fills half of it 8 px, about the least that can be read.
const SEARCH_SIDE_PX: u32 = 800;

/// Columns of the search: each is judged as a whole. One has to hold a letter or two of a zone that fills the
/// plane.
const COLUMNS: usize = 40;

/// Text heights that are tried, in px of the search plane: from the least that can be read, each 5/4 of the one
/// before, up to a card that fills the plane.
const TEXT_HEIGHTS_PX: [f32; 8] = [6.0, 7.5, 9.4, 11.7, 14.6, 18.3, 22.9, 28.6];

/// Steepest line: 10 degrees. A document that leans more is straightened by its corners first.
const MAX_SLOPE: f32 = 0.18;

/// Strongest step between two pixels that counts, in grey levels: the edge of a document is no more than text.
const STRONGEST_STEP: u16 = 60;

/// Steps in grey levels that are noise: bands fainter than this are none.
const NOISE_STEP: f32 = 3.0;

/// Share by which a band has to stand out in a column; what lies above counts for it, what lies below against.
const BAND_MIN: f32 = 0.22;

/// Share above which a band is as good as it gets.
const BAND_FULL: f32 = 0.6;

/// Distances of lines in text heights: 4 lines to the inch and letters of 2.4 to 2.8 mm (Doc 9303-3, 4.4) are
/// 2.3 to 2.7; cards are printed tighter and cameras look at an angle.
const LINE_STEPS: [f32; 8] = [1.6, 1.8, 2.0, 2.2, 2.4, 2.65, 2.9, 3.2];

/// Length of a zone in text heights: 30 to 44 letters of 2.54 mm, with the widest angle of view.
const LENGTHS: std::ops::RangeInclusive<f32> = 15.0..=62.0;

/// Share of the credibility of two lines that three have to have, to be taken for three.
const THIRD_LINE_SHARE: f32 = 0.72;

/// Candidates that are kept.
const MAX_CANDIDATES: usize = 4;

/// Lines that may be a zone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Whether the lines run down the plane: they were found in it with rows and columns exchanged, and the
    /// lengths here are of that plane.
    pub transposed: bool,
    /// Number of lines, 2 or 3.
    pub lines: usize,
    /// Left and right end in px of the plane, about a letter too wide or too narrow.
    pub ends_px: [f32; 2],
    /// Middle of the upper line at the left end, in px of the plane.
    pub top_px: f32,
    /// From one line to the next, downwards, in px.
    pub step_px: f32,
    /// Fall of the lines in px per px.
    pub slope: f32,
    /// Height of the letters in px, within a quarter.
    pub height_px: f32,
    /// How credible it is; only for comparison.
    pub score: f32,
}

/// Finds zones. Its memory is reused.
#[derive(Clone, Default)]
pub struct Locator {
    small: Vec<u8>,
    /// For each column the sums of the profile over all rows above, `height + 1` of them.
    sums: Vec<f32>,
    /// For each column how much a band at each row stands out.
    bands: Vec<f32>,
}

impl Locator {
    /// Candidates in `plane`, at most [`MAX_CANDIDATES`], most credible first.
    pub fn find(&mut self, plane: &Luma) -> Vec<Candidate> {
        let (width, height) = (plane.size.width as usize, plane.size.height as usize);
        let scale = (width.max(height) as f32 / SEARCH_SIDE_PX as f32).max(1.0);
        let small = (((width as f32 / scale) as usize).max(1), ((height as f32 / scale) as usize).max(1));
        let mut found = Vec::new();
        for transposed in [false, true] {
            self.shrink(plane, small, transposed);
            let (w, h) = if transposed { (small.1, small.0) } else { small };
            self.search(w, h, transposed, &mut found);
        }
        found.sort_by(|a, b| b.score.total_cmp(&a.score));
        let mut kept: Vec<Candidate> = Vec::new();
        for candidate in found {
            if kept.len() < MAX_CANDIDATES && !kept.iter().any(|known| overlap(known, &candidate)) {
                kept.push(candidate);
            }
        }
        for candidate in &mut kept {
            candidate.ends_px = candidate.ends_px.map(|x| x * scale);
            candidate.top_px *= scale;
            candidate.step_px *= scale;
            candidate.height_px *= scale;
        }
        kept
    }

    /// The plane at the size of the search, by area averaging.
    fn shrink(&mut self, plane: &Luma, small: (usize, usize), transposed: bool) {
        let (width, height) = (plane.size.width as usize, plane.size.height as usize);
        self.small.resize(small.0 * small.1, 0);
        for y in 0..small.1 {
            let rows = y * height / small.1..((y + 1) * height / small.1).max(y * height / small.1 + 1);
            for x in 0..small.0 {
                let columns = x * width / small.0..((x + 1) * width / small.0).max(x * width / small.0 + 1);
                let mut sum = 0u32;
                for row in rows.clone() {
                    let line = plane.data.get(row * width..(row + 1) * width).unwrap_or_default();
                    sum += line
                        .get(columns.clone())
                        .unwrap_or_default()
                        .iter()
                        .map(|&v| u32::from(v))
                        .sum::<u32>();
                }
                let mean = sum / (rows.len() * columns.len()).max(1) as u32;
                let at = if transposed { x * small.1 + y } else { y * small.0 + x };
                if let Some(slot) = self.small.get_mut(at) {
                    *slot = mean as u8;
                }
            }
        }
    }

    fn search(&mut self, width: usize, height: usize, transposed: bool, found: &mut Vec<Candidate>) {
        if width < COLUMNS * 3 || height < 24 {
            return;
        }
        self.profile(width, height);
        for text in TEXT_HEIGHTS_PX {
            if text * *LENGTHS.start() > width as f32 || text * 3.0 > height as f32 {
                continue;
            }
            self.bands_of(height, text);
            let mut best: Vec<Candidate> = Vec::new();
            // From slope to slope the outermost column moves by a third of the text height.
            let steps = (MAX_SLOPE * width as f32 / (0.66 * text)).ceil() as i32;
            for step in -steps..=steps {
                let slope = step as f32 / steps as f32 * MAX_SLOPE;
                self.zones(width, height, text, slope, transposed, &mut best);
            }
            best.sort_by(|a, b| b.score.total_cmp(&a.score));
            best.truncate(4 * MAX_CANDIDATES);
            found.append(&mut best);
        }
    }

    /// Steps along each row, summed over each column of the search, as sums from the top.
    fn profile(&mut self, width: usize, height: usize) {
        self.sums.clear();
        self.sums.resize(COLUMNS * (height + 1), 0.0);
        for (y, row) in self.small.chunks_exact(width).take(height).enumerate() {
            for column in 0..COLUMNS {
                let (from, to) = (column * width / COLUMNS, (column + 1) * width / COLUMNS);
                let inside = row.get(from.saturating_sub(1)..(to + 1).min(width)).unwrap_or_default();
                let mut steps = 0u32;
                for three in inside.windows(3) {
                    if let [before, _, after] = three {
                        steps += u32::from(u16::from(before.abs_diff(*after)).min(STRONGEST_STEP));
                    }
                }
                let at = column * (height + 1) + y;
                let mean = steps as f32 / (to - from).max(1) as f32;
                let above = self.sums.get(at).copied().unwrap_or_default();
                if let Some(slot) = self.sums.get_mut(at + 1) {
                    *slot = above + mean;
                }
            }
        }
    }

    /// How much a band of `text` px stands out at each row of each column, 0 to 1.
    fn bands_of(&mut self, height: usize, text: f32) {
        self.bands.clear();
        self.bands.resize(COLUMNS * height, 0.0);
        for (sums, bands) in self.sums.chunks_exact(height + 1).zip(self.bands.chunks_exact_mut(height)) {
            let mean = |from: f32, to: f32| {
                let from = from.clamp(0.0, height as f32) as usize;
                let to = to.clamp(0.0, height as f32) as usize;
                match (sums.get(from), sums.get(to)) {
                    (Some(above), Some(below)) if to > from => (below - above) / (to - from) as f32,
                    _ => 0.0,
                }
            };
            for (y, slot) in bands.iter_mut().enumerate() {
                let middle = y as f32 + 0.5;
                let inside = mean(middle - 0.5 * text, middle + 0.5 * text);
                let over = mean(middle - 1.05 * text, middle - 0.6 * text);
                let under = mean(middle + 0.6 * text, middle + 1.05 * text);
                *slot = ((inside - over.max(under)) / (inside + NOISE_STEP)).clamp(0.0, BAND_FULL);
            }
        }
    }

    /// Zones whose lines have one slope.
    fn zones(
        &self,
        width: usize,
        height: usize,
        text: f32,
        slope: f32,
        transposed: bool,
        best: &mut Vec<Candidate>,
    ) {
        let column_px = width as f32 / COLUMNS as f32;
        let fall = |column: usize| slope * column_px * (column as f32 + 0.5);
        let band = |column: usize, y: f32| {
            let row = y + fall(column);
            if row < 0.0 || row >= height as f32 {
                return 0.0;
            }
            self.bands.get(column * height + row as usize).copied().unwrap_or_default()
        };
        let least = text * LENGTHS.start() / column_px;
        let stride = (text / 4.0).max(1.0);
        let (first, last) =
            (-(slope * width as f32).max(0.0), height as f32 - (slope * width as f32).min(0.0));
        let mut y = first;
        while y < last {
            let top = y;
            y += stride;
            let upper: [f32; COLUMNS] = std::array::from_fn(|column| band(column, top));
            let (alone, from, to) = best_run(&upper);
            if alone <= 0.0 || ((to - from) as f32) < least {
                continue;
            }
            for step in LINE_STEPS {
                let step_px = step * text;
                let second: [f32; COLUMNS] =
                    std::array::from_fn(|column| band(column, top + step_px).min(upper[column]));
                let two = best_run(&second);
                if two.0 <= 0.0 {
                    continue;
                }
                let third: [f32; COLUMNS] =
                    std::array::from_fn(|column| band(column, top + 2.0 * step_px).min(second[column]));
                let three = best_run(&third);
                let is_three = three.0 >= THIRD_LINE_SHARE * two.0;
                let (score, from, to) = if is_three { three } else { two };
                let length = (to - from) as f32 * column_px / text;
                if !LENGTHS.contains(&length) {
                    continue;
                }
                let ends_px = [from as f32 * column_px, to as f32 * column_px];
                let lines = if is_three { 3 } else { 2 };
                let top_px = top + slope * ends_px[0];
                let score = score * column_px * if is_three { 1.15 } else { 1.0 };
                let height_px = text;
                best.push(Candidate { transposed, lines, ends_px, top_px, step_px, slope, height_px, score });
            }
        }
    }
}

/// The columns side by side that stand out most in sum: (sum, first, one past the last).
fn best_run(bands: &[f32; COLUMNS]) -> (f32, usize, usize) {
    let (mut best, mut sum, mut start) = ((0.0, 0, 0), 0.0, 0);
    for (column, band) in bands.iter().enumerate() {
        if sum <= 0.0 {
            (sum, start) = (0.0, column);
        }
        sum += band - BAND_MIN;
        if sum > best.0 {
            best = (sum, start, column + 1);
        }
    }
    best
}

/// Whether two candidates are about the same lines.
fn overlap(a: &Candidate, b: &Candidate) -> bool {
    let middle = |c: &Candidate| {
        c.top_px + c.step_px * (c.lines - 1) as f32 / 2.0 + c.slope * (c.ends_px[1] - c.ends_px[0]) / 2.0
    };
    a.transposed == b.transposed
        && (middle(a) - middle(b)).abs() < a.step_px.max(b.step_px)
        && a.ends_px[0] < b.ends_px[1]
        && b.ends_px[0] < a.ends_px[1]
}
