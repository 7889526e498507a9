"""Packets inside others: VXLAN by the kernel; PPPoE, VLAN tags, GRE and IPv6 in IPv4 by the programs in wire/.

Those programs stand in for parts that many kernels are built without. The packets they carry are real programs' own.
"""

import os
import signal

import plan
from network import Network, Skip, poll, stop
from plan import HERE, NAME_SERVER, WWW
from recording import Recording
from scenes import scene
from scenes.web import ANSWERED, CURL

WIRE = os.path.join(HERE, "wire")
CORE = [("backbone-isp", "the backbone's end of the link to the isp")]


def device_up(network, host, device):
    return lambda: "LOWER_UP" in network.run(host, ["ip", "link", "show", device], succeed=False)


def wire_end(network, host, program, *arguments):
    if not os.path.exists("/dev/net/tun"):
        raise Skip("no /dev/net/tun here")
    return network.start(host, ["python3", os.path.join(WIRE, program), *arguments])


@scene("vxlan.pcapng", "ping", "curl", "python3")
def vxlan():
    with Network() as network:
        plan.home(network)
        ends = [
            ("isp", "isp-core", "10.1.1.25", "10.1.2.130", "172.16.0.1"),
            ("example", "example-core", "10.1.2.130", "10.1.1.25", "172.16.0.2"),
        ]
        for host, interface, here, there, address in ends:
            name = f"{host}-vxlan"
            options = ["id", "42", "local", here, "remote", there, "dstport", "4789", "dev", interface]
            made = network.run(host, ["ip", "link", "add", name, "type", "vxlan"] + options, succeed=False)
            if made.strip():
                raise Skip(f"this kernel makes no VXLAN: {made.strip()}")
            # The same each time, as the other hardware addresses are.
            mac = "02:00:ac:10:00:0" + address[-1]
            network.run(host, ["ip", "link", "set", name, "address", mac, "mtu", "1450", "up"])
            network.run(host, ["ip", "addr", "add", f"{address}/24", "dev", name])
            network.offload(host, name, False)
        plan.python_server(network, "example")
        until = [("vxlan.vni == 42 and icmp.type == 0", 1), ("vxlan and http.response", 1)]
        until.append(("vxlan and tcp.flags.fin == 1", 2))
        with Recording(network, "backbone", CORE, until) as recording:
            network.run("isp", ["ping", "-n", "-c", "1", "172.16.0.2"])
            network.run("isp", CURL + ["http://172.16.0.2:8080/verses"])
        recording.save("vxlan.pcapng")


def between_isp_and_example(name, kind, near, far, until):
    with Network(ipv6=kind == "6in4") as network:
        plan.home(network)
        wire_end(network, "isp", "tunnel_end.py", kind, "isp-tunnel", "10.1.1.25", "10.1.2.130", near)
        wire_end(network, "example", "tunnel_end.py", kind, "example-tunnel", "10.1.2.130", "10.1.1.25", far)
        for host in ["isp", "example"]:
            poll(device_up(network, host, f"{host}-tunnel"), f"{host}'s end of the tunnel")
        with Recording(network, "backbone", CORE, until) as recording:
            # More than fits once the outer headers are on: the inner packet is what is cut.
            network.run("isp", ["ping", "-n", "-c", "2", "-i", "0.2", "-s", "100", far.split("/")[0]])
            network.run("isp", ["ping", "-n", "-c", "1", "-s", "1460", far.split("/")[0]])
        recording.save(name)


@scene("gre.pcapng", "ping", "python3")
def gre():
    between_isp_and_example(
        "gre.pcapng", "gre", "172.16.0.1/24", "172.16.0.2/24",
        [("gre and icmp.type == 0", 3), ("gre and ip.fragment.count == 2", 2)],
    )


@scene("ipv6-in-ipv4.pcapng", "ping", "python3")
def ipv6_in_ipv4():
    between_isp_and_example(
        "ipv6-in-ipv4.pcapng", "6in4", "2001:db8:41::1/64", "2001:db8:41::2/64",
        [("ip.proto == 41 and icmpv6.type == 129", 3), ("ipv6.fragment.count == 2", 2)],
    )


@scene("vlan.pcapng", "ping", "curl", "python3")
def vlan():
    with Network() as network:
        network.host("h1")
        network.host("modemA")
        network.cable(("h1", "h1-eth0", "192.168.1.11/24", None), ("modemA", "modemA-lan", "192.168.1.1/24", None))
        for host, interface, last in [("h1", "h1-eth0", 11), ("modemA", "modemA-lan", 1)]:
            mac = f"02:00:c0:a8:01:{last:02x}"
            for number, tags in [(10, ["8100:10:0"]), (20, ["8100:20:5"]), (30, ["88a8:100:0", "8100:30:0"])]:
                device = f"{host}-vlan{number}"
                wire_end(network, host, "vlan_end.py", interface, device, mac, f"192.168.{number}.{last}/24", *tags)
                poll(device_up(network, host, device), device)
        plan.python_server(network, "modemA")
        until = [(f"vlan.id == {number} and icmp.type == 0", 1) for number in (10, 30)]
        until += [("vlan.id == 20 and tcp.flags.fin == 1", 2), ANSWERED]
        with Recording(network, "h1", plan.H1, until) as recording:
            network.run("h1", ["ping", "-n", "-c", "1", "192.168.10.1"])
            network.run("h1", CURL + ["http://192.168.20.1:8080/verses"])
            network.run("h1", ["ping", "-n", "-c", "1", "192.168.30.1"])
        recording.save("vlan.pcapng")


@scene("pppoe.pcapng", "nginx", "dnsmasq", "curl", "ping", "python3")
def pppoe():
    with plan.ready() as network:
        # The access link has no addresses of its own: they come with the session.
        for host, interface in [("modemA", "modemA-wan"), ("isp", "isp-access")]:
            network.run(host, ["ip", "addr", "flush", "dev", interface])
        network.run("modemA", ["nft", "add rule ip nat postrouting oifname modemA-ppp0 masquerade"])
        # As modems do: hosts of the LAN think that 1500 bytes fit, and not all of them hear that they do not.
        network.firewall("modemA", "forward", ["oifname modemA-ppp0 tcp flags syn tcp option maxseg size set rt mtu"])
        wire_end(
            network, "isp", "pppoe_end.py", "concentrator", "isp-access", "isp-ppp0", "10.25.1.1", "10.25.1.65", NAME_SERVER
        )
        # The concentrator's device appears after its socket is open.
        poll(lambda: "isp-ppp0" in network.run("isp", ["ip", "link"]), "the concentrator to listen")
        side = [("modemA-wan", "modemA's outside, on the access link")]
        until = [("pppoe.code == 0xa7", 1), ANSWERED, ("tcp.flags.fin == 1", 2), ("icmp.type == 0", 2)]
        with Recording(network, "modemA", side, until) as recording:
            modem = wire_end(network, "modemA", "pppoe_end.py", "modem", "modemA-wan", "modemA-ppp0")
            for host in ["modemA", "isp"]:
                poll(device_up(network, host, f"{host}-ppp0"), f"the session on {host}")
            network.run("h1", CURL + ["-4", "http://www.example.com/"])
            network.run("h1", ["ping", "-n", "-c", "1", WWW])
            # 1464 bytes of data are 1492 of packet: the most that fits, and not to be cut.
            network.run("h1", ["ping", "-n", "-c", "1", "-M", "do", "-s", "1464", WWW])
            stop(modem, signal.SIGTERM)
        recording.save("pppoe.pcapng")
