//! DHCP: `Discover from 02:00:c0:a8:01:0b (h1)`, `Offer 192.168.1.142 to 02:00:c0:a8:01:0b, 3600 seconds`.

use super::super::Subject;
use crate::dissect::{Field, FieldSink, Span, Value};
use crate::render::{escape, number};

/// How much of a host's name a line shows.
const NAME_SHOWN: usize = 64;

/// Appends what is said, about which address, and to or from whom.
pub(super) fn push(out: &mut Vec<u8>, subject: &Subject<'_>) {
    let mut words = Words::default();
    subject.view.describe(&mut words);
    out.extend_from_slice(words.kind.as_bytes());
    let address = [words.your, words.requested, words.client].into_iter().find(|address| *address != [0; 4]);
    if let Some(address) = address {
        out.push(b' ');
        number::push_ipv4(out, address);
    }
    if let Some(link) = words.link {
        out.extend_from_slice(if words.reply { b" to " } else { b" from " });
        number::push_mac(out, link);
    }
    if words.name_length > 0 {
        out.extend_from_slice(b" (");
        escape::push_text_cut(out, words.name.get(..words.name_length).unwrap_or_default(), NAME_SHOWN);
        out.push(b')');
    }
    if let Some(lease) = words.lease.filter(|_| words.reply) {
        out.extend_from_slice(b", ");
        number::push_decimal(out, lease);
        out.extend_from_slice(b" seconds");
    }
}

struct Words {
    kind: &'static str,
    reply: bool,
    your: [u8; 4],
    client: [u8; 4],
    requested: [u8; 4],
    link: Option<[u8; 6]>,
    lease: Option<u64>,
    name: [u8; NAME_SHOWN],
    name_length: usize,
}

impl Default for Words {
    fn default() -> Self {
        Self {
            kind: "message",
            reply: false,
            your: [0; 4],
            client: [0; 4],
            requested: [0; 4],
            link: None,
            lease: None,
            name: [0; NAME_SHOWN],
            name_length: 0,
        }
    }
}

impl FieldSink for Words {
    fn field(&mut self, field: &'static Field, _: Span, value: Value<'_>) {
        match (field.id, value) {
            ("dhcp.type", Value::Number(operation)) => {
                self.reply = operation == 2;
                self.kind = field.name_of(operation).unwrap_or(self.kind);
            }
            ("dhcp.option.dhcp", Value::Number(kind)) => self.kind = field.name_of(kind).unwrap_or(self.kind),
            ("dhcp.ip.your", Value::Ipv4(address)) => self.your = address,
            ("dhcp.ip.client", Value::Ipv4(address)) => self.client = address,
            ("dhcp.option.requested_ip_address", Value::Ipv4(address)) => self.requested = address,
            ("dhcp.hw.mac_addr", Value::Mac(address)) => self.link = self.link.or(Some(address)),
            ("dhcp.option.ip_address_lease_time", Value::Number(seconds)) => self.lease = Some(seconds),
            ("dhcp.option.hostname", Value::Text(name)) => {
                self.name_length = name.len().min(NAME_SHOWN);
                self.name.iter_mut().zip(name).for_each(|(place, byte)| *place = *byte);
            }
            _ => {}
        }
    }
}
