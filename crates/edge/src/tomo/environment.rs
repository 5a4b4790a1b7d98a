//! The vendor's two environments, and the credentials that each issues.
//!
//! Rule: a client id is valid only where it was issued, and does not show where that was. So it is kept
//! together with its environment, and a client of the other one cannot be made.

use crate::keys::SigningKey;
use std::fmt;
use url::Url;

/// Where TomoIDV runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Environment {
    /// For tests.
    Sandbox,
    /// For visitors.
    Production,
}

impl Environment {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Sandbox, Self::Production];

    /// Base URL of the API.
    pub const fn base_url(self) -> &'static str {
        match self {
            Self::Sandbox => "https://test.tomopayment.com",
            Self::Production => "https://api.tomopayment.com",
        }
    }

    /// The console that issues client ids.
    pub const fn console_url(self) -> &'static str {
        match self {
            Self::Sandbox => "https://test-console.tomopayment.com",
            Self::Production => "https://console.tomopayment.com",
        }
    }

    /// The environment whose API is at the host of `url`; `None` for other servers.
    pub fn of(url: &Url) -> Option<Self> {
        let host = url.host_str()?.trim_end_matches('.');
        Self::ALL
            .into_iter()
            .find(|environment| environment.base_url().strip_prefix("https://") == Some(host))
    }
}

/// What a console issues: client id and key, and which console it was. `Debug` shows the environment and the
/// key's thumbprint.
#[derive(Clone)]
pub struct Credentials {
    /// The environment that issued the client id.
    pub issued_by: Environment,
    /// The client id.
    pub client_id: String,
    /// The key.
    pub key: SigningKey,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("issued_by", &self.issued_by)
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use crate::tomo::Client;

    fn issued_by(issued_by: Environment) -> Credentials {
        let key = SigningKey::from_random(&[3; 32]).expect("key");
        Credentials { issued_by, client_id: "client-1".into(), key }
    }

    #[test]
    fn a_client_id_of_the_other_environment_is_refused() {
        for environment in Environment::ALL {
            for of in Environment::ALL {
                let client = Client::at(environment, issued_by(of));
                if of == environment {
                    assert!(client.is_ok());
                } else {
                    assert_eq!(client.expect_err("refused").kind(), ErrorKind::EnvironmentMismatch);
                }
            }
        }
    }

    #[test]
    fn the_vendors_hosts_are_reached_with_issued_credentials_only() {
        let hosts = [
            "https://api.tomopayment.com",
            "https://test.tomopayment.com:443",
            "https://API.tomopayment.com.",
            "https://api.tomopayment.com/",
        ];
        for base_url in hosts {
            let Credentials { client_id, key, .. } = issued_by(Environment::Production);
            let error = Client::new(base_url, client_id, key).expect_err(base_url);
            assert_eq!(error.kind(), ErrorKind::EnvironmentMismatch, "{base_url}");
        }
        let Credentials { client_id, key, .. } = issued_by(Environment::Production);
        assert!(Client::new("http://127.0.0.1:8080", client_id, key).is_ok());
    }

    #[test]
    fn both_environments_have_the_published_hosts() {
        let hosts = Environment::ALL.map(|environment| (environment.base_url(), environment.console_url()));
        let expected = [
            ("https://test.tomopayment.com", "https://test-console.tomopayment.com"),
            ("https://api.tomopayment.com", "https://console.tomopayment.com"),
        ];
        assert_eq!(hosts, expected);
        assert_eq!(Environment::of(&Url::parse("https://elsewhere.example").expect("url")), None);
    }
}
