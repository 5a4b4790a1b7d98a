//! Toss's error codes, and what to do about each.

use crate::error::Error;
use std::fmt;

/// `errorCode` of a FAIL answer. The meanings of the codes named only by a number are in no public text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailCode {
    /// CE1000: the token is not valid.
    TokenInvalid,
    /// CE3100: no such request.
    RequestUnknown,
    /// CE3101: the result was read twice already.
    ResultReadTwice,
    /// CE3102: the user has not finished yet.
    NotCompleted,
    /// CE3103: the time to sign, or to read the result, is over.
    Expired,
    /// CE3006: refused by the age policy of the service.
    AgeRefused,
    /// CE0001 and CE0002: Toss or what it relies on is not available.
    Unavailable(String),
    /// A code that is known to exist, without a public meaning.
    Unexplained(String),
    /// A code that this crate does not know.
    Other(String),
}

/// What the caller does about a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Advice {
    /// Drop the access token, ask for a new one, send the call once more.
    RenewToken,
    /// The user is still busy: ask for the status, and for the result once it is COMPLETED.
    WaitForUser,
    /// Send the same call later.
    RetryLater,
    /// This transaction is over: start with a new request.
    StartAgain,
    /// Nothing more can be read: use what the first reads gave.
    UseStored,
    /// The user cannot go on with this service.
    RefuseUser,
    /// A developer has to look: the call or the contract with Toss is wrong.
    Report,
}

/// Codes whose meaning no public text gives.
const UNEXPLAINED: [&str; 8] =
    ["CE0003", "CE1001", "CE3000", "CE3001", "CE3002", "CE3003", "CE3200", "CE5000"];

impl FailCode {
    /// The code in Toss's writing.
    pub fn parse(text: &str) -> Self {
        match text {
            "CE1000" => Self::TokenInvalid,
            "CE3100" => Self::RequestUnknown,
            "CE3101" => Self::ResultReadTwice,
            "CE3102" => Self::NotCompleted,
            "CE3103" => Self::Expired,
            "CE3006" => Self::AgeRefused,
            "CE0001" | "CE0002" => Self::Unavailable(text.to_owned()),
            _ if UNEXPLAINED.contains(&text) => Self::Unexplained(text.to_owned()),
            _ => Self::Other(text.to_owned()),
        }
    }

    /// The code of a refusal by Toss. None for every other error, and for a refusal without a code, but for
    /// HTTP 401, which Toss's guide says to take as [`Self::TokenInvalid`].
    pub fn of(error: &Error) -> Option<Self> {
        match (error.refusal_code(), error.status()) {
            (Some(code), _) if code.starts_with("CE") => Some(Self::parse(code)),
            (_, Some(401)) => Some(Self::TokenInvalid),
            _ => None,
        }
    }

    /// Toss's writing.
    pub fn as_str(&self) -> &str {
        match self {
            Self::TokenInvalid => "CE1000",
            Self::RequestUnknown => "CE3100",
            Self::ResultReadTwice => "CE3101",
            Self::NotCompleted => "CE3102",
            Self::Expired => "CE3103",
            Self::AgeRefused => "CE3006",
            Self::Unavailable(text) | Self::Unexplained(text) | Self::Other(text) => text,
        }
    }

    /// What to do about it.
    pub fn advice(&self) -> Advice {
        match self {
            Self::TokenInvalid => Advice::RenewToken,
            Self::NotCompleted => Advice::WaitForUser,
            Self::Unavailable(_) => Advice::RetryLater,
            Self::RequestUnknown | Self::Expired => Advice::StartAgain,
            Self::ResultReadTwice => Advice::UseStored,
            Self::AgeRefused => Advice::RefuseUser,
            Self::Unexplained(_) | Self::Other(_) => Advice::Report,
        }
    }
}

impl fmt::Display for FailCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn every_code_of_the_contract_is_typed_and_keeps_its_writing() {
        let rows = [
            ("CE1000", Advice::RenewToken),
            ("CE3100", Advice::StartAgain),
            ("CE3101", Advice::UseStored),
            ("CE3102", Advice::WaitForUser),
            ("CE3103", Advice::StartAgain),
            ("CE3006", Advice::RefuseUser),
            ("CE0001", Advice::RetryLater),
            ("CE0002", Advice::RetryLater),
        ];
        for (text, advice) in rows {
            let code = FailCode::parse(text);
            assert_eq!((code.as_str(), code.advice()), (text, advice));
        }
        for text in UNEXPLAINED {
            assert_eq!(FailCode::parse(text), FailCode::Unexplained(text.into()));
        }
        assert_eq!(FailCode::parse("CE9999"), FailCode::Other("CE9999".into()));
        assert_eq!(FailCode::parse("CE9999").advice(), Advice::Report);
    }

    #[test]
    fn a_401_without_a_body_means_a_token_that_is_not_valid() {
        assert_eq!(FailCode::of(&Error::refused(401, "", "")), Some(FailCode::TokenInvalid));
        assert_eq!(FailCode::of(&Error::refused(400, "CE3102", "")), Some(FailCode::NotCompleted));
        assert_eq!(FailCode::of(&Error::refused(503, "", "")), None);
        assert_eq!(FailCode::of(&Error::new(ErrorKind::NetworkLost, "lost")), None);
    }
}
