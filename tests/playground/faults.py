"""Faults to look for: each is made in the standing network, and undone."""

import ipaddress
import os
from dataclasses import dataclass
from typing import Callable

import services
import twelve
from network import Failure

ROUTERS = list(twelve.SIDES)
NEIGHBOURS = ["h1", "h2", "h3", *twelve.SERVERS]
# What PPPoE leaves of an Ethernet's 1500 bytes (RFC 2516 section 7), and a link that is narrower than everybody thinks.
PPPOE, NARROW = 1492, 1400
# Of a hundred packets.
LOST = 5
TOO_BIG = ["icmp type destination-unreachable icmp code frag-needed drop", "icmpv6 type packet-too-big drop"]


@dataclass
class Fault:
    """A fault, whom it can befall (the first unless the user says), and what it is in a line."""

    begin: Callable
    end: Callable
    hosts: list
    says: str


def widths(network, sizes):
    """The MTU of interfaces, by host and interface."""
    for (host, interface), mtu in sizes.items():
        network.run(host, ["ip", "link", "set", interface, "mtu", str(mtu)])


def forget_paths(network):
    """What the hosts have learned of paths would outlive the fault. How fast each went only the machine's root can make them forget."""
    for host in [*twelve.HOSTS]:
        network.run(host, ["sh", "-c", "ip route flush cache; ip -6 route flush cache; ip tcp_metrics flush 2>/dev/null || true"])


def access(network, modem, mtu):
    """The way from the isp to one modem takes packets of `mtu`, and the modem's outside too."""
    side = modem.removeprefix("modem")
    last, home = 65 + list(twelve.HOMES).index(side), f"2001:db8:{side.lower()}::/48"
    widths(network, {(modem, f"{modem}-wan"): mtu})
    size = ["mtu", str(mtu)]
    network.run("isp", ["ip", "route", "replace", f"10.25.1.{last}/32", "dev", "isp-access", *size])
    network.run("isp", ["ip", "route", "replace", f"2001:db8:25:1::{last}/128", "dev", "isp-access", *size])
    network.run("isp", ["ip", "route", "replace", home, "via", f"2001:db8:25:1::{last}", *size])


def pppoe(network, modem):
    access(network, modem, PPPOE)
    # As modems do for those who would not hear of it: what fits, written into each SYN.
    network.firewall(modem, "forward", ["tcp flags syn tcp option maxseg size set rt mtu"], family="inet", name="pppoe")


def no_pppoe(network, modem):
    network.no_firewall(modem, "pppoe", family="inet")
    access(network, modem, 1500)
    forget_paths(network)


BACKBONE = [("backbone", "backbone-ex"), ("example", "example-core")]


def black_hole(network, _):
    widths(network, {end: NARROW for end in BACKBONE})
    for host, _ in BACKBONE:
        # A firewall that takes the message for an attack.
        network.firewall(host, "output", TOO_BIG, family="inet", name="blackhole")


def no_black_hole(network, _):
    for host, _ in BACKBONE:
        network.no_firewall(host, "blackhole", family="inet")
    widths(network, {end: 1500 for end in BACKBONE})
    forget_paths(network)


def remask(network, host, old, new):
    if host in twelve.SERVERS:
        address, neighbours = f"10.130.1.{twelve.SERVERS[host]}", [*twelve.SERVERS, "example"]
    else:
        address, neighbours = f"192.168.1.{10 + int(host.removeprefix('h'))}", [*twelve.HOMES["A"], "modemA"]
    gateway = str(ipaddress.ip_network(f"{address}/24", strict=False)[1])
    interface = f"{host}-eth0"
    network.run(host, ["ip", "addr", "del", f"{address}/{old}", "dev", interface])
    network.run(host, ["ip", "addr", "add", f"{address}/{new}", "dev", interface])
    # The gateway is where it was, and hosts that are told so believe it.
    network.run(host, ["ip", "route", "replace", "default", "via", gateway, "dev", interface, "onlink"])
    for neighbour in neighbours:
        network.run(neighbour, ["sh", "-c", "ip neigh flush all; ip route flush cache"])


def firewall(hook, rules):
    """A fault that rules at one hook of one host are all of."""
    name = f"fault_{hook}"
    begin = lambda network, host: network.firewall(host, hook, rules, family="inet", name=name)
    return begin, lambda network, host: network.no_firewall(host, name, family="inet")


FAULTS = {
    "pppoe": Fault(
        pppoe, no_pppoe, ["modemA", "modemB"],
        f"a DSL line: {PPPOE} bytes between modem and isp; the modem writes what fits into each SYN",
    ),
    "blackhole": Fault(
        black_hole, no_black_hole, ["example"],
        f"{NARROW} bytes between backbone and example, and neither says so: large packets vanish",
    ),
    "wrong-mask": Fault(
        lambda network, host: remask(network, host, 24, 30), lambda network, host: remask(network, host, 30, 24), ["h3", *NEIGHBOURS],
        "a mask of 30 bits where all others have 24: neighbours are strangers",
    ),
    "loss": Fault(
        *firewall("forward", [f"numgen random mod 100 < {LOST} counter drop"]), ["modemA", *ROUTERS],
        f"a router loses {LOST} of a hundred packets",
    ),
    "no-dns": Fault(
        *firewall("input", ["udp dport 53 drop", "tcp dport 53 drop"]), ["backbone"],
        "the name server gives no answer",
    ),
    "refused": Fault(
        services.end, services.start, ["www", "ftp", "mail"],
        "the servers of a host are stopped, so that nobody listens",
    ),
}


def standing(network):
    """The faults that stand, each as (name, host)."""
    path = network.path("faults")
    if not os.path.exists(path):
        return []
    with open(path, encoding="ascii") as lines:
        return [tuple(line.split()) for line in lines]


def keep(network, faults):
    with open(network.path("faults"), "w", encoding="ascii") as out:
        out.writelines(f"{name} {host}\n" for name, host in faults)


def make(network, name, host=None):
    """Makes a fault; returns whom it befell."""
    fault = known(name)
    host = host or fault.hosts[0]
    if host not in fault.hosts:
        raise Failure(f"{name} can befall {', '.join(sorted(set(fault.hosts)))}, not {host}")
    faults = standing(network)
    if (name, host) in faults:
        raise Failure(f"{name} stands already at {host}: `playground fault {name} {host} off` undoes it")
    fault.begin(network, host)
    keep(network, [*faults, (name, host)])
    return host


def undo(network, name=None, host=None):
    """Undoes the faults of this name and host, or all; returns them."""
    if name:
        known(name)
    faults = standing(network)
    ended = [each for each in faults if name in (None, each[0]) and host in (None, each[1])]
    for each in reversed(ended):
        FAULTS[each[0]].end(network, each[1])
        faults.remove(each)
        keep(network, faults)
    return ended


def known(name):
    if name not in FAULTS:
        raise Failure(f"no fault is called {name}: there are {', '.join(FAULTS)}")
    return FAULTS[name]
