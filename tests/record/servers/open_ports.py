"""Listens on ports and hangs up on whoever calls: `open_ports.py PORT..`."""

import selectors
import socket
import sys

listeners = selectors.DefaultSelector()
for port in sys.argv[1:]:
    listeners.register(socket.create_server(("", int(port))), selectors.EVENT_READ)
while True:
    for ready, _ in listeners.select():
        ready.fileobj.accept()[0].close()
