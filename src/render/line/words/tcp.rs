//! A TCP segment: `SYN, seq 1000, win 64240, mss 1460, sack ok, wscale 7`.

use super::super::Subject;
use crate::dissect::transport::tcp::FLAGS;
use crate::dissect::transport::tcp::{ACK, SYN, URG};
use crate::render::number;

/// Appends the words of a segment that no application's protocol decodes.
pub(super) fn push(out: &mut Vec<u8>, subject: &Subject<'_>) {
    let Some((transport, tcp)) = subject.transport.and_then(|transport| Some((transport, transport.tcp?))) else {
        return;
    };
    push_flags(out, tcp.flags);
    out.extend_from_slice(b", seq ");
    number::push_decimal(out, u64::from(tcp.sequence));
    if transport.payload_length > 0 {
        out.push(b':');
        let length = u32::try_from(transport.payload_length).unwrap_or(u32::MAX);
        number::push_decimal(out, u64::from(tcp.sequence.wrapping_add(length)));
    }
    if tcp.flags & ACK != 0 {
        out.extend_from_slice(b", ack ");
        number::push_decimal(out, u64::from(tcp.acknowledgement));
    }
    out.extend_from_slice(b", win ");
    number::push_decimal(out, u64::from(tcp.window));
    let header = subject.view.header();
    if tcp.flags & URG != 0
        && let Some(&[high, low]) = header.get(18..20)
    {
        out.extend_from_slice(b", urgent to ");
        number::push_decimal(out, u64::from(u16::from_be_bytes([high, low])));
    }
    push_options(out, header.get(20..).unwrap_or_default(), tcp.flags & SYN != 0);
    if transport.payload_length > 0 {
        out.extend_from_slice(b", ");
        push_length(out, transport.payload_length);
    }
}

/// Appends a length with its unit.
pub(in crate::render) fn push_length(out: &mut Vec<u8>, length: usize) {
    number::push_decimal(out, length as u64);
    out.extend_from_slice(if length == 1 { b" byte" } else { b" bytes" });
}

/// Appends the names of the flags that are set.
pub(in crate::render) fn push_flags(out: &mut Vec<u8>, flags: u16) {
    // What nearly every segment of a capture has.
    match flags {
        0x010 => return out.extend_from_slice(b"ACK"),
        0x018 => return out.extend_from_slice(b"PSH, ACK"),
        0x000 => return out.extend_from_slice(b"no flags"),
        _ => {}
    }
    let mut separator: &[u8] = b"";
    for (mask, name) in FLAGS {
        if u64::from(flags) & mask != 0 {
            out.extend_from_slice(separator);
            out.extend_from_slice(name.as_bytes());
            separator = b", ";
        }
    }
}

/// Appends the options that tell something: those of a SYN, and blocks that arrived behind a hole.
fn push_options(out: &mut Vec<u8>, options: &[u8], synchronizes: bool) {
    if options.is_empty() || (!synchronizes && !options.contains(&5)) {
        return;
    }
    let mut rest = options;
    while let [kind, behind @ ..] = rest
        && *kind != 0
    {
        if *kind == 1 {
            rest = behind;
            continue;
        }
        let Some(value) = behind.first().and_then(|length| rest.get(2..usize::from(*length))) else { return };
        rest = rest.get(value.len() + 2..).unwrap_or_default();
        match (kind, value) {
            (2, &[high, low]) => push_pair(out, b", mss ", u64::from(u16::from_be_bytes([high, low]))),
            (3, &[shift]) => push_pair(out, b", wscale ", u64::from(shift)),
            (4, []) => out.extend_from_slice(b", sack ok"),
            (5, blocks) => {
                out.extend_from_slice(b", sack");
                for &[l0, l1, l2, l3, r0, r1, r2, r3] in blocks.as_chunks().0 {
                    push_pair(out, b" ", u64::from(u32::from_be_bytes([l0, l1, l2, l3])));
                    push_pair(out, b":", u64::from(u32::from_be_bytes([r0, r1, r2, r3])));
                }
            }
            (8, &[v0, v1, v2, v3, _, _, _, _]) if synchronizes => push_pair(out, b", ts ", u64::from(u32::from_be_bytes([v0, v1, v2, v3]))),
            _ => {}
        }
    }
}

fn push_pair(out: &mut Vec<u8>, name: &[u8], value: u64) {
    out.extend_from_slice(name);
    number::push_decimal(out, value);
}
