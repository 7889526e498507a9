"""What happens to packets on their way: rewritten, too large, dropped, or not yet finished when they were captured."""

import plan
from plan import CLOSED, H1, WWW, WWW6
from recording import Recording
from scenes import scene
from scenes.web import ANSWERED, CURL

WWW_CARD = [("www-eth0", "www's Ethernet, on the server LAN")]


@scene("router-two-sides.pcapng", "nginx", "dnsmasq", "curl")
def router_two_sides():
    with plan.ready() as network:
        sides = [
            ("modemA-lan", "modemA's inside, on the home LAN"),
            ("modemA-wan", "modemA's outside, on the access link"),
        ]
        # Everything is seen twice.
        with Recording(network, "modemA", sides, [("http.response", 2), ("tcp.flags.fin == 1", 4)]) as recording:
            network.run("h1", CURL + ["-4", "http://www.example.com/"])
        recording.save("router-two-sides.pcapng")


def narrow(network, mtu):
    """A link between backbone and example that takes less than the others."""
    for host, interface in [("backbone", "backbone-ex"), ("example", "example-core")]:
        network.run(host, ["ip", "link", "set", interface, "mtu", str(mtu)])


@scene("path-mtu.pcapng", "nginx", "dnsmasq", "curl")
def path_mtu():
    with plan.ready() as network:
        narrow(network, 1400)
        until = [("icmp.type == 3 and icmp.code == 4", 1), CLOSED]
        with Recording(network, "www", WWW_CARD, until) as recording:
            network.run("h1", CURL + ["--range", "0-4999", f"http://{WWW}/large.txt"])
        recording.save("path-mtu.pcapng")


@scene("path-mtu-ipv6.pcapng", "nginx", "dnsmasq", "curl")
def path_mtu_ipv6():
    with plan.ready(ipv6=True) as network:
        narrow(network, 1400)
        with Recording(network, "www", WWW_CARD, [("icmpv6.type == 2", 1), CLOSED]) as recording:
            network.run("h1", CURL + ["--globoff", "--range", "0-4999", f"http://[{WWW6}]/large.txt"])
        recording.save("path-mtu-ipv6.pcapng")


@scene("path-mtu-black-hole.pcapng", "nginx", "dnsmasq", "curl")
def path_mtu_black_hole():
    with plan.ready() as network:
        narrow(network, 1400)
        # A firewall that takes every ICMP message for an attack.
        network.firewall("example", "output", ["ip protocol icmp drop"])
        until = [("tcp.analysis.retransmission and tcp.len > 1000", 4)]
        with Recording(network, "www", WWW_CARD, until) as recording:
            command = CURL + ["--max-time", "4", "--range", "0-4999", f"http://{WWW}/large.txt"]
            assert "timed out" in network.run("h1", command, succeed=False)
        recording.save("path-mtu-black-hole.pcapng")


@scene("loss.pcapng", "nginx", "dnsmasq", "curl")
def loss():
    with plan.ready() as network:
        # One full segment of the answer, the fourth: large enough a number that no other follows it.
        network.firewall(
            "example", "forward", ["tcp sport 80 ip length > 1400 numgen inc mod 1000 == 3 counter drop"]
        )
        with Recording(network, "h1", H1, [("tcp.options.sack_le", 1), ANSWERED, CLOSED]) as recording:
            network.run("h1", CURL + ["-4", "http://www.example.com/large.txt"])
        recording.save("loss.pcapng")


@scene("checksum-offload.pcapng", "nginx", "dnsmasq", "curl", "python3")
def checksum_offload():
    with plan.ready() as network:
        plan.python_server(network)
        network.offload("h1", "h1-eth0", True)
        upload = network.path("upload")
        with open(upload, "w", encoding="ascii") as out:
            out.write("note=" + "large+" * 1000)
        with Recording(network, "h1", H1, [("frame.len > 1514", 1), ("http.response.code == 200", 1), CLOSED]) as recording:
            command = CURL + ["-4", "-H", "Expect:", "--data", f"@{upload}", "http://www.example.com:8080/form"]
            assert "note" in network.run("h1", command)
        recording.save("checksum-offload.pcapng")


@scene("cut-short.pcapng", "nginx", "dnsmasq", "curl")
def cut_short():
    with plan.ready() as network:
        until = [CLOSED]
        with Recording(network, "h1", H1, until, options=["-s", "96"]) as recording:
            network.run("h1", CURL + ["-4", "http://www.example.com/large.txt"])
        recording.save("cut-short.pcapng")
