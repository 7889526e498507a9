"""Calls one place after the other, and hangs up: `call_all.py ADDRESS:PORT..`. Nobody is waited for longer than a call takes here."""

import socket
import sys

for place in sys.argv[1:]:
    address, port = place.rsplit(":", 1)
    try:
        socket.create_connection((address, int(port)), timeout=0.05).close()
    except OSError:
        pass
