//! Which interface a frame came by or went out by, where there is more than one.

use super::pad;
use crate::frame::{Direction, Frame, LinkType};
use crate::render::style::{Palette, Role};
use crate::render::{escape, number};
use crate::source::Interface;
use crate::source::live::ANY;

/// The most characters that are shown of a name.
const CHARACTERS_SHOWN: usize = 24;
/// The width of a direction and the space behind it.
const DIRECTION_WIDTH: usize = 4;
/// What a cooked header says of a frame that the machine itself sent (LINKTYPE_LINUX_SLL2).
const OUTGOING: u8 = 4;

/// The column of interfaces: a name, and `In` or `Out` where that is known.
#[derive(Debug, Default)]
pub(super) struct InterfaceColumn {
    /// What each interface of the source is called, as far as they were looked at; empty where it has no name of its own.
    labels: Vec<Vec<u8>>,
    /// The first that has one.
    first: Option<Vec<u8>>,
    /// Whether another has another.
    several: bool,
    /// The label of the frame at hand.
    label: Vec<u8>,
    /// The widest so far.
    width: usize,
    /// Whether a direction was known so far, or will be.
    pub(super) has_directions: bool,
}

impl InterfaceColumn {
    /// Appends the column where there are several interfaces, or where one stands for all of them.
    pub(super) fn push(&mut self, out: &mut Vec<u8>, frame: &Frame<'_>, interfaces: &[Interface], palette: &Palette) {
        if interfaces.len() > self.labels.len() {
            self.learn(interfaces);
        }
        let is_cooked = frame.link_type == LinkType::LINUX_SLL2;
        if !self.several && !is_cooked {
            return;
        }
        self.label.clear();
        match self.labels.get(frame.interface.0 as usize).filter(|label| !label.is_empty()) {
            Some(label) => self.label.extend_from_slice(label),
            // The machine that captured knew the name, and the capture does not say it.
            None if is_cooked => push_index(&mut self.label, frame.data),
            None => self.label.push(b'-'),
        }
        let characters = self.label.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        self.width = self.width.max(characters);
        palette.paint(out, Role::Link, |out| out.extend_from_slice(&self.label));
        pad(out, self.width.saturating_sub(characters) + 1);
        let word: &[u8] = match direction(frame, is_cooked) {
            Some(Direction::Inbound) => b"In",
            Some(Direction::Outbound) => b"Out",
            None => b"",
        };
        self.has_directions |= !word.is_empty();
        if self.has_directions {
            palette.paint(out, Role::Link, |out| out.extend_from_slice(word));
            pad(out, DIRECTION_WIDTH - word.len());
        }
    }

    /// Looks at interfaces that are new.
    fn learn(&mut self, interfaces: &[Interface]) {
        for interface in interfaces.iter().skip(self.labels.len()) {
            let mut label = Vec::new();
            let name = interface.name.as_deref().unwrap_or_default();
            if name != ANY.as_bytes() {
                escape::push_text_cut(&mut label, name, CHARACTERS_SHOWN);
            }
            if !label.is_empty() {
                self.several |= self.first.as_ref().is_some_and(|first| *first != label);
                self.first.get_or_insert_with(|| label.clone());
            }
            self.labels.push(label);
        }
    }
}

/// The number that the machine had for the interface, which the header of a cooked capture tells.
fn push_index(out: &mut Vec<u8>, data: &[u8]) {
    out.extend_from_slice(b"if");
    match data.get(4..).and_then(|rest| rest.first_chunk()) {
        Some(index) => number::push_decimal(out, u32::from_be_bytes(*index).into()),
        None => out.push(b'?'),
    }
}

