//! The rules of the result: two successful reads, within 60 minutes of completion.

use super::auth::AuthResult;
use super::client::{Requested, TxId};
use super::request::MAX_EXPIRE_S;
use super::result::SignResult;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Successful reads of one result.
pub const MAX_READS: u8 = 2;
/// Seconds after completion in which the result can be read.
pub const READ_WINDOW_S: u64 = 60 * 60;

/// Why the result is not asked for again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadRefusal {
    /// It was read twice: use what those reads gave.
    ReadTwice,
    /// More than 60 minutes have passed since completion: start with a new request.
    TooLate,
}

impl fmt::Display for ReadRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ReadTwice => "the result was read twice already",
            Self::TooLate => "more than 60 minutes have passed since the user signed",
        })
    }
}

impl std::error::Error for ReadRefusal {}

/// Leave to read the result of one transaction once. Only [`ResultReads::permit`] gives it, and a request for
/// the result takes it.
#[derive(Debug, PartialEq, Eq)]
pub struct ReadPermit {
    pub(super) tx_id: TxId,
}

impl ReadPermit {
    /// The same leave once more, for a runner whose first request may be refused before it is counted.
    #[cfg(feature = "native")]
    pub(crate) fn again(&self) -> Self {
        Self { tx_id: self.tx_id.clone() }
    }
}

/// What is known of a transaction's reads: state for a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultReads {
    tx_id: TxId,
    /// Successful reads so far.
    reads: u8,
    /// Seconds since 1970 at which the user had finished at the latest.
    completed_by_s: u64,
}

impl ResultReads {
    /// Of the transaction `requested` with `expire_s` to sign in; 1800 s, the longest, where None.
    pub fn new(requested: &Requested, expire_s: Option<u32>) -> Self {
        let expire_s = u64::from(expire_s.unwrap_or(MAX_EXPIRE_S));
        let completed_by_s = requested.requested_at.unix_s().saturating_add(expire_s);
        Self { tx_id: requested.tx_id.clone(), reads: 0, completed_by_s }
    }

    /// The transaction.
    pub fn tx_id(&self) -> &TxId {
        &self.tx_id
    }

    /// The status said COMPLETED at `now_s`.
    pub fn seen_completed(&mut self, now_s: u64) {
        self.completed_by_s = self.completed_by_s.min(now_s);
    }

    /// A read succeeded. An answer that was lost is not counted: Toss may have counted it, and says so with
    /// CE3101. A result of another transaction changes nothing.
    pub fn read(&mut self, result: &SignResult) {
        self.count(&result.tx_id, &result.completed_at);
    }

    /// The same of an authentication.
    pub fn read_auth(&mut self, result: &AuthResult) {
        self.count(&result.tx_id, &result.completed_at);
    }

    fn count(&mut self, tx_id: &TxId, completed_at: &Timestamp) {
        if *tx_id != self.tx_id {
            return;
        }
        self.reads = self.reads.saturating_add(1);
        self.completed_by_s = self.completed_by_s.min(completed_at.unix_s());
    }

    /// Reads that are left.
    pub fn left(&self) -> u8 {
        MAX_READS.saturating_sub(self.reads)
    }

    /// Leave to read at `now_s`, seconds since 1970.
    pub fn permit(&self, now_s: u64) -> Result<ReadPermit, ReadRefusal> {
        if self.left() == 0 {
            return Err(ReadRefusal::ReadTwice);
        }
        if now_s > self.completed_by_s.saturating_add(READ_WINDOW_S) {
            return Err(ReadRefusal::TooLate);
        }
        Ok(ReadPermit { tx_id: self.tx_id.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toss::{PersonalData, SignatureType, Timestamp};

    const TX: &str = "60940525-9a59-47db-b0eb-4f029b9faf1e";

    fn at(unix_s: u64) -> Timestamp {
        Timestamp::from_unix_s(unix_s).expect("time")
    }

    fn requested(tx_id: &str) -> Requested {
        Requested { tx_id: TxId::parse(tx_id).expect("id"), links: None, requested_at: at(1000) }
    }

    fn result() -> SignResult {
        SignResult {
            tx_id: TxId::parse(TX).expect("id"),
            document: None,
            signed_doc: Vec::new(),
            signature_type: SignatureType::Pkcs7,
            completed_at: at(1400),
            requested_at: at(1000),
            personal: PersonalData::default(),
        }
    }

    #[test]
    fn the_window_closes_sixty_minutes_after_the_latest_possible_completion() {
        let mut reads = ResultReads::new(&requested(TX), Some(300));
        assert!(reads.permit(1300 + 3600).is_ok());
        assert_eq!(reads.permit(1300 + 3601), Err(ReadRefusal::TooLate));
        reads.seen_completed(1100);
        assert!(reads.permit(1100 + 3600).is_ok());
        assert_eq!(reads.permit(1100 + 3601), Err(ReadRefusal::TooLate));
        reads.seen_completed(1200);
        assert_eq!(reads.permit(1100 + 3601), Err(ReadRefusal::TooLate), "a later sight moves nothing");
        assert!(ResultReads::new(&requested(TX), None).permit(1000 + 1800 + 3600).is_ok());
    }

    #[test]
    fn the_third_read_is_refused() {
        let mut reads = ResultReads::new(&requested(TX), None);
        for left in [2, 1] {
            assert_eq!(reads.left(), left);
            assert!(reads.permit(1500).is_ok());
            reads.read(&result());
        }
        assert_eq!(reads.permit(1500), Err(ReadRefusal::ReadTwice));
    }

    #[test]
    fn reads_and_permits_are_of_one_transaction() {
        let mut reads = ResultReads::new(&requested("other"), None);
        reads.read(&result());
        assert_eq!(reads.left(), 2);
        assert_eq!(reads.permit(1500).expect("permit").tx_id.as_str(), "other");
    }

    #[test]
    fn a_read_tells_when_the_window_closes() {
        let mut reads = ResultReads::new(&requested(TX), None);
        reads.read(&result());
        assert!(reads.permit(1400 + 3600).is_ok());
        assert_eq!(reads.permit(1400 + 3601), Err(ReadRefusal::TooLate));
    }

    #[test]
    fn the_state_survives_a_store() {
        let mut reads = ResultReads::new(&requested(TX), None);
        reads.seen_completed(1100);
        let json = serde_json::to_string(&reads).expect("json");
        assert_eq!(serde_json::from_str::<ResultReads>(&json).expect("state"), reads);
    }
}
