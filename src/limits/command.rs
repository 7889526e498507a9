//! What the command keeps before it shows it.

use super::Limits;

impl Limits {
    /// Bytes of a message to who makes files: more than a path has (limits.h, `PATH_MAX`). What is longer is cut.
    pub const FILE_REQUEST: usize = 8 << 10;
    /// Bytes that are gathered before a capture is written: few calls, and small enough to stay in a processor's cache.
    pub const RECORD_GATHERED: usize = 256 << 10;
    /// Bytes that are gathered before they are shown.
    pub const OUTPUT_GATHERED: usize = 64 * 1024;
    /// Frames of one conversation that its ladder shows; more are counted.
    pub const LADDER_OF_ONE: usize = 10_000;
    /// Frames that all ladders show together; more are counted.
    pub const LADDERS: usize = 500_000;
    /// Conversations that are known at once where a story is told: a story of more would be read by nobody. The longest silent make room,
    /// and are counted.
    pub const STORY_KNOWN: usize = 40_000;
    /// Bytes of a payload that are looked at a second time: the first ones.
    pub const PAYLOAD_SEEN: usize = 65_536;
    /// Bytes of frames that are held back until it is known whether they are asked for; then the first is judged by what is known.
    pub const HELD_BYTES: usize = 16 * 1024 * 1024;
    /// Exchanges that wait for one that began before them; beyond that the first of them is shown.
    pub const EXCHANGES_WAITING: usize = 1_000;
    /// Bytes that those take, likewise.
    pub const EXCHANGES_WAITING_BYTES: usize = 16 << 20;
    /// Conversations whose numbers frames say: they are read in little memory, whatever the size of the capture. Where there are more, it
    /// is told from which frame on they do not.
    pub const CONVERSATIONS_NUMBERED: usize = 100_000;
    /// Conversations that lessons know at once where frames say no numbers: few enough to stay in a processor's cache. The longest silent
    /// make room.
    pub const CONVERSATIONS_EXPLAINED: usize = 16_384;
    /// Notes of one rule that stand under frames; more are counted.
    pub const NOTES_UNDER_FRAMES: u64 = 20;
    /// Kinds of links that are not understood and are told apart; more are not.
    pub const UNKNOWN_LINKS: usize = 16;
    /// Bytes of lines of trees that are kept to be shown again: several times what the frames of a usual capture ask for. Then all are
    /// forgotten.
    pub const MEANINGS_KEPT: usize = 256 * 1024;
    /// Bytes of the name of an exported file; a longer one is shortened.
    pub const EXPORTED_NAME: usize = 128;
    /// Bytes of its ending; what is longer is no ending.
    pub const EXPORTED_ENDING: usize = 8;
    /// Bytes of memory that are kept for the next entry of a HAR.
    pub const HAR_ENTRY_KEPT: usize = 1 << 20;
    /// Packets of which a ladder of two points is made.
    pub const LADDER_PACKETS: usize = 500_000;
}
