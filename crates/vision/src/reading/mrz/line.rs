//! Each line of a candidate, measured on the whole plane: direction, height, pitch and ends.

use super::locate::Candidate;
use crate::frame::Luma;
use idv_protocol::Point;

/// Parts of a line whose height in the picture is measured one by one.
const PARTS: usize = 8;

/// Reach of the search for the middle of a line above and below, in text heights: less than half way to the
/// next line.
const REACH: f32 = 0.85;

/// Samples per text height of a vertical profile.
const PROFILE_STEPS: f32 = 12.0;

/// Share of a profile's peak that belongs to the letters.
const LETTER_SHARE: f32 = 0.30;

/// Pitch in text heights: 2.54 mm by capitals of 2.4 to 2.8 mm, and proportions that are off by a quarter.
const PITCH_RANGE: (f32, f32) = (0.68, 1.35);

/// Letters ahead that the pitch is compared with: more make it more exact.
const COMB: usize = 10;

/// Part of a cell that is blank: letters of OCR-B are about 0.65 of their pitch wide.
const BLANK_SHARE: f32 = 0.33;

/// Blank cells after which a line has ended. Between letters is less than one.
const END_GAP: f32 = 1.2;

/// Share of the usual ink of a letter that is ink.
const INK_SHARE: f32 = 0.22;

/// A line of a zone in a plane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextLine {
    /// Left end of the first letter's cell, at half the height of the letters, in px of the plane.
    pub start: Point,
    /// Direction of the line, of length 1.
    pub along: Point,
    /// From letter to letter in px.
    pub pitch_px: f32,
    /// Height of the capitals in px.
    pub cap_px: f32,
    /// Letters, by length and pitch; 30, 36 or 44 where that is near.
    pub columns: usize,
}

impl TextLine {
    /// The same line read from its other end, as if the plane were turned by 180 degrees.
    pub fn turned(&self) -> Self {
        let length = self.columns as f32 * self.pitch_px;
        let start = Point::new(self.start.x + self.along.x * length, self.start.y + self.along.y * length);
        Self { start, along: Point::new(-self.along.x, -self.along.y), ..*self }
    }

    /// The point `along_px` from the start and `down_px` below the line, seen with its letters upright.
    #[inline]
    pub fn at(&self, along_px: f32, down_px: f32) -> Point {
        Point::new(
            self.start.x + self.along.x * along_px - self.along.y * down_px,
            self.start.y + self.along.y * along_px + self.along.x * down_px,
        )
    }
}

/// A plane, or the same with rows and columns exchanged.
#[derive(Clone, Copy)]
struct View<'a> {
    plane: &'a Luma,
    transposed: bool,
}

impl View<'_> {
    #[inline]
    fn sample(self, p: Point) -> f32 {
        if self.transposed { self.plane.sample(p.y, p.x) } else { self.plane.sample(p.x, p.y) }
    }
}

/// The lines of `candidate`, from the upper one down; empty if they cannot be measured. Lines that run along the
/// plane's height are read from bottom to top, the leftmost first: [`TextLine::turned`] is the other way.
pub fn measure(plane: &Luma, candidate: &Candidate) -> Vec<TextLine> {
    if plane.data.is_empty() || candidate.ends_px[1] <= candidate.ends_px[0] {
        return Vec::new();
    }
    let view = View { plane, transposed: candidate.transposed };
    let mut lines: Vec<TextLine> =
        (0..candidate.lines).map(|index| straight(view, candidate, index)).collect();
    let tallest = lines.iter().map(|line| line.cap_px).fold(0.0, f32::max);
    let profiles: Vec<Vec<f32>> = lines.iter().map(|line| ink(view, line, candidate)).collect();
    let pitch_px = pitch_of(&profiles, tallest);
    let ends: Vec<(f32, f32)> = profiles.iter().map(|profile| ends_of(profile, pitch_px)).collect();
    let (starts, stops) = agreed(&ends, pitch_px, candidate.lines);
    let margin = margin_of(candidate);
    for (line, (start, stop)) in lines.iter_mut().zip(starts.into_iter().zip(stops)) {
        let cells = (stop - start) / pitch_px + BLANK_SHARE;
        line.columns = columns_of(cells, candidate.lines);
        let near = (cells - line.columns as f32).abs() < 1.5;
        line.pitch_px = if near { (stop - start) / (line.columns as f32 - BLANK_SHARE) } else { pitch_px };
        line.start = line.at(start - margin - BLANK_SHARE / 2.0 * line.pitch_px, 0.0);
        line.cap_px = tallest;
        if candidate.transposed {
            *line = upright(line);
        }
    }
    lines
}

