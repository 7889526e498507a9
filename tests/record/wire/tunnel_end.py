"""One end of an IP tunnel, for a kernel that has none of its kind: packets of a TUN device travel inside others.

    tunnel_end.py KIND DEVICE FROM TO ADDRESS/LENGTH

KIND is gre, ipip or 6in4. The outer headers are the kernel's: this program only adds, for GRE, the four bytes between.
"""

import os
import select
import socket
import sys

import devices

# The outer header's protocol number, and what stands between the two IP headers.
KINDS = {"gre": (47, b"\x00\x00\x08\x00"), "ipip": (4, b""), "6in4": (41, b"")}


def main(kind, name, here, there, address):
    protocol, between = KINDS[kind]
    tun = devices.tunnel(name)
    overhead = 20 + len(between)
    outer = socket.socket(socket.AF_INET, socket.SOCK_RAW, protocol)
    # Not connected: while the other end has yet to start, its host refuses the protocol, and that is no reason to stop.
    outer.bind((here, 0))
    devices.run("ip", "link", "set", name, "mtu", str(1500 - overhead))
    devices.run("ip", "addr", "add", address, "dev", name)
    devices.run("ip", "link", "set", name, "up")
    while True:
        for ready in select.select([tun, outer], [], [])[0]:
            if ready is tun:
                outer.sendto(between + os.read(tun, 65536), (there, 0))
            else:
                packet, (source, _) = outer.recvfrom(65536)
                if source == there:
                    os.write(tun, packet[(packet[0] & 15) * 4 + len(between) :])


if __name__ == "__main__":
    main(*sys.argv[1:])
