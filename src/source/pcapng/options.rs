//! The options at a block's end.

use super::super::bytes::ByteOrder;
use crate::frame::Annotations;
use crate::limits::Limits;

/// Each option: its code and its bytes.
pub(super) fn walk(options: &[u8], order: ByteOrder) -> impl Iterator<Item = (u16, &[u8])> {
    Annotations { options, big_endian: order.is_big() }.options()
}

/// Whether there are more than are kept.
pub(super) fn are_many(options: &[u8], order: ByteOrder) -> bool {
    walk(options, order).nth(Limits::OPTIONS).is_some()
}

/// Whether every option is whole, up to the end mark or the end of the block.
pub(super) fn fit(options: &[u8], order: ByteOrder) -> bool {
    let mut rest = options;
    while let (Some(code), Some(length)) = (order.u16_at(rest, 0), order.u16_at(rest, 2)) {
        if code == 0 {
            return true;
        }
        let whole = 4 + usize::from(length);
        if rest.len() < whole {
            return false;
        }
        rest = rest.get(whole.next_multiple_of(4)..).unwrap_or_default();
    }
    rest.is_empty()
}
