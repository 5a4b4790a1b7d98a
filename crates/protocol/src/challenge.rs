//! What the person is asked to do before the camera. In: nothing. Out: the actions of a plan's challenge. Rule: the
//! actions follow from the nonce, the set and the draw (`idv_seal::challenge::schedule`); whoever meets a challenge
//! computes them again.

use crate::face::FaceHint;
use serde::{Deserialize, Serialize};

/// One thing to do. Left and right are the person's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// Turn the head to the own left: yaw above 0, and in an unmirrored picture the nose moves to the right.
    TurnLeft,
    /// Turn the head to the own right: yaw below 0.
    TurnRight,
    /// Raise the head.
    LookUp,
    /// Lower the head.
    LookDown,
    /// Close both eyes and open them again.
    Blink,
    /// Smile.
    Smile,
    /// Bring the face towards the camera.
    ComeCloser,
}

impl ActionKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::TurnLeft,
        Self::TurnRight,
        Self::LookUp,
        Self::LookDown,
        Self::Blink,
        Self::Smile,
        Self::ComeCloser,
    ];

    /// The code, as in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TurnLeft => "turn_left",
            Self::TurnRight => "turn_right",
            Self::LookUp => "look_up",
            Self::LookDown => "look_down",
            Self::Blink => "blink",
            Self::Smile => "smile",
            Self::ComeCloser => "come_closer",
        }
    }

    /// Its prompt.
    pub const fn hint(self) -> FaceHint {
        match self {
            Self::TurnLeft => FaceHint::TurnLeft,
            Self::TurnRight => FaceHint::TurnRight,
            Self::LookUp => FaceHint::LookUp,
            Self::LookDown => FaceHint::LookDown,
            Self::Blink => FaceHint::Blink,
            Self::Smile => FaceHint::Smile,
            Self::ComeCloser => FaceHint::ComeCloser,
        }
    }

    /// Whether the head turns or nods, so that depth is seen. What the mesh shows of a face that comes closer is too
    /// near to that of a picture.
    pub const fn shows_depth(self) -> bool {
        matches!(self, Self::TurnLeft | Self::TurnRight | Self::LookUp | Self::LookDown)
    }
}

/// One action of a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Action {
    /// What to do.
    pub kind: ActionKind,
    /// How often: blinks; 1 for everything else.
    pub times: u32,
    /// Time for it in ms, counted from its prompt being shown.
    pub window_ms: u32,
}

/// Which kinds a challenge draws from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChallengeSet {
    /// Every kind.
    #[default]
    Standard,
    /// For people who cannot move their head: blink, smile, come closer, which moving the camera does as well.
    NoHeadMovement,
    /// For people who do not see well what is shown: turns and blinks, with wide windows.
    NoPreciseSight,
}

impl ChallengeSet {
    /// Every set.
    pub const ALL: [Self; 3] = [Self::Standard, Self::NoHeadMovement, Self::NoPreciseSight];

    /// The code, as in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::NoHeadMovement => "no_head_movement",
            Self::NoPreciseSight => "no_precise_sight",
        }
    }
}

/// The active challenge of one attempt, drawn by the relay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// Server nonce of this attempt, 32 bytes as lower-case hex.
    pub nonce: String,
    /// The set the actions are drawn from.
    pub set: ChallengeSet,
    /// Actions in order, of the first draw (number 0); the face comes back to rest between them.
    pub actions: Vec<Action>,
    /// Allowance on each window in ms: a prompt is on the screen some time after the frame it answers, and an action is
    /// measured some frames after it happens.
    pub tolerance_ms: u32,
    /// Sets that the visitor may have it drawn from instead: the same nonce gives their actions.
    #[serde(default)]
    pub alternatives: Vec<ChallengeSet>,
    /// Draws in all: a break of continuity ends one and begins the next.
    pub max_draws: u32,
}

impl Challenge {
    /// Whether the visitor may follow actions of this set.
    pub fn allows(&self, set: ChallengeSet) -> bool {
        self.set == set || self.alternatives.contains(&set)
    }
}
