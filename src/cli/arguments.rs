//! What was typed: the command line as clap reads it. What it means is decided in the verbs.

mod capture;
mod diff;
mod explain;
mod interfaces;
mod read;
mod show;

use capture::parse_count;
pub use capture::{BackendChoice, CaptureArguments, RotateLimit};
pub use diff::DiffArguments;
pub use explain::ExplainArguments;
pub use interfaces::InterfacesArguments;
pub use read::ReadArguments;
pub use show::ShowArguments;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

/// Reads what is on the wire and says what happened and why.
#[derive(Debug, Parser)]
#[command(name = "wirelore", version, about, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = "Try `wirelore read FILE` first. Every verb has a page: man wirelore-read.\n\
    Exit status: 0 done, 1 `diff` found differences, 2 an error (said on standard error: what, where, what to do).")]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Show every frame of a capture, decoded: a line, a tree (-v) or JSON (--json)
    Read(ReadArguments),
    /// Capture from live interfaces: shown as `read` shows them, or written to a file (-w)
    Capture(CaptureArguments),
    /// List the interfaces that can be captured on, and whether you may
    Interfaces(InterfacesArguments),
    /// Show who talked to whom: a table of all conversations, one in detail (-v) or JSON (--json)
    Conversations(ConversationsArguments),
    /// Show what was said in one conversation, both sides in order: text, --hex, --json or the bytes alone (--raw)
    Follow(FollowArguments),
    /// List HTTP exchanges, a line each; whole (-v), as JSON (--json), as HAR (--har); write bodies to files (--save)
    Http(HttpArguments),
    /// Explain an address, a prefix, a link address (MAC), a name, a capture or a lesson
    Explain(ExplainArguments),
    /// Compare captures: of the same traffic at several places, or of the same thing done twice
    Diff(DiffArguments),
    /// Show what this machine knows of the network: interfaces, routes, neighbours, names; > FILE saves it
    Host(HostArguments),
    /// Print the completions of a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR or TERM=dumb says otherwise.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What `-T` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// The fields named with -e, tab separated.
    Fields,
    /// One JSON object a line, as --json.
    Json,
    /// The one-line form.
    Text,
}

/// The time forms of `--time`; `-t`, `-tt`, .. are tcpdump's letters for all but the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TimeChoice {
    /// 13:15:32.253318, in UTC.
    Clock,
    /// No time (-t).
    None,
    /// Seconds since 1970 (-tt).
    Epoch,
    /// Hours, minutes and seconds since the frame before (-ttt).
    Delta,
    /// Date and time, in UTC (-tttt).
    Date,
    /// Hours, minutes and seconds since the first frame (-ttttt).
    Elapsed,
}

/// By what `conversations` sorts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Sort {
    /// In the order in which they began.
    #[default]
    Began,
    /// Most bytes on the wire first.
    Bytes,
    /// Most bytes of payload first.
    Payload,
    /// Most frames first.
    Frames,
    /// Longest first.
    Lasted,
    /// Slowest handshake first.
    RoundTrip,
    /// Most segments sent again first.
    SentAgain,
    /// Most bytes missing first.
    Missing,
    /// By the originator's address, then the responder's.
    Address,
}

/// `wirelore conversations`.
#[derive(Debug, Args)]
#[command(after_help = "A conversation is shown where one of its frames passes the filter; what is counted is all of it:\n  \
      wirelore conversations capture.pcapng --sort bytes\n  \
      wirelore conversations capture.pcapng host 10.130.1.4 and tcp\n  \
      wirelore conversations -v capture.pcapng 3\n\
    Exit status: 0 all was read; 2 not all could be read (what could is shown first).")]
pub struct ConversationsArguments {
    /// Captures (- for standard input), then the number of a conversation, or a filter
    #[arg(value_name = "FILE.. [N|FILTER]", num_args(0..))]
    pub words: Vec<OsString>,

    /// The filter, where it shall not stand behind the files
    #[arg(short = 'f', long, value_name = "FILTER")]
    pub filter: Option<String>,

    /// In detail, with a ladder: each frame an arrow between the two ends
    #[arg(short, long, action = ArgAction::Count)]
    pub verbose: u8,

    /// By what to sort
    #[arg(short, long, value_enum, value_name = "BY", default_value_t)]
    pub sort: Sort,

    /// Show so many, once sorted
    #[arg(short = 'c', long, value_name = "NUMBER")]
    pub count: Option<usize>,

    /// What the machine knew that captured (what `wirelore host` or `ip -j` printed there), for notes; may be repeated. Without it they
    /// take what the capture carries of it
    #[arg(long, value_name = "FILE")]
    pub host: Vec<PathBuf>,

    /// Addresses, not the names that the capture gives them
    #[arg(short = 'n', long, action = ArgAction::Count)]
    pub numeric: u8,

