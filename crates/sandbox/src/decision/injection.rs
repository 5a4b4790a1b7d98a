//! Whether the pictures come from a camera before a person, as far as the page can tell.
//!
//! In: the signs in the evidence. Out: the reason, where several of them are sure. Rule: one sign alone never decides,
//! however sure: each has honest causes. A page that is not ours leaves them out, which is no sign either.

use super::{CheckOutcome, Finding, Submission};
use idv_protocol::Reason;

/// Sure signs that refuse a camera together: two that agree by accident are rarer than either alone.
const SURE_SIGNS: usize = 2;

/// Records the signs, and weighs them unless a recorded camera is expected.
pub(super) fn check(submission: &Submission, finding: &mut Finding) -> Option<Reason> {
    let signals = &submission.evidence.injection;
    finding.injection.clone_from(signals);
    if submission.test_camera {
        return None;
    }
    let mut sure: Vec<_> =
        signals.iter().filter(|signal| signal.is_sure()).map(|signal| signal.code).collect();
    sure.sort_unstable();
    sure.dedup();
    let refused = sure.len() >= SURE_SIGNS;
    finding.checks.camera = if refused { CheckOutcome::Failed } else { CheckOutcome::Passed };
    refused.then_some(Reason::CameraNotGenuine)
}
