"""A cable between two interfaces of one host that does what cables should not, to the fragments of IPv4 datagrams.

    unruly_cable.py reversed INTERFACE INTERFACE
    unruly_cable.py lying INTERFACE INTERFACE

`reversed` lets the fragments of every second datagram through last first. `lying` sends another version of the end of each
first fragment behind it, in which digits are zeros, and each last fragment twice.
"""

import select
import struct
import sys

import devices

IPV4 = b"\x08\x00"
HEADER, PAYLOAD = 14, 34
LIE = 64
ZEROS = bytes(ord("0") if chr(byte) in "0123456789abcdef" else byte for byte in range(256))


def fragment(frame):
    """(identification, offset in bytes, whether more follow), or None."""
    if frame[12:14] != IPV4:
        return None
    identification, place = struct.unpack("!HH", frame[18:22])
    return (identification, (place & 0x1FFF) * 8, bool(place & 0x2000)) if place & 0x3FFF else None


def checksum(header):
    total = sum(struct.unpack("!10H", header))
    return ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF


def other_version(frame):
    """The last bytes of a first fragment as a fragment of their own, in which hexadecimal digits have become zeros."""
    end = PAYLOAD + (struct.unpack("!H", frame[16:18])[0] - 20)
    place = 0x2000 | (end - LIE - PAYLOAD) // 8
    header = frame[HEADER:16] + struct.pack("!H", 20 + LIE) + frame[18:20] + struct.pack("!H", place) + frame[22:24] + b"\0\0"
    header += frame[26:PAYLOAD]
    header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
    return frame[:HEADER] + header + frame[end - LIE : end].translate(ZEROS)


class Reversed:
    def __init__(self):
        self.held = {}
        self.datagrams = 0

    def frames(self, frame):
        part = fragment(frame)
        if part is None:
            return [frame]
        identification, offset, more = part
        self.datagrams += offset == 0
        if self.datagrams % 2:
            return [frame]
        held = self.held.setdefault(identification, [])
        held.append(frame)
        return [] if more else reversed(self.held.pop(identification))


class Lying:
    def frames(self, frame):
        part = fragment(frame)
        if part is None:
            return [frame]
        _, offset, more = part
        if offset == 0:
            return [frame, other_version(frame)]
        return [frame] if more else [frame, frame]


def main(mode, *interfaces):
    ends = [devices.frames(interface) for interface in interfaces]
    for interface in interfaces:
        devices.run("ip", "link", "set", interface, "promisc", "on")
    manner = {"reversed": Reversed, "lying": Lying}[mode]()
    while True:
        for ready in select.select(ends, [], [])[0]:
            frame = devices.receive(ready)
            if frame:
                for changed in manner.frames(frame):
                    ends[1 - ends.index(ready)].send(changed)


if __name__ == "__main__":
    main(*sys.argv[1:])
