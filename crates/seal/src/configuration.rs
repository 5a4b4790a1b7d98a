//! What a page was asked to do, as one digest.

use idv_protocol::Plan;
use sha2::{Digest, Sha256};

/// SHA-256, lower-case hex, over the parts of a plan that say what the page does: policy, attempt, steps and challenge.
/// Both ends make it of the same types, so that it is the same text. Empty where these cannot be written as JSON, which
/// no plan does.
pub fn configuration_sha256(plan: &Plan) -> String {
    let parts = (&plan.policy_key, plan.attempt, plan.max_attempts, &plan.steps, &plan.challenge);
    serde_json::to_vec(&parts).map_or_else(|_| String::new(), |json| hex::encode(Sha256::digest(json)))
}
