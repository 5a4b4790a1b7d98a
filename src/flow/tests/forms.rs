//! The steps without pictures.

use super::*;
use crate::flow::Entry;
use serde_json::{Value, json};

fn person() -> Step {
    Step::Person(PersonStep {
        country: "us".into(),
        fields: vec![PersonField::GivenName, PersonField::BirthDate, PersonField::Phone],
    })
}

fn otp() -> Step {
    Step::Otp(OtpStep { digits: 6, life_ms: 180_000, resend_after_ms: 30_000, max_tries: 5, max_sends: 3 })
}

fn secret() -> Step {
    Step::Secret(SecretStep { digits: 4, max_tries: 3 })
}

fn signature() -> Step {
    Step::Signature(SignatureStep {
        provider: SignatureProvider::Toss,
        triggers: vec![SignatureTrigger::Push, SignatureTrigger::AppScheme],
        poll_after_ms: 3000,
    })
}

fn typed(phone: &str) -> Entry {
    let fields = [
        (PersonField::GivenName, "Alex"),
        (PersonField::BirthDate, "1965-01-02"),
        (PersonField::Phone, phone),
    ];
    Entry::Person(PersonForm { fields: fields.map(|(field, text)| (field, text.to_owned())).into() })
}

fn accepted() -> (u16, Value) {
    (200, json!({ "state": "accepted" }))
}

fn sent() -> (u16, Value) {
    (
        200,
        json!({ "state": "sent", "expires_in_ms": 180_000, "resend_in_ms": 30_000, "tries_left": 5, "sends_left": 2 }),
    )
}

fn wrong(tries_left: u32) -> (u16, Value) {
    (200, json!({ "state": "wrong", "problem": "wrong", "tries_left": tries_left }))
}

fn waiting() -> (u16, Value) {
    let links =
        json!({ "app_scheme": "supertoss://a", "android": "intent://a", "ios": "https://ul.toss.im?a" });
    (200, json!({ "state": "waiting", "trigger": "app_scheme", "links": links, "expires_in_ms": 600_000 }))
}

/// A page whose plan asks for consent and `steps`, after the consent.
fn at(steps: Vec<Step>, answers: &[(u16, Value)]) -> World {
    // Birth dates are before 1970, where the clock of the plan stands.
    let relay = Relay { entry_answers: answers.to_vec().into(), ..Relay::of(steps) };
    let mut world =
        World::on(relay, Some("one-time"), Saved::Nothing, |params| params.camera = CameraAccess::Missing);
    world.start();
    world.act(Action::Agree);
    world
}

fn enter(world: &mut World, entry: Entry) {
    world.send(Event::Entered(entry));
}

#[test]
fn goes_through_personal_data_and_code_to_the_receipt_without_camera_and_engine() {
    let mut world = at(vec![person(), otp()], &[accepted(), sent(), accepted()]);
    let view = world.flow.view();
    assert_eq!((view.screen, view.steps.as_slice()), (Screen::Person, &["consent", "person", "otp"][..]));
    assert_eq!(view.person.expect("a form").fields.len(), 3);
    enter(&mut world, typed("202-555-0143"));
    let view = world.flow.view();
    let otp = view.otp.expect("a code");
    assert_eq!((view.screen, otp.sent, otp.phone_end.as_deref()), (Screen::Otp, true, Some("43")));
    enter(&mut world, Entry::Code("123456".into()));
    assert_eq!(world.screen(), Screen::Done);
    let paths: Vec<&str> = world.relay.entries.iter().map(|(path, ..)| path.as_str()).collect();
    assert_eq!(paths, ["/person", "/otp/send", "/otp/verify"]);
    assert_eq!(world.relay.entries[0].2["fields"]["phone"], "+12025550143");
    assert_eq!(world.relay.entries[2].2, json!({ "code": "123456" }));
    let evidence = &world.relay.evidence[0];
    assert_eq!((evidence.captures.len(), evidence.nonce.as_str()), (0, "nonce of attempt 1"));
    let fetched = [Effect::StartWorker, Effect::StartFrames];
    assert_eq!(fetched.map(|effect| world.count(&effect)), [0, 0], "no engine for a plan without pictures");
    assert!(world.announced.iter().all(|announced| !matches!(announced, Announcement::Error(_))));
}

