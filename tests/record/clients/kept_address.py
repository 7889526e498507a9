"""Fetches a page twice, some seconds apart, with the address that was looked up once: or twice, with `again`.

    kept_address.py NAME SECONDS [again]
"""

import http.client
import socket
import sys
import time

name, seconds, again = sys.argv[1], float(sys.argv[2]), len(sys.argv) > 3


def look_up():
    return socket.getaddrinfo(name, 80, socket.AF_INET, socket.SOCK_STREAM)[0][4][0]


def fetch(address):
    connection = http.client.HTTPConnection(address)
    connection.request("GET", "/new", headers={"Host": name})
    assert connection.getresponse().read()
    connection.close()


address = look_up()
fetch(address)
time.sleep(seconds)
fetch(look_up() if again else address)
