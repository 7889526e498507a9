"""Leases an address by DHCPv6 and gives it back: `lease_ipv6.py INTERFACE` (RFC 8415)."""

import socket
import struct
import sys

SOLICIT, ADVERTISE, REQUEST, REPLY, RELEASE = 1, 2, 3, 7, 8
CLIENT, SERVER, ADDRESSES, WANTED, ELAPSED = 1, 2, 3, 6, 8
NAME_SERVERS, SEARCHED = 23, 24
interface = sys.argv[1]
wire = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
wire.settimeout(10)
wire.bind(("::", 546))
everybody = ("ff02::1:2", 547, 0, socket.if_nametoindex(interface))
# An identifier of the second kind, by an enterprise's number: one of those that are for documentation.
own = struct.pack("!HI", 2, 32473) + b"h1"
number = 0


def option(kind, value):
    return struct.pack("!HH", kind, len(value)) + value


def options(data):
    while data:
        kind, length = struct.unpack("!HH", data[:4])
        yield kind, data[4 : 4 + length]
        data = data[4 + length :]


def ask(kind, answer, *more):
    """Sends a message to every server, and gives the options of the answer."""
    global number
    number += 1
    head = struct.pack("!I", kind << 24 | 0xABC000 | number)
    wanted = struct.pack("!HH", NAME_SERVERS, SEARCHED)
    body = option(CLIENT, own) + option(WANTED, wanted) + option(ELAPSED, b"\0\0") + b"".join(more)
    wire.sendto(head + body, everybody)
    while True:
        got = wire.recv(2000)
        if got[0] == answer and got[1:4] == head[1:]:
            return dict(options(got[4:]))


# No address is asked for by name, and no time.
nothing = option(ADDRESSES, struct.pack("!III", 1, 0, 0))
offered = ask(SOLICIT, ADVERTISE, nothing)
chosen = option(SERVER, offered[SERVER])
given = ask(REQUEST, REPLY, chosen, option(ADDRESSES, offered[ADDRESSES]))
ask(RELEASE, REPLY, chosen, option(ADDRESSES, given[ADDRESSES]))
