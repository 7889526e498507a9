//! Domain names as DNS writes them, without compression (RFC 1035 section 3.1).

/// A name that is made readable: labels with dots between them. No name is longer.
pub(super) struct Name {
    text: [u8; 255],
    length: usize,
    /// How many bytes it takes in the packet.
    pub(super) consumed: usize,
}

impl Name {
    /// Reads the name at the start of `bytes`; `None` where it does not end in them.
    #[expect(clippy::arithmetic_side_effects, reason = "places in the bytes, and labels of at most 63")]
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let mut name = Self { text: [0; 255], length: 0, consumed: 0 };
        loop {
            let length = usize::from(*bytes.get(name.consumed)?);
            name.consumed += 1;
            if length == 0 {
                return Some(name);
            }
            // Two set bits would be a pointer into a message that is not there.
            if length > 63 {
                return None;
            }
            let label = bytes.get(name.consumed..name.consumed + length)?;
            name.consumed += length;
            if name.length > 0 {
                name.push(b".")?;
            }
            name.push(label)?;
        }
    }

    #[expect(clippy::arithmetic_side_effects, reason = "at most 255, which is compared here, and a label")]
    fn push(&mut self, bytes: &[u8]) -> Option<()> {
        self.text.get_mut(self.length..self.length + bytes.len())?.copy_from_slice(bytes);
        self.length += bytes.len();
        Some(())
    }

    /// The labels with dots between them.
    pub(super) fn text(&self) -> &[u8] {
        self.text.get(..self.length).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn labels_are_joined_and_what_does_not_end_is_no_name() {
        let name = Name::read(b"\x03www\x07example\x00\x03com").unwrap();
        assert_eq!((name.text(), name.consumed), (&b"www.example"[..], 13));
        assert!(Name::read(b"\x03www").is_none() && Name::read(b"\xc0\x0c").is_none() && Name::read(b"\x3faaa\0").is_none());
        assert_eq!(Name::read(b"\0").map(|name| name.text().len()), Some(0));
        assert!(Name::read(&[63; 64].repeat(5)).is_none(), "longer than a name may be");
    }
}
