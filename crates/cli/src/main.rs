//! The program `crowdsmith`: serves the platform, and works with it from the command line over its public API.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line program speaks on both"
)]

mod admin;
mod args;
mod client;
mod crowd;
mod demo;
mod export;
mod folder;
mod import;
mod logging;
mod preview;
mod push;
mod serve;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Arguments, Command};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // Both libraries that speak TLS share one implementation; a second installation of it is harmless.
    drop(rustls::crypto::ring::default_provider().install_default());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(run(arguments.command)),
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("crowdsmith: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(options) => serve::run(options).await,
        Command::Demo(options) => demo::run(options).await,
        Command::Push(options) => push::run(options).await,
        Command::Import(options) => import::run(options).await,
        Command::Export(options) => export::run(options).await,
        Command::Preview(options) => preview::run(options).await,
        Command::Crowd(options) => crowd::run(options).await,
        Command::Migrate(options) => admin::migrate(options).await,
        Command::Admin(command) => admin::run(command).await,
        Command::Replay(options) => {
            tokio::task::block_in_place(|| crowdsmith_replay::replay::run(&options))
        }
        Command::Simulate(options) => {
            tokio::task::block_in_place(|| crowdsmith_replay::simulate::run(&options))
        }
        Command::Aggregate(options) => {
            tokio::task::block_in_place(|| crowdsmith_aggregate::run(&options))
        }
    }
}
