"""Conversations in lines of text: mail, files, a terminal, chat."""

import os
import shutil

import plan
from network import must_run
from plan import CLIENTS, CLOSED, H1, HERE, Network
from recording import Recording
from scenes import scene
from scenes.web import CURL

MAIL = "10.130.1.25"
USER = ["--user", "anna:Wolke7"]


def ready(network):
    """The home plan with its name server."""
    plan.home(network)
    plan.name_server(network)


def mail_server(network):
    network.run("www", ["ip", "addr", "add", f"{MAIL}/24", "dev", "www-eth0"])
    plan.mail_server(network)


@scene("smtp.pcapng", "dnsmasq", "curl", "python3")
def smtp():
    with Network() as network:
        ready(network)
        mail_server(network)
        mail = network.path("mail.txt")
        with open(mail, "w", encoding="utf-8", newline="") as out:
            lines = ["From: Anna <anna@example.com>", "To: Bert <bert@example.com>", "Subject: The gateway", ""]
            lines += ["Which one is it? The table says:", ". default via 192.168.1.1", "Grüße, Anna"]
            out.write("\r\n".join(lines) + "\r\n")
        with Recording(network, "h1", H1, [('smtp.response.code == 221', 1), CLOSED]) as recording:
            network.run(
                "h1",
                CURL + USER + ["--mail-from", "anna@example.com", "--mail-rcpt", "nobody@example.com"]
                + ["--mail-rcpt", "bert@example.com", "--mail-rcpt-allowfails", "--upload-file", mail]
                + ["smtp://mail.example.com/h1"],
            )
        recording.save("smtp.pcapng")


@scene("pop3.pcapng", "dnsmasq", "curl", "python3")
def pop3():
    with Network() as network:
        ready(network)
        mail_server(network)
        with Recording(network, "h1", H1, [('pop.request.command == "QUIT"', 1), CLOSED]) as recording:
            assert "dots" in network.run("h1", CURL + USER + ["pop3://mail.example.com/1"])
        recording.save("pop3.pcapng")


@scene("imap.pcapng", "dnsmasq", "curl", "python3")
def imap():
    with Network() as network:
        ready(network)
        mail_server(network)
        with Recording(network, "h1", H1, [('imap.request.command == "LOGOUT"', 1), CLOSED]) as recording:
            assert "dots" in network.run("h1", CURL + USER + ["imap://mail.example.com/INBOX;UID=1"])
        recording.save("imap.pcapng")


@scene("ftp.pcapng", "dnsmasq", "curl", "vsftpd")
def ftp():
    with Network() as network:
        ready(network)
        plan.file_server(network)
        # Two connections: the commands, and the file.
        with Recording(network, "h1", H1, [("ftp.response.code == 226", 1), ("tcp.flags.fin == 1", 4)]) as recording:
            network.run("h1", CURL + ["ftp://ftp.example.com/routes.txt"])
        recording.save("ftp.pcapng")


@scene("telnet.pcapng", "dnsmasq", "telnet", "telnetd", "python3")
def telnet():
    with Network() as network:
        ready(network)
        servers = os.path.join(HERE, "servers")
        command = ["python3", f"{servers}/one_connection.py", "23", shutil.which("telnetd"), "-h"]
        process = network.start("www", command + ["-E", f"{servers}/greeter.sh"])
        network.wait_listening("www", 23, "tcp", process)
        with Recording(network, "h1", H1, [("telnet", 10), CLOSED]) as recording:
            network.run("h1", ["python3", f"{CLIENTS}/telnet.py", "www.example.com"])
        recording.save("telnet.pcapng")


@scene("irc.pcapng", "dnsmasq", "ngircd", "ii")
def irc():
    with Network() as network:
        ready(network)
        configuration = os.path.join(HERE, "servers", "ngircd.conf")
        process = network.start("www", ["ngircd", "--nodaemon", "--config", configuration])
        network.wait_listening("www", 6667, "tcp", process)
        folder = network.path("chat")
        must_run(["mkdir", folder])
        with Recording(network, "h1", H1, [('irc.request.command == "QUIT"', 1), CLOSED]) as recording:
            network.run("h1", ["sh", f"{CLIENTS}/chat.sh", folder])
        recording.save("irc.pcapng")
