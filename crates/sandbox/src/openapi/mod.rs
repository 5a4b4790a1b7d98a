//! OpenAPI 3.1 of everything on this port.
//!
//! In: nothing. Out: one document at `/openapi.json`. Rule: it says what the handlers do; the tests hold every
//! answer of a test server against it ([`crate::observe`]).

mod argos;
mod build;
mod console;
mod pages;
mod relay;
mod tomo;
mod toss;
mod wire;

use crate::state::Sandbox;
use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use build::Operation;
use serde_json::{Map, Value, json};

/// The routes of this section.
pub fn router() -> Router<Sandbox> {
    Router::new().route(PATH, get(served))
}

/// Where the document is served.
pub const PATH: &str = "/openapi.json";

async fn served(State(sandbox): State<Sandbox>) -> Json<Value> {
    Json(document(&sandbox.settings.origin))
}

/// The document of a sandbox at `origin` (scheme, host and port).
pub fn document(origin: &str) -> Value {
    let mut paths = Map::new();
    let mut operations: Vec<Operation> = tomo::operations();
    operations.extend(argos::operations());
    operations.extend(toss::operations());
    operations.extend(relay::operations());
    operations.extend(pages::operations());
    operations.extend(console::operations());
    for operation in operations {
        let (path, method, value) = operation.into_parts();
        if let Value::Object(methods) = paths.entry(path).or_insert_with(|| json!({})) {
            methods.insert(method.to_owned(), value);
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "idv-sandbox",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "A local stand-in for the operator, TomoIDV, Argos and Toss. Not affiliated with them.",
        },
        "servers": [{ "url": origin }],
        "paths": paths,
        "webhooks": tomo::webhooks(),
        "components": {
            "schemas": wire::schemas(),
            "securitySchemes": {
                "tomo": { "type": "http", "scheme": "bearer", "description": "TomoIDV access token" },
                "session": { "type": "http", "scheme": "bearer", "description": "Session token of a page" },
                "argos": { "type": "apiKey", "in": "header", "name": "x-api-key" },
                "toss": { "type": "http", "scheme": "bearer", "description": "Toss access token" },
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_says_what_it_is_and_answers_something() {
        let document = document("http://127.0.0.1:1");
        let paths = document["paths"].as_object().expect("paths");
        assert!(!paths.is_empty());
        for (path, methods) in paths {
            for (method, operation) in methods.as_object().expect("methods") {
                assert!(
                    operation["summary"].as_str().is_some_and(|text| !text.is_empty()),
                    "{method} {path}"
                );
                assert!(
                    operation["responses"].as_object().is_some_and(|all| !all.is_empty()),
                    "{method} {path}"
                );
            }
        }
    }
}
