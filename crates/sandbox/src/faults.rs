//! Faults on demand, in every section, to see how pages and clients take them.
//!
//! In: `--fault` values. Out: requests that wait, are refused, or whose connection breaks; a clock that is
//! off. Rule: a fault that is counted happens that often and no more, whoever asks.

use crate::error::no_store;
use crate::events::Event;
use crate::serve::Connection;
use crate::state::{Clock, Sandbox};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use idv_protocol::CaptureKind;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// `Retry-After` of an injected 503, in seconds: the shortest that is not none.
const RETRY_AFTER_S: &str = "1";

/// What is known of each fault.
const KNOWN: &str = "known faults are drop-capture=KIND, drop-connection[=PATHPREFIX[:COUNT]], \
    status=5xx[:PATHPREFIX][:COUNT], latency-ms=N and clock-skew-ms=N";

/// What goes wrong on purpose.
#[derive(Debug, Default)]
pub struct Faults {
    drop_capture: Mutex<Option<CaptureKind>>,
    drops: Vec<Armed>,
    statuses: Vec<(StatusCode, Armed)>,
    latency: Duration,
    clock_skew_ms: i64,
}

/// Where a fault happens, and how often still.
#[derive(Debug)]
struct Armed {
    path_prefix: String,
    /// None: always.
    left: Option<AtomicU32>,
}

impl Armed {
    /// Reads `[PATHPREFIX][:COUNT]`; both may be missing, and `count` stands for a missing count.
    fn parse(text: &str, count: Option<u32>) -> Option<Self> {
        let (path_prefix, count) = match text.rsplit_once(':') {
            Some((path_prefix, count)) => (path_prefix, Some(count.parse().ok()?)),
            None => match text.parse() {
                Ok(count) => ("", Some(count)),
                Err(_) => (text, count),
            },
        };
        let is_path = path_prefix.is_empty() || path_prefix.starts_with('/');
        is_path.then(|| Self { path_prefix: path_prefix.to_owned(), left: count.map(AtomicU32::new) })
    }

    /// Whether it happens to a request for `path`, which counts.
    fn take(&self, path: &str) -> bool {
        let one_less = |left: u32| left.checked_sub(1);
        path.starts_with(&self.path_prefix)
            && self
                .left
                .as_ref()
                .is_none_or(|left| left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_ok())
    }
}

impl Faults {
    /// Reads `--fault` values. Fails with a sentence that says what is allowed.
    ///
    /// - `drop-capture=KIND`: the connection breaks in the first upload of that kind.
    /// - `drop-connection[=PATHPREFIX[:COUNT]]`: requests below the path are carried out, and the connection
    ///   breaks before the answer; once, or COUNT times.
    /// - `status=5xx[:PATHPREFIX][:COUNT]`: requests below the path are answered with that status and nothing
    ///   else happens; always, or COUNT times. 503 asks to wait a second.
    /// - `latency-ms=N`: every request waits.
    /// - `clock-skew-ms=N`: the sandbox's clock is ahead by N ms, or behind where N is negative.
    pub fn parse(faults: &[String]) -> Result<Self, String> {
        let mut parsed = Self::default();
        for fault in faults {
            let (name, value) = fault.split_once('=').unwrap_or((fault.as_str(), ""));
            let bad = |what: &str| format!("{fault}: {what}");
            match name {
                "drop-capture" => {
                    let kind = serde_json::from_value(value.into()).map_err(|_| {
                        bad("KIND is document_front, document_back, selfie, action_1 or action_2")
                    })?;
                    parsed.drop_capture = Mutex::new(Some(kind));
                }
                "drop-connection" => {
                    let armed = Armed::parse(value, Some(1));
                    parsed.drops.push(armed.ok_or_else(|| bad("a path and a count, as in /toss:2"))?);
                }
                "status" => {
                    let (status, rest) = value.split_once(':').unwrap_or((value, ""));
                    let status = status.parse().ok().and_then(|status| StatusCode::from_u16(status).ok());
                    let status = status.filter(StatusCode::is_server_error);
                    let status = status.ok_or_else(|| bad("the status is 500 to 599"))?;
                    let armed = Armed::parse(rest, None);
                    let armed = armed.ok_or_else(|| bad("a path and a count, as in 503:/toss:2"))?;
                    parsed.statuses.push((status, armed));
                }
                "latency-ms" => {
                    let ms = value.parse().map_err(|_| bad("not a number of ms"))?;
                    parsed.latency = Duration::from_millis(ms);
                }
                "clock-skew-ms" => {
                    parsed.clock_skew_ms = value.parse().map_err(|_| bad("not a number of ms"))?;
                }
                _ => return Err(bad(KNOWN)),
            }
        }
        Ok(parsed)
    }

