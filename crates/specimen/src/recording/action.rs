//! What a person may be asked to do.

/// A kind of action; directions are the person's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActionKind {
    /// Turn the head to the left.
    TurnLeft,
    /// Turn the head to the right.
    TurnRight,
    /// Raise the head.
    LookUp,
    /// Lower the head.
    LookDown,
    /// Close and open the eyes, several times.
    Blink,
    /// Smile.
    Smile,
    /// Come closer to the camera.
    ComeCloser,
}

/// One action that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Action {
    /// What to do.
    pub kind: ActionKind,
    /// How often: blinks; 1 of everything else.
    pub times: u32,
    /// Time within which it must be seen once it is asked for, in ms.
    pub window_ms: u32,
}
