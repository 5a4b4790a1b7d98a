//! The steps without pictures, each rule as a sentence.

use super::super::session::{JUDGING_MS, MAX_ATTEMPTS};
use super::super::step::tests::*;
use super::super::{Context, Effect, Reply, Request, Session, concluded, step};
use super::*;
use idv_protocol::{AppLinks, FieldProblem, OtpSent, Outcome, PersonField, StepName};

const OTP_POLICY: &str = "us:personal_info:null:personal_info_verf:owner_verf:sms_otp";
const SECRET_POLICY: &str = "jp:document:id_card:government_id_verf:owner_verf:document_secret";
const RECORD_POLICY: &str = "cn:document:id_card:government_id_verf:no_owner_assurance";
const TOSS_POLICY: &str = "kr:eid:certificate:government_ci_verf:owner_verf:toss";

/// The code that the context's random bytes (7, 7, 7, …) make: 0x07070707 modulo a million.
const CODE: &str = "901063";

fn key(text: &str) -> Key {
    Key::parse(text).expect("key")
}

fn with(name: &str, entry: Entry) -> Request {
    Request::Entry { key: Some(key(name)), entry }
}

fn look() -> Request {
    Request::Entry { key: None, entry: Entry::CheckSignature }
}

fn at(after_ms: u64) -> Context {
    Context { now_ms: NOW_MS + after_ms, ..context() }
}

fn go(session: &Session, request: &Request, after_ms: u64) -> (Reply, Session, Vec<Effect>) {
    let step = step(session, request, &at(after_ms)).expect("taken");
    (step.reply, step.session.unwrap_or_else(|| session.clone()), step.effects)
}

fn told(session: &Session, name: Option<&str>, found: Found) -> (Reply, Session) {
    let step = concluded(session, name.map(key).as_ref(), &found, &context()).expect("concluded");
    (step.reply, step.session.unwrap_or_else(|| session.clone()))
}

fn form(country: &str) -> PersonForm {
    let fields: &[(PersonField, &str)] = match country {
        "us" => &[
            (PersonField::GivenName, "Alex"),
            (PersonField::FamilyName, "Sample"),
            (PersonField::BirthDate, "1990-01-02"),
            (PersonField::Street, "1 Main Street"),
            (PersonField::City, "Springfield"),
            (PersonField::Region, "il"),
            (PersonField::PostalCode, "62701"),
            (PersonField::Phone, "(202) 555-0143"),
        ],
        "cn" => &[(PersonField::FullName, "李明"), (PersonField::DocumentNumber, "11010519491231002X")],
        "kr" => &[
            (PersonField::FullName, "김토스"),
            (PersonField::BirthDate, "1993-03-24"),
            (PersonField::Phone, "010-0000-0000"),
        ],
        _ => &[
            (PersonField::FullName, "山田 太郎"),
            (PersonField::BirthDate, "1985-05-05"),
            (PersonField::DocumentNumber, "123456789012"),
        ],
    };
    PersonForm { fields: fields.iter().map(|(field, text)| (*field, (*text).to_owned())).collect() }
}

/// A session whose personal data were accepted.
fn known(policy: &str) -> Session {
    let session = agreed(policy);
    let (reply, session, _) = go(&session, &with("p", Entry::Person(form(&policy[..2]))), 0);
    assert_eq!(reply, Reply::Pending);
    told(&session, Some("p"), Found::Record(true)).1
}

/// A session to which a code was sent.
fn texted() -> Session {
    go(&known(OTP_POLICY), &with("s1", Entry::SendOtp), 0).1
}

fn answer(reply: Reply) -> EntryAnswer {
    match reply {
        Reply::Entry(answer) => answer,
        other => panic!("no answer: {other:?}"),
    }
}

fn wrong(tries_left: u32) -> EntryAnswer {
    EntryAnswer::Wrong { problem: EntryProblem::Wrong, tries_left }
}

