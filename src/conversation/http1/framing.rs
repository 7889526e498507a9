//! Where a body ends (RFC 9112 section 6.3), and what is ambiguous about it.

use super::{Flag, Flags, Framing, Head};

/// How the body of a request is framed.
pub(super) fn of_request(head: &Head, flags: &mut Flags) -> Framing {
    let method = head.request_line().map_or(&[][..], |line| line.method);
    let stated = stated(head, flags);
    if method == b"CONNECT" {
        flags.insert_if(Flag::FramingWithoutBody, stated.has_body());
        return Framing::None;
    }
    flags.insert_if(Flag::BodyUnexpected, stated.has_body() && matches!(method, b"GET" | b"HEAD" | b"DELETE" | b"TRACE"));
    match stated.coding {
        Coding::Chunked => Framing::Chunked,
        Coding::Other => {
            // A server has to refuse it: nobody can know where it ends.
            flags.insert(Flag::TransferEncodingOdd);
            stated.length.map_or(Framing::None, Framing::Length)
        }
        Coding::None => stated.length.map_or(Framing::None, Framing::Length),
    }
}

/// How the body of an answer is framed; `method` is that of its request, empty where that is unknown.
pub(super) fn of_response(head: &Head, method: &[u8], flags: &mut Flags) -> Framing {
    let status = head.status_line().and_then(|line| line.code());
    let stated = stated(head, flags);
    let tunnel = status == Some(101) || method == b"CONNECT" && status.is_some_and(|status| (200..300).contains(&status));
    if tunnel || status.is_some_and(|status| (100..200).contains(&status) || status == 204) {
        flags.insert_if(Flag::FramingWithoutBody, stated.has_body());
        return if tunnel { Framing::Tunnel } else { Framing::None };
    }
    if method == b"HEAD" || status == Some(304) {
        return Framing::None;
    }
    match stated.coding {
        Coding::Chunked => Framing::Chunked,
        Coding::Other => Framing::Close,
        Coding::None => stated.length.map_or(Framing::Close, Framing::Length),
    }
}

/// Whether the sender says that this is its last message (RFC 9112 section 9.6).
pub(super) fn closes(head: &Head) -> bool {
    head.list("connection").any(|option| option.eq_ignore_ascii_case(b"close"))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    None,
    /// `chunked` comes last.
    Chunked,
    /// Others; `chunked` does not come last.
    Other,
}

/// What the head says of the body's length.
struct Stated {
    coding: Coding,
    length: Option<u64>,
}

impl Stated {
    fn has_body(&self) -> bool {
        self.coding != Coding::None || self.length.is_some_and(|length| length > 0)
    }
}

fn stated(head: &Head, flags: &mut Flags) -> Stated {
    let length = content_length(head, flags);
    let mut coding = transfer_coding(head, flags);
    if coding != Coding::None {
        flags.insert_if(Flag::LengthWithTransferEncoding, length.is_some());
        flags.insert_if(Flag::TransferEncodingInOldVersion, head.version() < b"HTTP/1.1".as_slice());
        // Readers that do not know the coding go by the length, and it keeps what follows readable.
        if coding == Coding::Other && length.is_some() && flags.contains(Flag::TransferEncodingOdd) {
            coding = Coding::None;
        }
    }
    Stated { coding, length }
}

/// The first valid value. It may be a list (RFC 9110 section 8.6).
fn content_length(head: &Head, flags: &mut Flags) -> Option<u64> {
    let mut first = None;
    for value in head.all("content-length").flat_map(|value| value.split(|byte| *byte == b',')).map(<[u8]>::trim_ascii) {
        if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
            flags.insert(Flag::LengthInvalid);
            continue;
        }
        let sum = value.iter().try_fold(0u64, |sum, digit| sum.checked_mul(10)?.checked_add(u64::from(digit.saturating_sub(b'0'))));
        flags.insert_if(Flag::LengthOverflow, sum.is_none());
        // More than any stream holds: the body takes all that follows.
        let length = sum.unwrap_or(u64::MAX);
        match first {
            None => first = Some(length),
            Some(first) if first == length => flags.insert(Flag::LengthRepeated),
            Some(_) => flags.insert(Flag::LengthsDiffer),
        }
    }
    first
}

