//! The codings that are known, and what can end a decoding.

use crate::conversation::http1::Head;

/// A content coding (RFC 9110 section 8.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Coding {
    /// gzip, RFC 1952; also under its old name x-gzip.
    Gzip,
    /// deflate: zlib, RFC 1950, and in practice also its data alone, RFC 1951.
    Deflate,
    /// br: Brotli, RFC 7932.
    Brotli,
    /// zstd, RFC 8878.
    Zstd,
}

impl Coding {
    /// The coding of that name, in any case.
    #[must_use]
    pub fn from_name(name: &[u8]) -> Option<Self> {
        const NAMES: [(&[u8], Coding); 5] = [
            (b"gzip", Coding::Gzip),
            (b"x-gzip", Coding::Gzip),
            (b"deflate", Coding::Deflate),
            (b"br", Coding::Brotli),
            (b"zstd", Coding::Zstd),
        ];
        NAMES.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)).map(|(_, coding)| *coding)
    }

    /// Its registered name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }
}

/// The codings of a body, as far as they can be taken off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Codings {
    /// In the order in which they are taken off: the one that was put on last comes first.
    pub known: Vec<Coding>,
    /// The coding at which it ends, because nobody here knows it.
    pub unknown: Option<Box<[u8]>>,
    /// Whether more are named than are taken off.
    pub too_many: bool,
}

impl Codings {
    /// Those that a message's head names.
    #[must_use]
    pub fn of(head: &Head, most: usize) -> Self {
        let lists: Vec<&[u8]> = head.all("content-encoding").chain(head.all("transfer-encoding")).collect();
        Self::parse(lists.into_iter(), most)
    }

    /// Reads lists of codings (`Content-Encoding`, then `Transfer-Encoding`), in the order in which they were put on. What changes nothing
    /// (`identity`) and what is taken off elsewhere (`chunked`) is passed over.
    pub fn parse<'a>(values: impl DoubleEndedIterator<Item = &'a [u8]>, most: usize) -> Self {
        let mut codings = Self::default();
        let names = values.rev().flat_map(|value| value.rsplit(|byte| *byte == b','));
        for name in names {
            let name = name.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
            if [&b""[..], b"identity", b"chunked"].iter().any(|nothing| name.eq_ignore_ascii_case(nothing)) {
                continue;
            }
            match Coding::from_name(name) {
                Some(_) if codings.known.len() >= most => {
                    codings.too_many = true;
                    break;
                }
                Some(coding) => codings.known.push(coding),
                None => {
                    codings.unknown = Some(name.into());
                    break;
                }
            }
        }
        codings
    }
}

/// Why decoding stopped before the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// The coded bytes end too early.
    Cut,
    /// They make no sense.
    Damaged,
    /// They decode, to something else than was coded.
    Checksum,
    /// All was decoded, and something else follows.
    Followed,
    /// A dictionary is needed that is not part of them.
    Dictionary,
    /// Bytes are missing from the capture.
    Gap,
    /// The limit of the window that a decoder keeps.
    Window,
    /// The limit of decoded bytes.
    Bytes,
    /// The limit of how many bytes a coded byte may give.
    Ratio,
}

impl Why {
    /// Whether it is one of our limits, and not the bytes.
    #[must_use]
    pub fn is_limit(self) -> bool {
        match self {
            Self::Window | Self::Bytes | Self::Ratio => true,
            Self::Cut | Self::Damaged | Self::Checksum | Self::Followed | Self::Dictionary | Self::Gap => false,
        }
    }
}

/// Where decoding stopped, and why. What was decoded before is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The coding that it happened in.
    pub coding: Coding,
    /// Its place among those that are taken off, from 0.
    pub layer: usize,
    /// How many of its coded bytes were taken.
    pub coded: u64,
    /// How many bytes it had given.
    pub decoded: u64,
    /// Why.
    pub why: Why,
}

/// A coding that the bytes are not in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mislabelled {
    /// What the label says.
    pub label: Coding,
    /// What they are in; `None` where they are plain.
    pub found: Option<Coding>,
}

/// What came of a body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// Coded bytes that were there.
    pub coded_length: u64,
    /// Bytes that they gave.
    pub length: u64,
    /// Where it stopped, if it did.
    pub stop: Option<Stop>,
    /// Labels that are wrong.
    pub mislabelled: Vec<Mislabelled>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(values: &[&str]) -> Codings {
        Codings::parse(values.iter().map(|value| value.as_bytes()), 4)
    }

    #[test]
    fn the_last_one_put_on_is_the_first_taken_off() {
        assert_eq!(parse(&["gzip, BR", "x-gzip;q=1,chunked"]).known, [Coding::Gzip, Coding::Brotli, Coding::Gzip]);
        assert_eq!(parse(&["identity", " ,"]), Codings::default());
    }

    #[test]
    fn it_ends_at_one_that_is_unknown() {
        let codings = parse(&["gzip, compress, deflate"]);
        assert_eq!((codings.known, codings.unknown.as_deref()), (vec![Coding::Deflate], Some(&b"compress"[..])));
    }

    #[test]
    fn it_ends_at_the_limit() {
        let codings = parse(&["br, gzip, gzip, gzip, gzip"]);
        assert_eq!((codings.known.len(), codings.too_many), (4, true));
        assert!(!parse(&["gzip, gzip, gzip, gzip"]).too_many);
    }
}
