//! Webhooks: the customer is told that a verification has ended.
//!
//! In: `webhook_url` of a start request, an outcome. Out: a POST with the verification's id. Rule: a hint without personal
//! data and without the outcome, which is asked for; three tries; no redirect is followed, and nothing is sent into this
//! machine's network (see `public_only`).

use crate::db;
use crate::error::Error;
use crate::events::Event;
use crate::public_only::{PublicOnly, target};
use crate::state::Sandbox;
use idv_protocol::{Outcome, Reason};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Waits before each try, in ms. The vendor's texts say nothing of tries; three in some seconds are ours, as of the
/// stand-in for Argos.
const WAITS_MS: [u64; 3] = [0, 1_000, 4_000];

/// Tries of each webhook.
pub const TRIES: u32 = WAITS_MS.len() as u32;

/// Time for one try. A recipient only has to take the hint.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What webhooks are sent with.
#[derive(Clone)]
pub struct Webhooks {
    http: reqwest::Client,
    waits_ms: [u64; 3],
}

impl fmt::Debug for Webhooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhooks").field("waits_ms", &self.waits_ms).finish_non_exhaustive()
    }
}

impl Webhooks {
    /// A sender with these waits before each try, in ms; the usual ones without.
    pub fn new(waits_ms: Option<[u64; 3]>) -> Result<Self, Error> {
        // An error says that a provider was installed before, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(PublicOnly))
            .build()
            .map_err(|error| Error::internal("webhook client", error))?;
        Ok(Self { http, waits_ms: waits_ms.unwrap_or(WAITS_MS) })
    }

    /// The status that a recipient answered with; None where nothing came.
    async fn send(&self, url: &str, body: String) -> Option<u16> {
        // Looked at again: a row of another version of this program may say anything.
        let url = target(url)?;
        let request = self.http.post(url).header("content-type", "application/json").body(body);
        request.send().await.ok().map(|answer| answer.status().as_u16())
    }
}

/// Says that a verification has ended: to whoever watches, and to the customer.
pub(crate) fn settled(sandbox: &Sandbox, submission_id: String, status: Outcome, reason: Option<Reason>) {
    sandbox.emit(Event::Settled { submission_id, status, reason });
    deliver(sandbox);
}

/// Delivers what an earlier process left.
pub(crate) async fn resume(sandbox: &Sandbox) -> Result<(), Error> {
    db::give_back_webhooks(&sandbox.db, TRIES).await?;
    deliver(sandbox);
    Ok(())
}

/// Delivers every webhook that nobody delivers yet, each in the background.
fn deliver(sandbox: &Sandbox) {
    let sandbox = sandbox.clone();
    tokio::spawn(async move {
        match db::take_webhooks(&sandbox.db).await {
            Ok(taken) => {
                for (webhook_id, url, body) in taken {
                    let sandbox = sandbox.clone();
                    tokio::spawn(async move {
                        if let Err(error) = deliver_one(&sandbox, webhook_id, &url, body).await {
                            tracing::error!(%error, "a webhook could not be noted");
                        }
                    });
                }
            }
            Err(error) => tracing::error!(%error, "webhooks could not be read"),
        }
    });
}

async fn deliver_one(sandbox: &Sandbox, webhook_id: i64, url: &str, body: String) -> Result<(), Error> {
    for wait_ms in sandbox.webhooks.waits_ms {
        tokio::time::sleep(Duration::from_millis(wait_ms)).await;
        let status = sandbox.webhooks.send(url, body.clone()).await;
        let delivered = status.is_some_and(|status| (200..300).contains(&status));
        let now_ms = sandbox.clock.now_ms();
        let kept = db::tried_webhook(&sandbox.db, webhook_id, status, now_ms, delivered).await?;
        if delivered || !kept {
            return Ok(());
        }
    }
    Ok(())
}
