//! How long to wait before a request is sent again.

/// First wait in ms. Long enough for a network to change, short enough not to be noticed.
pub const BASE_DELAY_MS: f64 = 500.0;

/// Longest wait in ms between two tries of ours.
pub const MAX_DELAY_MS: f64 = 15_000.0;

/// Longest `Retry-After` that is obeyed, in ms. A relay that asks for more gets an error screen instead of a
/// page that seems to hang.
pub const MAX_RETRY_AFTER_MS: f64 = 60_000.0;

/// Tries of one request before the user is asked. With the waits above that is about 15 s.
pub const MAX_TRIES: u32 = 6;

/// The wait in ms after try number `tries` (from 1) has failed: doubling from [`BASE_DELAY_MS`], half of it
/// fixed and half times `jitter_ratio` (0 to 1), so that many pages do not come back at once ("equal jitter",
/// AWS Architecture Blog, Exponential Backoff and Jitter, 2015).
pub fn delay_ms(tries: u32, jitter_ratio: f64) -> f64 {
    let doublings = tries.saturating_sub(1).min(16);
    let full = (BASE_DELAY_MS * f64::from(1u32 << doublings)).min(MAX_DELAY_MS);
    let jitter = if jitter_ratio.is_finite() { jitter_ratio.clamp(0.0, 1.0) } else { 1.0 };
    full * (0.5 + 0.5 * jitter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_limit() {
        let waits: Vec<f64> = (1..=8).map(|tries| delay_ms(tries, 1.0)).collect();
        assert_eq!(waits, [500.0, 1000.0, 2000.0, 4000.0, 8000.0, 15_000.0, 15_000.0, 15_000.0]);
        assert_eq!(delay_ms(u32::MAX, 1.0), MAX_DELAY_MS);
    }

    #[test]
    fn jitter_takes_at_most_half_of_the_wait() {
        assert_eq!(delay_ms(2, 0.0), 500.0);
        assert_eq!(delay_ms(2, 0.5), 750.0);
        assert_eq!(delay_ms(2, f64::NAN), 1000.0);
    }
}
