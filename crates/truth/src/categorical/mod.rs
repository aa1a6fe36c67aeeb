//! Estimators of the true class of each task.

mod bcc;
mod common;
mod dawid_skene;
mod distance;
mod majority;
mod one_coin;
mod rows;
#[cfg(test)]
mod testing;
mod weighted;

pub use bcc::{Ebcc, Ibcc};
pub use dawid_skene::{ClassPrior, DawidSkene, KnownConfusions, Objective};
pub use distance::{Bwa, Catd, Pm};
pub use majority::MajorityVote;
pub use one_coin::{OneCoin, ZenCrowd};
pub use weighted::{GoldMajorityVote, Wawa, ZeroBasedSkill};
