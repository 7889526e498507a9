"""What ICMP has to say: every kind of refusal and complaint that a kernel makes."""

import plan
from lan import attach, lan
from network import Network
from plan import H1, HERE, WWW, WWW6
from recording import Recording
from scenes import scene
from scenes.web import CURL

ODD = f"{HERE}/wire/odd_packets.py"


@scene("icmp-kinds.pcapng", "python3")
def kinds():
    with Network() as network:
        lan(network, [("h1", "192.168.1.11/24"), ("h2", "192.168.1.12/24")])
        # Who waits for the rest of a datagram waits half a minute otherwise.
        network.settings("h2", {"net.ipv4.ipfrag_time": 1})
        until = [("icmp.type == 3 and icmp.code == 2", 1), ("icmp.type == 11 and icmp.code == 1", 1)]
        with Recording(network, "h1", H1, until + [("icmp.type == 12", 1), ("icmp.type == 14", 1)]) as recording:
            for kind in ["protocol", "fragment", "option", "timestamp"]:
                network.run("h1", ["python3", ODD, kind, "192.168.1.11", "192.168.1.12"])
        recording.save("icmp-kinds.pcapng")


@scene("icmpv6-kinds.pcapng", "python3")
def kinds_ipv6():
    with Network(ipv6=True) as network:
        lan(network, [])
        for host, last in [("h1", 11), ("h2", 12)]:
            network.host(host)
            attach(network, "lan", host, f"{host}-eth0", f"192.168.1.{last}/24", f"2001:db8:a:1::{last}/64")
        network.settings("h2", {"net.ipv6.ip6frag_time": 1})
        until = [("icmpv6.type == 4 and icmpv6.code == 1", 1), ("icmpv6.type == 4 and icmpv6.code == 2", 1)]
        with Recording(network, "h1", H1, until + [("icmpv6.type == 3 and icmpv6.code == 1", 1)]) as recording:
            for kind in ["protocol", "fragment", "option"]:
                network.run("h1", ["python3", ODD, kind, "2001:db8:a:1::11", "2001:db8:a:1::12"])
        recording.save("icmpv6-kinds.pcapng")


def refusals(network, host, family, reasons):
    """A firewall that refuses each port from 81 on for another reason."""
    rules = [f"tcp dport {81 + place} reject with {family} {reason}" for place, reason in enumerate(reasons)]
    network.firewall(host, "forward", rules, family="ip" if family == "icmp" else "ip6")


@scene("icmp-refusals.pcapng", "nginx", "dnsmasq", "curl")
def refusals_ipv4():
    with plan.ready() as network:
        reasons = ["net-unreachable", "host-unreachable", "port-unreachable", "net-prohibited", "host-prohibited", "admin-prohibited"]
        refusals(network, "isp", "icmp", reasons)
        with Recording(network, "h1", H1, [("icmp.type == 3", len(reasons))]) as recording:
            for place in range(len(reasons)):
                network.run("h1", CURL + ["--max-time", "0.3", f"http://{WWW}:{81 + place}/"], succeed=False)
        recording.save("icmp-refusals.pcapng")


@scene("icmpv6-refusals.pcapng", "nginx", "dnsmasq", "curl")
def refusals_ipv6():
    with plan.ready(ipv6=True) as network:
        reasons = ["no-route", "admin-prohibited", "addr-unreachable", "port-unreachable", "policy-fail", "reject-route"]
        refusals(network, "isp", "icmpv6", reasons)
        with Recording(network, "h1", H1, [("icmpv6.type == 1", len(reasons))]) as recording:
            for place in range(len(reasons)):
                command = CURL + ["--globoff", "--max-time", "0.3", f"http://[{WWW6}]:{81 + place}/"]
                network.run("h1", command, succeed=False)
        recording.save("icmpv6-refusals.pcapng")
