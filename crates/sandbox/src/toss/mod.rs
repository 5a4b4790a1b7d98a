//! A stand-in of the Toss certificate's test environment under `/toss`: its API, and the app where the person
//! signs.
//!
//! In: calls of customers' servers, the person's decision. Out: transactions, statuses, results with PKCS#7
//! of an authority of this run. Rule: what identifies a person is checked and dropped, never stored;
//! documents and signatures are deleted as soon as nobody may read them; every result is of the same invented
//! person.
//!
//! - `vendor`: credentials, keys and certificates of this run.
//! - `token`, `call`, `fail`: who calls, and how a call is refused.
//! - `request`, `status`, `result`: signatures; `auth`: user authentication.
//! - `app`, `app_page`, `signing`: the stand-in of the Toss app.
//! - `files`: what Toss publishes: public key, certificates, revocation list.

mod app;
mod app_page;
mod auth;
mod call;
mod fail;
mod files;
mod person;
mod request;
mod result;
mod signing;
mod status;
mod token;
mod vendor;

pub use vendor::{Certificates, Credentials, Vendor};

use crate::state::Sandbox;
use axum::routing::{get, post};
use axum::{Extension, Router};
use idv_edge::toss::wire::{REQUEST_PATH, RESULT_PATH, STATUS_PATH};
use idv_edge::toss::{AuthKind, TOKEN_PATH};

/// Where this section begins: both of Toss's hosts are below it.
pub const BASE_PATH: &str = "/toss";

/// Path of the stand-in of the app, with `txId` in its query.
pub const APP_PATH: &str = "/toss/app";

/// The routes of this section.
pub fn router() -> Router<Sandbox> {
    let at = |path: &str| format!("{BASE_PATH}{path}");
    let auth = AuthKind::ALL.into_iter().fold(Router::new(), |router, kind| {
        let calls = Router::new()
            .route(&at(kind.request_path()), post(auth::request))
            .route(&at(kind.status_path()), post(auth::status))
            .route(&at(kind.result_path()), post(auth::result))
            .layer(Extension(kind));
        router.merge(calls)
    });
    Router::new()
        .merge(auth)
        .route(&at(TOKEN_PATH), post(token::token))
        .route(&at(REQUEST_PATH), post(request::request))
        .route(&at(STATUS_PATH), post(status::status))
        .route(&at(RESULT_PATH), post(result::result))
        .route(APP_PATH, get(app::show))
        .route(&at("/app/decide"), post(app::decide))
        .route(&at("/app/style.css"), get(app::style))
        .route(&at(files::PUBLIC_KEY_PATH), get(files::public_key))
        .route(&at(files::ROOT_PATH), get(files::root))
        .route(&at(files::ISSUING_PATH), get(files::issuing))
        .route(&at(files::REVOKED_PATH), get(files::revoked))
        .route(&at("/{*rest}"), axum::routing::any(fail::not_found))
}
