//! Addresses that answers gave, and who may go to them.

use super::Learned;
use crate::explain::room::NoRoom;
use crate::frame::Timestamp;
use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::net::IpAddr;

/// How long after its time to live an address is still as good as fresh: nanoseconds. Programs look up first and connect then.
const GRACE: i64 = 1_000_000_000;

/// Who asked: by address, or by hardware address, because who asks over IPv4 may go to an IPv6 address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Who {
    Address(IpAddr),
    Link([u8; 6]),
}

/// An address that an answer gave.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub(super) address: IpAddr,
    pub(super) seconds: u32,
    pub(super) name: Box<[u8]>,
    pub(super) server: IpAddr,
    pub(super) asker: IpAddr,
    /// The frame that asked, where it is in the capture, and the one that answered.
    pub(super) frames: [Option<u64>; 2],
    pub(super) time: Timestamp,
}

impl Given {
    /// What is said when somebody uses it; `shared`: whether other names were answered with the same address.
    pub(super) fn used(&self, client: IpAddr, now: Timestamp, shared: bool) -> Option<Learned> {
        Some(Learned {
            client,
            address: self.address,
            server: self.server,
            name: self.name.clone(),
            shared,
            seconds: self.seconds,
            age: Some(now.since(self.time)).filter(|age| *age >= 0)?,
        })
    }
}

impl Learned {
    /// Whether the address could be kept no longer.
    pub(super) fn is_expired(&self) -> bool {
        self.age > i64::from(self.seconds) * 1_000_000_000 + GRACE
    }
}

/// All that answers gave.
#[derive(Debug, Default)]
pub(super) struct Addresses {
    /// For each of the names that have an address, in the order in which they were answered last.
    given: HashMap<(Who, IpAddr), Vec<Given>, RandomState>,
    /// Which address of each family a hardware address asks from; `None` where there are several: it is a router's.
    links: HashMap<([u8; 6], bool), Option<IpAddr>, RandomState>,
    forgotten: NoRoom,
}

impl Addresses {
    /// How often there was no room for more.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten.count()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.given.is_empty()
    }

    /// An answer gave it; `link` is the hardware address that the answer went to.
    pub(super) fn learn(&mut self, given: &Given, link: Option<[u8; 6]>) {
        if self.given.len() + 2 > Limits::ADDRESSES_LEARNED {
            self.forgotten.put_away(self.given.len());
            self.given.clear();
            self.links.clear();
        }
        self.insert(Who::Address(given.asker), given);
        let Some(link) = link else { return };
        let of_link = self.links.entry((link, given.asker.is_ipv6())).or_insert(Some(given.asker));
        if *of_link == Some(given.asker) {
            self.insert(Who::Link(link), given);
        } else {
            *of_link = None;
        }
    }

    fn insert(&mut self, who: Who, given: &Given) {
        let all = self.given.entry((who, given.address)).or_default();
        all.retain(|before| !before.name.eq_ignore_ascii_case(&given.name));
        if all.len() >= Limits::NAMES_OF_ANSWERS {
            all.remove(0);
        }
        all.push(given.clone());
    }

    /// What gave an address to somebody who goes to it: of several names the one that was answered last is the last.
    pub(super) fn of(&self, client: IpAddr, link: Option<[u8; 6]>, address: IpAddr) -> &[Given] {
        let direct = self.given.get(&(Who::Address(client), address));
        let given = direct.or_else(|| {
            let link = link.filter(|link| [false, true].iter().all(|ipv6| self.links.get(&(*link, *ipv6)) != Some(&None)))?;
            // Of one family: the question came from this very address, or from somebody else.
            let of_link = self.given.get(&(Who::Link(link), address));
            of_link.filter(|given| given.last().is_some_and(|given| given.asker.is_ipv4() != client.is_ipv4()))
        });
        given.map(Vec::as_slice).unwrap_or_default()
    }
}
