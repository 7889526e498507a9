//! The system calls that no safe wrapper has: options and addresses of packet sockets, and the memory that the kernel shares with them.
#![expect(
    unsafe_code,
    reason = "a memory-mapped ring and packet socket addresses have no safe interface; every unsafe line of wirelore is here"
)]

use crate::source::live::Instruction;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering};

/// Sets an option of a socket. `value` is what the kernel reads: a number or a structure in the machine's byte order.
///
/// # Errors
/// The kernel refused.
pub(super) fn set_option(socket: BorrowedFd<'_>, level: i32, name: i32, value: &[u8]) -> io::Result<()> {
    // SAFETY: the kernel reads `value.len()` bytes from where `value` stands, and keeps nothing of it.
    let done = unsafe { libc::setsockopt(socket.as_raw_fd(), level, name, value.as_ptr().cast(), value.len() as libc::socklen_t) };
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Reads an option of a socket into `value`; returns how many bytes of it the kernel wrote.
///
/// # Errors
/// The kernel refused.
pub(super) fn option(socket: BorrowedFd<'_>, level: i32, name: i32, value: &mut [u8]) -> io::Result<usize> {
    let mut length = value.len() as libc::socklen_t;
    // SAFETY: the kernel writes at most `length` bytes to where `value` stands.
    let done = unsafe { libc::getsockopt(socket.as_raw_fd(), level, name, value.as_mut_ptr().cast(), &raw mut length) };
    if done == 0 { Ok(length as usize) } else { Err(io::Error::last_os_error()) }
}

/// Has the kernel ask this program of every frame (socket(7), `SO_ATTACH_FILTER`).
///
/// # Errors
/// The kernel refused the program.
pub(super) fn attach_filter(socket: BorrowedFd<'_>, program: &[Instruction]) -> io::Result<()> {
    let mut instructions: Vec<libc::sock_filter> =
        program.iter().map(|one| libc::sock_filter { code: one.code, jt: one.jump_true, jf: one.jump_false, k: one.value }).collect();
    let length = u16::try_from(instructions.len()).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
    let program = libc::sock_fprog { len: length, filter: instructions.as_mut_ptr() };
    // SAFETY: the kernel reads the structure and as many instructions as it says, which both live until the call returns.
    let done = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_ATTACH_FILTER,
            (&raw const program).cast(),
            size_of::<libc::sock_fprog>() as libc::socklen_t,
        )
    };
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Ties a packet socket to an interface (0: to all), without receiving from it yet: of protocol 0 there are no frames.
///
/// # Errors
/// The kernel refused.
pub(super) fn bind(socket: BorrowedFd<'_>, interface: u32, protocol: u16) -> io::Result<()> {
    // SAFETY: `sockaddr_ll` is numbers only, for which zero is a value.
    let mut address: libc::sockaddr_ll = unsafe { std::mem::zeroed() };
    address.sll_family = libc::AF_PACKET as u16;
    address.sll_protocol = protocol.to_be();
    address.sll_ifindex = i32::try_from(interface).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
    // SAFETY: the kernel reads a `sockaddr_ll` from where one stands.
    let done = unsafe { libc::bind(socket.as_raw_fd(), (&raw const address).cast(), size_of::<libc::sockaddr_ll>() as libc::socklen_t) };
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// The kind of hardware (`ARPHRD_`) of the interface that a packet socket is tied to.
///
/// # Errors
/// The kernel refused.
pub(super) fn hardware(socket: BorrowedFd<'_>) -> io::Result<u16> {
    // SAFETY: as in `bind`.
    let mut address: libc::sockaddr_ll = unsafe { std::mem::zeroed() };
    let mut length = size_of::<libc::sockaddr_ll>() as libc::socklen_t;
    // SAFETY: the kernel writes at most `length` bytes to where a `sockaddr_ll` stands.
    let done = unsafe { libc::getsockname(socket.as_raw_fd(), (&raw mut address).cast(), &raw mut length) };
    if done == 0 { Ok(address.sll_hatype) } else { Err(io::Error::last_os_error()) }
}

/// Blocks of memory that the kernel fills in turn, each the kernel's or ours.
#[derive(Debug)]
pub(super) struct Blocks {
    start: NonNull<u8>,
    size: usize,
    count: usize,
}

/// Where in a block its state stands (`tpacket_block_desc`).
const STATUS: usize = 8;

// SAFETY: the memory is not tied to a thread, and `&Blocks` only reads blocks that the kernel has given away.
unsafe impl Send for Blocks {}

impl Blocks {
    /// Maps the ring of a socket: `count` blocks of `size` bytes, as they were asked for with `PACKET_RX_RING`.
    ///
    /// # Errors
    /// The kernel refused.
    pub(super) fn map(socket: BorrowedFd<'_>, size: usize, count: usize) -> io::Result<Self> {
        let length = size.checked_mul(count).ok_or(io::ErrorKind::InvalidInput)?;
        // SAFETY: a new mapping at an address of the kernel's choice touches no memory that is in use.
        let start = unsafe {
            libc::mmap(std::ptr::null_mut(), length, libc::PROT_READ | libc::PROT_WRITE, libc::MAP_SHARED, socket.as_raw_fd(), 0)
        };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        NonNull::new(start.cast()).map(|start| Self { start, size, count }).ok_or_else(|| io::ErrorKind::OutOfMemory.into())
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Where a block begins. Asked several times of every frame: a place that is none is the first, which costs less than a division.
    fn start_of(&self, place: usize) -> usize {
        if place < self.count { place.saturating_mul(self.size) } else { 0 }
    }

    fn status(&self, place: usize) -> &AtomicU32 {
        let at = self.start_of(place).saturating_add(STATUS);
        // SAFETY: within the mapping, and aligned, for blocks begin at pages. The kernel changes it as atomically as we do.
        unsafe { AtomicU32::from_ptr(self.start.as_ptr().add(at).cast()) }
    }

    /// The bytes of a block that the kernel has filled and given to us; `None` while it is the kernel's.
    pub(super) fn filled(&self, place: usize) -> Option<&[u8]> {
        if self.status(place).load(Ordering::Acquire) & libc::TP_STATUS_USER == 0 {
            return None;
        }
        // SAFETY: within the mapping; the kernel leaves a block alone that is ours, and it is ours until `give_back`, which takes `&mut self`.
        Some(unsafe { std::slice::from_raw_parts(self.start.as_ptr().add(self.start_of(place)), self.size) })
    }

    /// Gives a block back to the kernel, to be filled anew.
    pub(super) fn give_back(&mut self, place: usize) {
        self.status(place).store(libc::TP_STATUS_KERNEL, Ordering::Release);
    }
}

impl Drop for Blocks {
    fn drop(&mut self) {
        // SAFETY: what `map` mapped, and nothing borrows it any longer.
        unsafe { libc::munmap(self.start.as_ptr().cast(), self.size.saturating_mul(self.count)) };
    }
}
