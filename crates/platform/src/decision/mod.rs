//! Deciding: when a task has enough judgments, and which tasks ask for another.
//!
//! A submission decides on its own tasks at once, from the current worker models ([`Decider`]); a background job fits the
//! models anew and decides again on all tasks, closed ones too ([`refit`]). Both go through [`decide_again`], which
//! derives a task's counters from the judgments that count, so deciding twice changes nothing.

mod agreement;
mod aspect;
mod decide;
mod decider;
pub mod refit;
pub mod replay;
mod share_out;
mod sql;

pub(crate) use aspect::{DECIDABLE, aspects, is_decidable};
pub(crate) use decide::{Change, decide_again, decide_in_chunks};
pub(crate) use decider::Decider;
pub use sql::verdicts;
