//! The command line of `wirelore explain`.

use super::ColorChoice;
use clap::{ArgAction, Args};
use std::ffi::OsString;
use std::path::PathBuf;

/// `wirelore explain`.
#[derive(Debug, Args)]
#[command(after_help = "A word is taken for what it looks like:\n  \
      wirelore explain 192.168.1.11              what kind of address it is, and how this machine reaches it\n  \
      wirelore explain 192.168.1.77/26           its network, mask, bits, hosts (also 192.168.1.77/255.255.255.192)\n  \
      wirelore explain 10.0.0.7 10.0.9.1         how two addresses stand to each other\n  \
      wirelore explain 02:42:ac:11:00:02         a link address: who made it, or made it up\n  \
      wirelore explain --host h2.json 10.0.0.7   how another machine reaches it\n  \
      wirelore explain --from capture.pcapng h1  a name that the capture gives\n  \
      wirelore explain capture.pcapng            the story of a capture: who is there, what happened, what is wrong\n  \
      wirelore explain route.gateway             a lesson in full; a subject (route) lists its lessons\n\
    Exit status: 0 done, 2 an error (said on standard error).")]
pub struct ExplainArguments {
    /// Addresses, prefixes, link addresses, names, captures or lessons
    #[arg(value_name = "ADDRESS|PREFIX|NAME|FILE|LESSON", num_args(0..))]
    pub words: Vec<OsString>,

    /// Another machine, as `wirelore host` or `ip -j ..` printed it there: how it reaches an address, or what it knew when it captured; may
    /// be repeated
    #[arg(long, value_name = "FILE")]
    pub host: Vec<PathBuf>,

    /// Say nothing of how an address is reached
    #[arg(long, conflicts_with = "host")]
    pub no_host: bool,

    /// Take names from this capture; may be repeated
    #[arg(long, value_name = "FILE")]
    pub from: Vec<PathBuf>,

    /// Of a capture, tell everything: every event for itself, all hosts, all notes
    #[arg(short, long, action = ArgAction::Count)]
    pub verbose: u8,

    /// Of a capture, addresses as they are, not the names that the capture shows for them
    #[arg(short = 'n', long, action = ArgAction::Count)]
    pub numeric: u8,

    /// Of a capture, show one exchange as the stack that it is, what each layer added in bytes and per cent: N is its line in `wirelore
    /// http`, from 1 (a frame's number where there is no HTTP); frame:N is the conversation of a frame
    #[arg(long, value_name = "N")]
    pub layers: Option<String>,

    /// List all lessons
    #[arg(long)]
    pub list: bool,

    /// One JSON object a line
    #[arg(long)]
    pub json: bool,

    /// When to colour; NO_COLOR and CLICOLOR_FORCE are honoured
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub color: ColorChoice,
}
