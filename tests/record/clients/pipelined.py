"""Sends two requests at once and then reads two answers, with Python's socket."""

import socket

REQUESTS = (
    b"GET /new HTTP/1.1\r\nHost: www.example.com\r\n\r\n"
    b"GET / HTTP/1.1\r\nHost: www.example.com\r\nConnection: close\r\n\r\n"
)

with socket.create_connection(("www.example.com", 80)) as connection:
    connection.sendall(REQUESTS)
    answers = b""
    while more := connection.recv(65536):
        answers += more
assert answers.count(b"HTTP/1.1 200 OK") == 2, answers
