"""Captures of links that a test has no hardware for: wireless networks, and PPP over a line."""

import os
import struct

from made import BEGIN, FOLDER, made

ACCESS_POINT, STATION = bytes.fromhex("020a00000001"), bytes.fromhex("020a00000011")
WIRELESS, PPP = 105, 9


class Line:
    """Frames of one kind of link."""

    def __init__(self, link_type):
        self.link_type, self.frames, self.now = link_type, [], BEGIN

    def add(self, frame, after=0.001):
        self.now += round(after * 1_000_000)
        self.frames.append((self.now, frame))

    def save(self, name):
        with open(os.path.join(FOLDER, name), "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, self.link_type))
            for time, frame in self.frames:
                file.write(struct.pack("<IIII", time // 1_000_000, time % 1_000_000, len(frame), len(frame)) + frame)


class Air(Line):
    """802.11 between one station and one access point."""

    def __init__(self):
        super().__init__(WIRELESS)
        self.sequence = 0

    def send(self, control, receiver, transmitter, third, body, after=0.001):
        self.sequence += 1
        header = struct.pack("<H", control) + b"\x3a\x01" + receiver + transmitter + third + struct.pack("<H", self.sequence << 4)
        self.add(header + body, after)

    def manage(self, subtype, to_station, body, after=0.001):
        ends = (STATION, ACCESS_POINT) if to_station else (ACCESS_POINT, STATION)
        self.send(subtype << 4, *ends, ACCESS_POINT, body, after)

    def join(self, status=0):
        name = b"\x00\x04home\x01\x04\x82\x84\x8b\x96"
        self.manage(11, False, struct.pack("<HHH", 0, 1, 0))
        self.manage(11, True, struct.pack("<HHH", 0, 2, 0))
        self.manage(0, False, struct.pack("<HH", 0x0431, 10) + name)
        self.manage(1, True, struct.pack("<HHH", 0x0431, status, 0xC001) + name[6:])

    def key(self, number, counter, after=0.001):
        """One of the four messages that agree on keys."""
        says = {1: 0x008A, 2: 0x010A, 3: 0x13CA, 4: 0x030A}[number]
        data = {1: b"", 2: bytes(22), 3: bytes(56), 4: b""}[number]
        body = struct.pack(">BHHQ", 2, says, 16, counter) + bytes([number]) * 32 + bytes(32) + bytes(16 if number == 1 else [number] * 16)
        body += struct.pack(">H", len(data)) + data
        key = b"\xaa\xaa\x03\0\0\0\x88\x8e" + struct.pack(">BBH", 2, 3, len(body)) + body
        if number % 2:
            self.send(0x0208, STATION, ACCESS_POINT, ACCESS_POINT, key, after)
        else:
            self.send(0x0108, ACCESS_POINT, STATION, ACCESS_POINT, key, after)


@made("wireless-wrong-passphrase.pcap")
def wireless_wrong_passphrase():
    """A station with another passphrase than the network's: its answer is right in form, and the access point begins anew."""
    air = Air()
    air.join()
    for counter in range(1, 5):
        air.key(1, counter, after=1 if counter > 1 else 0.001)
        air.key(2, counter, after=0.003)
    air.manage(12, True, struct.pack("<H", 15))
    air.save("wireless-wrong-passphrase.pcap")


@made("wireless-joined.pcap")
def wireless_joined():
    """The same with the right one: the first message is repeated once, as the answer to it was lost, and then all goes on."""
    air = Air()
    air.join()
    air.key(1, 1)
    air.key(2, 1, after=0.003)
    air.key(1, 2, after=1)
    air.key(2, 2, after=0.003)
    air.key(3, 3)
    air.key(4, 3)
    air.send(0x4108, ACCESS_POINT, STATION, bytes.fromhex("333300000002"), bytes(8) + b"\x5a" * 64, after=0.1)
    air.manage(12, True, struct.pack("<H", 3), after=30)
    air.save("wireless-joined.pcap")


@made("wireless-refused.pcap")
def wireless_refused():
    """An access point that has no room for another station."""
    air = Air()
    air.join(status=17)
    air.save("wireless-refused.pcap")


@made("ppp-challenge-refused.pcap")
def ppp_challenge_refused():
    """A line where the password is never said: a challenge, an answer made of it and the password, and a refusal."""
    line = Line(PPP)
    message = lambda protocol, code, body: b"\xff\x03" + struct.pack(">HBBH", protocol, code, 7, 4 + len(body)) + body
    line.add(message(0xC021, 1, b"\x03\x05\xc2\x23\x05"))
    line.add(message(0xC021, 2, b"\x03\x05\xc2\x23\x05"))
    line.add(message(0xC223, 1, b"\x10" + bytes(range(16)) + b"isp"))
    line.add(message(0xC223, 2, b"\x10" + bytes(range(100, 116)) + b"h1@isp.example"))
    line.add(message(0xC223, 4, b"no such user, or another password"))
    line.save("ppp-challenge-refused.pcap")
