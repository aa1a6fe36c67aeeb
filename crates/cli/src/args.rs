//! What can be said on the command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Turns many people's judgments into training data that can be trusted.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start the server.
    Serve(Serve),
    /// Start the server with three examples and a simulated crowd at work.
    Demo(Demo),
    /// Send a project folder to a server: question, media, batch and tasks.
    Push(Push),
    /// Show a project folder's task page in a browser, again after each change of a file.
    Preview(Preview),
    /// Import judgments collected elsewhere into a batch.
    Import(Import),
    /// Download results, judgments or workers of a batch.
    Export(Export),
    /// Infer truth and worker quality from a file of judgments, without a server.
    Aggregate(crowdsmith_aggregate::Aggregate),
    /// Replay recorded judgments under policies: what would another one have bought?
    Replay(crowdsmith_replay::Replay),
    /// Plan a batch: what a policy is expected to reach and to cost with a crowd like this.
    Simulate(crowdsmith_replay::Simulate),
    /// Let a simulated crowd work on a batch, over the public API.
    Crowd(Crowd),
    /// Bring the database up to date without starting the server.
    Migrate(Storage),
    /// Look after an installation from the machine it runs on.
    #[command(subcommand)]
    Admin(Admin),
}

/// Where an installation keeps what it knows.
#[derive(Args, Clone, Debug)]
pub(crate) struct Storage {
    /// Folder of the embedded database and of uploaded media; made if missing.
    #[arg(
        long,
        value_name = "DIR",
        default_value = "crowdsmith-data",
        env = "CROWDSMITH_DATA_DIR"
    )]
    pub(crate) data: PathBuf,
    /// A PostgreSQL database in place of the embedded one, as `postgres://user:password@host/database`.
    #[arg(long, value_name = "URL", env = "CROWDSMITH_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<String>,
}

#[derive(Args, Clone, Debug)]
#[expect(clippy::struct_field_names, reason = "the names of the options")]
pub(crate) struct Listen {
    /// Address and port to listen on.
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8080",
        env = "CROWDSMITH_LISTEN"
    )]
    pub(crate) listen: SocketAddr,
    /// How people reach the server, for the links it makes; usually `http://ADDRESS`.
    #[arg(long, value_name = "URL", env = "CROWDSMITH_PUBLIC_URL")]
    pub(crate) public_url: Option<String>,
    /// How to write the log: `human` on a terminal, else `json`.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) log_format: Option<LogFormat>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    Human,
    Json,
}

#[derive(Args, Debug)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) storage: Storage,
    #[command(flatten)]
    pub(crate) listen: Listen,
    /// Let anybody make an account as a worker, without an invitation.
    #[arg(long, env = "CROWDSMITH_OPEN_SIGNUP")]
    pub(crate) open_signup: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Demo {
    /// Folder of the demo's data; a second start goes on where the first ended.
    #[arg(long, value_name = "DIR", default_value = "demo-data")]
    pub(crate) data: PathBuf,
    #[command(flatten)]
    pub(crate) listen: Listen,
    /// Leave the work to you: no simulated crowd.
    #[arg(long)]
    pub(crate) no_crowd: bool,
    /// Simulated workers for each example.
    #[arg(long, value_name = "COUNT", default_value_t = 8)]
    pub(crate) workers: usize,
    /// How many times faster than people the simulated crowd works.
    #[arg(long, value_name = "FACTOR", default_value_t = 4.0)]
    pub(crate) speed: f64,
}

/// Which server to talk to, and as whom.
#[derive(Args, Clone, Debug)]
pub(crate) struct Server {
    /// Address of the server.
    #[arg(
        long,
        value_name = "URL",
        default_value = "http://127.0.0.1:8080",
        env = "CROWDSMITH_SERVER"
    )]
    pub(crate) server: String,
    /// An API token, made in the app under "API tokens".
    #[arg(long, value_name = "TOKEN", env = "CROWDSMITH_TOKEN", hide_env_values = true)]
    pub(crate) token: String,
}

#[derive(Args, Debug)]
pub(crate) struct Push {
    /// The project folder: project.toml, and optionally instructions.md, template.html, tasks.csv and gold.csv (or .jsonl).
    pub(crate) folder: PathBuf,
    #[command(flatten)]
    pub(crate) server: Server,
    /// Open the batch when everything is there.
    #[arg(long)]
    pub(crate) open: bool,
    /// Only check the folder.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Preview {
    /// The project folder.
    pub(crate) folder: PathBuf,
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,
}

#[derive(Args, Debug)]
pub(crate) struct Import {
    /// The batch: its id, or PROJECT/BATCH by names.
    pub(crate) batch: String,
    /// CSV, or JSON lines: columns task, worker, and the output fields (or `label` where there is one).
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) server: Server,
}

#[derive(Args, Debug)]
pub(crate) struct Export {
    /// The batch: its id, or PROJECT/BATCH by names.
    pub(crate) batch: String,
    #[command(flatten)]
    pub(crate) server: Server,
    /// What to download.
    #[arg(long, default_value = "results")]
    pub(crate) what: What,
    #[arg(long, default_value = "csv")]
    pub(crate) format: Format,
    /// How results are computed.
    #[arg(long, default_value = "auto")]
    pub(crate) method: Method,
    /// The file to write; standard output if absent.
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    Results,
    Judgments,
    Workers,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Csv,
    Ndjson,
    Parquet,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Method {
    Auto,
    DawidSkene,
    MajorityVote,
}

#[derive(Args, Debug)]
pub(crate) struct Crowd {
    /// The batch to work on: its id, or PROJECT/BATCH by names.
    pub(crate) batch: String,
    #[command(flatten)]
    pub(crate) server: Server,
    /// Right answers (columns `task` and the output fields), which skilled workers find more often.
    #[arg(long, value_name = "FILE")]
    pub(crate) truth: Option<PathBuf>,
    /// Workers; each joins by invitation. The token must belong to an owner.
    #[arg(long, value_name = "COUNT", default_value_t = 10)]
    pub(crate) workers: usize,
    /// How many times faster than people they work.
    #[arg(long, value_name = "FACTOR", default_value_t = 20.0)]
    pub(crate) speed: f64,
    /// The same seed makes the same crowd.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Admin {
    /// Make a new one-time link for setting up the first owner.
    SetupLink {
        #[command(flatten)]
        storage: Storage,
        /// How people reach the server.
        #[arg(
            long,
            value_name = "URL",
            default_value = "http://127.0.0.1:8080",
            env = "CROWDSMITH_PUBLIC_URL"
        )]
        public_url: String,
    },
    /// Make the first owner without a browser; prints an API token.
    CreateOwner {
        #[command(flatten)]
        storage: Storage,
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        #[arg(long)]
        workspace: String,
        /// Read the password from standard input.
        #[arg(long, required = true)]
        password_stdin: bool,
    },
}
