"""Captures of who attacks, and of who only looks as if: floods of SYNs, scans of UDP ports, claims of addresses that are another's."""

import struct

from made import ACK, FIN, GATEWAY, H1, RST, SERVER, SYN, Capture, echo, error, hardware, made, packed, tcp, udp

BROADCAST = b"\xff" * 6
H2, ATTACKER = "192.168.1.12", "192.168.1.66"


def arp(operation, sender, sender_card, target, target_card=bytes(6)):
    return struct.pack(">HHBBH", 1, 0x0800, 6, 4, operation) + sender_card + packed(sender) + target_card + packed(target)


class Link(Capture):
    """Frames of the home LAN as they are on its cable, ARP among them."""

    def arp(self, packet, destination, after=0.001, source=None):
        self.wait(after)
        self.frames.append((self.now, destination + (source or packet[8:14]) + b"\x08\x06" + packet + bytes(18)))

    def ask(self, asker, target, card=None, after=0.001):
        self.arp(arp(1, asker, card or hardware(asker), target), BROADCAST, after)

    def answer(self, address, card, asker, after=0.001):
        self.arp(arp(2, address, card, asker, hardware(asker)), hardware(asker), after)

    def announce(self, address, card, after=0.001):
        self.arp(arp(1, address, card, address), BROADCAST, after)

    def between(self, source, destination, number, cards, after=0.1, **more):
        self.add(echo(source, destination, number, **more), after=after, link=(cards[1], cards[0]))


@made("syn-flood.pcap")
def syn_flood():
    """Many SYNs from addresses that are made up; the server answers and waits. A client that is real gets through once."""
    capture = Capture()
    calls = [(f"198.51.{100 + number // 200}.{1 + number % 200}", 1024 + number * 131 % 60000, number * 7919) for number in range(240)]
    for number, (caller, port, first) in enumerate(calls):
        capture.add(tcp(caller, SERVER, (port, 80), first, 0, SYN, ttl=240), after=0.004)
        capture.add(tcp(SERVER, caller, (80, port), 5000 + number, first + 1, SYN | ACK, ttl=64), after=0.0001)
    ports, back = (40000, 80), (80, 40000)
    capture.add(tcp(H1, SERVER, ports, 1000, 0, SYN))
    capture.add(tcp(SERVER, H1, back, 9000, 1001, SYN | ACK))
    capture.add(tcp(H1, SERVER, ports, 1001, 9001, ACK))
    capture.add(tcp(H1, SERVER, ports, 1001, 9001, ACK, b"GET / HTTP/1.0\r\n\r\n"))
    for number, (caller, port, first) in enumerate(calls[:15]):
        capture.add(tcp(SERVER, caller, (80, port), 5000 + number, first + 1, SYN | ACK, ttl=64), after=0.004)
    capture.save("syn-flood.pcap")


@made("syns-alone.pcap")
def syns_alone():
    """A server that has much to do, captured with a filter that keeps SYNs and their answers alone: all that follows them is missing."""
    capture = Capture()
    for number in range(150):
        caller, port, first = f"198.51.100.{1 + number}", 1024 + number * 131 % 60000, number * 7919
        capture.add(tcp(caller, SERVER, (port, 80), first, 0, SYN, ttl=54), after=0.02)
        capture.add(tcp(SERVER, caller, (80, port), 5000 + number, first + 1, SYN | ACK), after=0.0001)
    capture.save("syns-alone.pcap")


@made("udp-scan.pcap")
def udp_scan():
    """Thirty ports of UDP are tried, one answers, twenty are refused by ICMP, and nothing is heard of the others."""
    capture = Capture()
    for number, port in enumerate([7, 9, 13, 17, 19, 37, 49, 53, 67, 69, 88, 111, 120, 123, 135, 137, 138, 161, 162, 177, 427, 445, 500,
                                   514, 520, 631, 1434, 1645, 1812, 1900]):
        asked = capture.add(udp(H1, SERVER, (54321, port), identification=number), after=0.05)
        if port == 123:
            capture.add(udp(SERVER, H1, (123, 54321), bytes(48), ttl=60))
        elif number % 3 < 2:
            capture.add(error(SERVER, 3, 3, asked, ttl=60))
    capture.save("udp-scan.pcap")


@made("udp-answers-alone.pcap")
def udp_answers_alone():
    """A name server's answers to forty ports of a client; the questions took another way and are not captured."""
    capture = Capture()
    for number in range(40):
        capture.add(udp(SERVER, H1, (53, 1024 + number * 211 % 9000), bytes(40), ttl=60), after=0.05)
    capture.save("udp-answers-alone.pcap")


