"""Captures of questions: who is asked, from where the answer comes, and what becomes of each."""

import struct

from made import ACK, GATEWAY, H1, NAMES, RST, SERVER, SYN, Capture, error, hardware, icmp, made, packed, question, tcp, udp

ADDRESS, ALIAS, ADDRESS_6 = 1, 5, 28


def asked(number, name, kind=ADDRESS):
    whole = question(name)
    return struct.pack(">H", number) + whole[2:-4] + struct.pack(">HH", kind, 1)


def answered(asks, records=(), code=0):
    """The answer to a question: each record is a type and its data."""
    head = asks[:2] + struct.pack(">HHHHH", 0x8580 | code, 1, len(records), 0, 0)
    return head + asks[12:] + b"".join(b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(data)) + data for kind, data in records)


def labels(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


@made("names-one-by-one.pcap")
def names_one_by_one():
    """A name server that is itself looked up: refusals, an alias without an address, a name with two, and a firewall at last."""
    capture, number = Capture(), 0

    def ask(name, kind, records=(), code=0, ports=40000):
        nonlocal number
        number += 1
        asks = asked(number, name, kind)
        capture.add(udp(H1, NAMES, (ports, 53), asks), after=0.01)
        capture.add(udp(NAMES, H1, (53, ports), answered(asks, records, code), ttl=62))

    for kind in (ADDRESS, ADDRESS_6):
        ask("web.other.example", kind, code=5, ports=40001)
    for kind in (ADDRESS, ADDRESS_6):
        ask("alias.example.com", kind, [(ALIAS, labels("www.example.com"))], ports=40002)
    ask("names.example.com", ADDRESS, [(ADDRESS, packed(NAMES))], ports=40003)
    ask("names.example.com", ADDRESS_6, [(ADDRESS_6, packed("2001:db8:1:1::1"))], ports=40003)
    ask("www.example.com", ADDRESS, [(ADDRESS, packed(SERVER))], ports=40004)
    # Of two questions from one port a firewall refuses the first, and lets the second vanish.
    sent = capture.add(udp(H1, NAMES, (40005, 53), asked(90, "late.example.com")), after=1)
    capture.add(udp(H1, NAMES, (40005, 53), asked(91, "late.example.com", ADDRESS_6)))
    capture.add(error("192.168.1.1", 3, 13, sent, kept=len(sent)))
    capture.save("names-one-by-one.pcap")


@made("answer-from-another-port.pcap")
def answer_from_another_port():
    """A file by TFTP: the server answers from a port that it chooses for it."""
    capture = Capture()
    capture.add(udp(H1, SERVER, (40000, 69), b"\0\1boot.cfg\0octet\0"))
    for block, data in ((1, b"x" * 512), (2, b"the end")):
        capture.add(udp(SERVER, H1, (50123, 40000), struct.pack(">HH", 3, block) + data, ttl=60), after=0.01)
        capture.add(udp(H1, SERVER, (40000, 50123), struct.pack(">HH", 4, block)))
    capture.add(udp(H1, SERVER, (40001, 69), b"\0\1missing\0octet\0"), after=1)
    capture.save("answer-from-another-port.pcap")


@made("left-before-connected.pcap")
def left_before_connected():
    """A client that only wants to know whether somebody listens: it breaks off as soon as it is answered."""
    capture = Capture()
    for place in range(4):
        ports = (40000 + place, 80)
        capture.add(tcp(H1, SERVER, ports, 1000, 0, SYN), after=0.1)
        capture.add(tcp(SERVER, H1, ports[::-1], 5000, 1001, SYN | ACK, ttl=60))
        capture.add(tcp(H1, SERVER, ports, 1001, 0 if place < 3 else 5001, RST if place < 3 else RST | ACK))
    capture.save("left-before-connected.pcap")


@made("traceroute-silent-hop.pcap")
def traceroute_silent_hop():
    """A traced way of which the second router says nothing."""
    capture = Capture()
    for hops, router in ((1, "192.168.1.1"), (2, None), (3, "10.1.2.1"), (4, SERVER)):
        sent = capture.add(udp(H1, SERVER, (40000 + hops, 33433 + hops), bytes(32), ttl=hops, identification=hops), after=0.01)
        if router:
            kind, code = (3, 3) if router == SERVER else (11, 0)
            capture.add(error(router, kind, code, sent, kept=len(sent), ttl=65 - hops))
    capture.save("traceroute-silent-hop.pcap")


@made("one-machine.pcap")
def one_machine():
    """Nobody asks for addresses of IPv4; but each card shows by neighbour discovery that it has addresses of IPv6 too."""
    capture, home, way = Capture(), "2001:db8:a:1::11", "2001:db8:a:1::1"
    there = hardware(GATEWAY) + hardware(H1)
    back = hardware(H1) + hardware(GATEWAY)
    ports = (40000, 80)
    capture.add(tcp(H1, SERVER, ports, 1000, 0, SYN), link=(there[:6], there[6:]))
    capture.add(tcp(SERVER, H1, ports[::-1], 5000, 1001, SYN | ACK, ttl=62), link=(back[:6], back[6:]))
    capture.add(tcp(H1, SERVER, ports, 1001, 5001, ACK), link=(there[:6], there[6:]))
    for asker, target, ends in ((home, way, there), (way, home, back)):
        owns = [b"\1\1" + ends[6:], b"\2\1" + ends[:6]]
        capture.add(icmp(asker, target, 135, 0, payload=packed(target) + owns[0], ttl=255), after=1, link=(ends[:6], ends[6:]))
        answer = icmp(target, asker, 136, 0, b"\x60\0\0\0", packed(target) + owns[1], ttl=255)
        capture.add(answer, link=(ends[6:], ends[:6]))
    capture.save("one-machine.pcap")