#[test]
fn every_press_has_a_key_of_its_own_and_every_try_of_it_the_same() {
    let mut world = at(vec![person(), otp()], &[accepted(), sent(), accepted()]);
    world.relay.faults.push(("POST /person", Fault::LostBefore));
    enter(&mut world, typed("202-555-0143"));
    assert!(world.flow.view().busy);
    world.wait(5_000.0);
    assert_eq!(world.screen(), Screen::Otp);
    world.relay.entry_answers.push_front(wrong(4));
    enter(&mut world, Entry::Code("000000".into()));
    enter(&mut world, Entry::Code("123456".into()));
    let keys: std::collections::HashSet<_> =
        world.relay.entries.iter().map(|(_, key, _)| key.clone()).collect();
    assert_eq!((keys.len(), world.relay.entries.len()), (4, 4));
    assert!(keys.iter().all(|key| key.as_ref().is_some_and(|key| key.len() == 32)));

    let mut lost = at(vec![person(), otp()], &[accepted(), accepted(), sent()]);
    lost.relay.faults.push(("POST /person", Fault::LostAfter));
    enter(&mut lost, typed("202-555-0143"));
    lost.wait(5_000.0);
    assert_eq!(lost.relay.entries[0], lost.relay.entries[1], "sent again as it was");
}

#[test]
fn fields_that_cannot_be_right_are_shown_and_not_sent() {
    let mut world = at(
        vec![person()],
        &[
            (
                422,
                json!({
                    "status": 422, "code": "fields_invalid", "detail": "",
                    "fields": [{ "field": "birth_date", "problem": "date_out_of_range" }],
                }),
            ),
            accepted(),
        ],
    );
    enter(&mut world, typed("12"));
    let errors = |world: &World| world.flow.view().person.expect("a form").errors;
    assert_eq!(errors(&world), [FieldError { field: PersonField::Phone, problem: FieldProblem::NotAPhone }]);
    assert_eq!((world.relay.entries.len(), world.flow.view().busy), (0, false));
    enter(&mut world, typed("202-555-0143"));
    let of_relay = FieldError { field: PersonField::BirthDate, problem: FieldProblem::DateOutOfRange };
    assert_eq!((errors(&world), world.flow.view().busy), (vec![of_relay], false));
    enter(&mut world, typed("202-555-0143"));
    assert_eq!(world.screen(), Screen::Done);
}

#[test]
fn a_wrong_code_says_so_and_another_one_comes_after_its_time() {
    let mut world = at(vec![person(), otp()], &[accepted(), sent(), wrong(4), sent(), wrong(0), sent()]);
    enter(&mut world, typed("202-555-0143"));
    enter(&mut world, Entry::Code("000000".into()));
    let seen = world.flow.view().otp.expect("a code");
    assert_eq!((seen.tries_left, seen.problem), (4, Some(EntryProblem::Wrong)));
    world.act(Action::Resend);
    assert_eq!(world.relay.count("POST /otp/send"), 1, "too soon");
    world.wait(30_000.0);
    world.act(Action::Resend);
    let seen = world.flow.view().otp.expect("a code");
    assert_eq!((seen.problem, seen.tries_left, seen.resend_at_ms), (None, 5, 60_000.0));
    enter(&mut world, Entry::Code("000000".into()));
    world.act(Action::Resend);
    assert_eq!(world.relay.count("POST /otp/send"), 3, "a code without tries need not be waited for");
}

