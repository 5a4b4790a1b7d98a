//! The operator's accounts at its vendors.
//!
//! In: where a vendor is, and the credentials. Out: clients that call it over HTTP. Rule: the operator reaches its
//! vendors from outside only, by default this sandbox's own sections.

mod argos;
mod toss;

pub use argos::ArgosAccess;
pub use toss::{TossAccess, TossSide};

/// The accounts. Without one at Argos, the operator goes by its own checks.
#[derive(Clone, Debug)]
pub struct Vendors {
    /// At Argos KYC.
    pub argos: Option<ArgosAccess>,
    /// At Toss.
    pub toss: TossAccess,
}