@made("arp-spoofing-unasked.pcap")
def arp_spoofing_unasked():
    """A card tells h1 every second, unasked, that it is the gateway, and passes on what h1 sends. It never asks for the gateway itself."""
    capture, own, attacker = Link(), hardware(H1), hardware(ATTACKER)
    capture.ask(H1, GATEWAY)
    capture.answer(GATEWAY, hardware(GATEWAY), H1)
    capture.between(H1, SERVER, 1, (own, hardware(GATEWAY)))
    for number in range(2, 9):
        capture.answer(GATEWAY, attacker, H1, after=1)
        capture.between(H1, SERVER, number, (own, attacker))
        capture.between(H1, SERVER, number, (attacker, hardware(GATEWAY)), after=0.001, ttl=63)
    capture.save("arp-spoofing-unasked.pcap")


@made("arp-spoofing-both-ways.pcap")
def arp_spoofing_both_ways():
    """A card tells each of two hosts that it is the other: none of them is a gateway."""
    capture, attacker = Link(), hardware(ATTACKER)
    capture.ask(H1, H2)
    capture.answer(H2, hardware(H2), H1)
    for number in range(3):
        capture.answer(H2, attacker, H1, after=1)
        capture.answer(H1, attacker, H2)
        capture.between(H1, H2, number, (hardware(H1), attacker))
        capture.between(H1, H2, number, (attacker, hardware(H2)), after=0.001)
    capture.save("arp-spoofing-both-ways.pcap")


@made("two-cards.pcap")
def two_cards():
    """One machine with two cards on the LAN: each answers for both of its addresses."""
    link = Link()
    cards = [hardware(H2), hardware("192.168.1.13")]
    for address in [H2, "192.168.1.13"]:
        link.ask(H1, address, after=0.3)
        for card in cards:
            link.answer(address, card, H1, after=0.00002)
        link.between(H1, address, 1, (hardware(H1), cards[0]), after=0.0001)
        link.between(address, H1, 1, (cards[0], hardware(H1)), after=0.00005, reply=True)
    link.save("two-cards.pcap")


@made("proxy-unseen.pcap")
def proxy_unseen():
    """A gateway takes connections over and answers in the server's name; a ping gets as far as the server."""
    capture, ports, back = Capture(), (40000, 80), (80, 40000)
    capture.add(echo(H1, SERVER, 1))
    capture.add(echo(SERVER, H1, 1, reply=True, ttl=62), after=0.02)
    asked, said = b"GET / HTTP/1.0\r\nHost: 10.130.1.4\r\n\r\n", b"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nhi\n"
    capture.add(tcp(H1, SERVER, ports, 1000, 0, SYN), after=1)
    capture.add(tcp(SERVER, H1, back, 9000, 1001, SYN | ACK), after=0.0002)
    capture.add(tcp(H1, SERVER, ports, 1001, 9001, ACK))
    capture.add(tcp(H1, SERVER, ports, 1001, 9001, ACK, asked))
    capture.add(tcp(SERVER, H1, back, 9001, 1001 + len(asked), ACK, said), after=0.01)
    capture.add(tcp(H1, SERVER, ports, 1001 + len(asked), 9001 + len(said), ACK | FIN))
    capture.add(tcp(SERVER, H1, back, 9001 + len(said), 1002 + len(asked), ACK | FIN))
    capture.add(tcp(H1, SERVER, ports, 1002 + len(asked), 9002 + len(said), ACK))
    capture.save("proxy-unseen.pcap")


@made("arp-in-turn.pcap")
def arp_in_turn():
    """A card tells everybody again and again that it has the gateway's address, and the gateway goes on asking for its hosts."""
    capture, other = Link(), hardware(ATTACKER)
    for _ in range(5):
        capture.ask(GATEWAY, H1, after=2)
        capture.answer(H1, hardware(H1), GATEWAY)
        capture.announce(GATEWAY, other, after=2)
    capture.save("arp-in-turn.pcap")


@made("fail-over-and-back.pcap")
def fail_over_and_back():
    """Two routers that share an address without a hardware address of their own for it: one fails, the other takes over, and back."""
    capture, first, second = Link(), hardware(GATEWAY), hardware("192.168.1.2")
    capture.ask(H1, GATEWAY)
    capture.answer(GATEWAY, first, H1)
    for card in (second, first, second):
        for _ in range(5):
            capture.announce(GATEWAY, card, after=0.5)
        for _ in range(5):
            capture.announce(GATEWAY, card, after=1)
        capture.ask(GATEWAY, H1, card=card, after=5)
        capture.arp(arp(2, H1, hardware(H1), GATEWAY, card), card)
    capture.save("fail-over-and-back.pcap")


