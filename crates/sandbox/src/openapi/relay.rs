//! The page's API.

use super::build::{Operation, bytes};
use idv_edge::relay::wire::{BASE_PATH, PROBLEM_TYPE};
use idv_protocol::relay::DIGEST_HEADER;
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
    (429, "Too many requests; Retry-After says how long to wait"),
    (500, "The fault is the operator's; try again"),
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
