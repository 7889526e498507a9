//! Sentences: what notes, lessons and stories are written with.
//!
//! `write!(sentence, ..)` appends; what may come from a packet goes through [`Shown`], numbers through [`Counted`] and [`Took`]. Notes are
//! few: here `core::fmt` is fast enough.

use super::conversation::cell::{push_duration, push_grouped};
use super::escape;
use super::name::push_name;
use super::number::push_mac;
use crate::conversation::Names;
use std::fmt;
use std::net::IpAddr;

/// What is being said.
pub struct Sentence<'a> {
    out: &'a mut Vec<u8>,
    names: &'a Names,
}

impl<'a> Sentence<'a> {
    /// Appends to `out`; hosts are called as `names` knows them.
    pub fn new(out: &'a mut Vec<u8>, names: &'a Names) -> Self {
        Self { out, names }
    }

    /// Appends text of ours: what `write!` calls.
    pub fn write_fmt(&mut self, text: fmt::Arguments<'_>) {
        // Appending to memory cannot fail.
        let _appended = std::io::Write::write_fmt(self.out, text);
    }

    /// Appends words of ours.
    pub fn say(&mut self, words: &str) {
        self.out.extend_from_slice(words.as_bytes());
    }

    /// A host by its name, where it has one: `www.example.com`.
    #[must_use]
    pub fn host(&self, address: IpAddr) -> Host<'a> {
        Host { address, names: self.names }
    }

    /// Appends things in a row: `a, b and c`.
    pub fn list<T: fmt::Display>(&mut self, things: impl IntoIterator<Item = T>) {
        let mut things = things.into_iter().peekable();
        let mut first = true;
        while let Some(thing) = things.next() {
            if !first {
                self.say(if things.peek().is_some() { ", " } else { " and " });
            }
            first = false;
            write!(self, "{thing}");
        }
    }

    /// What hosts are called.
    #[must_use]
    pub fn names(&self) -> &'a Names {
        self.names
    }

    /// Where it is appended.
    pub fn out(&mut self) -> &mut Vec<u8> {
        self.out
    }
}

/// A host by its name, or its address where it has none.
#[derive(Clone, Copy)]
pub struct Host<'a> {
    address: IpAddr,
    names: &'a Names,
}

impl fmt::Display for Host<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        pushed(formatter, |out| push_name(out, self.names, self.address))
    }
}

/// A number of things: `1 frame`, `1,234 frames`.
#[derive(Clone, Copy, Debug)]
pub struct Counted(pub u64, pub &'static str);

impl fmt::Display for Counted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}{}", Grouped(self.0), self.1, if self.0 == 1 { "" } else { "s" })
    }
}

/// A number with its digits in groups: `1,234`.
#[derive(Clone, Copy, Debug)]
pub struct Grouped(pub u64);

impl fmt::Display for Grouped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        pushed(formatter, |out| push_grouped(out, self.0))
    }
}

/// How long something took, in nanoseconds: `12.500 s`.
#[derive(Clone, Copy, Debug)]
pub struct Took(pub i64);

impl fmt::Display for Took {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        pushed(formatter, |out| push_duration(out, self.0))
    }
}

/// A hardware address: `02:00:5e:00:53:01`.
#[derive(Clone, Copy, Debug)]
pub struct Link(pub [u8; 6]);

impl fmt::Display for Link {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        pushed(formatter, |out| push_mac(out, self.0))
    }
}

/// Text from a packet: escaped, and cut where it is long.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a>(pub &'a [u8]);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 100;
        pushed(formatter, |out| {
            if !escape::push_text_cut(out, self.0, SHOWN) {
                out.extend_from_slice(b"..");
            }
        })
    }
}

/// Hands on what `push` appends.
fn pushed(formatter: &mut fmt::Formatter<'_>, push: impl FnOnce(&mut Vec<u8>)) -> fmt::Result {
    let mut text = Vec::new();
    push(&mut text);
    formatter.pad(&String::from_utf8_lossy(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_from_a_packet_is_escaped_and_counts_agree_with_their_words() {
        let (mut out, names) = (Vec::new(), Names::default());
        let mut sentence = Sentence::new(&mut out, &names);
        write!(sentence, "{} and {}, {} from {}: ", Counted(1, "frame"), Counted(1234, "byte"), Took(1_500_000), Link([2, 0, 0, 0, 0, 1]));
        write!(sentence, "{} of {} for ", Shown(b"a\x1b[31m"), sentence_host(&names));
        sentence.list([1, 2, 3]);
        let told = "1 frame and 1,234 bytes, 1.500 ms from 02:00:00:00:00:01: a\\x1b[31m of 192.0.2.1 for 1, 2 and 3";
        assert_eq!(String::from_utf8_lossy(&out), told);
    }

    fn sentence_host(names: &Names) -> Host<'_> {
        Host { address: [192, 0, 2, 1].into(), names }
    }
}
