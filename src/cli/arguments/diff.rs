//! The command line of `wirelore diff`.

use super::ColorChoice;
use clap::{ArgAction, Args};
use std::ffi::OsString;

/// `wirelore diff`.
#[derive(Debug, Args)]
#[command(
    after_help = "The same traffic at two places of its way, or the same thing done twice? It sees by itself which, and says it:\n  \
      wirelore diff client.pcapng server.pcapng                   what was lost, added and changed between, and by what\n  \
      wirelore diff h1.pcapng nat.pcapng isp.pcapng www.pcapng    hop by hop along the way\n  \
      wirelore diff --packet 12 client.pcapng server.pcapng       what became of frame 12 of the first\n  \
      wirelore diff --runs golden.pcapng today.pcapng             what came out otherwise the second time\n\
    Exit status: 0 no difference, 1 there are some, 2 an error (said on standard error)."
)]
pub struct DiffArguments {
    /// Captures (- for standard input, once), two or, in order along the way, more; then a filter, which is asked of all of them
    #[arg(value_name = "FILE FILE.. [FILTER]", num_args(0..))]
    pub words: Vec<OsString>,

    /// The filter, where it shall not stand behind the files
    #[arg(short = 'f', long, value_name = "FILTER")]
    pub filter: Option<String>,

    /// They are the same traffic, captured at several places
    #[arg(long, conflicts_with = "runs")]
    pub points: bool,

    /// They are the same thing, done twice
    #[arg(long)]
    pub runs: bool,

    /// What became of one packet at every point: a frame of the first capture
    #[arg(long, value_name = "FRAME", conflicts_with_all = ["runs", "side_by_side", "brief"])]
    pub packet: Option<u64>,

    /// What does not count: fields (ip.ttl, tcp.options), headers (User-Agent) or causes (router, nat, middlebox, ..); commas part several
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub ignore: Vec<String>,

    /// Nothing but these counts
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub only: Vec<String>,

    /// Everything counts, also what only one capture holds because it ran longer or stood elsewhere
    #[arg(long)]
    pub strict: bool,

    /// Side by side: the ladders of each conversation beside each other
    #[arg(short = 'y', long, conflicts_with_all = ["brief", "json"])]
    pub side_by_side: bool,

    /// One line
    #[arg(long, conflicts_with = "json")]
    pub brief: bool,

    /// Everything, not only the first 20 of each kind
    #[arg(short, long, action = ArgAction::Count)]
    pub verbose: u8,

    /// One JSON object a line
    #[arg(long)]
    pub json: bool,

    /// Addresses, not the names that the captures give them
    #[arg(short = 'n', long, action = ArgAction::Count)]
    pub numeric: u8,

    /// Time: -t none, -tt epoch, -ttt since the line before (of runs: since the conversation began), -tttt date, -ttttt since the first
    #[arg(short = 't', action = ArgAction::Count)]
    pub time_letters: u8,

    /// When to colour; NO_COLOR and CLICOLOR_FORCE are honoured
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub color: ColorChoice,
}
