"""One end of a PPPoE session (RFC 2516), for a kernel without PPP: the subscriber's modem, or the provider's concentrator.

    pppoe_end.py modem ETHERNET DEVICE
    pppoe_end.py concentrator ETHERNET DEVICE OWN-ADDRESS SUBSCRIBER-ADDRESS NAME-SERVER

It negotiates LCP, PAP and IPCP, gives DEVICE the address agreed on, and then carries what the kernel routes into DEVICE.
On SIGTERM the modem ends the session.
"""

import os
import select
import signal
import socket
import struct
import sys

import devices
import ppp

DISCOVERY, SESSION = 0x8863, 0x8864
PADI, PADO, PADR, PADS, PADT = 0x09, 0x07, 0x19, 0x65, 0xA7
SERVICE_NAME, CONCENTRATOR_NAME, HOST_UNIQUE, COOKIE = 0x0101, 0x0102, 0x0103, 0x0104
EVERYBODY = b"\xff" * 6
USER, PASSWORD = b"h1@isp.example", b"not-a-secret"
# An Ethernet frame's 1500 bytes, less PPPoE's six and PPP's two.
LARGEST = 1492


def tags(*pairs):
    return b"".join(struct.pack("!HH", kind, len(value)) + value for kind, value in pairs)


def read_tags(data):
    found = {}
    while len(data) >= 4:
        kind, length = struct.unpack_from("!HH", data)
        found[kind] = data[4 : 4 + length]
        data = data[4 + length :]
    return found


