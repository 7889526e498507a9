#!/usr/bin/env python3
"""Makes the captures that no program of today makes: `made.py all`, or `made.py NAME..`.

What is in them was never on a wire. Headers, checksums and times are what they would have been there; addresses are those of the
network that the recordings are made in.
"""

import os
import socket
import struct
import sys

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "captures")
# 2026-11-22 16:00:00 UTC: all of them begin there.
BEGIN = 1_795_363_200_000_000
H1, GATEWAY, SERVER, NAMES, ROUTER = "192.168.1.11", "192.168.1.1", "10.130.1.4", "10.1.1.1", "10.1.2.1"
UDP, TCP, ICMP, ICMPV6, OSPF = 17, 6, 1, 58, 89
SYN, ACK, PSH, FIN, RST = 0x02, 0x10, 0x08, 0x01, 0x04
DF, MF = 0x4000, 0x2000
MADE = {}


def made(name):
    def keep(function):
        MADE[name] = function
        return function

    return keep


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data[: len(data) // 2 * 2]))
    if len(data) % 2:
        total += data[-1] << 8
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def packed(address):
    return socket.inet_pton(socket.AF_INET6 if ":" in address else socket.AF_INET, address)


def with_checksum(source, destination, protocol, segment, at):
    pseudo = packed(source) + packed(destination) + struct.pack(">IxxxB", len(segment), protocol)
    value = checksum(pseudo + segment) or 0xFFFF
    return segment[:at] + struct.pack(">H", value) + segment[at + 2 :]


def ip(source, destination, protocol, payload, ttl=64, identification=0, flags=0, offset=0, options=b""):
    if ":" in source:
        return struct.pack(">IHBB", 6 << 28, len(payload), protocol, ttl) + packed(source) + packed(destination) + payload
    length = 20 + len(options)
    header = struct.pack(
        ">BBHHHBBH", 0x40 | length // 4, 0, length + len(payload), identification, flags | offset // 8, ttl, protocol, 0
    )
    header += packed(source) + packed(destination) + options
    return header[:10] + struct.pack(">H", checksum(header)) + header[12:] + payload


def udp(source, destination, ports, payload=b"", **more):
    datagram = struct.pack(">HHHH", *ports, 8 + len(payload), 0) + payload
    return ip(source, destination, UDP, with_checksum(source, destination, UDP, datagram, 6), **more)


def tcp(source, destination, ports, sequence, acknowledged, control, payload=b"", options=b"", window=64240, **more):
    offset = 5 + len(options) // 4
    segment = struct.pack(">HHIIBBHHH", *ports, sequence, acknowledged, offset << 4, control, window, 0, 0) + options + payload
    more.setdefault("flags", DF)
    return ip(source, destination, TCP, with_checksum(source, destination, TCP, segment, 16), **more)


def icmp(source, destination, kind, code, rest=b"\0\0\0\0", payload=b"", **more):
    message = struct.pack(">BBH", kind, code, 0) + rest + payload
    if ":" in source:
        return ip(source, destination, ICMPV6, with_checksum(source, destination, ICMPV6, message, 2), **more)
    message = message[:2] + struct.pack(">H", checksum(message)) + message[4:]
    return ip(source, destination, ICMP, message, **more)


def error(reporter, kind, code, packet, rest=b"\0\0\0\0", kept=28, **more):
    """An ICMP error about `packet`, to its sender."""
    return icmp(reporter, socket.inet_ntoa(packet[12:16]), kind, code, rest, packet[:kept], **more)


def echo(source, destination, number, reply=False, size=56, identifier=7, **more):
    return icmp(source, destination, 0 if reply else 8, 0, struct.pack(">HH", identifier, number), bytes(range(size)), **more)


def hardware(address):
    return bytes([2, 0]) + packed(address)[-4:]


class Capture:
    """Frames on the home LAN's Ethernet: what goes elsewhere goes through the gateway."""

    def __init__(self):
        self.frames = []
        self.now = BEGIN

    def wait(self, seconds):
        self.now += round(seconds * 1_000_000)

    def add(self, packet, after=0.001, link=None):
        self.wait(after)
        version6 = packet[0] >> 4 == 6
        source, destination = (packet[8:24], packet[24:40]) if version6 else (packet[12:16], packet[16:20])
        near = lambda address: address[:3] == packed(H1)[:3] or address[:8] == packed("2001:db8:a:1::")[:8]
        gateway = hardware(GATEWAY)
        ends = link or tuple(bytes([2, 0]) + end[-4:] if near(end) else gateway for end in (destination, source))
        frame = ends[0] + ends[1] + (b"\x86\xdd" if version6 else b"\x08\x00") + packet
        self.frames.append((self.now, frame))
        return packet

    def save(self, name):
        with open(os.path.join(FOLDER, name), "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
            for time, frame in self.frames:
                file.write(struct.pack("<IIII", time // 1_000_000, time % 1_000_000, len(frame), len(frame)) + frame)


def question(name):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack(">HHHHHH", 0x1234, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", 1, 1)


@made("port-filtered.pcap")
def port_filtered():
    """A firewall on the gateway rejects questions to a name server beyond it: the program asks from another port again."""
    capture = Capture()
    for port in (40000, 40001):
        asked = capture.add(udp(H1, NAMES, (port, 53), question("www.example.com")))
        capture.add(error(GATEWAY, 3, 3, asked), after=0.0001)
    capture.save("port-filtered.pcap")


@made("http-slow-body.pcap")
def http_slow_body():
    """A server writes its answer in five pieces, half a second apart."""
    capture, ports, back = Capture(), (40000, 80), (80, 40000)
    asked = b"GET /trickle HTTP/1.1\r\nHost: 10.130.1.4\r\n\r\n"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 50\r\n\r\n"
    capture.add(tcp(H1, SERVER, ports, 1000, 0, SYN))
    capture.add(tcp(SERVER, H1, back, 9000, 1001, SYN | ACK, ttl=60))
    capture.add(tcp(H1, SERVER, ports, 1001, 9001, ACK), after=0.00001)
    capture.add(tcp(H1, SERVER, ports, 1001, 9001, ACK | PSH, asked))
    said, own = 9001, 1001 + len(asked)
    for number in range(5):
        piece = (head if number == 0 else b"") + b"123456789\n"
        capture.add(tcp(SERVER, H1, back, said, own, ACK | PSH, piece, ttl=60), after=0.5 if number else 0.001)
        said += len(piece)
        capture.add(tcp(H1, SERVER, ports, own, said, ACK), after=0.00001)
    capture.add(tcp(H1, SERVER, ports, own, said, ACK | FIN))
    capture.add(tcp(SERVER, H1, back, said, own + 1, ACK | FIN, ttl=60))
    capture.add(tcp(H1, SERVER, ports, own + 1, said + 1, ACK), after=0.00001)
    capture.save("http-slow-body.pcap")


@made("icmp-reports.pcap")
def icmp_reports():
    """Reports that are seldom seen, each behind the packet that it is about."""
    capture = Capture()
    sent = capture.add(ip(H1, SERVER, OSPF, b"\2\1\0\x2c" + bytes(40)))
    capture.add(error(SERVER, 3, 2, sent, ttl=60))
    asked = question("www.example.com")
    capture.add(udp(H1, NAMES, (40000, 53), asked), after=1)
    answer = asked[:2] + b"\x81\x80" + asked[4:6] + b"\0\x01" + asked[8:] + b"\xc0\x0c\0\x01\0\x01\0\0\x0e\x10\0\x04" + packed(SERVER)
    sent = capture.add(udp(NAMES, H1, (53, 40000), answer, ttl=62), after=6)
    capture.add(error(H1, 3, 3, sent, kept=len(sent)))
    sent = capture.add(udp(H1, SERVER, (40001, 7), b"hello"), after=1)
    capture.add(error(ROUTER, 3, 15, sent, ttl=62))
    whole = udp(H1, SERVER, (40002, 9), bytes(3000))
    sent = capture.add(ip(H1, SERVER, UDP, whole[20:1500], identification=5, flags=MF))
    capture.add(error(SERVER, 11, 1, sent, ttl=60), after=30)
    sent = capture.add(ip(H1, SERVER, UDP, udp(H1, SERVER, (40003, 7), b"hello")[20:], options=b"\x44\x08\x05\x03\0\0\0\0"), after=1)
    capture.add(error(ROUTER, 12, 0, sent, rest=b"\x16\0\0\0", kept=36, ttl=62))
    sent = capture.add(udp(H1, SERVER, (40004, 7), b"hello"), after=1)
    capture.add(error(ROUTER, 4, 0, sent, ttl=62))
    times = struct.pack(">HHIII", 7, 1, 57_600_000, 0, 0)
    capture.add(icmp(H1, SERVER, 13, 0, times[:4], times[4:]), after=1)
    capture.add(icmp(SERVER, H1, 14, 0, times[:4], struct.pack(">III", 57_600_000, 57_600_002, 57_600_002), ttl=60))
    capture.add(error("203.0.113.9", 3, 3, udp(H1, "203.0.113.9", (40005, 4500), b"hello"), ttl=50), after=1)
    capture.save("icmp-reports.pcap")


@made("ping-unanswered.pcap")
def ping_unanswered():
    """Five echoes of which one is lost, and four to a host that never answers."""
    capture = Capture()
    for number in range(1, 6):
        capture.add(echo(H1, SERVER, number, identification=100 + number), after=1)
        if number != 3:
            capture.add(echo(SERVER, H1, number, reply=True, identification=200 + number, ttl=60))
    for number in range(1, 5):
        capture.add(echo(H1, "10.130.1.9", number, identifier=8, identification=300 + number), after=1)
    capture.add(echo(H1, SERVER, 1, identifier=9, identification=400), after=3)
    capture.add(echo(SERVER, H1, 1, reply=True, identifier=9, identification=401, ttl=60))
    capture.save("ping-unanswered.pcap")


def options(*parts):
    data = b"".join(parts)
    return data + b"\1" * (-len(data) % 4)


def fetched(capture, answers):
    """One connection to the web server, and each answer with its `Content-Type` as it came to h1; the last may be longer than its bytes."""
    ports, back, own, other = (40100, 80), (80, 40100), 1000, 5000
    capture.add(tcp(H1, SERVER, ports, own, 0, SYN, options=b"\2\4\5\xb4"))
    capture.add(tcp(SERVER, H1, back, other, own + 1, SYN | ACK, options=b"\2\4\5\xb4", ttl=60))
    own, other = own + 1, other + 1
    capture.add(tcp(H1, SERVER, ports, own, other, ACK))
    for number, (kind, body, missing) in enumerate(answers, 1):
        asked = f"GET /{number} HTTP/1.1\r\nHost: www.example.com\r\n\r\n".encode()
        capture.add(tcp(H1, SERVER, ports, own, other, PSH | ACK, asked), after=0.1)
        own += len(asked)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body) + missing}\r\n\r\n".encode()
        capture.add(tcp(SERVER, H1, back, other, own, PSH | ACK, head + body, ttl=60))
        other += len(head) + len(body)
        capture.add(tcp(H1, SERVER, ports, own, other, ACK))
    capture.add(tcp(SERVER, H1, back, other, own, FIN | ACK, ttl=60))
    capture.add(tcp(H1, SERVER, ports, own, other + 1, FIN | ACK))
    capture.add(tcp(SERVER, H1, back, other + 1, own + 1, ACK, ttl=60))


GREETING = "Grüße aus Köln"
RUSSIAN = "Привет мир это тест"


@made("http-charsets-wrong.pcap")
def http_charsets_wrong():
    """Texts whose labels disagree, do not exist or do not fit, and bodies that are no text."""
    capture = Capture()
    page = '<html><head><meta charset="utf-8"></head><body>{}</body></html>'
    bodies = [
        ("text/html; charset=iso-8859-1", page.format("Grusse").encode()),
        ("text/html; charset=iso-8859-1", b"\xef\xbb\xbf" + GREETING.encode()),
        ("text/plain; charset=utf8mb4", GREETING.encode()),
        ("text/plain; charset=utf-8", GREETING.encode() + b"\xc3"),
        ("text/plain; charset=utf-8", "Grüße".encode() + b"\xff aus K\xc3\xb6ln"),
        ("text/plain; charset=windows-1251", RUSSIAN.encode("koi8-r")),
        ("text/plain; charset=utf-8", bytes(range(256))),
        ("text/html; charset=utf-8", b"GIF89a\1\0\1\0\0\0\0;"),
        ("text/html; charset=Shift_JIS", "日本語テキスト".encode("shift_jis")),
        ("text/html", page.format("Grüße").encode()),
        ("application/json", '{"greeting":"Grüße"}'.encode()),
    ]
    fetched(capture, [(kind, body, 0) for kind, body in bodies])
    capture.save("http-charsets-wrong.pcap")


@made("http-charsets-right.pcap")
def http_charsets_right():
    """Texts that only look as if their labels did not fit."""
    capture = Capture()
    page = '<html><head><meta charset="{}"></head><body>{}</body></html>'
    fetched(
        capture,
        [
            ("text/html; charset=utf-8", page.format("UTF-8", "Grüße").encode(), 0),
            ("text/html; charset=iso-8859-1", page.format("windows-1252", "Grüße").encode("windows-1252"), 0),
            ("text/plain; charset=utf-16", b"\xff\xfe" + GREETING.encode("utf-16-le"), 0),
            ("text/plain; charset=utf8", GREETING.encode(), 0),
            ("text/plain; charset=koi8-r", RUSSIAN.encode("koi8-r"), 0),
            ("text/plain; charset=windows-1251", RUSSIAN.upper().encode("windows-1251"), 0),
            ("image/gif", b"GIF89a\1\0\1\0\0\0\0;", 0),
            # The server went away in the middle of a character.
            ("text/plain; charset=utf-8", GREETING.encode() + b"\xc3", 100),
        ],
    )
    capture.save("http-charsets-right.pcap")


@made("addresses-out-of-place.pcap")
def addresses_out_of_place():
    """Datagrams whose addresses mean nothing where they stand, and two whose addresses only look so."""
    capture = Capture()
    ends = hardware(GATEWAY), hardware(H1)
    for source, destination in [
        ("240.1.1.1", H1),
        ("0.1.2.3", H1),
        (H1, H1),
        ("169.254.3.3", "45.33.7.20"),
        ("fec0::1", "2001:db8:a:1::12"),
        ("100::1", "2001:db8:a:1::12"),
        ("2002:c0a8:101::1", "2001:db8:a:1::12"),
        ("64:ff9b::c0a8:101", "2001:db8:a:1::12"),
        ("2001:db8:a:1::12", "ff01::1"),
        ("2002:cb00:7109::1", "64:ff9b::cb00:7109"),
        ("fe80::1", "2001:db8:a:1::12"),
    ]:
        capture.add(udp(source, destination, (1111, 2222), b"hello"), link=ends)
    # How a host looks whether the way to its neighbour and back works (BFD echo).
    capture.add(udp(SERVER, SERVER, (49152, 3785), b"am I coming back?", ttl=255), link=ends)
    capture.save("addresses-out-of-place.pcap")


@made("path-mtu-ignored.pcap")
def path_mtu_ignored():
    """A sender that is told what fits and repeats its packet as it was: its own firewall drops what tells it."""
    capture = Capture()
    ports, back = (40000, 80), (80, 40000)
    size = options(struct.pack(">BBH", 2, 4, 1460))
    capture.add(tcp(H1, SERVER, ports, 1000, 0, SYN, options=size))
    capture.add(tcp(SERVER, H1, back, 5000, 1001, SYN | ACK, options=size, ttl=60))
    capture.add(tcp(H1, SERVER, ports, 1001, 5001, ACK))
    head = b"POST /form HTTP/1.1\r\nHost: www\r\nContent-Length: 1460\r\n\r\n"
    body = 1001 + len(head)
    capture.add(tcp(H1, SERVER, ports, 1001, 5001, ACK | PSH, head))
    capture.add(tcp(SERVER, H1, back, 5001, body, ACK, ttl=60))
    for wait in [0.001, 0.2, 0.4, 0.8, 1.6]:
        large = capture.add(tcp(H1, SERVER, ports, body, 5001, ACK | PSH, b"x" * 1460), after=wait)
        capture.add(error(ROUTER, 3, 4, large, rest=struct.pack(">HH", 0, 1400), ttl=62))
    capture.save("path-mtu-ignored.pcap")


def fragments(source, destination, whole, parts, identification, **more):
    """The parts of a packet, each (first byte, one past the last), as fragments."""
    payload = whole[20:]
    for start, end in parts:
        rest = MF if end < len(payload) else 0
        yield ip(source, destination, UDP, payload[start:end], identification=identification, flags=rest, offset=start, **more)


def fragments_v6(source, destination, payload, parts, identification):
    for start, end in parts:
        header = struct.pack(">BxHI", UDP, start | (end < len(payload)), identification)
        yield ip(source, destination, 44, header + payload[start:end])


@made("fragments-lost.pcap")
def fragments_lost():
    """Twenty datagrams, each without its last fragment."""
    capture = Capture()
    for number in range(20):
        whole = udp(H1, SERVER, (40000 + number, 9), bytes([number]) * 40)
        for fragment in list(fragments(H1, SERVER, whole, [(0, 24), (24, 48)], number + 1))[:1]:
            capture.add(fragment)
    capture.save("fragments-lost.pcap")


@made("fragments-repeated.pcap")
def fragments_repeated():
    """A datagram whose first fragment comes twice, the same, and one in order."""
    capture = Capture()
    whole = udp(H1, SERVER, (40000, 9), b"once and again, as it was" * 4)
    for fragment in fragments(H1, SERVER, whole, [(0, 48), (0, 48), (48, 108)], 1):
        capture.add(fragment)
    capture.save("fragments-repeated.pcap")


@made("fragments-refused.pcap")
def fragments_refused():
    """Fragments that no receiver can use: a length that is no multiple of 8 though more follow, and one that ends beyond 65,535."""
    capture = Capture()
    whole = udp(H1, SERVER, (40000, 9), b"what no receiver can use" * 4)
    for fragment in fragments(H1, SERVER, whole, [(0, 45), (48, 104)], 1):
        capture.add(fragment)
    capture.add(ip(H1, SERVER, UDP, bytes(64), identification=2, offset=65512))
    capture.save("fragments-refused.pcap")


@made("fragments-overlap-ipv6.pcap")
def fragments_overlap_ipv6():
    """With IPv6: the second fragment covers the end of the first with other bytes, so that the whole datagram is thrown away."""
    capture = Capture()
    source, destination = "2001:db8:a:1::11", "2001:db8:130:1::4"
    payload = udp(source, destination, (40000, 9), b"first and last word" * 4)[40:]
    first, last = fragments_v6(source, destination, payload, [(0, 48), (40, len(payload))], 7)
    capture.add(first)
    capture.add(last[:48] + b"FORGED!!" + last[56:])
    capture.save("fragments-overlap-ipv6.pcap")


def main(wanted):
    if not wanted:
        print(__doc__)
        print("\n".join(f"  {name:32} {function.__doc__}" for name, function in sorted(MADE.items())))
        return 0
    for name in sorted(MADE) if "all" in wanted else wanted:
        MADE[name]()
    return 0


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    # Under its own name, where they keep what they make.
    import made as this
    import made_intruders  # noqa: F401
    import made_links  # noqa: F401
    import made_questions  # noqa: F401

    sys.exit(this.main(sys.argv[1:]))
