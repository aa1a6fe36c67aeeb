//! Estimators of the true class of each task.

mod bcc;
mod common;
mod dawid_skene;
mod distance;
mod elice;
mod fitted;
mod glad;
mod hierarchical;
mod kos;
mod m_msr;
mod mace;
mod majority;
mod one_coin;
mod rightness;
mod rows;
#[cfg(test)]
pub(crate) mod testing;
mod weighted;

pub use bcc::{Ebcc, Ibcc};
pub(crate) use common::{check_posterior, label_shares, normalise, set_certain};
pub use dawid_skene::{ClassPrior, DawidSkene, KnownConfusions, Objective};
pub use distance::{Bwa, Catd, Pm};
pub use elice::Elice;
pub(crate) use fitted::{FittedModel, fill_runs};
pub use glad::{Glad, GladParameters};
pub(crate) use hierarchical::Expert;
pub use hierarchical::{HierarchicalDawidSkene, Rows};
pub use kos::Kos;
pub use m_msr::{MMsr, SignPairs};
pub use mace::{Mace, MaceStart};
pub use majority::MajorityVote;
pub use one_coin::{OneCoin, ZenCrowd};
pub(crate) use rows::softmax;
pub use weighted::{GoldMajorityVote, Wawa, ZeroBasedSkill};
