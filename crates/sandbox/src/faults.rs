//! Faults on demand, to see how the page takes them.

use idv_protocol::CaptureKind;
use std::sync::Mutex;
use std::time::Duration;

/// What goes wrong on purpose.
#[derive(Debug, Default)]
pub struct Faults {
    drop_capture: Mutex<Option<CaptureKind>>,
    latency: Duration,
}

impl Faults {
    /// Reads `drop-capture=KIND` and `latency-ms=N`. Fails with a sentence that says what is allowed.
    pub fn parse(faults: &[String]) -> Result<Self, String> {
        let mut parsed = Self::default();
        for fault in faults {
            match fault.split_once('=') {
                Some(("drop-capture", kind)) => {
                    let kind = serde_json::from_value(kind.into()).map_err(|_| {
                        format!("drop-capture={kind}: KIND is document_front, document_back, selfie, turn_1 or turn_2")
                    })?;
                    parsed.drop_capture = Mutex::new(Some(kind));
                }
                Some(("latency-ms", ms)) => {
                    let ms = ms.parse().map_err(|_| format!("latency-ms={ms}: not a number of ms"))?;
                    parsed.latency = Duration::from_millis(ms);
                }
                _ => return Err(format!("{fault}: known faults are drop-capture=KIND and latency-ms=N")),
            }
        }
        Ok(parsed)
    }

    /// Time every request of the relay waits.
    pub fn latency(&self) -> Duration {
        self.latency
    }

    /// Whether this upload is the one whose connection breaks. True once.
    pub fn take_drop(&self, kind: CaptureKind) -> bool {
        let Ok(mut armed) = self.drop_capture.lock() else { return false };
        if *armed == Some(kind) {
            *armed = None;
            return true;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drop_happens_once_and_to_its_kind_only() {
        let faults = Faults::parse(&["drop-capture=selfie".into(), "latency-ms=5".into()]).expect("faults");
        assert_eq!(faults.latency(), Duration::from_millis(5));
        assert!(!faults.take_drop(CaptureKind::DocumentFront));
        assert!(faults.take_drop(CaptureKind::Selfie));
        assert!(!faults.take_drop(CaptureKind::Selfie));
    }

    #[test]
    fn unknown_faults_are_named() {
        for bad in ["drop-capture=passport", "latency-ms=soon", "fire", ""] {
            assert!(Faults::parse(&[bad.into()]).expect_err(bad).contains(bad));
        }
    }
}