fn asked() -> Found {
    let links =
        AppLinks { app_scheme: "a://1".into(), android: "intent://1".into(), ios: "https://1".into() };
    Found::Asked(SignatureHeld {
        trigger: SignatureTrigger::AppScheme,
        links: Some(links),
        expires_at_ms: NOW_MS + SIGNATURE_LIFE_MS,
    })
}

/// A session that waits for a signature.
fn waiting_for_signature() -> Session {
    let start = with("a", Entry::StartSignature(SignatureTrigger::AppScheme));
    let (reply, session, effects) = go(&known(TOSS_POLICY), &start, 0);
    assert_eq!(
        (reply, effects),
        (Reply::Pending, vec![Effect::StartSignature { trigger: SignatureTrigger::AppScheme }])
    );
    let (reply, session) = told(&session, Some("a"), asked());
    assert!(matches!(answer(reply), EntryAnswer::Waiting(wait) if wait.links.is_some()));
    session
}

#[test]
fn personal_data_go_into_the_effect_and_never_into_the_session() {
    let session = agreed(OTP_POLICY);
    let (reply, next, effects) = go(&session, &with("p", Entry::Person(form("us"))), 0);
    assert_eq!(reply, Reply::Pending);
    let [Effect::CheckRecord { person }] = effects.as_slice() else { panic!("no check: {effects:?}") };
    assert_eq!(person.text(PersonField::Phone), "+12025550143");
    assert_eq!(person.text(PersonField::Region), "IL");
    let (reply, after) = told(&next, Some("p"), Found::Record(true));
    assert_eq!(answer(reply), EntryAnswer::Accepted);
    for session in [&next, &after] {
        let text = serde_json::to_string(session).expect("json");
        for typed in ["Alex", "Sample", "1990", "Springfield", "5550143"] {
            assert!(!text.contains(typed), "{typed}");
        }
    }
    assert!(after.entries.person);
    let shown = format!("{effects:?} {:?}", with("p", Entry::Person(form("us"))));
    assert!(!shown.contains("Alex") && !shown.contains("555"), "{shown}");
}

#[test]
fn each_wrong_field_is_named_with_its_code_and_nothing_is_counted() {
    let session = agreed(OTP_POLICY);
    let mut bad = form("us");
    bad.fields.insert(PersonField::Phone, "12".into());
    bad.fields.remove(&PersonField::City);
    let problem = step(&session, &with("p", Entry::Person(bad)), &context()).expect_err("refused");
    assert_eq!((problem.status, problem.code), (422, Code::FieldsInvalid));
    let named: Vec<_> = problem.fields.iter().map(|error| (error.field, error.problem)).collect();
    assert_eq!(
        named,
        [(PersonField::City, FieldProblem::Missing), (PersonField::Phone, FieldProblem::NotAPhone)]
    );
    let (reply, ..) = go(&session, &with("p", Entry::Person(form("us"))), 0);
    assert_eq!(reply, Reply::Pending, "the same key serves for the corrected form");
}

#[test]
fn the_steps_come_in_their_order() {
    let session = agreed(OTP_POLICY);
    let early =
        [Entry::SendOtp, Entry::VerifyOtp(CODE.into()), Entry::Secret("1234".into()), Entry::CheckSignature];
    for entry in early {
        assert_eq!(refused(&session, &with("k", entry)), Code::OutOfOrder);
    }
    assert_eq!(refused(&session, &complete(&session)), Code::OutOfOrder);
    let session = known(OTP_POLICY);
    assert_eq!(
        refused(&session, &with("k", Entry::VerifyOtp(CODE.into()))),
        Code::OutOfOrder,
        "none was sent"
    );
    assert_eq!(refused(&session, &complete(&session)), Code::OutOfOrder, "the code is missing");
    let waiting = known(TOSS_POLICY);
    assert_eq!(refused(&waiting, &look()), Code::OutOfOrder, "nothing was asked for");
    let before_consent = Session { consent: None, ..known(OTP_POLICY) };
    assert_eq!(refused(&before_consent, &with("k", Entry::SendOtp)), Code::OutOfOrder);
    let no_key = Request::Entry { key: None, entry: Entry::SendOtp };
    assert_eq!(refused(&known(OTP_POLICY), &no_key), Code::InvalidRequest);
}

