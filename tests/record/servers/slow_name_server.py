"""A name server that has to think: an address after 1.2 seconds, for whatever name; and for broken.example.com it fails (SERVFAIL)."""

import socket
import struct
import sys
import time

A = 1


def main():
    server = socket.socket(type=socket.SOCK_DGRAM)
    server.bind((sys.argv[1], 53))
    while True:
        question, client = server.recvfrom(4096)
        broken = b"\x06broken" in question
        if not broken:
            time.sleep(1.2)
        # The question ends behind its type and class; what stands behind that is not repeated.
        end = question.index(b"\0", 12) + 5
        header = question[:2] + struct.pack("!5H", 0x8182 if broken else 0x8180, 1, 0 if broken else 1, 0, 0)
        record = b"\xc0\x0c" + struct.pack("!2HIH", A, 1, 300, 4) + bytes([10, 130, 1, 4])
        server.sendto(header + question[12:end] + (b"" if broken else record), client)


if __name__ == "__main__":
    main()
