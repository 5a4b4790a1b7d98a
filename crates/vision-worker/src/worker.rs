//! The class.

use crate::buffer::FrameBuffer;
use crate::errors::{from_engine, js_error, throw_panics};
use idv_protocol::reading::CalendarDate;
use idv_protocol::worker::FromWorker;
use idv_protocol::{Challenge, DocumentTask, PadSpec, Size};
use idv_vision::capture::Capture;
use idv_vision::{Engine, Error, ErrorKind};
use js_sys::{Object, Reflect, Uint8Array};
use serde::Serialize;
use std::collections::VecDeque;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface ModelUse { name: string; sha256: string }
export interface PadSpec { channels: 'RGB' | 'BGR'; range: [number, number]; crops: number[]; live_class: number }
export interface CalendarDate { year: number; month: number; day: number }
export interface DocumentTask {
  attempt: number;
  today: CalendarDate;
  side: 'front' | 'back';
  kinds: ('id1' | 'id2' | 'id3')[];
  manual_after_ms: number;
  manual_after_failures: number;
  barcode: boolean;
}
export interface Action {
  kind: 'turn_left' | 'turn_right' | 'look_up' | 'look_down' | 'blink' | 'smile' | 'come_closer';
  times: number;
  window_ms: number;
}
export interface Challenge {
  nonce: string;
  set: 'standard' | 'no_head_movement' | 'no_precise_sight';
  actions: Action[];
  tolerance_ms: number;
  max_draws: number;
}
"#;

/// The engine of one worker.
#[wasm_bindgen]
pub struct VisionWorker {
    engine: Engine,
    buffer: FrameBuffer,
    step: Step,
    captures: VecDeque<Capture>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    None,
    Document,
    Face,
}

