//! Opening the camera.
//!
//! In: which way it should face. Out: an open [`Camera`] that was checked, or a typed error. Rule: the wishes
//! are `ideal`, so that any one camera will do; the browser's promise gets a time limit of its own.

use crate::browser::{self, Listener, Timeout};
use crate::camera::signals::{self, read};
use crate::camera::{
    CameraAccess, Facing, IDEAL_HEIGHT_PX, IDEAL_WIDTH_PX, MIN_SHORT_SIDE_PX, OPEN_TIMEOUT_MS,
};
use crate::error::{Error, ErrorKind, Stage};
use idv_protocol::InjectionSignal;
use idv_protocol::evidence::CameraUse;
use js_sys::{Object, Promise, Reflect};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{MediaDevices, MediaStream, MediaStreamConstraints, MediaStreamTrack};

/// An open camera. Dropping it stops the stream.
pub struct Camera {
    stream: MediaStream,
    facing: Option<Facing>,
    used: CameraUse,
    signals: Vec<InjectionSignal>,
    ended: Option<Listener>,
}

impl Camera {
    /// The stream, for a video element.
    pub fn stream(&self) -> &MediaStream {
        &self.stream
    }

    /// Which way it faces; `None` when the browser does not say, as with most desktop cameras.
    pub fn facing(&self) -> Option<Facing> {
        self.facing
    }

    /// What the evidence says of it.
    pub fn used(&self) -> CameraUse {
        self.used.clone()
    }

    /// Signs that it is no camera before a person.
    pub fn signals(&self) -> Vec<InjectionSignal> {
        self.signals.clone()
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        self.ended = None; // Stopping it ourselves is no end to report.
        stop(&self.stream);
    }
}

/// Whether the page can ask for a camera.
pub fn access() -> CameraAccess {
    let Some(window) = browser::window() else { return CameraAccess::Missing };
    match media_devices(&window) {
        Some(_) => CameraAccess::Available,
        None if !window.is_secure_context() => CameraAccess::Insecure,
        None => CameraAccess::Missing,
    }
}

fn media_devices(window: &web_sys::Window) -> Option<MediaDevices> {
    // Not the typed getter: it cannot say `undefined`, which is what an insecure page finds here.
    let devices = browser::member(&window.navigator(), "mediaDevices");
    browser::method(&devices, "getUserMedia")?;
    Some(devices.unchecked_into())
}

/// Opens a camera that faces this way, or the one there is. `ended` is called when its picture stops.
pub async fn open(facing: Facing, ended: impl Fn() + 'static) -> Result<Camera, Error> {
    let window = browser::window().ok_or_else(|| error(ErrorKind::CameraNotFound))?;
    let devices = media_devices(&window).ok_or_else(|| {
        error(match access() {
            CameraAccess::Insecure => ErrorKind::InsecureContext,
            _ => ErrorKind::CameraNotFound,
        })
    })?;
    let wishes = wishes(facing);
    let stream = match request(&devices, &wishes).await {
        // Some drivers cannot start with any wish at all.
        Err(first)
            if matches!(
                first.kind(),
                ErrorKind::CameraInUse | ErrorKind::CameraOverconstrained | ErrorKind::CameraAborted
            ) =>
        {
            request(&devices, &JsValue::TRUE).await.map_err(|_| first)?
        }
        result => result?,
    };
    check(stream, &wishes, ended).await
}

fn error(kind: ErrorKind) -> Error {
    Error::new(kind, Stage::Camera)
}

fn wishes(facing: Facing) -> JsValue {
    let video = Object::new();
    for (name, value) in [
        ("facingMode", JsValue::from_str(facing.as_str())),
        ("width", JsValue::from(IDEAL_WIDTH_PX)),
        ("height", JsValue::from(IDEAL_HEIGHT_PX)),
    ] {
        let wish = Object::new();
        // New objects take members.
        let _ = Reflect::set(&wish, &"ideal".into(), &value);
        let _ = Reflect::set(&video, &name.into(), &wish);
    }
    video.into()
}

/// Asks once, with our own time limit. A stream that comes later is stopped at once.
async fn request(devices: &MediaDevices, video: &JsValue) -> Result<MediaStream, Error> {
    let constraints = MediaStreamConstraints::new();
    constraints.set_audio(&JsValue::FALSE);
    constraints.set_video(video);
    let asked = devices.get_user_media_with_constraints(&constraints).map_err(|thrown| refused(&thrown))?;

    let timer = Rc::new(RefCell::new(None));
    let limit = Promise::new(&mut |resolve, _| {
        *timer.borrow_mut() = Timeout::new(f64::from(OPEN_TIMEOUT_MS), move || {
            // Resolving a promise does not throw.
            let _ = resolve.call0(&JsValue::UNDEFINED);
        });
    });
    let first = JsFuture::from(Promise::race(&js_sys::Array::of2(&asked, &limit))).await;
    drop(timer);
    match first {
        Ok(stream) if stream.is_instance_of::<MediaStream>() => Ok(stream.unchecked_into()),
        Ok(_) => {
            spawn_local(async move {
                if let Ok(late) = JsFuture::from(asked).await {
                    stop(late.unchecked_ref());
                }
            });
            Err(error(ErrorKind::CameraTimeout))
        }
        Err(thrown) => Err(refused(&thrown)),
    }
}

/// The error for what getUserMedia threw.
fn refused(thrown: &JsValue) -> Error {
    let name = browser::error_name(thrown);
    error(ErrorKind::from_camera_error(&name)).with_source(name)
}

/// Looks at what came after it was asked for `wishes`.
async fn check(stream: MediaStream, wishes: &JsValue, ended: impl Fn() + 'static) -> Result<Camera, Error> {
    let Some(track) = tracks(&stream).into_iter().next() else {
        stop(&stream);
        return Err(error(ErrorKind::CameraNotFound).with_source("the stream has no video track"));
    };
    let signals = signals::of_camera(&read::camera(&track, wishes).await);
    let settings = track.get_settings();
    let side = |value: Option<i32>| value.and_then(|px| u32::try_from(px).ok()).unwrap_or(0);
    let (width, height) = (side(settings.get_width()), side(settings.get_height()));
    // Browsers that do not tell the size are not refused: each frame is checked again.
    if width > 0 && height > 0 && width.min(height) < MIN_SHORT_SIDE_PX {
        stop(&stream);
        return Err(error(ErrorKind::CameraOverconstrained).with_source(format!("{width}x{height} px")));
    }
    let facing = match settings.get_facing_mode().as_deref() {
        Some("environment") => Some(Facing::Environment),
        Some("user") => Some(Facing::User),
        _ => None,
    };
    let used = CameraUse {
        facing: facing.map_or("unknown", Facing::as_str).to_owned(),
        width,
        height,
        frame_rate: settings.get_frame_rate().unwrap_or(0.0),
    };
    let ended = Listener::new(&track, "ended", move |_| ended());
    Ok(Camera { stream, facing, used, signals, ended })
}

fn tracks(stream: &MediaStream) -> Vec<MediaStreamTrack> {
    stream.get_video_tracks().iter().filter_map(|track| track.dyn_into().ok()).collect()
}

fn stop(stream: &MediaStream) {
    for track in tracks(stream) {
        track.stop();
    }
}
