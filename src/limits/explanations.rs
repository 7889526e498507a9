//! What explanations remember: of hosts, conversations, questions and answers. Each table is bounded by itself, so that one flood does not take the room of all.

use super::Limits;

impl Limits {
    /// Different things that are remembered as said; then nothing new is said, and counted.
    pub const NOTES_REMEMBERED: usize = 262_144;
    /// Notes of one rule that are made in a run; more are counted.
    pub const NOTES_OF_A_RULE: u64 = 2_000;
    /// The latest SYNs, one of which may be the same as another with an address translated.
    pub const TRANSLATED_OPENINGS: usize = 64;
    /// Private sources that are watched for an answer; more are not watched.
    pub const STRANGERS: usize = 64;
    /// Conversations that are remembered for what the capture made of them: of large segments, and of bytes that it lacks. More are not.
    pub const REMARKABLE_CAPTURED: usize = 65_536;
    /// Hosts whose checksums are counted; those met later are judged frame by frame, and it is noted. The counts fit a processor's
    /// second-level cache.
    pub const CHECKSUM_HOSTS: usize = 16_384;
    /// Packets that wait for the word of their receiver; the first makes room.
    pub const RECEIPTS_WAITING: usize = 64;
    /// Connections of which ICMP reported something; more are not remembered.
    pub const REPORTED_CONNECTIONS: usize = 65_536;
    /// Servers that are watched for a flood of SYNs. Those that were called now and then make room; where none did, more are not watched.
    pub const FLOODED_SERVERS: usize = 4_096;
    /// Callers of one such server that are told apart.
    pub const FLOOD_CALLERS: usize = 4_096;
    /// Conversations that are remembered for how they began, ended or repeated themselves; more are not.
    pub const REMARKABLE_HANDSHAKES: usize = 65_536;
    /// Frames of a row of repetitions that are remembered.
    pub const HANDSHAKE_ROW: usize = 16;
    /// Silent servers that are told of at the end; more are not.
    pub const SILENT_SERVERS: usize = 4096;
    /// Pairs of a host and a server whose ports are watched: a place for each, by their hash, which the next takes over.
    pub const PORT_CALLERS: usize = 1024;
    /// Ports of them all: as many as a table of 131,072 places takes, where one more would double it. Those of spells that are over make
    /// room, or all of them.
    pub const PORTS_REMEMBERED: usize = 114_688;
    /// Pairs of a client and what it only probes; more are not remembered.
    pub const PROBED_PAIRS: usize = 4096;
    /// Pairs, and ports of networks, that are watched for a scan. Who tried one thing alone makes room; where none did, more are not
    /// watched.
    pub const SCANS_WATCHED: usize = 16_384;
    /// Tries of them all; more are not counted.
    pub const TRIES_REMEMBERED: usize = 262_144;
    /// Pairs of hosts of which one called the other with a small time to live; more are not remembered.
    pub const TRACED_CALLS: usize = 1024;
    /// Packets that are watched for going in a circle; then all are forgotten.
    pub const CIRCLING_PACKETS: usize = 1_024;
    /// Hosts whose distance is kept, and sides whose distance changed; more are not kept.
    pub const HOPS_KEPT: usize = 16_384;
    /// Ways that are traced at once; more are not.
    pub const TRACES_KEPT: usize = 256;
    /// Probes of one way that are kept.
    pub const TRACE_PROBES: usize = 256;
    /// Redirects that wait to be followed; the first makes room.
    pub const REDIRECTS_WAITING: usize = 256;
    /// URLs of a chain of redirects; a longer one is not followed.
    pub const REDIRECT_CHAIN: usize = 32;
    /// Requests that are watched at once for their answer; more are not.
    pub const REQUESTS_WATCHED: usize = 65_536;
    /// Bytes of a text in a body that lessons look at.
    pub const LESSON_TEXT: usize = 64 << 10;
    /// Decoded bytes that a compressed body may have, for what it saves to be told.
    pub const LESSON_DECODED: usize = 4 << 20;
    /// Bodies that lessons look at in a run: reading text takes longer than all else, and what there is to tell, the first ones show.
    pub const LESSON_BODIES: u32 = 200;
    /// Bytes of bodies that wait for lessons at once.
    pub const LESSON_BODIES_BYTES: usize = 8 << 20;
    /// Conversations of which it is known what had gone wrong before their last exchange; of more it is not.
    pub const TROUBLED_CONVERSATIONS: usize = 16_384;
    /// Bytes of heads that wait for lessons at once.
    pub const LESSON_HEADS_BYTES: usize = 8 << 20;
    /// Hosts whose echoes are kept for their answers; more are not.
    pub const ECHO_RUNS: usize = 4_096;
    /// Questions of one run that wait for their answers; the first makes room.
    pub const ECHOES_OPEN: usize = 32;
    /// Addresses that stand for all of a network; more are not remembered.
    pub const GROUP_ADDRESSES: usize = 4096;
    /// The longest line that a login is waited for in: logins are short.
    pub const LOGIN_LINE: usize = 4 << 10;
    /// Bytes of a name that somebody logs in with.
    pub const LOGIN_NAME: usize = 256;
    /// Conversations that are listened to at once for a login; more are not.
    pub const LOGINS_WATCHED: usize = 4_096;
    /// Bytes from the beginning within which a login stands.
    pub const LOGIN_WITHIN: u64 = 256 << 10;
    /// Segments of each direction that wait for what tells why they were sent again; of more it is not told.
    pub const REPEATS_WAITING: usize = 64;
    /// Frames of a row of repetitions that are remembered.
    pub const REPEATS_ROW: usize = 24;
    /// Conversations in which something was sent again or had to wait; of more nothing is told.
    pub const TROUBLES_REMEMBERED: usize = 65_536;
    /// Directions that are watched for small segments: a place for each, by its number; one that is overwritten is only a finding less.
    pub const HALVES_WATCHED: usize = 1024;
    /// Segments of a direction that are kept until they are acknowledged; more are not.
    pub const FLIGHT_SEGMENTS: usize = 24;
    /// The latest large packets, which routers may cut.
    pub const LARGE_PACKETS: usize = 64;
    /// Conversations that are watched for what is too large for their way, addresses that are sought, and conversations that were told what
    /// fits. Of the first those make room of which nothing is under way, or all of them; more of the others are not remembered.
    pub const FLIGHTS_WATCHED: usize = 16_384;
    /// The latest SYNs whose segment size is known, and links of which a router said what they take.
    pub const SIZES_KEPT: usize = 64;
    /// Questions of DNS that wait for their answers; beyond that all are forgotten.
    pub const QUESTIONS_WAITING: usize = 8_192;
    /// The latest names that do not exist.
    pub const NAMES_FAILED: usize = 64;
    /// Frames of a question, and servers of it, that are remembered.
    pub const QUESTION_REPEATS: usize = 6;
    /// Addresses that answers of DNS gave; beyond that all are forgotten.
    pub const ADDRESSES_LEARNED: usize = 16_384;
    /// Names that answers gave one address; the first makes room.
    pub const NAMES_OF_ANSWERS: usize = 4;
    /// Connections of which it is awaited what they call their server; of more it is not told where they had the address from.
    pub const CALLS_AWAITED: usize = 1_024;
    /// Bytes of what a client says first in such a connection, in which it must stand what its server is called.
    pub const CALL_HEAD: usize = 8 << 10;
    /// The latest tries to connect over one family of addresses or the other, and pairs of them.
    pub const RACES_REMEMBERED: usize = 64;
    /// Name servers that answer, and those that did not; more are not remembered.
    pub const NAME_SERVERS_REMEMBERED: usize = 4_096;
    /// Connections over which messages of DNS are put together at once; more are not read.
    pub const NAME_STREAMS: usize = 4_096;
    /// Addresses of an answer that a note tells.
    pub const ADDRESSES_TOLD: usize = 8;
    /// Ways between hosts, and redirects. Beyond that all ways are forgotten, and more redirects are not remembered.
    pub const WAYS_REMEMBERED: usize = 16_384;
    /// Claims of an address, probes, cards that passed something on, and ways on a link. Beyond that all probes are forgotten; of the
    /// others more are not remembered.
    pub const CLAIMS_REMEMBERED: usize = 16_384;
    /// Addresses that several cards answer for, pairs of such cards, and conflicts that wait; more are not remembered.
    pub const CONFLICTS_REMEMBERED: usize = 4096;
    /// Cards that answer for one address.
    pub const CARDS_OF_ADDRESS: usize = 8;
    /// Questions for hardware addresses, with who asked and who answered; beyond that all are forgotten.
    pub const LINK_QUESTIONS: usize = 16_384;
    /// Addresses that are watched for a card that only pretends to have them; more are not.
    pub const SPOOFS_WATCHED: usize = 16_384;
    /// Addresses that somebody claims unasked, and questions that explain a claim; those older than an answer takes make room, and more are
    /// not watched.
    pub const UNASKED_WATCHED: usize = 16_384;
    /// Claimers of one such address.
    pub const CLAIMERS_OF_ADDRESS: usize = 4;
    /// Whom each claimer told.
    pub const TOLD_BY_CLAIMER: usize = 4;
    /// Networks, name servers and leases that are learned from the capture; more are not.
    pub const NETWORKS_LEARNED: usize = 1_024;
    /// Hosts whose masks are narrowed down; of more they are not.
    pub const MASKS_LEARNED: usize = 16_384;
    /// Pairs that spoke a moment ago, a power of two: a place for each, by their hash.
    pub const RECENT_PAIRS: usize = 512;
    /// Hosts of links, and cards; more are not remembered.
    pub const NEIGHBOURS: usize = 65_536;
    /// Pairs of a card and an address that it stood with; more are not remembered.
    pub const CARD_PAIRS: usize = 65_536;
    /// Addresses of a card.
    pub const ADDRESSES_OF_CARD: usize = 8;
    /// Gateways, and ends of links that have but two; more are not remembered.
    pub const GATEWAYS: usize = 256;
    /// Pairs of a station and an access point; more are not watched.
    pub const STATIONS_WATCHED: usize = 4_096;
}
