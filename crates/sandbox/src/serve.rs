//! From settings to a listening server.

use crate::app::app;
use crate::argos::{self, ArgosBox, Project, WebhookTarget};
use crate::customer::Customer;
use crate::db;
use crate::decision::Judge;
use crate::error::Error;
use crate::events::{ArgosKey, ClientKey, Event, EventSink};
use crate::faults::Faults;
use crate::observe::Observer;
use crate::state::{Clock, Randomness, Sandbox, Settings};
use crate::tls::{self, SelfSigned};
use crate::tomo::{Webhooks, webhooks};
use crate::toss;
use crate::vendors::{ArgosAccess, TossAccess, Vendors};
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use idv_edge::keys::SigningKey;
use idv_edge::native::{Runner, RunnerParams};
use idv_edge::relay::PlanParams;
use idv_edge::relay::limits::LimitParams;
use idv_edge::tomo::Client;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// How often what is older than the retention time is deleted.
const PURGE_EVERY: Duration = Duration::from_secs(3600);

/// How a sandbox is run.
#[derive(Debug)]
pub struct ServeParams {
    /// Port; 0 for any free one.
    pub port: u16,
    /// SQLite file, made where absent, or [`db::IN_MEMORY`].
    pub db: PathBuf,
    /// The unpacked npm package; without it a bare page is shown.
    pub package: Option<PathBuf>,
    /// Folder of the converted models; without it no attempt can be decided.
    pub models: Option<PathBuf>,
    /// Whether a recorded camera is expected.
    pub test_camera: bool,
    /// Faults to inject; only without `lan`.
    pub faults: Faults,
    /// HTTPS with a self-signed certificate on every address, for a phone on the same network.
    pub lan: bool,
    /// Origins that may call the relay from pages of their own.
    pub allowed_origins: Vec<String>,
    /// Times of the steps.
    pub plan: PlanParams,
    /// The integrator's own text over the consent; empty for none.
    pub consent_text: String,
    /// How many requests the relay takes; `None` for any number, as a measurement of load needs.
    pub limits: Option<LimitParams>,
    /// Who sees every answer; for tests that hold answers against the OpenAPI document.
    pub observer: Option<Observer>,
    /// How the stand-in for Argos runs.
    pub argos: ArgosParams,
    /// Waits before each try of a customer's webhook, in ms; the usual ones without.
    pub webhook_waits_ms: Option<[u64; 3]>,
}

/// How the stand-in for Argos runs, and whether the operator asks it.
#[derive(Clone, Debug)]
pub struct ArgosParams {
    /// Whether the operator asks it about each attempt.
    pub asked: bool,
    /// Where the operator asks it, in place of this sandbox's own: a base URL that ends in the version.
    pub base_url: Option<String>,
    /// Where its webhooks go; the operator's own address without.
    pub webhook: Option<String>,
    /// Waits before each try of a webhook, in ms; the usual ones without.
    pub webhook_waits_ms: Option<[u64; 3]>,
    /// The operator's project there.
    pub project: Project,
}

impl Default for ArgosParams {
    fn default() -> Self {
        Self {
            asked: true,
            base_url: None,
            webhook: None,
            webhook_waits_ms: None,
            project: Project::default(),
        }
    }
}

impl ServeParams {
    /// A sandbox on a free port of this machine with the database in `db` and nothing special.
    pub fn new(db: impl Into<PathBuf>) -> Self {
        Self {
            port: 0,
            db: db.into(),
            package: None,
            models: None,
            test_camera: false,
            faults: Faults::default(),
            lan: false,
            allowed_origins: Vec::new(),
            plan: PlanParams::default(),
            consent_text: String::new(),
            limits: Some(LimitParams::default()),
            observer: None,
            argos: ArgosParams::default(),
            webhook_waits_ms: None,
        }
    }
}

/// A sandbox that listens. Dropping it stops it.
#[derive(Debug)]
pub struct Running {
    /// Scheme, host and port.
    pub origin: String,
    /// A client made for this run.
    pub client: ClientKey,
    /// The operator's accounts at the vendors, made for this run.
    pub vendors: Vendors,
    /// Access to the stand-in for Argos, made for this run.
    pub argos: ArgosKey,
    server: JoinHandle<io::Result<()>>,
    purge: JoinHandle<()>,
}

