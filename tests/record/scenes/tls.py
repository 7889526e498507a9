"""https: the same page behind TLS 1.2, where the certificate is in clear, and behind TLS 1.3, where it is not."""

import os
import shutil

import plan
from network import must_run
from plan import CLOSED, H1
from recording import Recording
from scenes import scene
from scenes.web import CURL


def certificate(network):
    """An authority of this run's own, and a certificate of its for www.example.com. Elliptic keys: they are short."""
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-sha256"]
    authority, request = network.path("authority"), network.path("request.pem")
    must_run(
        ["openssl", "req", "-x509", "-days", "3650", "-subj", "/O=Wirelore/CN=Recording authority"]
        + curve + ["-keyout", f"{authority}.key", "-out", f"{authority}.pem"]
    )
    must_run(
        ["openssl", "req", "-subj", "/O=Example/CN=www.example.com"]
        + curve + ["-keyout", network.path("key.pem"), "-out", request]
    )
    extensions = network.path("extensions")
    with open(extensions, "w", encoding="ascii") as out:
        out.write("subjectAltName=DNS:www.example.com,DNS:example.com\n")
    must_run(
        ["openssl", "x509", "-req", "-days", "365", "-in", request, "-CA", f"{authority}.pem"]
        + ["-CAkey", f"{authority}.key", "-CAcreateserial", "-extfile", extensions]
        + ["-out", network.path("certificate.pem")]
    )
    return f"{authority}.pem"


def secure_server(network):
    """nginx with https beside http. Returns the file of the authority whose certificate it has."""
    authority = certificate(network)
    shutil.copy(os.path.join(plan.HERE, "servers", "tls.conf"), network.folder)
    plan.web_server(network)
    network.wait_listening("www", 443)
    return authority


def https(name, version, secrets):
    with plan.Network() as network:
        plan.home(network)
        plan.name_server(network)
        authority = secure_server(network)
        keys = network.path("session.keys")
        until = [("tls.handshake.type == 1", 1), ("tls.handshake.type == 2", 1), CLOSED]
        with Recording(network, "h1", H1, until) as recording:
            options = ["-4", "--http1.1", "--cacert", authority, "--tlsv" + version, "--tls-max", version]
            command = ["env", f"SSLKEYLOGFILE={keys}"] + CURL + options + ["https://www.example.com/"]
            assert "<h1>" in network.run("h1", command)
        recording.save(name, secrets=keys if secrets else None)


@scene("tls12.pcapng", "nginx", "dnsmasq", "curl", "openssl")
def tls12():
    https("tls12.pcapng", "1.2", secrets=False)


@scene("tls13.pcapng", "nginx", "dnsmasq", "curl", "openssl")
def tls13():
    https("tls13.pcapng", "1.3", secrets=True)
