//! The operator's account at Toss, or at its stand-in of this run. `Debug` shows no secret.

use crate::error::Error;
use crate::events::TossKey;
use crate::toss::{self, Certificates, Vendor};
use idv_edge::native::{RunnerParams, TossRunner};
use idv_edge::toss::signed_doc::Trust;
use idv_edge::toss::{Client, Environment, Hosts, TossPublicKey};
use std::sync::Arc;
use tokio::sync::OnceCell;
use zeroize::Zeroizing;

/// An account at Toss, or at its stand-in of this run. `Debug` shows no secret.
#[derive(Clone)]
pub struct TossAccess {
    /// Where both of its hosts are.
    pub base: String,
    /// Client id.
    pub client_id: String,
    /// Client secret.
    pub client_secret: Zeroizing<String>,
    /// How requests are run.
    pub params: RunnerParams,
    /// Gives the public key and the certificates, which take seconds to make.
    vendor: Arc<Vendor>,
    connected: Arc<OnceCell<TossSide>>,
}

impl std::fmt::Debug for TossAccess {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TossAccess").field("base", &self.base).finish_non_exhaustive()
    }
}

/// What the operator calls Toss with, and what it trusts.
#[derive(Clone, Debug)]
pub struct TossSide {
    /// Sends its requests. Clones share the access token.
    pub runner: TossRunner,
    /// Root and authority that signatures are verified against.
    pub trust: Trust,
}

impl TossAccess {
    /// The account of `vendor`'s client, reached under `origin`.
    pub fn new(origin: &str, vendor: Arc<Vendor>, params: RunnerParams) -> Self {
        let credentials = vendor.credentials().clone();
        Self {
            base: format!("{origin}{}", toss::BASE_PATH),
            client_id: credentials.client_id,
            client_secret: credentials.client_secret,
            params,
            vendor,
            connected: Arc::default(),
        }
    }

    /// The account as the sandbox's first line shows it.
    pub(crate) fn key(&self) -> TossKey {
        TossKey {
            base_url: self.base.clone(),
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.to_string(),
        }
    }

    /// The public key that session keys are encrypted to. The first call takes seconds.
    pub async fn public_key(&self) -> Result<TossPublicKey, Error> {
        TossPublicKey::read(&self.vendor.public_key_der().await?).map_err(unusable)
    }

    /// The certificates that Toss publishes. The first call takes seconds.
    pub async fn published(&self) -> Result<Arc<Certificates>, Error> {
        self.vendor.certificates().await
    }

    /// The root and the authority below it, to verify by. The first call takes seconds.
    pub async fn trust(&self) -> Result<Trust, Error> {
        let certificates = self.published().await?;
        Trust::with_root(&certificates.root_der)
            .and_then(|trust| trust.and_intermediate(&certificates.issuing_der))
            .map_err(unusable)
    }

    /// Begins to make what [`Self::connect`] waits for, so that a signature that is asked for soon waits
    /// less.
    pub fn warm(&self) {
        let access = self.clone();
        tokio::spawn(async move {
            if let Err(error) = access.connect().await {
                tracing::error!(%error, "the account at Toss");
            }
        });
    }

    /// The operator's side, the same for every call. The first call takes seconds.
    pub async fn connect(&self) -> Result<&TossSide, Error> {
        self.connected.get_or_try_init(|| self.make()).await
    }

    async fn make(&self) -> Result<TossSide, Error> {
        let (key, trust) = tokio::try_join!(self.public_key(), self.trust())?;
        let runner =
            Client::new(Environment::Sandbox, self.client_id.clone(), self.client_secret.clone(), key)
                .and_then(|client| client.at(Hosts::new(&self.base, &self.base)?))
                .and_then(|client| TossRunner::new(client, &self.params))
                .map_err(unusable)?;
        Ok(TossSide { runner, trust })
    }
}

fn unusable(error: idv_edge::Error) -> Error {
    Error::internal("the account at Toss", error)
}
