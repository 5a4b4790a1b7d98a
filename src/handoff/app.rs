//! Which link opens another app on this device.
//!
//! In: the links of the app's provider, the device. Out: one of them, unchanged. Rule: a link is opened by the user's
//! tap and by nothing else; nobody finds out whether the app is there.

use super::is_navigable;
use idv_protocol::AppLinks;

/// The device, as far as links to apps are concerned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Platform {
    /// Chrome intents.
    Android,
    /// Universal links.
    Ios,
    /// An app's own scheme, where there is such an app at all.
    #[default]
    Other,
}

/// The device behind a user agent string with so many touch points. An iPad calls itself a Macintosh, but has several.
pub fn platform_of(user_agent: &str, touch_points: u32) -> Platform {
    let has = |word: &str| user_agent.contains(word);
    if has("Android") {
        Platform::Android
    } else if has("iPhone") || has("iPad") || has("iPod") || (has("Macintosh") && touch_points > 1) {
        Platform::Ios
    } else {
        Platform::Other
    }
}

/// The link for `platform`, unchanged; none that a page must not open.
pub fn app_link(links: &AppLinks, platform: Platform) -> Option<String> {
    let link = match platform {
        Platform::Android => &links.android,
        Platform::Ios => &links.ios,
        Platform::Other => &links.app_scheme,
    };
    is_navigable(link).then(|| link.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    const IPHONE: &str =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1";
    const MAC: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15";
    const PIXEL: &str =
        "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36";

    #[test]
    fn each_device_gets_its_own_link_unchanged() {
        let links = AppLinks {
            app_scheme: "supertoss://toss-cert/v2/sign/doc?txId=1&_minVerAos=5.36.0".into(),
            android: "intent://toss-cert/v2/sign/doc?txId=1#Intent;scheme=supertoss;package=viva.republica.toss;end"
                .into(),
            ios: "https://ul.toss.im?scheme=supertoss%3A%2F%2Ftoss-cert".into(),
        };
        for (user_agent, touch_points, link) in [
            (PIXEL, 5, &links.android),
            (IPHONE, 5, &links.ios),
            (MAC, 5, &links.ios),
            (MAC, 0, &links.app_scheme),
            ("", 0, &links.app_scheme),
        ] {
            assert_eq!(app_link(&links, platform_of(user_agent, touch_points)).as_ref(), Some(link));
        }
    }

    #[test]
    fn a_link_that_runs_a_script_is_none() {
        let links =
            AppLinks { app_scheme: "javascript:alert(1)".into(), android: String::new(), ios: "/".into() };
        for platform in [Platform::Android, Platform::Ios, Platform::Other] {
            assert_eq!(app_link(&links, platform), None);
        }
    }
}
