//! How the clients connect.

use axum::Router;
use axum::routing::get;
use axum_server::tls_rustls::RustlsConfig;
use idv_edge::ErrorKind;
use idv_edge::keys::SigningKey;
use idv_edge::native::{Runner, RunnerParams};
use idv_edge::tomo::{Client, HEALTH_PATH};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::version::{TLS12, TLS13};
use std::sync::Arc;

/// A server that speaks only these versions of TLS and is healthy; what TomoIDV's client hears of it.
async fn health_over(
    versions: &[&'static rustls::SupportedProtocolVersion],
) -> Result<String, idv_edge::Error> {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("certificate");
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("key");
    let certificates = vec![CertificateDer::from(made.cert.der().to_vec())];
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .expect("config");
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("nonblocking");
    let origin = format!("https://{}", listener.local_addr().expect("address"));
    let app = Router::new().route(HEALTH_PATH, get(|| async { axum::Json("ok") }));
    let config = RustlsConfig::from_config(Arc::new(config));
    let server =
        axum_server::from_tcp_rustls(listener, config).expect("server").serve(app.into_make_service());
    let server = tokio::spawn(server);
    let client =
        Client::new(&origin, "client", SigningKey::from_random(&[3; 32]).expect("key")).expect("client");
    let only_root_pem = Some(made.cert.pem().into_bytes());
    let runner =
        Runner::new(client, &RunnerParams { only_root_pem, ..RunnerParams::default() }).expect("runner");
    let health = runner.health().await;
    server.abort();
    health
}

#[tokio::test]
async fn tomoidv_is_talked_to_by_tls_1_3_only() {
    assert_eq!(health_over(&[&TLS13]).await.expect("healthy"), "ok");
    let error = health_over(&[&TLS12]).await.expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::NetworkLost);
}
