//! Toss: no result before the signature, at most two reads, none after an hour, none of what was refused.

use crate::bench::{Bench, app_scheme, push};
use crate::holds;
use idv_edge::toss::{FailCode, Requested};
use proptest::prelude::*;

const MINUTE_MS: u64 = 60_000;
/// Time in which a result may be read, from the contract.
const READABLE_MS: u64 = 60 * MINUTE_MS;

#[derive(Clone, Debug)]
enum Call {
    Sign { app: bool },
    Decide { of: prop::sample::Index, sign: bool },
    Status(prop::sample::Index),
    Result(prop::sample::Index),
    Pass { minutes: u64 },
}

fn call() -> impl Strategy<Value = Call> {
    let any = any::<prop::sample::Index>;
    prop_oneof![
        2 => prop::bool::ANY.prop_map(|app| Call::Sign { app }),
        3 => (any(), prop::bool::weighted(0.8)).prop_map(|(of, sign)| Call::Decide { of, sign }),
        2 => any().prop_map(Call::Status),
        6 => any().prop_map(Call::Result),
        1 => (0..70_u64).prop_map(|minutes| Call::Pass { minutes }),
    ]
}

struct Signature {
    requested: Requested,
    signed_at_ms: Option<u64>,
    refused: bool,
    reads: u32,
}

async fn play(calls: Vec<Call>) -> Result<(), TestCaseError> {
    let bench = Bench::start().await;
    let mut all: Vec<Signature> = Vec::new();
    for call in calls {
        let now_ms = bench.sandbox.now_ms();
        match call {
            Call::Sign { app } => {
                let requested = bench.sign(&if app { app_scheme() } else { push() }).await;
                all.push(Signature { requested, signed_at_ms: None, refused: false, reads: 0 });
            }
            Call::Pass { minutes } => bench.sandbox.pass_ms(minutes * MINUTE_MS),
            _ if all.is_empty() => {}
            Call::Decide { of, sign } => {
                let one = of.get_mut(&mut all);
                let (status, _) =
                    bench.decide(&one.requested.tx_id, if sign { "sign" } else { "refuse" }).await;
                if status == 303 {
                    prop_assert!(one.signed_at_ms.is_none() && !one.refused, "decided twice");
                    one.refused = !sign;
                    one.signed_at_ms = sign.then_some(now_ms);
                }
            }
            Call::Status(of) => {
                let one = of.get(&all);
                let status = bench.status(&one.requested).await;
                let completed = format!("{status:?}").contains("Completed");
                prop_assert!(!completed || one.signed_at_ms.is_some(), "completed before it was signed");
            }
            Call::Result(of) => {
                let one = of.get_mut(&mut all);
                let readable =
                    one.signed_at_ms.is_some_and(|at_ms| now_ms - at_ms < READABLE_MS) && one.reads < 2;
                match bench.result(&one.requested).await {
                    Ok(_) => {
                        prop_assert!(one.signed_at_ms.is_some(), "a result before the signature");
                        prop_assert!(one.reads < 2, "a third read");
                        let late = one.signed_at_ms.is_some_and(|at_ms| now_ms - at_ms > READABLE_MS);
                        prop_assert!(!late, "a read after an hour");
                        one.reads += 1;
                    }
                    Err(error) => {
                        prop_assert!(!readable, "refused though it may be read: {error}");
                        prop_assert!(FailCode::of(&error).is_some(), "refused without a code: {error}");
                    }
                }
            }
        }
    }
    Ok(())
}

#[test]
fn whatever_is_called_a_result_is_read_twice_at_most_and_only_once_signed() {
    holds(call(), play);
}
