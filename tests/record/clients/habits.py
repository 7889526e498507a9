"""A TCP client with one of the habits that clients have: `habits.py HABIT ADDRESS PORT`.

    idle       says something, waits, and says something again
    alive      says nothing for 3.5 s but has keep-alives, then says something
    waiting    has keep-alives and only waits
    once       sends one message and waits for no answer
    upload     sends 20,000 bytes
    halves     sends each message in two parts and waits for its answer
    hasty      the same with TCP_NODELAY
    same-port  connects twice, from port 40000
    many       holds as many connections as it can get
    hurried    opens and closes 70 connections one after the other, and tries again where it gets no port
    polite     the same with 40 connections, but lets the server close first
"""

import errno
import socket
import sys
import time

HEAD, BODY = b"h" * 100, b"b" * 200


def keep_alive(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in [(socket.TCP_KEEPIDLE, 1), (socket.TCP_KEEPINTVL, 1), (socket.TCP_KEEPCNT, 3)]:
        connection.setsockopt(socket.IPPROTO_TCP, option, value)


def say(connection):
    connection.sendall(HEAD + BODY)
    return connection.recv(100)


def idle(connection):
    say(connection)
    time.sleep(0.8)
    say(connection)


def alive(connection):
    keep_alive(connection)
    say(connection)
    time.sleep(3.5)
    say(connection)


def waiting(connection):
    keep_alive(connection)
    say(connection)
    connection.recv(100)


def upload(connection):
    connection.sendall(bytes(ord("a") + place % 26 for place in range(20_000)))
    connection.shutdown(socket.SHUT_WR)
    connection.recv(100)


def once(connection):
    connection.sendall(HEAD + BODY)
    time.sleep(0.8)


def halves(connection):
    for _ in range(4):
        connection.sendall(HEAD)
        connection.sendall(BODY)
        connection.recv(100)


def hasty(connection):
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    halves(connection)


def same_port(address):
    for _ in range(2):
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            connection.bind(("", 40000))
            connection.connect(address)
            while connection.recv(100):
                pass
        time.sleep(0.2)


def many(address):
    held = []
    for _ in range(5):
        connection = socket.create_connection(address, timeout=4)
        held.append(connection)
        say(connection)
    for connection in held:
        connection.close()


def hurried(address, count=70, is_polite=False):
    opened = 0
    while opened < count:
        try:
            with socket.create_connection(address, timeout=4) as connection:
                opened += 1
                while is_polite and connection.recv(100):
                    pass
        except OSError as error:
            if error.errno != errno.EADDRNOTAVAIL:
                raise
            time.sleep(0.05)


def polite(address):
    hurried(address, count=40, is_polite=True)


def main(habit, address, port):
    place = (address, int(port))
    try:
        if habit in ("same-port", "many", "hurried", "polite"):
            globals()[habit.replace("-", "_")](place)
        else:
            with socket.create_connection(place, timeout=10) as connection:
                globals()[habit](connection)
    except OSError as error:
        print(type(error).__name__)


if __name__ == "__main__":
    main(*sys.argv[1:])
