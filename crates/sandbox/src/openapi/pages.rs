//! Pages for people: the hosted page, the demo customer, and this document itself.

use super::build::{Operation, bytes, text};
use serde_json::json;

const HTML: &str = "text/html";

pub(super) fn operations() -> Vec<Operation> {
    let page = |method, path, summary| Operation::new("Pages", method, path, summary);
    vec![
        page("get", "/idv/start", "The hosted page")
            .query("token", "the start token, used once")
            .query("key", "ignored: a key that comes with a token proves nothing")
            .content(200, "The page", HTML, text()),
        page("get", "/package/{path}", "A file of the npm package")
            .content(200, "The file", "application/octet-stream", bytes())
            .content(404, "No such file", "application/octet-stream", bytes()),
        page("get", "/", "The demo customer").content(200, "The page", HTML, text()),
        page("post", "/demo/start", "The demo customer starts a verification by the form's `policy`")
            .empty(303, "To the hosted page")
            .content(400, "The form is malformed", "text/plain", text()),
        page("get", "/customer/return", "The visitor comes back to the demo customer").content(
            200,
            "The outcome, as fetched server to server",
            HTML,
            text(),
        ),
        page("get", "/customer/style.css", "The demo customer's style").content(
            200,
            "The style",
            "text/css",
            text(),
        ),
        page("get", super::PATH, "This document").json(200, "OpenAPI 3.1", json!({ "type": "object" })),
    ]
}
