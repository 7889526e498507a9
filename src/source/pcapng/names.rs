//! Name resolution blocks: the names that a capture itself gives to addresses.

use super::super::NameRecord;
use super::super::bytes::ByteOrder;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Reads a name resolution block's body, to its end mark or to the first record that does not fit.
pub(super) fn records(body: &[u8], order: ByteOrder) -> impl Iterator<Item = NameRecord> {
    let mut rest = body;
    std::iter::from_fn(move || {
        let kind = order.u16_at(rest, 0).filter(|kind| *kind != 0)?;
        let length = usize::from(order.u16_at(rest, 2)?);
        let value = rest.get(4..)?.get(..length)?;
        rest = rest.get(length.next_multiple_of(4).saturating_add(4)..).unwrap_or_default();
        Some((kind, value))
    })
    .filter_map(|(kind, value)| match kind {
        1 => value.split_first_chunk::<4>().map(|(address, names)| (IpAddr::V4(Ipv4Addr::from(*address)), names)),
        2 => value.split_first_chunk::<16>().map(|(address, names)| (IpAddr::V6(Ipv6Addr::from(*address)), names)),
        _ => None,
    })
    .flat_map(|(address, names)| {
        names.split(|byte| *byte == 0).filter(|name| !name.is_empty()).map(move |name| NameRecord { address, name: name.to_vec() })
    })
}
