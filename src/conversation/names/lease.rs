//! Names of hosts from DHCP: a client says its name when it asks, and the server's consent says for which address.

use super::{NameSource, Names};
use crate::dissect::{Field, FieldSink, Span, Value, View};
use crate::limits::Limits;
use std::net::{IpAddr, Ipv4Addr};

/// The message with which a server consents (RFC 2132 section 9.6).
const ACKNOWLEDGE: u64 = 5;

/// Clients that asked for an address.
#[derive(Clone, Debug, Default)]
pub(super) struct Leases {
    /// The transaction of each and its name; when there is no more room the oldest makes place.
    waiting: Vec<(u64, Vec<u8>)>,
    next: usize,
    lease: Lease,
}

impl Leases {
    /// Learns what a message of DHCP shows.
    pub(super) fn observe(&mut self, view: View<'_>, frame: u64, names: &mut Names) {
        self.lease.clear();
        view.describe(&mut self.lease);
        let lease = &self.lease;
        if !lease.is_reply {
            if !lease.client.is_unspecified() {
                names.learn(lease.client, &lease.name, NameSource::Dhcp, Some(frame));
            } else if !lease.name.is_empty() && lease.name.len() <= Limits::LEASED_NAME {
                let (transaction, name) = (lease.transaction, lease.name.as_slice());
                let known = self.waiting.iter().position(|(waits, _)| *waits == transaction);
                let place = known.unwrap_or(self.next);
                if known.is_none() {
                    self.next = (self.next + 1) % Limits::LEASES_WAITING;
                }
                match self.waiting.get_mut(place) {
                    Some((waits, kept)) => {
                        *waits = transaction;
                        kept.clear();
                        kept.extend_from_slice(name);
                    }
                    None => self.waiting.push((transaction, name.to_vec())),
                }
            }
            return;
        }
        if lease.message != ACKNOWLEDGE {
            return;
        }
        let name = match self.waiting.iter().find(|(transaction, _)| *transaction == lease.transaction) {
            Some((_, name)) if lease.name.is_empty() => name,
            Some(_) | None => &lease.name,
        };
        names.learn(lease.yours, name, NameSource::Dhcp, Some(frame));
    }
}

/// What a message says.
#[derive(Clone, Debug)]
struct Lease {
    is_reply: bool,
    message: u64,
    transaction: u64,
    client: IpAddr,
    yours: IpAddr,
    name: Vec<u8>,
}

impl Default for Lease {
    fn default() -> Self {
        let nobody = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        Self { is_reply: false, message: 0, transaction: 0, client: nobody, yours: nobody, name: Vec::new() }
    }
}

impl Lease {
    fn clear(&mut self) {
        let mut name = std::mem::take(&mut self.name);
        name.clear();
        *self = Self { name, ..Self::default() };
    }
}

impl FieldSink for Lease {
    fn field(&mut self, field: &'static Field, _: Span, value: Value<'_>) {
        match (field.id, value) {
            ("dhcp.type", Value::Number(kind)) => self.is_reply = kind == 2,
            ("dhcp.option.dhcp", Value::Number(message)) => self.message = message,
            ("dhcp.id", Value::Number(transaction)) => self.transaction = transaction,
            ("dhcp.ip.client", Value::Ipv4(address)) => self.client = address.into(),
            ("dhcp.ip.your", Value::Ipv4(address)) => self.yours = address.into(),
            ("dhcp.option.hostname" | "dhcp.fqdn.name", Value::Text(name)) if self.name.is_empty() => self.name.extend_from_slice(name),
            _ => {}
        }
    }
}
