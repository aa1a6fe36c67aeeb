//! The command on its own, without the server.
#![expect(clippy::print_stderr, reason = "a command says what went wrong")]

use std::process::ExitCode;

use clap::Parser;
use crowdsmith_aggregate::{Aggregate, run};

#[derive(Parser)]
#[command(name = "crowdsmith-aggregate", version, about)]
struct Arguments {
    #[command(flatten)]
    options: Aggregate,
}

fn main() -> ExitCode {
    match run(&Arguments::parse().options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("crowdsmith-aggregate: {error:#}");
            ExitCode::FAILURE
        }
    }
}
