"""How a host finds what it needs to know: names, hardware addresses, its own address, its router."""

import os

import plan
from lan import lan
from network import Network, poll, stop
from plan import CLIENTS, H1, HERE
from recording import Recording, matching
from scenes import scene


@scene("dns.pcapng", "dnsmasq", "getent")
def dns():
    # With IPv6, or the C library would not ask for its addresses.
    with plan.ready(ipv6=True) as network:
        until = [("dns.cname", 1), ("dns.flags.rcode == 3", 1), ("dns.ptr.domain_name", 1), ("dns.flags.response == 1", 6)]
        with Recording(network, "h1", H1, until) as recording:
            network.run("h1", ["sh", f"{CLIENTS}/ask.sh"])
        recording.save("dns.pcapng")


@scene("dns-truncated.pcapng.gz", "dnsmasq", "getent")
def dns_truncated():
    with Network() as network:
        plan.home(network)
        # Sixty addresses do not fit the 512 bytes that an answer over UDP may have.
        many = network.path("many.hosts")
        with open(many, "w", encoding="ascii") as out:
            out.writelines(f"10.130.1.{number} many.example.com\n" for number in range(101, 161))
        plan.name_server(network, ["--addn-hosts=" + many])
        until = [("dns.flags.truncated == 1", 1), ("tcp and dns.flags.response == 1", 1), plan.CLOSED]
        with Recording(network, "h1", H1, until) as recording:
            assert "10.130.1.160" in network.run("h1", ["getent", "ahostsv4", "many.example.com"])
        recording.save("dns-truncated.pcapng.gz")


@scene("arp.pcapng", "ping")
def arp():
    with Network() as network:
        lan(network, [("h1", "192.168.1.11/24"), ("h2", "192.168.1.12/24")])
        # The kernel asks whether a neighbour is still there after this long without a word from a higher layer.
        network.settings("h1", {"net.ipv4.neigh.h1-eth0.delay_first_probe_time": 1})
        network.settings("h2", {"net.ipv4.conf.h2-eth0.arp_notify": 1})
        network.settings("h2", {"net.ipv4.neigh.h2-eth0.delay_first_probe_time": 1})
        until = [
            ("arp.isgratuitous == 1 and arp.src.hw_mac == 02:00:c0:a8:01:ee", 1),
            ("arp.dst.proto_ipv4 == 192.168.1.99", 3),
            ("icmp.type == 0", 2),
        ]
        with Recording(network, "h1", H1, until) as recording:
            network.run("h1", ["ping", "-n", "-c", "1", "192.168.1.12"])
            # h2 verifies h1 by asking it alone, and not everybody.
            unicast = "arp.opcode == 1 and eth.dst == 02:00:c0:a8:01:0b"
            poll(lambda: matching(recording.raw, unicast), "h2 to probe h1", seconds=20)
            network.run("h1", ["ping", "-n", "-c", "1", "-W", "5", "192.168.1.99"], succeed=False)
            network.run("h2", ["ip", "link", "set", "h2-eth0", "address", "02:00:c0:a8:01:ee"])
            gratuitous = "arp.isgratuitous == 1"
            poll(lambda: matching(recording.raw, gratuitous), "h2 to announce its new card", seconds=20)
            network.run("h1", ["ping", "-n", "-c", "1", "192.168.1.12"])
        recording.save("arp.pcapng")


@scene("arp-duplicate.pcapng", "ping")
def arp_duplicate():
    with Network() as network:
        lan(network, [("h1", "192.168.1.11/24"), ("h2", "192.168.1.12/24"), ("h3", "192.168.1.13/24")])
        # h3 was given h2's address too, by hand, as people do.
        network.run("h3", ["ip", "addr", "add", "192.168.1.12/24", "dev", "h3-eth0"])
        with Recording(network, "h1", H1, [("arp.duplicate-address-detected", 1), ("icmp.type == 0", 1)]) as recording:
            network.run("h1", ["ping", "-n", "-c", "1", "192.168.1.12"])
        recording.save("arp-duplicate.pcapng")


def home_lan(network):
    """h1 without an address, and its modem."""
    network.host("h1")
    network.host("modemA", forwards=True)
    network.cable(
        ("h1", "h1-eth0", "192.168.1.11/24", None), ("modemA", "modemA-lan", "192.168.1.1/24", "2001:db8:a:1::1/64")
    )
    network.run("h1", ["ip", "addr", "flush", "dev", "h1-eth0", "scope", "global"])


