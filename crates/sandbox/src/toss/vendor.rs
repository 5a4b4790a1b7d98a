//! Credentials, keys and certificates of the vendor's side.
//!
//! RSA keys take seconds to make, so each is made when it is first needed, once for the whole process. The
//! certificates over them are made for each sandbox, from the time of its clock.

use super::files::REVOKED_PATH;
use super::person;
use crate::error::Error;
use crate::state::{Clock, Randomness};
use idv_edge::toss::issuing::{Authority, Leaf, RsaKey, Subject, TEST_TOKEN_LIFE_S};
use idv_edge::toss::{FieldFailure, Session, TEST_CLIENT_ID_PREFIX};
use sha2::{Digest, Sha256};
use std::sync::{Arc, OnceLock};
use tokio::sync::OnceCell;
use zeroize::Zeroizing;

/// Bits of Toss's own keys.
const VENDOR_BITS: usize = 4096;
/// Bits of people's keys, and of the key of access tokens (their samples have signatures of 256 bytes).
const PERSON_BITS: usize = 2048;
/// Life of a person's certificate, in seconds: three years.
const PERSON_LIFE_S: u64 = 3 * 365 * 24 * 3600;
/// Life of a revocation list, in seconds: Toss makes one a day.
pub(super) const LIST_LIFE_S: u64 = 24 * 3600;
/// How long before now certificates begin, in seconds: clocks differ.
const BEGUN_S: u64 = 24 * 3600;

/// A customer's server at Toss, made for one run. `Debug` shows no secret.
#[derive(Clone)]
pub struct Credentials {
    /// Client id; those of the test environment begin with `test_`.
    pub client_id: String,
    /// Client secret.
    pub client_secret: Zeroizing<String>,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

/// One key of the process.
struct Key {
    bits: usize,
    made: OnceLock<Option<RsaKey>>,
}

impl Key {
    const fn new(bits: usize) -> Self {
        Self { bits, made: OnceLock::new() }
    }

    /// The key; the first caller makes it, and others wait. Takes seconds then.
    fn get(&self) -> Result<&RsaKey, Error> {
        let make = || {
            let seed = Zeroizing::new(Randomness::system().bytes().ok()?);
            RsaKey::from_seed(&seed, self.bits).ok()
        };
        self.made.get_or_init(make).as_ref().ok_or_else(|| Error::Internal("an RSA key".to_owned()))
    }
}

/// Opens session keys: the private half of what stands for Toss's published public key.
static SESSION_KEY: Key = Key::new(VENDOR_BITS);
static TOKEN_KEY: Key = Key::new(PERSON_BITS);
static ROOT_KEY: Key = Key::new(VENDOR_BITS);
static ISSUING_KEY: Key = Key::new(VENDOR_BITS);
static PERSON_KEY: Key = Key::new(PERSON_BITS);

/// An authority and the certificate of the invented person.
#[derive(Debug)]
pub struct Certificates {
    /// The root, DER.
    pub root_der: Vec<u8>,
    /// The authority below it, DER. Documents do not hold it.
    pub issuing_der: Vec<u8>,
    pub(super) authority: Authority,
    pub(super) person: Leaf,
}

/// The vendor's side.
pub struct Vendor {
    credentials: Credentials,
    /// Scheme, host and port, for the address of the revocation list.
    origin: String,
    clock: Clock,
    certificates: OnceCell<Arc<Certificates>>,
}

impl std::fmt::Debug for Vendor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vendor").field("credentials", &self.credentials).finish_non_exhaustive()
    }
}

impl Vendor {
    /// A vendor with one client, both new, reached under `origin`.
    pub fn new(origin: &str, clock: Clock, random: &Randomness) -> Result<Self, Error> {
        let credentials = Credentials {
            client_id: format!("{TEST_CLIENT_ID_PREFIX}{}", hex::encode(random.bytes::<16>()?)),
            client_secret: Zeroizing::new(format!(
                "{TEST_CLIENT_ID_PREFIX}{}",
                hex::encode(*Zeroizing::new(random.bytes::<32>()?))
            )),
        };
        Ok(Self { credentials, origin: origin.to_owned(), clock, certificates: OnceCell::new() })
    }

