"""Asks the name server for the text of keys.example.com and takes answers of up to 4096 bytes (RFC 6891).

    ask_large.py SERVER TIMES
"""

import socket
import struct
import sys

NAME = b"".join(bytes([len(label)]) + label for label in (b"keys", b"example", b"com")) + b"\0"


def question(number):
    header = struct.pack("!6H", number, 0x0100, 1, 0, 0, 1)
    return header + NAME + struct.pack("!2H", 16, 1) + b"\0" + struct.pack("!2HIH", 41, 4096, 0, 0)


def main(server, times):
    for number in range(1, int(times) + 1):
        with socket.socket(type=socket.SOCK_DGRAM) as asker:
            asker.settimeout(2)
            asker.sendto(question(0x1100 + number), (server, 53))
            try:
                print(len(asker.recv(65536)), "bytes")
            except TimeoutError:
                print("no answer")


if __name__ == "__main__":
    main(*sys.argv[1:])
