//! What is kept of conversations and of what is said in them, beside the memory that a run may give ([`Limits`]'s fields).

use super::Limits;

impl Limits {
    /// Conversations of which it is remembered what they speak: those with the lowest numbers are over for long, and make room.
    pub const APPLICATIONS_REMEMBERED: usize = 4_000_000;
    /// Bytes of a first line that tell what is spoken.
    pub const GREETING: usize = 200;
    /// Bytes of a page in which it may say its charset (HTML, section 13.2.3.2).
    pub const CHARSET_DECLARED_WITHIN: usize = 1024;
    /// Bytes that a charset is guessed from.
    pub const CHARSET_GUESSED_FROM: usize = 64 << 10;
    /// Places that do not decode and are listed; the others are counted.
    pub const UNDECODED_LISTED: usize = 16;
    /// Bytes of a body that are looked at for what it is.
    pub const CONTENT_LOOKED_AT: usize = 4096;
    /// Bytes that are decoded before a label is taken for true of which nothing at the beginning tells whether it is.
    pub const DOUBTED_DECODED: usize = 4 << 10;
    /// And coded bytes that are kept for it.
    pub const DOUBTED_CODED: usize = 64 << 10;
    /// Bytes that are decoded at a time.
    pub const DECODED_AT_ONCE: usize = 32 << 10;
    /// Decoded bytes of a body for which it may give as many for each compressed one as it likes.
    pub const DECODED_FREE: u64 = 1 << 20;
    /// Bytes of a block of zstd (RFC 8878 section 3.1.1.2.4).
    pub const ZSTD_BLOCK: usize = 128 << 10;
    /// Conversations that are found by their numbers or their ports alone, without asking a table, a power of two: those that frames belong
    /// to at a time are seldom more.
    pub const CONVERSATIONS_NEAR: usize = 64;
    /// Bytes of memory that are kept for the next message of DNS over TCP.
    pub const DNS_STREAM_KEPT: usize = 4 << 10;
    /// Addresses, and names, of an answer that are kept; more are counted.
    pub const ANSWERS: usize = 8;
    /// Records of an answer of which it is known how long they may be kept; of more it is not.
    pub const LIFETIMES: usize = 16;
    /// Records of a message that are kept; the others are counted.
    pub const RECORDS: usize = 256;
    /// Names from the one that is asked for to the one that has an address; a longer chain is not followed to its end.
    pub const ALIASES: usize = 16;
    /// Bytes of memory for characters that are kept from message to message.
    pub const MESSAGE_TEXT_KEPT: usize = 1 << 16;
    /// Questions to everybody that wait for an answer, and answers that did not fit for the question over TCP; the first makes room.
    pub const GROUP_QUESTIONS_WAITING: usize = 64;
    /// Records of an answer that are looked at for the question to everybody that they answer.
    pub const RECORDS_LOOKED_AT: usize = 16;
    /// Holes of a body that are told one by one; more are summed up, and of bytes that belong to no message none is kept behind them.
    pub const BODY_GAPS: usize = 1_000;
    /// Bytes of the first word of a start line; what has a longer one is none.
    pub const METHOD: usize = 64;
    /// The latest packets, one of which may come once more: a power of two.
    pub const LATEST_PACKETS: usize = 4_096;
    /// Directions of which the latest segment is known: a place for each, by its number.
    pub const RECENT_DIRECTIONS: usize = 4096;
    /// Bytes of a host's name, as text (RFC 1035 section 2.3.4); a longer one is none.
    pub const HOST_NAME: usize = 253;
    /// Clients of DHCP that said their name and have no address yet; the first makes room.
    pub const LEASES_WAITING: usize = 256;
    /// Bytes of such a name; a longer one is not remembered.
    pub const LEASED_NAME: usize = 255;
    /// Names of an address: a server may be that of many. More are counted.
    pub const NAMES_OF_ADDRESS: usize = 8;
    /// Proxies that are remembered, so that no name is taken for theirs; more are not.
    pub const PROXIES: usize = 1_024;
    /// Datagrams in fragments whose ports are known; of those forgotten the rest counts by its addresses alone.
    pub const SCATTERED_DATAGRAMS: usize = 8192;
    /// Bytes of a tag of IMAP that is remembered.
    pub const MAIL_TAG: usize = 64;
    /// Commands of POP3 that wait for their answers at once; of more the answers are read as single lines.
    pub const MAIL_COMMANDS_WAITING: usize = 1_000;
    /// Bytes of a line that are waited for, to see whether a server of chats speaks.
    pub const NOTICE_WITHIN: usize = 160;
    /// Bytes of a first line that are looked at for what is spoken.
    pub const FIRST_LINE_LOOKED_AT: usize = 64;
    /// Bytes of the details of an option of Telnet; more are counted.
    pub const TELNET_DETAILS: usize = 4096;
    /// Certificates of a side of TLS; more are counted.
    pub const CERTIFICATES: usize = 4;
    /// Names, and addresses, of a certificate; more are counted.
    pub const CERTIFICATE_NAMES: usize = 16;
    /// Application protocols that a client offers; more are not kept.
    pub const OFFERED_PROTOCOLS: usize = 16;
    /// Cipher suites, and groups, that a client offers; more are not kept.
    pub const OFFERED_SUITES: usize = 256;
    /// Bytes of a certificate's public key; of a longer one only its beginning is kept.
    pub const CERTIFICATE_KEY: usize = 4_096;
    /// Alerts of a connection of TLS that are kept: the first ones.
    pub const ALERTS: usize = 8;
    /// Changes of what name is meant between two ends; beyond that it is not known.
    pub const MEANT_CHANGES: usize = 256;
}
