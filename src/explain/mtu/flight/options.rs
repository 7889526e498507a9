//! What the options of a TCP header say of sizes, and of what arrived.

/// The options of a TCP header, one by one: the kind and what follows its length.
fn options(mut rest: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    std::iter::from_fn(move || {
        loop {
            match *rest {
                [] | [0, ..] => return None,
                [1, ..] => rest = rest.get(1..)?,
                [kind, length, ..] => {
                    let option = rest.get(2..usize::from(length))?;
                    rest = rest.get(usize::from(length)..)?;
                    return Some((kind, option));
                }
                [_] => return None,
            }
        }
    })
}

/// The largest segment that a SYN says its sender takes (RFC 9293 section 3.7.1).
pub(in crate::explain::mtu) fn segment_size(of: &[u8]) -> Option<u16> {
    options(of).find(|(kind, _)| *kind == 2).and_then(|(_, value)| value.try_into().ok()).map(u16::from_be_bytes)
}

/// Whether there are such blocks.
pub(super) fn has_blocks(of: &[u8]) -> bool {
    match of {
        // Nothing, or the timestamps that most segments carry, alone (RFC 7323 section 3.2).
        [] | [1, 1, 8, 10, _, _, _, _, _, _, _, _] => false,
        _ => blocks(of).next().is_some(),
    }
}

/// The blocks of bytes that arrived behind a hole (RFC 2018).
pub(super) fn blocks(of: &[u8]) -> impl Iterator<Item = [u32; 2]> {
    let lists = options(of).filter(|(kind, _)| *kind == 5).map(|(_, blocks)| blocks);
    lists
        .flat_map(|list| list.as_chunks::<8>().0)
        .map(|&[a, b, c, d, e, f, g, h]| [u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h])])
}
