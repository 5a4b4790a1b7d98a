use crate::support::{CameraStub, FetchStub, js, member, sleep, text, until, worker_url};
use crate::worker::SCRIPT;
use idv_web::web::Verification;
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

/// A configuration whose worker is `worker`; `more` are further members as JSON.
fn config(worker: &str, more: &str) -> JsValue {
    let config = js(&format!(
        "return {{ relayUrl: 'https://idv.example/relay/v1', locale: 'en',
           assets: {{ visionWasm: {{ url: 'https://idv.example/v.wasm', sha256: 'aa', bytes: 5 }},
             barcodeWasm: {{ url: 'https://idv.example/b.wasm', sha256: 'cc', bytes: 5 }},
             models: [{{ name: 'face_mesh', url: 'https://idv.example/m', sha256: 'bb', bytes: 5 }}] }},
           ...{more} }}"
    ));
    Reflect::set(&config, &"workerUrl".into(), &worker.into()).unwrap();
    config
}

fn refused(config: JsValue) -> JsValue {
    match Verification::new(config) {
        Ok(_) => panic!("the configuration was taken"),
        Err(error) => error,
    }
}

#[wasm_bindgen_test]
fn a_bad_configuration_is_an_error_with_a_code() {
    let worker = "https://idv.example/worker.js";
    for bad in [
        JsValue::UNDEFINED,
        JsValue::from_str("https://idv.example"),
        js("return {}"),
        config(worker, "{ relayUrl: '/relay/v1' }"),
        config(worker, "{ relayUrl: 'javascript:alert(1)' }"),
        config(worker, "{ assets: null }"),
        config(worker, "{ parentOrigin: '*' }"),
        config(worker, "{ parentOrigin: 'https://shop.example/path' }"),
        config("worker.js", "{}"),
    ] {
        let error = refused(bad.clone());
        assert!(error.is_instance_of::<js_sys::Error>());
        assert_eq!(text(&error, "code"), "invalid_config", "{bad:?}");
        assert_eq!(text(&error, "remedy"), "fix_config");
    }
}

#[wasm_bindgen_test]
fn the_token_leaves_the_address_bar_before_anything_is_sent() {
    let before = js("return location.href").as_string().unwrap();
    js("history.replaceState(null, '', '?token=one-time&key=k&lang=ko#top')");
    let href = js("return location.href").as_string().unwrap();
    let made = Verification::new(config("https://idv.example/w.js", &format!("{{ startUrl: '{href}' }}")));
    let after = js("return location.search + location.hash").as_string().unwrap();
    js(&format!("history.replaceState(null, '', '{before}')"));
    assert!(made.is_ok());
    assert_eq!(after, "?lang=ko#top");
}

