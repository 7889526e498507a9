//! A reader that goes on where the operating system only asks for patience.

use std::io::{self, Read};
use std::time::Duration;

/// How long to wait for a descriptor that somebody left non-blocking.
const PAUSE: Duration = Duration::from_millis(2);

/// Repeats a reading that was interrupted or had nothing yet: whoever reads sees bytes, the end, or a failure.
pub(super) struct Patient<R>(pub(super) R);

impl<R: Read> Read for Patient<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.0.read(room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => std::thread::sleep(PAUSE),
                done => return done,
            }
        }
    }
}
