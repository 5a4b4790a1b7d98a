//! What a person does at one moment.

/// Pose and expression of a head.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Gesture {
    /// Above 0: turned to the subject's own left, the right of the picture.
    pub yaw_deg: f32,
    /// Above 0: raised.
    pub pitch_deg: f32,
    /// Above 0: leaning clockwise in the picture.
    pub roll_deg: f32,
    /// Moved by so many px of the frame.
    pub shift_px: [f32; 2],
    /// 0 for open, 1 for closed eyes.
    pub blink: f32,
    /// 1 for a broad smile, 0 for the mouth of the photograph, -1 for one that smiles as much less.
    pub smile: f32,
    /// How much larger the face is seen because it has come closer: 0 not at all, 0.5 half as large again.
    pub closer: f32,
    /// How far the chest has risen, -1 to 1.
    pub breath: f32,
}
