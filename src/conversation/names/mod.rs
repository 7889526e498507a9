//! What addresses are called, by what the capture shows: never by asking anybody.

mod host_name;
mod lease;
mod meant;
mod reverse;
mod said;
mod watch;

pub use meant::{Between, Called};
pub use reverse::address as address_of_reverse;
pub(crate) use said::without_port;
pub use watch::{NameWatch, learn_message};

use crate::reassembly::Limits;
use crate::source::NameRecord;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::net::IpAddr;

/// What gave a name to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameSource {
    /// The capture itself: a pcapng name resolution block.
    Capture,
    /// An answer of DNS: the name that was asked for, whatever aliases lay between.
    Dns,
    /// An answer of DNS to a question about the address.
    ReverseDns,
    /// Multicast DNS: a host said its own name.
    MulticastDns,
    /// Link-local multicast name resolution: a host answered to its name.
    LinkLocal,
    /// The NetBIOS name service.
    NetBios,
    /// The server name that a client sent in its TLS hello.
    ServerName,
    /// The Host field of an HTTP request.
    HttpHost,
    /// The host name that a client told the DHCP server, or was told by it.
    Dhcp,
}

/// A name of an address, and where it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The name: letters, digits, dots, dashes and underscores.
    pub name: Box<str>,
    /// What gave it.
    pub source: NameSource,
    /// The frame that shows it; `None` where the capture itself says so.
    pub frame: Option<u64>,
}

/// An address that has names.
#[derive(Clone, Debug)]
pub struct Known {
    /// The address.
    pub address: IpAddr,
    /// Its first name, the one that is shown where nothing shows that another is meant.
    first: Evidence,
    others: Vec<Evidence>,
}

impl Known {
    /// The name that was found first: the one that is shown where nothing shows that another is meant.
    #[must_use]
    pub fn first(&self) -> &Evidence {
        &self.first
    }

    /// Every name, as they were found.
    pub fn all(&self) -> impl Iterator<Item = &Evidence> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

/// What keeping a name costs beside its bytes: its places in the tables and the allocator's own.
const EVIDENCE_COST: usize = 96;

/// The names of addresses. What is found first is what an address is called from then on; what is found later is kept beside it. Where two ends
/// are told of who speak, an address of several names is called by the one that is meant there ([`Names::turn_to`]).
///
/// ```
/// use wirelore::conversation::{NameSource, Names};
/// let mut names = Names::default();
/// let address = [10, 130, 1, 4].into();
/// names.learn(address, b"www.example.com", NameSource::Dns, Some(2));
/// names.learn(address, b"api.example.com", NameSource::ServerName, Some(9));
/// let known = names.known(address).expect("a name");
/// assert_eq!((&*known.first().name, known.all().count()), ("www.example.com", 2));
/// ```
#[derive(Clone, Debug)]
pub struct Names {
    places: HashMap<IpAddr, usize, RandomState>,
    known: Vec<Known>,
    meant: meant::Meant,
    /// Between whom is told at the moment.
    between: Option<Between>,
    addresses_limit: usize,
    bytes_limit: usize,
    bytes: usize,
    left_out: u64,
    records_taken: usize,
}

impl Default for Names {
    fn default() -> Self {
        Self::new(&Limits::default())
    }
}

impl Names {
    /// A table without names.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self {
            places: HashMap::default(),
            known: Vec::new(),
            meant: meant::Meant::default(),
            between: None,
            addresses_limit: limits.named_addresses,
            bytes_limit: limits.name_bytes,
            bytes: 0,
            left_out: 0,
            records_taken: 0,
        }
    }

    /// Takes a name for an address. What is no name of a host (an address, an empty name, one with other characters) is not taken, and
    /// neither is a name for an address that is nobody's.
    pub fn learn(&mut self, address: IpAddr, name: &[u8], source: NameSource, frame: Option<u64>) {
        if !is_somebodys(address, source) {
            return;
        }
        let Some(name) = host_name::from_bytes(name) else { return };
        let place = self.places.get(&address).copied();
        let known = place.and_then(|place| self.known.get_mut(place));
        if known.as_ref().is_some_and(|known| known.all().any(|evidence| evidence.name.eq_ignore_ascii_case(name))) {
            return;
        }
        let cost = name.len() + EVIDENCE_COST;
        let full = match &known {
            Some(known) => known.others.len() + 1 >= Limits::NAMES_OF_ADDRESS,
            None => self.places.len() >= self.addresses_limit,
        };
        if full || self.bytes + cost > self.bytes_limit {
            self.left_out += 1;
            return;
        }
        self.bytes += cost;
        let evidence = Evidence { name: host_name::written(name, source), source, frame };
        match known {
            Some(known) => known.others.push(evidence),
            None => {
                self.places.insert(address, self.known.len());
                self.known.push(Known { address, first: evidence, others: Vec::new() });
            }
        }
    }

    /// Takes the names that the capture itself gave since it was last asked: `records` are all that it gave so far.
    pub fn learn_records(&mut self, records: &[NameRecord]) {
        for record in records.get(self.records_taken..).unwrap_or_default() {
            self.learn(record.address, &record.name, NameSource::Capture, None);
        }
        self.records_taken = records.len();
    }

    /// What is known of an address; `None` where it has no name.
    #[must_use]
    pub fn known(&self, address: IpAddr) -> Option<&Known> {
        self.known.get(self.place(address)?)
    }

    /// The place of an address in [`Names::iter`]; it never changes.
    #[inline]
    #[must_use]
    pub fn place(&self, address: IpAddr) -> Option<usize> {
        if self.places.is_empty() { None } else { self.places.get(&address).copied() }
    }

    /// What is known of the address at a place.
    #[must_use]
    pub fn at(&self, place: usize) -> Option<&Known> {
        self.known.get(place)
    }

    /// Every address that has a name, in the order in which they got one.
    pub fn iter(&self) -> impl Iterator<Item = &Known> {
        self.known.iter()
    }

    /// How many addresses have a name.
    #[must_use]
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether no address has a name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// How many names were left out because a limit was reached.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        self.left_out
    }
}

