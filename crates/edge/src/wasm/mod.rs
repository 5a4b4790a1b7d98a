//! The bindings for JavaScript: Node and workerd.
//!
//! In: options as JSON in camelCase, pictures as bytes, answers to requests. Out: requests to send, results as
//! JSON in camelCase. Rule: JavaScript sends (`crates/edge/js`), Rust decides. The network is left to
//! JavaScript because both engines have `fetch`, while bindings of it would bring futures, streams and their
//! glue into the module; the state machine is [`crate::runner`], which is tested natively. Errors cross as
//! JSON text with `code`, `message` and `retryable`, and never hold what was sent.

mod argos;
mod argos_input;
mod argos_output;
mod dto;
mod evidence;
mod limits;
mod relay;
mod relay_dto;
mod tomo;
mod toss;
mod toss_auth;
mod toss_input;

pub use argos::ArgosClient;
pub use limits::RelayLimiter;
pub use relay::{RelayAnswer, RelayCore};
pub use tomo::TomoClient;
pub use toss::TossClient;

use crate::error::{Error, ErrorKind};
use crate::http::{Method, Request, Response};
use crate::runner::{self, Lost, Turn};
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroize;

/// What a call comes to: JSON, and bytes where it is about a file.
#[derive(Default)]
struct Answer {
    json: Value,
    bytes: Option<Vec<u8>>,
}

impl From<Value> for Answer {
    fn from(json: Value) -> Self {
        Self { json, bytes: None }
    }
}

/// [`Call::answered`] and [`Call::failed`]: it is over.
const DONE: f64 = -1.0;
/// The same: the access token is to be replaced.
const RENEW_TOKEN: f64 = -2.0;

/// A call that JavaScript carries out.
#[wasm_bindgen]
#[allow(missing_debug_implementations)]
pub struct Call {
    inner: runner::Call<Answer>,
    answer: Answer,
}

impl Call {
    fn new(inner: runner::Call<Answer>) -> Self {
        Self { inner, answer: Answer::default() }
    }

    fn take_turn(&mut self, turn: Turn<Answer>) -> f64 {
        match turn {
            Turn::Done(answer) => {
                self.answer = answer;
                DONE
            }
            // Waits are below a minute.
            Turn::Wait(wait_ms) => u32::try_from(wait_ms).unwrap_or(u32::MAX).into(),
            Turn::RenewToken => RENEW_TOKEN,
        }
    }
}

#[wasm_bindgen]
impl Call {
    /// The request to send now.
    pub fn request(&mut self, now_ms: f64) -> Result<Outgoing, JsValue> {
        self.inner.request(ms(now_ms)).map(Outgoing).map_err(thrown)
    }

    /// Largest answer to read, in bytes.
    pub fn limit(&self) -> usize {
        self.inner.limit()
    }

    /// The answer came: -1 when it is over, -2 when the access token is to be replaced, else the ms to wait
    /// before the request is sent again.
    pub fn answered(
        &mut self,
        status: u16,
        body: Vec<u8>,
        retry_after: Option<String>,
        now_ms: f64,
    ) -> Result<f64, JsValue> {
        let response = Response { status, body };
        let turn = self.inner.answered(response, retry_after.as_deref(), ms(now_ms)).map_err(thrown)?;
        Ok(self.take_turn(turn))
    }

    /// No answer came: `not_sent`, `broken`, `timed_out` or `too_large`; as [`Self::answered`].
    pub fn failed(&mut self, how: &str) -> Result<f64, JsValue> {
        let how = match how {
            "not_sent" => Lost::NotSent,
            "timed_out" => Lost::TimedOut,
            "too_large" => Lost::TooLarge,
            _ => Lost::Broken,
        };
        let turn = self.inner.failed(how).map_err(thrown)?;
        Ok(self.take_turn(turn))
    }

    /// The result as JSON, once.
    pub fn json(&mut self) -> String {
        self.answer.json.take().to_string()
    }

    /// The file of the result, once.
    pub fn bytes(&mut self) -> Option<Vec<u8>> {
        self.answer.bytes.take()
    }
}

/// A request to send. Its memory is wiped when it is freed.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Outgoing(Request);

#[wasm_bindgen]
impl Outgoing {
    /// GET, POST or DELETE.
    pub fn method(&self) -> String {
        match self.0.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Delete => "DELETE",
        }
        .to_owned()
    }

    /// Absolute URL.
    pub fn url(&self) -> String {
        self.0.url.as_str().to_owned()
    }

    /// Headers, as JSON: `[[name, value], …]`.
    pub fn headers(&self) -> String {
        json!(self.0.headers).to_string()
    }

    /// The body; empty for none.
    pub fn body(&self) -> Vec<u8> {
        self.0.body.clone()
    }
}

impl Drop for Outgoing {
    fn drop(&mut self) {
        self.0.body.zeroize();
        for (_, value) in &mut self.0.headers {
            value.zeroize();
        }
    }
}

/// A time of JavaScript's clock.
fn ms(now_ms: f64) -> u64 {
    // A float that is no time becomes 0.
    now_ms as u64
}

/// `N` random bytes of the engine's `crypto`.
fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom_02::getrandom(&mut bytes)
        .map_err(|_| Error::new(ErrorKind::RequestInvalid, "this engine gives no random bytes here"))?;
    Ok(bytes)
}

/// An error as it is thrown: JSON text that `crates/edge/js` makes an `EdgeError` of.
fn thrown(error: Error) -> JsValue {
    let fields = json!({
        "code": error.code(),
        "message": error.to_string(),
        "retryable": error.retryable(),
        "status": error.status(),
        "refusal": error.refusal_code(),
        "retryAfterS": error.retry_after_s(),
    });
    JsValue::from_str(&fields.to_string())
}
