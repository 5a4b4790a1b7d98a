//! The hosted page and the package's files.
//!
//! In: GET. Out: files with strict headers. Rule: the page runs only what this origin serves, and nothing of
//! the start URL's query is read here: the page exchanges its token itself.

mod headers;

use crate::error::Error;
use crate::state::Sandbox;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use tower_http::services::ServeDir;

pub(crate) use headers::{document_headers, plain_document_headers, style_headers};

/// Where in the package the hosted page lies.
const PAGE_FILE: &str = "demo/index.html";

/// The page that is shown where no package is given, or it has none: no flow can run there.
const BARE_PAGE: &str = r#"<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
    <title>Identity check</title>
  </head>
  <body>
    <p>This server was started without the package that shows the identity check.</p>
  </body>
</html>
"#;

/// The routes of this section.
pub fn router(sandbox: &Sandbox) -> Router<Sandbox> {
    let router = Router::new().route("/idv/start", get(hosted_page)).fallback(not_found);
    match &sandbox.settings.package {
        Some(folder) => {
            let files = ServeDir::new(folder).precompressed_br().append_index_html_on_directories(false);
            router.merge(Router::new().nest_service("/package", files).layer(from_fn(package_headers)))
        }
        None => router.route("/package/{*path}", any(not_found)),
    }
}

async fn hosted_page(State(sandbox): State<Sandbox>) -> Result<Response, Error> {
    let page = match &sandbox.settings.package {
        Some(folder) => match tokio::fs::read_to_string(folder.join(PAGE_FILE)).await {
            Ok(page) => page,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BARE_PAGE.to_owned(),
            Err(error) => return Err(Error::internal("the package's page", error)),
        },
        None => BARE_PAGE.to_owned(),
    };
    Ok((document_headers(), page).into_response())
}

async fn package_headers(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    headers::for_file(response.headers_mut(), &path);
    response
}

async fn not_found() -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    (StatusCode::NOT_FOUND, headers, "There is no such page.").into_response()
}
