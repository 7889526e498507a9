//! What reading captures, hosts and expressions keeps and looks at, before anything is a conversation.

use super::Limits;

impl Limits {
    /// Bytes of a compressed capture that are read at a time.
    pub const COMPRESSED_AT_ONCE: usize = 64 * 1024;
    /// Frames that are gathered where another core reads them, before they are handed on.
    pub const BATCH_FRAMES: usize = 4096;
    /// Bytes of them, likewise; the last frame may be longer.
    pub const BATCH_BYTES: usize = 512 * 1024;
    /// So many times as much is read before the first frames are looked at; then reading waits.
    pub const BATCHES: usize = 4;
    /// Damaged places of a capture that are listed; the rest are only counted.
    pub const DAMAGES_LISTED: usize = 16;
    /// Names of a folder that are looked at for one that may have been meant.
    pub const FOLDER_NAMES: usize = 10_000;
    /// Bytes of frames that wait for one that is earlier; beyond that the earliest of them goes on.
    pub const ORDERED_BYTES: usize = 128 << 20;
    /// As many as are enough where frames only overtook each other on their way into the file; what waits stays in a processor's cache.
    pub const ORDERED_BYTES_FIRST: usize = 1 << 20;
    /// Frames or fragments of one moment that are compared for copies: a clock that gives one time to very many does not tell them apart.
    pub const FRAMES_OF_MOMENT: usize = 64;
    /// Bytes of a frame that are looked at to see whether it may be another one once more.
    pub const COPY_HEAD: usize = 96;
    /// Interfaces that are told apart where all of them are captured at once; frames of those that come later are of `any`.
    pub const LIVE_INTERFACES: usize = 4096;
    /// Frames that may wait until they are read, where the system has no ring; then the system keeps them, as far as it has room.
    pub const LIVE_FRAMES: usize = 4096;
    /// Bytes of a packet: what its length field can say. A fragment that ends behind it is refused.
    pub const PACKET: usize = 65_535;
    /// Ranges and frames that are told of a datagram that is not whole.
    pub const FRAGMENTS_TOLD: usize = 8;
    /// Bytes of each version of a conflict between fragments.
    pub const CONFLICT_BYTES: usize = 2_048;
    /// Bytes of a stream that are remembered to be compared with what is sent again: at least, where they came in no more than
    /// [`Self::HISTORY_SEGMENTS`]; at most twice as many, and what came in two frames. What is older is forgotten.
    pub const HISTORY_OF_STREAM: usize = 64 * 1024;
    /// Segments that they may have come in, likewise.
    pub const HISTORY_SEGMENTS: usize = 4096;
    /// Characters of a word that a message about an expression repeats.
    pub const FILTER_WORD: usize = 60;
    /// Parentheses and operators of an expression in one another; deeper ones are an error.
    pub const FILTER_DEPTH: usize = 200;
    /// Bytes of memory that a regular expression may take; a larger one is an error.
    pub const FILTER_REGULAR_EXPRESSION: usize = 1 << 20;
    /// Headers that are followed from a packet to what it carries: more than the limit on extension headers.
    pub const FILTER_HEADERS: usize = 40;
    /// Instructions that the kernel takes (`BPF_MAXINSNS`); where it takes more, frames are filtered here.
    pub const KERNEL_INSTRUCTIONS: usize = 4096;
    /// Offsets in a frame that the kernel is asked for: those beyond it are beyond every frame.
    pub const KERNEL_OFFSET: u32 = 0x00ff_ffff;
    /// Bytes of JSON about the host that are put into a capture: blocks have a limit of 16 MiB.
    pub const HOST_FACTS: usize = 8 << 20;
    /// Bytes of a host file; a longer one is an error.
    pub const HOST_FILE: usize = 16 << 20;
    /// Names of a hosts file; more are not read.
    pub const HOST_NAMES: usize = 100_000;
    /// Bytes of a hosts file that are read.
    pub const HOSTS_FILE: u64 = 4 << 20;
    /// Bytes of a hardware address: the longest that Linux has (`MAX_ADDR_LEN`).
    pub const HARDWARE_ADDRESS: usize = 32;
    /// Characters of a word for which one is looked for that may have been meant: no word that is asked for is as long.
    pub const WORD_COMPARED: usize = 64;
}
