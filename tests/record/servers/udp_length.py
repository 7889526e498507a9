"""Answers every datagram with its length: `udp_length.py PORT`."""

import socket
import sys

with socket.socket(type=socket.SOCK_DGRAM) as server:
    server.bind(("", int(sys.argv[1])))
    while True:
        data, sender = server.recvfrom(65536)
        server.sendto(f"{len(data)} bytes".encode("ascii"), sender)
