//! The bytes of a file: [`MAGIC`], a byte that says whether the rest is sealed, then, of a plain one, the length of the
//! head (32 bits, little-endian), the head as JSON, and the frames one after the other, each a JPEG or PNG.

use super::Decision;
use crate::error::{Error, ErrorKind};
use idv_protocol::{Challenge, DocumentTask, LivenessReport, ModelUse, Plan};
use serde::{Deserialize, Serialize};

/// What every file begins with.
pub const MAGIC: &[u8] = b"IDVREPLAY1\n";

/// The byte after [`MAGIC`].
pub(super) const PLAIN: u8 = 0;
pub(super) const SEALED: u8 = 1;

/// The step that was recorded, as it was begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum ReplayStep {
    /// A side of a document.
    Document {
        /// What was to be captured.
        task: DocumentTask,
    },
    /// The face.
    Face {
        /// Attempt, from 1.
        attempt: u32,
        /// What was to be done.
        challenge: Challenge,
    },
}

/// A frame, without its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReplayFrame {
    /// When it was taken, in ms of any monotonic clock.
    pub at_ms: f64,
    /// Its length in bytes, as JPEG or PNG.
    pub bytes: u32,
}

/// Everything but the frames' bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReplayHead {
    /// Version of the module that recorded it.
    pub module_version: String,
    /// The plan of the session, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Box<Plan>>,
    /// Models that looked.
    pub models: Vec<ModelUse>,
    /// The step.
    #[serde(flatten)]
    pub step: ReplayStep,
    /// Its frames, in order.
    pub frames: Vec<ReplayFrame>,
    /// What was decided at each of them; shorter where the recording broke off.
    pub decisions: Vec<Decision>,
    /// What the step ended with, where it did and a report came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<Box<LivenessReport>>,
}

impl ReplayHead {
    /// SHA-256 of what the page was asked to do (`idv_seal::configuration`), lower-case hex; `None` without a plan.
    pub fn configuration(&self) -> Option<String> {
        self.plan.as_deref().map(idv_seal::configuration::configuration_sha256)
    }
}

/// The file of `head` and its frames' bytes, plain.
pub fn encode(head: &ReplayHead, frames: &[u8]) -> Result<Vec<u8>, Error> {
    let json = serde_json::to_vec(head)
        .map_err(|_| Error::new(ErrorKind::Encode, "the head of a replay cannot be written"))?;
    let length = u32::try_from(json.len())
        .map_err(|_| Error::new(ErrorKind::Encode, "the head of a replay is too long"))?;
    let mut bytes = MAGIC.to_vec();
    bytes.push(PLAIN);
    bytes.extend(length.to_le_bytes());
    bytes.extend(json);
    bytes.extend(frames);
    Ok(bytes)
}

/// Whether this is a file that has to be opened with its key first.
pub fn is_sealed(bytes: &[u8]) -> bool {
    bytes.strip_prefix(MAGIC).and_then(|rest| rest.first()) == Some(&SEALED)
}

/// The head of a plain file, and each frame's bytes. Fails with [`ErrorKind::NotAnImage`] for anything else.
pub fn decode(bytes: &[u8]) -> Result<(ReplayHead, Vec<&[u8]>), Error> {
    parts(bytes).ok_or_else(|| Error::new(ErrorKind::NotAnImage, "this is no replay, or a sealed one"))
}

fn parts(bytes: &[u8]) -> Option<(ReplayHead, Vec<&[u8]>)> {
    let rest = bytes.strip_prefix(MAGIC)?.strip_prefix(&[PLAIN])?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let (json, mut rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    let head: ReplayHead = serde_json::from_slice(json).ok()?;
    let mut frames = Vec::new();
    for frame in &head.frames {
        let (picture, after) = rest.split_at_checked(frame.bytes as usize)?;
        frames.push(picture);
        rest = after;
    }
    rest.is_empty().then_some((head, frames))
}

#[cfg(test)]
mod tests {
    use super::*;
    use idv_protocol::reading::CalendarDate;
    use idv_protocol::{DocumentHint, DocumentSide};

    fn head() -> ReplayHead {
        let task = DocumentTask {
            attempt: 1,
            today: CalendarDate::new(2026, 1, 2),
            side: DocumentSide::Front,
            kinds: vec![],
            manual_after_ms: 1,
            manual_after_failures: 1,
            barcode: false,
        };
        ReplayHead {
            module_version: "1".into(),
            plan: None,
            models: vec![],
            step: ReplayStep::Document { task },
            frames: vec![ReplayFrame { at_ms: 0.0, bytes: 2 }, ReplayFrame { at_ms: 40.5, bytes: 1 }],
            decisions: vec![Decision::Document { hint: DocumentHint::Searching, captured: false }],
            report: None,
        }
    }

    #[test]
    fn a_file_comes_back_as_it_was_written() {
        let bytes = encode(&head(), b"abc").expect("written");
        let (read, frames) = decode(&bytes).expect("read");
        assert_eq!((read, frames), (head(), vec![&b"ab"[..], &b"c"[..]]));
        assert!(!is_sealed(&bytes));
    }

    #[test]
    fn what_is_cut_off_or_has_something_behind_it_is_refused() {
        let bytes = encode(&head(), b"abc").expect("written");
        for length in 0..bytes.len() {
            assert!(decode(&bytes[..length]).is_err(), "{length} bytes");
        }
        assert!(decode(&[&bytes[..], b"d"].concat()).is_err());
    }
}
