"""Sends a datagram to a port where nobody listens, with Python's socket, and hears of it."""

import socket

with socket.socket(type=socket.SOCK_DGRAM) as sender:
    # Connected, or the operating system would not know whom to tell.
    sender.connect(("www.example.com", 9999))
    sender.settimeout(5)
    sender.send(b"Is anybody there?")
    try:
        sender.recv(100)
    except ConnectionRefusedError as error:
        print(error)
