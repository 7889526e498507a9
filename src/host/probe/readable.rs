//! Answers of the kernel in which a name is no text: an interface may be called anything but `/`, `:` and blanks (netdevice(7)).

use crate::source::live::nameless;

/// A message about an interface (rtnetlink(7), `RTM_NEWLINK`).
const NEW_LINK: u16 = 16;
/// The header of a message, and what stands behind it in a message about an interface (`nlmsghdr`, `ifinfomsg`).
const HEADERS: usize = 16 + 16;
/// The header of an attribute (`rtattr`).
const ATTRIBUTE: usize = 4;
/// The name of an interface, what it is called besides, and a list of more names.
const NAME: u16 = 3;
const ALIAS: u16 = 20;
const MORE_NAMES: u16 = 52;

/// A message about an interface with names that are text: a name that is none is the one that is made of the interface's number, and others
/// that are none are left out. `None` where it is another message, or broken.
pub(super) fn readable(message: &[u8]) -> Option<Vec<u8>> {
    let word = |at: usize| Some(u16::from_ne_bytes(*message.get(at..)?.first_chunk()?));
    let long = |at: usize| Some(u32::from_ne_bytes(*message.get(at..)?.first_chunk()?));
    let end = usize::try_from(long(0)?).ok()?;
    if word(4)? != NEW_LINK || end > message.len() {
        return None;
    }
    let index = long(20)?;
    let mut readable = message.get(..HEADERS)?.to_vec();
    let mut at = HEADERS;
    while at + ATTRIBUTE <= end {
        let (length, kind) = (usize::from(word(at)?), word(at + 2)?);
        let value = message.get(at + ATTRIBUTE..(at + length).min(end))?;
        let is_text = std::str::from_utf8(value).is_ok();
        match kind {
            NAME if !is_text => push(&mut readable, kind, &[nameless(index).as_bytes(), b"\0"].concat()),
            ALIAS | MORE_NAMES if !is_text => {}
            _ => push(&mut readable, kind, value),
        }
        at += length.next_multiple_of(4).max(ATTRIBUTE);
    }
    let length = u32::try_from(readable.len()).ok()?;
    readable.get_mut(..4)?.copy_from_slice(&length.to_ne_bytes());
    Some(readable)
}

/// Appends an attribute.
fn push(message: &mut Vec<u8>, kind: u16, value: &[u8]) {
    let length = u16::try_from(ATTRIBUTE + value.len()).unwrap_or(u16::MAX);
    message.extend([length.to_ne_bytes(), kind.to_ne_bytes()].concat());
    message.extend(value);
    message.resize(message.len().next_multiple_of(4), 0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use netlink_packet_core::{NetlinkMessage, NetlinkPayload};
    use netlink_packet_route::RouteNetlinkMessage as Message;
    use netlink_packet_route::link::LinkAttribute;

    /// A message about interface 7 with these attributes.
    fn message(attributes: &[(u16, &[u8])]) -> Vec<u8> {
        let mut bytes = vec![0; HEADERS];
        attributes.iter().for_each(|(kind, value)| push(&mut bytes, *kind, value));
        bytes[4..6].copy_from_slice(&NEW_LINK.to_ne_bytes());
        bytes[20..24].copy_from_slice(&7_u32.to_ne_bytes());
        let length = bytes.len() as u32;
        bytes[..4].copy_from_slice(&length.to_ne_bytes());
        bytes
    }

    #[test]
    fn a_name_that_is_no_text_is_the_number() {
        let strange = message(&[(NAME, b"b\xff\0"), (ALIAS, b"B\xfcro\0"), (4, &1500_u32.to_ne_bytes())]);
        assert!(NetlinkMessage::<Message>::deserialize(&strange).is_err());
        let known = NetlinkMessage::<Message>::deserialize(&readable(&strange).expect("a message")).expect("it is understood");
        let NetlinkPayload::InnerMessage(Message::NewLink(link)) = known.payload else { panic!("{known:?}") };
        assert_eq!((link.header.index, link.attributes), (7, vec![LinkAttribute::IfName("if7".to_owned()), LinkAttribute::Mtu(1500)]));
    }

    #[test]
    fn what_is_text_stays_and_what_is_cut_is_no_message() {
        let plain = message(&[(NAME, b"eth0\0"), (ALIAS, "Büro\0".as_bytes())]);
        assert_eq!(readable(&plain).as_deref(), Some(&plain[..]));
        for length in 0..plain.len() {
            assert_eq!(readable(&plain[..length]), None, "{length}");
        }
        let mut other = plain;
        other[4] = 24;
        assert_eq!(readable(&other), None);
    }
}
