//! One number of a network's scores and of the cues.
//!
//! In: what the passive network said of several frames, and the cues. Out: the probability that a live person was there, as
//! far as still pictures tell. Rule: odds. The network's median, as odds, counts by [`SLOPE`] and is moved by [`SHIFT`], which
//! make it a probability; each cue that does not pass divides the odds by [`odds_against`] its kind; nothing else enters.
//! Without a network there is no number: cues alone decide nothing.

use idv_protocol::liveness::CueCode;
use idv_protocol::{Cue, Passive};

/// What the network's own logarithm of the odds is multiplied by, and what is added. Chosen, not fitted: the medians of the
/// pictures at hand divide without error, and such scores have no finite best slope. A network is surer of itself than it is
/// right, so the slope is below 1; live and attack divide at the network's own even odds, so nothing is added.
const SLOPE: f32 = 0.6;
const SHIFT: f32 = 0.0;

/// Certainty of a network that is still believed: 1 in 1000 either way.
const MOST_ODDS_LN: f32 = 6.9;

/// How much rarer an attack without this sign is than one with it, against live faces: what a sign divides the odds by.
fn odds_against(code: CueCode) -> f32 {
    match code {
        // Cloth and blinds have periods too, but not across a face.
        CueCode::Moire => 8.0,
        // Shelves, doors and pictures on the wall.
        CueCode::Bezel => 3.0,
        // A camera in the hand that follows a head does it too, by another way than the head's.
        CueCode::Background => 4.0,
        // Blur and cheap cameras lose as much detail as a second camera does: recorded, and not weighed.
        _ => 1.0,
    }
}

/// The probability of a live person by still pictures, 0 to 1; `None` where no network scored any.
pub fn live_probability(passive: &Passive, cues: &[Cue]) -> Option<f32> {
    let Passive::Scored { median, .. } = passive else { return None };
    let own = (median / (1.0 - median).max(f32::EPSILON)).max(f32::MIN_POSITIVE).ln();
    let fired = cues.iter().filter(|cue| !cue.passed).map(|cue| odds_against(cue.code).ln()).sum::<f32>();
    let odds_ln = SLOPE * own.clamp(-MOST_ODDS_LN, MOST_ODDS_LN) + SHIFT - fired;
    Some(1.0 / (1.0 + (-odds_ln).exp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scored(median: f32) -> Passive {
        Passive::Scored { scores: vec![median], median }
    }

    fn cue(code: CueCode, passed: bool) -> Cue {
        Cue { code, value: 0.0, threshold: 0.0, passed }
    }

    #[test]
    fn a_cue_lowers_what_the_network_says_and_a_passed_one_does_not() {
        let live = |cues: &[Cue]| live_probability(&scored(0.9), cues).expect("scored");
        let alone = live(&[]);
        assert!(alone > 0.7 && alone < 0.95);
        assert_eq!(live(&[cue(CueCode::Moire, true)]), alone);
        let (moire, bezel) = (cue(CueCode::Moire, false), cue(CueCode::Bezel, false));
        assert!(live(&[bezel]) < alone && live(&[bezel]) > 0.5, "a shelf alone is no attack");
        assert!(live(&[moire, bezel]) < 0.2);
    }

    #[test]
    fn scores_at_the_ends_stay_finite_and_no_network_is_no_number() {
        for median in [0.0, 1.0] {
            let live = live_probability(&scored(median), &[]).expect("scored");
            assert!(live > 0.0 && live < 1.0 && (live - median).abs() < 0.05, "{live}");
        }
        assert_eq!(live_probability(&Passive::NotRun, &[cue(CueCode::Moire, false)]), None);
    }
}
