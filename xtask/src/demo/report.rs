//! The record of one run, and whether it is the expected one.

use crate::progress::say;
use crate::scenario::Scenario;
use anyhow::{Result, bail};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::Duration;

/// The record, as `--json` prints it.
pub fn record(
    scenario: Scenario,
    user_id: &str,
    result: &Value,
    steps: Vec<Value>,
    events: &[Value],
    elapsed: Duration,
) -> Value {
    let record = first_record(result);
    let kyc = &record["kyc"];
    let decision = decision(events);
    let screens: serde_json::Map<String, Value> = steps
        .iter()
        .filter(|step| step["event"] == "screen")
        .filter_map(|step| Some((step["name"].as_str()?.to_owned(), step["t_ms"].clone())))
        .collect();
    let mut timings = serde_json::Map::from_iter([("total".to_owned(), json!(elapsed.as_millis() as u64))]);
    timings.insert("screens".to_owned(), Value::Object(screens));
    if !decision["timings_ms"].is_null() {
        timings.insert("frames".to_owned(), decision["timings_ms"].clone());
    }
    json!({
        "scenario": scenario.name(),
        "status": kyc["status"],
        "reason": kyc["status_reason"],
        "policy_key": record["policy_key"],
        "user_id": user_id,
        "submission_id": kyc["submission_id"],
        "steps": steps,
        "document": decision["document"],
        "liveness": decision["liveness"],
        "face_similarity": decision["face_similarity"],
        "checks": kyc["checks"],
        "timings_ms": timings,
    })
}

fn first_record(result: &Value) -> &Value {
    if result["result"].is_object() { &result["result"] } else { &result["results"][0] }
}

/// Prints the outcome for a person.
pub fn print(record: &Value) {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    say("  Outcome fetched by the customer's server");
    say(&format!("    status           {}", text(&record["status"])));
    say(&format!("    reason           {}", text(&record["reason"])));
    say(&format!("    policy           {}", text(&record["policy_key"])));
    say(&format!("    submission       {}", text(&record["submission_id"])));
    if let Some(similarity) = record["face_similarity"].as_f64() {
        say(&format!("    face similarity  {similarity:.3}"));
    }
}

/// Fails where the record is not what the scenario must end with.
pub fn check(scenario: Scenario, policy_key: &str, record: &Value, events: &[Value]) -> Result<()> {
    let expected = scenario.expected();
    let (status, reason) = (record["status"].as_str(), record["reason"].as_str());
    if status != Some(expected.status) || reason != expected.reason {
        bail!(
            "scenario {} ended with {} / {}, expected {} / {}",
            scenario.name(),
            status.unwrap_or("-"),
            reason.unwrap_or("-"),
            expected.status,
            expected.reason.unwrap_or("-"),
        );
    }
    if record["policy_key"].as_str().is_some_and(|key| key != policy_key) {
        bail!("the result is of another policy than {policy_key}");
    }
    if let Some(check) = scenario.passed_check()
        && record["checks"][check]["outcome"] != "passed"
    {
        bail!("scenario {}: the check {check} did not pass", scenario.name());
    }
    let decisions = events.iter().filter(|event| event["event"] == "decision").count() as u32;
    if expected.reason.is_none_or(|reason| matches!(reason, "liveness_failed" | "face_mismatch"))
        && decisions != expected.attempts
    {
        bail!("scenario {} took {decisions} attempts, expected {}", scenario.name(), expected.attempts);
    }
    let steps: Vec<&Value> = record["steps"].as_array().into_iter().flatten().collect();
    for (what, seen) in faults_seen(scenario, &steps, events) {
        if !seen {
            bail!("scenario {} is worth nothing: it was not seen that {what}", scenario.name());
        }
    }
    if let Some((kind, times)) = sent_twice(events) {
        bail!("capture {kind} was stored {times} times in one attempt");
    }
    Ok(())
}

