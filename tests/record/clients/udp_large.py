"""Sends one large datagram without DF and waits for the answer: `udp_large.py ADDRESS PORT LENGTH`."""

import socket
import sys

# Left to the network to cut, as it was for long.
IP_MTU_DISCOVER, DONT = 10, 0

address, port, length = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with socket.socket(type=socket.SOCK_DGRAM) as sender:
    sender.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER, DONT)
    sender.settimeout(5)
    sender.sendto(bytes(ord("a") + place % 26 for place in range(length)), (address, port))
    print(sender.recv(65536).decode("ascii"))
