//! What every handler shares.

use crate::argos::ArgosBox;
use crate::customer::Customer;
use crate::decision::Judge;
use crate::error::Error;
use crate::events::{Event, EventSink};
use crate::faults::Faults;
use crate::observe::Observer;
use crate::relay::RateLimits;
use crate::tomo::Webhooks;
use crate::toss::Vendor as Toss;
use crate::vendors::Vendors;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use idv_edge::evidence::VerifierSecret;
use idv_edge::keys::SigningKey;
use idv_edge::relay::PlanParams;
use idv_edge::relay::limits::LimitParams;
use sqlx::SqlitePool;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::sync::Semaphore;

/// The time, in ms since 1970.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> u64 + Send + Sync>);

impl Clock {
    /// A clock that reads `now_ms`.
    pub fn new(now_ms: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(now_ms))
    }

    /// The system's clock.
    pub fn system() -> Self {
        Self::new(|| {
            let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
        })
    }

    /// Now, in ms since 1970.
    pub fn now_ms(&self) -> u64 {
        (self.0)()
    }
}

type Fill = dyn Fn(&mut [u8]) -> Result<(), Error> + Send + Sync;

/// Random bytes.
#[derive(Clone)]
pub struct Randomness(Arc<Fill>);

impl Randomness {
    /// Randomness that `fill` gives.
    pub fn new(fill: impl Fn(&mut [u8]) -> Result<(), Error> + Send + Sync + 'static) -> Self {
        Self(Arc::new(fill))
    }

    /// The system's randomness.
    pub fn system() -> Self {
        Self::new(|bytes| getrandom::fill(bytes).map_err(|error| Error::internal("random bytes", error)))
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], Error> {
        let mut bytes = [0; N];
        (self.0)(&mut bytes)?;
        Ok(bytes)
    }

    /// An unguessable id of 128 bits with a prefix that says what it names.
    pub fn id(&self, prefix: &str) -> Result<String, Error> {
        Ok(format!("{prefix}_{}", URL_SAFE_NO_PAD.encode(self.bytes::<16>()?)))
    }

    /// A new P-256 key.
    pub fn key(&self) -> Result<SigningKey, Error> {
        const DRAWS: usize = 4;
        for _ in 0..DRAWS {
            if let Ok(key) = SigningKey::from_random(&self.bytes()?) {
                return Ok(key);
            }
        }
        Err(Error::Internal("no P-256 key in four draws: the randomness is broken".to_owned()))
    }
}

/// What can be set from outside.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Scheme, host and port that everything is reached under; no slash at the end.
    pub origin: String,
    /// The unpacked npm package (`dist/`, `demo/`); without it a bare page is shown.
    pub package: Option<PathBuf>,
    /// Whether a recorded camera is expected.
    pub test_camera: bool,
    /// Origins that may call the relay from pages of their own, besides `origin`.
    pub allowed_origins: Vec<String>,
    /// Times of the steps.
    pub plan: PlanParams,
    /// The integrator's own text over the consent; empty for none.
    pub consent_text: String,
    /// The operator's accounts at its vendors.
    pub vendors: Vendors,
}

/// The state. Clones share it.
#[derive(Clone)]
pub struct Sandbox {
    pub(crate) settings: Arc<Settings>,
    pub(crate) db: SqlitePool,
    /// Signs access, start and return tokens. Made for each run and never stored: those tokens end with it.
    pub(crate) key: SigningKey,
    /// What codes of text messages are digested with. Made for each run and never stored: those codes end with it.
    pub(crate) otp_key: [u8; 32],
    /// What each session's verifier key is made of. Made for each run and never stored: a page that goes on in the next
    /// one asks for its plan again.
    pub(crate) verifier: VerifierSecret,
    pub(crate) clock: Clock,
    pub(crate) random: Randomness,
    pub(crate) events: EventSink,
    pub(crate) faults: Arc<Faults>,
    pub(crate) judge: Option<Arc<Judge>>,
    /// One decision at a time: the models are one set, and a repeated completion finds the first one's answer.
    pub(crate) deciding: Arc<Semaphore>,
    pub(crate) customer: Option<Arc<Customer>>,
    pub(crate) limits: Arc<RateLimits>,
    pub(crate) observer: Option<Observer>,
    /// The vendor's side of Toss.
    pub(crate) toss: Arc<Toss>,
    /// The vendor's side of Argos.
    pub(crate) argos: Arc<ArgosBox>,
    /// What customers are told with that a verification has ended.
    pub(crate) webhooks: Webhooks,
}

impl Sandbox {
    /// A state with a fresh operator key. Without `judge` completions fail as internal errors.
    pub fn new(
        settings: Settings,
        db: SqlitePool,
        clock: Clock,
        random: Randomness,
        events: EventSink,
        judge: Option<Arc<Judge>>,
        toss: Arc<Toss>,
    ) -> Result<Self, Error> {
        let key = random.key()?;
        let otp_key = random.bytes()?;
        let verifier = VerifierSecret::new(&random.bytes::<32>()?)
            .map_err(|error| Error::internal("verifier secret", error))?;
        Ok(Self {
            settings: Arc::new(settings),
            db,
            key,
            otp_key,
            verifier,
            clock,
            random,
            events,
            faults: Arc::default(),
            judge,
            deciding: Arc::new(Semaphore::new(1)),
            customer: None,
            limits: Arc::new(RateLimits::new(Some(LimitParams::default()))),
            observer: None,
            toss,
            argos: Arc::new(ArgosBox::closed()),
            webhooks: Webhooks::new(None)?,
        })
    }

    /// The same state with faults to inject.
    #[must_use]
    pub fn with_faults(mut self, faults: Faults) -> Self {
        self.faults = Arc::new(faults);
        self
    }

    /// The same state with these limits of the relay; `None` for none.
    #[must_use]
    pub fn with_limits(mut self, params: Option<LimitParams>) -> Self {
        self.limits = Arc::new(RateLimits::new(params));
        self
    }

    /// The same state with a demo customer's server.
    #[must_use]
    pub fn with_customer(mut self, customer: Customer) -> Self {
        self.customer = Some(Arc::new(customer));
        self
    }

    /// The same state with someone who sees every answer.
    #[must_use]
    pub fn with_observer(mut self, observer: Option<Observer>) -> Self {
        self.observer = observer;
        self
    }

    /// The same state with a vendor's side of Argos.
    #[must_use]
    pub fn with_argos(mut self, argos: ArgosBox) -> Self {
        self.argos = Arc::new(argos);
        self
    }

    /// The same state with another sender of webhooks.
    #[must_use]
    pub fn with_webhooks(mut self, webhooks: Webhooks) -> Self {
        self.webhooks = webhooks;
        self
    }

    pub(crate) fn emit(&self, event: Event) {
        self.events.emit(&event);
    }
}
