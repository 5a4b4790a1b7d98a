//! How often, and how long, the steps of a submission may be repeated.
//!
//! In: what step1 and step2 answered, the time. Out: whether a step may be sent now, and if not, why. Rule:
//! no clock; every question takes `now_ms`, ms since 1970 of the caller's clock. Where the page leaves two
//! readings, the one is taken under which the vendor cannot have closed the window yet: both clocks run from
//! the first step1.

use super::codes::KycStatus;
use super::fields::SubmissionId;
use super::step1::Step1Answer;
use super::step2::Step2Answer;

/// Tries in all: one and two repetitions, step1 and step2 counted together. At the third failed one the
/// submission is rejected.
pub const MAX_TRIES: u32 = 3;
/// Time within which step1 may be repeated under its submission id: 4 hours, in ms.
pub const STEP1_REPEAT_MS: u64 = 4 * 60 * 60 * 1000;
/// Time within which step2 must follow step1: 24 hours, in ms. Later the submission is rejected.
pub const STEP2_WITHIN_MS: u64 = 24 * 60 * 60 * 1000;

/// Why a step may not be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barred {
    /// The submission has ended, or waits for a person at the vendor.
    Finished,
    /// All three tries are used.
    TriesUsed,
    /// The step's time is over.
    TooLate,
    /// Step1 asked for another picture, which comes first.
    Step1Open,
    /// Step1 asked for nothing.
    Step1Done,
}

/// Where one submission stands. Kept by the customer's server beside its own user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    submission_id: SubmissionId,
    first_step1_at_ms: u64,
    tries_used: u32,
    step1_open: bool,
    face_sent: bool,
    status: KycStatus,
}

impl Progress {
    /// After the first step1, sent at `sent_at_ms`.
    pub fn started(answer: &Step1Answer, sent_at_ms: u64) -> Self {
        Self {
            submission_id: answer.submission_id.clone(),
            first_step1_at_ms: sent_at_ms,
            tries_used: u32::from(!answer.retry.is_empty()),
            step1_open: !answer.retry.is_empty(),
            face_sent: false,
            status: KycStatus::Incomplete,
        }
    }

    /// The submission, which repetitions name.
    pub fn submission_id(&self) -> &SubmissionId {
        &self.submission_id
    }

    /// After a repeated step1. One that asks for another picture uses a try.
    pub fn after_step1(&mut self, answer: &Step1Answer) {
        self.step1_open = !answer.retry.is_empty();
        self.tries_used = self.tries_used.saturating_add(u32::from(self.step1_open));
    }

    /// After step2. The vendor's count is taken where it is the higher one: it knows of tries whose answer
    /// was lost.
    pub fn after_step2(&mut self, answer: &Step2Answer) {
        let failed = answer.kyc_status == KycStatus::Incomplete || !answer.retry.is_empty();
        self.tries_used = answer.retry_count.max(self.tries_used.saturating_add(u32::from(failed)));
        self.face_sent = true;
        self.status = answer.kyc_status.clone();
    }

    /// Failed tries that are left, 0 to 3.
    pub fn tries_left(&self) -> u32 {
        MAX_TRIES.saturating_sub(self.tries_used)
    }

    /// Whether step1 may be repeated at `now_ms`.
    pub fn may_repeat_step1(&self, now_ms: u64) -> Result<(), Barred> {
        self.open()?;
        if !self.step1_open {
            return Err(Barred::Step1Done);
        }
        self.within(STEP1_REPEAT_MS, now_ms)
    }

    /// Whether step2 may be sent at `now_ms`.
    pub fn may_send_step2(&self, now_ms: u64) -> Result<(), Barred> {
        self.open()?;
        if self.step1_open {
            return Err(Barred::Step1Open);
        }
        self.within(STEP2_WITHIN_MS, now_ms)
    }

    /// What the rules make of the submission at `now_ms`: rejected once the tries or the 24 hours are used
    /// up. An expectation to show and to plan the next read by, never a result.
    pub fn expected_status(&self, now_ms: u64) -> KycStatus {
        let over = self.status == KycStatus::Incomplete
            && (self.tries_left() == 0 || self.within(STEP2_WITHIN_MS, now_ms).is_err());
        if over { KycStatus::Rejected } else { self.status.clone() }
    }

    /// Whether a face was sent: an incomplete submission with one becomes rejected by itself.
    pub fn face_sent(&self) -> bool {
        self.face_sent
    }

    fn open(&self) -> Result<(), Barred> {
        if self.status != KycStatus::Incomplete {
            Err(Barred::Finished)
        } else if self.tries_left() == 0 {
            Err(Barred::TriesUsed)
        } else {
            Ok(())
        }
    }