fn direction(frame: &Frame<'_>, is_cooked: bool) -> Option<Direction> {
    let told = || frame.data.get(10).filter(|_| is_cooked);
    let told = || told().map(|kind| if *kind == OUTGOING { Direction::Outbound } else { Direction::Inbound });
    frame.annotations.direction().or_else(told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{Annotations, InterfaceId};
    use crate::source::Statistics;

    fn interface(name: Option<&[u8]>) -> Interface {
        let name = name.map(<[u8]>::to_vec);
        Interface { name, link_type: LinkType::ETHERNET, snap_length: 0, options: Vec::new(), statistics: Statistics::default() }
    }

    fn frame(interface: u32, link_type: LinkType, data: &[u8]) -> Frame<'_> {
        Frame {
            number: 1,
            timestamp: None,
            interface: InterfaceId(interface),
            link_type,
            length: data.len() as u32,
            check_sequence_length: 0,
            data,
            annotations: Annotations::default(),
        }
    }

    fn shown(column: &mut InterfaceColumn, frame: &Frame<'_>, interfaces: &[Interface]) -> String {
        let mut out = Vec::new();
        column.push(&mut out, frame, interfaces, &Palette::plain());
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn one_interface_is_not_told() {
        let mut column = InterfaceColumn::default();
        let ethernet = |place| frame(place, LinkType::ETHERNET, b"x");
        assert_eq!(shown(&mut column, &ethernet(0), &[]), "");
        assert_eq!(shown(&mut column, &ethernet(0), &[interface(Some(b"eth0"))]), "");
        // Two files of the same interface.
        assert_eq!(shown(&mut column, &ethernet(1), &[interface(Some(b"eth0")), interface(Some(b"eth0"))]), "");
        assert_eq!(shown(&mut InterfaceColumn::default(), &ethernet(0), &[interface(None), interface(None)]), "");
        assert_eq!(shown(&mut InterfaceColumn::default(), &ethernet(0), &[interface(None), interface(Some(b"eth0"))]), "");
    }

    #[test]
    fn several_are_told_with_the_direction() {
        const OUTBOUND: Annotations<'_> = Annotations { options: &[2, 0, 4, 0, 2, 0, 0, 0], big_endian: false };
        let interfaces = [interface(Some(b"eth0")), interface(Some(b"br-\x1b[2Jlan")), interface(None)];
        let mut column = InterfaceColumn::default();
        assert_eq!(shown(&mut column, &frame(0, LinkType::ETHERNET, b"x"), &interfaces), "eth0 ");
        let out = Frame { annotations: OUTBOUND, ..frame(0, LinkType::ETHERNET, b"x") };
        assert_eq!(shown(&mut column, &out, &interfaces), "eth0 Out ");
        let second = shown(&mut column, &frame(1, LinkType::ETHERNET, b"x"), &interfaces);
        assert!(second.starts_with("br-") && !second.contains('\u{1b}') && second.ends_with("     "), "{second}");
        assert!(shown(&mut column, &frame(2, LinkType::ETHERNET, b"x"), &interfaces).starts_with("- "));
    }

    #[test]
    fn where_directions_will_come_there_is_room_for_them() {
        let interfaces = [interface(Some(b"lo")), interface(Some(b"eth0"))];
        let mut column = InterfaceColumn { has_directions: true, ..InterfaceColumn::default() };
        assert_eq!(shown(&mut column, &frame(0, LinkType::ETHERNET, b"x"), &interfaces), "lo     ");
        assert_eq!(shown(&mut column, &frame(1, LinkType::ETHERNET, b"x"), &interfaces[..1]), "eth0     ");
    }

    #[test]
    fn of_all_interfaces_at_once_the_header_tells() {
        let mut data = [8, 0, 0, 0, 0, 0, 0, 3, 3, 4, 4, 6, 2, 0, 0, 0, 0, 1, 0, 0];
        let interfaces = [interface(Some(b"any"))];
        let mut column = InterfaceColumn::default();
        assert_eq!(shown(&mut column, &frame(0, LinkType::LINUX_SLL2, &data), &interfaces), "if3 Out ");
        data[10] = 3;
        assert_eq!(shown(&mut column, &frame(0, LinkType::LINUX_SLL2, &data), &[]), "if3 In  ");
        assert_eq!(shown(&mut column, &frame(0, LinkType::LINUX_SLL2, &data[..7]), &[]), "if?     ");
    }
}