fn transfer_coding(head: &Head, flags: &mut Flags) -> Coding {
    // Gateways that hand headers on as variables take an underscore for a hyphen.
    flags.insert_if(Flag::TransferEncodingOdd, head.get("transfer_encoding").is_some());
    let Some(_) = head.get("transfer-encoding") else { return Coding::None };
    let mut codings = 0_usize;
    let mut chunked = 0_usize;
    let mut last_is_chunked = false;
    for coding in head.list("transfer-encoding") {
        last_is_chunked = coding.eq_ignore_ascii_case(b"chunked");
        chunked = chunked.saturating_add(usize::from(last_is_chunked));
        codings = codings.saturating_add(usize::from(!coding.eq_ignore_ascii_case(b"identity")));
        let known = [&b"chunked"[..], b"gzip", b"x-gzip", b"deflate", b"compress", b"x-compress"];
        flags.insert_if(Flag::TransferEncodingOdd, !known.iter().any(|known| coding.eq_ignore_ascii_case(known)));
    }
    flags.insert_if(
        Flag::TransferEncodingOdd,
        chunked > 1 || chunked == 1 && !last_is_chunked || head.list("transfer-encoding").next().is_none(),
    );
    match (codings, last_is_chunked) {
        (_, true) => Coding::Chunked,
        (0, false) => Coding::None,
        (_, false) => Coding::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Flag::*;

    const CHUNKED: &str = "Transfer-Encoding: chunked\r\n";

    fn framing(start: &str, headers: &str, method: Option<&str>) -> (Framing, Vec<Flag>) {
        let text = [start, "\r\nHost: h\r\n", headers, "\r\n"].concat();
        let (head, _) = Head::parse(text.as_bytes().into(), 1_000);
        let mut flags = Flags::default();
        let framing = match method {
            None => of_request(&head, &mut flags),
            Some(method) => of_response(&head, method.as_bytes(), &mut flags),
        };
        (framing, flags.iter().collect())
    }

    #[test]
    fn of_requests() {
        use Framing::*;
        let rows: &[(&str, &str, Framing, &[Flag])] = &[
            ("GET / HTTP/1.1", "", None, &[]),
            ("POST / HTTP/1.1", "", None, &[]),
            ("POST / HTTP/1.1", "Content-Length: 5\r\n", Length(5), &[]),
            ("GET / HTTP/1.1", "Content-Length: 5\r\n", Length(5), &[BodyUnexpected]),
            ("GET / HTTP/1.1", "Content-Length: 0\r\n", Length(0), &[]),
            ("POST / HTTP/1.1", CHUNKED, Chunked, &[]),
            ("POST / HTTP/1.1", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", Chunked, &[LengthWithTransferEncoding]),
            ("POST / HTTP/1.1", "Transfer-Encoding: gzip\r\n", None, &[TransferEncodingOdd]),
            (
                "POST / HTTP/1.1",
                "Transfer-Encoding: xchunked\r\nContent-Length: 3\r\n",
                Length(3),
                &[LengthWithTransferEncoding, TransferEncodingOdd],
            ),
            ("POST / HTTP/1.0", CHUNKED, Chunked, &[TransferEncodingInOldVersion]),
            ("CONNECT h:1 HTTP/1.1", "Content-Length: 5\r\n", None, &[FramingWithoutBody]),
        ];
        for (start, headers, want, flags) in rows {
            assert_eq!(framing(start, headers, Option::None), (*want, flags.to_vec()), "{start} {headers}");
        }
    }

    #[test]
    fn of_answers() {
        use Framing::*;
        let length = "Content-Length: 5\r\n";
        let rows: &[(&str, &str, &str, Framing, &[Flag])] = &[
            ("200", "", "GET", Close, &[]),
            ("200", length, "GET", Length(5), &[]),
            ("200", length, "", Length(5), &[]),
            ("200", length, "HEAD", None, &[]),
            ("304", length, "GET", None, &[]),
            ("204", "", "GET", None, &[]),
            ("204", length, "GET", None, &[FramingWithoutBody]),
            ("100", CHUNKED, "POST", None, &[FramingWithoutBody]),
            ("101", "", "GET", Tunnel, &[]),
            ("200", "", "CONNECT", Tunnel, &[]),
            ("200", CHUNKED, "CONNECT", Tunnel, &[FramingWithoutBody]),
            ("407", length, "CONNECT", Length(5), &[]),
            ("200", "Transfer-Encoding: gzip, chunked\r\n", "GET", Chunked, &[]),
            ("200", "Transfer-Encoding: gzip\r\nTransfer-Encoding: CHUNKED\r\n", "GET", Chunked, &[]),
            ("200", "Transfer-Encoding:\r\n chunked\r\n", "GET", Chunked, &[]),
            ("200", "Transfer-Encoding: gzip\r\nContent-Length: 5\r\n", "GET", Close, &[LengthWithTransferEncoding]),
            ("200", "Transfer-Encoding: identity\r\nContent-Length: 5\r\n", "GET", Length(5), &[TransferEncodingOdd]),
            ("200", "Transfer-Encoding: identity\r\n", "GET", Close, &[TransferEncodingOdd]),
            ("200", "Transfer_Encoding: chunked\r\nContent-Length: 5\r\n", "GET", Length(5), &[TransferEncodingOdd]),
            ("200", "Transfer-Encoding: chunked, identity\r\n", "GET", Close, &[TransferEncodingOdd]),
            ("200", "Transfer-Encoding: chunked, chunked\r\n", "GET", Chunked, &[TransferEncodingOdd]),
            ("200", "Transfer-Encoding: chunked;x\r\n", "GET", Close, &[TransferEncodingOdd]),
            ("200", "Transfer-Encoding: \"chunked\"\r\n", "GET", Close, &[TransferEncodingOdd]),
            ("200", "Transfer-Encoding:\r\n", "GET", Close, &[TransferEncodingOdd]),
            ("2x0", length, "GET", Length(5), &[]),
        ];
        for (status, headers, method, want, flags) in rows {
            let start = ["HTTP/1.1 ", status, " X"].concat();
            assert_eq!(framing(&start, headers, Some(method)), (*want, flags.to_vec()), "{status} {headers} {method}");
        }
    }

    #[test]
    fn lengths_that_are_odd() {
        let rows: &[(&str, Framing, &[Flag])] = &[
            ("5, 5", Framing::Length(5), &[LengthRepeated]),
            ("5, 6", Framing::Length(5), &[LengthsDiffer]),
            ("5\r\nContent-Length: 5", Framing::Length(5), &[LengthRepeated]),
            ("5\r\ncontent-length: 7", Framing::Length(5), &[LengthsDiffer]),
            ("+5", Framing::Close, &[LengthInvalid]),
            ("-5", Framing::Close, &[LengthInvalid]),
            ("0x5", Framing::Close, &[LengthInvalid]),
            ("5 5", Framing::Close, &[LengthInvalid]),
            ("", Framing::Close, &[LengthInvalid]),
            ("x\r\nContent-Length: 7", Framing::Length(7), &[LengthInvalid]),
            ("\r\n 5", Framing::Length(5), &[]),
            ("5\r\n 0", Framing::Close, &[LengthInvalid]),
            ("0000000000000000000000005", Framing::Length(5), &[]),
            ("18446744073709551615", Framing::Length(u64::MAX), &[]),
            ("18446744073709551616", Framing::Length(u64::MAX), &[LengthOverflow]),
        ];
        for (value, want, flags) in rows {
            let header = ["Content-Length: ", value, "\r\n"].concat();
            assert_eq!(framing("HTTP/1.1 200 OK", &header, Some("GET")), (*want, flags.to_vec()), "{value}");
        }
    }

    #[test]
    fn close_is_a_word_of_a_list() {
        let closes =
            |value: &str| closes(&Head::parse(["HTTP/1.1 200 OK\r\nConnection: ", value, "\r\n\r\n"].concat().as_bytes().into(), 9).0);
        assert_eq!(["close", "x, Close", "keep-alive", "closed"].map(closes), [true, true, false, false]);
    }
}