#[test]
fn a_wrong_number_can_be_corrected_and_the_code_goes_there() {
    let mut world = at(vec![person(), otp()], &[accepted(), sent(), accepted(), sent()]);
    enter(&mut world, typed("202-555-0143"));
    world.act(Action::Correct);
    assert_eq!(world.screen(), Screen::Person);
    enter(&mut world, typed("202-555-0199"));
    let view = world.flow.view();
    assert_eq!((view.screen, view.otp.expect("a code").phone_end.as_deref()), (Screen::Otp, Some("99")));
    assert_eq!(world.relay.count("POST /otp/send"), 2);
}

#[test]
fn a_secret_counts_its_tries_and_the_last_one_ends_it() {
    let ended = (
        200,
        json!({ "state": "received", "submission_id": "sub-1", "return_url": "https://shop.example/fail" }),
    );
    let mut world = at(vec![person(), secret()], &[accepted(), wrong(2), wrong(1), ended]);
    enter(&mut world, typed("202-555-0143"));
    let view = world.flow.view().secret.expect("a secret");
    assert_eq!((view.digits, view.country.as_str(), view.tries_left), (4, "us", 3));
    for left in [2, 1] {
        enter(&mut world, Entry::Secret("0000".into()));
        assert_eq!(world.flow.view().secret.expect("a secret").tries_left, left);
    }
    enter(&mut world, Entry::Secret("0000".into()));
    let view = world.flow.view();
    assert_eq!((view.screen, view.cancelled), (Screen::Done, false), "the page learns no verdict");
    assert_eq!(view.return_url.as_deref(), Some("https://shop.example/fail"));
}

#[test]
fn a_signature_is_waited_for_and_looked_at_by_timer_and_on_return() {
    let answers = [accepted(), waiting(), waiting(), waiting(), accepted()];
    let mut world = at(vec![person(), signature()], &answers);
    enter(&mut world, typed("202-555-0143"));
    let view = world.flow.view();
    assert_eq!((view.screen, view.signature.expect("ways").triggers.len()), (Screen::Signature, 2));
    enter(&mut world, Entry::Signature(SignatureTrigger::AppScheme));
    let wait = world.flow.view().signature.and_then(|signature| signature.wait).expect("waited for");
    assert_eq!((wait.uri.as_deref(), wait.expires_at_ms), (Some("supertoss://a"), 600_000.0));
    assert_eq!(world.screen(), Screen::SignatureWait);
    world.wait(2_999.0);
    assert_eq!(world.relay.count("POST /signature/check"), 0);
    world.wait(1.0);
    assert_eq!(world.relay.count("POST /signature/check"), 1, "by the timer");
    world.send(Event::Visible(false));
    world.wait(10_000.0);
    let behind = world.relay.count("POST /signature/check");
    world.send(Event::Visible(true));
    assert_eq!(world.relay.count("POST /signature/check"), behind + 1, "at once on return");
    world.act(Action::Check);
    assert_eq!(world.screen(), Screen::Done, "signed");
    assert!(
        world
            .relay
            .entries
            .iter()
            .filter(|(path, ..)| path == "/signature/check")
            .all(|(_, key, _)| key.is_none())
    );
}

#[test]
fn looks_that_fail_disturb_nobody_and_another_way_may_be_chosen() {
    let mut world = at(vec![person(), signature()], &[accepted(), waiting(), waiting(), accepted()]);
    enter(&mut world, typed("202-555-0143"));
    enter(&mut world, Entry::Signature(SignatureTrigger::AppScheme));
    world.relay.faults = vec![("POST /signature/check", Fault::Status(503)); 6];
    world.wait(60_000.0);
    assert_eq!(world.screen(), Screen::Done, "looked at until it was signed");

    let mut world = at(vec![person(), signature()], &[accepted(), waiting(), waiting()]);
    enter(&mut world, typed("202-555-0143"));
    enter(&mut world, Entry::Signature(SignatureTrigger::AppScheme));
    world.act(Action::Change);
    assert_eq!(world.screen(), Screen::Signature);
    enter(&mut world, Entry::Signature(SignatureTrigger::Push));
    assert_eq!(world.screen(), Screen::SignatureWait);
    assert_eq!(world.relay.entries.last().expect("asked").2, json!({ "trigger": "push" }));
}

