"""What inetd does, for one connection: `one_connection.py PORT PROGRAM ARGUMENT..` runs the program with it as its input and output."""

import os
import socket
import sys

listener = socket.create_server(("", int(sys.argv[1])))
connection, _ = listener.accept()
for descriptor in (0, 1, 2):
    os.dup2(connection.fileno(), descriptor)
os.execv(sys.argv[2], sys.argv[2:])
