//! The URL that the flow returns to.

use crate::error::{Error, ErrorKind};
use crate::http::trusted_url;
use crate::keys::SigningKey;
use crate::tokens::Claims;
use url::Url;

/// Life of a return token in ms: as long as an assertion's, since it is made to be looked at at once.
pub const RETURN_TOKEN_LIFE_MS: u64 = 300 * 1000;

/// `redirect` with `token` and `key` as TomoIDV has them, and on failure this project's `error` and
/// `error_description` (names of RFC 6749 4.1.2.1). The token proves nothing to whoever gets it with its key in the
/// same URL. The redirect's own query is kept; of its own parameters
/// with these names nothing is left. Fails with [`ErrorKind::UrlInvalid`].
pub fn return_url(
    redirect: &str,
    key: &SigningKey,
    claims: &Claims,
    failure: Option<(&str, &str)>,
) -> Result<String, Error> {
    const OURS: [&str; 4] = ["token", "key", "error", "error_description"];
    let mut url = Url::parse(redirect)
        .map_err(|_| Error::new(ErrorKind::UrlInvalid, "the redirect URL is not absolute"))?;
    let kept: Vec<(String, String)> =
        url.query_pairs().into_owned().filter(|(name, _)| !OURS.contains(&name.as_str())).collect();
    let token = key.sign(claims)?;
    let mut query = url.query_pairs_mut();
    query.clear().extend_pairs(kept).append_pair("token", &token);
    query.append_pair("key", &key.public().to_url_key());
    if let Some((error, description)) = failure {
        query.append_pair("error", error).append_pair("error_description", description);
    }
    drop(query);
    Ok(url.into())
}

/// Whether the flow may return to `redirect`: `https:`, `http:` to this machine, or an app's own scheme
/// (`scheme://…`, a deep link). Never a scheme that a browser would run or read itself.
pub fn is_redirect_allowed(redirect: &str) -> bool {
    const FORBIDDEN: [&str; 9] =
        ["javascript", "data", "vbscript", "blob", "file", "filesystem", "about", "view-source", "ftp"];
    let Ok(url) = Url::parse(redirect) else { return false };
    match url.scheme() {
        "https" | "http" => trusted_url(redirect).is_ok(),
        scheme => !FORBIDDEN.contains(&scheme) && !url.cannot_be_a_base(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_return_keeps_the_customers_own_query() {
        let key = SigningKey::from_random(&[9; 32]).expect("key");
        let claims = Claims::issued("https://a", "ppid.x", "c", 1000, RETURN_TOKEN_LIFE_MS, "j".into());
        let failure = Some(("face_mismatch", "not the same face"));
        let url =
            return_url("https://shop.example/back?ref=r1&error=old", &key, &claims, failure).expect("url");
        let url = Url::parse(&url).expect("url");
        let names: Vec<String> = url.query_pairs().map(|(name, _)| name.into_owned()).collect();
        assert_eq!(names, ["ref", "token", "key", "error", "error_description"]);
        let app = return_url("idvexpo://verify", &key, &claims, None).expect("an app's deep link");
        assert!(app.starts_with("idvexpo://verify?token="), "{app}");
        assert!(return_url("/back", &key, &claims, None).is_err());
    }

    #[test]
    fn a_redirect_goes_to_a_web_server_or_an_app() {
        for good in
            ["https://shop.example/a?b=c", "http://127.0.0.1:80/", "idvexpo://verify", "com.shop.app:/x"]
        {
            assert!(is_redirect_allowed(good), "{good}");
        }
        for bad in
            ["http://shop.example", "javascript:alert(1)", "data:text/html,x", "mailto:a@b", "file:///", "/x"]
        {
            assert!(!is_redirect_allowed(bad), "{bad}");
        }
    }
}
