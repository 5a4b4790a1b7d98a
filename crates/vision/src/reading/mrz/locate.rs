//! Where the zone is. In: a luma plane. Out: candidates, most credible first. Rule: nothing is known of the
//! size, and the lines may lean by [`MAX_SLOPE`], run along either side of the plane and stand on their head:
//! which way up a candidate is, is for the recogniser to say.
//!
//! Upright strokes side by side with bare paper above and below are what sets a zone off: two or three such
//! bands, of one height, evenly spaced and beginning and ending together.

use crate::frame::Luma;

/// Longer side of the plane in which a zone that fills a straightened document is found, in px: letters of a
/// passport are 10 px apart.
pub const NEAR_SIDE_PX: u32 = 480;

/// The same for zones anywhere: in a document half as wide as the picture letters are 8 px apart, about the
/// least that can be read.
pub const FAR_SIDE_PX: u32 = 800;

/// Columns of the search: each is judged as a whole. One has to hold a letter or two of a zone that fills the
/// plane.
const COLUMNS: usize = 40;

/// Text heights that are tried, in px of the search plane: from the least that can be read, each 5/4 of the one
/// before, up to a card that fills the plane.
const TEXT_HEIGHTS_PX: [f32; 8] = [6.0, 7.5, 9.4, 11.7, 14.6, 18.3, 22.9, 28.6];

/// Steepest line of a document that was straightened by its corners, as rise over run: 3 degrees.
pub const STRAIGHT_SLOPE: f32 = 0.05;

/// Steepest line that is looked for: 10 degrees. A document that leans more is straightened first.
pub const MAX_SLOPE: f32 = 0.18;

/// Strongest step between two pixels that counts, in grey levels: the edge of a document is no more than text.
const STRONGEST_STEP: u16 = 60;

/// Steps in grey levels that are noise: bands fainter than this are none.
const NOISE_STEP: f32 = 3.0;

/// Share by which a band has to stand out in a column; what lies above counts for it, what lies below against.
const BAND_MIN: f32 = 0.22;

/// Share by which the columns of the shortest line stand out beyond [`BAND_MIN`] in the mean, at least.
const LEAST_EXCESS: f32 = 0.1;

/// Share above which a band is as good as it gets.
const BAND_FULL: f32 = 0.6;

/// Steps of the search per text height.
const STEPS_PER_TEXT: usize = 4;

/// Distances of lines in steps, 1.5 to 3.25 text heights: 4 lines to the inch and letters of 2.4 to 2.8 mm
/// (Doc 9303-3, 4.4) are 2.3 to 2.7; cards are printed tighter and cameras look at an angle.
const LINE_STEPS: std::ops::RangeInclusive<usize> = 6..=13;

/// How much more three lines count than two as long.
const THREE_LINES_WEIGHT: f32 = 1.15;

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
    /// The same along lines of one slope, less [`BAND_MIN`].
    leaning: Vec<[f32; COLUMNS]>,
}