    /// Its only client.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// The public key that session keys are encrypted to, SubjectPublicKeyInfo in DER.
    pub async fn public_key_der(&self) -> Result<Vec<u8>, Error> {
        blocking(|| SESSION_KEY.get()?.public_key_der().map_err(of_edge)).await
    }

    /// Its certificates, the same for the whole run.
    pub async fn certificates(&self) -> Result<Arc<Certificates>, Error> {
        let make = || {
            let (now_s, origin) = (self.clock.now_ms() / 1000, self.origin.clone());
            blocking(move || certificates(&origin, now_s).map(Arc::new))
        };
        self.certificates.get_or_try_init(make).await.cloned()
    }

    /// Whether these are the client's credentials. Digests are compared, so that the time says nothing.
    pub(super) fn knows(&self, client_id: &str, client_secret: &str) -> bool {
        client_id == self.credentials.client_id
            && Sha256::digest(client_secret) == Sha256::digest(self.credentials.client_secret.as_bytes())
    }

    /// An access token of the test environment's life.
    pub(super) async fn mint_token(
        &self,
        client_id: String,
        now_s: u64,
        jti: String,
    ) -> Result<String, Error> {
        blocking(move || Ok(TOKEN_KEY.get()?.mint_token(&client_id, now_s, TEST_TOKEN_LIFE_S, &jti))).await
    }

    /// The client of a good access token, if it is this run's.
    pub(super) async fn client_of_token(&self, token: String, now_s: u64) -> Result<Option<String>, Error> {
        let client_id = blocking(move || Ok(TOKEN_KEY.get()?.client_of_token(&token, now_s))).await?;
        Ok(client_id.filter(|client_id| *client_id == self.credentials.client_id))
    }

    /// The session of an encrypted session key.
    pub(super) async fn open_session(
        &self,
        session_key: String,
    ) -> Result<Result<Session, FieldFailure>, Error> {
        blocking(move || Ok(SESSION_KEY.get()?.open_session(&session_key))).await
    }
}

/// Runs what computes for long beside the server's threads.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::internal("RSA", error))?
}

/// An error of the vendor's cryptography as ours.
pub(super) fn of_edge(error: idv_edge::Error) -> Error {
    Error::internal("Toss's side", error)
}

/// A UUID version 4.
pub(super) fn uuid(random: &Randomness) -> Result<String, Error> {
    Ok(uuid::Builder::from_random_bytes(random.bytes()?).into_uuid().to_string())
}

fn certificates(origin: &str, now_s: u64) -> Result<Certificates, Error> {
    let from_s = now_s.saturating_sub(BEGUN_S);
    // All at once, where the machine can: each of them takes long, and a failure shows below.
    std::thread::scope(|scope| {
        for key in [&ROOT_KEY, &ISSUING_KEY, &PERSON_KEY] {
            scope.spawn(|| key.get().is_ok());
        }
    });
    let authority = Authority::new(ROOT_KEY.get()?, ISSUING_KEY.get()?.clone(), from_s).map_err(of_edge)?;
    let subject = Subject {
        common_name: person::NAME,
        uid: person::UID,
        serial: person::SERIAL,
        from_s,
        until_s: from_s + PERSON_LIFE_S,
        revocation_list_url: Some(&format!("{origin}{}{REVOKED_PATH}", super::BASE_PATH)),
    };
    let person = authority.issue(&subject, PERSON_KEY.get()?.clone()).map_err(of_edge)?;
    Ok(Certificates {
        root_der: authority.root_der().map_err(of_edge)?,
        issuing_der: authority.issuing_der().map_err(of_edge)?,
        authority,
        person,
    })
}
