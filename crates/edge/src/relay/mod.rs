//! The page's API as a state machine: who keeps the session and who carries the bytes is the caller's business.
//!
//! In: a [`Request`] ([`wire`] reads it from HTTP), the [`Session`], a [`Context`] with time and random bytes.
//! Out: a [`Step`]: the [`Reply`], the session as it is from now on, and [`Effect`]s. Rule: the caller stores
//! the session only where it is still the one that was read (compare and swap), effects in the same
//! transaction, and begins anew from the stored one otherwise; then every request may be sent twice.
//!
//! The order of a verification: [`Session::new`] when it is started, [`exchange`] for the start token,
//! [`step`] for everything the page asks (what it sealed is opened there, what it signed is checked), [`concluded`] when
//! the work that an entry set off is done, [`decided`] when the operator has judged an attempt, [`expire`] when time
//! ran out.

mod captures;
mod complete;
pub mod entry;
mod exchange;
mod frames;
mod jpeg;
pub mod limits;
mod plan;
mod returning;
mod seal;
mod session;
mod step;
pub mod wire;

pub use complete::{Verdict, decided};
pub use entry::concluded;
pub use exchange::{EXCHANGE_REPEAT_MS, PageKey, exchange, session_token_digest};
pub use frames::Commitment;
pub use plan::{PlanParams, challenge_of, plan_of, steps_of};
pub use returning::Returning;
pub use session::{
    Exchanged, HeldCapture, JUDGING_MS, MAX_ATTEMPTS, NewSession, RetryGiven, SESSION_LIFE_MS, Session,
    Settled, expire,
};
pub use step::{Context, Effect, Picture, Reply, Request, Step, step};
