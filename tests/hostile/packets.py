"""Packets and captures, as few lines as make them whole."""

import struct

ETHERNET = bytes.fromhex("020000000002020000000001")
CLIENT, SERVER = 0x0A000001, 0x0A000002
SYN, SYN_ACK, ACK, PUSH_ACK, FIN_ACK = 0x02, 0x12, 0x10, 0x18, 0x11


class Capture:
    """A pcap file that is written frame by frame, a microsecond apart or as far as is said."""

    def __init__(self, path, step=10):
        self.file = open(path, "wb", 1 << 22)
        self.file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        self.now, self.step = 1_700_000_000_000_000, step

    def frame(self, data):
        seconds, microseconds = divmod(self.now, 1_000_000)
        self.now += self.step
        self.file.write(struct.pack("<IIII", seconds, microseconds, len(data), len(data)) + data)

    def close(self):
        self.file.close()


def checksum(data):
    if len(data) & 1:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ethernet(packet, kind=0x0800):
    return ETHERNET + struct.pack(">H", kind) + packet


def ipv4(payload, protocol, source=CLIENT, destination=SERVER, identification=1, fragment=0):
    total = min(20 + len(payload), 65535)
    head = struct.pack(">BBHHHBBHII", 0x45, 0, total, identification & 0xFFFF, fragment, 64, protocol, 0, source, destination)
    return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + payload


def ipv6(payload, protocol):
    addresses = bytes.fromhex("20010db8000000000000000000000001" "20010db8000000000000000000000002")
    return struct.pack(">IHBB", 0x60000000, len(payload) & 0xFFFF, protocol, 64) + addresses + payload


def tcp(ports, sequence, acknowledgement, flags, payload=b"", source=CLIENT, destination=SERVER):
    head = struct.pack(">HHIIBBHHH", *ports, sequence & 0xFFFFFFFF, acknowledgement & 0xFFFFFFFF, 0x50, flags, 65535, 0, 0)
    pseudo = struct.pack(">IIHH", source, destination, 6, len(head) + len(payload))
    total = checksum(pseudo + head + payload)
    return ethernet(ipv4(head[:16] + struct.pack(">H", total) + head[18:] + payload, 6, source, destination))


def udp(ports, payload, **where):
    return ethernet(ipv4(struct.pack(">HHHH", *ports, 8 + len(payload), 0) + payload, 17, **where))


class Connection:
    """A TCP connection whose both sides keep to the rules."""

    def __init__(self, capture, client_port=40000, server_port=80):
        self.capture, self.ports = capture, (client_port, server_port)
        self.sequence, self.acknowledgement = 1000, 6000
        self.send(SYN)
        self.answer(SYN_ACK)
        self.send(ACK)

    def send(self, flags, payload=b""):
        acknowledgement = 0 if flags == SYN else self.acknowledgement
        self.capture.frame(tcp(self.ports, self.sequence, acknowledgement, flags, payload))
        self.sequence += len(payload) + (flags & 3 != 0)

    def answer(self, flags, payload=b""):
        ports = self.ports[::-1]
        self.capture.frame(tcp(ports, self.acknowledgement, self.sequence, flags, payload, SERVER, CLIENT))
        self.acknowledgement += len(payload) + (flags & 3 != 0)

    def say(self, data, answers=False):
        for start in range(0, len(data), 1400):
            (self.answer if answers else self.send)(PUSH_ACK, data[start : start + 1400])

    def close(self):
        self.answer(FIN_ACK)
        self.send(FIN_ACK)
        self.answer(ACK)


def exchange(capture, head, body, client_port=40000, path=b"/"):
    """A request and its answer, in a connection of their own."""
    connection = Connection(capture, client_port)
    connection.say(b"GET " + path + b" HTTP/1.1\r\nHost: www.example\r\n\r\n")
    connection.say(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n" + body, answers=True)
    connection.close()
