//! What a track says of itself, held against what cameras can.

use super::together;
use idv_protocol::{InjectionCode, InjectionSignal};

/// From the least to the most, as a capability is told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The least.
    pub min: f64,
    /// The most.
    pub max: f64,
}

impl Range {
    fn is_possible(self) -> bool {
        self.max > 0.0 && self.min <= self.max && self.max.is_finite()
    }

    fn holds(self, value: f64) -> bool {
        // Browsers round rates to other digits than ranges.
        const SLACK: f64 = 1.0;
        (self.min - SLACK..=self.max + SLACK).contains(&value)
    }
}

/// What a track says of itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrackFacts {
    /// Its class, as `Object.prototype.toString` names it: `MediaStreamTrack` for cameras.
    pub class: String,
    /// Whether its settings name a device.
    pub has_device: bool,
    /// Whether the browser tells capabilities at all.
    pub tells_ranges: bool,
    /// Range of widths in px.
    pub width: Option<Range>,
    /// Range of heights in px.
    pub height: Option<Range>,
    /// Range of frame rates in Hz.
    pub frame_rate: Option<Range>,
    /// Width and height of the frames in px.
    pub size: Option<(f64, f64)>,
    /// Frame rate in Hz.
    pub rate: Option<f64>,
}

/// Classes of tracks that scripts draw or write.
const SCRIPTED: [&str; 3] =
    ["CanvasCaptureMediaStreamTrack", "MediaStreamTrackGenerator", "VideoTrackGenerator"];

/// Most frames a second of a webcam, in Hz: slow motion of phones ends at 240.
const MAX_RATE: f64 = 480.0;

/// How much each contradiction says.
const SCRIPTED_DOUBT: f32 = 0.98;
const NO_DEVICE_DOUBT: f32 = 0.6;
const NO_RANGE_DOUBT: f32 = 0.4;
const BAD_RANGE_DOUBT: f32 = 0.85;
const OUTSIDE_DOUBT: f32 = 0.6;
const RATE_DOUBT: f32 = 0.6;

pub(super) fn signal(track: &TrackFacts) -> Option<InjectionSignal> {
    let ranges = [track.width, track.height, track.frame_rate];
    let outside = match (track.width, track.height, track.size) {
        // A phone that is held upright swaps the sides of its frames, and not of its ranges.
        (Some(width), Some(height), Some((w, h))) => {
            !(width.holds(w) && height.holds(h) || width.holds(h) && height.holds(w))
        }
        _ => false,
    };
    let doubts = [
        (SCRIPTED.contains(&track.class.as_str()), SCRIPTED_DOUBT),
        (!track.has_device, NO_DEVICE_DOUBT),
        (track.tells_ranges && (track.width.is_none() || track.height.is_none()), NO_RANGE_DOUBT),
        (ranges.iter().flatten().any(|range| !range.is_possible()), BAD_RANGE_DOUBT),
        (outside, OUTSIDE_DOUBT),
        (track.rate.is_some_and(|rate| rate > MAX_RATE), RATE_DOUBT),
    ];
    let found: Vec<f32> = doubts.into_iter().filter(|(is, _)| *is).map(|(_, doubt)| doubt).collect();
    let count = found.len() as f32;
    (count > 0.0).then(|| InjectionSignal::new(InjectionCode::ImpossibleCapabilities, count, together(found)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webcam() -> TrackFacts {
        let side = |max| Some(Range { min: 1.0, max });
        TrackFacts {
            class: "MediaStreamTrack".into(),
            has_device: true,
            tells_ranges: true,
            width: side(1920.0),
            height: side(1080.0),
            frame_rate: Some(Range { min: 0.0, max: 30.0 }),
            size: Some((1280.0, 720.0)),
            rate: Some(30.0),
        }
    }

    #[test]
    fn a_webcam_and_a_phone_upright_contradict_nothing() {
        assert_eq!(signal(&webcam()), None);
        assert_eq!(signal(&TrackFacts { size: Some((1080.0, 1920.0)), ..webcam() }), None);
        let silent =
            TrackFacts { tells_ranges: false, width: None, height: None, frame_rate: None, ..webcam() };
        assert_eq!(signal(&silent), None, "a browser that tells no ranges");
    }

    #[test]
    fn a_canvas_is_no_camera() {
        let canvas =
            TrackFacts { class: "CanvasCaptureMediaStreamTrack".into(), has_device: false, ..webcam() };
        let found = signal(&canvas).expect("a sign");
        assert!(found.is_sure() && found.value == 2.0, "{found:?}");
    }

    #[test]
    fn each_contradiction_is_counted_and_one_alone_is_not_sure_unless_no_camera_has_it() {
        let none = Some(Range { min: 1.0, max: 0.0 });
        let outside = TrackFacts { size: Some((2560.0, 1440.0)), ..webcam() };
        let fast = TrackFacts { rate: Some(1000.0), ..webcam() };
        for facts in [outside, fast, TrackFacts { has_device: false, ..webcam() }] {
            let found = signal(&facts).expect("a sign");
            assert!(found.value == 1.0 && !found.is_sure(), "{facts:?}: {found:?}");
        }
        assert!(signal(&TrackFacts { width: none, ..webcam() }).expect("a sign").is_sure());
    }
}
