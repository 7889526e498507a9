//! What comparing captures keeps of each, and of what differs.

use super::Limits;

impl Limits {
    /// Segments that are looked at for whether clocks can be believed; more are not.
    pub const ORDER_SEGMENTS: usize = 1 << 17;
    /// Connections whose numbers are known for that; of more they are not.
    pub const ORDER_CONNECTIONS: usize = 1 << 16;
    /// Conversations that are found by their numbers alone; those with higher numbers have no place.
    pub const PLACES_DENSE: usize = 1 << 22;
    /// Borders of segments at which the beginning of a direction is compared: the first ones.
    pub const CONTENT_BORDERS: usize = 256;
    /// Different changes between two points that are kept by their values; then they are summed up by their kind.
    pub const CHANGES_APART: usize = 4_096;
    /// Packets of one capture that are compared, and their conversations; more are counted.
    pub const SIGHTINGS: usize = 4_000_000;
    /// Datagrams that wait for the rest of their fragments; of more each fragment is compared by itself.
    pub const SIGHTINGS_PARTIAL: usize = 65_536;
    /// Different sets of options, and pairs of hardware addresses, that are told apart; more are not.
    pub const SIGHTING_KINDS: usize = 65_536;
    /// Notes of one side that are named with a pair of conversations: the first ones.
    pub const COMPARED_NOTES: usize = 16;
    /// Lines of all hunks of two contents that are kept.
    pub const HUNK_LINES: usize = 2_000;
    /// Bytes of such a line; of a longer one its beginning is kept.
    pub const HUNK_LINE: usize = 4_000;
    /// Bytes of each side that are kept: both what it is and what it offers stand in the first two kilobytes.
    pub const GREETING_KEPT: usize = 8 << 10;
    /// Changes of one JSON document; more are counted.
    pub const DOCUMENT_CHANGES: usize = 500;
    /// Bytes of a value in it; of a longer one its beginning is kept.
    pub const DOCUMENT_VALUE: usize = 4_000;
    /// Differences that are kept; more are counted.
    pub const DIFFERENCES: u64 = 100_000;
    /// Parameters of a form that are compared one by one.
    pub const PARAMETERS_COMPARED: usize = 1_000;
    /// Kinds of what was set apart that are counted each.
    pub const SET_APART: usize = 10_000;
    /// Bytes of one side that are compared as they are; more only by their digest.
    pub const STREAM_KEPT: usize = 64 << 10;
    /// Datagrams of a side whose ends are kept: the first ones.
    pub const DATAGRAM_ENDS: usize = 4_096;
    /// Conversations whose streams are kept together: as many as are made room for at a time.
    pub const STREAMS_TOGETHER: usize = 4_096;
    /// Bytes of bodies and streams of one capture; what is more is counted as left out.
    pub const CONTENT_KEPT: usize = 160 << 20;
    /// Bytes of one body.
    pub const CONTENT_OF_ONE: usize = 4 << 20;
    /// Bytes of the answers that are gathered as they were sent while their exchanges go on; what is more is decoded as it comes.
    pub const ANSWERS_GATHERED: usize = 32 << 20;
    /// Bytes of the room of an answer that is kept for one to come; larger room is given back.
    pub const ANSWER_ROOM: usize = 256 << 10;
    /// Answers whose room is kept so; that of more is given back.
    pub const ANSWER_ROOMS: usize = 8;
    /// Conversations that are read as lines at once; of more the bytes are compared.
    pub const DIALOGUES_READ: usize = 16_384;
    /// Messages of a conversation that are read and only begin it: the first ones.
    pub const GREETINGS_READ: usize = 1_000;
    /// Conversations of which it is kept how they began: the first ones.
    pub const OPENINGS_KEPT: usize = 1 << 20;
    /// Conversations in which a SYN was never answered; more are counted as left out.
    pub const UNANSWERED_COMPARED: usize = 1 << 18;
}