#[test]
fn a_code_is_six_digits_every_one_as_likely_and_kept_as_a_keyed_digest() {
    let (reply, session, effects) = go(&known(OTP_POLICY), &with("s1", Entry::SendOtp), 0);
    let [Effect::SendOtp { code }] = effects.as_slice() else { panic!("nothing sent") };
    assert_eq!(code.as_str(), CODE);
    assert_eq!(format!("{effects:?}"), "[SendOtp { code: OtpCode(..) }]");
    let sent = OtpSent { expires_in_ms: 180_000, resend_in_ms: 30_000, tries_left: 5, sends_left: 2 };
    assert_eq!(answer(reply), EntryAnswer::Sent(sent));
    let held = session.entries.otp.clone().expect("held");
    assert_eq!(held.digest.len(), 64);
    assert!(!serde_json::to_string(&session).expect("json").contains(CODE));
    let other = Context { otp_key: [10; 32], ..context() };
    let step = step(&session, &with("v", Entry::VerifyOtp(CODE.into())), &other).expect("taken");
    assert_eq!(answer(step.reply), wrong(4), "the digest needs the operator's key");

    // Draws from 4294000000 on are thrown away, so that the lowest codes are no likelier than the others.
    let mut random = [0xFF; 32];
    assert_eq!(OtpCode::draw(&random), None);
    random[28..].copy_from_slice(&4_293_999_999_u32.to_be_bytes());
    assert_eq!(OtpCode::draw(&random).expect("the last draw").as_str(), "999999");
    random[..4].copy_from_slice(&0_u32.to_be_bytes());
    assert_eq!(OtpCode::draw(&random).expect("the first draw").as_str(), "000000");
    random[..4].copy_from_slice(&4_294_000_000_u32.to_be_bytes());
    assert_eq!(OtpCode::draw(&random).expect("drawn again").as_str(), "999999");
}

#[test]
fn the_right_code_completes_a_plan_without_pictures() {
    let (reply, session, _) = go(&texted(), &with("v", Entry::VerifyOtp(CODE.into())), 1000);
    assert_eq!(answer(reply), EntryAnswer::Accepted);
    let (Reply::Plan(plan), ..) = go(&session, &Request::Plan, 1000) else { panic!("no plan") };
    assert_eq!((plan.met, plan.otp), (vec![StepName::Person, StepName::Otp], None));
    let step = step(&session, &complete(&session), &context()).expect("taken");
    assert_eq!(step.reply, Reply::Pending, "no frame was looked at, and none is asked for");
    assert!(matches!(step.effects.as_slice(), [Effect::StoreEvidence(_), Effect::Decide]));
    let Request::Complete(manifest) = complete(&session) else { panic!("no evidence") };
    let evidence = manifest.evidence();
    assert!(evidence.captures.is_empty() && evidence.nonce == session.nonce);
}

#[test]
fn a_code_has_five_tries_and_three_minutes() {
    let mut session = texted();
    for (at_try, left) in [(1, 4), (2, 3), (3, 2), (4, 1), (5, 0)] {
        let (reply, next, _) =
            go(&session, &with(&format!("v{at_try}"), Entry::VerifyOtp("000000".into())), 1000);
        assert_eq!(answer(reply), wrong(left));
        session = next;
    }
    let expired = EntryAnswer::Wrong { problem: EntryProblem::Expired, tries_left: 0 };
    let right = with("v6", Entry::VerifyOtp(CODE.into()));
    assert_eq!(answer(go(&session, &right, 1000).0), expired, "used up");
    assert_eq!(answer(go(&texted(), &right, OTP_LIFE_MS - 1).0), EntryAnswer::Accepted);
    assert_eq!(answer(go(&texted(), &right, OTP_LIFE_MS).0), expired, "too late");
    for malformed in ["", "12345", "1234567", "12345a", "１２３４５６"] {
        let request = with("v", Entry::VerifyOtp(malformed.into()));
        assert_eq!(refused(&texted(), &request), Code::InvalidRequest, "no try: {malformed}");
    }
}