impl Running {
    /// Starts a sandbox with the system's clock and randomness and says so by [`Event::Listening`].
    pub async fn start(params: ServeParams, events: EventSink) -> Result<Self, Error> {
        Self::start_with(params, events, Clock::system(), Randomness::system()).await
    }

    /// Starts a sandbox with a clock and randomness of the caller's. The demo customer's server keeps the
    /// system's.
    pub async fn start_with(
        params: ServeParams,
        events: EventSink,
        clock: Clock,
        random: Randomness,
    ) -> Result<Self, Error> {
        let clock = params.faults.skewed(clock);
        let db = db::open(&params.db).await?;
        let (listener, address) = bind(&params).await?;
        let certificate = if params.lan { Some(tls::self_signed(address.ip())?) } else { None };
        let scheme = if params.lan { "https" } else { "http" };
        let origin = format!("{scheme}://{address}");

        let key = random.key()?;
        let client_id = random.id("client")?;
        db::insert_client(&db, &client_id, key.public(), clock.now_ms()).await?;
        let client = ClientKey { client_id, secret_key: key.to_secret_key_text().to_string() };

        let judge = match params.models {
            None => None,
            Some(folder) => {
                let load = tokio::task::spawn_blocking(move || Judge::load(&folder));
                let judge = load.await.map_err(|error| Error::internal("models", error))?;
                Some(Arc::new(judge.map_err(|error| Error::internal("models", error))?))
            }
        };
        let only_root_pem =
            certificate.as_ref().map(|certificate| certificate.certificate_pem.clone().into_bytes());
        let runner_params = RunnerParams { only_root_pem, ..RunnerParams::default() };
        let toss = Arc::new(toss::Vendor::new(&origin, clock.clone(), &random)?);
        let argos =
            ArgosKey { base_url: format!("{origin}{}", argos::BASE_PATH), api_key: random.id("argos")? };
        let argos_box = argos_box(&origin, &argos, &params.argos, runner_params.only_root_pem.as_deref())?;
        let asked_at = params.argos.base_url.as_deref().unwrap_or(&argos.base_url);
        let access = ArgosAccess::new(asked_at, &argos.api_key, runner_params.only_root_pem.clone())?;
        let vendors = Vendors {
            argos: params.argos.asked.then_some(access),
            toss: TossAccess::new(&origin, toss.clone(), runner_params.clone()),
        };
        let settings = Settings {
            origin: origin.clone(),
            package: params.package,
            test_camera: params.test_camera,
            allowed_origins: params.allowed_origins,
            plan: params.plan,
            consent_text: params.consent_text,
            vendors: vendors.clone(),
        };
        let customer = customer(&origin, &client, key, &runner_params)?;
        let sandbox = Sandbox::new(settings, db, clock, random, events.clone(), judge, toss)?
            .with_faults(params.faults)
            .with_limits(params.limits)
            .with_argos(argos_box)
            .with_webhooks(Webhooks::new(params.webhook_waits_ms)?)
            .with_customer(customer)
            .with_observer(params.observer);
        webhooks::resume(&sandbox).await?;
        let purge = tokio::spawn(purge(sandbox.clone()));
        let server = tokio::spawn(listen(listener, sandbox, certificate));
        events.emit(&Event::Listening {
            origin: origin.clone(),
            client: client.clone(),
            argos: argos.clone(),
            toss: vendors.toss.key(),
        });
        Ok(Self { origin, client, vendors, argos, server, purge })
    }

    /// Waits until the server ends, which it does only when it fails.
    pub async fn wait(mut self) -> io::Result<()> {
        (&mut self.server).await.map_err(io::Error::other)?
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.server.abort();
        self.purge.abort();
    }
}

