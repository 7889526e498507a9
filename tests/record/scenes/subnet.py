"""Who is on the network, and who only thinks so: masks, proxies, announcements, and addresses that stand for no host."""

import os

from lan import attach, lan
from network import Network, poll
from plan import H1, HERE
from recording import Recording
from scenes import scene

ROUTER = [("r1-home", "r1's leg in the LAN")]


def masks_that_differ(network):
    """h1 thinks that the LAN is 192.168.1.0/24, h2 that it ends at .128: r1 has an address for either."""
    network.host("r1", forwards=True)
    lan(network, [("h1", "192.168.1.11/24"), ("h2", "192.168.1.140/25")])
    attach(network, "lan", "r1", "r1-home", "192.168.1.1/24")
    network.run("r1", ["ip", "addr", "add", "192.168.1.129/25", "dev", "r1-home"])
    network.settings("r1", {f"net.ipv4.conf.{name}.send_redirects": 0 for name in ("all", "r1-home")})
    network.route("h1", "default", "192.168.1.1")
    network.route("h2", "default", "192.168.1.129")


def mask_disagreement(name, host, interfaces, count):
    with Network() as network:
        masks_that_differ(network)
        with Recording(network, host, interfaces, [("icmp.type == 0", count)]) as recording:
            network.run("h1", ["ping", "-n", "-c", "2", "-i", "0.3", "192.168.1.140"])
        recording.save(name)


@scene("mask-disagreement.pcapng", "ping")
def from_h1():
    mask_disagreement("mask-disagreement.pcapng", "h1", H1, 2)


@scene("mask-disagreement-router.pcapng", "ping")
def from_the_router():
    # Each answer passes r1 twice on one leg: in, and out again.
    mask_disagreement("mask-disagreement-router.pcapng", "r1", ROUTER, 4)


def too_wide(network, proxy):
    """h1 was given /16: it takes 192.168.2.20, behind r1, for a neighbour."""
    network.host("h2")
    network.host("r1", forwards=True)
    lan(network, [("h1", "192.168.1.11/16")])
    attach(network, "lan", "r1", "r1-home", "192.168.1.1/24")
    network.cable(("r1", "r1-far", "192.168.2.1/24", None), ("h2", "h2-eth0", "192.168.2.20/24", None))
    network.route("h2", "default", "192.168.2.1")
    network.route("h1", "default", "192.168.1.1")
    network.settings("r1", {"net.ipv4.conf.r1-home.proxy_arp": proxy, "net.ipv4.neigh.r1-home.proxy_delay": 0})


@scene("proxy-arp.pcapng", "ping")
def proxy_arp():
    with Network() as network:
        too_wide(network, 1)
        with Recording(network, "h1", H1, [("icmp.type == 0", 3)]) as recording:
            network.run("h1", ["ping", "-n", "-c", "2", "-i", "0.3", "192.168.2.20"])
            network.run("h1", ["ping", "-n", "-c", "1", "192.168.1.1"])
        recording.save("proxy-arp.pcapng")


@scene("mask-too-wide.pcapng", "ping")
def mask_too_wide():
    with Network() as network:
        too_wide(network, 0)
        with Recording(network, "h1", H1, [("arp.opcode == 1 and arp.dst.proto_ipv4 == 192.168.2.20", 3)]) as recording:
            network.run("h1", ["ping", "-n", "-c", "1", "192.168.1.1"])
            network.run("h1", ["ping", "-n", "-c", "1", "-W", "4", "192.168.2.20"], succeed=False)
        recording.save("mask-too-wide.pcapng")


