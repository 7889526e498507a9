//! How often explanations had no room for something new.

/// Counts what a table of explanations had no room for, or forgot to have room again. What would have followed from it is not said, and that is
/// told at the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct NoRoom(u64);

impl NoRoom {
    /// Counts where there is no room; gives whether there is.
    #[inline]
    pub(super) fn room(&mut self, has_room: bool) -> bool {
        self.0 += u64::from(!has_room);
        has_room
    }

    /// So many were forgotten to have room again.
    pub(super) fn put_away(&mut self, many: usize) {
        self.0 += many as u64;
    }

    /// How many there were.
    pub(super) fn count(self) -> u64 {
        self.0
    }
}