#[test]
fn an_attempt_that_ends_at_a_step_begins_again_with_what_is_still_met() {
    let retry = (200, json!({ "state": "retry", "reason": "signature_refused", "attempts_left": 2 }));
    let mut world = at(vec![person(), signature()], &[accepted(), waiting(), retry]);
    enter(&mut world, typed("202-555-0143"));
    enter(&mut world, Entry::Signature(SignatureTrigger::AppScheme));
    world.act(Action::Check);
    let view = world.flow.view();
    let notice = view.retry.expect("a notice");
    assert_eq!((view.screen, notice.reason), (Screen::TryAgain, Reason::SignatureRefused));
    world.relay.attempt = 2;
    world.relay.forms = json!({ "met": ["person"] });
    world.act(Action::Retry);
    assert_eq!(world.screen(), Screen::Signature, "the personal data stand");
    assert!(world.flow.view().signature.expect("ways").wait.is_none());
}

#[test]
fn a_reloaded_page_goes_on_where_it_was_and_keeps_nothing_that_was_typed() {
    let mut world = at(vec![person(), otp()], &[accepted(), sent()]);
    enter(&mut world, typed("202-555-0143"));
    let kept = format!("{:?}", serde_json::to_string(&world.saved).expect("json"));
    assert!(!kept.contains("Alex") && !kept.contains("5550143"), "{kept}");
    world.relay.forms = json!({
        "met": ["person"],
        "otp": { "expires_in_ms": 100_000, "resend_in_ms": 0, "tries_left": 3, "sends_left": 1 },
    });
    let saved = world.saved.clone();
    let mut again = world.reloaded();
    again.start();
    let view = again.flow.view();
    let otp = view.otp.expect("a code");
    assert_eq!((view.screen, otp.tries_left, otp.phone_end), (Screen::Otp, 3, None));
    assert_eq!(again.relay.count("POST /otp/send"), 1, "no other code is sent");

    again.relay.steps = vec![Step::Consent, person(), signature()];
    again.relay.forms =
        json!({ "met": ["person"], "signature": { "trigger": "push", "expires_in_ms": 1_000 } });
    again.saved = saved;
    let mut waiting = again.reloaded();
    waiting.start();
    assert_eq!(waiting.screen(), Screen::SignatureWait);
}

#[test]
fn a_request_that_does_not_come_through_is_tried_again_by_the_user() {
    let mut world = at(vec![person(), secret()], &[accepted(), accepted()]);
    world.relay.faults = vec![("POST /person", Fault::Status(503)); 6];
    enter(&mut world, typed("202-555-0143"));
    world.wait(60_000.0);
    assert_eq!((world.screen(), world.error_code()), (Screen::Error, Some("server_unavailable")));
    world.act(Action::Retry);
    assert_eq!(world.screen(), Screen::Secret);
    assert_eq!(world.relay.entries.len(), 1);
    world.act(Action::Cancel);
    assert_eq!(world.relay.canceled, Some(Reason::UserCanceled));
}

#[test]
fn what_the_screen_does_not_ask_for_changes_nothing() {
    let mut world = at(vec![person(), otp()], &[accepted(), sent()]);
    for entry in
        [Entry::Code("123456".into()), Entry::Secret("1".into()), Entry::Signature(SignatureTrigger::Push)]
    {
        enter(&mut world, entry);
    }
    for action in [Action::Resend, Action::Correct, Action::Check, Action::Change] {
        world.act(action);
    }
    assert_eq!((world.screen(), world.relay.entries.len()), (Screen::Person, 0));
}
