"""A small web server on Python's http.server: chunks with a trailer, and forms that are read back to the sender."""

import hashlib
import http.server
import socketserver
import sys
import urllib.parse

VERSES = [
    "The head said nothing of the length,\n",
    "so each piece comes with its own;\n",
    "a piece of no length is the last,\n",
    "and what follows it is a trailer.\n",
]


class Handler(http.server.BaseHTTPRequestHandler):
    # 1.1, or there would be neither chunks nor a second request on the connection.
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=us-ascii")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Trailer", "Content-Digest")
        self.end_headers()
        for number, verse in enumerate(VERSES):
            data = verse.encode("ascii")
            # An extension after the size, which a reader has to step over.
            extension = b";verse=1" if number == 0 else b""
            self.wfile.write(b"%x%s\r\n%s\r\n" % (len(data), extension, data))
        digest = hashlib.sha256("".join(VERSES).encode("ascii")).hexdigest()
        self.wfile.write(f"0\r\nContent-Digest: sha-256={digest}\r\n\r\n".encode("ascii"))

    def do_POST(self):
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode("ascii"))
        lines = "".join(f"{key}: {len(value[0])} characters\n" for key, value in form.items())
        body = lines.encode("utf-8")
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def version_string(self):
        # Without the interpreter's version, which would change with every machine.
        return "http.server"

    def log_message(self, *_):
        pass


class Server(http.server.HTTPServer):
    def server_bind(self):
        # HTTPServer would look its own name up, which no name server here answers.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]


if __name__ == "__main__":
    Server(("", int(sys.argv[1])), Handler).serve_forever()
