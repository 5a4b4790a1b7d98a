//! Straight lines through edge pixels: a Hough transform in which each edge pixel votes only for lines along
//! its own edge, and for one line in the end.

use super::edges::{Edge, EdgeMap};
use idv_protocol::Point;

/// Angle bins of half a turn; 1 degree moves the end of a 200 px side by 1.7 px, which the fit takes up.
const ANGLES: usize = 180;

/// An edge pixel votes for angles within this many bins of its own: the direction of a faint edge is known to
/// some 5 degrees.
const VOTE_SPREAD: isize = 4;

/// Votes are counted in whole numbers: the weight of 1 in them.
const VOTE_UNIT: f32 = 16.0;

/// Cosine of the largest angle between a line and an edge that supports it, 15 degrees.
const MIN_ALIGNMENT: f32 = 0.966;

/// Largest distance in px between a line and an edge that supports it: paper is never quite flat.
const SUPPORT_PX: f32 = 1.8;

/// The same while the line is still as its votes have it, which may be half a degree off.
const FIRST_REACH_PX: f32 = 2.5;

/// Weight from which an edge may vote: below lie the noise and the finest grain, two thirds of all edges.
const MIN_VOTE_WEIGHT: f32 = 0.34;

/// A line across the frame: points with n . p = rho, and where along it edges support it.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    /// Normal of length 1.
    pub nx: f32,
    /// Normal of length 1.
    pub ny: f32,
    /// Distance from the origin along the normal, in px of the shrunk frame.
    pub rho: f32,
    /// Where the line enters the frame.
    pub start: Point,
    /// Length within the frame in px.
    pub length: f32,
    /// Length of supported places less that of gaps, over the best stretch, in px.
    pub run: f32,
    /// Supported steps before each step along the line from `start`; one step is 1 px.
    prefix: Vec<u16>,
}

impl Line {
    /// A line from `start` on for `length` px, supported all along.
    pub fn whole(nx: f32, ny: f32, rho: f32, start: Point, length: f32) -> Self {
        let prefix = (0..length as u16 + 2).collect();
        Self { nx, ny, rho, start, length, run: length, prefix }
    }

    /// Direction from `start` onward, of length 1.
    #[inline]
    pub fn direction(&self) -> (f32, f32) {
        (-self.ny, self.nx)
    }

    /// Distance along the line of the foot of `p`, in px from `start`.
    #[inline]
    pub fn place_of(&self, p: Point) -> f32 {
        (p.x - self.start.x) * -self.ny + (p.y - self.start.y) * self.nx
    }

    /// Share of supported steps between two places, 0 to 1; places outside the frame count as unsupported.
    #[inline]
    pub fn support(&self, from: f32, to: f32) -> f32 {
        let (low, high) = if from < to { (from, to) } else { (to, from) };
        let last = self.prefix.len().saturating_sub(1) as f32;
        let a = self.prefix.get(low.clamp(0.0, last) as usize).copied().unwrap_or(0);
        let b = self.prefix.get(high.clamp(0.0, last) as usize).copied().unwrap_or(0);
        f32::from(b.saturating_sub(a)) / (high - low).max(1.0)
    }

    /// Where two lines meet; `None` when they are parallel.
    #[inline]
    pub fn meet(&self, other: &Self) -> Option<Point> {
        let det = self.nx * other.ny - self.ny * other.nx;
        if det.abs() < 1e-4 {
            return None;
        }
        Some(Point::new(
            (self.rho * other.ny - other.rho * self.ny) / det,
            (self.nx * other.rho - other.nx * self.rho) / det,
        ))
    }
}

/// The lines of one frame and the buffers they are found with.
#[derive(Clone, Default)]
pub(super) struct LineFinder {
    /// The lines, best supported first.
    pub lines: Vec<Line>,
    spare: Vec<Line>,
    votes: Vec<u16>,
    rhos: usize,
    row_best: Vec<(u16, usize)>,
    sines: Vec<(f32, f32)>,
    inliers: Vec<usize>,
    claimed: Vec<bool>,
}

