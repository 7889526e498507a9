"""Asks for four pages, each over a connection of its own; reads the last one slowly, with a small buffer."""

import socket
import time

WWW = ("10.130.1.4", 8080)


def ask(path, buffer=None, wait=0):
    with socket.socket() as client:
        if buffer:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        client.connect(WWW)
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: www.example.com:8080\r\n\r\n".encode("ascii"))
        time.sleep(wait)
        while client.recv(65536):
            pass


def main():
    for path in ["/failed", "/two", "/half"]:
        ask(path)
    ask("/trickle", 4096, 1)


if __name__ == "__main__":
    main()