@scene("dhcp.pcapng", "dnsmasq", "udhcpc")
def dhcp():
    with Network() as network:
        home_lan(network)
        leases = network.path("leases")
        server = network.start(
            "modemA",
            ["dnsmasq", "--keep-in-foreground", "--user=root", "--pid-file=", "--conf-file=/dev/null", "--port=0"]
            + ["--dhcp-range=192.168.1.100,192.168.1.150,1h", "--dhcp-option=option:dns-server,10.1.1.1"]
            + ["--domain=home.example", f"--dhcp-leasefile={leases}", "--dhcp-authoritative", "--log-facility=-"],
        )
        network.wait_listening("modemA", 67, "udp", server)
        until = [(f"dhcp.option.dhcp == {number}", 1) for number in (1, 2, 3, 5, 7)]
        with Recording(network, "h1", H1, until) as recording:
            script = os.path.join(HERE, "servers", "udhcpc.script")
            client = network.start(
                "h1", ["udhcpc", "-f", "-i", "h1-eth0", "-s", script, "-R", "-x", "hostname:h1", "-t", "5"]
            )
            poll(lambda: "192.168.1.1" in network.run("h1", ["ip", "route"]), "h1 to have its lease", seconds=30)
            # -R: it gives the lease back when it is told to end.
            stop(client, 15)
        recording.save("dhcp.pcapng")


@scene("router-advertisement.pcapng", "dnsmasq", "ping")
def router_advertisement():
    with Network(ipv6=True) as network:
        home_lan(network)
        network.settings("h1", {"net.ipv6.conf.h1-eth0.disable_ipv6": 1})
        network.settings(
            "h1", {f"net.ipv6.conf.h1-eth0.{key}": 1 for key in ("accept_ra", "router_solicitations", "accept_dad")}
        )
        server = network.start(
            "modemA",
            ["dnsmasq", "--keep-in-foreground", "--user=root", "--pid-file=", "--conf-file=/dev/null", "--port=0"]
            + ["--enable-ra", "--dhcp-range=2001:db8:a:1::,ra-stateless,ra-only,64,1h", "--log-facility=-"]
            + ["--interface=modemA-lan", "--dhcp-option=option6:dns-server,[2001:db8:1:1::1]"],
        )
        # A raw socket for ICMPv6: there is no port to see.
        poll(lambda: network.run("modemA", ["ss", "-Hlnw"]).strip(), "dnsmasq to listen for solicitations")
        assert server.poll() is None
        until = [
            ("icmpv6.type == 133", 1), ("icmpv6.type == 134", 1), ("icmpv6.type == 135 and ipv6.src == ::", 2),
            ("icmpv6.type == 136", 1), ("icmpv6.type == 129", 1),
        ]
        with Recording(network, "h1", H1, until) as recording:
            network.settings("h1", {"net.ipv6.conf.h1-eth0.disable_ipv6": 0})

            def configured():
                addresses = network.run("h1", ["ip", "-6", "addr", "show", "dev", "h1-eth0", "scope", "global"])
                return "2001:db8:a:1" in addresses and "tentative" not in addresses

            poll(configured, "h1 to give itself an address", seconds=30)
            network.run("h1", ["ping", "-6", "-n", "-c", "1", "2001:db8:a:1::1"])
        recording.save("router-advertisement.pcapng")


@scene("dhcpv6.pcapng", "dnsmasq", "python3")
def dhcpv6():
    with Network(ipv6=True) as network:
        home_lan(network)
        leases = network.path("leases")
        server = network.start(
            "modemA",
            ["dnsmasq", "--keep-in-foreground", "--user=root", "--pid-file=", "--conf-file=/dev/null", "--port=0"]
            + ["--dhcp-range=2001:db8:a:1::100,2001:db8:a:1::1ff,64,1h", "--interface=modemA-lan", "--log-facility=-"]
            + ["--dhcp-option=option6:dns-server,[2001:db8:1:1::1]", "--dhcp-option=option6:domain-search,home.example"]
            + [f"--dhcp-leasefile={leases}", "--dhcp-authoritative"],
        )
        network.wait_listening("modemA", 547, "udp", server)
        links = ["ip", "-6", "addr", "show", "dev", "h1-eth0", "scope", "link"]
        poll(lambda: "fe80" in (shown := network.run("h1", links)) and "tentative" not in shown, "h1's address on its link")
        until = [(f"dhcpv6.msgtype == {number}", 1) for number in (1, 2, 3, 8)] + [("dhcpv6.msgtype == 7", 2)]
        with Recording(network, "h1", H1, until) as recording:
            network.run("h1", ["python3", f"{CLIENTS}/lease_ipv6.py", "h1-eth0"])
        recording.save("dhcpv6.pcapng")
