"""Whether a host can be reached, and what says that it cannot: ping, traceroute and refusals."""

import plan
from plan import CLIENTS, H1, WWW, WWW6
from recording import Recording
from scenes import scene
from scenes.web import CURL


@scene("ping.pcap", "nginx", "dnsmasq", "ping")
def ping():
    with plan.ready() as network:
        with Recording(network, "h1", H1, [("icmp.type == 0", 3), ("icmp.type == 11", 1)]) as recording:
            network.run("h1", ["ping", "-n", "-c", "3", "-i", "0.2", "www.example.com"])
            # Two hops are not enough: the second router says so.
            network.run("h1", ["ping", "-n", "-c", "1", "-W", "2", "-t", "2", "www.example.com"], succeed=False)
        recording.save("ping.pcap")


@scene("ping-large.pcapng", "nginx", "dnsmasq", "ping")
def ping_large():
    with plan.ready() as network:
        # tshark names the fragments of a datagram in the frame that completes it.
        with Recording(network, "h1", H1, [("icmp.type == 0 and ip.fragment.count == 3", 2)]) as recording:
            network.run("h1", ["ping", "-n", "-c", "2", "-i", "0.2", "-s", "3500", WWW])
        recording.save("ping-large.pcapng")


@scene("ping-large-ipv6.pcapng", "nginx", "dnsmasq", "ping")
def ping_large_ipv6():
    with plan.ready(ipv6=True) as network:
        with Recording(network, "h1", H1, [("icmpv6.type == 129 and ipv6.fragment.count == 3", 2)]) as recording:
            network.run("h1", ["ping", "-6", "-n", "-c", "2", "-i", "0.2", "-s", "3500", WWW6])
        recording.save("ping-large-ipv6.pcapng")


@scene("traceroute.pcap", "nginx", "dnsmasq", "traceroute")
def traceroute():
    with plan.ready() as network:
        with Recording(network, "h1", H1, [("icmp.type == 11", 8), ("icmp.type == 3", 2)]) as recording:
            # Two probes a hop and one at a time, so that the answers are in order.
            found = network.run("h1", ["traceroute", "-n", "-q", "2", "-N", "1", "-m", "8", "www.example.com"])
            assert "10.1.2.130" in found, found
        recording.save("traceroute.pcap")


@scene("traceroute-ipv6.pcapng.zst", "nginx", "dnsmasq", "traceroute", "zstd")
def traceroute_ipv6():
    with plan.ready(ipv6=True) as network:
        with Recording(network, "h1", H1, [("icmpv6.type == 3", 4), ("icmpv6.type == 129", 1)]) as recording:
            command = ["traceroute", "-6", "-I", "-n", "-q", "1", "-N", "1", "-m", "8", WWW6]
            assert "2001:db8:1:2::130" in network.run("h1", command)
        recording.save("traceroute-ipv6.pcapng.zst")


@scene("refused.pcapng", "nginx", "dnsmasq", "curl", "python3")
def refused():
    with plan.ready() as network:
        until = [("tcp.flags.reset == 1", 1), ("icmp.type == 3 and icmp.code == 3", 1)]
        with Recording(network, "h1", H1, until) as recording:
            network.run("h1", CURL + ["-4", "http://www.example.com:81/"], succeed=False)
            said = network.run("h1", ["python3", f"{CLIENTS}/udp_closed.py"])
            assert "refused" in said, said
        recording.save("refused.pcapng")


@scene("unreachable.pcapng", "nginx", "dnsmasq", "curl")
def unreachable():
    with plan.ready() as network:
        # The modem's owner forbids mail.
        network.firewall("modemA", "forward", ["tcp dport 25 reject with icmp admin-prohibited"])
        until = [(f"icmp.type == 3 and icmp.code == {code}", 1) for code in (0, 1, 13)]
        with Recording(network, "h1", H1, until) as recording:
            for url in ["http://10.200.1.4/", "http://10.130.1.99/", "smtp://mail.example.com/"]:
                network.run("h1", CURL + [url], succeed=False)
        recording.save("unreachable.pcapng")