    /// `clock` as the sandbox reads it.
    pub fn skewed(&self, clock: Clock) -> Clock {
        match self.clock_skew_ms {
            0 => clock,
            skew_ms => Clock::new(move || clock.now_ms().saturating_add_signed(skew_ms)),
        }
    }

    /// Whether this upload is the one whose connection breaks. True once.
    pub fn take_drop(&self, kind: CaptureKind) -> bool {
        let Ok(mut armed) = self.drop_capture.lock() else { return false };
        if *armed == Some(kind) {
            *armed = None;
            return true;
        }
        false
    }

    fn take_status(&self, path: &str) -> Option<StatusCode> {
        self.statuses.iter().find(|(_, armed)| armed.take(path)).map(|(status, _)| *status)
    }
}

/// Injects the faults of every section into a request.
pub(crate) async fn inject(State(sandbox): State<Sandbox>, request: Request, next: Next) -> Response {
    let faults = &sandbox.faults;
    if !faults.latency.is_zero() {
        tokio::time::sleep(faults.latency).await;
    }
    let path = request.uri().path().to_owned();
    if let Some(status) = faults.take_status(&path) {
        sandbox.emit(Event::FaultInjected { fault: "status" });
        let mut headers = no_store();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_S));
        }
        return (status, headers).into_response();
    }
    let connection = request.extensions().get::<ConnectInfo<Connection>>().map(|info| info.0.clone());
    let response = next.run(request).await;
    if let Some(connection) = connection
        && faults.drops.iter().any(|armed| armed.take(&path))
    {
        sandbox.emit(Event::FaultInjected { fault: "drop-connection" });
        connection.cut();
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(faults: &[&str]) -> Result<Faults, String> {
        Faults::parse(&faults.iter().map(|fault| (*fault).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_drop_happens_once_and_to_its_kind_only() {
        let faults = parse(&["drop-capture=selfie", "latency-ms=5"]).expect("faults");
        assert_eq!(faults.latency, Duration::from_millis(5));
        assert!(!faults.take_drop(CaptureKind::DocumentFront));
        assert!(faults.take_drop(CaptureKind::Selfie));
        assert!(!faults.take_drop(CaptureKind::Selfie));
    }

    #[test]
    fn a_status_is_answered_below_its_path_as_often_as_it_is_asked_for() {
        let faults = parse(&["status=503:/toss:2", "status=500:/v1"]).expect("faults");
        let at = |path| faults.take_status(path).map(|status| status.as_u16());
        assert_eq!([at("/toss/token"), at("/tossed"), at("/toss/token")], [Some(503), Some(503), None]);
        assert_eq!([at("/v1/idv/start"), at("/v1/idv/start"), at("/relay")], [Some(500), Some(500), None]);
        let everywhere = parse(&["status=502:1"]).expect("faults");
        assert_eq!((everywhere.take_status("/").is_some(), everywhere.take_status("/")), (true, None));
        let always = parse(&["status=599"]).expect("faults");
        assert!((0..9).all(|_| always.take_status("/anything").is_some()));
    }

    #[test]
    fn a_connection_breaks_once_where_no_count_is_given() {
        let taken = |fault: &str, path: &str| {
            let faults = parse(&[fault]).expect("faults");
            (0..9).filter(|_| faults.drops.iter().any(|armed| armed.take(path))).count()
        };
        assert_eq!(taken("drop-connection", "/toss/token"), 1);
        assert_eq!(taken("drop-connection=/toss", "/toss/token"), 1);
        assert_eq!(taken("drop-connection=/toss:3", "/toss/token"), 3);
        assert_eq!(taken("drop-connection=/toss", "/v1/idv/start"), 0);
    }

    #[test]
    fn the_clock_is_ahead_or_behind() {
        let at = |fault: &str| parse(&[fault]).expect("faults").skewed(Clock::new(|| 10_000)).now_ms();
        assert_eq!(
            (at("clock-skew-ms=5"), at("clock-skew-ms=-400"), at("clock-skew-ms=0")),
            (10_005, 9_600, 10_000)
        );
    }

    #[test]
    fn unknown_faults_are_named() {
        for bad in [
            "drop-capture=passport",
            "drop-connection=toss",
            "drop-connection=/toss:x",
            "status=404",
            "status=teapot",
            "status=503:toss",
            "status=503:/toss:-1",
            "latency-ms=soon",
            "clock-skew-ms=",
            "fire",
            "",
        ] {
            assert!(parse(&[bad]).expect_err(bad).contains(bad), "{bad}");
        }
    }
}