impl Locator {
    /// Candidates in `plane`, a few at most, most credible first. With `transposed` their lines run
    /// along its height. None is steeper than `max_slope`, at most [`MAX_SLOPE`]. The search runs on the plane
    /// shrunk to `side_px`, [`NEAR_SIDE_PX`] or [`FAR_SIDE_PX`].
    pub fn find(&mut self, plane: &Luma, transposed: bool, max_slope: f32, side_px: u32) -> Vec<Candidate> {
        let (width, height) = (plane.size.width as usize, plane.size.height as usize);
        let scale = (width.max(height) as f32 / side_px.max(1) as f32).max(1.0);
        let small = (((width as f32 / scale) as usize).max(1), ((height as f32 / scale) as usize).max(1));
        let mut found = Vec::new();
        self.shrink(plane, small, transposed);
        let (w, h) = if transposed { (small.1, small.0) } else { small };
        self.search(w, h, max_slope.clamp(0.0, MAX_SLOPE), &mut found);
        found.sort_by(|a, b| b.score.total_cmp(&a.score));
        let mut kept: Vec<Candidate> = Vec::new();
        for candidate in found {
            if kept.len() < MAX_CANDIDATES && !kept.iter().any(|known| overlap(known, &candidate)) {
                kept.push(candidate);
            }
        }
        for candidate in &mut kept {
            candidate.transposed = transposed;
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
        self.small.clear();
        if small == (width, height) && !transposed {
            self.small.extend_from_slice(plane.data.get(..width * height).unwrap_or_default());
        }
        self.small.resize(small.0 * small.1, 0);
        if small == (width, height) && !transposed {
            return;
        }
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

    fn search(&mut self, width: usize, height: usize, max_slope: f32, found: &mut Vec<Candidate>) {
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
            let steps = (max_slope * width as f32 / (0.66 * text)).ceil() as i32;
            for step in -steps..=steps {
                let slope = step as f32 / steps.max(1) as f32 * max_slope;
                self.zones(width, height, text, slope, &mut best);
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
        let rows = |texts: f32| (texts * text).round() as isize;
        let (half, near, far) = (rows(0.5).max(1), rows(0.6).max(1), rows(1.05).max(2));
        for (sums, bands) in self.sums.chunks_exact(height + 1).zip(self.bands.chunks_exact_mut(height)) {
            let until =
                |row: isize| sums.get(row.clamp(0, height as isize) as usize).copied().unwrap_or_default();
            let mean = |from: isize, to: isize| (until(to) - until(from)) / (to - from) as f32;
            for (y, slot) in bands.iter_mut().enumerate() {
                let y = y as isize;
                let inside = mean(y - half, y + half);
                let bare = mean(y - far, y - near).max(mean(y + near, y + far));
                *slot = ((inside - bare) / (inside + NOISE_STEP)).clamp(0.0, BAND_FULL);
            }
        }
    }

    /// The bands along lines of one slope, from above the plane to below it, a quarter of a text height apart, and
    /// the height of the first at the left edge.
    fn lean(&mut self, width: usize, height: usize, text: f32, slope: f32) -> f32 {
        let column_px = width as f32 / COLUMNS as f32;
        let stride = text / STEPS_PER_TEXT as f32;
        let falls: [f32; COLUMNS] = std::array::from_fn(|column| slope * column_px * (column as f32 + 0.5));
        let first = -(slope * width as f32).max(0.0);
        let last = height as f32 - (slope * width as f32).min(0.0);
        let count = ((last - first) / stride) as usize + 1;
        self.leaning.clear();
        self.leaning.resize(count, [-BAND_MIN; COLUMNS]);
        for (column, (bands, fall)) in self.bands.chunks_exact(height).zip(falls).enumerate() {
            for (index, row) in self.leaning.iter_mut().enumerate() {
                let y = first + index as f32 * stride + fall;
                let band = if y >= 0.0 { bands.get(y as usize).copied().unwrap_or_default() } else { 0.0 };
                if let Some(slot) = row.get_mut(column) {
                    *slot = band - BAND_MIN;
                }
            }
        }
        first
    }

    /// Zones whose lines have one slope.
    fn zones(&mut self, width: usize, height: usize, text: f32, slope: f32, best: &mut Vec<Candidate>) {
        let column_px = width as f32 / COLUMNS as f32;
        let least = LEAST_EXCESS * text * LENGTHS.start() / column_px;
        let stride = text / STEPS_PER_TEXT as f32;
        let first = self.lean(width, height, text, slope);
        for (index, upper) in self.leaning.iter().enumerate() {
            if at_most(upper) < least {
                continue;
            }
            for step in LINE_STEPS {
                let Some(lower) = self.leaning.get(index + step) else { break };
                let two = both(upper, lower);
                if at_most(&two) < least {
                    continue;
                }
                let three = self.leaning.get(index + 2 * step).map(|lowest| both(&two, lowest));
                let two = best_run(&two);
                let three = three.filter(|three| at_most(three) >= THIRD_LINE_SHARE * two.0);
                let three = three.map_or((0.0, 0, 0), |three| best_run(&three));
                let is_three = three.0 > 0.0 && three.0 >= THIRD_LINE_SHARE * two.0;
                let (score, from, to) = if is_three { three } else { two };
                let length = (to - from) as f32 * column_px / text;
                if score < least || !LENGTHS.contains(&length) {
                    continue;
                }
                let ends_px = [from as f32 * column_px, to as f32 * column_px];
                best.push(Candidate {
                    transposed: false,
                    lines: if is_three { 3 } else { 2 },
                    ends_px,
                    top_px: first + index as f32 * stride + slope * ends_px[0],
                    step_px: step as f32 * stride,
                    slope,
                    height_px: text,
                    score: score * column_px * if is_three { THREE_LINES_WEIGHT } else { 1.0 },
                });
            }
        }
    }
}

/// The weaker of two bands in each column.
#[inline]
fn both(a: &[f32; COLUMNS], b: &[f32; COLUMNS]) -> [f32; COLUMNS] {
    std::array::from_fn(|column| a[column].min(b[column]))
}

/// What [`best_run`] cannot exceed.
#[inline]
fn at_most(bands: &[f32; COLUMNS]) -> f32 {
    let mut sums = [0.0; 8];
    for eight in bands.chunks_exact(8) {
        for (sum, band) in sums.iter_mut().zip(eight) {
            *sum += band.max(0.0);
        }
    }
    sums.iter().sum()
}

/// The columns side by side that stand out most in sum: (sum, first, one past the last).
fn best_run(bands: &[f32; COLUMNS]) -> (f32, usize, usize) {
    let (mut best, mut sum, mut start) = ((0.0, 0, 0), 0.0, 0);
    for (column, band) in bands.iter().enumerate() {
        if sum <= 0.0 {
            (sum, start) = (0.0, column);
        }
        sum += band;
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

#[cfg(test)]
#[path = "locate_tests.rs"]
mod tests;