@made("card-replaced.pcap")
def card_replaced():
    """A gateway gets another card: its address is told to h1 anew whenever h1 asks, and once to all."""
    capture, before, after = Link(), hardware(GATEWAY), bytes.fromhex("020000000099")
    capture.ask(H1, GATEWAY)
    capture.answer(GATEWAY, before, H1)
    capture.announce(GATEWAY, after, after=60)
    for _ in range(8):
        capture.ask(H1, GATEWAY, after=30)
        capture.answer(GATEWAY, after, H1)
    capture.save("card-replaced.pcap")


@made("stops-acknowledging.pcap")
def stops_acknowledging():
    """A printer takes some of what it is sent, and says nothing any more then; the last bytes are sent again every five seconds."""
    capture, ports, back = Capture(), (40000, 9100), (9100, 40000)
    capture.add(tcp(H1, SERVER, ports, 1000, 0, SYN))
    capture.add(tcp(SERVER, H1, back, 5000, 1001, SYN | ACK, ttl=60))
    capture.add(tcp(H1, SERVER, ports, 1001, 5001, ACK))
    for number in range(3):
        capture.add(tcp(H1, SERVER, ports, 1001 + number * 500, 5001, ACK, b"print" * 100))
        capture.add(tcp(SERVER, H1, back, 5001, 1501 + number * 500, ACK, ttl=60))
    for wait in (0.1, 5, 5.5, 5.6):
        capture.add(tcp(H1, SERVER, ports, 2501, 5001, ACK, b"the last page" * 40), after=wait)
    capture.save("stops-acknowledging.pcap")


@made("reset-by-client.pcap")
def reset_by_client():
    """A client that has what it wanted and is rid of the connection at once."""
    capture, ports, back = Capture(), (40000, 7000), (7000, 40000)
    capture.add(tcp(H1, SERVER, ports, 1000, 0, SYN))
    capture.add(tcp(SERVER, H1, back, 5000, 1001, SYN | ACK, ttl=60))
    capture.add(tcp(H1, SERVER, ports, 1001, 5001, ACK))
    capture.add(tcp(H1, SERVER, ports, 1001, 5001, ACK, b"what is the time?"))
    capture.add(tcp(SERVER, H1, back, 5001, 1018, ACK, b"late", ttl=60))
    capture.add(tcp(H1, SERVER, ports, 1018, 5005, ACK))
    capture.add(tcp(H1, SERVER, ports, 1018, 5005, RST | ACK))
    capture.save("reset-by-client.pcap")


@made("sent-twice-then-closed.pcap")
def sent_twice_then_closed():
    """The same, but the printer acknowledges in the end."""
    capture, ports, back = Capture(), (40000, 9100), (9100, 40000)
    capture.add(tcp(H1, SERVER, ports, 1000, 0, SYN))
    capture.add(tcp(SERVER, H1, back, 5000, 1001, SYN | ACK, ttl=60))
    capture.add(tcp(H1, SERVER, ports, 1001, 5001, ACK))
    for wait in (0.1, 5, 5.5, 5.6):
        capture.add(tcp(H1, SERVER, ports, 1001, 5001, ACK, b"the last page" * 40), after=wait)
    capture.add(tcp(SERVER, H1, back, 5001, 1521, ACK, ttl=60))
    capture.add(tcp(H1, SERVER, ports, 1521, 5001, ACK | FIN))
    capture.add(tcp(SERVER, H1, back, 5001, 1522, ACK | FIN, ttl=60))
    capture.add(tcp(H1, SERVER, ports, 1522, 5002, ACK))
    capture.save("sent-twice-then-closed.pcap")


@made("arp-spoofing-asks.pcap")
def arp_spoofing_asks():
    """A card asks h1 in the gateway's name, is answered, and says once more that it is the gateway; later it asks for the gateway as itself."""
    capture, own, attacker = Link(), hardware(H1), hardware(ATTACKER)
    for place, other in enumerate((SERVER, "10.1.1.1")):
        capture.between(H1, other, 1 + place, (own, hardware(GATEWAY)))
        capture.add(echo(other, H1, 1 + place, reply=True, ttl=61 + place), link=(own, hardware(GATEWAY)))
    capture.arp(arp(1, GATEWAY, attacker, H1), own, after=1)
    capture.answer(H1, own, GATEWAY)
    capture.answer(GATEWAY, attacker, H1)
    capture.between(H1, SERVER, 2, (own, attacker))
    capture.ask(ATTACKER, GATEWAY, after=1)
    capture.save("arp-spoofing-asks.pcap")
