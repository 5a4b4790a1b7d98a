//! Security and cache headers of pages and files.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// Everything from this origin only. `wasm-unsafe-eval` compiles wasm and nothing else; the page's empty
/// icon is a data picture; only the policy `idv-web` may make script URLs.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    worker-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; \
    media-src 'self' blob:; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types idv-web";

const PERMISSIONS_POLICY: &str =
    "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()";

/// Shortest digest in a file name that makes the file immutable, in hex digits.
const MIN_DIGEST_CHARS: usize = 8;

/// Pages without script: nothing but their style sheet and pictures of this origin. Forms post to this
/// origin, and what is posted may lead on to the targets that are added.
const PLAIN_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
    frame-ancestors 'none'; form-action 'self'";

fn security(headers: &mut HeaderMap) {
    let pairs: [(HeaderName, &'static str); 6] = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("permissions-policy"), PERMISSIONS_POLICY),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in pairs {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// Headers of an HTML page: never stored, since its URL carried a token.
pub(crate) fn document_headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    security(&mut headers);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers
}

/// Headers of an HTML page without script, which is never stored; its forms may lead on to `form_targets`,
/// schemes (`shop:`) or origins.
pub(crate) fn plain_document_headers(form_targets: &[String]) -> HeaderMap {
    let mut headers = document_headers();
    let policy = form_targets.iter().fold(PLAIN_POLICY.to_owned(), |policy, target| policy + " " + target);
    // A target that no header can hold would be none of a form either.
    let policy = HeaderValue::from_str(&policy).unwrap_or_else(|_| HeaderValue::from_static(PLAIN_POLICY));
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers
}

/// Headers of a style sheet.
pub(crate) fn style_headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers
}

/// Headers of a file of the package. Scripts carry the policy too: a worker lives under its own response's.
pub(super) fn for_file(headers: &mut HeaderMap, path: &str) {
    security(headers);
    let cache = if is_hash_named(path) { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
}

/// Whether the file's name ends in a digest before its extensions, as `vision-1a2b3c4d.wasm` does.
fn is_hash_named(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    stem.rsplit_once('-').is_some_and(|(_, digest)| {
        digest.len() >= MIN_DIGEST_CHARS && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::is_hash_named;

    #[test]
    fn only_files_named_by_their_digest_are_immutable() {
        for name in
            ["/package/dist/vision-1a2b3c4d.wasm", "/package/dist/models/face_mesh-0123456789ab.nnef.tar"]
        {
            assert!(is_hash_named(name), "{name}");
        }
        for name in ["/package/dist/worker.js", "/package/dist/idv-flow.js", "/package/a-12345.js", "/", ""] {
            assert!(!is_hash_named(name), "{name}");
        }
    }
}
