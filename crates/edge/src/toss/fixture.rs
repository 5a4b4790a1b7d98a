//! Keys and authorities of the tests, made once in a run, and the vendor's page where it is present.

use super::issuing::{Authority, Leaf, RsaKey, Subject};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// 2026-01-01T00:00:00Z: when the authorities of the tests begin.
pub(super) const FROM_S: u64 = 1_767_225_600;
pub(super) const DAY_S: u64 = 86_400;
/// A time in the life of every certificate of the tests.
pub(super) const NOW_S: u64 = FROM_S + 100 * DAY_S;
pub(super) const LIST_URL: &str = "http://127.0.0.1/crl/1.crl";

pub(crate) fn toss_key() -> &'static RsaKey {
    static KEY: OnceLock<RsaKey> = OnceLock::new();
    KEY.get_or_init(|| RsaKey::from_seed(&[1; 32], 4096).expect("key"))
}

pub(super) fn person_key() -> &'static RsaKey {
    static KEY: OnceLock<RsaKey> = OnceLock::new();
    KEY.get_or_init(|| RsaKey::from_seed(&[2; 32], 2048).expect("key"))
}

pub(super) fn authority() -> &'static Authority {
    static AUTHORITY: OnceLock<Authority> = OnceLock::new();
    AUTHORITY.get_or_init(|| {
        let root = RsaKey::from_seed(&[3; 32], 2048).expect("key");
        let issuing = RsaKey::from_seed(&[4; 32], 2048).expect("key");
        Authority::new(&root, issuing, FROM_S).expect("authority")
    })
}

pub(super) fn subject() -> Subject<'static> {
    Subject {
        common_name: "김토스",
        uid: "000000000000000000000001",
        serial: 77,
        from_s: FROM_S,
        until_s: FROM_S + 3 * 365 * DAY_S,
        revocation_list_url: Some(LIST_URL),
    }
}

pub(super) fn leaf() -> Leaf {
    authority().issue(&subject(), person_key().clone()).expect("leaf")
}

/// Runs OpenSSL on `files`, each written under its name in one folder; `arguments` name them. None where it
/// is not installed, else what it wrote to its output. Fails where it fails.
pub(super) fn openssl(files: &[(&str, &[u8])], arguments: &[&str]) -> Option<Vec<u8>> {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let run = RUNS.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("idv-toss-{}-{run}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("folder");
    for (name, bytes) in files {
        std::fs::write(folder.join(name), bytes).expect("file");
    }
    let output = std::process::Command::new("openssl").args(arguments).current_dir(&folder).output();
    std::fs::remove_dir_all(&folder).expect("folder");
    let Ok(output) = output else {
        eprintln!("skipped: openssl is not installed");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(output.stdout)
}

/// The vendor's page: in the folder that `IDV_VENDOR_PAGES` names (absolute), or in `shared/vendor-pages`
/// beside the repository.
pub(super) fn vendor_page() -> Option<String> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vendor-pages");
    let folder = std::env::var_os("IDV_VENDOR_PAGES").map_or_else(beside, PathBuf::from);
    let page = std::fs::read_to_string(folder.join("toss.txt")).ok();
    if page.is_none() {
        eprintln!("skipped: {} has no toss.txt", folder.display());
    }
    page
}

/// Every value of the JSON member `name` in the page, in order.
pub(super) fn members<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    let quoted = format!("\"{name}\"");
    let value = |at: usize| {
        let rest =
            page[at + quoted.len()..].trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
        rest.split('"').next()
    };
    page.match_indices(&quoted).filter_map(|(at, _)| value(at)).collect()
}
