"""A small web server on Python's http.server that shows what web servers do: `lessons.py PORT`.

Redirects, a page behind a password, caching, an answer that takes two seconds, one that never comes, a connection that is closed instead of one, and texts whose label tells the truth or not.
"""

import base64
import http.server
import socketserver
import sys
import time

GREETING = "Grüße aus Köln\n"
# As a page about Brazil has it: the letter that text decoded twice is full of is a letter.
BRAZIL = "São Paulo, amanhã: maçã e pão. AMANHÃ, MAÇÃ\n"
PLAIN = "text/plain; charset=utf-8"
# Path -> the type that is said, and the bytes that are sent.
TEXTS = {
    "/bom": ("text/plain", b"\xef\xbb\xbf" + GREETING.encode("utf-8")),
    "/no-bom": (PLAIN, GREETING.encode("utf-8")),
    "/mislabelled": (PLAIN, GREETING.encode("iso-8859-1")),
    "/latin1": ("text/plain; charset=iso-8859-1", GREETING.encode("iso-8859-1")),
    "/twice": (PLAIN, GREETING.encode("utf-8").decode("iso-8859-1").encode("utf-8")),
    "/brazil": (PLAIN, BRAZIL.encode("utf-8")),
    "/unlabelled": ("text/html", f'<meta charset="utf-8"><p>{GREETING}'.encode("utf-8")),
    "/place": (PLAIN, b"You are here.\n"),
    "/shared": (PLAIN, b"From a cache.\n"),
}
REDIRECTS = {
    ("example.com", "/start"): (301, "http://www.example.com/start"),
    ("www.example.com", "/start"): (302, "/moved"),
    ("www.example.com", "/moved"): (307, "http://maps.google.com/place"),
    ("www.example.com", "/round"): (302, "/and-round"),
    ("www.example.com", "/and-round"): (302, "/round"),
}
TAG = '"v1"'
USER = base64.b64encode(b"anna:Wolke7").decode("ascii")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = self.path.split("?")[0]
        redirect = REDIRECTS.get((self.headers["Host"], path))
        if redirect:
            self.answer(redirect[0], headers=[("Location", redirect[1])])
        elif path == "/secret":
            if self.headers["Authorization"] == f"Basic {USER}":
                self.answer(200, b"The key is under the mat.\n", [("Content-Type", PLAIN)])
            else:
                self.answer(401, headers=[("WWW-Authenticate", 'Basic realm="the house"')])
        elif path == "/cached":
            headers = [("ETag", TAG), ("Cache-Control", "max-age=60")]
            if self.headers["If-None-Match"] == TAG:
                self.answer(304, headers=headers)
            else:
                self.answer(200, b"The same for a minute.\n", headers + [("Content-Type", PLAIN)])
        elif path == "/search":
            self.answer(200, b"Nothing found.\n", [("Content-Type", PLAIN)])
        elif path == "/slow":
            time.sleep(2)
            self.answer(200, b"It took some thinking.\n", [("Content-Type", PLAIN)])
        elif path == "/never":
            # Longer than any client waits.
            time.sleep(60)
        elif path == "/empty":
            # Not a word.
            self.close_connection = True
        elif path in TEXTS:
            kind, body = TEXTS[path]
            headers = [("Content-Type", kind)]
            if path == "/shared":
                headers += [("Cache-Control", "max-age=60"), ("Age", "42"), ("Via", "1.1 cache.example.com")]
            self.answer(200, body, headers)
        else:
            self.answer(404, b"No such page.\n", [("Content-Type", PLAIN)])

    def version_string(self):
        return "http.server"

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    def server_bind(self):
        # HTTPServer would look its own name up, which no name server here answers.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]


if __name__ == "__main__":
    Server(("", int(sys.argv[1])), Handler).serve_forever()
