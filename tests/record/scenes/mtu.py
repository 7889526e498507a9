"""How large a packet may be on its way, and how a sender learns it, or does not."""

import plan
from network import Network, poll
from plan import CLIENTS, CLOSED, H1, HERE, WWW, WWW6
from recording import Recording
from scenes import scene
from scenes.path import WWW_CARD, narrow
from scenes.tunnel import CORE, device_up, wire_end
from scenes.web import ANSWERED, CURL

# Of the size that a web page has: four full segments.
PART = ["--range", "0-4999"]


@scene("path-mtu-black-hole-client.pcapng", "nginx", "dnsmasq", "curl")
def black_hole_client():
    with plan.ready() as network:
        narrow(network, 1400)
        network.firewall("example", "output", ["ip protocol icmp drop"])
        with Recording(network, "h1", H1, [("tcp.options.sack_le", 1), ("tcp.flags.fin == 1", 1)]) as recording:
            command = CURL + ["--max-time", "4"] + PART + [f"http://{WWW}/large.txt"]
            assert "timed out" in network.run("h1", command, succeed=False)
        recording.save("path-mtu-black-hole-client.pcapng")


def upload_into_black_hole(name, words):
    """A form of so many words, sent through a link of 1400 bytes of which no router tells."""
    with plan.ready() as network:
        plan.python_server(network)
        narrow(network, 1400)
        network.firewall("backbone", "output", ["ip protocol icmp drop"])
        upload = network.path("upload")
        with open(upload, "w", encoding="ascii") as out:
            out.write("note=" + "large+" * words)
        with Recording(network, "h1", H1, [("tcp.analysis.retransmission and tcp.len > 1000", 4)]) as recording:
            command = CURL + ["--max-time", "4", "-H", "Expect:", "--data", f"@{upload}", f"http://{WWW}:8080/form"]
            assert "timed out" in network.run("h1", command, succeed=False)
        recording.save(name)


@scene("path-mtu-black-hole-upload.pcapng", "dnsmasq", "curl", "python3")
def black_hole_upload():
    upload_into_black_hole("path-mtu-black-hole-upload.pcapng", 500)


@scene("path-mtu-black-hole-silent.pcapng", "dnsmasq", "curl", "python3")
def black_hole_silent():
    # More than is sent before the first answer: nothing small is among it.
    upload_into_black_hole("path-mtu-black-hole-silent.pcapng", 4000)


@scene("path-mtu-black-hole-hung.pcapng", "nginx", "dnsmasq", "curl")
def black_hole_hung():
    with plan.ready() as network:
        narrow(network, 1400)
        network.firewall("example", "output", ["ip protocol icmp drop"])
        # What a user has who asks why it hangs: the server's farewell tells of an answer that never came.
        with Recording(network, "h1", H1, [("tcp.flags.fin == 1", 1), ("tcp.srcport == 80 and tcp.ack > 2 and tcp.seq > 1000", 1)]) as recording:
            command = CURL + ["--max-time", "3", f"http://{WWW}/large.txt"]
            assert "timed out" in network.run("h1", command, succeed=False)
        recording.save("path-mtu-black-hole-hung.pcapng")


@scene("path-mtu-black-hole-ipv6.pcapng", "nginx", "dnsmasq", "curl")
def black_hole_ipv6():
    with plan.ready(ipv6=True) as network:
        narrow(network, 1400)
        network.firewall("example", "output", ["icmpv6 type packet-too-big drop"], family="ip6")
        with Recording(network, "www", WWW_CARD, [("tcp.analysis.retransmission and tcp.len > 1000", 4)]) as recording:
            command = CURL + ["--globoff", "--max-time", "4"] + PART + [f"http://[{WWW6}]/large.txt"]
            assert "timed out" in network.run("h1", command, succeed=False)
        recording.save("path-mtu-black-hole-ipv6.pcapng")


@scene("path-mtu-probing.pcapng", "nginx", "dnsmasq", "curl")
def probing():
    with plan.ready() as network:
        narrow(network, 1400)
        network.firewall("example", "output", ["ip protocol icmp drop"])
        # The kernel tries smaller segments when large ones go unanswered (RFC 4821).
        network.settings("www", {"net.ipv4.tcp_mtu_probing": 1, "net.ipv4.tcp_base_mss": 1024})
        with Recording(network, "www", WWW_CARD, [CLOSED]) as recording:
            network.run("h1", CURL + PART + [f"http://{WWW}/large.txt"])
        recording.save("path-mtu-probing.pcapng")