@scene("arp-announced.pcapng", "ping", "arping")
def announced():
    with Network() as network:
        lan(network, [("h1", "192.168.1.11/24"), ("h2", None)])
        network.run("h2", ["ip", "link", "set", "h2-eth0", "address", "02:00:c0:a8:01:0c"])
        with Recording(network, "h1", H1, [("arp.src.proto_ipv4 == 0.0.0.0", 2), ("arp.isgratuitous == 1", 2), ("icmp.type == 0", 1)]) as recording:
            # As RFC 5227 wants it: asked whether somebody has the address, then given it, then announced.
            network.run("h2", ["arping", "-D", "-c", "2", "-I", "h2-eth0", "192.168.1.12"], succeed=False)
            network.run("h2", ["ip", "addr", "add", "192.168.1.12/24", "dev", "h2-eth0"])
            network.run("h2", ["arping", "-U", "-c", "2", "-I", "h2-eth0", "192.168.1.12"], succeed=False)
            network.run("h2", ["ping", "-n", "-c", "1", "192.168.1.11"])
        recording.save("arp-announced.pcapng")


@scene("arp-probe-conflict.pcapng", "ping", "arping")
def probe_conflict():
    with Network() as network:
        lan(network, [("h1", "192.168.1.11/24"), ("h2", None)])
        network.run("h2", ["ip", "link", "set", "h2-eth0", "address", "02:00:c0:a8:01:0c"])
        with Recording(network, "h1", H1, [("arp.src.proto_ipv4 == 0.0.0.0", 1), ("arp.opcode == 2", 1)]) as recording:
            network.run("h2", ["arping", "-D", "-c", "1", "-I", "h2-eth0", "192.168.1.11"], succeed=False)
        recording.save("arp-probe-conflict.pcapng")


@scene("address-moved.pcapng", "ping", "arping")
def address_moved():
    with Network() as network:
        lan(network, [("h1", "192.168.1.11/24"), ("h2", "192.168.1.20/24"), ("h3", "192.168.1.13/24")])
        with Recording(network, "h1", H1, [("arp.isgratuitous == 1", 1), ("icmp.type == 0", 2)]) as recording:
            network.run("h1", ["ping", "-n", "-c", "1", "192.168.1.20"])
            # A service moves to another machine, with its address.
            network.run("h2", ["ip", "addr", "del", "192.168.1.20/24", "dev", "h2-eth0"])
            network.run("h3", ["ip", "addr", "add", "192.168.1.20/24", "dev", "h3-eth0"])
            network.run("h3", ["arping", "-U", "-c", "1", "-I", "h3-eth0", "192.168.1.20"], succeed=False)
            network.run("h1", ["ping", "-n", "-c", "1", "192.168.1.20"])
        recording.save("address-moved.pcapng")


@scene("ping-broadcast.pcapng", "ping")
def ping_broadcast():
    with Network() as network:
        lan(network, [("h1", "192.168.1.11/24"), ("h2", "192.168.1.12/24"), ("h3", "192.168.1.13/24")])
        for host in ["h2", "h3"]:
            network.settings(host, {"net.ipv4.icmp_echo_ignore_broadcasts": 0})
        with Recording(network, "h1", H1, [("icmp.type == 0", 4)]) as recording:
            for address in ["192.168.1.255", "255.255.255.255"]:
                network.run("h1", ["ping", "-b", "-n", "-c", "1", "-W", "1", "-I", "h1-eth0", address])
        recording.save("ping-broadcast.pcapng")


@scene("last-byte-0-and-255.pcapng", "ping", "udhcpc", "dnsmasq")
def zero_and_255():
    with Network() as network:
        # In a /23 both 192.168.0.255 and 192.168.1.0 are hosts like any other.
        lan(network, [("h1", None), ("h2", "192.168.1.0/23"), ("modemA", "192.168.0.1/23")])
        network.run("h1", ["ip", "link", "set", "h1-eth0", "address", "02:00:c0:a8:00:ff"])
        server = network.start(
            "modemA",
            ["dnsmasq", "--keep-in-foreground", "--user=root", "--pid-file=", "--conf-file=/dev/null", "--port=0"]
            + ["--dhcp-range=192.168.0.100,192.168.1.150,255.255.254.0,1h", "--dhcp-host=02:00:c0:a8:00:ff,192.168.0.255"]
            + [f"--dhcp-leasefile={network.path('leases')}", "--dhcp-authoritative", "--log-facility=-"],
        )
        network.wait_listening("modemA", 67, "udp", server)
        with Recording(network, "h1", H1, [("dhcp.option.dhcp == 5", 1), ("icmp.type == 0", 2)]) as recording:
            script = os.path.join(HERE, "servers", "udhcpc.script")
            network.start("h1", ["udhcpc", "-f", "-i", "h1-eth0", "-s", script, "-t", "5"])
            poll(lambda: "192.168.0.255" in network.run("h1", ["ip", "addr"]), "h1 to have its lease", seconds=30)
            for address in ["192.168.1.0", "192.168.0.1"]:
                network.run("h1", ["ping", "-n", "-c", "1", address])
        recording.save("last-byte-0-and-255.pcapng")


