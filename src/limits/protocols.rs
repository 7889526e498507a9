//! What a protocol's messages may have: what is longer, deeper or more is not believed, not shown or only counted.

use super::Limits;

impl Limits {
    /// Bytes of a name of DNS, with the length bytes of its labels and the root's (RFC 1035 section 2.3.4).
    pub const NAME_BYTES: usize = 255;
    /// Bytes of such a name's text: every byte of it may have to be written as `\DDD`.
    pub const NAME_TEXT: usize = 4 * Self::NAME_BYTES;
    /// Bytes in which the end of a method is looked for: no method is longer, and what is has no space where one is
    /// looked for.
    pub const METHOD_LOOKED_FOR: usize = 24;
    /// Bytes in which the end of a request line is looked for, to be sure of a method that is not known.
    pub const REQUEST_LINE_LOOKED_FOR: usize = 8 * 1024;
    /// Lines of a segment that are shown.
    pub const TEXT_LINES: usize = 64;
    /// Bytes of a word that is a command.
    pub const COMMAND_WORD: usize = 12;
    /// Bytes of a handshake message that are believed: what says more is encrypted, and its length is random.
    pub const HANDSHAKE_BELIEVED: usize = 1 << 16;
    /// Bytes of a record, encrypted and with all that padding and old compression may add (RFC 5246 section 6.2.3).
    pub const TLS_RECORD: usize = (1 << 14) + 2048;
    /// Bytes of a distinguished name's text; what is more is left out.
    pub const DISTINGUISHED_NAME: usize = 512;
    /// Parts of such a name that are shown.
    pub const DISTINGUISHED_NAME_PARTS: usize = 16;
    /// Bytes of a connection identifier of version 1; others may have more.
    pub const QUIC_IDENTIFIER: usize = 20;
}