    /// Time: -t none, -tt epoch, -tttt date
    #[arg(short = 't', action = ArgAction::Count)]
    pub time_letters: u8,

    /// One JSON object a line
    #[arg(long, conflicts_with = "verbose")]
    pub json: bool,

    /// When to colour; NO_COLOR and CLICOLOR_FORCE are honoured
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub color: ColorChoice,
}

/// A side of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SideChoice {
    /// Who began it.
    Originator,
    /// The other.
    Responder,
}

/// `wirelore follow`.
#[derive(Debug, Args)]
#[command(
    after_help = "The number is the one that `wirelore conversations` shows, from 0; a filter means the first conversation that passes:\n  \
      wirelore follow capture.pcapng 0\n  \
      wirelore follow capture.pcapng tcp port 25\n  \
      wirelore follow --raw --from responder capture.pcapng 3 > answer\n\
    Lines begin with `> ` (who began it) or `< ` (the other); lines that begin with `-- ` are wirelore's own.\n\
    Exit status: 0 all was read; 2 not all could be read (what could is shown first)."
)]
pub struct FollowArguments {
    /// Captures (- for standard input), then the number of a conversation, or a filter
    #[arg(value_name = "FILE.. N|FILTER", num_args(0..))]
    pub words: Vec<OsString>,

    /// The filter, where it shall not stand behind the files
    #[arg(short = 'f', long, value_name = "FILTER")]
    pub filter: Option<String>,

    /// In hexadecimal, with the characters beside it
    #[arg(short = 'x', long)]
    pub hex: bool,

    /// The bytes as they are, and nothing else; what is missing is left out, and said on standard error
    #[arg(long, conflicts_with_all = ["hex", "json"])]
    pub raw: bool,

    /// One JSON object a line
    #[arg(long, conflicts_with = "hex")]
    pub json: bool,

    /// Only what this side said
    #[arg(long, value_enum, value_name = "SIDE")]
    pub from: Option<SideChoice>,

    /// Addresses, not the names that the capture gives them
    #[arg(short = 'n', long, action = ArgAction::Count)]
    pub numeric: u8,

    /// Time: -t none, -tt epoch, -ttt since the turn before, -tttt date, -ttttt since the first turn
    #[arg(short = 't', action = ArgAction::Count)]
    pub time_letters: u8,

    /// When to colour; NO_COLOR and CLICOLOR_FORCE are honoured
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub color: ColorChoice,
}

/// `wirelore http`.
#[derive(Debug, Args)]
#[command(after_help = "The line: conversation, time, client, method, status, type, size of the body as it was sent, wait, URL, and in \
    brackets what is wrong or missing.\n\
    A filter is asked of frames: an exchange is shown where a frame of its conversation passes while it goes on.\n\
    Exit status: 0 all was read; 2 not all could be read or written (what could is shown first).")]
pub struct HttpArguments {
    /// Captures (pcap, pcapng, also gzip or zstd compressed; - for standard input), then a filter
    #[arg(value_name = "FILE.. [FILTER]", num_args(0..))]
    pub words: Vec<OsString>,

    /// The filter, where it shall not stand behind the files
    #[arg(short = 'f', long, value_name = "FILTER")]
    pub filter: Option<String>,

    /// Each exchange whole: the URL taken apart, heads as they were sent, bodies decoded
    #[arg(short, long)]
    pub verbose: bool,

    /// One JSON object a line
    #[arg(long, conflicts_with = "verbose")]
    pub json: bool,

    /// Write a HAR 1.2 file, which the network panels of browsers import (- for standard output, and nothing else there)
    #[arg(long, value_name = "FILE")]
    pub har: Option<PathBuf>,

    /// Write bodies, decoded, into this folder, with an index.jsonl beside them (up to 10,000 files, 2 GiB)
    #[arg(long, value_name = "DIR")]
    pub save: Option<PathBuf>,

    /// With --har and --save: replace files that are there
    #[arg(long)]
    pub force: bool,

    /// The SHA-256 of each body, decoded
    #[arg(long)]
    pub hash: bool,

    /// Time: -t none, -tt epoch, -ttt since the exchange before, -tttt date, -ttttt since the first one
    #[arg(short = 't', action = ArgAction::Count)]
    pub time_letters: u8,

    /// The same by name
    #[arg(long, value_name = "FORM", conflicts_with = "time_letters")]
    pub time: Option<TimeChoice>,

    /// Stop after so many exchanges
    #[arg(short = 'c', long, value_name = "NUMBER")]
    pub count: Option<u64>,

    /// What the machine knew that captured (what `wirelore host` or `ip -j` printed there), for notes; may be repeated. Without it they
    /// take what the capture carries of it
    #[arg(long, value_name = "FILE")]
    pub host: Vec<PathBuf>,

    /// Addresses, and not the names that the capture gives them
    #[arg(short = 'n', long, action = ArgAction::Count)]
    pub numeric: u8,