#[test]
fn another_code_is_sent_after_half_a_minute_and_three_are_all() {
    let mut session = texted();
    let soon = step(&session, &with("s2", Entry::SendOtp), &at(OTP_RESEND_MS - 1)).expect_err("too soon");
    assert_eq!((soon.status, soon.code), (429, Code::RateLimited));
    let first = session.entries.otp.clone().expect("held").digest;
    for (name, after_ms) in [("s2", OTP_RESEND_MS), ("s3", 2 * OTP_RESEND_MS)] {
        session = go(&session, &with(name, Entry::SendOtp), after_ms).1;
        assert_ne!(
            session.entries.otp.as_ref().expect("held").digest,
            first,
            "another number, another digest"
        );
    }
    let (reply, after, effects) = go(&session, &with("s4", Entry::SendOtp), 3 * OTP_RESEND_MS);
    assert_eq!(reply, Reply::Retry { reason: Reason::OtpFailed, attempts_left: 2 });
    assert_eq!((after.attempt, after.entries.person, effects), (2, false, vec![]), "the number may be wrong");
    // The last code's last wrong try ends the attempt too.
    for number in 0..4 {
        session =
            go(&session, &with(&format!("v{number}"), Entry::VerifyOtp("000000".into())), 2 * OTP_RESEND_MS)
                .1;
    }
    let (reply, ..) = go(&session, &with("v4", Entry::VerifyOtp("000000".into())), 2 * OTP_RESEND_MS);
    assert_eq!(reply, Reply::Retry { reason: Reason::OtpFailed, attempts_left: 2 });
}

#[test]
fn the_same_key_gets_the_same_answer_and_has_no_second_effect() {
    let session = known(OTP_POLICY);
    let send = with("s1", Entry::SendOtp);
    let (first, session, effects) = go(&session, &send, 0);
    assert_eq!(effects.len(), 1);
    let again = step(&session, &send, &at(OTP_LIFE_MS)).expect("answered");
    assert_eq!((again.reply, again.session, again.effects), (first, None, vec![]));

    let guess = with("v1", Entry::VerifyOtp("000000".into()));
    let (first, session, _) = go(&session, &guess, 0);
    let (second, session, _) = go(&session, &guess, 0);
    assert_eq!((answer(first), answer(second)), (wrong(4), wrong(4)));
    assert_eq!(session.entries.otp.as_ref().expect("held").failures, 1, "one press, one try");

    // The answer that ended an attempt comes again in the next one.
    let refusing = agreed(OTP_POLICY);
    let form_of = with("p1", Entry::Person(form("us")));
    let (_, working, _) = go(&refusing, &form_of, 0);
    let (retry, next) = told(&working, Some("p1"), Found::Record(false));
    assert_eq!(retry, Reply::Retry { reason: Reason::NotOnRecord, attempts_left: 2 });
    let (again, after, effects) = go(&next, &form_of, 0);
    assert_eq!((again, after.attempt, effects), (retry, 2, vec![]));
}

#[test]
fn while_a_step_is_worked_on_no_other_work_begins() {
    let (_, session, _) = go(&agreed(OTP_POLICY), &with("p", Entry::Person(form("us"))), 0);
    assert_eq!(refused(&session, &with("p", Entry::Person(form("us")))), Code::InProgress);
    assert_eq!(refused(&session, &with("q", Entry::Person(form("us")))), Code::InProgress);
    let (reply, later, effects) = go(&session, &with("q", Entry::Person(form("us"))), JUDGING_MS);
    assert_eq!((reply, effects.len()), (Reply::Pending, 1), "whoever did it is gone");
    let late = concluded(&later, Some(&key("p")), &Found::Record(true), &at(JUDGING_MS)).expect_err("late");
    assert_eq!(late.code, Code::OutOfOrder, "the work of another key");
    let (reply, after) = told(&session, Some("p"), Found::Unavailable);
    assert_eq!(reply, Reply::Unavailable);
    assert_eq!(go(&after, &with("p", Entry::Person(form("us"))), 0).0, Reply::Pending, "the same key again");
}