@scene("network-address-used.pcapng", "ping", "udhcpc", "dnsmasq")
def network_address_used():
    with Network() as network:
        lan(network, [("h1", None), ("h2", "192.168.1.0/24"), ("modemA", "192.168.1.1/24")])
        network.run("h1", ["ip", "link", "set", "h1-eth0", "address", "02:00:c0:a8:01:0b"])
        server = network.start(
            "modemA",
            ["dnsmasq", "--keep-in-foreground", "--user=root", "--pid-file=", "--conf-file=/dev/null", "--port=0"]
            + ["--dhcp-range=192.168.1.100,192.168.1.150,1h", "--dhcp-host=02:00:c0:a8:01:0b,192.168.1.11", "--no-ping"]
            + [f"--dhcp-leasefile={network.path('leases')}", "--dhcp-authoritative", "--log-facility=-"],
        )
        network.wait_listening("modemA", 67, "udp", server)
        with Recording(network, "h1", H1, [("dhcp.option.dhcp == 5", 1), ("ip.src == 192.168.1.0", 1)]) as recording:
            script = os.path.join(HERE, "servers", "udhcpc.script")
            network.start("h1", ["udhcpc", "-f", "-i", "h1-eth0", "-s", script, "-t", "5"])
            poll(lambda: "192.168.1.11" in network.run("h1", ["ip", "addr"]), "h1 to have its lease", seconds=30)
            # h2 was given the address that names the network.
            network.run("h2", ["ping", "-n", "-c", "1", "192.168.1.11"])
        recording.save("network-address-used.pcapng")


@scene("broadcast-address-used.pcapng", "ping", "udhcpc", "dnsmasq")
def broadcast_address_used():
    with Network() as network:
        lan(network, [("h1", None), ("h2", "192.168.1.255/23"), ("modemA", "192.168.1.1/24")])
        network.run("h1", ["ip", "link", "set", "h1-eth0", "address", "02:00:c0:a8:01:0b"])
        server = network.start(
            "modemA",
            ["dnsmasq", "--keep-in-foreground", "--user=root", "--pid-file=", "--conf-file=/dev/null", "--port=0"]
            + ["--dhcp-range=192.168.1.100,192.168.1.150,1h", "--dhcp-host=02:00:c0:a8:01:0b,192.168.1.11", "--no-ping"]
            + [f"--dhcp-leasefile={network.path('leases')}", "--dhcp-authoritative", "--log-facility=-"],
        )
        network.wait_listening("modemA", 67, "udp", server)
        with Recording(network, "h1", H1, [("dhcp.option.dhcp == 5", 1), ("arp.src.proto_ipv4 == 192.168.1.255", 1)]) as recording:
            script = os.path.join(HERE, "servers", "udhcpc.script")
            network.start("h1", ["udhcpc", "-f", "-i", "h1-eth0", "-s", script, "-t", "5"])
            poll(lambda: "192.168.1.11" in network.run("h1", ["ip", "addr"]), "h1 to have its lease", seconds=30)
            # With 23 bits h2's address is a host's; for everybody else it is everybody's.
            network.run("h2", ["ping", "-n", "-c", "1", "-W", "4", "192.168.1.11"], succeed=False)
        recording.save("broadcast-address-used.pcapng")


