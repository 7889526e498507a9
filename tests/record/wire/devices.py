"""What a program needs to be one end of a link: a device the kernel routes into, and a socket that sees whole frames."""

import fcntl
import os
import socket
import struct
import subprocess

SET_INTERFACE = 0x400454CA
TUN, TAP, NO_HEADER = 0x0001, 0x0002, 0x1000
SOL_PACKET, AUXILIARY = 263, 8
TAG_VALID, TAG_PROTOCOL_VALID = 0x10, 0x40


def tunnel(name, kind=TUN):
    """A device whose packets (TUN) or frames (TAP) are read from, and written to, the file it returns."""
    device = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(device, SET_INTERFACE, struct.pack("16sH", name.encode("ascii"), kind | NO_HEADER))
    return device


def run(*command):
    subprocess.run(command, check=True)


def frames(interface):
    """A socket that receives every frame of an interface and sends whole ones."""
    everything = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0003))
    everything.setsockopt(SOL_PACKET, AUXILIARY, 1)
    everything.bind((interface, 0))
    return everything


def receive(everything):
    """The next frame as it was on the cable, or None for one that this host sent itself.

    The kernel takes the outer VLAN tag out of a frame and hands it over beside it: here it is put back.
    """
    data, ancillary, _, address = everything.recvmsg(65536, 256)
    if address[2] == socket.PACKET_OUTGOING:
        return None
    for level, kind, value in ancillary:
        if level == SOL_PACKET and kind == AUXILIARY:
            status, _, _, _, _, tag, protocol = struct.unpack("IIIHHHH", value[:20])
            if status & TAG_VALID:
                protocol = protocol if status & TAG_PROTOCOL_VALID else 0x8100
                data = data[:12] + struct.pack("!HH", protocol, tag) + data[12:]
    return data
