//! A fine pattern with one period all over the document: the grid of a screen, or its beat with the camera's.

use crate::frame::RgbaView;
use idv_protocol::Quad;

/// Side of a field in px: some five periods of the longest lag.
const FIELD_PX: usize = 48;

/// Periods looked for, in px. Shorter ones are the sensor's own, longer ones letters of the print.
const LAGS: std::ops::RangeInclusive<usize> = 3..=9;

/// Fields in which a pattern is judged, at most; more say the same.
const MAX_FIELDS: usize = 160;

/// Correlation of neighbouring periods from which a field counts as periodic. The letters of a line of print,
/// whose pitch is one but whose shapes differ, stay near 0.3.
const MIN_CORRELATION: f32 = 0.45;

/// Least standard deviation of the fine structure in a field, in units of luma: below it there is only noise.
const MIN_DEVIATION: f32 = 1.5;

/// Largest share of fields inside `quad` that have one period in common, along rows or columns, 0 to 1. 0 where
/// fewer than eight fields fit.
pub(crate) fn common_period(frame: RgbaView<'_>, quad: &Quad) -> f32 {
    let origins = fields_inside(frame, quad);
    if origins.len() < 8 {
        return 0.0;
    }
    let mut votes = [[0usize; 16]; 2];
    let mut field = vec![0f32; FIELD_PX * FIELD_PX];
    for &(x, y) in &origins {
        for (direction, votes) in votes.iter_mut().enumerate() {
            read_field(frame, (x, y), direction == 1, &mut field);
            if let Some(count) = period_of(&mut field).and_then(|lag| votes.get_mut(lag)) {
                *count += 1;
            }
        }
    }
    let most = votes.iter().flatten().copied().max().unwrap_or_default();
    most as f32 / origins.len() as f32
}

/// Top left corners of fields that lie within the quad, evenly spread.
fn fields_inside(frame: RgbaView<'_>, quad: &Quad) -> Vec<(usize, usize)> {
    let size = frame.size();
    let (columns, rows) = (size.width as usize / FIELD_PX, size.height as usize / FIELD_PX);
    let inside = |x: f32, y: f32| {
        let side = |i: usize| {
            let (a, b) = (quad.0[i], quad.0[(i + 1) % 4]);
            (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x)
        };
        let sides = [side(0), side(1), side(2), side(3)];
        sides.iter().all(|side| *side > 0.0) || sides.iter().all(|side| *side < 0.0)
    };
    let far = FIELD_PX as f32;
    let all: Vec<(usize, usize)> = (0..rows)
        .flat_map(|row| (0..columns).map(move |column| (column * FIELD_PX, row * FIELD_PX)))
        .filter(|&(x, y)| {
            let (x, y) = (x as f32, y as f32);
            [(x, y), (x + far, y), (x, y + far), (x + far, y + far)].iter().all(|&(x, y)| inside(x, y))
        })
        .collect();
    let step = all.len().div_ceil(MAX_FIELDS).max(1);
    all.into_iter().step_by(step).collect()
}

/// Luma of a field, turned by `down` so that columns become rows.
fn read_field(frame: RgbaView<'_>, (x, y): (usize, usize), down: bool, field: &mut [f32]) {
    for (j, row) in field.chunks_exact_mut(FIELD_PX).enumerate() {
        for (i, cell) in row.iter_mut().enumerate() {
            let (dx, dy) = if down { (j, i) } else { (i, j) };
            let [r, g, b] = frame.rgb(x + dx, y + dy);
            *cell = 0.299 * f32::from(r) + 0.587 * f32::from(g) + 0.114 * f32::from(b);
        }
    }
}

/// The lag at which the rows of a field repeat themselves, if they do.
fn period_of(field: &mut [f32]) -> Option<usize> {
    // Second differences leave what is as fine as the periods that are looked for.
    for row in field.chunks_exact_mut(FIELD_PX) {
        for i in 0..FIELD_PX - 2 {
            row[i] = row[i + 1] - (row[i] + row[i + 2]) / 2.0;
        }
        row[FIELD_PX - 2..].fill(0.0);
    }
    let energy: f32 = field.iter().map(|v| v * v).sum();
    if energy < MIN_DEVIATION * MIN_DEVIATION * field.len() as f32 {
        return None;
    }
    let correlation = |lag: usize| -> f32 {
        let (mut product, mut own) = (0.0, 0.0);
        for row in field.chunks_exact(FIELD_PX) {
            let row = &row[..FIELD_PX - 2];
            for (a, b) in row.iter().zip(&row[lag..]) {
                product += a * b;
                own += (a * a + b * b) / 2.0;
            }
        }
        if own > 0.0 { product / own } else { 0.0 }
    };
    LAGS.map(|lag| (lag, correlation(lag)))
        .filter(|(_, value)| *value >= MIN_CORRELATION)
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(lag, _)| lag)
}
