//! Who was given a block of link addresses: the IEEE's public registries, in a table that is searched where it lies.
//!
//! `tests/record/vendors.py` makes the table and describes its layout.

static TABLE: &[u8] = include_bytes!("vendors.bin");

/// The table taken apart. Every part is empty where the table is not whole.
#[derive(Clone, Copy)]
struct Vendors {
    day: &'static [u8],
    offsets: &'static [[u8; 3]],
    names: &'static [u8],
    large: &'static [[u8; 5]],
    medium: &'static [[u8; 6]],
    small: &'static [[u8; 7]],
}

/// Who was given a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vendor {
    /// The organization's name, as it is registered.
    pub name: &'static str,
    /// How many bits of the address are the block's: 24, 28 or 36.
    pub bits: u8,
}

/// The owner of the longest block that holds an address.
#[must_use]
pub fn vendor(address: [u8; 6]) -> Option<Vendor> {
    let table = Vendors::read()?;
    let [a, b, c, d, e, _] = address;
    let found = table.find(table.small, [a, b, c, d, e & 0xf0], 36);
    found.or_else(|| table.find(table.medium, [a, b, c, d & 0xf0], 28)).or_else(|| table.find(table.large, [a, b, c], 24))
}

/// The day of the registries: `YYYYMMDD`.
#[must_use]
pub fn day() -> &'static [u8] {
    Vendors::read().map_or(&[], |table| table.day)
}

impl Vendors {
    fn read() -> Option<Self> {
        let (day, rest) = TABLE.split_at_checked(8)?;
        let (counts, rest) = rest.split_at_checked(16)?;
        let [names, large, medium, small] = *counts.as_chunks::<4>().0 else { return None };
        let count = |bytes: [u8; 4]| u32::from_be_bytes(bytes) as usize;
        let (offsets, rest) = rest.split_at_checked(3 * (count(names) + 1))?;
        let offsets = offsets.as_chunks::<3>().0;
        let (names, rest) = rest.split_at_checked(number(*offsets.last()?))?;
        let (large, rest) = rest.split_at_checked(5 * count(large))?;
        let (medium, rest) = rest.split_at_checked(6 * count(medium))?;
        let small = rest.get(..7 * count(small))?;
        let (large, medium, small) = (large.as_chunks().0, medium.as_chunks().0, small.as_chunks().0);
        Some(Self { day, offsets, names, large, medium, small })
    }

    /// Searches blocks of `P` bytes of prefix and two of a name's number.
    fn find<const P: usize, const N: usize>(&self, blocks: &[[u8; N]], prefix: [u8; P], bits: u8) -> Option<Vendor> {
        let place = blocks.binary_search_by(|block| block[..P].cmp(&prefix)).ok()?;
        let owner = usize::from(u16::from_be_bytes(*blocks.get(place)?.last_chunk()?));
        let (start, end) = (number(*self.offsets.get(owner)?), number(*self.offsets.get(owner + 1)?));
        Some(Vendor { name: str::from_utf8(self.names.get(start..end)?).ok()?, bits })
    }
}

fn number([high, middle, low]: [u8; 3]) -> usize {
    usize::from(high) << 16 | usize::from(middle) << 8 | usize::from(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(address: [u8; 6]) -> Option<(&'static str, u8)> {
        vendor(address).map(|vendor| (vendor.name, vendor.bits))
    }

    #[test]
    fn the_longest_block_names_its_owner() {
        assert_eq!(name([0x00, 0x50, 0x56, 1, 2, 3]), Some(("VMware, Inc.", 24)));
        assert_eq!(name([0x00, 0x00, 0x5e, 0, 1, 7]), Some(("ICANN, IANA Department", 24)));
        assert_eq!(name([0x70, 0xb3, 0xd5, 0xf2, 0xf1, 0]), Some(("TELEPLATFORMS", 36)));
        assert_eq!(name([0x20, 0x85, 0x93, 0xb7, 1, 2]), Some(("IOG Products LLC", 28)));
        assert_eq!(name([0x00, 0x50, 0xc2, 0x7d, 0x5a, 0]), Some(("DEUTA-WERKE GmbH", 36)));
        assert_eq!(name([0x20, 0x85, 0x93, 0xf7, 1, 2]), Some(("IEEE Registration Authority", 24)));
        assert_eq!(name([0xfe, 0xff, 0xff, 1, 2, 3]), None);
    }

    #[test]
    fn every_block_is_found_and_has_a_name() {
        let table = Vendors::read().expect("the table is whole");
        assert!(table.large.is_sorted() && table.medium.is_sorted() && table.small.is_sorted());
        assert!(table.large.len() > 30_000 && table.medium.len() > 4_000 && table.small.len() > 9_000);
        for [a, b, c, ..] in table.large {
            assert!(vendor([*a, *b, *c, 0xff, 0xff, 0xff]).is_some_and(|vendor| !vendor.name.is_empty()));
        }
        for [a, b, c, d, ..] in table.medium {
            assert!(vendor([*a, *b, *c, d | 7, 1, 1]).is_some_and(|vendor| vendor.bits == 28));
        }
        for [a, b, c, d, e, ..] in table.small {
            assert!(vendor([*a, *b, *c, *d, e | 9, 1]).is_some_and(|vendor| vendor.bits == 36));
        }
        assert_eq!(day().len(), 8);
    }
}
