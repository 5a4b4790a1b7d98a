//! Whether a request that failed may be sent again, and after what time.
//!
//! In: what the request does when it arrives twice, how it failed, what the other side asked for. Out: the
//! time to wait, or that it is over. Rule: a request that changes something is sent again only where it
//! surely never left; `Retry-After` is obeyed, and where it asks for more than is waited here, the error goes
//! to the caller with it.

use crate::dates::http_date_s;

/// What a request does when it arrives twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Nothing more than once: it reads, or the second one has the same effect and the same answer.
    Safe,
    /// Something: it opens a session, uses up a try, or answers differently the second time.
    UnsentOnly,
}

/// How a request failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No connection was made: nothing left this machine.
    NotSent,
    /// The connection broke or no answer came: it may have arrived.
    Lost,
    /// It was answered with this status.
    Status(u16),
}

/// How often and how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Tries in all, the first included.
    pub max_tries: u32,
    /// Wait before the second try in ms; doubled before each further one.
    pub first_wait_ms: u64,
    /// Longest wait in ms, also of those that the other side asks for.
    pub max_wait_ms: u64,
}

impl Default for RetryPolicy {
    /// Three tries after 0.5 s and 1 s, as a visitor who waits for a page puts up with; waits of up to 10 s
    /// on request.
    fn default() -> Self {
        Self { max_tries: 3, first_wait_ms: 500, max_wait_ms: 10_000 }
    }
}

impl RetryPolicy {
    /// Ms to wait before the next try, after `tries_made` (1 or more); `None` where there is to be none.
    /// `retry_after_s` is what the other side asked for.
    pub fn wait_ms(
        &self,
        tries_made: u32,
        repeat: Repeat,
        failure: Failure,
        retry_after_s: Option<u64>,
    ) -> Option<u64> {
        let may_help = match failure {
            Failure::NotSent => true,
            Failure::Lost => repeat == Repeat::Safe,
            // Too many requests, bad gateway, unavailable, gateway timeout: those that pass.
            Failure::Status(status) => repeat == Repeat::Safe && matches!(status, 429 | 502..=504),
        };
        if !may_help || tries_made >= self.max_tries {
            return None;
        }
        let doublings = tries_made.saturating_sub(1).min(32);
        let own_ms = self.first_wait_ms.saturating_mul(1 << doublings).min(self.max_wait_ms);
        let asked_ms = retry_after_s.unwrap_or_default().saturating_mul(1000);
        (asked_ms <= self.max_wait_ms).then_some(own_ms.max(asked_ms))
    }
}

/// Seconds that a `Retry-After` header asks for at `now_s` (seconds since 1970): a number, or an HTTP date
/// (RFC 9110 10.2.3); 0 for a date that has passed, `None` for anything else.
pub fn retry_after_s(header: &str, now_s: u64) -> Option<u64> {
    let header = header.trim();
    if !header.is_empty() && header.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(header.parse().unwrap_or(u64::MAX));
    }
    http_date_s(header).map(|at_s| at_s.saturating_sub(now_s))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const POLICY: RetryPolicy = RetryPolicy { max_tries: 3, first_wait_ms: 500, max_wait_ms: 10_000 };

    #[test]
    fn what_changes_something_is_repeated_only_if_it_never_left() {
        let wait = |repeat, failure| POLICY.wait_ms(1, repeat, failure, None);
        assert_eq!(wait(Repeat::UnsentOnly, Failure::NotSent), Some(500));
        for failure in [Failure::Lost, Failure::Status(429), Failure::Status(503)] {
            assert_eq!(wait(Repeat::UnsentOnly, failure), None);
            assert_eq!(wait(Repeat::Safe, failure), Some(500));
        }
        for status in [200, 400, 401, 403, 413, 500, 501] {
            assert_eq!(wait(Repeat::Safe, Failure::Status(status)), None, "{status}");
        }
    }

    #[test]
    fn waits_double_and_end_after_the_third_try() {
        let wait = |tries| POLICY.wait_ms(tries, Repeat::Safe, Failure::Lost, None);
        assert_eq!([wait(1), wait(2), wait(3)], [Some(500), Some(1000), None]);
    }

    #[test]
    fn retry_after_is_obeyed_or_the_request_is_not_repeated() {
        let wait = |asked| POLICY.wait_ms(1, Repeat::Safe, Failure::Status(503), Some(asked));
        assert_eq!(
            [wait(0), wait(3), wait(10), wait(11), wait(u64::MAX)],
            [Some(500), Some(3000), Some(10_000), None, None]
        );
    }

    #[test]
    fn retry_after_is_a_number_or_a_date() {
        assert_eq!(retry_after_s("120", 0), Some(120));
        assert_eq!(retry_after_s("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_770), Some(7));
        assert_eq!(retry_after_s("Sun, 06 Nov 1994 08:49:37 GMT", 1_700_000_000), Some(0));
        assert_eq!(retry_after_s("99999999999999999999999", 0), Some(u64::MAX));
        for bad in ["", "-1", "1.5", "soon"] {
            assert_eq!(retry_after_s(bad, 0), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_wait_is_shorter_than_asked_or_longer_than_allowed(
            tries in 0_u32..40, asked in proptest::option::of(any::<u64>()),
            first in any::<u64>(), max in any::<u64>(),
        ) {
            let policy = RetryPolicy { max_tries: 50, first_wait_ms: first, max_wait_ms: max };
            if let Some(wait_ms) = policy.wait_ms(tries, Repeat::Safe, Failure::Lost, asked) {
                prop_assert!(wait_ms <= max && wait_ms >= asked.unwrap_or_default().saturating_mul(1000));
            }
        }
    }
}
