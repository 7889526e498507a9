"""Asks every host of the link for the printer: by multicast DNS, LLMNR and the NetBIOS name service."""

import socket
import struct


def question(labels, kind, flags=0):
    name = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    return struct.pack("!6H", 0x2026, flags, 1, 0, 0, 0) + name + struct.pack("!2H", kind, 1)


def main():
    with socket.socket(type=socket.SOCK_DGRAM) as asker:
        asker.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        asker.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("192.168.1.11"))
        asker.sendto(question([b"printer", b"local"], 1), ("224.0.0.251", 5353))
        asker.sendto(question([b"printer"], 1), ("224.0.0.252", 5355))
        # RFC 1001 section 14.1: each half of a byte of the name, padded to 16, is a letter from A on.
        padded = b"PRINTER".ljust(16)
        letters = bytes(0x41 + half for byte in padded for half in (byte >> 4, byte & 15))
        asker.sendto(question([letters], 32, 0x0110), ("192.168.1.255", 137))


if __name__ == "__main__":
    main()
