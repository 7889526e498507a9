#!/usr/bin/env python3
"""Asks www.example.com where a street address lies, at one of four levels: `geocode.py urllib|http.client|socket|curl [STREET ADDRESS]`.

Each does by itself what the one before left to a library. On the wire they differ only in what they say of themselves.
"""

import http.client
import json
import socket
import subprocess
import sys
import urllib.parse
import urllib.request

HOST, PATH = "www.example.com", "/maps/api/geocode/json"
ADDRESS = "207 N. Defiance St, Archbold, OH"


def target(address):
    return PATH + "?" + urllib.parse.urlencode({"address": address, "sensor": "false"})


def by_urllib(address):
    """A URL goes in, bytes come out."""
    with urllib.request.urlopen(f"http://{HOST}{target(address)}") as reply:
        return reply.read()


def by_http_client(address):
    """The method, the path and the host are ours."""
    connection = http.client.HTTPConnection(HOST)
    connection.request("GET", target(address))
    reply = connection.getresponse().read()
    connection.close()
    return reply


def by_socket(address):
    """Every byte of the request is ours, and that the reply ends where the server closes. IPv4 alone, as this socket is."""
    request = f"GET {target(address)} HTTP/1.1\r\nHost: {HOST}\r\nUser-Agent: geocode.py\r\nConnection: close\r\n\r\n"
    with socket.socket() as connection:
        connection.connect((HOST, 80))
        connection.sendall(request.encode("ascii"))
        reply = b""
        while more := connection.recv(4096):
            reply += more
    return reply.split(b"\r\n\r\n", 1)[1]


def by_curl(address):
    """Another program, which has all of this in it."""
    return subprocess.run(["curl", "-sS", f"http://{HOST}{target(address)}"], check=True, capture_output=True).stdout


LEVELS = {"urllib": by_urllib, "http.client": by_http_client, "socket": by_socket, "curl": by_curl}


def main(words):
    if not words or words[0] not in LEVELS:
        print(__doc__)
        return 2
    reply = json.loads(LEVELS[words[0]](words[1] if words[1:] else ADDRESS))
    place = reply["results"][0]["geometry"]["location"]
    print(f"{words[0]:12} {place['lat']}, {place['lng']}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
