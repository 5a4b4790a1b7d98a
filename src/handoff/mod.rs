//! Out of the page: messages to a host app and the way back.
//!
//! In: what happened. Out: one envelope for every kind of host. Rule: codes and opaque ids only, never pictures
//! or personal data; no message completes a verification.

mod app;
mod bridge;
#[cfg(target_arch = "wasm32")]
pub mod host;

pub use app::{Platform, app_link, platform_of};
pub use bridge::{Announcement, envelope};

/// Whether a return address may be opened: an absolute URL whose scheme runs no script and shows no inline
/// content. Schemes of apps are allowed.
pub fn is_navigable(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once(':') else { return false };
    let mut characters = scheme.chars();
    let well_formed = characters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && characters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    let inert = !matches!(
        scheme.to_ascii_lowercase().as_str(),
        "javascript" | "data" | "vbscript" | "blob" | "file" | "about" | "filesystem" | "view-source"
    );
    well_formed && inert && !rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn returns_to_sites_and_apps_but_runs_nothing() {
        for url in ["https://shop.example/return?id=1", "http://127.0.0.1:8080/", "myapp://idv/done"] {
            assert!(is_navigable(url), "{url}");
        }
        for url in [
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "data:text/html,x",
            " javascript:x",
            "/path",
            "",
            "a:",
        ] {
            assert!(!is_navigable(url), "{url}");
        }
    }
}
