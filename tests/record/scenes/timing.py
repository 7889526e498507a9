"""What is lost, late, out of order or held back, told by when it is sent again."""

import plan
from network import Network, poll
from plan import CLOSED, H1, HERE, WWW
from recording import Recording
from scenes import scene
from scenes.handshake import PORT, client, recorded, server
from scenes.path import WWW_CARD
from scenes.web import CURL

# A pure acknowledgement of www: 20 bytes of IP, 32 of TCP.
ACKNOWLEDGEMENT = f"tcp sport {PORT} ip length 52 tcp flags & (syn | fin) == 0"


def acknowledgement_lost(name, host, interfaces):
    with server("read") as network:
        network.firewall("example", "forward", [f"{ACKNOWLEDGEMENT} numgen inc mod 1000 == 0 drop"])
        with Recording(network, host, interfaces, [("tcp.options.sack_le", 1), CLOSED]) as recording:
            client(network, "once")
        recording.save(name)


@scene("ack-lost.pcapng", "python3")
def ack_lost():
    acknowledgement_lost("ack-lost.pcapng", "h1", H1)


@scene("ack-lost-receiver.pcapng", "python3")
def ack_lost_receiver():
    acknowledgement_lost("ack-lost-receiver.pcapng", "www", WWW_CARD)


@scene("loss-sender.pcapng", "nginx", "dnsmasq", "curl")
def loss_sender():
    with plan.ready() as network:
        network.firewall("example", "forward", ["tcp sport 80 ip length > 1400 numgen inc mod 1000 == 3 drop"])
        with Recording(network, "www", WWW_CARD, [("tcp.options.sack_le", 1), CLOSED]) as recording:
            network.run("h1", CURL + [f"http://{WWW}/large.txt"])
        recording.save("loss-sender.pcapng")


@scene("loss-near.pcapng", "nginx", "dnsmasq", "curl")
def loss_near():
    with plan.ready() as network:
        # There and back takes less than 0.1 ms: what is sent again is here sooner than what is overtaken elsewhere.
        network.firewall("example", "forward", ["tcp sport 80 ip length > 1400 numgen inc mod 7 == 3 drop"])
        with Recording(network, "h1", H1, [("tcp.options.sack_le", 1), CLOSED]) as recording:
            network.run("h1", CURL + [f"http://{WWW}/large.txt"])
        recording.save("loss-near.pcapng")


def tail_lost(name, host, interfaces):
    with server("read") as network:
        # The only segment with data, and so nothing behind it that would be acknowledged again.
        network.firewall("example", "forward", [f"tcp dport {PORT} ip length > 300 numgen inc mod 1000 == 0 drop"])
        with Recording(network, host, interfaces, [("tcp.len > 0", 1), CLOSED]) as recording:
            client(network, "once")
        recording.save(name)


@scene("loss-timeout.pcapng", "python3")
def loss_timeout():
    tail_lost("loss-timeout.pcapng", "h1", H1)


def over_a_late_cable(name, mode, number, until, address="large.txt"):
    """h1 and www on one cable, which is our wire/late_cable.py."""
    with Network() as network:
        for host in ["h1", "cable", "www"]:
            network.host(host)
        network.cable(("h1", "h1-eth0", "192.168.1.11/24", None), ("cable", "cable-h1", None, None))
        network.cable(("www", "www-eth0", "192.168.1.4/24", None), ("cable", "cable-www", None, None))
        plan.web_server(network)
        network.start("cable", ["python3", f"{HERE}/wire/late_cable.py", mode, number, "cable-h1", "cable-www"])
        poll(lambda: "PROMISC" in network.run("cable", ["ip", "link", "show", "cable-www"]), "the cable")
        host, interfaces = ("www", WWW_CARD) if name.endswith("-sender.pcapng") else ("h1", H1)
        with Recording(network, host, interfaces, until) as recording:
            network.run("h1", CURL + [f"http://192.168.1.4/{address}"])
        recording.save(name)


@scene("retransmission-spurious.pcapng", "nginx", "curl", "python3")
def spurious():
    over_a_late_cable("retransmission-spurious.pcapng", "held", "0.6", [("tcp.analysis.spurious_retransmission or tcp.options.sack.dsack", 1), CLOSED])


@scene("retransmission-spurious-sender.pcapng", "nginx", "curl", "python3")
def spurious_sender():
    over_a_late_cable("retransmission-spurious-sender.pcapng", "held", "0.6", [("tcp.options.sack.dsack", 1), CLOSED])


@scene("reordered.pcapng", "nginx", "curl", "python3")
def reordered():
    over_a_late_cable("reordered.pcapng", "swapped", "1", [("tcp.analysis.out_of_order or tcp.options.sack_le", 1), CLOSED])


@scene("http-slow-network.pcapng", "nginx", "curl", "python3")
def slow_network():
    # 20 kB at 10 kB a second: two seconds, and none of them the server's.
    over_a_late_cable("http-slow-network.pcapng", "thin", "10000", [CLOSED])


@scene("zero-window.pcapng", "python3")
def zero_window():
    recorded("zero-window.pcapng", "upload", "slow", [("tcp.window_size_value == 0 and tcp.flags.reset == 0", 2), CLOSED])


@scene("nagle.pcapng", "python3")
def nagle():
    recorded("nagle.pcapng", "halves", "answer", [CLOSED])


@scene("nagle-off.pcapng", "python3")
def nagle_off():
    recorded("nagle-off.pcapng", "hasty", "answer", [CLOSED])
