"""Datagrams in fragments that come in another order than they were sent, twice, and in two versions.

The cable that does that is our program wire/unruly_cable.py; the question and the answer are real.
"""

import hashlib
import os

import plan
from network import Network, poll
from plan import CLIENTS, H1, HERE
from recording import Recording
from scenes import scene

SERVER = "192.168.1.1"


def over_an_unruly_cable(name, mode, times, until):
    with Network() as network:
        for host in ["h1", "cable", "modemA"]:
            network.host(host)
        network.cable(("h1", "h1-eth0", "192.168.1.11/24", None), ("cable", "cable-h1", None, None))
        network.cable(("modemA", "modemA-lan", f"{SERVER}/24", None), ("cable", "cable-modemA", None, None))
        # As keys for mail are published (RFC 6376): more of them than two frames have room for.
        keys = [hashlib.sha512(bytes([number])).hexdigest() for number in range(20)]
        texts = [f"--txt-record=keys.example.com,v=DKIM1; n={number}; p={key}" for number, key in enumerate(keys)]
        plan.name_server(network, [*texts, "--edns-packet-max=4096"], host="modemA")
        cable = os.path.join(HERE, "wire", "unruly_cable.py")
        network.start("cable", ["python3", cable, mode, "cable-h1", "cable-modemA"])
        poll(lambda: "PROMISC" in network.run("cable", ["ip", "link", "show", "cable-modemA"]), "the cable")
        with Recording(network, "h1", H1, until) as recording:
            network.run("h1", ["python3", f"{CLIENTS}/ask_large.py", SERVER, str(times)])
        recording.save(name)


@scene("dns-fragments.pcapng", "dnsmasq", "python3")
def dns_fragments():
    over_an_unruly_cable("dns-fragments.pcapng", "reversed", 2, [("dns.count.answers == 20", 2)])


@scene("dns-fragments-conflict.pcapng", "dnsmasq", "python3")
def dns_fragments_conflict():
    over_an_unruly_cable("dns-fragments-conflict.pcapng", "lying", 1, [("ip.flags.mf == 0 and ip.frag_offset > 0", 2)])