@scene("server-gone.pcapng", "nginx", "dnsmasq", "curl")
def server_gone():
    with plan.ready() as network:
        # The way back dies when the answer begins: whatever www sends with data in it is lost, large or small.
        network.firewall("example", "forward", ["tcp sport 80 ip length > 60 drop"])
        with Recording(network, "www", WWW_CARD, [("tcp.analysis.retransmission and tcp.len > 0", 4)]) as recording:
            command = CURL + ["--max-time", "4"] + PART + [f"http://{WWW}/large.txt"]
            assert "timed out" in network.run("h1", command, succeed=False)
        recording.save("server-gone.pcapng")


@scene("mss-clamped.pcapng", "nginx", "dnsmasq", "curl")
def clamped():
    with plan.ready() as network:
        # Only the modem's outside is narrow, and it says so in the SYN for those who would not hear of it.
        for host, interface in [("modemA", "modemA-wan"), ("isp", "isp-access")]:
            network.run(host, ["ip", "link", "set", interface, "mtu", "1400"])
        network.firewall("modemA", "forward", ["tcp flags syn tcp option maxseg size set rt mtu"])
        sides = [
            ("modemA-lan", "modemA's inside, on the home LAN"),
            ("modemA-wan", "modemA's outside, on the access link"),
        ]
        with Recording(network, "modemA", sides, [("http.response", 2), ("tcp.flags.fin == 1", 4)]) as recording:
            network.run("h1", CURL + PART + [f"http://{WWW}/large.txt"])
        recording.save("mss-clamped.pcapng")


@scene("jumbo.pcapng", "nginx", "curl", "ping")
def jumbo():
    with Network() as network:
        network.host("h1")
        network.host("www")
        ends = [("h1", "h1-eth0", "192.168.1.11/24", None), ("www", "www-eth0", "192.168.1.4/24", None)]
        network.cable(*ends, mtu=9000)
        plan.web_server(network)
        with Recording(network, "h1", H1, [("icmp.type == 0", 1), ANSWERED, CLOSED]) as recording:
            network.run("h1", ["ping", "-n", "-c", "1", "-M", "do", "-s", "8972", "192.168.1.4"])
            network.run("h1", CURL + ["http://192.168.1.4/large.txt"])
        recording.save("jumbo.pcapng")


@scene("jumbo-mismatch.pcapng", "nginx", "curl", "ping")
def jumbo_mismatch():
    with Network() as network:
        network.host("h1")
        network.host("www")
        ends = [("h1", "h1-eth0", "192.168.1.11/24", None), ("www", "www-eth0", "192.168.1.4/24", None)]
        network.cable(*ends, mtu=9000)
        # A switch between them that takes 1500: no router, and so nobody to say anything.
        network.run("h1", ["nft", "add table netdev narrow"])
        chain = "add chain netdev narrow in { type filter hook ingress device h1-eth0 priority 0 ; }"
        network.run("h1", ["nft", chain])
        network.run("h1", ["nft", "add rule netdev narrow in meta length > 1500 drop"])
        plan.web_server(network)
        with Recording(network, "www", WWW_CARD, [("tcp.analysis.retransmission and tcp.len > 1500", 3)]) as recording:
            network.run("h1", CURL + ["--max-time", "3", "--range", "0-8999", "http://192.168.1.4/large.txt"], succeed=False)
        recording.save("jumbo-mismatch.pcapng")


@scene("ipip-tcp.pcapng", "curl", "python3")
def ipip():
    with Network() as network:
        plan.home(network)
        wire_end(network, "isp", "tunnel_end.py", "ipip", "isp-tunnel", "10.1.1.25", "10.1.2.130", "172.16.0.1/24")
        wire_end(network, "example", "tunnel_end.py", "ipip", "example-tunnel", "10.1.2.130", "10.1.1.25", "172.16.0.2/24")
        for host in ["isp", "example"]:
            poll(device_up(network, host, f"{host}-tunnel"), f"{host}'s end of the tunnel")
        plan.python_server(network, "example")
        upload = network.path("upload")
        with open(upload, "w", encoding="ascii") as out:
            out.write("note=" + "large+" * 500)
        with Recording(network, "backbone", CORE, [ANSWERED, CLOSED]) as recording:
            network.run("isp", CURL + ["-H", "Expect:", "--data", f"@{upload}", "http://172.16.0.2:8080/form"])
        recording.save("ipip-tcp.pcapng")