#[test]
fn who_is_not_on_record_has_three_attempts() {
    let mut session = agreed(RECORD_POLICY);
    for (name, left) in [("a", 2), ("b", 1)] {
        let (_, working, _) = go(&session, &with(name, Entry::Person(form("cn"))), 0);
        let (reply, next) = told(&working, Some(name), Found::Record(false));
        assert_eq!(reply, Reply::Retry { reason: Reason::NotOnRecord, attempts_left: left });
        session = next;
    }
    let (_, working, _) = go(&session, &with("c", Entry::Person(form("cn"))), 0);
    let (reply, after) = told(&working, Some("c"), Found::Record(false));
    let Reply::Settled(settled) = &reply else { panic!("not settled") };
    assert_eq!((settled.outcome, settled.reason), (Outcome::Rejected, Some(Reason::NotOnRecord)));
    assert_eq!(settled.attempt, MAX_ATTEMPTS);
    assert_eq!(go(&after, &with("c", Entry::Person(form("cn"))), 0).0, reply, "sent again");
}

#[test]
fn a_wrong_secret_ends_it_at_the_third_try_of_the_session() {
    let mut session = known(SECRET_POLICY);
    for (name, left) in [("a", 2), ("b", 1)] {
        let (reply, working, effects) = go(&session, &with(name, Entry::Secret("0000".into())), 0);
        assert_eq!(
            (reply, effects),
            (Reply::Pending, vec![Effect::CheckSecret { secret: Secret("0000".into()) }])
        );
        let (reply, next) = told(&working, Some(name), Found::Secret(false));
        assert_eq!(answer(reply), wrong(left));
        session = next;
    }
    let (Reply::Plan(plan), ..) = go(&session, &Request::Plan, 0) else { panic!("no plan") };
    assert_eq!(plan.secret_tries_left, Some(1));
    let (_, working, _) = go(&session, &with("c", Entry::Secret("0000".into())), 0);
    let (reply, _) = told(&working, Some("c"), Found::Secret(false));
    let Reply::Settled(settled) = reply else { panic!("not settled") };
    assert_eq!((settled.outcome, settled.reason), (Outcome::Rejected, Some(Reason::SecretWrong)));

    let (_, working, _) = go(&session, &with("d", Entry::Secret("1234".into())), 0);
    let (reply, after) = told(&working, Some("d"), Found::Secret(true));
    assert_eq!(answer(reply), EntryAnswer::Accepted);
    assert_eq!(run(&after, &complete(&after)).0, Reply::Pending);
    assert_eq!(refused(&session, &with("e", Entry::Secret("12345".into()))), Code::InvalidRequest, "no try");
}

#[test]
fn a_signature_counts_once_its_result_was_read() {
    let session = waiting_for_signature();
    let (Reply::Plan(plan), ..) = go(&session, &Request::Plan, 60_000) else { panic!("no plan") };
    assert_eq!(plan.signature.expect("waited for").expires_in_ms, SIGNATURE_LIFE_MS - 60_000);
    let (reply, looking, effects) = go(&session, &look(), 0);
    assert_eq!((reply, effects), (Reply::Pending, vec![Effect::CheckSignature]));
    assert!(matches!(answer(go(&looking, &look(), 0).0), EntryAnswer::Waiting(_)), "one look at a time");
    let (reply, still) = told(&looking, None, Found::Signature(SignatureSeen::Waiting));
    assert!(matches!(answer(reply), EntryAnswer::Waiting(_)));
    assert_eq!(refused(&still, &complete(&still)), Code::OutOfOrder, "a status completes nothing");
    let (reply, signed) = told(&go(&still, &look(), 0).1, None, Found::Signature(SignatureSeen::Signed));
    assert_eq!(answer(reply), EntryAnswer::Accepted);
    assert_eq!(answer(go(&signed, &look(), 0).0), EntryAnswer::Accepted, "asked again");
    assert_eq!(run(&signed, &complete(&signed)).0, Reply::Pending);
}

