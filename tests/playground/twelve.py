"""The twelve hosts, their addresses and routes. What they share with the recordings' network stands in tests/record/plan.py.

    h1 h2 h3 --- modemA ---+
                           +--- isp ------ backbone ------ example ---+--- ftp
          h4 --- modemB ---+                                          +--- mail
                                                                      +--- www
"""

import plan
from lan import attach, lan
from network import Failure

HOSTS = ["h1", "h2", "h3", "h4", "modemA", "modemB", "isp", "backbone", "example", "ftp", "mail", "www"]
HOMES = {"A": ["h1", "h2", "h3"], "B": ["h4"]}
SERVERS = {"ftp": 2, "mail": 3, "www": 4}
# The interfaces of those that have several, by what they lead to.
SIDES = {
    "modemA": {"inside": "modemA-lan", "outside": "modemA-wan"},
    "modemB": {"inside": "modemB-lan", "outside": "modemB-wan"},
    "isp": {"access": "isp-access", "core": "isp-core"},
    "backbone": {"isp": "backbone-isp", "example": "backbone-ex"},
    "example": {"core": "example-core", "servers": "example-lan"},
}


def known(host):
    if host not in HOSTS:
        raise Failure(f"no host is called {host}: there are {', '.join(HOSTS)}")
    return host


def interfaces(host):
    """The interfaces of a host, by the name that a file of its frames has."""
    if host in SIDES:
        return {f"{host}-{side}": interface for side, interface in SIDES[host].items()}
    return {host: f"{host}-eth0"}


def build(network):
    """Everybody in their place, and every route. No server runs yet."""
    for name in ["home-A", "home-B", "access", "servers"]:
        lan(network, [], name)
    plan.core(network)
    attach(network, "access", "isp", "isp-access", "10.25.1.1/24", "2001:db8:25:1::1/64")
    attach(network, "servers", "example", "example-lan", "10.130.1.1/24", "2001:db8:130:1::1/64")
    for place, (side, residents) in enumerate(HOMES.items()):
        home(network, side, 65 + place, residents)
    for host, last in SERVERS.items():
        network.host(host)
        attach(network, "servers", host, f"{host}-eth0", f"10.130.1.{last}/24", f"2001:db8:130:1::{last}/64")
        network.route(host, "default", "10.130.1.1")
        network.route(host, "default", "2001:db8:130:1::1")


def home(network, side, last, residents):
    """A modem and who is behind it. Both homes use the same IPv4 addresses, as homes do."""
    modem, prefix6 = f"modem{side}", f"2001:db8:{side.lower()}"
    network.host(modem, forwards=True)
    attach(network, f"home-{side}", modem, f"{modem}-lan", "192.168.1.1/24", f"{prefix6}:1::1/64")
    attach(network, "access", modem, f"{modem}-wan", f"10.25.1.{last}/24", f"2001:db8:25:1::{last}/64")
    network.route(modem, "default", "10.25.1.1")
    network.route(modem, "default", "2001:db8:25:1::1")
    network.route("isp", f"{prefix6}::/48", f"2001:db8:25:1::{last}")
    network.route("backbone", f"{prefix6}::/48", "2001:db8:1:1::25")
    plan.translate(network, modem)
    for host in residents:
        number = 10 + int(host.removeprefix("h"))
        network.host(host)
        attach(network, f"home-{side}", host, f"{host}-eth0", f"192.168.1.{number}/24", f"{prefix6}:1::{number}/64")
        network.route(host, "default", "192.168.1.1")
        network.route(host, "default", f"{prefix6}:1::1")
        network.resolve_with(host, plan.NAME_SERVER)
