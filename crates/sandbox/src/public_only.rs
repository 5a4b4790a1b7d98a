//! Addresses that a stranger's URL may lead to.
//!
//! In: a URL that came in a request, a name to be resolved. Out: the URL, addresses of the public internet. Rule: `https:`
//! to public addresses, or this machine by its own name (`localhost`, 127.0.0.0/8, ::1); a name of another machine that
//! leads to this one or to its network is refused when it is resolved, also where it was public a moment ago.

use idv_edge::http::trusted_url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use url::{Host, Url};

/// Name of this machine.
const LOCALHOST: &str = "localhost";

/// Longest URL taken, in characters.
const MAX_URL_CHARS: usize = 2048;

/// Reads a URL that something is to be sent to. None where it leads where nothing may be sent, as far as it says so itself.
pub(crate) fn target(text: &str) -> Option<Url> {
    let url = (text.len() <= MAX_URL_CHARS).then(|| trusted_url(text).ok())??;
    let address = match url.host()? {
        Host::Domain(_) => return Some(url),
        Host::Ipv4(address) => IpAddr::V4(address),
        Host::Ipv6(address) => IpAddr::V6(address),
    };
    (address.is_loopback() || is_public(address)).then_some(url)
}

/// Resolves names to public addresses only; `localhost` is this machine.
#[derive(Debug)]
pub(crate) struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            Ok(Box::new(allowed(name.as_str(), found)?.into_iter()) as Addrs)
        })
    }
}

/// Those of `found` that `name` may lead to. An error where it leads elsewhere too: such a name is not to be trusted.
fn allowed(name: &str, found: Vec<SocketAddr>) -> io::Result<Vec<SocketAddr>> {
    let fits = |address: &SocketAddr| match name {
        LOCALHOST => address.ip().is_loopback(),
        _ => is_public(address.ip()),
    };
    if found.is_empty() || !found.iter().all(fits) {
        return Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "a name that leads to no public address",
        ));
    }
    Ok(found)
}

/// Whether an address is of the public internet (IANA's registries of special-purpose addresses).
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(a == 0
        || a >= 224
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19)))
}

/// Global unicast (2000::/3) without what is inside of it for documentation and for reaching IPv4 addresses.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    first & 0xe000 == 0x2000
        && first != 0x2002
        && !(first == 0x2001 && (second < 0x200 || second == 0x0db8))
        && !(first == 0x3fff && second < 0x1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_goes_to_the_public_internet_or_to_this_machine() {
        for good in [
            "https://shop.example/hook?a=b",
            "https://93.184.216.34/hook",
            "https://[2606:2800:220:1::1]/hook",
            "http://127.0.0.1:8080/hook",
            "http://localhost:8080/hook",
            "https://[::1]:9/hook",
        ] {
            assert!(target(good).is_some(), "{good}");
        }
        let long = format!("https://shop.example/{}", "a".repeat(MAX_URL_CHARS));
        for bad in [
            "http://shop.example/hook",
            "https://10.0.0.7/hook",
            "https://192.168.1.1/hook",
            "https://169.254.169.254/latest/meta-data",
            "https://[fd00::1]/hook",
            "https://[fe80::1]/hook",
            "https://[::ffff:10.0.0.1]/hook",
            "https://[64:ff9b::a00:1]/hook",
            "https://0.0.0.0/hook",
            "https://100.64.0.1/hook",
            "https://0x7f.1.example.@10.0.0.1/",
            "https://user:geheim@shop.example/hook",
            "https://167772161/hook",
            "file:///etc/passwd",
            "gopher://shop.example",
            "/hook",
            long.as_str(),
        ] {
            assert!(target(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_name_that_leads_into_the_network_is_refused_when_it_is_resolved() {
        let at = |text: &str| -> SocketAddr { text.parse().expect("address") };
        let public = vec![at("93.184.216.34:0"), at("[2606:2800:220:1::1]:0")];
        assert_eq!(allowed("shop.example", public.clone()).expect("public"), public);
        for inner in ["127.0.0.1:0", "10.0.0.1:0", "[::1]:0", "[::ffff:192.168.0.1]:0", "169.254.169.254:0"] {
            let found = vec![at("93.184.216.34:0"), at(inner)];
            assert!(allowed("shop.example", found).is_err(), "{inner}");
        }
        assert!(allowed("localhost", vec![at("127.0.0.1:0")]).is_ok());
        assert!(allowed("localhost", vec![at("93.184.216.34:0")]).is_err());
        assert!(allowed("localhost.shop.example", vec![at("127.0.0.1:0")]).is_err());
        assert!(allowed("shop.example", Vec::new()).is_err());
    }
}
