//! How frames are shown: what `read` and `capture` have in common.

use super::{ColorChoice, Format, TimeChoice};
use clap::{ArgAction, Args};
use std::path::PathBuf;

/// How frames are shown, and where those are written that pass.
#[derive(Debug, Args)]
pub struct ShowArguments {
    /// The layer tree; twice (-vv): with what each field means
    #[arg(short, long, action = ArgAction::Count)]
    pub verbose: u8,

    /// The bytes of each layer, beside the tree
    #[arg(short = 'x', long)]
    pub hex: bool,

    /// Link addresses in the line [with -T fields: -e FIELD names a field]
    #[arg(short = 'e', long)]
    pub link_addresses: bool,

    /// Time: -t none, -tt epoch, -ttt since the frame before, -tttt date, -ttttt since the first frame
    #[arg(short = 't', action = ArgAction::Count)]
    pub time_letters: u8,

    /// The same by name
    #[arg(long, value_name = "FORM", conflicts_with = "time_letters")]
    pub time: Option<TimeChoice>,

    /// Stop after so many frames have passed the filter
    #[arg(short = 'c', long, value_name = "NUMBER", allow_negative_numbers = true, value_parser = super::parse_count)]
    pub count: Option<u64>,

    /// Addresses as they are, not the names that the capture shows for them (DNS answers, TLS server names, HTTP Host, DHCP); nothing is
    /// ever looked up
    #[arg(short = 'n', long, action = ArgAction::Count)]
    pub numeric: u8,

    /// No notes, nor where names come from
    #[arg(short, long)]
    pub quiet: bool,

    /// One JSON object a line
    #[arg(long, conflicts_with_all = ["format", "verbose", "hex"])]
    pub json: bool,

    /// The form: fields (with -e), json, text
    #[arg(short = 'T', long, value_name = "FORM", conflicts_with_all = ["verbose", "hex"])]
    pub format: Option<Format>,

    /// A field to print with -T fields, by its Wireshark name; may be repeated
    #[arg(long = "field", value_name = "FIELD")]
    pub fields: Vec<String>,

    /// With -T fields: header=y (the names first), separator=, (or /t, /s), aggregator=; (between several values of a frame),
    /// quote=d (or s, n), occurrence=f (first; l last, a all)
    #[arg(short = 'E', long = "fields-option", value_name = "OPTION")]
    pub fields_options: Vec<String>,

    /// Write the frames that pass to a pcapng file (- for standard output) and print nothing else
    #[arg(short = 'w', long, value_name = "FILE", conflicts_with_all = ["json", "format", "verbose", "hex"])]
    pub write: Option<PathBuf>,

    /// What the machine knew that captured (what `wirelore host` or `ip -j` printed there), for notes; may be repeated. Without it they
    /// take what the capture carries of it. With -w it is written into the capture
    #[arg(long, value_name = "FILE")]
    pub host: Vec<PathBuf>,

    /// With -w: replace a file that is there
    #[arg(long, requires = "write")]
    pub force: bool,

    /// With -w: write the notes on each frame as its comments, which Wireshark shows
    #[arg(long, requires = "write", conflicts_with = "quiet")]
    pub annotate: bool,

    /// When to colour; NO_COLOR and CLICOLOR_FORCE are honoured
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub color: ColorChoice,
}
