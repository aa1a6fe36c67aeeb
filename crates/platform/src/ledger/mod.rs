//! The ledger: money moves by transfers from one account to another, so it balances at every commit. A batch is the
//! account that pays, a worker (a member) the account that earns. Transfers are only ever added.

mod sql;

pub(crate) use sql::pay;
pub use sql::{Earned, earned, pay_again, take_back};
