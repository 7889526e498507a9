//! How much is believed and how much is kept, so that no capture can take all memory or all time: one type, which every room may ask.
//!
//! | what | where it is held | how it is told |
//! | --- | --- | --- |
//! | a record, a block, interfaces, options | `source/pcap`, `source/pcapng` | an error with its offset; the frames before are shown |
//! | IP reassembly | `reassembly/fragments` | each fragment's outcome; notes on what was given up, and why |
//! | conversations | `conversation/table` | `put_away` in summaries, a line on standard error |
//! | TCP out of order | `conversation/tcp` | a gap in its place, `limited` of the conversation, `limits.holes` in summaries |
//! | HTTP | `conversation/http1` | flags of the exchange, `limits` in summaries |
//! | bodies and decoding | `conversation/body` | where decoding stopped and why, `limits` in summaries |
//! | nesting | `dissect/walk`, and the protocols that repeat | the layer that stopped, with what was allowed |
//! | what explanations remember | the watches of `explain`, each by `NoRoom` | `limits.forgotten` in summaries, a line on standard error |
//! | names, look-ups, handshakes | `conversation/names`, `conversation/dns`, `conversation/tls` | `limits` in summaries |
//! | exported files | `cli/export` | `limits.files` in summaries, a line on standard error |
//!
//! What a file or a format may be is fixed and the same for everybody: associated constants. How much memory a run takes is a value.

mod command;
mod comparison;
mod conversations;
mod explanations;
mod formats;
mod protocols;
mod reading;
mod stories;

/// The limits. What they cut off or put away is counted and told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of IP fragments that wait for the rest of their datagrams, with what keeping them costs.
    pub fragment_bytes: usize,
    /// Fragments of one datagram.
    pub fragments_of_datagram: usize,
    /// How long a datagram waits for its fragments, in nanoseconds of packet time.
    pub fragment_wait: i64,
    /// Bytes of datagrams that became whole, kept so that copies of their fragments are known.
    pub fragment_history: usize,
    /// Conversations that are known at once.
    pub conversations: usize,
    /// What part of the conversations is put away at once where there are too many: 1 of so many. The larger it is, the less each costs.
    pub conversation_share: usize,
    /// Bytes that conversations take, without what their streams hold.
    pub conversation_bytes: usize,
    /// Bytes of one direction of a TCP conversation that wait behind a hole.
    pub stream_bytes: usize,
    /// Bytes of all of them, with what keeping them costs.
    pub streams_bytes: usize,
    /// Bytes of all streams that are remembered to be compared with what is sent again.
    pub history_bytes: usize,
    /// Longest line of a dialogue (mail, file transfer, chat, Telnet) that is put together.
    pub dialogue_line: usize,
    /// Longest line of an HTTP head.
    pub http_line: usize,
    /// Header fields of an HTTP message.
    pub http_headers: usize,
    /// Bytes of an HTTP head.
    pub http_head_bytes: usize,
    /// HTTP requests of a conversation that wait for their answers.
    pub http_requests_waiting: usize,
    /// Bytes of HTTP heads that wait for their rest or for their answers, of all conversations, with what keeping them costs.
    pub http_waiting_bytes: usize,
    /// Bytes of an HTTP body that are kept.
    pub http_body_bytes: usize,
    /// Bytes of all HTTP bodies that are kept at once.
    pub http_bodies_bytes: usize,
    /// Bytes that decoding a body may give.
    pub decoded_bytes: usize,
    /// How many bytes a compressed byte may give, once there are more than 1 MiB.
    pub decoding_ratio: usize,
    /// How many times a body may be compressed in itself.
    pub decoding_layers: usize,
    /// Addresses that have names.
    pub named_addresses: usize,
    /// Bytes of all those names, with what keeping them costs.
    pub name_bytes: usize,
    /// Bytes of the questions and answers of DNS that are kept, with what keeping them costs.
    pub lookup_bytes: usize,
    /// Bytes of one message of a TLS handshake.
    pub handshake_message: usize,
    /// Bytes of all messages of TLS handshakes that are not whole yet.
    pub handshake_bytes: usize,
    /// Bytes of what is kept of TLS handshakes that were read.
    pub handshake_summaries: usize,
    /// Files that are exported.
    pub export_files: u64,
    /// Bytes that are exported.
    pub export_bytes: u64,
}

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

impl Default for Limits {
    fn default() -> Self {
        Self {
            fragment_bytes: 32 * MIB,
            fragments_of_datagram: 8_192,
            fragment_wait: 30_000_000_000,
            fragment_history: MIB,
            conversations: 1_000_000,
            conversation_share: 64,
            conversation_bytes: 256 * MIB,
            stream_bytes: MIB,
            streams_bytes: 256 * MIB,
            history_bytes: 8 * MIB,
            dialogue_line: 64 * KIB,
            http_line: 64 * KIB,
            http_headers: 1_000,
            http_head_bytes: 256 * KIB,
            http_requests_waiting: 1_000,
            http_waiting_bytes: 64 * MIB,
            http_body_bytes: 64 * MIB,
            http_bodies_bytes: 96 * MIB,
            decoded_bytes: 64 * MIB,
            decoding_ratio: 1_000,
            decoding_layers: 4,
            named_addresses: 65_536,
            name_bytes: 8 * MIB,
            lookup_bytes: 20 * MIB,
            handshake_message: 128 * KIB,
            handshake_bytes: 32 * MIB,
            handshake_summaries: 48 * MIB,
            export_files: 10_000,
            export_bytes: 2 << 30,
        }
    }
}
