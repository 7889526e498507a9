#!/usr/bin/env python3
"""Begins a request that a censor does not like, and says how that ended: forbidden.py ADDRESS"""

import socket
import sys

with socket.create_connection((sys.argv[1], 80), timeout=10) as connection:
    # The server waits for the rest of it: what ends the connection comes from elsewhere.
    connection.sendall(b"GET /forbidden HTTP/1.1\r\nHost: www.example.com\r\n")
    try:
        print("answered" if connection.recv(1) else "closed")
    except ConnectionResetError:
        print("reset")
