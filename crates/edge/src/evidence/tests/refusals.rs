//! What is refused, and by which name.

use super::*;

#[test]
fn evidence_of_another_session_attempt_or_nonce_is_refused_by_name() {
    let page = Page::new();
    let part = Part::Evidence;
    let other = |change: fn(&mut EvidenceContext)| {
        let mut context = page.context();
        change(&mut context);
        // The captures, too, are of the first session: opened ones are not bound to it.
        let bundle = EvidenceBundle { captures: vec![], ..page.bundle() };
        refused(&bundle, &context)
    };
    assert_eq!(other(|context| context.session_id = "s2".into()), Failure::Session(part));
    assert_eq!(other(|context| context.attempt = 2), Failure::Attempt(part));
    assert_eq!(other(|context| context.nonce = "02".repeat(32)), Failure::Nonce(part));
}

#[test]
fn evidence_that_was_taken_before_is_replayed_whatever_its_signature() {
    let page = Page::new();
    let seen = vec![page.check().expect("holds").evidence_sha256];
    let context = EvidenceContext { seen, ..page.context() };
    assert_eq!(refused(&page.bundle(), &context), Failure::Replayed);
}

#[test]
fn a_capture_of_another_session_attempt_or_place_is_refused_by_name() {
    let page = Page::new();
    let kind = CaptureKind::Selfie;
    let replaced = |to: SealTo| {
        let mut bundle = page.bundle();
        let (_, picture) = &page.pictures[1];
        bundle.captures[1].content = CaptureContent::Sealed { jwe: page.sealed(&to, picture) };
        refused(&bundle, &page.context())
    };
    let good = page.to(Some(kind));
    let part = Part::Capture(kind);
    assert_eq!(replaced(SealTo { session: "s2".into(), ..good.clone() }), Failure::Session(part));
    assert_eq!(replaced(SealTo { attempt: 2, ..good.clone() }), Failure::Attempt(part));
    let swapped = SealTo { kind: Some(CaptureKind::Action1), ..good.clone() };
    assert_eq!(replaced(swapped), Failure::CaptureSwapped(kind));
    assert_eq!(
        replaced(SealTo { kind: None, ..good.clone() }),
        Failure::TypeOther(part),
        "frames are no capture"
    );
    let other = verifier_of("s2").jwk().clone();
    assert_eq!(replaced(SealTo { verifier: other, ..good }), Failure::VerifierOther(part));
}

#[test]
fn two_captures_that_change_places_are_refused() {
    let page = Page::new();
    let mut bundle = page.bundle();
    let (selfie, turn) = (bundle.captures[1].content.clone(), bundle.captures[2].content.clone());
    (bundle.captures[1].content, bundle.captures[2].content) = (turn, selfie);
    assert_eq!(refused(&bundle, &page.context()), Failure::CaptureSwapped(CaptureKind::Selfie));
    let picture = |page: &Page, index: usize| {
        let bytes = &page.pictures[index].1;
        (hex::encode(Sha256::digest(bytes)), bytes.len() as u32)
    };
    let swapped = Page::with(|evidence| {
        (
            (evidence.captures[1].sha256, evidence.captures[1].bytes),
            (evidence.captures[2].sha256, evidence.captures[2].bytes),
        ) = (picture(&page, 2), picture(&page, 1));
    });
    assert_eq!(swapped.refused(), Failure::CaptureDigest(CaptureKind::Selfie));
}

#[test]
fn a_capture_that_is_missing_extra_or_twice_is_refused_by_name() {
    let page = Page::new();
    let without = |index: usize| {
        let mut bundle = page.bundle();
        bundle.captures.remove(index);
        refused(&bundle, &page.context())
    };
    assert_eq!(without(2), Failure::CaptureMissing(CaptureKind::Action1));
    let unlisted = Page::with(|evidence| {
        evidence.captures.truncate(3);
        evidence.liveness = None;
    });
    assert_eq!(unlisted.refused(), Failure::CaptureExtra(CaptureKind::Action2), "the list was cut");
    let mut bundle = page.bundle();
    bundle.captures.push(bundle.captures[1].clone());
    assert_eq!(refused(&bundle, &page.context()), Failure::CaptureTwice(CaptureKind::Selfie));
    let same = Page::with(|evidence| evidence.captures[2].sha256 = evidence.captures[1].sha256.clone());
    assert_eq!(same.refused(), Failure::CaptureTwice(CaptureKind::Selfie), "one picture for two prompts");
    let back = EvidenceContext { required: vec![CaptureKind::DocumentBack], ..page.context() };
    assert_eq!(refused(&page.bundle(), &back), Failure::CaptureMissing(CaptureKind::DocumentBack));
}

