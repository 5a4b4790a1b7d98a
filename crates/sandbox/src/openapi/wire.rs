//! Schemas of the page's API, derived from the wire types.
//!
//! In: types of `idv_protocol`. Out: `components.schemas` by their names. Rule: what is answered has the members of its
//! type and no others; what is asked may have more, which are ignored.

use idv_protocol::relay::{
    CancelRequest, CaptureAck, OtpRequest, SecretRequest, SessionRequest, SessionResponse, SignatureRequest,
};
use idv_protocol::{ConsentRecord, EntryReply, PersonForm, Plan, Problem, Receipt};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Where the schemas are in the document.
const PLACE: &str = "/components/schemas";

/// A reference to the schema of a wire type.
pub(super) fn of(name: &str) -> Value {
    json!({ "$ref": format!("#{PLACE}/{name}") })
}

/// Every schema that [`of`] may name, and those that they name.
pub(super) fn schemas() -> Map<String, Value> {
    let settings =
        || SchemaSettings::draft2020_12().with(|settings| settings.definitions_path = PLACE.into());
    let mut asked = settings().for_deserialize().into_generator();
    add::<SessionRequest>(&mut asked);
    add::<ConsentRecord>(&mut asked);
    add::<PersonForm>(&mut asked);
    add::<OtpRequest>(&mut asked);
    add::<SecretRequest>(&mut asked);
    add::<SignatureRequest>(&mut asked);
    add::<CancelRequest>(&mut asked);
    let mut answered = settings().for_serialize().into_generator();
    add::<Problem>(&mut answered);
    add::<SessionResponse>(&mut answered);
    add::<Plan>(&mut answered);
    add::<CaptureAck>(&mut answered);
    add::<EntryReply>(&mut answered);
    add::<Receipt>(&mut answered);
    let mut all = asked.take_definitions(true);
    let mut answered = answered.take_definitions(true);
    let mut joined = BTreeSet::new();
    answered.values().for_each(|schema| find_joined(schema, &mut joined));
    for (name, schema) in &mut answered {
        close(schema, joined.contains(name));
    }
    all.extend(answered);
    all
}

fn add<T: JsonSchema>(generator: &mut SchemaGenerator) {
    generator.subschema_for::<T>();
}

/// Names of the schemas that others join with members of their own: those of a tagged variant with a type inside.
fn find_joined(schema: &Value, joined: &mut BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            if members.contains_key("properties")
                && let Some(name) = members.get("$ref").and_then(Value::as_str)
            {
                joined.insert(name.rsplit('/').next().unwrap_or_default().to_owned());
            }
            members.values().for_each(|member| find_joined(member, joined));
        }
        Value::Array(items) => items.iter().for_each(|item| find_joined(item, joined)),
        _ => {}
    }
}

/// Lets no object have other members than those that are named; `open` leaves the outermost one as it is.
fn close(schema: &mut Value, open: bool) {
    match schema {
        Value::Object(members) => {
            members.values_mut().for_each(|member| close(member, false));
            let is_object =
                members.get("properties").is_some_and(Value::is_object) && members.contains_key("type");
            if is_object && !open && !members.contains_key("additionalProperties") {
                let word = if members.contains_key("$ref") {
                    "unevaluatedProperties"
                } else {
                    "additionalProperties"
                };
                members.insert(word.to_owned(), json!(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| close(item, false)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use idv_protocol::{EntryAnswer, OtpSent, Reason};

    fn fits(name: &str, value: &Value) -> bool {
        let mut schema = of(name);
        schema["components"] = json!({ "schemas": schemas() });
        jsonschema::validator_for(&schema).expect("a schema").is_valid(value)
    }

    #[test]
    fn every_reference_leads_to_a_schema() {
        let schemas = schemas();
        let text = Value::Object(schemas.clone()).to_string();
        let prefix = format!("\"#{PLACE}/");
        for rest in text.split(&prefix).skip(1) {
            let name = rest.split('"').next().expect("name");
            assert!(schemas.contains_key(name), "{name}");
        }
        assert!(schemas.len() > 30, "{}", schemas.len());
    }

    #[test]
    fn an_answer_fits_its_type_and_nothing_else_does() {
        let sent = OtpSent { expires_in_ms: 180_000, resend_in_ms: 30_000, tries_left: 5, sends_left: 2 };
        let sent = EntryReply::Answer(EntryAnswer::Sent(sent));
        let sent = serde_json::to_value(sent).expect("json");
        assert!(fits("EntryReply", &sent), "{sent}");
        let retry = serde_json::to_value(Receipt::Retry { reason: Reason::FaceMismatch, attempts_left: 1 });
        let retry = retry.expect("json");
        assert!(fits("EntryReply", &retry) && fits("Receipt", &retry));
        for (member, value) in
            [("state", json!("later")), ("attempts_left", json!("1")), ("verdict", json!(true))]
        {
            let mut other = retry.clone();
            other[member] = value;
            assert!(!fits("Receipt", &other), "{other}");
        }
        let mut more = sent.clone();
        more["code"] = json!("123456");
        assert!(!fits("EntryReply", &more), "a member of no type: {more}");
        assert!(!fits("SessionResponse", &json!({ "session_id": "s" })));
    }
}
