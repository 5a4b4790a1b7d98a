//! Pictures of a result: where they are, and GET of one.

use super::bearer::Caller;
use crate::db;
use crate::error::{Error, no_store};
use crate::state::Sandbox;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use idv_edge::tomo::Media;
use idv_protocol::CaptureKind;

/// Where pictures are, with the verification's id and the kind.
pub(crate) const PATH: &str = "/v1/idv/media/{auth_id}/{kind}";

/// Kinds of the contract that this sandbox has, and the captures they are. It keeps no portrait and no video.
const KINDS: [(&str, CaptureKind); 3] = [
    ("document_front", CaptureKind::DocumentFront),
    ("document_back", CaptureKind::DocumentBack),
    ("selfie_image", CaptureKind::Selfie),
];

/// The pictures that an approved verification still has.
pub(super) async fn media_of(sandbox: &Sandbox, auth_id: &str) -> Result<Vec<Media>, Error> {
    let held = db::held_kinds(&sandbox.db, auth_id, &KINDS.map(|(_, capture)| capture)).await?;
    let origin = &sandbox.settings.origin;
    Ok(KINDS
        .into_iter()
        .filter(|(_, capture)| held.contains(capture))
        .map(|(kind, _)| Media {
            kind: kind.to_owned(),
            url: format!("{origin}{}", PATH.replace("{auth_id}", auth_id).replace("{kind}", kind)),
        })
        .collect())
}

/// GET of a picture, by the client that asked for the verification.
pub(super) async fn media(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    Path((auth_id, kind)): Path<(String, String)>,
) -> Result<Response, Error> {
    let capture = KINDS.into_iter().find(|(name, _)| *name == kind).map(|(_, capture)| capture);
    let jpeg = match capture {
        Some(capture) => db::picture_of(&sandbox.db, &caller.client_id, &auth_id, capture).await?,
        None => None,
    };
    let jpeg = jpeg.ok_or_else(|| Error::OAuth {
        status: StatusCode::NOT_FOUND,
        error: "not_found",
        description: "there is no such picture, or it is no longer kept".to_owned(),
    })?;
    let mut headers = no_store();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok((headers, jpeg).into_response())
}
