"""Sends packets that no program sends by accident, and that are answered by ICMP: `odd_packets.py KIND FROM TO`.

protocol    a protocol that nobody knows
fragment    the first part of a datagram that never goes on
option      an option whose length makes no sense
timestamp   ICMP's question for the time
impossible  echo requests from addresses that cannot be on a cable (FROM is the interface, TO the hardware address)
groups      datagrams to groups in frames to hardware addresses (FROM is the interface, TO is GROUP=HARDWARE,..)

FROM and TO are both IPv4 or both IPv6.
"""

import ipaddress
import socket
import struct
import sys

import devices

# For experiments (RFC 3692), and so of nobody.
EXPERIMENT = 253
DATA = b"sixteen bytes of"


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def ipv4(here, there, protocol, payload, flags=0, options=b""):
    length = 20 + len(options)
    header = struct.pack("!BBHHHBBH", 0x40 | length // 4, 0, length + len(payload), 0x4711, flags, 64, protocol, 0)
    header += here.packed + there.packed + options
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + payload


def ipv6(here, there, following, payload):
    return struct.pack("!IHBB", 6 << 28, len(payload), following, 64) + here.packed + there.packed + payload


def udp(here, there, length):
    """A datagram that says it has `length` bytes; its checksum is right if it has."""
    header = struct.pack("!4H", 40000, 9, length, 0)
    pseudo = here.packed + there.packed + struct.pack("!II", length, 17)
    return header[:6] + struct.pack("!H", checksum(pseudo + header + DATA)) + DATA


def packets(kind, here, there):
    whole, begun = udp(here, there, 8 + len(DATA)), udp(here, there, 8 + 2 * len(DATA))
    if here.version == 4:
        question = struct.pack("!BBHHHIII", 13, 0, 0, 0x4711, 1, 43_200_000, 0, 0)
        return {
            "protocol": lambda: ipv4(here, there, EXPERIMENT, b"nobody knows me."),
            "fragment": lambda: ipv4(here, there, 17, begun, flags=0x2000),
            # Loose source route: its length is 3, its pointer 1, where 4 is the least.
            "option": lambda: ipv4(here, there, 17, whole, options=b"\x83\x03\x01\x00"),
            "timestamp": lambda: ipv4(here, there, 1, question[:2] + struct.pack("!H", checksum(question)) + question[4:]),
        }[kind]()
    return {
        "protocol": lambda: ipv6(here, there, EXPERIMENT, b"nobody knows me."),
        "fragment": lambda: ipv6(here, there, 44, struct.pack("!BBHI", 17, 0, 1, 0x4711) + begun),
        # Destination options, with one (0x9e) that whoever does not know it has to report.
        "option": lambda: ipv6(here, there, 60, b"\x11\x00\x9e\x04" + bytes(4) + whole),
    }[kind]()


def impossible(interface, target):
    """Frames that the kernel would neither send nor take."""
    link = devices.frames(interface)
    source = link.getsockname()[4]
    echo = struct.pack("!BBHHH", 8, 0, 0, 0x4711, 1) + b"where am I from?"
    echo = echo[:2] + struct.pack("!H", checksum(echo)) + echo[4:]
    there = ipaddress.ip_address("192.168.1.12")
    for here in ["127.0.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.5", "240.0.0.9"]:
        packet = ipv4(ipaddress.ip_address(here), there, 1, echo)
        link.send(bytes.fromhex(target.replace(":", "")) + source + b"\x08\x00" + packet)
    there = ipaddress.ip_address("2001:db8:a:1::12")
    for here in ["::1", "::ffff:192.0.2.11", "::", "ff02::1"]:
        here = ipaddress.ip_address(here)
        body = struct.pack("!BBHHH", 128, 0, 0, 0x4711, 1) + b"where am I from?"
        pseudo = here.packed + there.packed + struct.pack("!II", len(body), 58)
        body = body[:2] + struct.pack("!H", checksum(pseudo + body)) + body[4:]
        link.send(bytes.fromhex(target.replace(":", "")) + source + b"\x86\xdd" + ipv6(here, there, 58, body))


def groups(interface, pairs):
    """Frames whose hardware address the kernel would not choose."""
    link = devices.frames(interface)
    source = link.getsockname()[4]
    for pair in pairs.split(","):
        group, target = pair.split("=")
        there = ipaddress.ip_address(group)
        here = ipaddress.ip_address("192.168.1.11" if there.version == 4 else "2001:db8:a:1::11")
        datagram = udp(here, there, 8 + len(DATA))
        packet = ipv4(here, there, 17, datagram) if there.version == 4 else ipv6(here, there, 17, datagram)
        kind = b"\x08\x00" if there.version == 4 else b"\x86\xdd"
        link.send(bytes.fromhex(target.replace(":", "")) + source + kind + packet)


def main(kind, here, there):
    if kind == "impossible":
        return impossible(here, there)
    if kind == "groups":
        return groups(here, there)
    here, there = ipaddress.ip_address(here), ipaddress.ip_address(there)
    family = socket.AF_INET if here.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        raw.sendto(packets(kind, here, there), (str(there), 0))
    return None


if __name__ == "__main__":
    main(*sys.argv[1:])