    /// Whether less than `window_ms` have passed. A clock that went back has not let anything pass.
    fn within(&self, window_ms: u64, now_ms: u64) -> Result<(), Barred> {
        let passed_ms = now_ms.saturating_sub(self.first_step1_at_ms);
        if passed_ms < window_ms { Ok(()) } else { Err(Barred::TooLate) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::argos::client::tests::{answer, client};
    use proptest::prelude::*;

    const START_MS: u64 = 1_700_000_000_000;

    fn step1(retry: bool) -> Step1Answer {
        let notes = if retry { r#"[{"retryCode":"mrz_protocol_fail"}]"# } else { "[]" };
        let body = format!(r#"{{"submissionId":"s1","retry":{notes}}}"#);
        client().read_step1(&answer(200, body)).expect("step1")
    }

    fn step2(status: &str, count: u32) -> Step2Answer {
        let body = format!(r#"{{"kycStatus":"{status}","retryCount":{count}}}"#);
        client().read_step2(&answer(200, body)).expect("step2")
    }

    #[test]
    fn three_tries_in_all_whichever_step_used_them() {
        let mut progress = Progress::started(&step1(true), START_MS);
        assert_eq!(progress.tries_left(), 2);
        assert_eq!(progress.may_send_step2(START_MS), Err(Barred::Step1Open));
        assert_eq!(progress.may_repeat_step1(START_MS), Ok(()));
        progress.after_step1(&step1(false));
        assert_eq!(progress.may_repeat_step1(START_MS), Err(Barred::Step1Done));
        assert_eq!((progress.tries_left(), progress.may_send_step2(START_MS)), (2, Ok(())));
        progress.after_step2(&step2("incomplete", 2));
        assert_eq!((progress.tries_left(), progress.may_send_step2(START_MS)), (1, Ok(())));
        assert_eq!(progress.expected_status(START_MS), KycStatus::Incomplete);
        progress.after_step2(&step2("incomplete", 3));
        assert_eq!(progress.may_send_step2(START_MS), Err(Barred::TriesUsed));
        assert_eq!(progress.expected_status(START_MS), KycStatus::Rejected);
    }

    #[test]
    fn a_submission_that_has_ended_or_is_pending_takes_nothing_more() {
        for status in ["approved", "rejected", "pending", "brand_new"] {
            let mut progress = Progress::started(&step1(false), START_MS);
            progress.after_step2(&step2(status, 0));
            assert!(progress.face_sent());
            assert_eq!(progress.may_send_step2(START_MS), Err(Barred::Finished), "{status}");
            assert_eq!(progress.may_repeat_step1(START_MS), Err(Barred::Finished), "{status}");
            assert_eq!(progress.expected_status(u64::MAX).as_str(), status);
        }
    }

    #[test]
    fn step1_may_be_repeated_for_four_hours() {
        let progress = Progress::started(&step1(true), START_MS);
        assert_eq!(progress.may_repeat_step1(START_MS + STEP1_REPEAT_MS - 1), Ok(()));
        assert_eq!(progress.may_repeat_step1(START_MS + STEP1_REPEAT_MS), Err(Barred::TooLate));
        assert_eq!(progress.may_repeat_step1(START_MS - 1), Ok(()), "a clock that went back");
    }

    #[test]
    fn step2_must_follow_within_a_day_or_the_submission_is_rejected() {
        let progress = Progress::started(&step1(false), START_MS);
        let last_ms = START_MS + STEP2_WITHIN_MS - 1;
        assert_eq!(progress.may_send_step2(last_ms), Ok(()));
        assert_eq!(progress.expected_status(last_ms), KycStatus::Incomplete);
        assert_eq!(progress.may_send_step2(last_ms + 1), Err(Barred::TooLate));
        assert_eq!(progress.expected_status(last_ms + 1), KycStatus::Rejected);
    }

    #[test]
    fn a_vendors_count_that_is_higher_than_ours_is_believed() {
        let mut progress = Progress::started(&step1(false), START_MS);
        progress.after_step2(&step2("incomplete", 2));
        assert_eq!(progress.tries_left(), 1, "an answer in between was lost");
        progress.after_step2(&step2("incomplete", 0));
        assert_eq!(progress.tries_left(), 0, "a lower count gives no try back");
    }

    proptest! {
        #[test]
        fn never_more_than_three_failed_tries_are_allowed(
            steps in proptest::collection::vec((any::<bool>(), 0_u32..5), 0..12), first in any::<bool>(),
        ) {
            let mut progress = Progress::started(&step1(first), START_MS);
            let mut failed = u32::from(first);
            for (fails, count) in steps {
                if progress.may_repeat_step1(START_MS).is_ok() {
                    progress.after_step1(&step1(fails));
                    failed += u32::from(fails);
                } else if progress.may_send_step2(START_MS).is_ok() {
                    progress.after_step2(&step2("incomplete", count));
                    failed += 1;
                }
                prop_assert!(failed <= MAX_TRIES);
                prop_assert!(progress.tries_left() <= MAX_TRIES - failed.min(MAX_TRIES));
            }
        }
    }
}
