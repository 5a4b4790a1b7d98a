//! The page and the browser around a camera: whose `getUserMedia` it is, and who drives.

use super::together;
use idv_protocol::{InjectionCode, InjectionSignal};

/// What was found of the page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageFacts {
    /// The source of `getUserMedia` by the `toString` of a realm that no script has touched; empty where there is none.
    pub get_user_media: String,
    /// Whether it is a member of the `mediaDevices` object itself, where browsers have it on its class.
    pub is_own_member: bool,
    /// `navigator.webdriver`.
    pub is_driven: bool,
    /// `navigator.userAgent`.
    pub user_agent: String,
}

/// What browsers give for a function of their own, without its white space.
const NATIVE: &str = "functiongetUserMedia(){[nativecode]}";

/// How much each of them says. Extensions that watch cameras replace the function as well.
const REPLACED_DOUBT: f32 = 0.85;
const OWN_MEMBER_DOUBT: f32 = 0.6;

/// Nobody else sets this.
const DRIVEN_DOUBT: f32 = 0.9;

/// Chromium without a window says so in its name.
const HEADLESS: &str = "Headless";

pub(super) fn signals(page: &PageFacts) -> [Option<InjectionSignal>; 2] {
    let bare: String = page.get_user_media.split_whitespace().collect();
    let replaced =
        [(!bare.is_empty() && bare != NATIVE, REPLACED_DOUBT), (page.is_own_member, OWN_MEMBER_DOUBT)];
    let driven = [(page.is_driven, DRIVEN_DOUBT), (page.user_agent.contains(HEADLESS), DRIVEN_DOUBT)];
    [of(InjectionCode::ReplacedGetUserMedia, &replaced), of(InjectionCode::Automation, &driven)]
}

fn of(code: InjectionCode, doubts: &[(bool, f32)]) -> Option<InjectionSignal> {
    let found: Vec<f32> = doubts.iter().filter(|(is, _)| *is).map(|(_, doubt)| *doubt).collect();
    let count = found.len() as f32;
    (count > 0.0).then(|| InjectionSignal::new(code, count, together(found)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(source: &str) -> PageFacts {
        PageFacts {
            get_user_media: source.into(),
            user_agent: "Firefox/140.0".into(),
            ..PageFacts::default()
        }
    }

    #[test]
    fn the_browsers_own_function_is_known_in_every_browsers_spelling() {
        for source in [
            "function getUserMedia() { [native code] }",
            "function getUserMedia() {\n    [native code]\n}",
            "",
        ] {
            assert_eq!(signals(&page(source)), [None, None], "{source}");
        }
    }

    #[test]
    fn another_function_is_found_also_when_it_is_bound_or_wrapped() {
        for source in [
            "function () { [native code] }",
            "async (constraints) => fake(constraints)",
            "function getUserMedia(c) { return 'function getUserMedia() { [native code] }' }",
        ] {
            let [replaced, driven] = signals(&page(source));
            assert!(replaced.is_some_and(|signal| signal.is_sure()) && driven.is_none(), "{source}");
        }
    }

    #[test]
    fn a_driven_browser_is_told_by_its_flag_and_by_its_name() {
        let headless = PageFacts { user_agent: "HeadlessChrome/140".into(), ..page("") };
        for facts in [PageFacts { is_driven: true, ..page("") }, headless.clone()] {
            let [_, driven] = signals(&facts);
            assert!(driven.is_some_and(|signal| signal.is_sure() && signal.value == 1.0));
        }
        let [_, both] = signals(&PageFacts { is_driven: true, ..headless });
        assert_eq!(both.map(|signal| signal.value), Some(2.0));
    }
}
