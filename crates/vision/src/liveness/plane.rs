//! The motion of a plane: the homography that carries one set of points to another, fitted robustly.

use idv_protocol::Point;

/// Rounds of reweighting; the weights of our point sets hardly change after the fourth.
const ROUNDS: usize = 6;

/// Residual, in robust standard deviations, from which a point counts less (Huber, 1964: 95 % efficiency).
const HUBER: f64 = 1.345;

/// What makes a median of absolute residuals the standard deviation of a normal distribution.
const MAD_TO_SIGMA: f64 = 1.4826;

/// Unknowns of a homography whose last element is 1.
const UNKNOWNS: usize = 8;

/// Fewest points for them.
const MIN_POINTS: usize = 5;

/// A map of the plane, row by row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlaneMotion([f64; 9]);

impl PlaneMotion {
    /// The homography that carries each point of `from` to its partner in `to`, by the normalised direct linear
    /// transform (Hartley, 1997), its points reweighted by their residuals so that a few that follow another motion do
    /// not bend it. `None` for fewer than five pairs, and for points in one place or on one line.
    pub fn fit(from: &[Point], to: &[Point]) -> Option<Self> {
        let (from_map, to_map) = (Normal::of(from)?, Normal::of(to)?);
        let pairs: Vec<([f64; 2], [f64; 2])> =
            from.iter().zip(to).map(|(a, b)| (from_map.apply(*a), to_map.apply(*b))).collect();
        if pairs.len() < MIN_POINTS {
            return None;
        }
        let mut weights = vec![1.0; pairs.len()];
        let mut found = solve(&pairs, &weights)?;
        for _ in 0..ROUNDS {
            let residuals: Vec<f64> = pairs.iter().map(|(a, b)| residual(&found, *a, *b)).collect();
            let mut sorted = residuals.clone();
            sorted.sort_by(f64::total_cmp);
            let sigma = sorted.get(sorted.len() / 2).copied().unwrap_or_default() * MAD_TO_SIGMA;
            if sigma <= f64::EPSILON {
                break;
            }
            for (weight, residual) in weights.iter_mut().zip(&residuals) {
                *weight = (HUBER * sigma / residual.max(f64::EPSILON)).min(1.0);
            }
            found = solve(&pairs, &weights)?;
        }
        Some(Self(to_map.undo(&from_map.after(&found))))
    }

    /// Where the plane's motion carries `point`; `None` for what it carries out of sight.
    pub fn apply(&self, point: Point) -> Option<Point> {
        let [x, y] = mapped(&self.0, [f64::from(point.x), f64::from(point.y)])?;
        Some(Point::new(x as f32, y as f32))
    }
}