/// A relay in JavaScript for a plan with consent and document.
const RELAY: &str = "
    const path = new URL(url).pathname.replace('/relay/v1', '');
    const line = (init.method || 'GET') + ' ' + path;
    relayLog.push(line);
    const json = (value) => new Response(JSON.stringify(value), { status: 200 });
    switch (line) {
      case 'POST /session':
        return json({ session_id: 's-1', session_token: 't-1', expires_at_ms: 9e5 });
      case 'GET /plan':
        return json({ protocol_version: '3.0', session_id: 's-1', policy_key: 'p', attempt: 1, max_attempts: 3,
          nonce: 'n-1', verifier: { kty: 'EC', crv: 'P-256', x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
            y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM' },
          steps: [{ step: 'consent' }, { step: 'document', kinds: ['id3'], timeout_ms: 30000 }],
          consent: { version: 'v1', text: '', retention_days: 30,
            recipients: [{ name: 'Op', country: 'kr', purpose: 'check' }] },
          challenge: null, received: [], consent_given: false, issued_at_ms: 0, expires_at_ms: 9e5,
          test_camera: true });
      case 'POST /device-key':
      case 'POST /consent':
        return new Response(null, { status: 204 });
      case 'PUT /captures/1/document_front':
        return json({ kind: 'document_front', sha256: 'ab', already_held: false });
      case 'POST /complete':
        window.evidence = JSON.parse(atob(init.body.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')));
        return json({ state: 'received', submission_id: 'sub-1', return_url: 'https://shop.example/back' });
      case 'POST /cancel':
        return json({ state: 'received', submission_id: 'sub-0', return_url: 'https://shop.example/no' });
    }
    return new Response('', { status: 404 });";

fn collect_views(verification: &Verification) -> Array {
    let views = Array::new();
    let sink = views.clone();
    let callback = Closure::<dyn FnMut(JsValue)>::new(move |view: JsValue| {
        sink.push(&view);
    });
    verification.on_view(callback.into_js_value().unchecked_into());
    views
}

fn latest(views: &Array) -> JsValue {
    views.get(views.length() - 1)
}

async fn shows(views: &Array, screen: &str) {
    until(screen, || text(&latest(views), "screen") == screen).await;
}

#[wasm_bindgen_test]
async fn a_document_goes_from_the_camera_to_the_receipt() {
    js(
        "window.relayLog = []; window.bridge = []; window.ReactNativeWebView = { postMessage: (m) => bridge.push(m) }",
    );
    let _fetch = FetchStub::new(RELAY);
    let _camera = CameraStub::new(
        "const canvas = document.createElement('canvas');
         [canvas.width, canvas.height] = [640, 480];
         const context = canvas.getContext('2d');
         setInterval(() => context.fillRect(0, 0, Math.random() * 640, 480), 20);
         window.lastStream = canvas.captureStream(30);
         return Promise.resolve(lastStream)",
    );
    let worker = worker_url(SCRIPT);
    // A blob is not an http(s) address: the class gets one by a worker that loads it.
    let served = js("return new URL('/worker.js', location.href).href").as_string().unwrap();
    let real = member(&js_sys::global(), "Worker");
    let swap = js_sys::Function::new_with_args(
        "blob",
        "const Real = window.Worker; window.Worker = function (url, options) { return new Real(blob, options) }",
    );
    swap.call1(&JsValue::UNDEFINED, &worker.into()).unwrap();

    let key = "{ token: 'one-time', sessionKey: 'idv-test' }";
    let verification = Verification::new(config(&served, key)).ok().expect("made");
    let video =
        js("const video = document.createElement('video'); document.body.append(video); return video");
    verification.set_video(video.unchecked_into());
    let views = collect_views(&verification);
    assert_eq!(text(&latest(&views), "screen"), "loading");
    JsFuture::from(verification.start()).await.unwrap();
    shows(&views, "consent").await;
    let consent = member(&latest(&views), "consent");
    assert_eq!((text(&consent, "version"), member(&consent, "retentionDays")), ("v1".into(), 30.into()));
    assert!(js("return sessionStorage.getItem('idv-test')").is_string());

    verification.act("agree");
    shows(&views, "document_intro").await;
    verification.act("begin");
    shows(&views, "done").await;
    let _ = Reflect::set(&js_sys::global(), &"Worker".into(), &real);

    let last = latest(&views);
    assert_eq!(
        (text(&last, "submissionId"), text(&last, "returnUrl")),
        ("sub-1".into(), "https://shop.example/back".into())
    );
    assert_eq!(member(&last, "error"), JsValue::NULL);
    let capture_view = views.iter().find(|view| member(view, "quad").is_object()).expect("a quad was shown");
    assert_eq!(text(&capture_view, "hint"), "capturing");
    assert_eq!(member(&member(&capture_view, "frame"), "width"), 640);
    assert_eq!(
        js("return relayLog.join(', ')"),
        "POST /session, GET /plan, POST /device-key, POST /consent, PUT /captures/1/document_front, POST /complete"
    );
    assert_eq!(js("return evidence.captures[0].sha256 + ' ' + evidence.models[0].name"), "ab face_mesh");
    assert!(js("return sessionStorage.getItem('idv-test')").is_null(), "nothing is kept");
    assert_eq!(js("return lastStream.getVideoTracks()[0].readyState"), "ended");
    let bridge = js("return bridge.map((m) => JSON.parse(m).type).join(' ')");
    assert_eq!(bridge, "idv.ready idv.step idv.step idv.submitted");
    js("delete window.ReactNativeWebView");
}

#[wasm_bindgen_test]
async fn actions_inside_the_view_callback_are_taken_and_cancelling_returns() {
    js("window.relayLog = []");
    let _fetch = FetchStub::new(RELAY);
    let verification =
        Verification::new(config("https://idv.example/w.js", "{ token: 'a', sessionKey: 'idv-2' }"));
    let verification = std::rc::Rc::new(verification.ok().expect("made"));
    let last: Object = Object::new();
    let (sink, actor) = (last.clone(), std::rc::Rc::clone(&verification));
    let callback = Closure::<dyn FnMut(JsValue)>::new(move |view: JsValue| {
        Reflect::set(&sink, &"view".into(), &view).unwrap();
        if text(&view, "screen") == "consent" {
            actor.act("refuse");
            actor.act("no such action");
        }
    });
    verification.on_view(callback.into_js_value().unchecked_into());
    JsFuture::from(verification.start()).await.unwrap();
    until("done", || text(&member(&last, "view"), "screen") == "done").await;
    let view = member(&last, "view");
    assert_eq!(
        (member(&view, "cancelled"), text(&view, "returnUrl")),
        (true.into(), "https://shop.example/no".into())
    );
    // The device key is being signed when the person refuses: its request may come to the relay after this one.
    assert_eq!(js("return relayLog.filter((line) => line === 'POST /cancel').length"), 1);
}

#[wasm_bindgen_test]
async fn after_dispose_nothing_is_said_any_more() {
    js("window.relayLog = []");
    let _fetch = FetchStub::new(RELAY);
    let verification =
        Verification::new(config("https://idv.example/w.js", "{ token: 'a', sessionKey: 'idv-3' }"))
            .ok()
            .expect("made");
    let views = collect_views(&verification);
    let _ = verification.start();
    verification.dispose();
    verification.act("agree");
    sleep(100).await;
    assert_eq!(views.length(), 1);
    js("sessionStorage.clear()");
}
