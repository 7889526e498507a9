"""PPP's control packets (RFC 1661), and the negotiation of one protocol's options."""

import struct

LCP, PAP, IPCP, IPV6CP, IPV4 = 0xC021, 0xC023, 0x8021, 0x8057, 0x0021
REQUEST, ACK, NAK, REJECT, TERMINATE, TERMINATED, PROTOCOL_REJECT, ECHO, ECHO_REPLY = 1, 2, 3, 4, 5, 6, 8, 9, 10
# Options: of LCP the first three, of IPCP the others.
MAXIMUM_RECEIVE_UNIT, AUTHENTICATION, MAGIC = 1, 3, 5
ADDRESS, NAME_SERVER = 3, 129


def control(code, identifier, data=b""):
    return struct.pack("!BBH", code, identifier, 4 + len(data)) + data


def written(options):
    return b"".join(struct.pack("!BB", kind, 2 + len(value)) + value for kind, value in options.items())


def read(data):
    options = {}
    while len(data) >= 2:
        options[data[0]] = data[2 : data[1]]
        data = data[data[1] :]
    return options


class Negotiation:
    """Both ends ask for what they want until each has agreed to what the other asks.

    `judge` looks at the peer's options and gives the code to answer with and the options to put into the answer. Nothing
    is asked twice for want of an answer: the cable between two namespaces loses nothing.
    """

    def __init__(self, send, wanted, judge, opened):
        self.send, self.wanted, self.judge, self.opened = send, dict(wanted), judge, opened
        self.identifier = 0
        self.mine = self.theirs = False

    def request(self):
        self.identifier += 1
        self.send(control(REQUEST, self.identifier, written(self.wanted)))

    def receive(self, code, identifier, data):
        was_open = self.mine and self.theirs
        if code == REQUEST:
            verdict, options = self.judge(read(data))
            self.send(control(verdict, identifier, written(options)))
            self.theirs = verdict == ACK
        elif identifier != self.identifier:
            return
        elif code == ACK:
            self.mine = True
        elif code == NAK:
            self.wanted.update(read(data))
            self.request()
        elif code == REJECT:
            for kind in read(data):
                self.wanted.pop(kind, None)
            self.request()
        if self.mine and self.theirs and not was_open:
            self.opened()
