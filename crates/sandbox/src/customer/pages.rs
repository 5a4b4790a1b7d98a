//! The demo customer's pages.

use idv_edge::tomo::ResultResponse;
use idv_protocol::{Outcome, Reason};

pub(super) const HOME: &str = r#"<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Demo customer</title>
    <link rel="stylesheet" href="/customer/style.css">
  </head>
  <body>
    <main>
      <p class="who">Demo customer</p>
      <h1>Open an account</h1>
      <p>To open an account, confirm who you are. Have ready what you choose; where pictures are taken, sit in good light.</p>
      <form method="post" action="/demo/start">
        <label for="policy">How</label>
        <select id="policy" name="policy">
          <option value="unknown:default">Passport and face</option>
          <option value="us:default">United States: personal data and a code by text message</option>
          <option value="us:document:residential_card:document_ocr_check:no_owner_assurance">United States: residence card</option>
          <option value="jp:default">Japan: identity card number and its security code</option>
          <option value="jp:document:passport:document_ocr_check:no_owner_assurance">Japan: passport</option>
          <option value="cn:default">China: identity card number</option>
          <option value="cn:document:id_card:document_authenticity_check:owner_check:submitted_doc_selfie_match">China: identity card, examined for a copy, and face</option>
          <option value="cn:document:id_card:document_ocr_check:owner_check:submitted_doc_selfie_match">China: identity card and face</option>
          <option value="kr:default">Korea: signature in the Toss app</option>
        </select>
        <label for="challenge">Where the face is shown</label>
        <select id="challenge" name="challenge">
          <option value="standard">Any action</option>
          <option value="no_head_movement">Without moving the head</option>
          <option value="no_precise_sight">Without seeing precisely</option>
        </select>
        <button>Verify my identity</button>
      </form>
      <p class="note">Everything runs on this computer. The demo customer's server signs a client assertion, fetches a token, starts the verification, and sends you to the operator's page.</p>
    </main>
  </body>
</html>
"#;

pub(super) const STYLE: &str = r#":root { color-scheme: light dark; --ink: #10211f; --dim: #4b5e5b; --paper: #fff; --ground: #eef2f1; --line: #cfdad7; --key: #0b5f55; --on-key: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8efed; --dim: #9fb2ae; --paper: #101918; --ground: #080e0d; --line: #263532; --key: #6fd3c4; --on-key: #06201c; } }
* { box-sizing: border-box; }
body { margin: 0; min-block-size: 100dvh; display: grid; place-items: center; padding: 1.5rem; background: var(--ground); color: var(--ink); font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { inline-size: min(34rem, 100%); padding: clamp(1.5rem, 5vw, 2.5rem); background: var(--paper); border: 1px solid var(--line); border-radius: 1rem; }
h1 { margin: 0 0 .75rem; font-size: 1.75rem; line-height: 1.25; letter-spacing: -.01em; }
p { margin: 0 0 1rem; }
.who { margin-block-end: .25rem; color: var(--dim); font-size: .875rem; }
.note { margin: 1.5rem 0 0; padding-block-start: 1rem; border-block-start: 1px solid var(--line); color: var(--dim); font-size: .9375rem; }
label { display: block; font-weight: 600; }
select { inline-size: 100%; min-block-size: 3rem; margin: .35rem 0 1rem; padding: .5rem .75rem; border: 1.5px solid var(--dim); border-radius: .65rem; background: var(--paper); color: inherit; font: inherit; }
select:focus-visible { outline: 3px solid var(--key); outline-offset: 2px; }
button, .button { display: block; inline-size: 100%; min-block-size: 3.25rem; padding: .75rem 1.25rem; border: 0; border-radius: .75rem; background: var(--key); color: var(--on-key); font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer; }
button:focus-visible, .button:focus-visible { outline: 3px solid var(--key); outline-offset: 3px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.25rem; margin: 0 0 1.5rem; }
dt { color: var(--dim); }
dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
"#;

/// The page that the visitor returns to; `result` is what the server fetched, where it knows the visitor.
pub(super) fn returned(result: Option<&ResultResponse>) -> String {
    let (title, body) = match result {
        None => ("You are back", String::new()),
        Some(result) => outcome(result),
    };
    format!(
        r#"<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{title}</title>
    <link rel="stylesheet" href="/customer/style.css">
  </head>
  <body>
    <main>
      <p class="who">Demo customer</p>
      <h1>{title}</h1>
      {body}
      <a class="button" href="/">Back to the start</a>
      <p class="note">The address you came back with is only a hint: anyone can write one, with a token and a key that fit each other. Whether a verification succeeded is decided by what this server fetches from the operator, server to server.</p>
    </main>
  </body>
</html>
"#
    )
}

/// Title and details of the last verification. All words are ours or from closed sets, so nothing is escaped.
fn outcome(result: &ResultResponse) -> (&'static str, String) {
    let Some((record, kyc)) = result.records().find_map(|record| Some((record, record.kyc.as_ref()?))) else {
        return ("Not finished yet", "<p>The operator has no outcome for you yet.</p>".to_owned());
    };
    let (title, status) = match kyc.status {
        Outcome::Approved => ("You are verified", "approved"),
        Outcome::Rejected => ("We could not verify you", "rejected"),
        Outcome::PendingReview => ("A person will look at it", "pending_review"),
        Outcome::Expired => ("The time ran out", "expired"),
        Outcome::Canceled => ("The check was not finished", "canceled"),
    };
    let mut rows = vec![("Status", status.to_owned())];
    if let Some(reason) = kyc.status_reason {
        rows.push(("Reason", Reason::code(reason).to_owned()));
    }
    if let Some(similarity) = kyc.checks.biometric.similarity_score {
        rows.push(("Face similarity", format!("{similarity:.2}")));
    }
    rows.push(("Attempts", kyc.checks.document.attempts.to_string()));
    if record.policy_key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":_".contains(&byte)) {
        rows.push(("Policy", record.policy_key.clone()));
    }
    let rows: String = rows.iter().map(|(name, value)| format!("<dt>{name}</dt><dd>{value}</dd>")).collect();
    (title, format!("<dl>{rows}</dl>"))
}