fn mapped(m: &[f64; 9], [x, y]: [f64; 2]) -> Option<[f64; 2]> {
    let w = m[6] * x + m[7] * y + m[8];
    (w.abs() > f64::EPSILON).then(|| [(m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w])
}

fn residual(m: &[f64; 9], from: [f64; 2], to: [f64; 2]) -> f64 {
    mapped(m, from).map_or(f64::MAX, |[x, y]| (x - to[0]).hypot(y - to[1]))
}

/// The weighted least squares of the linear equations of all pairs.
fn solve(pairs: &[([f64; 2], [f64; 2])], weights: &[f64]) -> Option<[f64; 9]> {
    // Normal equations, the right side as the last column.
    let mut system = [[0.0; UNKNOWNS + 1]; UNKNOWNS];
    for (([x, y], [u, v]), weight) in pairs.iter().zip(weights) {
        let rows = [
            [*x, *y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y, *u],
            [0.0, 0.0, 0.0, *x, *y, 1.0, -v * x, -v * y, *v],
        ];
        for row in rows {
            for (i, line) in system.iter_mut().enumerate() {
                for (cell, value) in line.iter_mut().zip(&row) {
                    *cell += weight * row[i] * value;
                }
            }
        }
    }
    eliminate(system).map(|[a, b, c, d, e, f, g, h]| [a, b, c, d, e, f, g, h, 1.0])
}

/// Gauss's elimination with partial pivoting.
fn eliminate(mut system: [[f64; UNKNOWNS + 1]; UNKNOWNS]) -> Option<[f64; UNKNOWNS]> {
    /// A pivot below this is that of points on a line; ours are near 1 per point.
    const LEAST_PIVOT: f64 = 1e-9;
    for column in 0..UNKNOWNS {
        let pivot = (column..UNKNOWNS)
            .max_by(|a, b| system[*a][column].abs().total_cmp(&system[*b][column].abs()))
            .filter(|row| system[*row][column].abs() > LEAST_PIVOT)?;
        system.swap(column, pivot);
        let lead = system[column];
        for row in system.iter_mut().skip(column + 1) {
            let factor = row[column] / lead[column];
            for (cell, value) in row.iter_mut().zip(&lead).skip(column) {
                *cell -= factor * value;
            }
        }
    }
    let mut found = [0.0; UNKNOWNS];
    for row in (0..UNKNOWNS).rev() {
        let known: f64 = (row + 1..UNKNOWNS).map(|column| system[row][column] * found[column]).sum();
        found[row] = (system[row][UNKNOWNS] - known) / system[row][row];
    }
    found.iter().all(|value| value.is_finite()).then_some(found)
}

/// Moves the middle of points to the origin and their mean distance from it to the square root of two.
struct Normal {
    scale: f64,
    middle: [f64; 2],
}

impl Normal {
    fn of(points: &[Point]) -> Option<Self> {
        let count = points.len() as f64;
        let sum =
            points.iter().fold([0.0, 0.0], |[x, y], point| [x + f64::from(point.x), y + f64::from(point.y)]);
        let middle = sum.map(|value| value / count);
        let spread: f64 = points
            .iter()
            .map(|point| (f64::from(point.x) - middle[0]).hypot(f64::from(point.y) - middle[1]))
            .sum();
        let scale = std::f64::consts::SQRT_2 * count / spread;
        (scale.is_finite() && middle.iter().all(|value| value.is_finite())).then_some(Self { scale, middle })
    }

    fn apply(&self, point: Point) -> [f64; 2] {
        let at = [f64::from(point.x), f64::from(point.y)];
        [0, 1].map(|axis| (at[axis] - self.middle[axis]) * self.scale)
    }

    /// `map` of normalised points, with this normalisation before it.
    fn after(&self, map: &[f64; 9]) -> [f64; 9] {
        let mut whole = [0.0; 9];
        for row in 0..3 {
            let [a, b, c] = [0, 1, 2].map(|column| map[3 * row + column]);
            whole[3 * row] = a * self.scale;
            whole[3 * row + 1] = b * self.scale;
            whole[3 * row + 2] = c - (a * self.middle[0] + b * self.middle[1]) * self.scale;
        }
        whole
    }

    /// `map` into normalised points, with the inverse of this normalisation behind it.
    fn undo(&self, map: &[f64; 9]) -> [f64; 9] {
        let mut whole = *map;
        for column in 0..3 {
            for (row, middle) in self.middle.iter().enumerate() {
                whole[3 * row + column] = map[3 * row + column] / self.scale + middle * map[6 + column];
            }
        }
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A grid of points, and where a known homography carries them.
    fn carried(noise: f32) -> (Vec<Point>, Vec<Point>) {
        let known = PlaneMotion([0.9, 0.05, 30.0, -0.1, 1.1, -20.0, 3e-4, -2e-4, 1.0]);
        let from: Vec<Point> = (0..36)
            .map(|i| Point::new(200.0 + 20.0 * (i % 6) as f32, 150.0 + 25.0 * (i / 6) as f32))
            .collect();
        let to = from.iter().enumerate().map(|(i, point)| {
            let at = known.apply(*point).expect("in sight");
            let shake = noise * ((i * 7 % 5) as f32 - 2.0);
            Point::new(at.x + shake, at.y - shake)
        });
        (from.clone(), to.collect())
    }

    fn worst(motion: &PlaneMotion, from: &[Point], to: &[Point]) -> f32 {
        let off = |(a, b): (&Point, &Point)| motion.apply(*a).expect("in sight").distance(*b);
        from.iter().zip(to).map(off).fold(0.0, f32::max)
    }

    #[test]
    fn the_motion_of_a_plane_is_found_again() {
        let (from, to) = carried(0.0);
        let motion = PlaneMotion::fit(&from, &to).expect("a plane");
        assert!(worst(&motion, &from, &to) < 1e-2);
        let (from, to) = carried(0.5);
        assert!(worst(&PlaneMotion::fit(&from, &to).expect("a plane"), &from, &to) < 2.5);
    }

    #[test]
    fn points_of_another_motion_do_not_bend_it() {
        let (from, mut to) = carried(0.0);
        for index in [3, 14, 20, 21] {
            to[index].x += 25.0;
        }
        let motion = PlaneMotion::fit(&from, &to).expect("a plane");
        let (_, straight) = carried(0.0);
        assert!(worst(&motion, &from, &straight) < 1.0);
    }

    #[test]
    fn points_on_a_line_or_in_one_place_or_too_few_have_no_motion() {
        let line: Vec<Point> = (0..9).map(|i| Point::new(i as f32 * 10.0, i as f32 * 5.0)).collect();
        assert_eq!(PlaneMotion::fit(&line, &line), None);
        let place = vec![Point::new(5.0, 5.0); 9];
        assert_eq!(PlaneMotion::fit(&place, &place), None);
        let (from, to) = carried(0.0);
        assert_eq!(PlaneMotion::fit(&from[..4], &to[..4]), None);
    }
}
