//! Errors that ICMP reports, summed up.

use crate::dissect::Dissection;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The number of TCP among IP protocols (IANA, protocol numbers).
const TCP: u8 = 6;

/// What somebody reported of the packets from one host to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// Who reports.
    pub reporter: IpAddr,
    /// Whether it is ICMPv6.
    pub is_ipv6: bool,
    /// The type of the message (IANA, ICMP parameters).
    pub kind: u8,
    /// Its code.
    pub code: u8,
    /// Who sent the packets that it is about.
    pub source: IpAddr,
    /// For whom they were.
    pub destination: IpAddr,
    /// Whether they are segments of TCP.
    pub is_tcp: bool,
    /// What it says beside that: an MTU.
    pub word: u32,
    /// How long the first packet is that it is about, header and all, in bytes.
    pub size: u32,
    /// The better way that a redirect tells: a router's address, or the destination's own where that is on the same link (RFC 1122 section 3.2.2.2,
    /// RFC 4861 section 4.5).
    pub better: Option<IpAddr>,
    /// How often.
    pub times: u64,
    /// The last frame of them.
    pub last: u64,
}

impl Report {
    /// Whether it says that a packet's time to live was up on its way.
    #[must_use]
    pub fn is_time_up(&self) -> bool {
        self.code == 0 && self.kind == if self.is_ipv6 { 3 } else { 11 }
    }

    /// Whether only who passes packets on reports it: that it knows no way, that a host does not answer on its network, or that a packet is too
    /// large for the next link (RFC 1812 section 5.2.7.1, RFC 4443 section 3).
    pub(super) fn is_of_a_router(&self) -> bool {
        let is_between = self.reporter != self.source && self.reporter != self.destination;
        is_between
            && match (self.is_ipv6, self.kind) {
                (false, 3) => matches!(self.code, 0 | 1 | 4 | 6 | 7 | 11 | 12),
                (true, 1) => matches!(self.code, 0 | 3),
                (true, 2) => true,
                _ => false,
            }
    }

    /// What the error in a frame reports; nothing where it has none.
    pub(super) fn of(bytes: &[u8], dissection: &Dissection) -> Option<Self> {
        let quoted = dissection.networks.iter().find(|network| network.quoted)?;
        let layer = dissection.layers.iter().find(|layer| matches!(layer.protocol.name, "icmp" | "icmpv6"))?;
        let message = bytes.get(layer.start..layer.end)?;
        let &[kind, code, _, _, a, b, c, d, ref rest @ ..] = message else { return None };
        let is_ipv6 = layer.protocol.name == "icmpv6";
        let better = match (is_ipv6, kind) {
            (false, 5) => Some(IpAddr::V4(Ipv4Addr::new(a, b, c, d))),
            (true, 137) => rest.first_chunk::<16>().map(|target| IpAddr::V6(Ipv6Addr::from(*target))),
            _ => None,
        };
        let header = dissection.layers.get(quoted.layer).and_then(|layer| bytes.get(layer.start..)).unwrap_or_default();
        let size = match header {
            [version, _, high, low, ..] if version >> 4 == 4 => u32::from(u16::from_be_bytes([*high, *low])),
            [_, _, _, _, high, low, ..] => u32::from(u16::from_be_bytes([*high, *low])) + 40,
            _ => 0,
        };
        Some(Self {
            size,
            reporter: dissection.network()?.source,
            is_ipv6,
            kind,
            code,
            source: quoted.source,
            destination: quoted.destination,
            is_tcp: quoted.protocol == TCP,
            word: u32::from_be_bytes([a, b, c, d]),
            better,
            times: 1,
            last: 0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dissect::testing::{bytes, dissect};
    use crate::frame::LinkType;

    #[test]
    fn a_redirect_tells_the_better_way() {
        // From 192.168.2.1 about an echo from 192.168.1.11 to 192.168.2.5: by 192.168.2.5 itself.
        let hexadecimal = "45000038 00000000 4001 0000 c0a80201 c0a8010b 05010000 c0a80205 \
                           4500001c 00010000 3f01 0000 c0a8010b c0a80205 08000000 00010001";
        let got = dissect(LinkType::IPV4, hexadecimal);
        let report = Report::of(&bytes(hexadecimal), &got.dissection).expect("a report");
        assert_eq!(report.better, Some(report.destination));
    }

    #[test]
    fn an_error_tells_who_reports_what_of_whom() {
        // Time exceeded from 10.1.1.25 about a datagram from 192.168.1.11 to 10.130.1.4.
        let hexadecimal = "45000038 00000000 4001 0000 0a010119 c0a8010b 0b000000 00000000 \
                           4500001c 00010000 0111 0000 c0a8010b 0a820104 9c408235 00080000";
        let got = dissect(LinkType::IPV4, hexadecimal);
        let report = Report::of(&bytes(hexadecimal), &got.dissection).expect("a report");
        assert!(report.is_time_up());
        assert_eq!(report.size, 28);
        assert_eq!(report.reporter, IpAddr::from([10, 1, 1, 25]));
        assert_eq!([report.source, report.destination], [IpAddr::from([192, 168, 1, 11]), IpAddr::from([10, 130, 1, 4])]);
        let plain = "4500001c 00010000 0111 0000 c0a8010b 0a820104 9c408235 00080000";
        assert_eq!(Report::of(&bytes(plain), &dissect(LinkType::IPV4, plain).dissection), None);
    }
}
