"""A small mail server: takes mail by SMTP (25), and gives it away by POP3 (110) and IMAP (143). One mailbox, one user."""

import base64
import re
import socketserver
import threading

USER, PASSWORD = "anna", "Wolke7"
MAIL = (
    "From: Bert <bert@example.com>\r\nTo: Anna <anna@example.com>\r\nSubject: The gateway\r\n\r\n"
    "It is 192.168.1.1, as ever.\r\n.. and the dots are mine.\r\n"
)


def plain(text):
    """Who wants in, by AUTH PLAIN (RFC 4616)."""
    return base64.b64decode(text).decode().split("\0")[1:] == [USER, PASSWORD]


class Lines(socketserver.StreamRequestHandler):
    def say(self, *lines):
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

    def hear(self):
        line = self.rfile.readline()
        return line.decode().rstrip("\r\n") if line else None


class Smtp(Lines):
    def handle(self):
        self.say("220 mail.example.com ESMTP")
        while (line := self.hear()) is not None:
            verb, _, argument = line.partition(" ")
            verb = verb.upper()
            if verb == "EHLO":
                self.say("250-mail.example.com", "250-8BITMIME", "250-SIZE 100000", "250 AUTH PLAIN LOGIN")
            elif verb == "AUTH" and argument.startswith("PLAIN"):
                text = argument.removeprefix("PLAIN").strip()
                if not text:
                    self.say("334 ")
                    text = self.hear()
                self.say("235 2.7.0 Welcome" if plain(text) else "535 5.7.8 No")
            elif verb == "RCPT" and "nobody" in argument:
                self.say("550 5.1.1 There is nobody of that name")
            elif verb in ("MAIL", "RCPT"):
                self.say("250 2.1.0 Ok")
            elif verb == "DATA":
                self.say("354 End with a dot alone")
                while self.hear() not in (".", None):
                    pass
                self.say("250 2.0.0 Taken")
            elif verb == "QUIT":
                self.say("221 2.0.0 Bye")
                return
            else:
                self.say("502 5.5.1 No such command")


class Pop3(Lines):
    def handle(self):
        self.say("+OK mail.example.com")
        while (line := self.hear()) is not None:
            verb, _, argument = line.partition(" ")
            verb = verb.upper()
            if verb == "CAPA":
                self.say("+OK", "USER", "UIDL", ".")
            elif verb == "LIST":
                self.say("+OK 1 mail", f"1 {len(MAIL)}", ".")
            elif verb == "RETR" and argument == "1":
                body = [f".{row}" if row.startswith(".") else row for row in MAIL.split("\r\n")[:-1]]
                self.say("+OK here it is", *body, ".")
            elif verb in ("USER", "PASS"):
                self.say("+OK")
            elif verb == "QUIT":
                self.say("+OK bye")
                return
            else:
                self.say("-ERR no such command, or no such mail")


class Imap(Lines):
    def handle(self):
        self.say("* OK mail.example.com IMAP4rev1")
        while (line := self.hear()) is not None:
            tag, _, rest = line.partition(" ")
            verb = rest.split(" ")[0].upper()
            if verb == "CAPABILITY":
                self.say("* CAPABILITY IMAP4rev1", f"{tag} OK done")
            elif verb == "LOGIN":
                known = rest.split(" ")[1:] == [USER, PASSWORD]
                self.say(f"{tag} OK welcome" if known else f"{tag} NO [AUTHENTICATIONFAILED] no")
            elif verb == "SELECT":
                self.say("* 1 EXISTS", "* FLAGS (\\Seen)", f"{tag} OK [READ-WRITE] done")
            elif re.search("FETCH", rest, re.IGNORECASE):
                self.say(f"* 1 FETCH (UID 1 BODY[] {{{len(MAIL)}}}")
                self.wfile.write(MAIL.encode())
                self.say(")", f"{tag} OK done")
            elif verb == "LOGOUT":
                self.say("* BYE", f"{tag} OK bye")
                return
            else:
                self.say(f"{tag} BAD no such command")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    servers = [Server(("", port), handler) for port, handler in [(25, Smtp), (110, Pop3), (143, Imap)]]
    for server in servers[1:]:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    servers[0].serve_forever()