#[test]
fn a_document_of_an_earlier_attempt_is_kept_and_a_face_is_not() {
    let page = Page::with(|evidence| {
        evidence.attempt = 2;
        for capture in &mut evidence.captures[1..] {
            capture.attempt = 2;
        }
        evidence.captures[0].frame = None;
    });
    let context = EvidenceContext { attempt: 2, ..page.context() };
    let mut bundle = page.bundle();
    for capture in &mut bundle.captures {
        let bytes = &page.pictures.iter().find(|(kind, _)| *kind == capture.kind).expect("a picture").1;
        capture.content = CaptureContent::Opened { sha256: hex::encode(Sha256::digest(bytes)), bytes: None };
        capture.attempt = if capture.kind.side().is_some() { 1 } else { 2 };
    }
    assert!(check(&bundle, &context, &page.verifier).is_ok());
    bundle.captures[1].attempt = 1;
    assert_eq!(refused(&bundle, &context), Failure::Attempt(Part::Capture(CaptureKind::Selfie)));
}

#[test]
fn what_is_cut_short_is_truncated() {
    let page = Page::new();
    let part = Part::Evidence;
    let jws = page.signed();
    let [head, payload, signature] = jws.split('.').collect::<Vec<_>>()[..] else { panic!("three parts") };
    let short = &signature[..signature.len() - 2];
    for cut in [
        head.to_owned(),
        format!("{head}.{payload}"),
        format!("{head}.{payload}."),
        format!("{head}.{payload}.{short}"),
    ] {
        let bundle = EvidenceBundle { evidence: cut, ..page.bundle() };
        assert_eq!(refused(&bundle, &page.context()), Failure::Truncated(part));
    }
    let kind = CaptureKind::DocumentFront;
    let mut bundle = page.bundle();
    let CaptureContent::Sealed { jwe } = bundle.captures[0].content.clone() else { panic!("sealed") };
    for (cut, failure) in [
        (jwe.rsplit_once('.').expect("a tag").0.to_owned(), Failure::Truncated(Part::Capture(kind))),
        (jwe[..jwe.len() - 4].to_owned(), Failure::Malformed(Part::Capture(kind))),
    ] {
        bundle.captures[0].content = CaptureContent::Sealed { jwe: cut };
        assert_eq!(refused(&bundle, &page.context()), failure);
    }
}

#[test]
fn weaker_algorithms_and_older_versions_are_downgrades() {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let page = Page::new();
    let jws = page.signed();
    let (_, rest) = jws.split_once('.').expect("a header");
    for alg in ["none", "HS256", "RS256", "ES256K", ""] {
        let header = json!({ "alg": alg, "typ": "idv-evidence+jws", "kid": page.device.thumbprint() });
        let evidence = format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header.to_string()));
        let bundle = EvidenceBundle { evidence, ..page.bundle() };
        assert_eq!(refused(&bundle, &page.context()), Failure::AlgorithmDowngrade(Part::Evidence), "{alg}");
    }
    let kind = CaptureKind::DocumentFront;
    let mut bundle = page.bundle();
    let CaptureContent::Sealed { jwe } = bundle.captures[0].content.clone() else { panic!("sealed") };
    let (header, rest) = jwe.split_once('.').expect("a header");
    let header: serde_json::Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).expect("base64url")).expect("JSON");
    for (name, value) in [("alg", "dir"), ("alg", "RSA1_5"), ("enc", "A128CBC-HS256"), ("enc", "A128GCM")] {
        let mut header = header.clone();
        header[name] = json!(value);
        let jwe = format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header.to_string()));
        bundle.captures[0].content = CaptureContent::Sealed { jwe };
        let failure = Failure::AlgorithmDowngrade(Part::Capture(kind));
        assert_eq!(refused(&bundle, &page.context()), failure, "{name} {value}");
    }
    for name in ["zip", "crit", "apu"] {
        let mut header = header.clone();
        header[name] = json!("DEF");
        let jwe = format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header.to_string()));
        bundle.captures[0].content = CaptureContent::Sealed { jwe };
        assert_eq!(refused(&bundle, &page.context()), Failure::Malformed(Part::Capture(kind)), "{name}");
    }
    for (version, failure) in
        [("2.9", Failure::VersionDowngrade), ("4.0", Failure::VersionUnknown), ("", Failure::VersionUnknown)]
    {
        assert_eq!(Page::with(|evidence| evidence.protocol_version = version.into()).refused(), failure);
    }
}

