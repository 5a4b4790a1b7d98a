//! The challenge as JavaScript sees it.

use crate::flow::ChallengeView;
use idv_protocol::ChallengeSet;
use idv_protocol::face::Asked;
use serde::Serialize;

/// The challenge; see [`ChallengeView`] for the members.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct ChallengeDto {
    pub set: ChallengeSet,
    pub sets: Vec<ChallengeSet>,
    pub count: u32,
    pub done: u32,
    pub draw: u32,
    pub action: Option<ActionDto>,
}

/// The action that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct ActionDto {
    pub kind: &'static str,
    pub times: u32,
    pub done: u32,
    pub left_ms: f64,
    pub window_ms: u32,
}

impl From<ChallengeView> for ChallengeDto {
    fn from(view: ChallengeView) -> Self {
        let ChallengeView { set, sets, count, done, draw, asked } = view;
        Self { set, sets, count, done, draw, action: asked.map(ActionDto::from) }
    }
}

impl From<Asked> for ActionDto {
    fn from(asked: Asked) -> Self {
        Self {
            kind: asked.action.kind.code(),
            times: asked.action.times,
            done: asked.done,
            left_ms: asked.left_ms,
            window_ms: asked.action.window_ms,
        }
    }
}
