//! Verifications: how they ended, the scores of each attempt, and the pictures that are still held.

use super::MAX_ENTRIES;
use super::frame::{Section, details, figure, head, mark, pictures, rows, time};
use crate::db::console::{self, Attempt, Overview, Picture};
use crate::error::Error;
use crate::html::escape;
use serde_json::Value;
use sqlx::SqlitePool;

pub(super) async fn section(db: &SqlitePool) -> Result<Section, Error> {
    let overviews = console::overviews(db, MAX_ENTRIES).await?;
    let mut body = String::new();
    for (index, overview) in overviews.iter().enumerate() {
        let (attempts, held) = match &overview.session_id {
            Some(id) => (console::attempts(db, id).await?, console::pictures(db, id).await?),
            None => Default::default(),
        };
        body.push_str(&card(overview, &attempts, &held, index == 0));
    }
    Ok(Section {
        id: "sessions",
        title: "Sessions",
        count: overviews.len(),
        body,
        empty: "Nobody has started a verification yet.",
    })
}

fn card(overview: &Overview, attempts: &[Attempt], held: &[Picture], open: bool) -> String {
    let status = match overview.status.as_deref() {
        Some(status) => mark(
            status,
            match status {
                "approved" => Some(true),
                "pending_review" => None,
                _ => Some(false),
            },
        ),
        None => mark("under way", None),
    };
    let reason = overview.reason.as_ref().map(|reason| format!(" · {}", escape(reason))).unwrap_or_default();
    let sub = format!("{} · {}{reason}", time(overview.started_at_ms), escape(&overview.submission_id));
    let mut facts = vec![];
    if let Some(user_id) = &overview.user_id {
        facts.push(("customer's id".to_owned(), user_id.clone()));
    }
    if let Some(count) = overview.attempts {
        facts.push(("attempts".to_owned(), count.to_string()));
    }
    if let Some(ended_at_ms) = overview.completed_at_ms {
        let seconds = ended_at_ms.saturating_sub(overview.started_at_ms) / 1000;
        facts.push(("ended after".to_owned(), format!("{seconds} s")));
    }
    let judged: String = attempts
        .iter()
        .map(|one| {
            let at = time(one.decided_at_ms);
            format!("<h3>Attempt {}, judged {at}</h3>\n{}", one.attempt, rows(&scores(&one.finding)))
        })
        .collect();
    let shown: String = held
        .iter()
        .map(|picture| {
            let session_id = overview.session_id.as_deref().unwrap_or_default();
            let (attempt, kind) = (picture.attempt, &picture.kind);
            let path = format!("/console/captures/{session_id}/{attempt}/{kind}");
            figure(&path, &format!("{kind}, attempt {attempt}"), picture.bytes)
        })
        .collect();
    let inside = format!("{}{judged}{}", rows(&facts), pictures(&shown));
    details(open, &head(&overview.policy_key, &status, &sub), &inside)
}

/// What was found, name by name: words and numbers of the finding, whatever is in it. Corners are left out.
fn scores(finding: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut finding: Value = serde_json::from_str(finding).unwrap_or_default();
    let signs = finding.get_mut("injection").map(Value::take);
    collect("", &finding, &mut found);
    found.extend(signs.iter().filter_map(Value::as_array).flatten().filter_map(sign));
    found
}

/// A sign that the pictures come from no camera: its name, how sure it is, and what was measured.
fn sign(sign: &Value) -> Option<(String, String)> {
    let name = sign.get("code")?.as_str()?.replace('_', " ");
    let number = |name: &str| sign.get(name).and_then(Value::as_f64).unwrap_or_default();
    Some((
        format!("sign: {name}"),
        format!("{:.2} sure, {:.3} measured", number("confidence"), number("value")),
    ))
}

fn collect(name: &str, value: &Value, found: &mut Vec<(String, String)>) {
    let joined = |inner: &str| match name {
        "" | "checks" => inner.replace('_', " "),
        _ => format!("{name} {}", inner.replace('_', " ")),
    };
    match value {
        Value::Object(members) => {
            for (inner, value) in members.iter().filter(|(inner, _)| !inner.ends_with("quad")) {
                collect(&joined(inner), value, found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(&joined(&(index + 1).to_string()), item, found);
            }
        }
        Value::Number(number) => {
            let shown = match number.as_f64().filter(|_| number.is_f64()) {
                Some(number) => format!("{number:.3}"),
                None => number.to_string(),
            };
            found.push((name.to_owned(), shown));
        }
        Value::String(word) => found.push((name.to_owned(), word.replace('_', " "))),
        Value::Bool(is) => found.push((name.to_owned(), if *is { "yes" } else { "no" }.to_owned())),
        Value::Null => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_of_a_finding_are_shown_and_corners_are_not() {
        let finding = r#"{"reason":"face_mismatch","checks":{"same_face":"passed"},"document_quad":[[1,2]],
            "injection":[{"code":"frame_timing","value":0.0005,"confidence":0.4}],
            "face_similarity":0.31234,"passive_selfie":null,"turns":[{"yaw_deg":21.0}]}"#;
        let rows = scores(finding);
        let row = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert!(rows.contains(&row("reason", "face mismatch")), "{rows:?}");
        assert!(rows.contains(&row("same face", "passed")), "{rows:?}");
        assert!(rows.contains(&row("face similarity", "0.312")), "{rows:?}");
        assert!(rows.contains(&row("turns 1 yaw deg", "21.000")), "{rows:?}");
        assert!(rows.contains(&row("sign: frame timing", "0.40 sure, 0.001 measured")), "{rows:?}");
        assert_eq!(rows.len(), 5);
        assert!(scores("no JSON").is_empty());
    }
}
