"""One end of a VLAN, for a kernel that has none: frames of a TAP device travel with tags on an Ethernet, and back.

    vlan_end.py ETHERNET DEVICE HARDWARE-ADDRESS ADDRESS/LENGTH TAG..

A tag is PROTOCOL:VLAN:PRIORITY, the outer first, such as 8100:20:5.
"""

import os
import select
import struct
import sys

import devices


def tag(text):
    protocol, vlan, priority = text.split(":")
    return struct.pack("!HH", int(protocol, 16), int(priority) << 13 | int(vlan))


def main(ethernet, name, hardware_address, address, *tags):
    tags = b"".join(tag(text) for text in tags)
    tap = devices.tunnel(name, devices.TAP)
    devices.run("ip", "link", "set", name, "address", hardware_address)
    devices.run("ip", "addr", "add", address, "dev", name)
    wire = devices.frames(ethernet)
    devices.run("ip", "link", "set", name, "up")
    while True:
        for ready in select.select([tap, wire], [], [])[0]:
            if ready is tap:
                frame = os.read(tap, 65536)
                wire.send(frame[:12] + tags + frame[12:])
            else:
                frame = devices.receive(wire)
                if frame and frame[12 : 12 + len(tags)] == tags:
                    inner = frame[:12] + frame[12 + len(tags) :]
                    # What carries a further tag belongs to another end.
                    if inner[12:14] not in (b"\x81\x00", b"\x88\xa8"):
                        os.write(tap, inner)


if __name__ == "__main__":
    main(*sys.argv[1:])