@scene("segmentation-offload.pcapng", "nginx", "dnsmasq", "curl")
def segmentation_offload():
    with plan.ready() as network:
        network.offload("www", "www-eth0", True)
        with Recording(network, "www", WWW_CARD, [("frame.len > 1514", 1), ANSWERED, CLOSED]) as recording:
            network.run("h1", CURL + [f"http://{WWW}/large.txt"])
        recording.save("segmentation-offload.pcapng")


@scene("receive-offload.pcapng", "nginx", "curl")
def receive_offload():
    with Network() as network:
        network.host("h1")
        network.host("www")
        network.cable(("h1", "h1-eth0", "192.168.1.11/24", None), ("www", "www-eth0", "192.168.1.4/24", None))
        for host, interface in [("h1", "h1-eth0"), ("www", "www-eth0")]:
            network.offload(host, interface, True)
        plan.web_server(network)
        # What one end hands over in one piece arrives in one piece: no cable ever had it so.
        with Recording(network, "h1", H1, [("frame.len > 1514", 1), ANSWERED, CLOSED]) as recording:
            network.run("h1", CURL + ["http://192.168.1.4/large.txt"])
        recording.save("receive-offload.pcapng")


@scene("cut-on-the-way.pcapng", "dnsmasq", "nginx", "python3")
def cut_on_the_way():
    with plan.ready() as network:
        narrow(network, 1400)
        server = network.start("www", ["python3", f"{HERE}/servers/udp_length.py", "7007"])
        network.wait_listening("www", 7007, "udp", server)
        sides = [("backbone-isp", "the backbone's end of the link to the isp"), ("backbone-ex", "its end of the narrow link")]
        with Recording(network, "backbone", sides, [("ip.fragment.count == 2", 1), ("udp.srcport == 7007", 2)]) as recording:
            network.run("h1", ["python3", f"{CLIENTS}/udp_large.py", WWW, "7007", "1450"])
        recording.save("cut-on-the-way.pcapng")


@scene("ping-too-large.pcapng", "nginx", "dnsmasq", "ping")
def ping_too_large():
    with plan.ready() as network:
        narrow(network, 1400)
        with Recording(network, "h1", H1, [("icmp.code == 4", 1), ("icmp.type == 0", 1)]) as recording:
            network.run("h1", ["ping", "-n", "-c", "1", "-W", "1", "-M", "do", "-s", "1472", WWW], succeed=False)
            # 1372 bytes of data are 1400 of packet.
            network.run("h1", ["ping", "-n", "-c", "1", "-M", "do", "-s", "1372", WWW])
        recording.save("ping-too-large.pcapng")


@scene("ping-sizes.pcapng", "nginx", "dnsmasq", "ping")
def ping_sizes():
    with plan.ready() as network:
        narrow(network, 1400)
        network.firewall("backbone", "output", ["ip protocol icmp icmp type destination-unreachable drop"])
        with Recording(network, "h1", H1, [("icmp.type == 0", 4)]) as recording:
            for size, count in [("1372", "2"), ("1373", "2"), ("56", "2")]:
                network.run("h1", ["ping", "-n", "-c", count, "-i", "0.2", "-W", "1", "-M", "do", "-s", size, WWW], succeed=False)
        recording.save("ping-sizes.pcapng")


@scene("ping-too-large-ipv6.pcapng", "nginx", "dnsmasq", "ping")
def ping_too_large_ipv6():
    with plan.ready(ipv6=True) as network:
        narrow(network, 1400)
        with Recording(network, "h1", H1, [("icmpv6.type == 2", 1), ("icmpv6.type == 129", 1)]) as recording:
            network.run("h1", ["ping", "-6", "-n", "-c", "1", "-W", "1", "-M", "do", "-s", "1452", WWW6], succeed=False)
            network.run("h1", ["ping", "-6", "-n", "-c", "1", "-M", "do", "-s", "1352", WWW6])
        recording.save("ping-too-large-ipv6.pcapng")
