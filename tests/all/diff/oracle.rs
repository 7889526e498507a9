//! What stands opposite what, seen with other eyes: by the bytes of packets, without what routers and translators write.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::path::Path;
use wirelore::source;

/// A packet as a router sees it.
pub(super) struct Seen {
    pub(super) frame: u64,
    /// Its bytes, but for the time to live, checksums, IPv4 addresses, ports, an echo's identifier and the MSS.
    pub(super) lasting: Vec<u8>,
    /// Who sent it and who is to get it: address, and port or identifier.
    pub(super) ends: [(IpAddr, u16); 2],
}

/// Every packet of a capture that is to be found elsewhere: of a fragmented one the last fragment stands for all.
pub(super) fn packets(path: &Path) -> Vec<Seen> {
    let mut source = source::open(path).expect("the capture opens");
    let (mut found, mut begun) = (Vec::new(), BTreeMap::new());
    while let Some(frame) = source.next_frame().expect("the capture can be read") {
        found.extend(seen(frame.number, frame.data, &mut begun));
    }
    found
}

fn number(bytes: &[u8], at: usize) -> u16 {
    u16::from_be_bytes([bytes[at], bytes[at + 1]])
}

/// `begun` are the identifiers of echoes whose first fragment came, by the identification that all fragments share.
fn seen(frame: u64, data: &[u8], begun: &mut BTreeMap<u16, [u16; 2]>) -> Option<Seen> {
    let mut lasting = data[14..].to_vec();
    let (header, protocol, addresses): (_, _, [IpAddr; 2]) = match number(data, 12) {
        0x0800 => {
            lasting.truncate(number(&lasting, 2).into());
            let (identification, fragment) = (number(&lasting, 4), number(&lasting, 6));
            if fragment & 0x2000 != 0 {
                if fragment & 0x1fff == 0 {
                    let identifier = number(&lasting, 24);
                    begun.insert(identification, if lasting[20] == 8 { [identifier, 0] } else { [0, identifier] });
                }
                return None;
            }
            let address = |at: usize| IpAddr::from(<[u8; 4]>::try_from(&lasting[at..at + 4]).expect("four bytes"));
            let addresses = [address(12), address(16)];
            lasting[8] = 0;
            lasting[10..20].fill(0);
            if fragment & 0x1fff != 0 {
                let [from, to] = begun[&identification];
                return Some(Seen { frame, ends: [(addresses[0], from), (addresses[1], to)], lasting });
            }
            (usize::from(lasting[0] & 0x0f) * 4, lasting[9], addresses)
        }
        0x86dd => {
            lasting.truncate(40 + usize::from(number(&lasting, 4)));
            let address = |at: usize| IpAddr::from(Ipv6Addr::from(<[u8; 16]>::try_from(&lasting[at..at + 16]).expect("sixteen bytes")));
            let addresses = [address(8), address(24)];
            lasting[7] = 0;
            (40, lasting[6], addresses)
        }
        _ => return None,
    };
    let [source, destination] = addresses;
    let transport = &mut lasting[header..];
    let mut ports = [0; 2];
    match protocol {
        6 => {
            ports = [number(transport, 0), number(transport, 2)];
            transport[..4].fill(0);
            transport[16..18].fill(0);
            if transport[13] & 2 != 0 {
                assert_eq!(transport[20..22], [2, 4], "Linux begins a SYN's options with the MSS");
                transport[22..24].fill(0);
            }
        }
        17 => {
            ports = [number(transport, 0), number(transport, 2)];
            transport[..4].fill(0);
            transport[6..8].fill(0);
        }
        1 => {
            // The identifier is that of the one who asks.
            ports = if transport[0] == 8 { [number(transport, 4), 0] } else { [0, number(transport, 4)] };
            transport[2..6].fill(0);
        }
        58 if (133..=137).contains(&transport[0]) => return None,
        _ => {}
    }
    Some(Seen { frame, ends: [(source, ports[0]), (destination, ports[1])], lasting })
}

/// Which packets are at two points.
#[derive(Default)]
pub(super) struct Opposites<'a> {
    /// Those at both, in the order of the left one.
    pub(super) pairs: Vec<[&'a Seen; 2]>,
    /// Those at one alone.
    pub(super) alone: [Vec<&'a Seen>; 2],
    /// Packets that are the same, of which one point has more: nothing but time tells which of them the others are.
    pub(super) unclear: Vec<[Vec<&'a Seen>; 2]>,
}

impl Opposites<'_> {
    /// Whether a frame is one of those that are the same.
    pub(super) fn is_unclear(&self, side: usize, frame: u64) -> bool {
        self.unclear.iter().any(|group| group[side].iter().any(|seen| seen.frame == frame))
    }
}

pub(super) fn opposite<'a>(left: &'a [Seen], right: &'a [Seen]) -> Opposites<'a> {
    let mut places: BTreeMap<&[u8], [Vec<&Seen>; 2]> = BTreeMap::new();
    for (side, list) in [left, right].into_iter().enumerate() {
        for seen in list {
            places.entry(&seen.lasting).or_default()[side].push(seen);
        }
    }
    let mut found = Opposites::default();
    for group in places.into_values() {
        let [left, right] = &group;
        if left.len() == right.len() {
            found.pairs.extend(left.iter().zip(right).map(|(left, right)| [*left, *right]));
        } else if left.is_empty() || right.is_empty() {
            found.alone[0].extend(left);
            found.alone[1].extend(right);
        } else {
            found.unclear.push(group);
        }
    }
    found.pairs.sort_by_key(|[left, _]| left.frame);
    found.alone.iter_mut().for_each(|list| list.sort_by_key(|seen| seen.frame));
    found
}
