//! Signs that the pictures may not come from a camera before the person.
//!
//! Each is measured on its own and recorded with how sure it is. Every one of them has honest causes, so that none
//! decides alone; the operator weighs several together.

use serde::{Deserialize, Serialize};

/// Confidence from which a signal counts when several are weighed together.
pub const HIGH_CONFIDENCE: f32 = 0.8;

/// Which sign it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum InjectionCode {
    /// The camera's label is that of a program. `value` is 1; the label itself is never sent.
    VirtualCameraLabel,
    /// The track says of itself what no camera can. `value` is the number of contradictions.
    ImpossibleCapabilities,
    /// The track was asked for other settings and did not follow. `value` is the number of settings that did not answer.
    SettingsDoNotAnswer,
    /// Frames come without the unsteadiness of a sensor and its driver. `value` is the spread of their distances over
    /// their mean.
    FrameTiming,
    /// Frames are the same as the one before, bit by bit. `value` is their share.
    IdenticalFrames,
    /// Frames are the same as much earlier ones. `value` is their share.
    LoopingFrames,
    /// Even regions have none of the noise of a sensor. `value` is the noise, in levels of 255.
    NoSensorNoise,
    /// `getUserMedia` is not the browser's own. `value` is the number of ways in which it differs.
    ReplacedGetUserMedia,
    /// The browser is driven by a program. `value` is the number of its signs.
    Automation,
}

impl InjectionCode {
    /// The code, as in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::VirtualCameraLabel => "virtual_camera_label",
            Self::ImpossibleCapabilities => "impossible_capabilities",
            Self::SettingsDoNotAnswer => "settings_do_not_answer",
            Self::FrameTiming => "frame_timing",
            Self::IdenticalFrames => "identical_frames",
            Self::LoopingFrames => "looping_frames",
            Self::NoSensorNoise => "no_sensor_noise",
            Self::ReplacedGetUserMedia => "replaced_get_user_media",
            Self::Automation => "automation",
        }
    }
}

/// A sign that was measured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InjectionSignal {
    /// Which one.
    pub code: InjectionCode,
    /// What was measured, in the code's own unit.
    pub value: f32,
    /// How sure it is that this is no camera before a person, 0 to 1.
    pub confidence: f32,
}

impl InjectionSignal {
    /// A sign; a confidence outside of 0 to 1 is brought into it.
    pub fn new(code: InjectionCode, value: f32, confidence: f32) -> Self {
        Self { code, value, confidence: confidence.clamp(0.0, 1.0) }
    }

    /// Whether it counts when several are weighed.
    pub fn is_sure(&self) -> bool {
        self.confidence >= HIGH_CONFIDENCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_the_one_in_the_json() {
        for code in [
            InjectionCode::VirtualCameraLabel,
            InjectionCode::ImpossibleCapabilities,
            InjectionCode::SettingsDoNotAnswer,
            InjectionCode::FrameTiming,
            InjectionCode::IdenticalFrames,
            InjectionCode::LoopingFrames,
            InjectionCode::NoSensorNoise,
            InjectionCode::ReplacedGetUserMedia,
            InjectionCode::Automation,
        ] {
            assert_eq!(serde_json::to_value(code).unwrap(), code.code());
        }
    }

    #[test]
    fn a_confidence_stays_between_nothing_and_certainty() {
        let at = |confidence| InjectionSignal::new(InjectionCode::Automation, 1.0, confidence);
        assert_eq!((at(-1.0).confidence, at(2.0).confidence), (0.0, 1.0));
        assert!(at(0.8).is_sure() && !at(0.79).is_sure());
    }
}