/// What has to have gone wrong for the scenario to say anything, and whether it did.
fn faults_seen(scenario: Scenario, steps: &[&Value], events: &[Value]) -> Vec<(&'static str, bool)> {
    let at = |name: &str| steps.iter().position(|step| step["event"] == name);
    match scenario {
        Scenario::NetworkLost => vec![
            (
                "the connection was cut in mid-upload",
                events.iter().any(|event| event["event"] == "fault_injected"),
            ),
            ("the browser was offline", at("offline").is_some()),
            ("the page was reloaded", at("reload").is_some()),
        ],
        Scenario::WorkerTrap => {
            // The trap is told on another way than the worker's script, and may come after it.
            let workers = steps.iter().filter(|step| step["event"] == "worker").count();
            vec![("the worker trapped", at("trap").is_some()), ("another worker took its place", workers > 1)]
        }
        Scenario::Card => vec![
            ("the back was captured", captured(events, "document_back")),
            ("its zone was read", decision(events)["document"]["reading"]["format"] == "td1"),
        ],
        Scenario::Licence => vec![
            ("the back was captured", captured(events, "document_back")),
            ("its barcode was read", decision(events)["document"]["barcode"]["document_number"].is_string()),
        ],
        Scenario::InjectedCamera => vec![(
            "two signs of injection were sure",
            decision(events)["injection"].as_array().is_some_and(|signs| {
                signs.iter().filter(|sign| sign["confidence"].as_f64() >= Some(0.8)).count() >= 2
            }),
        )],
        _ if scenario.is_form() => {
            vec![("neither engine nor model nor worker was fetched", at("engine").is_none())]
        }
        Scenario::Upload => vec![
            (
                "the first file was refused",
                steps.iter().any(|step| step["event"] == "file" && step["name"] == "photo.heic")
                    && steps.iter().any(|step| step["name"] == "document_timeout"),
            ),
            ("a file was taken", decision(events)["document"]["methods"][0]["method"] == "upload"),
        ],
        _ => Vec::new(),
    }
}

fn captured(events: &[Value], kind: &str) -> bool {
    events.iter().any(|event| event["event"] == "capture_received" && event["kind"] == kind)
}

/// The last decision.
fn decision(events: &[Value]) -> Value {
    events.iter().rev().find(|event| event["event"] == "decision").cloned().unwrap_or_default()
}

/// A capture that was taken in more than once.
fn sent_twice(events: &[Value]) -> Option<(String, u32)> {
    let mut seen: HashMap<String, u32> = HashMap::new();
    for event in events.iter().filter(|event| event["event"] == "capture_received") {
        *seen
            .entry(format!("{}/{}", event["attempt"], event["kind"].as_str().unwrap_or("?")))
            .or_default() += 1;
    }
    seen.into_iter().find(|(_, times)| *times > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_of(scenario: Scenario, record: &Value, events: &[Value]) -> Result<()> {
        check(scenario, scenario.policy_key(), record, events)
    }

    fn approved() -> Value {
        json!({
            "status": "approved", "reason": null,
            "steps": [{ "event": "offline" }, { "event": "reload" }],
        })
    }

    #[test]
    fn a_network_that_was_never_lost_fails() {
        let decision = json!({ "event": "decision" });
        let cut = json!({ "event": "fault_injected" });
        assert!(check_of(Scenario::NetworkLost, &approved(), &[cut, decision.clone()]).is_ok());
        assert!(check_of(Scenario::NetworkLost, &approved(), &[decision]).is_err());
    }

    #[test]
    fn a_worker_that_never_trapped_or_was_not_replaced_fails() {
        let check_with = |names: &[&str]| {
            let steps: Vec<Value> = names.iter().map(|name| json!({ "event": name })).collect();
            let record = json!({ "status": "approved", "reason": null, "steps": steps });
            check_of(Scenario::WorkerTrap, &record, &[json!({ "event": "decision" })])
        };
        assert!(check_with(&["worker", "trap", "worker"]).is_ok());
        assert!(check_with(&["worker"]).is_err());
        assert!(check_with(&["worker", "trap"]).is_err());
    }

    #[test]
    fn another_outcome_than_the_expected_one_fails() {
        let events = [json!({ "event": "decision" })];
        assert!(check_of(Scenario::Approved, &approved(), &events).is_ok());
        assert!(check_of(Scenario::OtherPerson, &approved(), &events).is_err());
        assert!(
            check_of(
                Scenario::Approved,
                &json!({ "status": "rejected", "reason": "face_mismatch" }),
                &events
            )
            .is_err()
        );
    }

    #[test]
    fn a_capture_that_was_sent_twice_fails() {
        let capture = json!({ "event": "capture_received", "attempt": 1, "kind": "selfie" });
        let mut events =
            vec![json!({ "event": "fault_injected" }), capture.clone(), json!({ "event": "decision" })];
        assert!(check_of(Scenario::NetworkLost, &approved(), &events).is_ok());
        events.push(capture);
        assert!(check_of(Scenario::NetworkLost, &approved(), &events).is_err());
    }

    #[test]
    fn a_plan_without_pictures_that_fetched_the_engine_or_checked_nothing_fails() {
        let events = [json!({ "event": "decision" })];
        let record = |outcome: &str, steps: Value| {
            let checks = json!({ "certificate": { "outcome": outcome } });
            json!({ "status": "approved", "reason": null, "checks": checks, "steps": steps })
        };
        assert!(check_of(Scenario::Toss, &record("passed", json!([])), &events).is_ok());
        assert!(check_of(Scenario::Toss, &record("not_performed", json!([])), &events).is_err());
        let fetched = json!([{ "event": "engine" }]);
        assert!(check_of(Scenario::Toss, &record("passed", fetched), &events).is_err());
    }
}
