//! The quality engine: what a worker's answers are worth, when a task has enough judgments, and which task the next
//! judgment serves best.
//!
//! Pure: judgments in, decisions out. The server decides with it while people work, and a replay of recorded judgments
//! decides with the very same code.
