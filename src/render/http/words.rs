//! The words for what is odd about exchanges and their bodies.

use super::super::conversation::cell::push_grouped;
use super::super::number::push_decimal;
use crate::conversation::body::KeptBody;
use crate::conversation::body::decode::{Mislabelled, Stop, Why};
use crate::conversation::http1::{Ending, Flag, Flags, Framing, Message, Stray};
use crate::reassembly::End;

/// What a flag says.
#[must_use]
pub fn flag(flag: Flag) -> &'static str {
    match flag {
        Flag::LengthsDiffer => "several Content-Lengths that differ: the first is used",
        Flag::LengthRepeated => "Content-Length several times, the same",
        Flag::LengthInvalid => "a Content-Length that is no number: not used",
        Flag::LengthOverflow => "a Content-Length beyond 64 bits",
        Flag::LengthWithTransferEncoding => "both Content-Length and Transfer-Encoding: the latter is used",
        Flag::TransferEncodingOdd => "a Transfer-Encoding that not every reader takes for chunked",
        Flag::TransferEncodingInOldVersion => "Transfer-Encoding before HTTP/1.1",
        Flag::FramingWithoutBody => "a body is announced where there can be none",
        Flag::BodyUnexpected => "a body with a method that has none",
        Flag::ChunkInvalid => "a chunk without a readable size or end: what follows is stray",
        Flag::ChunkOverflow => "a chunk size beyond 64 bits",
        Flag::ChunkOdd => "a chunk size that is oddly written",
        Flag::ChunkExtensions => "chunk extensions",
        Flag::Trailers => "trailers",
        Flag::SpaceBeforeColon => "space between a header's name and its colon",
        Flag::Folded => "a header folded over lines (obs-fold)",
        Flag::FoldedFirst => "a folded line with no header before it",
        Flag::NoColon => "a header line without a colon",
        Flag::HeaderNameInvalid => "a header name that is no token",
        Flag::ControlCharacter => "control characters in the head",
        Flag::BareCarriageReturn => "a carriage return without a line feed in the head",
        Flag::BareLineFeed => "lines that end with a line feed alone",
        Flag::HostOdd => "no Host, or several",
        Flag::EmptyLinesBefore => "empty lines before the start line",
        Flag::StartLineSpaces => "a start line that is not parted by single spaces",
        Flag::MethodUnknown => "a method that is not registered",
        Flag::MethodInvalid => "a method that is no token",
        Flag::VersionOdd => "an unusual version",
        Flag::Http09 => "HTTP/0.9: no version",
        Flag::Http2Preface => "HTTP/2 without TLS",
        Flag::StatusInvalid => "a status that is not three digits",
        Flag::Icy => "ICY: SHOUTcast",
        Flag::UpgradeUnasked => "101 although no upgrade was asked for",
        Flag::RequestsBehindTunnel => "requests behind one that became a tunnel",
        Flag::AnsweredEarly => "answered before the request was over",
        Flag::NoRequest => "its request is not in the capture",
        Flag::NoAnswer => "its answer is not in the capture",
        Flag::AnswerInGap => "its answer may be in a hole of the capture",
        Flag::GapInHead => "a hole of the capture in the head",
        Flag::GapInFraming => "a hole of the capture hides where the body ends",
        Flag::HeadCut => "the head is cut short",
        Flag::LineLimit => "a line of the head beyond the limit: not all of it is kept",
        Flag::HeadLimit => "a head beyond the limits: not all of it is kept",
        Flag::WaitingLimit => "too many requests waited: not paired",
        Flag::InterimLimit => "more interim answers than the limit: the others are not kept",
        Flag::Unread => "bytes behind a hole of the capture or before its first message: which message they are of cannot be known",
        Flag::Conflict => "bytes came again as others: what came first is shown",
        Flag::NoStatusLine => "an answer without a status line",
        Flag::Stray => "bytes that belong to no message",
        Flag::AfterClose => "more was said after Connection: close",
    }
}

/// Whether a flag stands in the line beside hazards: what is missing.
pub(super) fn is_loss(flag: Flag) -> bool {
    matches!(
        flag,
        Flag::NoRequest | Flag::NoAnswer | Flag::AnswerInGap | Flag::GapInHead | Flag::GapInFraming | Flag::HeadCut | Flag::WaitingLimit
    )
}

