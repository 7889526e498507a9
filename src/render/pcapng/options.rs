//! Options of pcapng blocks, written in little endian.

use super::clock::Clock;
use crate::frame::Frame;
use crate::source::Interface;
use pcap_file::pcapng::blocks::opt_common::CommonOption;
use pcap_file::pcapng::blocks::section_header::SectionHeaderOption;
use std::borrow::Cow;

/// Options of any block and of packet blocks.
mod packet {
    pub(super) const COMMENT: u16 = 1;
    pub(super) const FLAGS: u16 = 2;
    pub(super) const DROP_COUNT: u16 = 4;
    pub(super) const IDENTIFIER: u16 = 5;
    pub(super) const QUEUE: u16 = 6;
    pub(super) const PROCESS_AND_THREAD: u16 = 8;
}

/// Options of sections.
mod section {
    pub(super) const COMMENT: u16 = 1;
    pub(super) const HARDWARE: u16 = 2;
    pub(super) const SYSTEM: u16 = 3;
    pub(super) const PROGRAM: u16 = 4;
}

/// Options of interface descriptions.
mod interface {
    pub(super) const NAME: u16 = 2;
    pub(super) const RESOLUTION: u16 = 9;
    pub(super) const CHECK_SEQUENCE: u16 = 13;
    pub(super) const OFFSET: u16 = 14;
}

/// Options that begin with the number of the enterprise that gave them their meaning.
const CUSTOM: [u16; 4] = [2988, 2989, 19372, 19373];

/// Where the flags of a packet tell the length of its frame check sequence, in bytes.
const CHECK_SEQUENCE_SHIFT: u32 = 5;
const CHECK_SEQUENCE_MASK: u32 = 0xf << CHECK_SEQUENCE_SHIFT;

/// The options of a section: its text, and that this program wrote it where it names none.
pub(super) fn of_section(options: &[(u16, Vec<u8>)]) -> Vec<SectionHeaderOption<'_>> {
    let mut told: Vec<_> = options
        .iter()
        .filter_map(|(code, value)| {
            // Replacing what is not UTF-8 may lengthen a text beyond what an option can hold.
            let text = Some(String::from_utf8_lossy(value)).filter(|text| text.len() <= usize::from(u16::MAX))?;
            match *code {
                section::COMMENT => Some(SectionHeaderOption::Common(CommonOption::Comment(text))),
                section::HARDWARE => Some(SectionHeaderOption::Hardware(text)),
                section::SYSTEM => Some(SectionHeaderOption::OS(text)),
                section::PROGRAM => Some(SectionHeaderOption::UserApplication(text)),
                _ => None,
            }
        })
        .collect();
    if !options.iter().any(|(code, _)| *code == section::PROGRAM) {
        told.push(SectionHeaderOption::UserApplication(Cow::Borrowed(concat!("wirelore ", env!("CARGO_PKG_VERSION")))));
    }
    told
}

/// The longest section header that everybody reads from a pipe, and how much of it is not options but their end, in bytes.
const SHORT_SECTION: usize = 2_048;
const SECTION_FRAME: usize = 32;

/// The options of a section whose header is to be short, and as comments the texts that it has no room for.
pub(super) fn of_short_section(options: &[(u16, Vec<u8>)]) -> (Vec<SectionHeaderOption<'_>>, Vec<String>) {
    let length = |option: &SectionHeaderOption<'_>| 4 + text(option).len().next_multiple_of(4);
    let mut kept = of_section(options);
    let mut surplus = Vec::new();
    // The longest go first: what is short is the name of a system or of a program.
    while kept.iter().map(length).sum::<usize>() > SHORT_SECTION - SECTION_FRAME {
        let Some((longest, _)) = kept.iter().enumerate().max_by_key(|(_, option)| length(option)) else { break };
        surplus.push(text(&kept.remove(longest)).to_owned());
    }
    (kept, surplus)
}

/// The text of one of the options that [`of_section`] makes.
fn text<'a>(option: &'a SectionHeaderOption<'_>) -> &'a str {
    match option {
        SectionHeaderOption::Common(CommonOption::Comment(text))
        | SectionHeaderOption::Hardware(text)
        | SectionHeaderOption::OS(text)
        | SectionHeaderOption::UserApplication(text) => text,
        SectionHeaderOption::Common(_) => "",
    }
}