@scene("asks-beyond-lease.pcapng", "ping", "udhcpc", "dnsmasq")
def asks_beyond_lease():
    with Network() as network:
        lan(network, [("h1", None), ("modemA", "192.168.1.1/24")])
        network.run("h1", ["ip", "link", "set", "h1-eth0", "address", "02:00:c0:a8:01:0b"])
        server = network.start(
            "modemA",
            ["dnsmasq", "--keep-in-foreground", "--user=root", "--pid-file=", "--conf-file=/dev/null", "--port=0"]
            + ["--dhcp-range=192.168.1.100,192.168.1.150,1h", "--dhcp-host=02:00:c0:a8:01:0b,192.168.1.11", "--no-ping"]
            + [f"--dhcp-leasefile={network.path('leases')}", "--dhcp-authoritative", "--log-facility=-"],
        )
        network.wait_listening("modemA", 67, "udp", server)
        beyond = "arp.dst.proto_ipv4 == 192.168.2.20"
        with Recording(network, "h1", H1, [("dhcp.option.dhcp == 5", 1), ("icmp.type == 0", 1), (beyond, 2)]) as recording:
            script = os.path.join(HERE, "servers", "udhcpc.script")
            network.start("h1", ["udhcpc", "-f", "-i", "h1-eth0", "-s", script, "-t", "5"])
            poll(lambda: "192.168.1.11" in network.run("h1", ["ip", "addr"]), "h1 to have its lease", seconds=30)
            network.run("h1", ["ping", "-n", "-c", "1", "192.168.1.1"])
            # A second mask, set by hand: h1 takes everything from 192.168.0.0 on for its link.
            network.run("h1", ["ip", "route", "add", "192.168.0.0/16", "dev", "h1-eth0"])
            network.run("h1", ["ping", "-n", "-c", "1", "-W", "2", "192.168.2.20"], succeed=False)
        recording.save("asks-beyond-lease.pcapng")


@scene("neighbour-silent-ipv6.pcapng", "ping")
def neighbour_silent_ipv6():
    with Network(ipv6=True) as network:
        lan(network, [])
        for host, last in [("h1", 11), ("h2", 12)]:
            network.host(host)
            attach(network, "lan", host, f"{host}-eth0", f"192.168.1.{last}/24", f"2001:db8:a:1::{last}/64")
        with Recording(network, "h1", H1, [("icmpv6.nd.ns.target_address == 2001:db8:a:1::99", 3), ("icmpv6.type == 129", 1)]) as recording:
            network.run("h1", ["ping", "-6", "-n", "-c", "1", "2001:db8:a:1::12"])
            network.run("h1", ["ping", "-6", "-n", "-c", "1", "-W", "4", "2001:db8:a:1::99"], succeed=False)
        recording.save("neighbour-silent-ipv6.pcapng")


@scene("ipv6-duplicate.pcapng", "ping")
def ipv6_duplicate():
    with Network(ipv6=True) as network:
        lan(network, [])
        for host, last in [("h1", 11), ("h2", 12)]:
            network.host(host)
            attach(network, "lan", host, f"{host}-eth0", f"192.168.1.{last}/24", f"2001:db8:a:1::{last}/64")
        network.settings("h2", {"net.ipv6.conf.h2-eth0.accept_dad": 1})
        with Recording(network, "h1", H1, [("icmpv6.type == 136", 1)]) as recording:
            # h2 asks whether h1's address is free, and is told that it is not.
            network.run("h2", ["ip", "-6", "addr", "add", "2001:db8:a:1::11/64", "dev", "h2-eth0"])
            failed = lambda: "dadfailed" in network.run("h2", ["ip", "-6", "addr", "show", "dev", "h2-eth0"])
            poll(failed, "h2 to notice")
        recording.save("ipv6-duplicate.pcapng")