/// Appends what is missing of a message's body as it was sent; says whether anything is. Of a body whose head is not whole nothing is known.
pub fn push_missing(out: &mut Vec<u8>, message: &Message) -> bool {
    if [Flag::GapInHead, Flag::HeadCut].iter().any(|flag| message.flags.contains(*flag)) {
        return false;
    }
    let body = &message.body;
    let missing = body.gaps.iter().fold(0u64, |sum, (_, length)| sum.saturating_add(*length));
    if missing > 0 {
        push_grouped(out, missing);
        out.extend_from_slice(if missing == 1 { b" byte" } else { b" bytes" });
        out.extend_from_slice(b" of the body missing in the capture");
        return true;
    }
    let words = match (body.ending, body.framing) {
        _ if body.is_complete() => return false,
        (Ending::Stream(End::Reset), _) => "the body is cut by a reset",
        (Ending::Stream(End::Finished), _) => "the body is cut: the sender closed early",
        (Ending::Stream(End::Unseen), Framing::Close) => "the body may go on: the end of the connection is not in the capture",
        (Ending::Stream(End::Unseen) | Ending::Open, _) => "the body is cut: its end is not in the capture",
        (Ending::Gap, _) => "the rest of the body is missing in the capture",
        (Ending::Broken, _) => "the chunks of the body cannot be read on",
        (Ending::Withheld, _) => "the body was not sent: the answer came before it",
        (Ending::Framing, _) => return false,
    };
    out.extend_from_slice(words.as_bytes());
    true
}

/// Why decoding stopped, in words.
#[must_use]
pub fn why(why: Why) -> &'static str {
    match why {
        Why::Cut => "the coded bytes end too early",
        Why::Damaged => "the coded bytes are damaged",
        Why::Checksum => "the checksum is wrong",
        Why::Followed => "something else follows",
        Why::Dictionary => "a dictionary is needed",
        Why::Gap => "bytes are missing in the capture",
        Why::Window => "its window is beyond the limit",
        Why::Bytes => "the limit of decoded bytes",
        Why::Ratio => "the limit of how much a coded byte may give",
    }
}

/// The word for it in JSON.
#[must_use]
pub fn why_key(why: Why) -> &'static str {
    match why {
        Why::Cut => "cut",
        Why::Damaged => "damaged",
        Why::Checksum => "checksum",
        Why::Followed => "followed",
        Why::Dictionary => "dictionary",
        Why::Gap => "gap",
        Why::Window => "window_limit",
        Why::Bytes => "bytes_limit",
        Why::Ratio => "ratio_limit",
    }
}

/// Appends where decoding stopped, and why.
pub fn push_stop(out: &mut Vec<u8>, stop: &Stop) {
    out.extend_from_slice(stop.coding.name().as_bytes());
    out.extend_from_slice(b" stops after ");
    push_decimal(out, stop.decoded);
    out.extend_from_slice(b" bytes (at its byte ");
    push_decimal(out, stop.coded);
    out.extend_from_slice(b"): ");
    out.extend_from_slice(why(stop.why).as_bytes());
}

/// Appends what a wrong label is, and what the bytes are in.
pub fn push_mislabelled(out: &mut Vec<u8>, wrong: Mislabelled) {
    out.extend_from_slice(b"labelled ");
    out.extend_from_slice(wrong.label.name().as_bytes());
    match wrong.found {
        Some(found) => {
            out.extend_from_slice(b", but it is ");
            out.extend_from_slice(found.name().as_bytes());
        }
        None => out.extend_from_slice(b", but it is not"),
    }
}

/// What is wrong with a kept body, each in words that [`super::super::escape`] is still to be asked for: a coding's name is from the packet.
pub fn body_troubles(kept: &KeptBody) -> Vec<Vec<u8>> {
    let mut troubles = Vec::new();
    let mut say = |write: &dyn Fn(&mut Vec<u8>)| {
        let mut words = Vec::new();
        write(&mut words);
        troubles.push(words);
    };
    if let Some(unknown) = &kept.codings.unknown {
        say(&|out| {
            out.extend_from_slice(b"coding ");
            super::super::escape::push_text(out, unknown);
            out.extend_from_slice(b" is unknown: left on");
        });
    }
    if kept.codings.too_many {
        say(&|out| out.extend_from_slice(b"more codings than the limit: the others are left on"));
    }
    for wrong in &kept.decoded.mislabelled {
        say(&|out| push_mislabelled(out, *wrong));
    }
    if let Some(stop) = &kept.decoded.stop {
        say(&|out| push_stop(out, stop));
    }
    if kept.left_out > 0 {
        say(&|out| {
            push_decimal(out, kept.left_out);
            out.extend_from_slice(b" decoded bytes are beyond the limit and not kept");
        });
    }
    troubles
}

/// Appends what bytes are that belong to no message.
pub(super) fn push_stray(out: &mut Vec<u8>, stray: Stray, by_client: bool, flags: Flags) {
    push_decimal(out, stray.length);
    out.extend_from_slice(if by_client { b" bytes of the client" } else { b" bytes of the server" });
    let what: &[u8] = if flags.contains(Flag::Conflict) {
        b" that came again as others"
    } else if !flags.contains(Flag::Unread) {
        b" that belong to no message"
    } else if stray.offset == 0 {
        b" before the first message"
    } else {
        b" behind a hole of the capture"
    };
    out.extend_from_slice(what);
    out.extend_from_slice(b", frames ");
    push_decimal(out, stray.first.frame);
    out.extend_from_slice(b" to ");
    push_decimal(out, stray.last.frame);
}