/// A line found in the transposed plane, in the plane itself, read from bottom to top: rows and columns exchanged
/// is a mirror image, and of its two directions this one has letters on their feet. Lines keep their order.
fn upright(line: &TextLine) -> TextLine {
    let swapped = TextLine {
        start: Point::new(line.start.y, line.start.x),
        along: Point::new(line.along.y, line.along.x),
        ..*line
    };
    swapped.turned()
}

/// How far profiles begin before the candidate's left end, in px.
fn margin_of(candidate: &Candidate) -> f32 {
    3.0 * candidate.height_px
}

/// Line `index` of `candidate`, straight through the middles of its letters; its start and pitch are not known
/// yet.
fn straight(view: View<'_>, candidate: &Candidate, index: usize) -> TextLine {
    let text = candidate.height_px;
    let [left, right] = candidate.ends_px;
    let top = candidate.top_px + index as f32 * candidate.step_px;
    let steps = (2.0 * REACH * PROFILE_STEPS) as usize;
    let offset = |step: usize| (step as f32 + 0.5) / PROFILE_STEPS - REACH;
    let mut middles: Vec<(f32, f32, f32)> = Vec::new();
    let mut profiles: Vec<Vec<f32>> = Vec::new();
    for part in 0..PARTS {
        let from = left + (right - left) * part as f32 / PARTS as f32;
        let length = (right - left) / PARTS as f32;
        let samples = (length as usize).clamp(4, 200);
        let profile: Vec<f32> = (0..steps)
            .map(|step| {
                let mut sum = 0.0;
                for sample in 0..samples {
                    let x = from + length * sample as f32 / samples as f32;
                    let y = top + candidate.slope * (x - left) + offset(step) * text;
                    let (before, after) = (Point::new(x - 1.0, y), Point::new(x + 1.0, y));
                    sum += (view.sample(before) - view.sample(after)).abs();
                }
                sum / samples as f32
            })
            .collect();
        let bare = profile.iter().copied().fold(f32::MAX, f32::min);
        let (mut weight, mut moment) = (0.0, 0.0);
        for (step, value) in profile.iter().enumerate() {
            weight += (value - bare) * (value - bare);
            moment += (value - bare) * (value - bare) * offset(step) * text;
        }
        if weight > f32::EPSILON {
            middles.push((from + length / 2.0, moment / weight, weight));
        }
        profiles.push(profile);
    }
    let (shift, lean) = fit(&middles);
    let slope = candidate.slope + lean;
    let along = Point::new(1.0 / slope.hypot(1.0), slope / slope.hypot(1.0));
    let start = Point::new(left, top + shift + lean * left);
    let mut whole = vec![0.0; steps];
    for (part, profile) in profiles.iter().enumerate() {
        let x = left + (right - left) * (part as f32 + 0.5) / PARTS as f32;
        let moved = ((shift + lean * x) / text * PROFILE_STEPS).round() as i32;
        for (step, slot) in whole.iter_mut().enumerate() {
            let from = (step as i32 + moved).clamp(0, steps as i32 - 1) as usize;
            *slot += profile.get(from).copied().unwrap_or_default();
        }
    }
    let cap_px = letter_height(&whole) / PROFILE_STEPS * text * along.x;
    TextLine { start, along, pitch_px: text, cap_px: cap_px.clamp(0.7 * text, 1.4 * text), columns: 0 }
}

