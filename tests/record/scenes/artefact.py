"""What a capture shows because of where and how it was made, and not because of the network."""

import os
import struct

import pcapng
import plan
from lan import lan
from network import Failure, Network, poll
from plan import CLIENTS, CLOSED, H1, WWW
from recording import CAPTURES, Recording, matching
from scenes import scene
from scenes.web import ANSWERED, CURL


@scene("any-router.pcapng", "nginx", "dnsmasq", "curl")
def any_router():
    with plan.ready() as network:
        with Recording(network, "modemA", [("any", "all interfaces of modemA")], [("http.response", 2), ("tcp.flags.fin == 1", 4)]) as recording:
            network.run("h1", CURL + ["-4", "http://www.example.com/"])
        recording.save("any-router.pcapng")


@scene("any-host.pcapng", "nginx", "dnsmasq", "curl")
def any_host():
    with plan.ready() as network:
        with Recording(network, "h1", [("any", "all interfaces of h1")], [ANSWERED, CLOSED]) as recording:
            network.run("h1", CURL + ["-4", "http://www.example.com/"])
        recording.save("any-host.pcapng")


@scene("mirrored-twice.pcap", "nginx", "curl")
def mirrored_twice():
    with Network() as network:
        lan(network, [("h1", "192.168.1.11/24"), ("www", "192.168.1.4/24")])
        plan.web_server(network)
        ports = [("to-h1", "the switch's port to h1"), ("to-www", "the switch's port to www")]
        with Recording(network, "switch", ports, [("tcp.flags.fin == 1", 4)]) as recording:
            network.run("h1", CURL + ["http://192.168.1.4/"])
        # The classic format knows one interface: what a switch gives that copies both ports to a third.
        recording.save("mirrored-twice.pcap")


@scene("middle.pcapng", "nginx", "python3")
def middle():
    with plan.ready() as network:
        client = network.start("h1", ["python3", f"{CLIENTS}/pause_between.py", WWW, network.path("go-on")])

        def first():
            with open(client.log, encoding="utf-8") as log:
                return "first" in log.read()

        poll(first, "the first answer")
        # The recording begins when the connection has been open for a while.
        with Recording(network, "h1", H1, [ANSWERED, CLOSED]) as recording:
            with open(network.path("go-on"), "w", encoding="ascii"):
                pass
        recording.save("middle.pcapng")


@scene("dropped-frames.pcapng", "nginx", "dnsmasq", "curl")
def dropped_frames():
    with plan.ready() as network:
        with Recording(network, "h1", H1, [ANSWERED, CLOSED]) as recording:
            network.run("h1", CURL + ["-4", "http://www.example.com/large.txt"])
        recording.save("dropped-frames.pcapng")
    forget(os.path.join(CAPTURES, "dropped-frames.pcapng"))


def forget(path):
    """Take the third and the fourth full segment out of a capture, as a machine that was too slow would have, and say so in
    the interface's statistics."""
    lost = matching(path, "tcp.srcport == 80 and tcp.len == 1448")[2:4]
    if len(lost) < 2:
        raise Failure("too few segments to lose some")
    with open(path, "rb") as file:
        data = file.read()
    out, number, times = b"", 0, b""
    for kind, body in pcapng.blocks(data):
        if kind == pcapng.PACKET:
            number += 1
            times = body[4:12]
            if number in lost:
                continue
        out += pcapng.block(kind, body)
    # As the interface's statistics have it: received, dropped by the interface, dropped by the operating system.
    counts = [(4, number), (5, 0), (7, len(lost))]
    options = pcapng.written([(code, struct.pack("<Q", count)) for code, count in counts])
    out += pcapng.block(pcapng.STATISTICS, struct.pack("<I", 0) + times + options)
    with open(path, "wb") as file:
        file.write(out)
