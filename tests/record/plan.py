"""The network the captures are made in: the part of the twelve-host plan that they need.

    h1 ---- modemA ==== isp ---- backbone ---- example ---- www
    h2 ---'
    home LAN      access link     core              server LAN
    192.168.1/24  10.25.1/24      10.1.1/24 10.1.2/24  10.130.1/24

modemA translates addresses (IPv4 only); the name server is on the backbone; www is every web site there is.
"""

import contextlib
import os
import shutil

from network import Network, must_run

HERE = os.path.dirname(os.path.abspath(__file__))

CLIENTS = os.path.join(HERE, "clients")
NAME_SERVER = "10.1.1.1"
WWW = "10.130.1.4"
WWW6 = "2001:db8:130:1::4"
# Where most captures are made, and the filter that holds when both sides of a TCP conversation have sent their FIN.
H1 = [("h1-eth0", "h1's Ethernet, on the home LAN")]
CLOSED = ("tcp.flags.fin == 1", 2)


def core(network):
    """The routers between the homes and the servers, the cables between them, and their routes."""
    for name in ["isp", "backbone", "example"]:
        network.host(name, forwards=True)
    network.cable(
        ("isp", "isp-core", "10.1.1.25/24", "2001:db8:1:1::25/64"),
        ("backbone", "backbone-isp", "10.1.1.1/24", "2001:db8:1:1::1/64"),
    )
    network.cable(
        ("backbone", "backbone-ex", "10.1.2.1/24", "2001:db8:1:2::1/64"),
        ("example", "example-core", "10.1.2.130/24", "2001:db8:1:2::130/64"),
    )
    routes = [
        ("isp", "default", "10.1.1.1"),
        ("backbone", "10.25.0.0/16", "10.1.1.25"),
        ("backbone", "10.130.0.0/16", "10.1.2.130"),
        ("example", "default", "10.1.2.1"),
        ("isp", "default", "2001:db8:1:1::1"),
        ("backbone", "2001:db8:25::/48", "2001:db8:1:1::25"),
        ("backbone", "2001:db8:130::/48", "2001:db8:1:2::130"),
        ("example", "default", "2001:db8:1:2::1"),
    ]
    for host, destination, gateway in routes:
        network.route(host, destination, gateway)


def home(network):
    """h1 and its modem, the way to the server, and every route. No server runs yet."""
    for name in ["h1", "www"]:
        network.host(name)
    network.host("modemA", forwards=True)
    core(network)
    network.cable(
        ("h1", "h1-eth0", "192.168.1.11/24", "2001:db8:a:1::11/64"),
        ("modemA", "modemA-lan", "192.168.1.1/24", "2001:db8:a:1::1/64"),
    )
    network.cable(
        ("modemA", "modemA-wan", "10.25.1.65/24", "2001:db8:25:1::65/64"),
        ("isp", "isp-access", "10.25.1.1/24", "2001:db8:25:1::1/64"),
    )
    network.cable(
        ("example", "example-lan", "10.130.1.1/24", "2001:db8:130:1::1/64"),
        ("www", "www-eth0", "10.130.1.4/24", "2001:db8:130:1::4/64"),
    )
    routes = [
        ("h1", "default", "192.168.1.1"),
        ("modemA", "default", "10.25.1.1"),
        ("www", "default", "10.130.1.1"),
        ("h1", "default", "2001:db8:a:1::1"),
        ("modemA", "default", "2001:db8:25:1::1"),
        ("isp", "2001:db8:a::/48", "2001:db8:25:1::65"),
        ("backbone", "2001:db8:a::/48", "2001:db8:1:1::25"),
        ("www", "default", "2001:db8:130:1::1"),
    ]
    for host, destination, gateway in routes:
        network.route(host, destination, gateway)
    translate(network, "modemA")
    network.resolve_with("h1", NAME_SERVER)


def translate(network, modem):
    """The modem's masquerading: the home LAN's addresses mean nothing outside."""
    rules = f"""
    table ip nat {{
        chain postrouting {{
            type nat hook postrouting priority srcnat;
            oifname "{modem}-wan" masquerade
        }}
    }}
    """
    path = network.path(f"nat-{modem}.nft")
    with open(path, "w", encoding="ascii") as out:
        out.write(rules)
    network.run(modem, ["nft", "-f", path])


def name_server(network, more=(), host="backbone", configuration=None, names=None):
    """dnsmasq on a host, which knows the names in a file and asks nobody else."""
    process = network.start(host, name_server_command(more, configuration, names))
    network.wait_listening(host, 53, "udp", process)
    return process


def name_server_command(more=(), configuration=None, names=None):
    servers = os.path.join(HERE, "servers")
    names = names or f"{servers}/names.hosts"
    configuration = configuration or f"{servers}/dnsmasq.conf"
    # No daemon: in the foreground, as the user that it is started by.
    return ["dnsmasq", "--no-daemon", "--pid-file=", f"--conf-file={configuration}", f"--addn-hosts={names}", *more]


def web_server(network):
    """nginx on www, from servers/nginx.conf and servers/pages/."""
    web_files(network)
    process = network.start("www", web_server_command(network))
    network.wait_listening("www", 80, "tcp", process)
    return process


def web_files(network):
    # nginx takes relative paths from the prefix (and includes from beside the configuration), so it gets a copy there.
    os.makedirs(network.path("temporary"))
    shutil.copytree(os.path.join(HERE, "servers", "pages"), network.path("pages"))
    for name in ["nginx.conf", "geocode.conf"]:
        shutil.copy(os.path.join(HERE, "servers", name), network.folder)
    must_run(["gzip", "-n", "-k", network.path("pages/large.txt")])


def web_server_command(network):
    return ["nginx", "-p", network.folder, "-e", "stderr", "-c", network.path("nginx.conf")]


def mail_server(network, host="www"):
    """The mail server of servers/mail_server.py: SMTP, POP3 and IMAP."""
    process = network.start(host, ["python3", os.path.join(HERE, "servers", "mail_server.py")])
    for port in (25, 110, 143):
        network.wait_listening(host, port, "tcp", process)


def file_server(network, host="www"):
    """vsftpd, with one file for everybody."""
    configuration = file_server_files(network)
    network.wait_listening(host, 21, "tcp", network.start(host, ["vsftpd", configuration]))


def file_server_files(network):
    files, empty = network.path("files"), network.path("empty")
    os.makedirs(files)
    os.makedirs(empty)
    with open(os.path.join(files, "routes.txt"), "w", encoding="ascii") as out:
        out.write("default via 192.168.1.1\n192.168.1.0/24 on h1-eth0\n")
    configuration = network.path("vsftpd.conf")
    shutil.copy(os.path.join(HERE, "servers", "vsftpd.conf"), configuration)
    with open(configuration, "a", encoding="ascii") as out:
        out.write(f"anon_root={files}\nsecure_chroot_dir={empty}\n")
    return configuration


def python_server(network, host="www", port=8080):
    """The server of servers/http_server.py, for what nginx does not do: forms, and chunks with trailers."""
    process = network.start(host, ["python3", os.path.join(HERE, "servers", "http_server.py"), str(port)])
    network.wait_listening(host, port, "tcp", process)
    return process


@contextlib.contextmanager
def ready(ipv6=False):
    """The home plan with its name server and web server running: what most recordings begin with."""
    with Network(ipv6) as network:
        home(network)
        name_server(network)
        web_server(network)
        yield network