/// Weighted straight line through (x, y, weight), the worst third left out: (y at x = 0, slope).
fn fit(points: &[(f32, f32, f32)]) -> (f32, f32) {
    let line = |points: &[(f32, f32, f32)]| {
        let [n, sx, sy, sxx, sxy] = points.iter().fold([0f64; 5], |sums, &(x, y, w)| {
            let (x, y, w) = (f64::from(x), f64::from(y), f64::from(w));
            [sums[0] + w, sums[1] + w * x, sums[2] + w * y, sums[3] + w * x * x, sums[4] + w * x * y]
        });
        let spread = n * sxx - sx * sx;
        if n <= 0.0 {
            return (0.0, 0.0);
        }
        let slope = if spread.abs() > 1e-6 { (n * sxy - sx * sy) / spread } else { 0.0 };
        (((sy - slope * sx) / n) as f32, slope as f32)
    };
    let (shift, slope) = line(points);
    let mut kept = points.to_vec();
    let off = |p: &(f32, f32, f32)| (p.1 - shift - slope * p.0).abs();
    kept.sort_by(|a, b| off(a).total_cmp(&off(b)));
    kept.truncate((points.len() * 2 / 3).max(2));
    line(&kept)
}

/// Rows around the middle of a profile that belong to the letters.
fn letter_height(profile: &[f32]) -> f32 {
    let bare = profile.iter().copied().fold(f32::MAX, f32::min);
    let peak = profile.iter().copied().fold(0.0, f32::max) - bare;
    let inside = |index: usize| profile.get(index).is_some_and(|v| v - bare > LETTER_SHARE * peak);
    let middle = profile.len() / 2;
    let above = (0..=middle).rev().take_while(|&index| inside(index)).count();
    let below = (middle + 1..profile.len()).take_while(|&index| inside(index)).count();
    (above + below) as f32
}

/// Darkness along `line`, a value for each px, from [`margin_of`] before the candidate's left end to as much
/// behind its right one; what is no darker than its surroundings is 0.
fn ink(view: View<'_>, line: &TextLine, candidate: &Candidate) -> Vec<f32> {
    let margin = margin_of(candidate);
    let length = (candidate.ends_px[1] - candidate.ends_px[0]) / line.along.x + 2.0 * margin;
    let rows = 9;
    let columns: Vec<f32> = (0..length.max(0.0) as usize)
        .map(|x| {
            let at = |row: usize| {
                let down = ((row as f32 + 0.5) / rows as f32 - 0.5) * line.cap_px;
                view.sample(line.at(x as f32 - margin, down))
            };
            (0..rows).map(at).sum::<f32>() / rows as f32
        })
        .collect();
    // Paper: the brightest column within a letter's width either way, smoothed by taking it twice.
    let reach = (line.cap_px * 1.2) as usize + 1;
    let windowed = |values: &[f32], pick: fn(f32, f32) -> f32, start: f32| -> Vec<f32> {
        (0..values.len())
            .map(|x| {
                let window = values.get(x.saturating_sub(reach)..(x + reach + 1).min(values.len()));
                window.unwrap_or_default().iter().copied().fold(start, pick)
            })
            .collect()
    };
    let paper = windowed(&windowed(&columns, f32::max, 0.0), f32::min, f32::MAX);
    columns.iter().zip(paper).map(|(value, paper)| (paper - value).max(0.0)).collect()
}