#[wasm_bindgen]
impl VisionWorker {
    /// An engine without models.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        throw_panics();
        Self {
            engine: Engine::new(),
            buffer: FrameBuffer::default(),
            step: Step::None,
            captures: VecDeque::new(),
        }
    }

    /// Loads a model whose file has this digest (SHA-256, lower-case hex); a passive network with what it takes and says,
    /// where the manifest states it. Throws `model_digest_mismatch` for other bytes.
    pub fn load_model(
        &mut self,
        name: &str,
        bytes: &[u8],
        sha256: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "PadSpec")] pad: JsValue,
    ) -> Result<(), JsValue> {
        let pad: Option<PadSpec> = serde_wasm_bindgen::from_value(pad)
            .map_err(|_| js_error("model_unreadable", "what the passive network takes cannot be read"))?;
        self.engine.load_model_as(name, bytes, sha256, pad).map_err(from_engine)
    }

    /// The models that are loaded.
    #[wasm_bindgen(unchecked_return_type = "ModelUse[]")]
    pub fn models(&self) -> Result<JsValue, JsValue> {
        plain(&self.engine.models())
    }

    /// Begins with a side of the document. Throws when the task cannot be read.
    pub fn begin_document(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "DocumentTask")] task: JsValue,
    ) -> Result<(), JsValue> {
        let task: DocumentTask = serde_wasm_bindgen::from_value(task)
            .map_err(|_| js_error("invalid_request", "the task cannot be read"))?;
        self.captures.clear();
        self.engine.begin_document(task);
        self.step = Step::Document;
        Ok(())
    }

    /// The next frame of the document step is taken as it is. Ignored until a status has said `manual`, and once a
    /// capture was made. Throws `out_of_order` outside of that step.
    pub fn shoot(&mut self) -> Result<(), JsValue> {
        self.engine.shoot().map_err(from_engine)
    }

    /// Takes a file in place of a capture of the document step, and gives the message for the page. Throws
    /// `out_of_order` outside of that step and once a capture was made.
    #[wasm_bindgen(
        unchecked_return_type = "{ type: 'file', problem: string | null, captures: number, kind: string | null }"
    )]
    pub fn document_file(&mut self, bytes: &[u8]) -> Result<JsValue, JsValue> {
        let answer = self.engine.document_file(bytes).map_err(from_engine)?;
        let captures = collect(&mut self.engine, &mut self.captures);
        plain(&FromWorker::File { problem: answer.problem, captures, kind: answer.kind })
    }

    /// Gives up the capture that the document step made last, because no barcode was read in it: it is dropped, and the
    /// step looks on. False where it stays as it is. To be called before the next frame.
    pub fn give_up_capture(&mut self) -> bool {
        let given_up = self.engine.give_up_capture();
        if given_up {
            self.captures.clear();
        }
        given_up
    }

    /// Begins the face step. Throws when the challenge cannot be read or a model is missing.
    pub fn begin_face(
        &mut self,
        attempt: u32,
        #[wasm_bindgen(unchecked_param_type = "Challenge")] challenge: JsValue,
    ) -> Result<(), JsValue> {
        let challenge: Challenge = serde_wasm_bindgen::from_value(challenge)
            .map_err(|_| js_error("invalid_request", "the challenge cannot be read"))?;
        self.captures.clear();
        self.engine.begin_face(attempt, challenge).map_err(from_engine)?;
        self.step = Step::Face;
        Ok(())
    }

    /// Address, in the module's memory, of the buffer for a frame: `width` x `height` x 4 bytes, RGBA, rows from
    /// top to bottom. Write them through a view made after this call (memory may have grown), then call `frame`.
    /// Throws `bad_frame` for sizes the engine does not take.
    pub fn frame_buffer(&mut self, width: u32, height: u32) -> Result<*mut u8, JsValue> {
        self.buffer.reserve(Size { width, height }).map_err(from_engine)
    }

    /// Looks at the frame in the buffer and gives the message for the page; `elapsed_ms` in it is 0, for the
    /// caller, which has a clock, to fill in. Throws `bad_frame` for a frame the engine does not take, and
    /// `out_of_order` before a step has begun.
    #[wasm_bindgen(unchecked_return_type = "object")]
    pub fn frame(&mut self, seq: u32, at_ms: f64, width: u32, height: u32) -> Result<JsValue, JsValue> {
        let message = self.look(seq, at_ms, Size { width, height }).map_err(from_engine)?;
        plain(&message)
    }

    /// Reads the machine-readable zone in the frame in the buffer; `undefined` where there is none. `year`, `month`
    /// and `day` are today. Throws `model_missing` without `mrz_reader`, and `bad_frame`.
    #[wasm_bindgen(unchecked_return_type = "object | undefined")]
    pub fn read_zone(
        &mut self,
        width: u32,
        height: u32,
        year: u16,
        month: u8,
        day: u8,
    ) -> Result<JsValue, JsValue> {
        let frame = self.buffer.frame(Size { width, height }).map_err(from_engine)?;
        let today = CalendarDate::new(year, month, day);
        match self.engine.read_zone(frame, today).map_err(from_engine)? {
            Some(reading) => plain(&reading),
            None => Ok(JsValue::UNDEFINED),
        }
    }

    /// The frames of these numbers, as far as they are still there: the message for the page, and its `pixels`.
    #[wasm_bindgen(unchecked_return_type = "{ message: object, pixels: Uint8Array }")]
    pub fn open_frames(&self, indices: &[u32]) -> Result<JsValue, JsValue> {
        let (mut frames, mut pixels) = (Vec::new(), Vec::new());
        for (frame, of_frame) in indices.iter().filter_map(|index| self.engine.open_frame(*index)) {
            frames.push(frame);
            pixels.extend_from_slice(of_frame);
        }
        let object = Object::new();
        Reflect::set(&object, &"message".into(), &plain(&FromWorker::Frames { frames })?)?;
        Reflect::set(&object, &"pixels".into(), &Uint8Array::from(&pixels[..]))?;
        Ok(object.into())
    }

    /// The next capture that the last frames made: `{ meta, jpeg }`; `undefined` when there is none.
    #[wasm_bindgen(unchecked_return_type = "{ meta: object, jpeg: Uint8Array } | undefined")]
    pub fn take_capture(&mut self) -> Result<JsValue, JsValue> {
        let Some(capture) = self.captures.pop_front() else { return Ok(JsValue::UNDEFINED) };
        let object = Object::new();
        Reflect::set(&object, &"meta".into(), &plain(&capture.meta)?)?;
        Reflect::set(&object, &"jpeg".into(), &Uint8Array::from(&capture.jpeg[..]))?;
        Ok(object.into())
    }
}

impl VisionWorker {
    fn look(&mut self, seq: u32, at_ms: f64, size: Size) -> Result<FromWorker, Error> {
        let frame = self.buffer.frame(size)?;
        let elapsed_ms = 0.0;
        Ok(match self.step {
            Step::None => return Err(Error::new(ErrorKind::OutOfOrder, "no step has begun")),
            Step::Document => {
                let status = self.engine.document_frame(frame, at_ms)?;
                let captures = collect(&mut self.engine, &mut self.captures);
                FromWorker::Document { seq, elapsed_ms, captures, status, mark: self.engine.take_mark() }
            }
            Step::Face => {
                let status = self.engine.face_frame(frame, at_ms)?;
                let captures = collect(&mut self.engine, &mut self.captures);
                FromWorker::Face { seq, elapsed_ms, captures, status, mark: self.engine.take_mark() }
            }
        })
    }
}

/// Moves new captures to the queue and counts them.
fn collect(engine: &mut Engine, queue: &mut VecDeque<Capture>) -> u32 {
    let before = queue.len();
    queue.extend(engine.take_captures());
    (queue.len() - before) as u32
}

fn plain(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .map_err(|_| js_error("internal", "an answer could not be written"))
}
