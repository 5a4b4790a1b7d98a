//! This engine's measures on a scale of 0 to 100, as vendors tell theirs.

use super::face::SAME_PERSON_MIN;

/// Score that stands for [`SAME_PERSON_MIN`]: the least likeness that Argos passes
/// ([`idv_edge::argos::FACE_SIMILARITY_MIN`]).
const SAME_PERSON_SCORE: f32 = idv_edge::argos::FACE_SIMILARITY_MIN;

/// A cosine similarity of two faces (-1 to 1) as a likeness of 0 to 100: straight lines from 0 (and below) at 0 over
/// 85 at this engine's own threshold for one person to 100 at 1. What is not a number is 0.
pub fn likeness(similarity: f32) -> f32 {
    if similarity >= SAME_PERSON_MIN {
        let above = ((similarity - SAME_PERSON_MIN) / (1.0 - SAME_PERSON_MIN)).min(1.0);
        SAME_PERSON_SCORE + above * (100.0 - SAME_PERSON_SCORE)
    } else {
        similarity.max(0.0) / SAME_PERSON_MIN * SAME_PERSON_SCORE
    }
}

/// A probability of a live face (0 to 1) as a score of 0 to 100. What is not a number is 0.
pub fn liveness_score(live: f32) -> f32 {
    if live.is_nan() { 0.0 } else { live.clamp(0.0, 1.0) * 100.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_threshold_for_one_person_is_eighty_five() {
        assert_eq!(likeness(SAME_PERSON_MIN), 85.0);
        assert!(likeness(SAME_PERSON_MIN - 0.001) < 85.0);
        assert_eq!((likeness(1.0), likeness(1.2), likeness(0.0), likeness(-0.5)), (100.0, 100.0, 0.0, 0.0));
        assert_eq!((likeness(f32::NAN), liveness_score(f32::NAN)), (0.0, 0.0));
        let rising: Vec<f32> = (0..=100).map(|step| likeness(step as f32 / 100.0)).collect();
        assert!(rising.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn liveness_is_a_percentage() {
        assert_eq!((liveness_score(0.5), liveness_score(2.0), liveness_score(-1.0)), (50.0, 100.0, 0.0));
    }
}
