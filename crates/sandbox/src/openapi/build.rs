//! Operations and schemas, put together without repeating JSON.

use serde_json::{Map, Value, json};

/// One method of one path.
pub(super) struct Operation {
    path: String,
    method: &'static str,
    value: Value,
}

impl Operation {
    /// An operation of section `tag`; `method` in lower case, `path` with `{parameters}`.
    pub(super) fn new(tag: &str, method: &'static str, path: &str, summary: &str) -> Self {
        let mut value = json!({ "tags": [tag], "summary": summary, "responses": {} });
        let names: Vec<_> = path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).collect();
        for (name, _) in names {
            push(&mut value, "parameters", parameter("path", name, true, text(), ""));
        }
        Self { path: path.to_owned(), method, value }
    }

    /// Needs these credentials.
    pub(super) fn secured(mut self, scheme: &str) -> Self {
        push(&mut self.value, "security", json!({ scheme: [] }));
        self
    }

    /// The vendor calls it deprecated.
    pub(super) fn deprecated(mut self) -> Self {
        set(&mut self.value, "deprecated", json!(true));
        self
    }

    /// Takes an optional query parameter.
    pub(super) fn query(mut self, name: &str, description: &str) -> Self {
        push(&mut self.value, "parameters", parameter("query", name, false, text(), description));
        self
    }

    /// Takes a header.
    pub(super) fn header(mut self, name: &str, required: bool, schema: Value, description: &str) -> Self {
        push(&mut self.value, "parameters", parameter("header", name, required, schema, description));
        self
    }

    /// Takes a body of this content type.
    pub(super) fn body(mut self, content_type: &str, schema: Value) -> Self {
        let content = json!({ content_type: { "schema": schema } });
        set(&mut self.value, "requestBody", json!({ "required": true, "content": content }));
        self
    }

    /// Answers JSON with this status.
    pub(super) fn json(self, status: u16, description: &str, schema: Value) -> Self {
        self.content(status, description, "application/json", schema)
    }

    /// Answers a body of this content type with this status.
    pub(super) fn content(self, status: u16, description: &str, content_type: &str, schema: Value) -> Self {
        let content = json!({ content_type: { "schema": schema } });
        self.answer(status, json!({ "description": description, "content": content }))
    }

    /// Answers without a body.
    pub(super) fn empty(self, status: u16, description: &str) -> Self {
        self.answer(status, json!({ "description": description }))
    }

    /// Answers the same to each of these statuses.
    pub(super) fn each(mut self, statuses: &[(u16, &str)], content_type: &str, schema: &Value) -> Self {
        for (status, description) in statuses {
            self = self.content(*status, description, content_type, schema.clone());
        }
        self
    }

    fn answer(mut self, status: u16, value: Value) -> Self {
        if let Some(responses) = self.value.get_mut("responses") {
            set(responses, &status.to_string(), value);
        }
        self
    }

    /// Path, method and operation object.
    pub(super) fn into_parts(self) -> (String, &'static str, Value) {
        (self.path, self.method, self.value)
    }
}

fn parameter(place: &str, name: &str, required: bool, schema: Value, description: &str) -> Value {
    json!({ "in": place, "name": name, "required": required, "schema": schema, "description": description })
}

fn push(value: &mut Value, member: &str, item: Value) {
    if let Value::Object(members) = value
        && let Value::Array(items) = members.entry(member).or_insert_with(|| json!([]))
    {
        items.push(item);
    }
}

fn set(value: &mut Value, member: &str, item: Value) {
    if let Value::Object(members) = value {
        members.insert(member.to_owned(), item);
    }
}

/// A string.
pub(super) fn text() -> Value {
    json!({ "type": "string" })
}

/// A number.
pub(super) fn number() -> Value {
    json!({ "type": "number" })
}

/// An integer.
pub(super) fn integer() -> Value {
    json!({ "type": "integer" })
}

/// One of these strings.
pub(super) fn words(words: &[&str]) -> Value {
    json!({ "type": "string", "enum": words })
}

/// A file, or any other bytes.
pub(super) fn bytes() -> Value {
    json!({ "type": "string", "format": "binary" })
}

/// An array of these.
pub(super) fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

/// This, or null.
pub(super) fn nullable(schema: Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

/// An object with exactly these members; a name that ends in `?` may be absent.
pub(super) fn object(members: &[(&str, Value)]) -> Value {
    let mut value = open_object(members);
    set(&mut value, "additionalProperties", json!(false));
    value
}

/// An object with these members and maybe others; a name that ends in `?` may be absent.
pub(super) fn open_object(members: &[(&str, Value)]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, schema) in members {
        let bare = name.trim_end_matches('?');
        if bare == *name {
            required.push(bare);
        }
        properties.insert(bare.to_owned(), schema.clone());
    }
    json!({ "type": "object", "properties": properties, "required": required })
}