impl LineFinder {
    /// Finds up to `max_lines` lines whose best stretch is at least `min_run_px`. Reuses its memory.
    pub fn find(&mut self, map: &EdgeMap, max_lines: usize, min_run_px: f32) {
        self.spare.append(&mut self.lines);
        if self.sines.is_empty() {
            self.sines =
                (0..ANGLES).map(|a| (a as f32 * std::f32::consts::PI / ANGLES as f32).sin_cos()).collect();
        }
        let (w, h) = (map.size.width as f32, map.size.height as f32);
        self.rhos = w.hypot(h) as usize + 4;
        self.votes.clear();
        self.votes.resize(self.rhos * ANGLES, 0);
        for edge in map.edges.iter().filter(|edge| edge.weight >= MIN_VOTE_WEIGHT) {
            vote(&mut self.votes, self.rhos, &self.sines, edge, map, u16::saturating_add);
        }
        self.row_best.clear();
        self.row_best.extend(self.votes.chunks_exact(self.rhos).map(best_of));
        self.claimed.clear();
        self.claimed.resize(map.edges.len(), false);
        let floor = (min_run_px * VOTE_UNIT * 0.25) as u16;
        // Each round claims the edges of one line; texture can waste rounds on lines that are then too short.
        for _ in 0..3 * max_lines {
            let Some((angle, &(votes, rho))) =
                self.row_best.iter().enumerate().max_by_key(|(_, (votes, _))| *votes)
            else {
                break;
            };
            if votes < floor || self.lines.len() >= 2 * max_lines {
                break;
            }
            self.take(map, angle, rho, min_run_px);
        }
        self.lines.sort_unstable_by(|a, b| b.run.total_cmp(&a.run));
        while self.lines.len() > max_lines {
            self.spare.extend(self.lines.pop());
        }
    }

    /// Takes the line at one cell: fits it, removes the votes of its edges, keeps it if it is long enough.
    fn take(&mut self, map: &EdgeMap, angle: usize, rho: usize, min_run_px: f32) {
        let (sin, cos) = self.sines.get(angle).copied().unwrap_or((0.0, 1.0));
        let (cx, cy) = (map.size.width as f32 / 2.0, map.size.height as f32 / 2.0);
        let centred = rho as f32 - self.rhos as f32 / 2.0;
        let mut line = self.spare.pop().unwrap_or_default();
        (line.nx, line.ny, line.rho) = (cos, sin, centred + cos * cx + sin * cy);
        gather(map, &line, FIRST_REACH_PX, &mut self.inliers);
        fit(map, &mut line, &self.inliers, &self.claimed);
        gather(map, &line, SUPPORT_PX, &mut self.inliers);
        let mut freed = 0;
        fit(map, &mut line, &self.inliers, &self.claimed);
        for &i in &self.inliers {
            let (Some(claimed), Some(edge)) = (self.claimed.get_mut(i), map.edges.get(i)) else {
                continue;
            };
            if !std::mem::replace(claimed, true) && edge.weight >= MIN_VOTE_WEIGHT {
                vote(&mut self.votes, self.rhos, &self.sines, edge, map, u16::saturating_sub);
                freed += 1;
            }
        }
        if freed == 0 {
            // The fit moved off the cell; forget the cell, or it would come back for ever.
            let (lo, hi) = (rho.saturating_sub(1), (rho + 2).min(self.rhos));
            if let Some(cells) = self.votes.get_mut(angle * self.rhos + lo..angle * self.rhos + hi) {
                cells.fill(0);
            }
        }
        for (best, row) in self.row_best.iter_mut().zip(self.votes.chunks_exact(self.rhos)) {
            if best.0 > 0 && row.get(best.1).copied() != Some(best.0) {
                *best = best_of(row);
            }
        }
        profile(map, &mut line, &self.inliers);
        if line.run >= min_run_px && freed > 0 {
            self.lines.push(line);
        } else {
            self.spare.push(line);
        }
    }
}

/// Adds or takes away one edge's votes.
fn vote(
    votes: &mut [u16],
    rhos: usize,
    sines: &[(f32, f32)],
    edge: &Edge,
    map: &EdgeMap,
    change: impl Fn(u16, u16) -> u16,
) {
    let (x, y) = (edge.x - map.size.width as f32 / 2.0, edge.y - map.size.height as f32 / 2.0);
    let own = edge.ny.atan2(edge.nx) * (ANGLES as f32 / std::f32::consts::PI);
    let own = own.round() as isize;
    for spread in -VOTE_SPREAD..=VOTE_SPREAD {
        let angle = (own + spread).rem_euclid(ANGLES as isize) as usize;
        let Some(&(sin, cos)) = sines.get(angle) else { continue };
        let place = x * cos + y * sin + rhos as f32 / 2.0;
        let amount = edge.weight * VOTE_UNIT;
        let (cell, share) = (place as usize, place.fract());
        let first = angle * rhos + cell;
        if cell + 1 < rhos
            && let Some([low, high]) = votes.get_mut(first..first + 2)
        {
            *low = change(*low, (amount * (1.0 - share)) as u16);
            *high = change(*high, (amount * share) as u16);
        }
    }
}

/// The largest value of a row and its place.
fn best_of(row: &[u16]) -> (u16, usize) {
    let most = row.iter().copied().max().unwrap_or(0);
    (most, row.iter().position(|&v| v == most).unwrap_or(0))
}

