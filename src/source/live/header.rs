//! What stands before a frame's bytes where the kernel took it off: a tag, or the header of a cooked capture.

use super::Envelope;

/// How long the header of a cooked capture is (LINKTYPE_LINUX_SLL2).
const COOKED: usize = 20;
/// How long a tag is (IEEE 802.1Q).
const TAG: usize = 4;
/// Where a tag stands in an Ethernet frame.
const TAGGED_AT: usize = 12;

/// What stands before a tag (802.1Q, 802.1ad).
const CUSTOMER_TAG: u16 = 0x8100;
const SERVICE_TAG: u16 = 0x88a8;
const IPV4: u16 = 0x0800;
const IPV6: u16 = 0x86dd;
const ARP: u16 = 0x0806;

/// Whether a packet that a cooked socket gives begins with one more tag, of a frame whose outer tag the kernel took off. Linux (6.10 and later)
/// names what is behind all tags, and leaves the inner ones where they are; which kind of tag an inner one is it does not tell. A packet that
/// may as well be what the kernel says it is stays that.
fn begins_with_tag(envelope: &Envelope, data: &[u8]) -> bool {
    let mut behind = 0_usize;
    loop {
        let Some(kind) = number(data, behind.saturating_add(2)) else { return false };
        behind = behind.saturating_add(TAG);
        match kind {
            kind if kind == envelope.protocol => break,
            CUSTOMER_TAG | SERVICE_TAG => {}
            _ => return false,
        }
    }
    let Some(packet) = data.get(behind..) else { return false };
    let length = (envelope.length as usize).max(data.len());
    begins(envelope.protocol, packet, length.saturating_sub(behind)) && !begins(envelope.protocol, data, length)
}

/// Whether these are the first bytes of a packet of that protocol, in so many bytes on the wire.
fn begins(protocol: u16, data: &[u8], length: usize) -> bool {
    match (protocol, data.first()) {
        (IPV4, Some(first @ 0x45..=0x4f)) => {
            let header = data.get(..usize::from(first & 15) * 4);
            header.is_some_and(|header| sum(header) == 0xffff) && number(data, 2).is_some_and(|total| usize::from(total) <= length)
        }
        (IPV6, Some(0x60..=0x6f)) => number(data, 4).is_some_and(|payload| usize::from(payload) + 40 <= length),
        // Of Ethernet or a kind of it, for IPv4.
        (ARP, Some(0)) => number(data, 2) == Some(IPV4),
        _ => false,
    }
}

fn number(data: &[u8], at: usize) -> Option<u16> {
    data.get(at..)?.first_chunk().map(|bytes| u16::from_be_bytes(*bytes))
}

/// The sum that the header of an IPv4 packet has (RFC 1071).
fn sum(header: &[u8]) -> u32 {
    let words = header.as_chunks::<2>().0.iter().map(|word| u32::from(u16::from_be_bytes(*word)));
    let sum: u32 = words.sum();
    (sum & 0xffff).saturating_add(sum >> 16)
}

/// A frame that was put together; its memory is kept for the next one.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    bytes: Vec<u8>,
    length: u32,
}

impl Scratch {
    /// Puts the header of a cooked capture before a packet (<https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html>), and its tag behind
    /// that header.
    pub(super) fn cook(&mut self, envelope: &Envelope, data: &[u8], snap_length: usize) {
        self.bytes.clear();
        let protocol = envelope.tag.map_or(envelope.protocol, |(protocol, _)| protocol);
        self.bytes.extend(protocol.to_be_bytes());
        self.bytes.extend([0; 2]);
        self.bytes.extend(envelope.interface.to_be_bytes());
        self.bytes.extend(envelope.hardware.to_be_bytes());
        self.bytes.extend([envelope.packet_type, envelope.sender_length.min(8)]);
        self.bytes.extend(envelope.sender);
        let mut added = COOKED;
        if let Some((_, value)) = envelope.tag {
            self.bytes.extend(value.to_be_bytes());
            let behind = if begins_with_tag(envelope, data) { CUSTOMER_TAG } else { envelope.protocol };
            self.bytes.extend(behind.to_be_bytes());
            added = added.saturating_add(TAG);
        }
        self.end(envelope, data, added, snap_length);
    }

    /// Puts the tag back into an Ethernet frame; `false` where the frame is too short to have one.
    pub(super) fn tag(&mut self, envelope: &Envelope, data: &[u8], snap_length: usize) -> bool {
        let (Some((protocol, value)), Some((addresses, rest))) = (envelope.tag, data.split_at_checked(TAGGED_AT)) else { return false };
        self.bytes.clear();
        self.bytes.extend_from_slice(addresses);
        self.bytes.extend(protocol.to_be_bytes());
        self.bytes.extend(value.to_be_bytes());
        self.end(envelope, rest, TAG, snap_length);
        true
    }

    fn end(&mut self, envelope: &Envelope, data: &[u8], added: usize, snap_length: usize) {
        self.bytes.extend_from_slice(data);
        self.bytes.truncate(snap_length);
        self.length = envelope.length.saturating_add(added as u32);
    }

