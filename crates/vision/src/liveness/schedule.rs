//! The actions of each draw of a challenge.

use crate::error::{Error, ErrorKind};
use idv_protocol::{Action, Challenge};
use idv_seal::challenge::{NONCE_BYTES, nonce_of, schedule};

/// Most draws that a challenge may have: each gives a recording another chance.
const MAX_DRAWS: u32 = 10;

/// Largest allowance on a window in ms that is followed; a plan with more has no windows at all.
const MAX_TOLERANCE_MS: u32 = 10_000;

/// A challenge whose actions follow from its nonce, or a list of actions that a test asks for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Schedule {
    challenge: Challenge,
    nonce: Option<[u8; NONCE_BYTES]>,
}

impl Schedule {
    /// The schedule of `challenge`. Fails with [`ErrorKind::BadChallenge`] where its actions do not follow from its
    /// nonce and set, or its allowance or its draws are out of all bounds.
    pub(super) fn of(challenge: Challenge) -> Result<Self, Error> {
        let bad = |why| Error::new(ErrorKind::BadChallenge, why);
        let nonce = nonce_of(&challenge.nonce)
            .ok_or_else(|| bad(format!("the nonce is not {NONCE_BYTES} bytes as hex")))?;
        if challenge.actions != schedule(&nonce, challenge.set, 0) {
            return Err(bad("the actions do not follow from the nonce".to_owned()));
        }
        if !(1..=MAX_DRAWS).contains(&challenge.max_draws) || challenge.tolerance_ms > MAX_TOLERANCE_MS {
            return Err(bad("the challenge has no bounds".to_owned()));
        }
        Ok(Self { challenge, nonce: Some(nonce) })
    }

    /// Exactly the actions of `challenge` in every draw, whatever its nonce.
    pub(super) fn rehearsed(challenge: Challenge) -> Self {
        Self { challenge, nonce: None }
    }

    /// What it was made of.
    pub(super) fn challenge(&self) -> &Challenge {
        &self.challenge
    }

    /// The actions of draw `draw`, from 0.
    pub(super) fn actions(&self, draw: u32) -> Vec<Action> {
        match &self.nonce {
            Some(nonce) => schedule(nonce, self.challenge.set, draw),
            None => self.challenge.actions.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use idv_protocol::ChallengeSet;
    use idv_seal::challenge::challenge;

    fn sound() -> Challenge {
        challenge(&"07".repeat(32), ChallengeSet::Standard, 1_000, 3).expect("a nonce")
    }

    #[test]
    fn each_draw_has_its_own_actions_and_the_first_those_of_the_plan() {
        let schedule = Schedule::of(sound()).expect("sound");
        assert_eq!(schedule.actions(0), sound().actions);
        assert!((1..4).any(|draw| schedule.actions(draw) != schedule.actions(0)));
        let rehearsed = Schedule::rehearsed(Challenge { nonce: String::new(), ..sound() });
        assert_eq!(rehearsed.actions(5), sound().actions);
    }

    #[test]
    fn a_plan_whose_actions_do_not_follow_from_its_nonce_is_refused() {
        let changes: [fn(&mut Challenge); 7] = [
            |challenge| challenge.actions.reverse(),
            |challenge| challenge.actions.truncate(1),
            |challenge| challenge.actions[0].window_ms += 1,
            |challenge| challenge.nonce = "08".repeat(32),
            |challenge| challenge.nonce = "07".repeat(31),
            |challenge| challenge.max_draws = 0,
            |challenge| challenge.tolerance_ms = 60_000,
        ];
        for (index, change) in changes.into_iter().enumerate() {
            let mut plan = sound();
            change(&mut plan);
            let refused = Schedule::of(plan).expect_err("refused");
            assert_eq!(refused.kind(), ErrorKind::BadChallenge, "{index}");
        }
    }
}
