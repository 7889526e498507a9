//! What stands before a frame's bytes where the kernel took it off: a tag, or the header of a cooked capture.

use super::Envelope;

/// How long the header of a cooked capture is (LINKTYPE_LINUX_SLL2).
const COOKED: usize = 20;
/// How long a tag is (IEEE 802.1Q).
const TAG: usize = 4;
/// Where a tag stands in an Ethernet frame.
const TAGGED_AT: usize = 12;

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
            self.bytes.extend(envelope.protocol.to_be_bytes());
            added += TAG;
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
}
