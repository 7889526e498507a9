"""Hosts that look for what is there or come between others, and hosts that only look so."""

from lan import attach, lan
from network import Network
from plan import CLIENTS, H1, HERE
from recording import Recording
from scenes import scene

SERVER = "192.168.1.12"
CALLS = "tcp.flags.syn == 1 and tcp.flags.ack == 0"
# What is mostly looked for, in the order of somebody who looks.
PORTS = [21, 22, 23, 25, 53, 80, 110, 111, 135, 139, 143, 443, 445, 993, 995, 1433, 1723, 3306, 3389, 5432, 5900, 6379, 8080, 8443]


def calls(name, places, open_ports, silent):
    """h1 calls places one after the other; h2 has some ports open, and says nothing of others."""
    with Network() as network:
        lan(network, [("h1", "192.168.1.11/24"), ("h2", f"{SERVER}/24")])
        # What is for other networks goes to h2, which has two addresses of them, and drops the rest.
        network.route("h1", "10.9.0.0/16", SERVER)
        for address in ["10.9.1.10", "10.9.1.20"]:
            network.run("h2", ["ip", "addr", "add", f"{address}/32", "dev", "lo"])
        network.firewall("h2", "input", [f"tcp dport {{ {', '.join(map(str, silent))} }} drop"] if silent else [])
        network.run("h2", ["ip", "route", "add", "blackhole", "10.9.0.0/16"])
        process = network.start("h2", ["python3", f"{HERE}/servers/open_ports.py", *map(str, open_ports)])
        network.wait_listening("h2", open_ports[0], "tcp", process)
        with Recording(network, "h1", H1, [(CALLS, len(places))]) as recording:
            network.run("h1", ["python3", f"{CLIENTS}/call_all.py", *places], seconds=60)
        recording.save(name)


@scene("port-scan.pcapng", "python3")
def port_scan():
    calls("port-scan.pcapng", [f"{SERVER}:{port}" for port in PORTS], [22, 80], [135, 139, 445, 3389])


@scene("services-checked.pcapng", "python3")
def services_checked():
    # Somebody who knows what runs there and looks whether it still does: seven of 24 are down.
    calls("services-checked.pcapng", [f"{SERVER}:{port}" for port in PORTS], PORTS[7:], [])


@scene("host-scan.pcapng", "python3")
def host_scan():
    calls("host-scan.pcapng", [f"10.9.1.{host}:22" for host in range(1, 25)], [22], [])


@scene("peers-far-and-wide.pcapng", "python3")
def peers_far_and_wide():
    # A list of peers of which most are gone: one here, one there.
    calls("peers-far-and-wide.pcapng", [f"10.9.{net}.10:6881" for net in range(1, 25)], [6881], [])


@scene("arp-spoofing.pcapng", "ping", "python3")
def arp_spoofing():
    with Network() as network:
        network.host("r1", forwards=True)
        network.host("h4")
        lan(network, [("h1", "192.168.1.11/24"), ("h3", "192.168.1.13/24")])
        attach(network, "lan", "r1", "r1-home", "192.168.1.1/24")
        network.cable(("r1", "r1-far", "192.168.2.1/24", None), ("h4", "h4-eth0", "192.168.2.20/24", None))
        network.route("h4", "default", "192.168.2.1")
        for host in ["h1", "h3"]:
            network.route(host, "default", "192.168.1.1")
        # A host believes another answer at once, and h3 passes on what is not for it.
        network.settings("h1", {"net.ipv4.neigh.h1-eth0.locktime": 0})
        network.settings("h3", {"net.ipv4.ip_forward": 1, "net.ipv4.conf.all.send_redirects": 0, "net.ipv4.conf.h3-eth0.send_redirects": 0})
        card = network.run("h1", ["cat", "/sys/class/net/h1-eth0/address"]).strip()
        with Recording(network, "h1", H1, [("icmp.type == 0", 4), ("arp.src.proto_ipv4 == 192.168.1.13 and arp.opcode == 1", 1)]) as recording:
            network.run("h1", ["ping", "-n", "-c", "2", "-i", "0.2", "192.168.2.20"])
            network.run("h3", ["python3", f"{CLIENTS}/claim_address.py", "h3-eth0", "192.168.1.1", "192.168.1.11", card])
            network.run("h1", ["ping", "-n", "-c", "2", "-i", "0.2", "192.168.2.20"])
        recording.save("arp-spoofing.pcapng")
