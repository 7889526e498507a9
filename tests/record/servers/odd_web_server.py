"""A web server with faults, a request a connection: `odd_web_server.py PORT`.

    /failed      says that it failed, and sets a cookie
    /two         says two lengths
    /half        announces 5000 bytes, sends 2000 and closes
    /trickle     sends more than its client takes at once
"""

import socket
import sys

HEAD = b"HTTP/1.1 %s\r\nContent-Type: text/plain; charset=us-ascii\r\nConnection: close\r\n%s\r\n"
LINE = b"Whoever reads this has read it before.\r\n"


def answer(path):
    if path == b"/failed":
        return HEAD % (b"500 Internal Server Error", b"Set-Cookie: basket=7\r\nContent-Length: 7\r\n") + b"Sorry.\n"
    if path == b"/two":
        return HEAD % (b"200 OK", b"Content-Length: 6\r\nContent-Length: 8\r\n") + b"Which?\r\n"
    if path == b"/half":
        return HEAD % (b"200 OK", b"Content-Length: 5000\r\n") + LINE * 50
    return HEAD % (b"200 OK", b"Content-Length: 20000\r\n") + LINE * 500


def main():
    with socket.create_server(("", int(sys.argv[1]))) as server:
        while True:
            client, _ = server.accept()
            with client:
                client.sendall(answer(client.recv(4096).split()[1]))


if __name__ == "__main__":
    main()
