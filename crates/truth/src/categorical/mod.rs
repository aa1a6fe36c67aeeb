//! Estimators of the true class of each task.

mod common;
mod dawid_skene;
mod majority;

pub use dawid_skene::{ClassPrior, DawidSkene, KnownConfusions, Objective};
pub use majority::MajorityVote;