class End:
    def __init__(self, ethernet, device, addresses=None):
        self.name, self.device = ethernet, device
        self.serves = addresses is not None
        self.own, self.peer, self.name_server = [socket.inet_aton(a) for a in addresses or ["0.0.0.0"] * 3]
        self.wire = devices.frames(ethernet)
        self.tun = devices.tunnel(device)
        self.hardware = self.wire.getsockname()[4]
        self.other, self.session, self.ended = EVERYBODY, 0, False
        self.magic = os.urandom(4)
        wanted = {ppp.MAXIMUM_RECEIVE_UNIT: struct.pack("!H", LARGEST), ppp.MAGIC: self.magic}
        if self.serves:
            wanted[ppp.AUTHENTICATION] = struct.pack("!H", ppp.PAP)
        self.lcp = ppp.Negotiation(self.sender(ppp.LCP), wanted, lambda asked: (ppp.ACK, asked), self.link_opened)
        wanted = {ppp.ADDRESS: self.own}
        if not self.serves:
            wanted[ppp.NAME_SERVER] = self.name_server
        self.ipcp = ppp.Negotiation(self.sender(ppp.IPCP), wanted, self.judge_addresses, self.network_opened)

    def discover(self, code, body):
        head = self.other + self.hardware + struct.pack("!HBBHH", DISCOVERY, 0x11, code, self.session, len(body))
        self.wire.send(head + body)

    def carry(self, protocol, packet):
        head = struct.pack("!HBBHHH", SESSION, 0x11, 0, self.session, 2 + len(packet), protocol)
        self.wire.send(self.other + self.hardware + head + packet)

    def sender(self, protocol):
        return lambda packet: self.carry(protocol, packet)

    def judge_addresses(self, asked):
        """The concentrator knows better which address the subscriber has; the modem takes what it is told."""
        right = {ppp.ADDRESS: self.peer, ppp.NAME_SERVER: self.name_server}
        wrong = {kind: right[kind] for kind in asked if kind in right and asked[kind] != right[kind]}
        if self.serves and wrong:
            return ppp.NAK, wrong
        self.peer = asked.get(ppp.ADDRESS, self.peer)
        return ppp.ACK, asked

    def link_opened(self):
        if not self.serves:
            login = bytes([len(USER)]) + USER + bytes([len(PASSWORD)]) + PASSWORD
            self.carry(ppp.PAP, ppp.control(ppp.REQUEST, 1, login))

    def network_opened(self):
        own = socket.inet_ntoa(self.ipcp.wanted[ppp.ADDRESS])
        devices.run("ip", "link", "set", self.device, "mtu", str(LARGEST))
        devices.run("ip", "addr", "add", own, "peer", socket.inet_ntoa(self.peer), "dev", self.device)
        devices.run("ip", "link", "set", self.device, "up")
        if not self.serves:
            devices.run("ip", "route", "replace", "default", "dev", self.device)
            self.carry(ppp.LCP, ppp.control(ppp.ECHO, 1, self.magic))

    def discovered(self, source, code, session, found):
        if self.serves and code in (PADI, PADR):
            self.other = source
            self.session = 0x0A19 if code == PADR else 0
            answer = [(SERVICE_NAME, b""), (CONCENTRATOR_NAME, self.name.encode("ascii"))]
            answer += [(kind, found[kind]) for kind in (HOST_UNIQUE, COOKIE) if kind in found]
            if code == PADI:
                answer.append((COOKIE, os.urandom(8)))
            self.discover(PADO if code == PADI else PADS, tags(*answer))
            if code == PADR:
                self.lcp.request()
        elif code == PADO:
            self.other = source
            kept = [(kind, found[kind]) for kind in (HOST_UNIQUE, COOKIE) if kind in found]
            self.discover(PADR, tags((SERVICE_NAME, b""), *kept))
        elif code == PADS:
            self.session = session
            self.lcp.request()
        elif code == PADT:
            self.ended = True

    def carried(self, protocol, packet):
        if protocol == ppp.IPV4:
            os.write(self.tun, packet)
            return
        code, identifier, length = struct.unpack_from("!BBH", packet)
        data = packet[4:length]
        if protocol == ppp.LCP and code == ppp.ECHO:
            self.carry(ppp.LCP, ppp.control(ppp.ECHO_REPLY, identifier, self.magic))
        elif protocol == ppp.LCP and code == ppp.TERMINATE:
            self.carry(ppp.LCP, ppp.control(ppp.TERMINATED, identifier))
        elif protocol == ppp.LCP and code == ppp.TERMINATED:
            self.discover(PADT, b"")
            self.ended = True
        elif protocol == ppp.LCP and code <= ppp.REJECT:
            self.lcp.receive(code, identifier, data)
        elif protocol == ppp.PAP and code == ppp.REQUEST:
            self.carry(ppp.PAP, ppp.control(ppp.ACK, identifier, b"\x07Welcome"))
            self.ipcp.request()
        elif protocol == ppp.PAP and code == ppp.ACK:
            # It would have IPv6 as well; the concentrator has no such protocol and says so.
            self.carry(ppp.IPV6CP, ppp.control(ppp.REQUEST, 1, bytes([1, 10]) + os.urandom(8)))
            self.ipcp.request()
        elif protocol == ppp.IPCP:
            self.ipcp.receive(code, identifier, data)
        elif protocol != ppp.LCP and self.serves:
            refused = ppp.control(ppp.PROTOCOL_REJECT, 1, struct.pack("!H", protocol) + packet[:length])
            self.carry(ppp.LCP, refused)

    def step(self):
        for ready in select.select([self.wire, self.tun], [], [], 0.2)[0]:
            if ready is self.tun:
                self.carry(ppp.IPV4, os.read(self.tun, 65536))
                continue
            frame = devices.receive(self.wire)
            if not frame or len(frame) < 20 or frame[:6] not in (self.hardware, EVERYBODY):
                continue
            kind, _, code, session, length = struct.unpack_from("!HBBHH", frame, 12)
            if kind == DISCOVERY:
                self.discovered(frame[6:12], code, session, read_tags(frame[20 : 20 + length]))
            elif kind == SESSION and session == self.session:
                self.carried(struct.unpack_from("!H", frame, 20)[0], frame[22 : 20 + length])


def main(role, ethernet, device, *addresses):
    end = End(ethernet, device, addresses if role == "concentrator" else None)
    asked_to_end = []
    signal.signal(signal.SIGTERM, lambda *_: asked_to_end.append(True))
    if role == "modem":
        end.discover(PADI, tags((SERVICE_NAME, b""), (HOST_UNIQUE, os.urandom(4))))
    while not end.ended:
        end.step()
        if asked_to_end:
            asked_to_end.clear()
            if role == "concentrator":
                return
            end.carry(ppp.LCP, ppp.control(ppp.TERMINATE, 9, b"Good night"))


if __name__ == "__main__":
    main(*sys.argv[1:])
