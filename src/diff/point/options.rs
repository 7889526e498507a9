//! The options of TCP, as far as they are compared.

use crate::diff::Digester;

/// What a SYN offers (RFC 9293 section 3.2, RFC 7323, RFC 2018).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SynOptions {
    /// The largest segment that its sender takes.
    pub maximum_segment_size: Option<u16>,
    /// How far windows are shifted.
    pub window_scale: Option<u8>,
    /// Whether selective acknowledgements are permitted.
    pub sack_permitted: bool,
    /// Whether timestamps are offered.
    pub timestamps: bool,
    /// What all other options hash to; 0 where there are none.
    pub others: u64,
    /// Whether the capture cut them: there may be more.
    pub is_cut: bool,
}

/// What is kept of the options of any segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Options {
    pub(super) syn: SynOptions,
    /// The sender's timestamp; 0 where there is none.
    pub(super) timestamp_value: u32,
    /// The timestamp that it answers; 0 where there is none.
    pub(super) timestamp_echo: u32,
    /// What all but timestamps hash to.
    pub(super) hashed: u32,
}

/// Reads a TCP header's options. What does not fit ends them.
pub(super) fn read(mut rest: &[u8], digester: &Digester) -> Options {
    let mut found = Options::default();
    let mut hashed = 0_u64;
    while let [kind, after @ ..] = rest {
        match (*kind, after) {
            (0, _) => break,
            (1, _) => rest = after,
            (kind, [length, ..]) => {
                let Some(value) = rest.get(2..usize::from(*length)) else { break };
                rest = rest.get(usize::from(*length)..).unwrap_or_default();
                let hash = || digester.of(value).value.wrapping_mul(2).wrapping_add(u64::from(kind) << 56);
                match (kind, value) {
                    (2, &[high, low]) => found.syn.maximum_segment_size = Some(u16::from_be_bytes([high, low])),
                    (3, &[shift]) => found.syn.window_scale = Some(shift),
                    (4, []) => found.syn.sack_permitted = true,
                    (8, &[a, b, c, d, ref echo @ ..]) => {
                        found.syn.timestamps = true;
                        found.timestamp_value = u32::from_be_bytes([a, b, c, d]);
                        found.timestamp_echo = echo.first_chunk().map_or(0, |echo| u32::from_be_bytes(*echo));
                        continue;
                    }
                    // In any order: a sum.
                    _ => found.syn.others = found.syn.others.wrapping_add(hash()),
                }
                hashed = hashed.wrapping_add(hash());
            }
            (_, []) => break,
        }
    }
    found.hashed = (hashed ^ hashed >> 32) as u32;
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_syn_offers_is_read_and_damage_ends_it() {
        let digester = Digester::new();
        let linux = [2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 9, 0, 0, 0, 0, 1, 3, 3, 7];
        let found = read(&linux, &digester);
        let syn = SynOptions {
            maximum_segment_size: Some(1460),
            window_scale: Some(7),
            sack_permitted: true,
            timestamps: true,
            ..SynOptions::default()
        };
        assert_eq!((found.syn, found.timestamp_value), (syn, 9));
        assert_eq!(read(&[2, 4, 5], &digester), Options::default());
        assert_eq!(read(&[2, 0, 5, 5], &digester), Options::default());
        assert_ne!(read(&[34, 3, 7], &digester).syn.others, 0);
    }

    #[test]
    fn timestamps_alone_do_not_change_what_the_others_hash_to() {
        let digester = Digester::new();
        let plain = read(&[1, 1, 8, 10, 0, 0, 0, 9, 0, 0, 0, 0], &digester);
        assert_eq!(plain.hashed, 0);
        assert_ne!(read(&[5, 10, 0, 0, 0, 1, 0, 0, 0, 2], &digester).hashed, 0);
    }
}