/// Options as they are written, one after another.
#[derive(Debug, Default)]
pub(super) struct Options(Vec<u8>);

impl Options {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds one; one that is longer than any option can be is left out.
    pub(super) fn add(&mut self, code: u16, value: &[u8]) {
        let Ok(length) = u16::try_from(value.len()) else { return };
        self.0.extend(code.to_le_bytes());
        self.0.extend(length.to_le_bytes());
        self.0.extend_from_slice(value);
        self.0.resize(self.0.len().next_multiple_of(4), 0);
    }

    /// Adds a comment; what an option cannot hold of it is cut off.
    pub(super) fn comment(&mut self, text: &str) {
        let end = text.floor_char_boundary(usize::from(u16::MAX));
        self.add(packet::COMMENT, text.get(..end).unwrap_or_default().as_bytes());
    }

    /// With comments.
    pub(super) fn commented(mut self, comments: &[String]) -> Self {
        comments.iter().for_each(|comment| self.comment(comment));
        self
    }

    /// Writes all of them and the end mark, or nothing where there are none.
    pub(super) fn end(self, out: &mut Vec<u8>) {
        if !self.is_empty() {
            out.extend(self.0);
            out.extend([0; 4]);
        }
    }

    /// A frame's own options. The length of its check sequence is told in its flags where its interface does not tell it.
    pub(super) fn take_over(&mut self, frame: &Frame<'_>, interface: Option<&Interface>) {
        let tells = |interface: &Interface| interface.options.iter().any(|(code, _)| *code == interface::CHECK_SEQUENCE);
        let mut check_sequence = match frame.check_sequence_length {
            length if length == 0 || interface.is_some_and(tells) => 0,
            length => u32::from(length) << CHECK_SEQUENCE_SHIFT & CHECK_SEQUENCE_MASK,
        };
        for (code, value) in frame.annotations.options() {
            let mut value = value.to_vec();
            if frame.annotations.big_endian {
                turn(code, &mut value);
            }
            if let (packet::FLAGS, Ok(flags)) = (code, <[u8; 4]>::try_from(value.as_slice())) {
                let flags = u32::from_le_bytes(flags);
                let told = if flags & CHECK_SEQUENCE_MASK == 0 { flags | check_sequence } else { flags };
                value = told.to_le_bytes().to_vec();
                check_sequence = 0;
            }
            self.add(code, &value);
        }
        if check_sequence != 0 {
            self.add(packet::FLAGS, &check_sequence.to_le_bytes());
        }
    }

    /// An interface's own options, but its clock, which is the given one.
    pub(super) fn of_interface(interface: &Interface, clock: Clock) -> Self {
        let mut options = Self::default();
        let kept = interface.options.iter().filter(|(code, _)| ![interface::RESOLUTION, interface::OFFSET].contains(code));
        kept.for_each(|(code, value)| options.add(*code, value));
        options.clock(clock);
        options
    }

    /// An interface that has nothing but its name and its clock.
    pub(super) fn of_plain_interface(name: Option<&str>, clock: Clock) -> Self {
        let mut options = Self::default();
        if let Some(name) = name {
            options.add(interface::NAME, name.as_bytes());
        }
        options.clock(clock);
        options
    }

    fn clock(&mut self, clock: Clock) {
        self.add(interface::RESOLUTION, &[clock.digits]);
        if clock.offset != 0 {
            self.add(interface::OFFSET, &clock.offset.to_le_bytes());
        }
    }
}

/// Turns the numbers in a packet option's value from big endian to little endian.
fn turn(code: u16, value: &mut [u8]) {
    match (code, value) {
        (packet::FLAGS | packet::DROP_COUNT | packet::IDENTIFIER | packet::QUEUE, value) => value.reverse(),
        (packet::PROCESS_AND_THREAD, value) => value.chunks_exact_mut(4).for_each(<[u8]>::reverse),
        (code, [a, b, c, d, ..]) if CUSTOM.contains(&code) => {
            std::mem::swap(a, d);
            std::mem::swap(b, c);
        }
        _ => {}
    }
}
