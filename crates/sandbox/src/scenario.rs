//! Outcomes on demand: a reference that the caller may choose anyway names how its request ends.
//!
//! In: TomoIDV's `user_id`, Argos' `userid`, Toss' `docTitle`. Out: the [`Scenario`] in it. Rule: without one, work
//! is done and decides.
//!
//! A reference is `scenario:NAME`, or `scenario:NAME:anything` where references must differ. The operator hands
//! the scenario of a verification on to the vendors it asks.

use idv_protocol::ChallengeSet;
use std::fmt;

/// What begins a reference that names a scenario.
const PREFIX: &str = "scenario:";

/// How a request ends, whatever it contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scenario {
    /// Every check passes.
    Approve,
    /// A check fails for good.
    Reject,
    /// A person has to look at it.
    Pending,
    /// It runs out of time before it ends.
    Expire,
    /// The person was approved before.
    Duplicate,
    /// The person is on a watchlist.
    AmlHit,
    /// Each try asks for another one.
    Retry,
    /// The person is under the age limit.
    UnderAge,
    /// The issuing country is on the blacklist.
    Blacklist,
    /// The signature request runs out of time before it is signed.
    TossExpired,
    /// The signature is refused in the app.
    TossRefused,
    /// The signing service is unavailable.
    TossUnavailable,
    /// The code in the text message is not the one that is accepted.
    OtpWrong,
    /// The document's secret is not the one on record.
    SecretWrong,
    /// The government's records do not know the person.
    NotOnRecord,
}

impl Scenario {
    /// Every scenario.
    pub const ALL: [Self; 15] = [
        Self::Approve,
        Self::Reject,
        Self::Pending,
        Self::Expire,
        Self::Duplicate,
        Self::AmlHit,
        Self::Retry,
        Self::UnderAge,
        Self::Blacklist,
        Self::TossExpired,
        Self::TossRefused,
        Self::TossUnavailable,
        Self::OtpWrong,
        Self::SecretWrong,
        Self::NotOnRecord,
    ];

    /// The name, as in references.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::Pending => "pending",
            Self::Expire => "expire",
            Self::Duplicate => "duplicate",
            Self::AmlHit => "aml-hit",
            Self::Retry => "retry",
            Self::UnderAge => "under-age",
            Self::Blacklist => "blacklist",
            Self::TossExpired => "toss-expired",
            Self::TossRefused => "toss-refused",
            Self::TossUnavailable => "toss-unavailable",
            Self::OtpWrong => "otp-wrong",
            Self::SecretWrong => "secret-wrong",
            Self::NotOnRecord => "not-on-record",
        }
    }

    /// The scenario that `reference` names; none in a reference of another form or of an unknown name.
    pub fn of(reference: &str) -> Option<Self> {
        let name = reference.strip_prefix(PREFIX)?.split(':').next()?;
        Self::ALL.into_iter().find(|scenario| scenario.name() == name)
    }

    /// A reference that names this scenario, with something of the caller's own behind it.
    pub fn reference(self, own: &str) -> String {
        format!("{PREFIX}{self}:{own}")
    }
}

/// What begins a reference that names the set of a challenge.
const CHALLENGE_PREFIX: &str = "challenge:";

/// The set of a challenge that `reference` names: `challenge:SET`, or `challenge:SET:anything` where references must
/// differ; none in a reference of another form or of an unknown set.
pub fn challenge_set_of(reference: &str) -> Option<ChallengeSet> {
    let name = reference.strip_prefix(CHALLENGE_PREFIX)?.split(':').next()?;
    ChallengeSet::ALL.into_iter().find(|set| set.code() == name)
}

/// A reference that names a set, with something of the caller's own behind it.
pub fn challenge_reference(set: ChallengeSet, own: &str) -> String {
    format!("{CHALLENGE_PREFIX}{}:{own}", set.code())
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_is_found_in_its_reference() {
        for scenario in Scenario::ALL {
            assert_eq!(Scenario::of(&format!("scenario:{scenario}")), Some(scenario));
            assert_eq!(Scenario::of(&scenario.reference("user-7:b")), Some(scenario));
        }
    }

    #[test]
    fn a_set_of_actions_is_found_in_its_reference_and_in_no_other() {
        for set in ChallengeSet::ALL {
            assert_eq!(challenge_set_of(&challenge_reference(set, "user-7:b")), Some(set));
            assert_eq!(challenge_set_of(&format!("challenge:{}", set.code())), Some(set));
        }
        for reference in ["", "challenge:", "challenge:easy", "no_head_movement", "scenario:approve"] {
            assert_eq!(challenge_set_of(reference), None, "{reference}");
        }
    }

    #[test]
    fn other_references_name_none() {
        for reference in [
            "",
            "approve",
            "scenario",
            "scenario:",
            "scenario:nothing",
            " scenario:approve",
            "Scenario:approve",
        ] {
            assert_eq!(Scenario::of(reference), None, "{reference}");
        }
    }
}
