//! Bodies of `application/x-www-form-urlencoded` as OAuth has them.

use crate::error::Error;

/// The parameters, in order.
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads a body. Fails with `invalid_request` where a parameter is sent twice.
    pub(crate) fn read(body: &[u8]) -> Result<Self, Error> {
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(body).into_owned().collect();
        let repeated = pairs
            .iter()
            .enumerate()
            .any(|(index, (name, _))| pairs.iter().skip(index + 1).any(|(other, _)| other == name));
        if repeated {
            return Err(Error::bad_request("invalid_request", "a parameter is sent twice"));
        }
        Ok(Self(pairs))
    }

    /// A parameter; an empty one counts as absent (RFC 6749 3.2).
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// A parameter that must be there. Fails with `invalid_request`.
    pub(crate) fn require(&self, name: &str) -> Result<&str, Error> {
        self.get(name).ok_or_else(|| Error::bad_request("invalid_request", format!("{name} is missing")))
    }
}
