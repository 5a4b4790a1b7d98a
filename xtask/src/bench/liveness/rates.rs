//! Shares with their confidence, and scores against each other.

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// How many were counted as hits.
    pub hits: usize,
    /// How many were counted.
    pub of: usize,
}

/// The normal deviate of 95 % confidence.
const DEVIATE: f64 = 1.959_964;

impl Rate {
    /// Counts one more.
    pub fn count(&mut self, hit: bool) {
        self.hits += usize::from(hit);
        self.of += 1;
    }

    /// Those that were no hits.
    pub fn inverse(self) -> Self {
        Self { hits: self.of - self.hits, of: self.of }
    }

    /// The share of hits, 0 to 1; `None` of none.
    pub fn share(self) -> Option<f64> {
        (self.of > 0).then(|| self.hits as f64 / self.of as f64)
    }

    /// Wilson's 95 % interval of the share; everything where nothing was counted.
    pub fn interval(self) -> (f64, f64) {
        let Some(share) = self.share() else { return (0.0, 1.0) };
        let (n, square) = (self.of as f64, DEVIATE * DEVIATE);
        let middle = share + square / (2.0 * n);
        let half = DEVIATE * (share * (1.0 - share) / n + square / (4.0 * n * n)).sqrt();
        let scale = 1.0 + square / n;
        (((middle - half) / scale).max(0.0), ((middle + half) / scale).min(1.0))
    }
}

/// The probability that a score of `higher` is above one of `lower`, ties counted half (the area under the receiver's
/// curve); `None` where one of them is empty.
pub fn auc(higher: &[f64], lower: &[f64]) -> Option<f64> {
    let pairs = higher.len() * lower.len();
    let won: f64 = higher
        .iter()
        .flat_map(|a| {
            lower.iter().map(move |b| {
                if a > b {
                    1.0
                } else if a < b {
                    0.0
                } else {
                    0.5
                }
            })
        })
        .sum();
    (pairs > 0).then(|| won / pairs as f64)
}

/// Least, lower quartile, median, upper quartile and greatest of `scores`; nothing of none.
pub fn quartiles(scores: &[f64]) -> Vec<f64> {
    let mut sorted = scores.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| sorted.get((sorted.len().saturating_sub(1) as f64 * share).round() as usize);
    [0.0, 0.25, 0.5, 0.75, 1.0].into_iter().filter_map(|share| at(share).copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_wilsons() {
        // 0 of 10: by hand, z^2 / (n + z^2) = 3.8415 / 13.8415.
        let (low, high) = Rate { hits: 0, of: 10 }.interval();
        assert!(low == 0.0 && (high - 0.277_54).abs() < 1e-4, "{high}");
        let (low, high) = Rate { hits: 5, of: 10 }.interval();
        assert!((low - 0.236_6).abs() < 1e-3 && (high - 0.763_4).abs() < 1e-3, "{low} {high}");
        assert_eq!(Rate::default().interval(), (0.0, 1.0));
    }

    #[test]
    fn the_area_counts_pairs_and_halves_ties() {
        assert_eq!(auc(&[0.9, 0.5], &[0.1, 0.5]), Some(3.5 / 4.0));
        assert_eq!(auc(&[], &[0.1]), None);
    }

    #[test]
    fn quartiles_run_from_least_to_greatest() {
        assert_eq!(quartiles(&[5.0, 1.0, 3.0, 2.0, 4.0]), [1.0, 2.0, 3.0, 4.0, 5.0]);
        assert!(quartiles(&[]).is_empty());
    }
}