async fn bind(params: &ServeParams) -> Result<(TcpListener, SocketAddr), Error> {
    let failed = |error| Error::internal("listening", error);
    let local = IpAddr::from(if params.lan { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST });
    let listener = TcpListener::bind((local, params.port)).await.map_err(failed)?;
    let port = listener.local_addr().map_err(failed)?.port();
    let shown = if params.lan { tls::lan_address() } else { local };
    Ok((listener, SocketAddr::new(shown, port)))
}

fn argos_box(
    origin: &str,
    key: &ArgosKey,
    params: &ArgosParams,
    root_pem: Option<&[u8]>,
) -> Result<ArgosBox, Error> {
    let mut target = match &params.webhook {
        Some(url) => WebhookTarget::new(url, None)?,
        None => WebhookTarget::new(&format!("{origin}{}", argos::OPERATOR_WEBHOOK_PATH), root_pem)?,
    };
    if let Some(waits_ms) = params.webhook_waits_ms {
        target = target.with_waits_ms(waits_ms);
    }
    Ok(ArgosBox::new(&key.api_key, params.project.clone(), Some(target)))
}

fn customer(
    origin: &str,
    client: &ClientKey,
    key: SigningKey,
    params: &RunnerParams,
) -> Result<Customer, Error> {
    let runner = Client::new(origin, client.client_id.clone(), key)
        .and_then(|client| Runner::new(client, params))
        .map_err(|error| Error::internal("demo customer", error))?;
    Ok(Customer::new(runner))
}

async fn listen(listener: TcpListener, sandbox: Sandbox, certificate: Option<SelfSigned>) -> io::Result<()> {
    let app = app(sandbox);
    match certificate {
        None => {
            let service = app.into_make_service_with_connect_info::<Connection>();
            axum::serve(Cuttable(listener), service).await
        }
        Some(certificate) => {
            let config = certificate.server_config().await?;
            let listener = listener.into_std()?;
            let service = app.into_make_service_with_connect_info::<Connection>();
            axum_server::from_tcp_rustls(listener, config)?.serve(service).await
        }
    }
}

async fn purge(sandbox: Sandbox) {
    const DAY_MS: u64 = 24 * 3600 * 1000;
    let retention_ms = u64::from(crate::relay::RETENTION_DAYS) * DAY_MS;
    let mut interval = tokio::time::interval(PURGE_EVERY);
    loop {
        interval.tick().await;
        let before_ms = sandbox.clock.now_ms().saturating_sub(retention_ms);
        if let Err(error) = db::purge(&sandbox.db, before_ms).await {
            tracing::error!(?error, "captures could not be deleted");
        }
        if let Err(error) = crate::operator::forget(&sandbox).await {
            tracing::error!(?error, "submissions at Argos could not be deleted");
        }
    }
}

/// A connection: whose it is, and a way to cut it from a handler, as a broken network would.
#[derive(Clone, Debug)]
pub struct Connection {
    address: IpAddr,
    cut: Arc<AtomicBool>,
}

impl Connection {
    fn of(address: SocketAddr) -> Self {
        Self { address: address.ip(), cut: Arc::default() }
    }

    /// The other side's address.
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// Breaks the connection: nothing is read or written any more. One under TLS stays.
    pub fn cut(&self) {
        self.cut.store(true, Ordering::Release);
    }

    fn check(&self) -> io::Result<()> {
        if self.cut.load(Ordering::Acquire) {
            return Err(io::Error::new(io::ErrorKind::ConnectionReset, "cut on purpose"));
        }
        Ok(())
    }
}

impl Connected<IncomingStream<'_, Cuttable>> for Connection {
    fn connect_info(stream: IncomingStream<'_, Cuttable>) -> Self {
        stream.io().connection.clone()
    }
}

impl Connected<SocketAddr> for Connection {
    fn connect_info(address: SocketAddr) -> Self {
        Self::of(address)
    }
}

struct Cuttable(TcpListener);

impl Listener for Cuttable {
    type Io = CuttableStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        (CuttableStream { stream, connection: Connection::of(address) }, address)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.0.local_addr()
    }
}

struct CuttableStream {
    stream: TcpStream,
    connection: Connection,
}

impl AsyncRead for CuttableStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.connection.check()?;
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for CuttableStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.connection.check()?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
