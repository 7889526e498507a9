"""A TCP server with one of the habits that servers have: `habits.py HABIT PORT`.

    answer  answers each message with a line, until the other side closes
    read    reads everything and says nothing
    forget  answers one message, and then knows nothing of the connection any more, as after a restart
    unread  answers without having read, and closes
    abort   reads one message and breaks off
    slow    has little room and reads nothing for a while
    first   says a line and closes first
"""

import socket
import struct
import sys
import threading
import time

# Closed in this state, a socket disappears without a word.
TCP_REPAIR, ON = 19, 1
# As many bytes as each message of clients/habits.py has.
MESSAGE = 300


def answer(connection):
    waiting = 0
    while data := connection.recv(65536):
        waiting += len(data)
        while waiting >= MESSAGE:
            waiting -= MESSAGE
            connection.sendall(b"heard\n")


def read(connection):
    while connection.recv(65536):
        pass


def forget(connection):
    connection.recv(65536)
    connection.sendall(b"heard\n")
    time.sleep(0.3)
    connection.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, ON)


def unread(connection):
    time.sleep(0.2)
    connection.sendall(b"busy\n")


def abort(connection):
    connection.recv(65536)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def slow(connection):
    time.sleep(1.5)
    while connection.recv(1024):
        time.sleep(0.005)


def first(connection):
    connection.sendall(b"that is all\n")


def serve(habit, connection):
    with connection:
        globals()[habit](connection)


def main(habit, port):
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if habit == "slow":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        listener.bind(("", int(port)))
        listener.listen()
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(habit, connection)).start()


if __name__ == "__main__":
    main(*sys.argv[1:])
