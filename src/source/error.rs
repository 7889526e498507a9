//! What can be wrong with an input: each message says in one line what, where, and what to do.

use super::administrator::Administrator;
use std::io;
use std::sync::Arc;

/// What can be wrong with an input.
///
/// Offsets are bytes from the beginning of the capture, after decompression. Names and quoted bytes stand as they were given:
/// whoever shows a message on a terminal escapes it.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SourceError {
    /// The operating system refused.
    #[error("{name}: {source}")]
    Io {
        /// The input.
        name: String,
        /// Why.
        source: Arc<io::Error>,
    },
    /// Reading failed after it had begun.
    #[error("{name}: reading failed at byte {offset}, {}: {source}; {}", behind(*frame), shown(*frame))]
    Reading {
        /// The input.
        name: String,
        /// The last frame that was read, 0 for none.
        frame: u64,
        /// How far it was read.
        offset: u64,
        /// Why.
        source: Arc<io::Error>,
    },
    /// There is no such file.
    #[error("{name}: no such file{}", nearest.as_ref().map(|nearest| format!("; did you mean {nearest}?")).unwrap_or_default())]
    NotFound {
        /// The input.
        name: String,
        /// A file beside it whose name is nearly the same.
        nearest: Option<String>,
    },
    /// The file may not be read.
    #[error("{name}: permission denied; ask its owner, or `{} | wirelore read -`", Administrator::outside().command(&[&format!("cat {name}")]))]
    PermissionDenied {
        /// The input.
        name: String,
    },
    /// A folder was named.
    #[error("{name}: is a folder; name the captures in it, for example {name}/*.pcapng")]
    Folder {
        /// The input.
        name: String,
    },
    /// Standard input is somebody's keyboard.
    #[error("standard input is a terminal; pipe a capture into it, for example `tcpdump -U -w - | wirelore read -`")]
    Terminal,
    /// There is not a single byte.
    #[error("{name}: is empty; a capture has at least a header of 24 bytes")]
    Empty {
        /// The input.
        name: String,
    },
    /// The first bytes are those of no capture.
    #[error("{name}: not a capture (it begins with \"{begins}\"); wirelore reads pcap and pcapng, also gzip or zstd compressed")]
    NotACapture {
        /// The input.
        name: String,
        /// Its first bytes, with escapes for what is not ASCII text.
        begins: String,
    },
    /// The first bytes are those of something that another program turns into a capture.
    #[error("{name}: is {format}, which wirelore does not read itself; try: {remedy}")]
    OtherFormat {
        /// The input.
        name: String,
        /// What it is, with its article.
        format: &'static str,
        /// What makes a capture of it; `FILE` stands for its name.
        remedy: &'static str,
    },
    /// The input ends in the middle of something.
    #[error("{name}: the capture is cut: it ends in the middle of {part} (at byte {offset}: it needs {needed} bytes, {left} are left); {}", shown(*frame))]
    Cut {
        /// The input.
        name: String,
        /// What is cut.
        part: Part,
        /// The last whole frame, 0 for none.
        frame: u64,
        /// Where the part begins.
        offset: u64,
        /// How long it says it is, or its shortest header.
        needed: u64,
        /// How much of it is there.
        left: u64,
    },
    /// Something is longer than anything real.
    #[error("{name}: {part} (at byte {offset}) claims {length} bytes, more than the {limit} that are accepted: the capture is damaged there; {}", shown(*frame))]
    TooLong {
        /// The input.
        name: String,
        /// What is too long.
        part: Part,
        /// The last whole frame, 0 for none.
        frame: u64,
        /// Where it begins.
        offset: u64,
        /// The length it claims.
        length: u64,
        /// The most that is accepted.
        limit: u64,
    },
    /// A pcapng block whose length cannot be, so that nothing behind it can be found.
    #[error("{name}: a block {} (at byte {offset}) has an impossible length of {length} bytes; {}", behind(*frame), shown(*frame))]
    BlockLength {
        /// The input.
        name: String,
        /// The last whole frame, 0 for none.
        frame: u64,
        /// Where the block begins.
        offset: u64,
        /// The length it claims.
        length: u32,
    },
    /// The length at a pcapng block's end is not the one at its beginning.
    #[error("{name}: a block {} (at byte {offset}) says {length} bytes at its beginning and {trailer} at its end; {}", behind(*frame), if *goes_on { "it was read by the first" } else { shown(*frame) })]
    BlockTrailer {
        /// The input.
        name: String,
        /// The last whole frame, 0 for none.
        frame: u64,
        /// Where the block begins.
        offset: u64,
        /// The length at its beginning.
        length: u32,
        /// The length at its end.
        trailer: u32,
        /// Whether another block stood where the first length says.
        goes_on: bool,
    },
    /// A pcapng section of a version that nobody has defined.
    #[error("{name}: a section {} (at byte {offset}) is of version {major}.{minor}; it was read as version 1.0", behind(*frame))]
    Version {
        /// The input.
        name: String,
        /// The last whole frame, 0 for none.
        frame: u64,
        /// Where the section begins.
        offset: u64,
        /// The version.
        major: u16,
        /// Its minor part.
        minor: u16,
    },
    /// A pcapng block whose options do not fit it.
    #[error("{name}: {part} (at byte {offset}) has options that do not fit their block; those before are used")]
    Options {
        /// The input.
        name: String,
        /// Whose options.
        part: Part,
        /// Where it begins.
        offset: u64,
    },
    /// A pcapng section that does not say in which byte order it is.
    #[error("{name}: a section {} (at byte {offset}) has no byte order mark; {}", behind(*frame), shown(*frame))]
    ByteOrder {
        /// The input.
        name: String,
        /// The last whole frame, 0 for none.
        frame: u64,
        /// Where the section begins.
        offset: u64,
    },
    /// A pcapng block that is too short for what it should hold, and was passed over.
    #[error("{name}: {part} (at byte {offset}) is too short for what it should hold; it was passed over")]
    Short {
        /// The input.
        name: String,
        /// What is too short.
        part: Part,
        /// Where it begins.
        offset: u64,
    },
    /// A pcapng packet block that claims more bytes than it has.
    #[error("{name}: frame {frame} (at byte {offset}) claims {captured} captured bytes, its block holds {held}; these are shown")]
    Overstated {
        /// The input.
        name: String,
        /// The frame.
        frame: u64,
        /// Where its block begins.
        offset: u64,
        /// The bytes that it claims.
        captured: u32,
        /// The bytes that there are.
        held: usize,
    },
    /// A packet of an interface that the capture never described.
    #[error(
        "{name}: frame {frame} (at byte {offset}) names interface {interface}, which was not described before it; its bytes are shown as they are"
    )]
    UndescribedInterface {
        /// The input.
        name: String,
        /// The first such frame of its section.
        frame: u64,
        /// Where its block begins.
        offset: u64,
        /// The interface's number in its section.
        interface: u32,
    },
    /// A block says more of itself than is kept. The rest is read.
    #[error("{name}: {part} has more than {limit} options (at byte {offset}); those behind them are left out")]
    ManyOptions {
        /// The input.
        name: String,
        /// Whose they are.
        part: Part,
        /// Where the block begins.
        offset: u64,
        /// How many are kept.
        limit: usize,
    },
    /// More interfaces, or descriptions and names longer than anybody needs.
    #[error("{name}: more than {limit} {what} (at byte {offset}, {}); {}", behind(*frame), shown(*frame))]
    TooMany {
        /// The input.
        name: String,
        /// The last whole frame, 0 for none.
        frame: u64,
        /// Where it became too many.
        offset: u64,
        /// The most that are accepted.
        limit: usize,
        /// Of what.
        what: &'static str,
    },
    /// More damage than is worth a line each.
    #[error("{name}: {count} more damaged places")]
    More {
        /// The input.
        name: String,
        /// How many were not listed.
        count: u64,
    },
}

/// Which part of a capture an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The header of the file or the section.
    Header,
    /// This frame.
    Frame(u64),
    /// A pcapng block that is not a packet, behind this frame.
    Block(u64),
}

impl std::fmt::Display for Part {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Header => write!(out, "its header"),
            Self::Frame(number) => write!(out, "frame {number}"),
            Self::Block(number) => write!(out, "a block {}", behind(*number)),
        }
    }
}

fn behind(frame: u64) -> String {
    if frame == 0 { "before the first frame".to_owned() } else { format!("behind frame {frame}") }
}

fn shown(frame: u64) -> &'static str {
    if frame == 0 { "no frame was before it" } else { "what was before it is shown" }
}