/// Whether a name can be that of an address: one of a single host. Answers with the unspecified address or the loopback are how blocklists
/// say no; but what the capture itself says is not doubted.
fn is_somebodys(address: IpAddr, source: NameSource) -> bool {
    if source == NameSource::Capture {
        return true;
    }
    let broadcast = matches!(address, IpAddr::V4(address) if address.is_broadcast());
    !(address.is_unspecified() || address.is_multicast() || broadcast || address.is_loopback() && is_said_by_others(source))
}

/// Whether somebody says it of another: a hello and a request go to the address itself.
fn is_said_by_others(source: NameSource) -> bool {
    match source {
        NameSource::Dns | NameSource::ReverseDns | NameSource::MulticastDns | NameSource::LinkLocal | NameSource::NetBios => true,
        NameSource::Capture | NameSource::ServerName | NameSource::HttpHost | NameSource::Dhcp => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        [192, 0, 2, last].into()
    }

    fn shown(names: &Names, last: u8) -> Option<&str> {
        names.known(address(last)).map(|known| &*known.first().name)
    }

    #[test]
    fn the_first_name_stays_and_others_are_kept_beside_it_once() {
        let mut names = Names::default();
        names.learn(address(1), b"WWW.example.com.", NameSource::Dns, Some(1));
        names.learn(address(1), b"www.Example.com", NameSource::HttpHost, Some(2));
        names.learn(address(1), b"h1", NameSource::Dhcp, Some(3));
        let known = names.known(address(1)).unwrap();
        assert_eq!(known.first(), &Evidence { name: "www.example.com".into(), source: NameSource::Dns, frame: Some(1) });
        assert_eq!(known.all().map(|evidence| &*evidence.name).collect::<Vec<_>>(), ["www.example.com", "h1"]);
        assert_eq!((names.place(address(1)), names.place(address(2)), names.left_out()), (Some(0), None, 0));
    }

    #[test]
    fn addresses_of_nobody_get_no_name_unless_the_capture_says_so() {
        let mut names = Names::default();
        for address in ["0.0.0.0", "224.0.0.251", "255.255.255.255", "::", "ff02::fb", "127.0.0.1", "::1"] {
            names.learn(address.parse().unwrap(), b"ads.example.com", NameSource::Dns, Some(1));
        }
        assert!(names.is_empty());
        names.learn("::1".parse().unwrap(), b"localhost", NameSource::HttpHost, Some(1));
        names.learn("224.0.0.251".parse().unwrap(), b"mdns.example.com", NameSource::Capture, None);
        assert_eq!(names.len(), 2);
    }

    #[test]
    fn what_the_capture_says_is_taken_once() {
        let mut records = vec![NameRecord { address: address(1), name: b"h1".to_vec() }];
        let mut names = Names::default();
        names.learn_records(&records);
        records.push(NameRecord { address: address(2), name: b"h2".to_vec() });
        names.learn_records(&records);
        names.learn_records(&records);
        assert_eq!((shown(&names, 1), shown(&names, 2), names.len()), (Some("h1"), Some("h2"), 2));
    }

    #[test]
    fn the_table_has_a_limit_and_counts_what_it_leaves_out() {
        let mut names = Names::new(&Limits { named_addresses: 2, name_bytes: 1_000_000, ..Limits::default() });
        for last in 1..=3 {
            names.learn(address(last), b"a.example", NameSource::Dns, None);
        }
        assert_eq!((names.len(), names.left_out()), (2, 1));
        for number in 0..Limits::NAMES_OF_ADDRESS {
            names.learn(address(1), &[b'b', b'a' + number as u8], NameSource::HttpHost, None);
        }
        assert_eq!((names.known(address(1)).unwrap().all().count(), names.left_out()), (Limits::NAMES_OF_ADDRESS, 2));
        let mut names = Names::new(&Limits { name_bytes: 150, ..Limits::default() });
        names.learn(address(1), b"a", NameSource::Dns, None);
        names.learn(address(2), b"a", NameSource::Dns, None);
        assert_eq!((names.len(), names.left_out()), (1, 1));
    }
}
