//! The console of the person who runs the sandbox.

use super::build::{Operation, bytes, integer, list, object, text};

pub(super) fn operations() -> Vec<Operation> {
    let console = |path, summary| {
        Operation::new("Console", "get", path, summary).content(
            404,
            "Not on this machine, or nothing there",
            "text/plain",
            text(),
        )
    };
    let push = object(&[
        ("tx_id", text()),
        ("service_name", text()),
        ("doc_title", text()),
        ("app", text()),
        ("requested_at_ms", integer()),
    ]);
    vec![
        console("/console", "Sessions, signatures and what else happened, for this machine only").content(
            200,
            "The page",
            "text/html",
            text(),
        ),
        console("/console/style.css", "The console's style").content(200, "The style", "text/css", text()),
        console("/console/messages", "Text messages that were sent; `to` narrows them to one phone").json(
            200,
            "The newest first",
            list(object(&[("to", text()), ("text", text()), ("sent_at_ms", integer())])),
        ),
        console("/console/pushes", "Signatures that wait for the person").json(
            200,
            "The newest first",
            list(push),
        ),
        console("/console/captures/{session}/{attempt}/{kind}", "A picture of a session that is still held")
            .content(200, "The picture", "application/octet-stream", bytes()),
        console("/console/submissions/{submission}/{kind}", "A picture of a submission at Argos").content(
            200,
            "The picture",
            "application/octet-stream",
            bytes(),
        ),
    ]
}