/// The pitch that the ink of all lines repeats with best, in px.
fn pitch_of(profiles: &[Vec<f32>], cap_px: f32) -> f32 {
    let centred: Vec<Vec<f32>> = profiles
        .iter()
        .map(|profile| {
            let mean = profile.iter().sum::<f32>() / profile.len().max(1) as f32;
            profile.iter().map(|value| (value - mean).min(2.0 * mean)).collect()
        })
        .collect();
    let longest = (PITCH_RANGE.1 * cap_px * COMB as f32) as usize + 2;
    let alike: Vec<f32> = (0..=longest)
        .map(|lag| {
            let sum = |profile: &Vec<f32>| {
                let shifted = profile.get(lag..).unwrap_or_default();
                profile.iter().zip(shifted).map(|(a, b)| a * b).sum::<f32>() / shifted.len().max(1) as f32
            };
            centred.iter().map(sum).sum()
        })
        .collect();
    let between = |lag: f32| {
        let (at, part) = (lag as usize, lag.fract());
        match (alike.get(at), alike.get(at + 1)) {
            (Some(a), Some(b)) => a * (1.0 - part) + b * part,
            _ => 0.0,
        }
    };
    let (low, high) = (PITCH_RANGE.0 * cap_px, PITCH_RANGE.1 * cap_px);
    let steps = 200;
    let mut best = (f32::MIN, 0.92 * cap_px);
    for step in 0..=steps {
        let pitch = low * (high / low).powf(step as f32 / steps as f32);
        // What lies half way between the teeth counts against: the double of a pitch has letters there.
        let score: f32 = (1..=COMB)
            .map(|tooth| between(pitch * tooth as f32) - between(pitch * (tooth as f32 - 0.5)))
            .sum();
        if score > best.0 {
            best = (score, pitch);
        }
    }
    best.1
}

/// Where the ink of a line begins and ends, walking out from its middle, in px of the profile.
fn ends_of(profile: &[f32], pitch_px: f32) -> (f32, f32) {
    let mut sorted: Vec<f32> = profile.to_vec();
    sorted.sort_by(f32::total_cmp);
    let usual = sorted.get(sorted.len() * 3 / 4).copied().unwrap_or_default();
    let is_ink = |x: usize| profile.get(x).is_some_and(|value| *value > INK_SHARE * usual.max(1.0));
    let gap = (END_GAP * pitch_px) as usize;
    let middle = profile.len() / 2;
    let walk = |places: &mut dyn Iterator<Item = usize>| {
        let (mut last, mut blank) = (middle, 0);
        for x in places {
            if is_ink(x) {
                (last, blank) = (x, 0);
            } else {
                blank += 1;
                if blank > gap {
                    break;
                }
            }
        }
        last as f32
    };
    (walk(&mut (0..middle).rev()), walk(&mut (middle..profile.len())) + 1.0)
}

/// Ends for every line: those that make the most likely number of letters, where lines differ.
fn agreed(ends: &[(f32, f32)], pitch_px: f32, lines: usize) -> (Vec<f32>, Vec<f32>) {
    let mut best: Option<(f32, f32, f32)> = None;
    for &(start, _) in ends {
        for &(_, stop) in ends {
            let cells = (stop - start) / pitch_px + BLANK_SHARE;
            let off = (cells - columns_of(cells, lines) as f32).abs();
            if best.is_none_or(|(known, _, _)| off < known) {
                best = Some((off, start, stop));
            }
        }
    }
    let Some((_, start, stop)) = best else { return (Vec::new(), Vec::new()) };
    // A line keeps its own end where it is near: perspective moves them against each other.
    let near = |own: f32, common: f32| if (own - common).abs() < 0.6 * pitch_px { own } else { common };
    (
        ends.iter().map(|(own, _)| near(*own, start)).collect(),
        ends.iter().map(|(_, own)| near(*own, stop)).collect(),
    )
}

/// The number of letters that a line of `cells` cells has: that of a format if one is near.
fn columns_of(cells: f32, lines: usize) -> usize {
    let formats: &[usize] = if lines == 3 { &[30] } else { &[36, 44] };
    let nearest = formats.iter().min_by(|a, b| {
        let off = |columns: usize| (cells - columns as f32).abs();
        off(**a).total_cmp(&off(**b))
    });
    match nearest {
        Some(&columns) if (cells - columns as f32).abs() < 3.0 => columns,
        _ => (cells.round().max(1.0) as usize).min(60),
    }
}
