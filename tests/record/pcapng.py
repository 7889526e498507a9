"""Rewrites a pcapng file so that it tells of the network recorded and not of the machine it was recorded on.

dumpcap writes the processor, the kernel's version and the interface's driver into the file. Those differ from machine to
machine and explain nothing; the interface's name and description do explain something, and stay.
"""

import socket
import struct

SECTION, INTERFACE, NAMES, STATISTICS, PACKET = 0x0A0D0D0A, 1, 4, 5, 6
END, COMMENT = 0, 1
USER_APPLICATION = 4
INTERFACE_NAME, INTERFACE_DESCRIPTION, INTERFACE_FILTER, INTERFACE_RESOLUTION = 2, 3, 11, 9
IPV4_RECORD, IPV6_RECORD = 1, 2


def padded(data):
    return data + bytes(-len(data) % 4)


def blocks(data):
    """Every block's type and body. Written for the byte order of the machine that has just recorded the file."""
    at = 0
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        if kind == SECTION and struct.unpack_from("<I", data, at + 8)[0] != 0x1A2B3C4D:
            raise ValueError("a section of the other byte order")
        yield kind, data[at + 8 : at + length - 4]
        at += length


def block(kind, body):
    length = len(body) + 12
    return struct.pack("<II", kind, length) + body + struct.pack("<I", length)


def options(body):
    at = 0
    while at + 4 <= len(body):
        code, length = struct.unpack_from("<HH", body, at)
        if code == END:
            return
        yield code, body[at + 4 : at + 4 + length]
        at += 4 + len(padded(body[at + 4 : at + 4 + length]))


def written(pairs):
    out = b"".join(struct.pack("<HH", code, len(value)) + padded(value) for code, value in pairs)
    return out + struct.pack("<HH", END, 0) if pairs else b""


def name_block(names):
    """A name resolution block of (address, name)s."""
    body = b""
    for address, name in names:
        version6 = ":" in address
        packed = socket.inet_pton(socket.AF_INET6 if version6 else socket.AF_INET, address)
        value = packed + name.encode("ascii") + b"\0"
        body += struct.pack("<HH", IPV6_RECORD if version6 else IPV4_RECORD, len(value)) + padded(value)
    return block(NAMES, body + struct.pack("<HH", END, 0))


def tidy(source, target, descriptions, comment=None, names=()):
    """Copy the file `source` to `target` without the machine's marks.

    `descriptions` maps an interface's name to what it is; `comment` becomes the section's; `names` are written as a
    name resolution block after the interfaces.
    """
    with open(source, "rb") as file:
        data = file.read()
    out = b""
    names_due = bool(names)
    for kind, body in blocks(data):
        if kind == SECTION:
            kept = [(code, value) for code, value in options(body[16:]) if code == USER_APPLICATION]
            if comment:
                kept.insert(0, (COMMENT, comment.encode("utf-8")))
            # The section's length is not known before its end, which is what -1 says.
            body = body[:8] + struct.pack("<q", -1) + written(kept)
        elif kind == INTERFACE:
            kept = []
            for code, value in options(body[8:]):
                if code == INTERFACE_NAME:
                    kept.append((code, value))
                    kept.append((INTERFACE_DESCRIPTION, descriptions[value.decode("ascii")].encode("utf-8")))
                elif code in (INTERFACE_FILTER, INTERFACE_RESOLUTION):
                    kept.append((code, value))
            body = body[:8] + written(kept)
        elif names_due:
            out += name_block(names)
            names_due = False
        out += block(kind, body)
    with open(target, "wb") as file:
        file.write(out)
