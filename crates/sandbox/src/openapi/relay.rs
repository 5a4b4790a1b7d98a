//! The page's API.

use super::build::{Operation, bytes};
use super::wire::of;
use idv_edge::relay::wire::{BASE_PATH, PROBLEM_TYPE};
use idv_protocol::relay::{DIGEST_HEADER, KEY_HEADER};
use idv_protocol::seal::JOSE_TYPE;
use serde_json::{Value, json};

const TAG: &str = "Relay";
const JSON: &str = "application/json";

/// What any request of a page may be answered instead.
const PROBLEMS: &[(u16, &str)] = &[
    (400, "The body, a header or the digest is wrong"),
    (401, "No session goes with the token, or its time is over"),
    (403, "Pages of this origin may not ask"),
    (404, "There is no such path"),
    (405, "The path takes another method"),
    (409, "The step is not due, or the verification has ended"),
    (413, "The body is over the path's limit"),
    (415, "The bytes are no picture that is taken"),
    (422, "Fields of a form cannot be right; the problem names them"),
    (429, "Too many requests; Retry-After says how long to wait"),
    (500, "The fault is the operator's; try again"),
    (503, "Somebody who has to be asked does not answer; try again"),
];

pub(super) fn operations() -> Vec<Operation> {
    let operation = |method, path: &str, summary| {
        Operation::new(TAG, method, &format!("{BASE_PATH}{path}"), summary).each(
            PROBLEMS,
            PROBLEM_TYPE,
            &of("Problem"),
        )
    };
    let called = |method, path, summary| operation(method, path, summary).secured("session");
    let entry = |path, summary, body: Option<&str>| {
        let operation = called("post", path, summary).json(200, "How the step stands", of("EntryReply"));
        match body {
            Some(body) => operation.body(JSON, of(body)),
            None => operation,
        }
    };
    let keyed = |operation: Operation| {
        let key = json!({ "type": "string", "minLength": 1, "maxLength": 64 });
        operation.header(KEY_HEADER, true, key, "Names one press of a button: it counts once")
    };
    vec![
        operation("post", "/session", "Exchanges the start token, once")
            .body(JSON, of("SessionRequest"))
            .json(200, "A session", of("SessionResponse")),
        called("get", "/plan", "The plan of the open attempt").json(200, "The plan", of("Plan")),
        called("post", "/consent", "The visitor agreed")
            .body(JSON, of("ConsentRecord"))
            .empty(204, "Recorded"),
        called("post", "/device-key", "The page registers the key that it signs with")
            .body(JOSE_TYPE, bytes())
            .empty(204, "Registered"),
        called("put", "/captures/{attempt}/{kind}", "A capture, sealed")
            .header(DIGEST_HEADER, true, digest(), "")
            .body(JOSE_TYPE, bytes())
            .json(200, "It is held", of("CaptureAck")),
        keyed(entry("/person", "Personal data", Some("PersonForm"))),
        keyed(entry("/otp/send", "Sends a code to the phone", None)),
        keyed(entry("/otp/verify", "The code", Some("OtpRequest"))),
        keyed(entry("/secret", "The document's secret", Some("SecretRequest"))),
        keyed(entry("/signature/start", "Asks for a signature", Some("SignatureRequest"))),
        entry("/signature/check", "Looks whether it was signed", None),
        called("post", "/complete", "The attempt is complete: signed evidence")
            .body(JOSE_TYPE, bytes())
            .json(200, "Received, to be repeated, or frames are asked for", of("Receipt")),
        called("post", "/frames/{attempt}", "The frames that were asked for, sealed")
            .header(DIGEST_HEADER, true, digest(), "")
            .body(JOSE_TYPE, bytes())
            .json(200, "Received, or to be repeated", of("Receipt")),
        called("post", "/cancel", "The visitor or the device gave up").body(JSON, of("CancelRequest")).json(
            200,
            "Received",
            of("Receipt"),
        ),
    ]
}

fn digest() -> Value {
    json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" })
}
