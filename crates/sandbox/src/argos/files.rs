//! `GET /image` and `GET /report/aml`: files.

use super::list::{Query, QueryError};
use super::refusal::Refused;
use super::{report, store};
use crate::error::no_store;
use crate::state::Sandbox;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use idv_edge::argos::{ImageType, PictureFormat, ResourceId, SubmissionId};

/// GET /image: a picture as it was sent.
pub(super) async fn image(
    State(sandbox): State<Sandbox>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refused> {
    let query = Query::of(query.as_deref());
    let id = SubmissionId::new(query.get("submission_id").ok_or(QueryError)?).map_err(|_| QueryError)?;
    let kind = ImageType::from(query.get("type").ok_or(QueryError)?);
    let bytes = store::image(&sandbox.db, id.as_str(), &kind).await?.ok_or(QueryError)?;
    let format = PictureFormat::of(&bytes).ok_or(QueryError)?;
    Ok(file(format.media_type(), kind.as_str(), format.extension(), bytes))
}

/// GET /report/aml: the screening as a PDF.
pub(super) async fn aml_report(
    State(sandbox): State<Sandbox>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refused> {
    let query = Query::of(query.as_deref());
    let id = ResourceId::new(query.get("resourceId").ok_or(QueryError)?).map_err(|_| QueryError)?;
    let record = store::screened(&sandbox.db, id.as_str()).await?.ok_or(QueryError)?;
    let pdf = report::pdf(&record).ok_or(QueryError)?;
    Ok(file("application/pdf", "aml_report", "pdf", pdf))
}

fn file(media_type: &'static str, name: &str, extension: &str, bytes: Vec<u8>) -> Response {
    let mut headers = no_store();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Ok(value) = format!("attachment; filename=\"{name}.{extension}\"").parse() {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    (headers, bytes).into_response()
}
