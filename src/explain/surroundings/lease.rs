//! DHCP as the lessons read it: what a server offers to a client, or grants it (RFC 2131, RFC 2132).

use std::net::Ipv4Addr;

/// What a DHCP server told a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The client's address.
    pub client: Ipv4Addr,
    /// The client's hardware address.
    pub card: [u8; 6],
    /// Whether it is granted, not only offered.
    pub granted: bool,
    /// How many of the address's first bits are the network's (option 1).
    pub mask_bits: Option<u8>,
    /// Its routers, the preferred one first (option 3).
    pub routers: Vec<Ipv4Addr>,
    /// Its name servers (option 6).
    pub name_servers: Vec<Ipv4Addr>,
    /// The domain that names are searched in (option 15).
    pub domain: Option<Box<[u8]>>,
    /// How long it may keep the address, in seconds (option 51).
    pub seconds: Option<u32>,
    /// The server (option 54).
    pub server: Option<Ipv4Addr>,
    /// The largest packet of the link, in bytes (option 26).
    pub mtu: Option<u16>,
    /// Whether a relay handed the message on: then the client is on another link.
    pub relayed: bool,
    /// The frame that says so.
    pub frame: u64,
}

/// Where options begin: behind the fixed fields and four bytes that say that these are DHCP's options (RFC 2131 3).
const OPTIONS: usize = 240;
const COOKIE: [u8; 4] = [99, 130, 83, 99];

impl Lease {
    /// Reads a server's offer or acknowledgement.
    pub(super) fn read(message: &[u8], frame: u64) -> Option<Self> {
        let &[2, 1, 6, _, ref fixed @ ..] = message.first_chunk::<OPTIONS>()? else { return None };
        if fixed.last_chunk::<4>()? != &COOKIE {
            return None;
        }
        let address = |at: usize| message.get(at..).and_then(|rest| rest.first_chunk::<4>()).map(|address| Ipv4Addr::from(*address));
        let (asked, given, relay) = (address(12)?, address(16)?, address(24)?);
        let mut lease = Self {
            client: if given.is_unspecified() { asked } else { given },
            card: *message.get(28..)?.first_chunk()?,
            granted: false,
            mask_bits: None,
            routers: Vec::new(),
            name_servers: Vec::new(),
            domain: None,
            seconds: None,
            server: None,
            mtu: None,
            relayed: !relay.is_unspecified(),
            frame,
        };
        let mut is_given = false;
        for (code, value) in (Options { rest: message.get(OPTIONS..)? }) {
            match (code, value) {
                (53, [kind]) => {
                    lease.granted = *kind == 5;
                    is_given = matches!(kind, 2 | 5);
                }
                (1, value) => lease.mask_bits = value.first_chunk().and_then(|mask| mask_bits(*mask)),
                (3, value) => lease.routers = addresses(value),
                (6, value) => lease.name_servers = addresses(value),
                (15, value) => lease.domain = Some(value.into()),
                (26, value) => lease.mtu = value.first_chunk().map(|mtu| u16::from_be_bytes(*mtu)),
                (51, value) => lease.seconds = value.first_chunk().map(|seconds| u32::from_be_bytes(*seconds)),
                (54, value) => lease.server = value.first_chunk().map(|server: &[u8; 4]| (*server).into()),
                _ => {}
            }
        }
        (is_given && !lease.client.is_unspecified()).then_some(lease)
    }
}

fn addresses(value: &[u8]) -> Vec<Ipv4Addr> {
    value.chunks_exact(4).filter_map(|one| one.first_chunk::<4>()).map(|one| Ipv4Addr::from(*one)).collect()
}

/// How many ones a mask begins with; `None` where ones follow zeros.
pub(super) fn mask_bits(mask: [u8; 4]) -> Option<u8> {
    let mask = u32::from_be_bytes(mask);
    (mask.leading_ones() + mask.trailing_zeros() == 32).then_some(())?;
    u8::try_from(mask.leading_ones()).ok()
}

/// The options: the code and the value of each.
struct Options<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Options<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.rest {
                [0, rest @ ..] => self.rest = rest,
                [255, ..] | [] | [_] => return None,
                [code, length, rest @ ..] => {
                    let value = rest.get(..usize::from(*length))?;
                    self.rest = rest.get(value.len()..)?;
                    return Some((*code, value));
                }
            }
        }
    }
}