    /// Neither exchanges nor notes on standard output: only what --har and --save write
    #[arg(short, long)]
    pub quiet: bool,

    /// When to colour; NO_COLOR and CLICOLOR_FORCE are honoured
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub color: ColorChoice,
}

/// `wirelore host`.
#[derive(Debug, Args)]
#[command(after_help = "Save it, and let it explain captures elsewhere:\n  \
      wirelore host > me.json\n  \
      wirelore read --host me.json -w with-facts.pcapng capture.pcapng\n\
    Exit status: 0 done, 2 an error.")]
pub struct HostArguments {
    /// Another machine: what `wirelore host` or `ip -j addr`, `ip -j route show table all`, .. printed there (- for standard input);
    /// several files are of one machine
    #[arg(value_name = "FILE", num_args(0..))]
    pub files: Vec<PathBuf>,

    /// JSON, as it is without being asked for where standard output is no terminal
    #[arg(long)]
    pub json: bool,

    /// A table for people, also where standard output is no terminal
    #[arg(long, conflicts_with = "json")]
    pub table: bool,

    /// When to colour; NO_COLOR and CLICOLOR_FORCE are honoured
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub color: ColorChoice,
}

/// Turns `-e FIELD` into `--field FIELD` where `-T fields` is asked for: tcpdump and tshark taught the same letter two meanings. Letters may
/// stand together (`-nT fields -qe ip.src`).
#[must_use]
pub fn spell_out(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if !asks_for_fields(&arguments) {
        return arguments;
    }
    let mut spelled = Vec::new();
    for word in arguments {
        match word.to_str().and_then(letters).and_then(|letters| letters.split_once('e')) {
            // What stands before the `e` takes no value: else the `e` would be of it.
            Some((before, value)) if !before.contains(TAKES_VALUE) => {
                if !before.is_empty() {
                    spelled.push(OsString::from(format!("-{before}")));
                }
                spelled.push(OsString::from(if value.is_empty() { "--field".to_owned() } else { format!("--field={value}") }));
            }
            _ => spelled.push(word),
        }
    }
    spelled
}

/// The letters of `read` and `capture` behind which the rest of a word is a value; `read` has no `-i` and no `-s`.
const TAKES_VALUE: [char; 7] = ['f', 'c', 'T', 'E', 'w', 'i', 's'];

/// The letters of a word that is some (`-nq`), without the dash.
fn letters(word: &str) -> Option<&str> {
    word.strip_prefix('-').filter(|letters| letters.starts_with(|first: char| first.is_ascii_alphabetic()))
}

fn asks_for_fields(arguments: &[OsString]) -> bool {
    let names = |value: &str| value.trim_start_matches('=') == "fields";
    arguments.iter().enumerate().any(|(place, word)| {
        let next = || arguments.get(place + 1).is_some_and(|word| word == "fields");
        match word.to_str() {
            Some("--format") => next(),
            Some(word) => match letters(word).and_then(|letters| letters.split_once('T')) {
                Some((before, value)) if !before.contains(TAKES_VALUE) => {
                    if value.is_empty() {
                        next()
                    } else {
                        names(value)
                    }
                }
                _ => word.strip_prefix("--format").is_some_and(names),
            },
            None => false,
        }
    })
}

/// Whether a word of the command line is meant as a file and not as the beginning of a filter.
#[must_use]
pub fn looks_like_a_file(word: &OsStr) -> bool {
    const ENDINGS: [&str; 8] = [".pcap", ".pcapng", ".cap", ".dmp", ".trace", ".ntar", ".gz", ".zst"];
    let text = word.to_string_lossy();
    word == "-" || ENDINGS.iter().any(|ending| text.ends_with(ending)) || (!text.contains(' ') && std::path::Path::new(word).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_letter_e_names_a_field_only_with_fields() {
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert_eq!(spell_out(words("read -e a.pcap")), words("read -e a.pcap"));
        assert_eq!(
            spell_out(words("read -T fields -e ip.src -etcp.dstport a")),
            words("read -T fields --field ip.src --field=tcp.dstport a")
        );
        assert_eq!(spell_out(words("read -nT fields -qe ip.src a")), words("read -nT fields -q --field ip.src a"));
        assert_eq!(spell_out(words("read -T=fields -c5 -e ip.src a")), words("read -T=fields -c5 --field ip.src a"));
        assert_eq!(spell_out(words("read -T json -e a")), words("read -T json -e a"));
    }

    #[test]
    fn a_word_with_an_ending_is_a_file_even_where_none_is_there() {
        assert!(looks_like_a_file(OsStr::new("missing.pcapng")));
        assert!(looks_like_a_file(OsStr::new("-")));
        assert!(!looks_like_a_file(OsStr::new("tcp")));
        assert!(!looks_like_a_file(OsStr::new("10.0.0.0/8")));
    }
}
