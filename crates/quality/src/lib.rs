//! The quality engine: what a worker's answers are worth, when a task has enough judgments, and which task the next
//! judgment serves best.
//!
//! Pure: judgments in, decisions out. The server decides with it while people work, and a replay of recorded judgments
//! decides with the very same code.
//!
//! - [`models`]: worker models of a field; posterior of a task and worth of one more judgment.
//! - [`overlap`]: the rules that say when a task has enough judgments.
//! - [`share_out`]: the rule that shares a batch's judgments out among its tasks.
//! - [`trust`]: how far a worker can be trusted.
//! - [`window`]: rates over the last few outcomes of a worker.
//! - [`replay`]: recorded judgments played back under these rules and under published ones.
//! - [`gold_plan`]: how much gold a worker gets, and where it stands.

pub mod gold_plan;
pub mod models;
pub mod overlap;
pub mod replay;
pub mod share_out;
pub mod trust;
pub mod window;
