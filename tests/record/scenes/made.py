"""TCP conversations that programs will not hold to order: written segment by segment, with right checksums.

Nothing of these was ever on a wire. Times, sequence numbers and options are as Linux has them.
"""

import os
import struct

from recording import CAPTURES
from scenes import scene

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
# A maximum segment size of 1460, and that selective acknowledgements are understood.
OFFER = bytes([2, 4, 0x05, 0xB4, 1, 1, 4, 2])


def checksum(data):
    total = sum(struct.unpack(f"!{len(data + bytes(len(data) % 2)) // 2}H", data + bytes(len(data) % 2)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Side:
    """One end: its address, its port, and where its stream begins."""

    def __init__(self, address, port, first, ttl=64):
        self.address = bytes(int(part) for part in address.split("."))
        self.link = b"\x02\x00" + self.address
        self.port = port
        self.first = first
        self.ttl = ttl
        self.identification = first & 0xFFFF


class Wire:
    """A capture that grows by segments."""

    def __init__(self, client=("192.168.1.11", 40000), server=("192.168.1.4", 80)):
        self.client = Side(*client, 1_000_000)
        self.server = Side(*server, 7_000_000)
        self.out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
        self.now = 1_700_000_000_000_000

    def frame(self, data):
        self.out += struct.pack("<IIII", self.now // 1_000_000, self.now % 1_000_000, len(data), len(data)) + data

    def send(self, sender, flags, sequence, acknowledgement=None, data=b"", after=100, options=b""):
        """`sequence` and `acknowledgement` count from the SYN, `after` is in microseconds."""
        self.now += after
        receiver = self.server if sender is self.client else self.client
        if acknowledgement is not None:
            flags |= ACK
        number = 0 if acknowledgement is None else receiver.first + acknowledgement
        length = 20 + len(options)
        header = struct.pack("!HHIIBBHHH", sender.port, receiver.port, sender.first + sequence, number, length // 4 << 4, flags, 64240, 0, 0)
        pseudo = sender.address + receiver.address + struct.pack("!HH", 6, length + len(data))
        total = checksum(pseudo + header + options + data)
        segment = header[:16] + struct.pack("!H", total) + header[18:] + options + data
        sender.identification += 1
        packet = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(segment), sender.identification & 0xFFFF, 0x4000, sender.ttl, 6, 0)
        packet += sender.address + receiver.address
        packet = packet[:10] + struct.pack("!H", checksum(packet)) + packet[12:]
        self.frame(receiver.link + sender.link + b"\x08\x00" + packet + segment)

    def open(self):
        self.send(self.client, SYN, 0, options=OFFER)
        self.send(self.server, SYN, 0, 1, options=OFFER, after=2_000)
        self.send(self.client, 0, 1, 1)

    def arp(self, after):
        """One host asks for another: life goes on."""
        self.now += after
        asks = struct.pack("!HHBBH", 1, 0x0800, 6, 4, 1) + self.client.link + self.client.address + bytes(6) + self.server.address
        self.frame(b"\xff" * 6 + self.client.link + b"\x08\x06" + asks)
        answers = struct.pack("!HHBBH", 1, 0x0800, 6, 4, 2) + self.server.link + self.server.address + self.client.link + self.client.address
        self.frame(self.client.link + self.server.link + b"\x08\x06" + answers)

    def save(self, name):
        with open(os.path.join(CAPTURES, name), "wb") as file:
            file.write(self.out)


@scene("simultaneous-open.pcap")
def simultaneous_open():
    wire = Wire(server=("192.168.1.4", 40001))
    wire.send(wire.client, SYN, 0, options=OFFER)
    wire.send(wire.server, SYN, 0, options=OFFER, after=300)
    wire.send(wire.client, SYN, 0, 1, options=OFFER, after=50)
    wire.send(wire.server, SYN, 0, 1, options=OFFER, after=1_000)
    wire.send(wire.client, PSH, 1, 1, b"hello", after=500)
    wire.send(wire.server, 0, 1, 6)
    wire.save("simultaneous-open.pcap")


@scene("accept-queue-full.pcap")
def accept_queue_full():
    wire = Wire()
    wire.open()
    wire.send(wire.server, SYN, 0, 1, options=OFFER, after=1_020_000)
    wire.send(wire.client, 0, 1, 1)
    wire.send(wire.server, SYN, 0, 1, options=OFFER, after=2_016_000)
    wire.send(wire.client, 0, 1, 1)
    wire.send(wire.client, PSH, 1, 1, b"GET / HTTP/1.0\r\n\r\n", after=10_000)
    wire.send(wire.server, 0, 1, 19, after=2_000)
    wire.save("accept-queue-full.pcap")


@scene("reset-while-sending.pcap")
def reset_while_sending():
    """A download that is cancelled: three segments are under way when the client's program is ended."""
    wire = Wire()
    wire.open()
    wire.send(wire.client, PSH, 1, 1, b"GET /film HTTP/1.0\r\n\r\n")
    wire.send(wire.server, 0, 1, 23, after=2_000)
    for place in range(4):
        wire.send(wire.server, 0, 1 + 1000 * place, 23, bytes(1000), after=20)
    wire.send(wire.client, 0, 23, 1001)
    wire.send(wire.client, RST, 23, 1001, after=300)
    wire.save("reset-while-sending.pcap")


@scene("reset-late.pcap")
def reset_late():
    """The client closes when it has what it wanted, and the server says a word more."""
    wire = Wire()
    wire.open()
    wire.send(wire.client, PSH, 1, 1, b"name?\n")
    wire.send(wire.server, PSH, 1, 7, b"www\n", after=2_000)
    wire.send(wire.client, FIN, 7, 5)
    wire.send(wire.server, PSH, 5, 8, b"goodbye\n", after=2_000)
    wire.send(wire.client, RST, 8)
    wire.save("reset-late.pcap")


@scene("reset-to-close.pcap")
def reset_to_close():
    """Both have said everything, and the client saves itself the farewell."""
    wire = Wire()
    wire.open()
    wire.send(wire.client, PSH, 1, 1, b"name?\n")
    wire.send(wire.server, PSH | FIN, 1, 7, b"www\n", after=2_000)
    wire.send(wire.client, RST, 7, 6)
    wire.save("reset-to-close.pcap")


@scene("half-closed.pcap")
def half_closed():
    """The server closes, the client's program never does; two minutes later the hosts still speak of other things."""
    wire = Wire()
    wire.open()
    wire.send(wire.client, PSH, 1, 1, b"name?\n")
    wire.send(wire.server, PSH | FIN, 1, 7, b"www\n", after=2_000)
    wire.send(wire.client, 0, 7, 6)
    wire.arp(120_000_000)
    wire.save("half-closed.pcap")


@scene("tail-probe.pcap")
def tail_probe():
    """Three segments of which the second and the third are lost: after two round trips the last of them is sent again, and the
    answer says that the second is missing too."""
    wire = Wire()
    wire.open()
    for place in range(3):
        wire.send(wire.client, PSH if place == 2 else 0, 1 + 1000 * place, 1, bytes(1000), after=20)
    wire.send(wire.server, 0, 1, 1001, after=2_000)
    wire.send(wire.client, PSH, 2001, 1, bytes(1000), after=5_000)
    block = struct.pack("!BBBBII", 1, 1, 5, 10, *(wire.client.first + place for place in (2001, 3001)))
    wire.send(wire.server, 0, 1, 1001, after=2_000, options=block)
    wire.send(wire.client, 0, 1001, 1, bytes(1000))
    wire.send(wire.server, 0, 1, 3001, after=2_000)
    wire.save("tail-probe.pcap")


@scene("called-anew.pcap")
def called_anew():
    """The client has restarted and calls from the port that it had: the server answers for the old connection, is told that
    this is over, and takes the next SYN."""
    wire = Wire()
    wire.open()
    wire.send(wire.client, PSH, 1, 1, b"name?\n")
    wire.send(wire.server, PSH, 1, 7, b"www\n", after=2_000)
    wire.send(wire.client, 0, 7, 5)
    wire.send(wire.client, SYN, 5_000_000, options=OFFER, after=8_000_000)
    wire.send(wire.server, 0, 5, 7, after=2_000)
    wire.send(wire.client, RST, 7)
    wire.send(wire.client, SYN, 5_000_000, options=OFFER, after=1_000_000)
    wire.send(wire.server, SYN, 9_000_000, 5_000_001, options=OFFER, after=2_000)
    wire.send(wire.client, 0, 5_000_001, 9_000_001)
    wire.save("called-anew.pcap")
