//! Labels that programs give to the cameras they make.

use idv_protocol::{InjectionCode, InjectionSignal};

/// Programs that put a picture of their own in a camera's place, and the drivers they use: words as they stand in the
/// labels, in lower case, parted by single spaces.
const MADE: &[&str] = &[
    "obs virtual",
    "obs camera",
    "manycam",
    "snap camera",
    "snapcamera",
    "xsplit",
    "vcam",
    "e2esoft",
    "splitcam",
    "sparkocam",
    "altercam",
    "youcam",
    "webcamoid",
    "akvirtualcamera",
    "unity video capture",
    "unitycam",
    "facerig",
    "animaze",
    "avatarify",
    "deepfacelive",
    "chromacam",
    "prism live",
    "ndi video",
    "ndi webcam",
    "newtek ndi",
    "mmhmm",
    "v4l2loopback",
    "dummy video device",
    "loopback",
    "virtual camera",
    "virtual cam",
    "virtual webcam",
    "virtual video",
    "virtualcam",
    "screen capture",
    "fake device",
    "fake camera",
    "mock camera",
];

/// Programs that bring a real camera over: a phone's.
const CARRIED: &[&str] = &["droidcam", "iriun", "epoccam", "ivcam", "camo", "kinoni", "ip webcam"];

/// Ends of the labels of cameras that Chromium plays from a file: its path is the label.
const FILES: &[&str] = &[".mjpeg", ".y4m"];

/// What shows a picture of its own is rarely set up by somebody who means to show themselves.
const MADE_CONFIDENCE: f32 = 0.9;

/// Somebody without a webcam uses their phone.
const CARRIED_CONFIDENCE: f32 = 0.5;

pub(super) fn signal(label: &str) -> Option<InjectionSignal> {
    let lower = label.to_lowercase();
    let words = words_of(&lower);
    let has = |names: &[&str]| names.iter().any(|name| words.contains(&format!(" {name} ")));
    let confidence = if has(MADE) || FILES.iter().any(|end| lower.ends_with(end)) {
        MADE_CONFIDENCE
    } else if has(CARRIED) {
        CARRIED_CONFIDENCE
    } else {
        return None;
    };
    Some(InjectionSignal::new(InjectionCode::VirtualCameraLabel, 1.0, confidence))
}

/// The words of a label between single spaces, with one at either end.
fn words_of(lower: &str) -> String {
    let words = lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.fold(" ".to_owned(), |text, word| text + word + " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_known_by_their_labels() {
        for label in [
            "OBS Virtual Camera",
            "OBS-Camera",
            "ManyCam Virtual Webcam",
            "Snap Camera (1209:00a1)",
            "Dummy video device (0x0000)",
            "v4l2loopback",
            "fake_device_0",
            "/tmp/demo/camera.mjpeg",
            "C:\\film.Y4M",
            "XSplit VCam",
        ] {
            assert!(signal(label).is_some_and(|signal| signal.is_sure()), "{label}");
        }
        let carried = signal("DroidCam Source 3").expect("a sign");
        assert!(!carried.is_sure());
    }

    #[test]
    fn cameras_are_not() {
        for label in [
            "",
            "FaceTime HD Camera",
            "Integrated Camera (13d3:5a09)",
            "Back Dual Wide Camera",
            "camera2 0, facing back",
            "HD Pro Webcam C920",
            "Logitech BRIO",
            "Camouflage Optics 4K",
            "USB2.0 HD UVC WebCam",
        ] {
            assert_eq!(signal(label), None, "{label}");
        }
    }
}
