//! Holds every answer of a test server against the OpenAPI document.

use idv_sandbox::observe::{Answer, Observer};
use idv_sandbox::openapi;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// What did not fit, in words. A test server that is dropped with an entry fails its test.
#[derive(Clone, Default)]
pub struct Conformance(Arc<Mutex<Vec<String>>>);

impl Conformance {
    /// The observer of a server's answers.
    pub fn observer(&self) -> Observer {
        let (document, misfits) = (openapi::document("http://127.0.0.1"), self.0.clone());
        Observer::new(move |answer| {
            if let Err(misfit) = fits(&document, &answer) {
                misfits.lock().expect("misfits").push(format!("{answer:?}: {misfit}"));
            }
        })
    }

    /// Fails the test where an answer did not fit.
    pub fn assert(&self) {
        let misfits = self.0.lock().expect("misfits");
        assert!(misfits.is_empty(), "not as in the OpenAPI document:\n{}", misfits.join("\n"));
    }
}

fn fits(document: &Value, answer: &Answer) -> Result<(), String> {
    let paths = document["paths"].as_object().ok_or("no paths")?;
    // What is at no path of the document must say so.
    let Some((_, methods)) = paths.iter().find(|(template, _)| matches(template, &answer.path)) else {
        return if answer.status == 404 { Ok(()) } else { Err("the path is not in the document".into()) };
    };
    let Some(operation) = methods.get(&answer.method) else {
        let refused = [404, 405].contains(&answer.status) || ["options", "head"].contains(&&*answer.method);
        return if refused { Ok(()) } else { Err("the method is not in the document".into()) };
    };
    let response = operation["responses"]
        .get(answer.status.to_string())
        .ok_or_else(|| format!("the status is not in the document: {}", shown(&answer.body)))?;
    let Some(content) = response["content"].as_object() else {
        return if answer.body.is_empty() { Ok(()) } else { Err("a body where there is none".into()) };
    };
    if content.contains_key("application/octet-stream") {
        return Ok(());
    }
    let media = content
        .get(&answer.content_type)
        .ok_or_else(|| format!("the content type is not in the document: {}", answer.content_type))?;
    if !answer.content_type.ends_with("json") {
        return Ok(());
    }
    let body: Value = serde_json::from_slice(&answer.body).map_err(|error| format!("no JSON: {error}"))?;
    let mut schema = media["schema"].clone();
    if let Value::Object(members) = &mut schema {
        members.insert("components".into(), json!({ "schemas": document["components"]["schemas"] }));
    }
    let validator = jsonschema::validator_for(&schema).map_err(|error| format!("bad schema: {error}"))?;
    let misfits: Vec<_> =
        validator.iter_errors(&body).map(|error| format!("{} at {}", error, error.instance_path())).collect();
    if misfits.is_empty() { Ok(()) } else { Err(misfits.join("; ")) }
}

fn matches(template: &str, path: &str) -> bool {
    if let Some(prefix) = template.strip_suffix("{path}") {
        return path.starts_with(prefix) && path.len() > prefix.len();
    }
    let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && template.iter().zip(&path).all(|(part, is)| part == is || part.starts_with('{') && !is.is_empty())
}

fn shown(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(200).collect()
}
