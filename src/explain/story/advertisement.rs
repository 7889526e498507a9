//! What a router tells everybody on its link (RFC 4861 section 4.2).

use crate::dissect::Dissection;
use crate::limits::Limits;
use ipnet::Ipv6Net;
use std::net::Ipv6Addr;

/// Options (RFC 4861 section 4.6, RFC 8106 section 5).
const PREFIX: u8 = 3;
const MTU: u8 = 5;
const NAME_SERVERS: u8 = 25;
const SEARCHED: u8 = 31;

/// What a router told of the network that it is on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advertisement {
    /// How often it told.
    pub times: u64,
    /// Whether it passes on what is for other networks: its lifetime as a default router is not 0.
    pub is_way_out: bool,
    /// The frame in which it said that it does so no longer.
    pub left: Option<u64>,
    /// The prefixes that addresses of the link begin with.
    pub prefixes: Vec<Ipv6Net>,
    /// The largest packet of the link, in bytes.
    pub mtu: Option<u32>,
    /// Whom to ask for names.
    pub name_servers: Vec<Ipv6Addr>,
    /// The domains in which a short name is looked up, in the written form of DNS.
    pub domains: Vec<Box<[u8]>>,
}

impl Advertisement {
    /// What the message in a frame tells.
    pub(super) fn read(bytes: &[u8], dissection: &Dissection) -> Option<Self> {
        let layer = dissection.layers.iter().find(|layer| layer.protocol.name == "icmpv6" && !layer.quoted)?;
        let message = bytes.get(layer.start..layer.end)?;
        let &[134, _, _, _, _, _, high, low, _, _, _, _, _, _, _, _, ref options @ ..] = message else { return None };
        let mut told = Self { is_way_out: [high, low] != [0, 0], ..Self::default() };
        let mut rest = options;
        while let &[kind, length, ..] = rest {
            let Some(option) = rest.get(2..usize::from(length) * 8) else { break };
            told.take(kind, option);
            rest = rest.get(usize::from(length) * 8..).unwrap_or_default();
        }
        Some(told)
    }

    fn take(&mut self, kind: u8, option: &[u8]) {
        match (kind, option) {
            // What is valid for no time at all is taken back, not given (RFC 4862 section 5.5.3, RFC 8106 section 5.1).
            (PREFIX, [_, _, 0, 0, 0, 0, ..]) | (NAME_SERVERS | SEARCHED, [_, _, 0, 0, 0, 0, ..]) => {}
            (PREFIX, [bits, _, rest @ ..]) => {
                let prefix = rest.get(12..).and_then(|prefix| prefix.first_chunk::<16>());
                let network = prefix.and_then(|prefix| Ipv6Net::new(Ipv6Addr::from(*prefix), *bits).ok());
                keep(&mut self.prefixes, network.map(|network| network.trunc()));
            }
            (MTU, [_, _, mtu @ ..]) => self.mtu = mtu.first_chunk().map(|mtu| u32::from_be_bytes(*mtu)),
            (NAME_SERVERS, [_, _, _, _, _, _, addresses @ ..]) => {
                for address in addresses.chunks_exact(16).filter_map(|address| address.first_chunk::<16>()) {
                    keep(&mut self.name_servers, Some(Ipv6Addr::from(*address)));
                }
            }
            (SEARCHED, [_, _, _, _, _, _, names @ ..]) => domains(names, |domain| keep(&mut self.domains, Some(domain))),
            _ => {}
        }
    }

    /// Takes over what a later message tells more.
    pub(super) fn add(&mut self, later: Self, frame: u64) {
        let Self { times: _, is_way_out, left: _, prefixes, mtu, name_servers, domains } = later;
        self.times += 1;
        if is_way_out {
            self.left = None;
        } else if self.is_way_out {
            self.left.get_or_insert(frame);
        }
        self.is_way_out |= is_way_out;
        self.mtu = mtu.or(self.mtu);
        prefixes.into_iter().for_each(|prefix| keep(&mut self.prefixes, Some(prefix)));
        name_servers.into_iter().for_each(|server| keep(&mut self.name_servers, Some(server)));
        domains.into_iter().for_each(|domain| keep(&mut self.domains, Some(domain)));
    }
}