/// Where the line enters the frame and how long it stays in it.
fn clip(line: &Line, map: &EdgeMap) -> Option<(Point, f32)> {
    let (dx, dy) = line.direction();
    let foot = Point::new(line.nx * line.rho, line.ny * line.rho);
    let (mut low, mut high) = (f32::MIN, f32::MAX);
    for (at, step, end) in [(foot.x, dx, map.size.width as f32), (foot.y, dy, map.size.height as f32)] {
        if step.abs() < 1e-6 {
            if at < 0.0 || at > end {
                return None;
            }
            continue;
        }
        let (a, b) = (-at / step, (end - at) / step);
        low = low.max(a.min(b));
        high = high.min(a.max(b));
    }
    (high > low).then(|| (Point::new(foot.x + low * dx, foot.y + low * dy), high - low))
}

/// Collects the edges within `reach` px of a line that run along it, in order along the line.
fn gather(map: &EdgeMap, line: &Line, reach: f32, inliers: &mut Vec<usize>) {
    inliers.clear();
    let Some((start, length)) = clip(line, map) else { return };
    let (dx, dy) = line.direction();
    // Walk along the longer of the two axes, so that each pixel is met once.
    let upright = dx.abs() < dy.abs();
    let (major, minor) = if upright { (dy, dx) } else { (dx, dy) };
    let slope = minor / major;
    let (from, across) = if upright { (start.y, start.x) } else { (start.x, start.y) };
    let cells = (reach / major.abs()).ceil() as i32;
    let count = (length * major.abs()) as i32;
    let first = from.floor() as i32;
    for step in 0..=count {
        let along = if major >= 0.0 { first + step } else { first - step };
        let middle = (across + (along as f32 + 0.5 - from) * slope).floor() as i32;
        for off in -cells..=cells {
            let (u, v) = if upright { (middle + off, along) } else { (along, middle + off) };
            if let Some(i) = map.index_at(u, v)
                && let Some(edge) = map.edges.get(i)
                && (edge.nx * line.nx + edge.ny * line.ny).abs() >= MIN_ALIGNMENT
                && (edge.x * line.nx + edge.y * line.ny - line.rho).abs() <= reach
            {
                inliers.push(i);
            }
        }
    }
}

/// Fits the line to its edges that no other line has claimed, by weighted total least squares.
fn fit(map: &EdgeMap, line: &mut Line, inliers: &[usize], claimed: &[bool]) {
    let mut sum = [0f64; 6];
    for &i in inliers {
        let (Some(edge), Some(false)) = (map.edges.get(i), claimed.get(i)) else { continue };
        let (x, y, w) = (f64::from(edge.x), f64::from(edge.y), f64::from(edge.weight));
        for (total, value) in sum.iter_mut().zip([1.0, x, y, x * x, x * y, y * y]) {
            *total += w * value;
        }
    }
    let [n, sx, sy, sxx, sxy, syy] = sum;
    if n < 1.0 {
        return;
    }
    let (mx, my) = (sx / n, sy / n);
    let (cxx, cxy, cyy) = (sxx / n - mx * mx, sxy / n - mx * my, syy / n - my * my);
    let along = 0.5 * (2.0 * cxy).atan2(cxx - cyy);
    let (nx, ny) = (-along.sin() as f32, along.cos() as f32);
    // A fit over few, crowded edges can swing round; the line then keeps the direction its votes gave it.
    if (nx * line.nx + ny * line.ny).abs() < MIN_ALIGNMENT {
        return;
    }
    (line.nx, line.ny, line.rho) = (nx, ny, nx * mx as f32 + ny * my as f32);
}

/// Fills in where the line runs and where its edges support it.
fn profile(map: &EdgeMap, line: &mut Line, inliers: &[usize]) {
    // A gap of one px undoes this much of a supported px: a stretch survives fingers over a third of it.
    const GAP_COST: f32 = 0.6;
    // Pixels of a slanting edge lie up to 1.4 px apart.
    const HALF_PIXEL: f32 = 0.7;
    line.prefix.clear();
    line.run = 0.0;
    let Some((start, length)) = clip(line, map) else { return };
    (line.start, line.length) = (start, length);
    let mut prefix = std::mem::take(&mut line.prefix);
    prefix.resize(length as usize + 2, 0);
    for edge in inliers.iter().filter_map(|&i| map.edges.get(i)) {
        let place = line.place_of(Point::new(edge.x, edge.y));
        let (low, high) = ((place - HALF_PIXEL).max(0.0) as usize, (place + HALF_PIXEL).max(0.0) as usize);
        for step in low..=high {
            if let Some(place) = prefix.get_mut(step + 1) {
                *place = 1;
            }
        }
    }
    let (mut total, mut run) = (0, 0f32);
    for place in &mut prefix {
        run = (run + if *place > 0 { 1.0 } else { -GAP_COST }).max(0.0);
        line.run = line.run.max(run);
        total += *place;
        *place = total;
    }
    line.prefix = prefix;
}