#[test]
fn times_outside_of_the_session_are_refused_by_the_name_of_their_field() {
    let skew = CLOCK_SKEW_MS;
    let issued = |at_ms| Page::with(move |evidence| evidence.issued_at_ms = at_ms);
    assert!(issued(NOW_MS + skew).check().is_ok());
    assert_eq!(issued(NOW_MS + skew + 1).refused(), Failure::Clock("issued_at_ms"));
    assert_eq!(issued(OPENED_MS - skew - 1).refused(), Failure::Clock("issued_at_ms"));
    let given = |at_ms| Page::with(move |evidence| evidence.consent.given_at_ms = at_ms);
    assert!(given(0).check().is_ok(), "a page that was reloaded no longer knows it");
    assert_eq!(given(OPENED_MS - skew - 1).refused(), Failure::Clock("given_at_ms"));
    assert_eq!(given(NOW_MS + skew).refused(), Failure::Clock("given_at_ms"), "after the evidence");
    for at_ms in [-1.0, 1e9] {
        assert_eq!(
            Page::with(|evidence| evidence.captures[0].at_ms = at_ms).refused(),
            Failure::Clock("at_ms")
        );
    }
    let long = Page::with(|evidence| evidence.liveness.as_mut().expect("a report").duration_ms = 1e9);
    assert_eq!(long.refused(), Failure::Clock("duration_ms"));
}

#[test]
fn only_the_registered_key_signs() {
    let page = Page::new();
    let other = DeviceKey::from_random(&[6; 32]).expect("a key");
    let json = serde_json::to_string(&page.evidence).expect("JSON");
    let signed = |key: &DeviceKey| EvidenceBundle {
        evidence: key.sign_evidence(&json).expect("signed"),
        ..page.bundle()
    };
    assert_eq!(refused(&signed(&other), &page.context()), Failure::KeyNotRegistered);
    let theirs = EvidenceContext { device_key: Some(other.jwk().clone()), ..page.context() };
    assert_eq!(refused(&signed(&other), &theirs), Failure::KeyNotRegistered, "the evidence names the other");
    let none = EvidenceContext { device_key: None, ..page.context() };
    assert_eq!(refused(&page.bundle(), &none), Failure::KeyNotRegistered);
}

#[test]
fn a_key_is_registered_for_one_session_and_nonce_by_its_own_signature() {
    let (device, other) = (DeviceKey::from_random(&[5; 32]), DeviceKey::from_random(&[6; 32]));
    let (device, other) = (device.expect("a key"), other.expect("a key"));
    let proof = device.registration("s1", NONCE).expect("signed");
    let part = Part::DeviceKey;
    assert_eq!(registered_key(&proof, "s1", NONCE).as_ref(), Ok(device.jwk()));
    assert_eq!(registered_key(&proof, "s2", NONCE), Err(Failure::Session(part)));
    assert_eq!(registered_key(&proof, "s1", "00"), Err(Failure::Nonce(part)));
    let theirs = other.registration("s1", NONCE).expect("signed");
    let (input, _) = proof.rsplit_once('.').expect("a signature");
    let (_, signature) = theirs.rsplit_once('.').expect("a signature");
    assert_eq!(registered_key(&format!("{input}.{signature}"), "s1", NONCE), Err(Failure::Signature(part)));
    let evidence = device.sign_evidence("{}").expect("signed");
    assert_eq!(registered_key(&evidence, "s1", NONCE), Err(Failure::TypeOther(part)));
}

#[test]
fn a_configuration_or_a_report_of_something_else_is_refused() {
    assert_eq!(
        Page::with(|evidence| evidence.configuration_sha256 = "d".into()).refused(),
        Failure::Configuration
    );
    let other =
        |evidence: &mut Evidence| evidence.liveness.as_mut().expect("a report").nonce = "02".repeat(32);
    assert_eq!(Page::with(other).refused(), Failure::ReportOther);
}

#[test]
fn each_session_has_its_own_verifier_key_and_the_same_one_every_time() {
    let secret = VerifierSecret::new(&[9; 32]).expect("a secret");
    let key = |session: &str| secret.of_session(session).expect("a key").jwk().clone();
    assert_eq!(key("s1"), key("s1"));
    assert_ne!(key("s1"), key("s2"));
    let other = VerifierSecret::new(&[8; 32]).expect("a secret").of_session("s1").expect("a key");
    assert_ne!(*other.jwk(), key("s1"));
    assert!(VerifierSecret::new(&[9; 31]).is_err());
    assert_eq!(format!("{secret:?}"), "VerifierSecret(..)");
}