    /// The bytes, and how long the frame was.
    pub(super) fn frame(&self) -> (&[u8], u32) {
        (&self.bytes, self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: [u8; 18] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 8, 0, 0x45, 0, 0, 28];

    #[test]
    fn a_tag_goes_back_where_it_was() {
        let mut scratch = Scratch::default();
        let envelope = Envelope { length: 64, tag: Some((0x88a8, 0x6007)), ..Envelope::default() };
        assert!(scratch.tag(&envelope, &FRAME, 64));
        assert_eq!(scratch.frame(), (&[&FRAME[..12], &[0x88, 0xa8, 0x60, 7], &FRAME[12..]].concat()[..], 68));
        assert!(scratch.tag(&envelope, &FRAME, 14));
        assert_eq!(scratch.frame().0.len(), 14, "the snap length holds for what was put together");
        assert!(!scratch.tag(&envelope, &FRAME[..11], 64));
        assert!(!scratch.tag(&Envelope::default(), &FRAME, 64));
    }

    #[test]
    fn a_packet_without_a_header_gets_one() {
        let mut scratch = Scratch::default();
        let mut envelope = Envelope {
            length: 4,
            protocol: 0x0800,
            interface: 3,
            hardware: 772,
            packet_type: 4,
            sender: [2, 0, 0, 0, 0, 1, 0, 0],
            sender_length: 6,
            ..Envelope::default()
        };
        scratch.cook(&envelope, &FRAME[14..], 64);
        let header = [8, 0, 0, 0, 0, 0, 0, 3, 3, 4, 4, 6, 2, 0, 0, 0, 0, 1, 0, 0];
        assert_eq!(scratch.frame(), (&[&header, &FRAME[14..]].concat()[..], 24));
        envelope.tag = Some((0x8100, 9));
        scratch.cook(&envelope, &FRAME[14..], 64);
        assert_eq!(scratch.frame().1, 28);
        assert_eq!(&scratch.frame().0[..2], [0x81, 0]);
        assert_eq!(&scratch.frame().0[20..24], [0, 9, 8, 0]);
    }

    /// The header of a packet, with its sum.
    const IP: [u8; 20] = [0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0x66, 0xbc, 10, 9, 0, 1, 10, 9, 0, 2];

    /// What stands behind the outer tag of a packet that the kernel gives so.
    fn behind_the_tag(protocol: u16, data: &[u8]) -> [u8; 2] {
        let envelope = Envelope { length: data.len() as u32, tag: Some((0x88a8, 100)), protocol, ..Envelope::EMPTY };
        let mut scratch = Scratch::default();
        scratch.cook(&envelope, data, 1_000);
        let (frame, _) = scratch.frame();
        *frame[COOKED + 2..].first_chunk().unwrap()
    }

    #[test]
    fn a_tag_that_the_kernel_leaves_in_the_packet_is_one() {
        let udp = [0, 53, 0, 53, 0, 8, 0, 0];
        let packet = [IP.as_slice(), &udp].concat();
        assert_eq!(behind_the_tag(0x0800, &packet), [8, 0]);
        for inner in [[0, 20, 8, 0].as_slice(), &[0, 20, 0x81, 0, 0x45, 30, 8, 0], &[0x45, 20, 8, 0]] {
            assert_eq!(behind_the_tag(0x0800, &[inner, &packet].concat()), [0x81, 0], "{inner:?}");
        }
        let arp = [&[0, 1, 8, 0, 6, 4, 0, 1][..], &[0; 20]].concat();
        assert_eq!(behind_the_tag(0x0806, &arp), [8, 6]);
        assert_eq!(behind_the_tag(0x0806, &[&[0, 20, 8, 6][..], &arp].concat()), [0x81, 0]);
        let ipv6 = [&[0x60, 0, 0x86, 0xdd, 0, 8, 17, 64][..], &[0; 40]].concat();
        assert_eq!(behind_the_tag(0x86dd, &ipv6), [0x86, 0xdd]);
        assert_eq!(behind_the_tag(0x86dd, &[&[0x60, 20, 0x86, 0xdd][..], &ipv6].concat()), [0x81, 0]);
    }

    #[test]
    fn a_packet_that_looks_like_a_tag_stays_a_packet() {
        // 2,048 bytes long, as if 0x0800 stood there, and with a number as if a packet began behind it.
        let mut long = IP;
        long[2..6].copy_from_slice(&[8, 0, 0x45, 0]);
        long[10..12].copy_from_slice(&[0, 0]);
        let missing = !(sum(&long) as u16);
        long[10..12].copy_from_slice(&missing.to_be_bytes());
        assert_eq!(behind_the_tag(0x0800, &[long.as_slice(), &[0; 2_028]].concat()), [8, 0]);
        // What is cut off too early to tell, and what is of no kind that can be told.
        assert_eq!(behind_the_tag(0x0800, &[0, 20, 8, 0, 0x45, 0]), [8, 0]);
        assert_eq!(behind_the_tag(0x88b5, &[0, 20, 0x88, 0xb5, 0, 0]), [0x88, 0xb5]);
        assert_eq!(behind_the_tag(0x0800, &[]), [8, 0]);
    }
}
