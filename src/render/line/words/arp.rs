//! ARP: `who has 192.168.1.1? tell 192.168.1.11`.

use super::super::Subject;
use crate::render::number;

const REVERSE_REQUEST: u8 = 3;
const REVERSE_REPLY: u8 = 4;

/// Appends the words of an ARP message over Ethernet for IPv4; its fields where it is about something else.
pub(super) fn push(out: &mut Vec<u8>, subject: &Subject<'_>) {
    let Some(&[0, 1, 8, 0, 6, 4, 0, operation, s0, s1, s2, s3, s4, s5, a0, a1, a2, a3, m0, m1, m2, m3, m4, m5, t0, t1, t2, t3]) =
        subject.view.bytes().first_chunk::<28>()
    else {
        return super::generic::push(out, subject);
    };
    let (sender, target) = ([a0, a1, a2, a3], [t0, t1, t2, t3]);
    match operation {
        1 if sender == target => {
            out.extend_from_slice(b"announces ");
            number::push_ipv4(out, sender);
            out.extend_from_slice(b" is at ");
            number::push_mac(out, [s0, s1, s2, s3, s4, s5]);
        }
        1 if sender == [0; 4] => {
            out.extend_from_slice(b"asks whether anybody has ");
            number::push_ipv4(out, target);
        }
        1 => {
            out.extend_from_slice(b"who has ");
            number::push_ipv4(out, target);
            out.extend_from_slice(b"? tell ");
            number::push_ipv4(out, sender);
        }
        2 => {
            number::push_ipv4(out, sender);
            out.extend_from_slice(b" is at ");
            number::push_mac(out, [s0, s1, s2, s3, s4, s5]);
        }
        // The reverse way (RFC 903): a host that knows its link address alone asks for its own, or for another's.
        REVERSE_REQUEST => {
            out.extend_from_slice(b"which address has ");
            number::push_mac(out, [m0, m1, m2, m3, m4, m5]);
            out.extend_from_slice(b"? tell ");
            number::push_mac(out, [s0, s1, s2, s3, s4, s5]);
        }
        REVERSE_REPLY => {
            number::push_mac(out, [m0, m1, m2, m3, m4, m5]);
            out.extend_from_slice(b" has ");
            number::push_ipv4(out, target);
        }
        _ => super::generic::push(out, subject),
    }
}