#[test]
fn a_signature_that_does_not_come_costs_an_attempt_and_keeps_the_person() {
    let rows = [
        (SignatureSeen::Refused, Reason::SignatureRefused, true),
        (SignatureSeen::Expired, Reason::SignatureExpired, true),
        (SignatureSeen::Invalid, Reason::SignatureInvalid, false),
    ];
    for (seen, reason, keeps_person) in rows {
        let looking = go(&waiting_for_signature(), &look(), 0).1;
        let (reply, next) = told(&looking, None, Found::Signature(seen));
        assert_eq!(reply, Reply::Retry { reason, attempts_left: 2 });
        assert_eq!(
            (next.entries.person, next.entries.signature.is_none()),
            (keeps_person, true),
            "{reason:?}"
        );
    }
}

#[test]
fn another_way_to_sign_takes_the_place_of_the_first_and_six_are_all() {
    let mut session = waiting_for_signature();
    let push = |name: &str| with(name, Entry::StartSignature(SignatureTrigger::Push));
    for number in 2..=MAX_SIGNATURE_STARTS {
        let name = format!("a{number}");
        let (reply, working, _) = go(&session, &push(&name), 0);
        assert_eq!(reply, Reply::Pending);
        let held = SignatureHeld { trigger: SignatureTrigger::Push, links: None, expires_at_ms: NOW_MS + 1 };
        session = told(&working, Some(&name), Found::Asked(held)).1;
    }
    assert_eq!(session.entries.signature.as_ref().map(|held| held.trigger), Some(SignatureTrigger::Push));
    let (reply, ..) = go(&session, &push("last"), 0);
    assert_eq!(reply, Reply::Retry { reason: Reason::SignatureExpired, attempts_left: 2 });
}

#[test]
fn personal_data_may_be_corrected_until_something_follows_from_them() {
    let session = texted();
    let (reply, working, _) = go(&session, &with("p2", Entry::Person(form("us"))), 0);
    assert_eq!(reply, Reply::Pending);
    let (_, corrected) = told(&working, Some("p2"), Found::Record(true));
    assert!(corrected.entries.otp.is_none(), "the code went to another number");
    assert_eq!(corrected.entries.otp_sends, 1, "and still counts");
    let (_, met, _) = go(&session, &with("v", Entry::VerifyOtp(CODE.into())), 0);
    let (reply, after, effects) = go(&met, &with("p3", Entry::Person(form("us"))), 0);
    assert_eq!((answer(reply), after, effects), (EntryAnswer::Accepted, met, vec![]));
}

#[test]
fn pictures_and_entries_do_not_mix_in_a_plan_that_asks_for_one_of_them() {
    let session = known(OTP_POLICY);
    assert_eq!(refused(&session, &capture(1, idv_protocol::CaptureKind::DocumentFront, 0)), Code::OutOfOrder);
    assert!(!session.asks_captures());
    let pictures = agreed(SELFIE_POLICY);
    assert_eq!(refused(&pictures, &with("k", Entry::SendOtp)), Code::OutOfOrder);
    assert!(pictures.asks_captures());
}

#[test]
fn only_some_answers_are_kept_so_that_a_session_stays_small() {
    let mut session = known(SECRET_POLICY);
    for number in 0..40 {
        session.entries.keep(KeptAnswer {
            key_sha256: key(&format!("k{number}")).digest(),
            attempt: 1,
            answer: Some(EntryAnswer::Accepted),
        });
    }
    assert!(session.entries.answers.len() <= 16);
    assert!(
        session.entries.answer_to(&key("k39")).is_some() && session.entries.answer_to(&key("p")).is_none()
    );
}
