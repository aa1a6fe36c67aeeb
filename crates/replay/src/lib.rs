//! `crowdsmith replay` and `crowdsmith simulate`: what a policy would have bought, and what it will cost.
//!
//! Both play judgments, recorded or made up, through the rules and worker models that the server decides with
//! ([`crowdsmith_quality::replay`]). The program `crowdsmith` parses [`Replay`] and [`Simulate`] from its command line
//! and calls [`replay::run`] and [`simulate::run`].

mod chart;
pub mod crowd;
pub mod read;
pub mod replay;
mod report;
pub mod simulate;
mod text;

pub use replay::Replay;
pub use simulate::Simulate;

use std::io::Write as _;

/// Writes to standard output, which may have been closed by then: `| head` is no failure.
fn say(text: &str) {
    let mut stream = std::io::stdout().lock();
    drop(stream.write_all(text.as_bytes()).and_then(|()| stream.flush()));
}
