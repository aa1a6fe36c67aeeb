//! The two commands on their own, without the server: `crowdsmith-replay replay ...` and `crowdsmith-replay simulate ...`.
#![expect(clippy::print_stderr, reason = "a command says what went wrong")]

use std::process::ExitCode;

use clap::Parser;
use crowdsmith_replay::{Replay, Simulate, replay, simulate};

#[derive(Parser)]
#[command(name = "crowdsmith-replay", version)]
enum Arguments {
    Replay(Replay),
    Simulate(Simulate),
}

fn main() -> ExitCode {
    let done = match Arguments::parse() {
        Arguments::Replay(options) => replay::run(&options),
        Arguments::Simulate(options) => simulate::run(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("crowdsmith-replay: {error:#}");
            ExitCode::FAILURE
        }
    }
}
