//! A self-signed certificate for one run, so that a phone on the same network gets a secure context.

use crate::error::Error;
use axum_server::tls_rustls::RustlsConfig;
use std::io;
use std::net::{IpAddr, Ipv4Addr, UdpSocket};

pub(crate) struct SelfSigned {
    pub(crate) certificate_pem: String,
    key_pem: String,
}

/// A certificate for `address`, this machine and `localhost`.
pub(crate) fn self_signed(address: IpAddr) -> Result<SelfSigned, Error> {
    let names = vec![address.to_string(), Ipv4Addr::LOCALHOST.to_string(), "localhost".to_owned()];
    let made =
        rcgen::generate_simple_self_signed(names).map_err(|error| Error::internal("certificate", error))?;
    Ok(SelfSigned { certificate_pem: made.cert.pem(), key_pem: made.signing_key.serialize_pem() })
}

impl SelfSigned {
    pub(crate) async fn server_config(self) -> io::Result<RustlsConfig> {
        // An error says that another provider was installed first, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        RustlsConfig::from_pem(self.certificate_pem.into_bytes(), self.key_pem.into_bytes()).await
    }
}

/// The address by which others on the network reach this machine, as far as it can tell; no packet is sent.
pub(crate) fn lan_address() -> IpAddr {
    // TEST-NET-1 (RFC 5737): routed like any outside address and never reached.
    const OUTSIDE: (Ipv4Addr, u16) = (Ipv4Addr::new(192, 0, 2, 1), 9);
    UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))
        .and_then(|socket| socket.connect(OUTSIDE).and_then(|()| socket.local_addr()))
        .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |address| address.ip())
}