fn keep<T: PartialEq>(things: &mut Vec<T>, new: Option<T>) {
    if let Some(new) = new.filter(|new| things.len() < Limits::STORY_ADVERTISED && !things.contains(new)) {
        things.push(new);
    }
}

/// Hands on each of the names, which end with an empty label and are filled up with zeros.
fn domains(mut names: &[u8], mut hand_on: impl FnMut(Box<[u8]>)) {
    let mut name: Vec<u8> = Vec::new();
    while let Some((&length, rest)) = names.split_first() {
        let Some((label, behind)) = rest.split_at_checked(usize::from(length)) else { return };
        names = behind;
        if !label.is_empty() {
            name.extend_from_slice(if name.is_empty() { b"" } else { b"." });
            name.extend_from_slice(label);
        } else if !name.is_empty() {
            hand_on(std::mem::take(&mut name).into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dissect::testing::{bytes, dissect};
    use crate::frame::LinkType;

    const HEAD: &str = "60000000 0088 3a ff fe800000000000000000000000000001 ff020000000000000000000000000001";
    const PREFIX: &str = "03 04 40 c0 00000e10 00000708 00000000 20010db8000a00010000000000000000";
    const SERVER: &str = "19 03 0000 00000258 20010db8000100010000000000000001";
    const DOMAINS: &str = "1f 04 0000 00000258 04 686f6d65 07 6578616d706c65 00 03 6c616e 00 000000000000";

    #[test]
    fn what_a_router_tells_of_names_and_sizes_is_read() {
        let message = format!("{HEAD} 86 00 0000 40 00 0708 00000000 00000000 {PREFIX} 05 01 0000 000005c8 {SERVER} {DOMAINS}");
        let told = Advertisement::read(&bytes(&message), &dissect(LinkType::IPV6, &message).dissection).expect("an advertisement");
        assert_eq!(told.prefixes, ["2001:db8:a:1::/64".parse::<Ipv6Net>().unwrap()]);
        assert_eq!((told.mtu, told.is_way_out), (Some(1480), true));
        assert_eq!(told.name_servers, ["2001:db8:1:1::1".parse::<Ipv6Addr>().unwrap()]);
        assert_eq!(told.domains, [Box::from(*b"home.example"), Box::from(*b"lan") as Box<[u8]>]);
        let mut both = told.clone();
        both.add(told.clone(), 2);
        assert_eq!(both, Advertisement { times: 1, ..told.clone() });
        both.add(Advertisement { is_way_out: false, ..told.clone() }, 3);
        assert_eq!((both.is_way_out, both.left), (true, Some(3)));
        both.add(told, 4);
        assert_eq!(both.left, None);
    }

    #[test]
    fn what_a_router_takes_back_is_not_in_use() {
        let told = |options: &str| {
            let message = format!(
                "60000000 0068 3a ff fe800000000000000000000000000001 ff020000000000000000000000000001 86 00 0000 40 00 0708 00000000 00000000 {options}"
            );
            Advertisement::read(&bytes(&message), &dissect(LinkType::IPV6, &message).dissection).expect("an advertisement")
        };
        let given = told(&format!("{PREFIX} {SERVER} {DOMAINS}"));
        assert_eq!((given.prefixes.len(), given.name_servers.len(), given.domains.len()), (1, 1, 2));
        let taken =
            told(&[PREFIX, SERVER, DOMAINS].map(|option| option.replace("00000e10", "00000000").replace("00000258", "00000000")).join(" "));
        assert_eq!((taken.prefixes.len(), taken.name_servers.len(), taken.domains.len()), (0, 0, 0));
    }

    #[test]
    fn a_name_that_is_cut_off_is_none() {
        let mut found = Vec::new();
        domains(b"\x04home\x00\x07exam", |name| found.push(name));
        assert_eq!(found, [Box::from(*b"home") as Box<[u8]>]);
    }
}
