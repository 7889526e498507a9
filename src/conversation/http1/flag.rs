//! What is odd about a message: hazards, breaches of the grammar, and what could not be seen.

macro_rules! flags {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal, $hazard:literal;)+) => {
        /// Something odd about a message or an exchange.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Flag {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Flag {
            /// All of them, in the order in which they are told.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its name in JSON; it never changes.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)+
                }
            }

            /// Whether two readers may disagree on where this message ends, or on what it is: a request smuggling hazard (RFC 9112 section 11.2).
            #[must_use]
            pub const fn is_hazard(self) -> bool {
                match self {
                    $(Self::$name => $hazard,)+
                }
            }
        }
    };
}

flags! {
    /// Content-Length several times, with different values (RFC 9112 section 6.3); the first is used.
    LengthsDiffer = "content_length_differs", true;
    /// Content-Length several times, with the same value.
    LengthRepeated = "content_length_repeated", false;
    /// A Content-Length that is not digits only; it is not used.
    LengthInvalid = "content_length_invalid", true;
    /// A Content-Length beyond 64 bits.
    LengthOverflow = "content_length_overflow", true;
    /// Both Content-Length and Transfer-Encoding (RFC 9112 section 6.1); the latter is used.
    LengthWithTransferEncoding = "content_length_with_transfer_encoding", true;
    /// A Transfer-Encoding that speaks of chunks in another way than as its last, plain word; an unknown one in a request; `identity`, which
    /// RFC 7230 withdrew: readers of before pass over it, others read to the end; or the header's name with an underscore.
    TransferEncodingOdd = "transfer_encoding_odd", true;
    /// Transfer-Encoding in a message older than HTTP/1.1 (RFC 9112 section 6.1).
    TransferEncodingInOldVersion = "transfer_encoding_in_old_version", true;
    /// A length or a transfer coding where a message can have no body (1xx, 204, 2xx to CONNECT); it is not used.
    FramingWithoutBody = "framing_without_body", true;
    /// A GET, HEAD, DELETE, CONNECT or TRACE with a body.
    BodyUnexpected = "body_unexpected", false;
    /// A chunk size that is not hexadecimal digits, or no line end behind a chunk; what follows is counted as stray.
    ChunkInvalid = "chunk_invalid", true;
    /// A chunk size beyond 64 bits.
    ChunkOverflow = "chunk_overflow", true;
    /// A chunk size with something odd about it: spaces, many zeros, a line that ends with a bare line feed.
    ChunkOdd = "chunk_odd", true;
    /// Chunk extensions (RFC 9112 section 7.1.1).
    ChunkExtensions = "chunk_extensions", false;
    /// Trailer fields (RFC 9112 section 7.1.2).
    Trailers = "trailers", false;
    /// Space between the name of a header and its colon (RFC 9112 section 5.1).
    SpaceBeforeColon = "space_before_colon", true;
    /// A header that goes on in the next line (obs-fold, RFC 9112 section 5.2).
    Folded = "obs_fold", false;
    /// A line behind the start line that begins with a space: no header to continue.
    FoldedFirst = "obs_fold_first", true;
    /// A line in the head without a colon.
    NoColon = "header_without_colon", true;
    /// The name of a header that is empty or no token (RFC 9110 section 5.1).
    HeaderNameInvalid = "header_name_invalid", true;
    /// A control character in the head.
    ControlCharacter = "control_character", true;
    /// A carriage return in the head that no line feed follows (RFC 9112 section 2.2).
    BareCarriageReturn = "bare_carriage_return", true;
    /// Lines of the head that end with a line feed alone (RFC 9112 section 2.2).
    BareLineFeed = "bare_line_feed", false;
    /// Host several times, or none in HTTP/1.1 (RFC 9112 section 3.2).
    HostOdd = "host_odd", true;
    /// Empty lines before the start line.
    EmptyLinesBefore = "empty_lines_before", false;
    /// A start line whose parts are not separated by one space each.
    StartLineSpaces = "start_line_spaces", true;
    /// A method that is not in the registry of RFC 9110 section 16.1.1.
    MethodUnknown = "method_unknown", false;
    /// A method that is no token.
    MethodInvalid = "method_invalid", true;
    /// A version other than HTTP/1.0 and HTTP/1.1, or one that is written in another way.
    VersionOdd = "version_odd", false;
    /// A request without a version: HTTP/0.9.
    Http09 = "http_0_9", false;
    /// The preface of HTTP/2 without TLS; what follows is not HTTP/1 and is counted as a tunnel.
    Http2Preface = "http_2_preface", false;
    /// A status that is not three digits (RFC 9112 section 4).
    StatusInvalid = "status_invalid", true;
    /// `ICY` instead of a version: a stream of SHOUTcast.
    Icy = "icy", false;
    /// 101 although no upgrade was asked for.
    UpgradeUnasked = "upgrade_unasked", true;
    /// Requests were sent behind one that became a tunnel, before its answer.
    RequestsBehindTunnel = "requests_behind_tunnel", true;
    /// An answer that began before its request ended.
    AnsweredEarly = "answered_early", false;
    /// An answer to a request that is not in the capture.
    NoRequest = "no_request", false;
    /// A request whose answer is not in the capture.
    NoAnswer = "no_answer", false;
    /// The answer was, or may have been, in a hole of the capture.
    AnswerInGap = "answer_in_gap", false;
    /// The capture has a hole in the head: what stands behind it is unknown.
    GapInHead = "gap_in_head", false;
    /// The capture has a hole in a body whose end cannot be known without it.
    GapInFraming = "gap_in_framing", false;
    /// The stream ended inside the head.
    HeadCut = "head_cut", false;
    /// A line of the head beyond the limit; the rest of it is not kept.
    LineLimit = "line_limit", true;
    /// More headers, or a longer head, than the limits; the rest is not kept.
    HeadLimit = "head_limit", true;
    /// The request could not wait longer for its answer: too many waited.
    WaitingLimit = "waiting_limit", false;
    /// More interim answers than the limit; the rest is not kept.
    InterimLimit = "interim_limit", false;
    /// Bytes behind a hole of the capture, or before the first message that was recognised: which message they belong to cannot be known.
    Unread = "unread_bytes", false;
    /// Bytes that belong to no message: behind a body, between messages.
    Stray = "stray_bytes", true;
    /// Bytes came again as others: what came first is what was read, another reader may have taken the others.
    Conflict = "conflicting_bytes", true;
    /// An answer to a request of HTTP/1 that begins with no status line; it is read like one of HTTP/0.9.
    NoStatusLine = "status_line_missing", true;
    /// The side that had said `Connection: close` spoke again.
    AfterClose = "after_close", true;
}

