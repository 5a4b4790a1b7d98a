//! The page's API.

use super::build::{Operation, bytes};
use idv_edge::relay::wire::{BASE_PATH, PROBLEM_TYPE};
use idv_protocol::relay::{DIGEST_HEADER, KEY_HEADER, MAX_KEY_CHARS};
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
    (422, "A field of the form is refused; `fields` says which"),
    (429, "Too many requests; Retry-After says how long to wait"),
    (500, "The fault is the operator's; try again"),
    (503, "A vendor does not answer; try again"),
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
    let entered = |path, summary| {
        called("post", path, summary)
            .header(
                KEY_HEADER,
                true,
                json!({ "type": "string", "maxLength": MAX_KEY_CHARS }),
                "one press of a button",
            )
            .json(200, "How the step stands", of("EntryReply"))
    };
    vec![
        operation("post", "/session", "Exchanges the start token, once")
            .body(JSON, of("SessionRequest"))
            .json(200, "A session", of("SessionResponse")),
        called("get", "/plan", "The plan of the open attempt").json(200, "The plan", of("Plan")),
        called("post", "/consent", "The visitor agreed")
            .body(JSON, of("ConsentRecord"))
            .empty(204, "Recorded"),
        called("put", "/captures/{attempt}/{kind}", "A capture")
            .header(DIGEST_HEADER, true, json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" }), "")
            .body("image/jpeg", bytes())
            .json(200, "It is held", of("CaptureAck")),
        entered("/person", "What the visitor typed").body(JSON, of("PersonForm")),
        entered("/otp/send", "Sends a code by text message"),
        entered("/otp/verify", "The code").body(JSON, of("OtpRequest")),
        entered("/secret", "The document's secret").body(JSON, of("SecretRequest")),
        entered("/signature/start", "Asks for a signature").body(JSON, of("SignatureRequest")),
        called("post", "/signature/check", "Whether it is signed").json(
            200,
            "How it stands",
            of("EntryReply"),
        ),
        called("post", "/complete", "The attempt is complete").body(JSON, of("Evidence")).json(
            200,
            "Received, or to be repeated",
            of("Receipt"),
        ),
        called("post", "/cancel", "The visitor or the device gave up").body(JSON, of("CancelRequest")).json(
            200,
            "Received",
            of("Receipt"),
        ),
    ]
}

fn of(_name: &str) -> Value {
    json!({ "type": "object" })
}
