//! Signatures: none can be asked for yet.

use crate::error::Error;
use crate::state::Sandbox;
use idv_edge::relay::Session;
use idv_edge::relay::entry::{Found, SignatureSeen};
use idv_protocol::SignatureTrigger;

pub(super) async fn ask(
    _: &Sandbox,
    _: &Session,
    _: SignatureTrigger,
    _: Option<&str>,
    _: bool,
) -> Result<Found, Error> {
    Ok(Found::Unavailable)
}

pub(super) async fn look(_: &Sandbox, _: &Session) -> Result<SignatureSeen, Error> {
    Ok(SignatureSeen::Waiting)
}
