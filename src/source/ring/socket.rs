//! Packet sockets (packet(7)): opened, tied to an interface, and told what is wanted.

use super::system;
use crate::frame::LinkType;
use crate::source::live::{Instruction, hardware};
use rustix::net::{AddressFamily, SocketFlags, SocketType};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// What the kernel counted on a socket since it was asked last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::source) struct Received {
    /// Frames that the filter accepted.
    pub(in crate::source) frames: u32,
    /// Those of them for which there was no room.
    pub(in crate::source) dropped: u32,
}

/// A packet socket that is tied to an interface and does not receive yet: whoever binds it to a protocol begins that.
#[derive(Debug)]
pub(in crate::source) struct PacketSocket {
    descriptor: OwnedFd,
    link_type: LinkType,
    loopback: bool,
}

impl PacketSocket {
    /// A socket on an interface; 0 is all of them. Where frames have no header of their own that is of use, the kernel takes it off, and the
    /// link type is [`LinkType::LINUX_SLL2`].
    ///
    /// # Errors
    /// The kernel refused: it takes the capability `CAP_NET_RAW`.
    pub(in crate::source) fn open(interface: u32) -> io::Result<Self> {
        let raw = Self::with_type(SocketType::RAW, interface)?;
        let hardware = system::hardware(raw.as_fd())?;
        let link_type = if interface == 0 { LinkType::LINUX_SLL2 } else { hardware::link_type(hardware) };
        let is_headless = [LinkType::LINUX_SLL2, LinkType::RAW].contains(&link_type);
        let descriptor = if is_headless { Self::with_type(SocketType::DGRAM, interface)? } else { raw };
        let socket = Self { descriptor, link_type, loopback: hardware == hardware::LOOPBACK && interface != 0 };
        if socket.loopback {
            // What goes out of the loopback comes in again: each frame is seen once.
            socket.set(libc::SOL_PACKET, libc::PACKET_IGNORE_OUTGOING, 1)?;
        }
        Ok(socket)
    }

    fn with_type(kind: SocketType, interface: u32) -> io::Result<OwnedFd> {
        // Of protocol 0 nothing is received: no frame comes before the filter is there.
        let descriptor = rustix::net::socket_with(AddressFamily::PACKET, kind, SocketFlags::CLOEXEC, None)?;
        system::bind(descriptor.as_fd(), interface, 0)?;
        Ok(descriptor)
    }

    /// How the first bytes of frames are to be read.
    pub(in crate::source) fn link_type(&self) -> LinkType {
        self.link_type
    }

    /// Whether it is tied to a loopback.
    pub(in crate::source) fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Has the kernel ask a program of every frame, and of no other from then on.
    ///
    /// # Errors
    /// The kernel refused.
    pub(in crate::source) fn attach(&self, program: &[Instruction]) -> io::Result<()> {
        system::attach_filter(self.as_fd(), program)?;
        self.set(libc::SOL_SOCKET, libc::SO_LOCK_FILTER, 1)
    }

    /// Asks for a ring of `count` blocks of `size` bytes, each given to us after `patience` milliseconds at the latest.
    pub(super) fn make_ring(&self, size: usize, count: usize, patience: u32) -> io::Result<()> {
        self.set(libc::SOL_PACKET, libc::PACKET_VERSION, libc::tpacket_versions::TPACKET_V3 as u32)?;
        // `tpacket_req3`: blocks, frames (of which the third version only checks the numbers), patience, private bytes, features.
        const FRAME: u32 = 2048;
        let (size, count) = (size as u32, count as u32);
        let wanted: Vec<u8> = [size, count, FRAME, (size / FRAME).saturating_mul(count), patience, 0, 0]
            .iter()
            .flat_map(|number| number.to_ne_bytes())
            .collect();
        system::set_option(self.as_fd(), libc::SOL_PACKET, libc::PACKET_RX_RING, &wanted)
    }

    /// A second descriptor of the same socket.
    ///
    /// # Errors
    /// There are no more descriptors.
    pub(in crate::source) fn second(&self) -> io::Result<OwnedFd> {
        self.descriptor.try_clone()
    }

    /// What was counted since the last time: asking begins anew (packet(7), `PACKET_STATISTICS`).
    ///
    /// # Errors
    /// The kernel refused.
    pub(in crate::source) fn received(&self) -> io::Result<Received> {
        // Frames and drops; the third version adds how often the ring was full.
        let mut numbers = [0; 12];
        let length = system::option(self.as_fd(), libc::SOL_PACKET, libc::PACKET_STATISTICS, &mut numbers)?;
        let number = |at: usize| {
            numbers.get(at..at.saturating_add(4)).filter(|_| at.saturating_add(4) <= length).and_then(|bytes| bytes.first_chunk())
        };
        let number = |at| number(at).map_or(0, |bytes| u32::from_ne_bytes(*bytes));
        Ok(Received { frames: number(0), dropped: number(4) })
    }

    fn set(&self, level: i32, name: i32, value: u32) -> io::Result<()> {
        system::set_option(self.as_fd(), level, name, &value.to_ne_bytes())
    }
}

impl AsFd for PacketSocket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.descriptor.as_fd()
    }
}