/// A set of flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Flags(u64);

impl Flags {
    /// Adds one.
    pub fn insert(&mut self, flag: Flag) {
        self.0 |= 1 << flag as u8;
    }

    /// Adds one where `condition` holds.
    pub fn insert_if(&mut self, flag: Flag, condition: bool) {
        self.0 |= u64::from(condition) << flag as u8;
    }

    /// Takes one out.
    pub(super) fn remove(&mut self, flag: Flag) {
        self.0 &= !(1 << flag as u8);
    }

    /// Whether it is in the set.
    #[must_use]
    pub fn contains(self, flag: Flag) -> bool {
        self.0 & (1 << flag as u8) != 0
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those of both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Each, in the order of [`Flag::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Flag> {
        Flag::ALL.iter().copied().filter(move |flag| self.contains(*flag))
    }

    /// Whether one of them is a hazard ([`Flag::is_hazard`]).
    #[must_use]
    pub fn is_hazard(self) -> bool {
        self.iter().any(Flag::is_hazard)
    }
}

impl FromIterator<Flag> for Flags {
    fn from_iter<I: IntoIterator<Item = Flag>>(flags: I) -> Self {
        let mut set = Self::default();
        flags.into_iter().for_each(|flag| set.insert(flag));
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_flag_has_a_bit_and_a_name_of_its_own() {
        let names: BTreeSet<&str> = Flag::ALL.iter().map(|flag| flag.id()).collect();
        assert_eq!(names.len(), Flag::ALL.len());
        assert!(Flag::ALL.len() <= 64);
        let all: Flags = Flag::ALL.iter().copied().collect();
        assert!(all.iter().eq(Flag::ALL.iter().copied()));
        assert!(Flags::default().is_empty() && !Flags::default().contains(Flag::LengthsDiffer));
    }
}
