"""Asks a geocoding service where a street address lies, with nothing but a socket."""

import socket
import sys
from urllib.parse import quote_plus

REQUEST = (
    "GET /maps/api/geocode/json?address={}&sensor=false HTTP/1.1\r\n"
    "Host: maps.google.com:80\r\n"
    "User-Agent: geocode_socket.py\r\n"
    "Connection: close\r\n"
    "\r\n"
)


def geocode(address):
    connection = socket.socket()
    connection.connect(("maps.google.com", 80))
    connection.sendall(REQUEST.format(quote_plus(address)).encode("ascii"))
    reply = b""
    while True:
        more = connection.recv(4096)
        if not more:
            break
        reply += more
    connection.close()
    return reply


if __name__ == "__main__":
    sys.stdout.write(geocode("207 N. Defiance St, Archbold, OH").decode("utf-8"))
