"""Addresses of every special kind. They only have to be on interfaces: nothing here is what the address promises."""

from lan import attach, lan
from network import Network
from plan import H1, HERE
from recording import Recording
from scenes import scene

# One network of each kind; h1 is .11 in it, h2 .12.
IPV4 = ["10.1.1", "172.16.1", "192.168.1", "100.64.1", "169.254.1", "192.0.2", "198.51.100", "203.0.113", "198.18.1", "240.0.0"]
# 6to4 and NAT64 of 192.0.2.11 and .12; Teredo by the server 192.0.2.45; and so on.
IPV6 = [
    ("2002:c000:20b::1", "2002:c000:20c::1"),
    ("64:ff9b::c000:20b", "64:ff9b::c000:20c"),
    ("2001:0:c000:22d:8000:63bf:3fff:fdf4", "2001:0:c000:22d:8000:63bf:3fff:fdf3"),
    ("fd12:3456:789a:1::11", "fd12:3456:789a:1::12"),
    ("2001:db8:a:1::11", "2001:db8:a:1::12"),
    ("2001:2:0:1::11", "2001:2:0:1::12"),
    ("100::11", "100::12"),
]


@scene("addresses.pcapng", "ping")
def addresses():
    with Network() as network:
        lan(network, [("h1", "192.168.1.11/24"), ("h2", "192.168.1.12/24")])
        for prefix in IPV4:
            for host, last in [("h1", 11), ("h2", 12)]:
                network.run(host, ["ip", "addr", "replace", f"{prefix}.{last}/24", "dev", f"{host}-eth0"])
        with Recording(network, "h1", H1, [("icmp.type == 0", len(IPV4)), ("ip.dst == 239.1.2.3", 1)]) as recording:
            for prefix in IPV4:
                network.run("h1", ["ping", "-n", "-c", "1", "-I", f"{prefix}.11", f"{prefix}.12"])
            for group in ["224.0.0.1", "239.1.2.3"]:
                network.run("h1", ["ping", "-n", "-c", "1", "-W", "0.2", "-I", "h1-eth0", group], succeed=False)
        recording.save("addresses.pcapng")


@scene("addresses-ipv6.pcapng", "ping")
def addresses_ipv6():
    with Network(ipv6=True) as network:
        lan(network, [])
        for place, host in enumerate(["h1", "h2"]):
            network.host(host)
            attach(network, "lan", host, f"{host}-eth0", f"192.168.1.{11 + place}/24")
            for pair in IPV6:
                network.run(host, ["ip", "-6", "addr", "add", f"{pair[place]}/64", "dev", f"{host}-eth0", "nodad"])
            # No two of one address are in the same /64 with 6to4, where the middle differs.
            network.run(host, ["ip", "-6", "route", "add", "2002:c000:200::/40", "dev", f"{host}-eth0"])
        with Recording(network, "h1", H1, [("icmpv6.type == 129", len(IPV6) + 2)]) as recording:
            for here, there in IPV6:
                network.run("h1", ["ping", "-6", "-n", "-c", "1", "-I", here, there])
            for there in ["fe80::c0ff:fea8:10c%h1-eth0", "ff02::1%h1-eth0"]:
                network.run("h1", ["ping", "-6", "-n", "-c", "1", there])
        recording.save("addresses-ipv6.pcapng")


@scene("addresses-impossible.pcapng", "python3")
def addresses_impossible():
    with Network(ipv6=True) as network:
        lan(network, [])
        for host, last in [("h1", 11), ("h2", 12)]:
            network.host(host)
            attach(network, "lan", host, f"{host}-eth0", f"192.168.1.{last}/24", f"2001:db8:a:1::{last}/64")
        with Recording(network, "h1", H1, [("icmp.type == 8", 5), ("icmpv6.type == 128", 4)]) as recording:
            network.run("h1", ["python3", f"{HERE}/wire/odd_packets.py", "impossible", "h1-eth0", "02:00:c0:a8:01:0c"])
        recording.save("addresses-impossible.pcapng")


def groups(name, pairs):
    with Network(ipv6=True) as network:
        lan(network, [])
        for host, last in [("h1", 11), ("h2", 12)]:
            network.host(host)
            attach(network, "lan", host, f"{host}-eth0", f"192.168.1.{last}/24", f"2001:db8:a:1::{last}/64")
        with Recording(network, "h1", H1, [("udp.dstport == 9", len(pairs))]) as recording:
            network.run("h1", ["python3", f"{HERE}/wire/odd_packets.py", "groups", "h1-eth0", ",".join(pairs)])
        recording.save(name)


@scene("group-misdirected.pcapng", "python3")
def group_misdirected():
    groups(
        "group-misdirected.pcapng",
        ["239.1.2.3=01:00:5e:01:02:03", "239.1.2.3=01:00:5e:01:02:04", "ff15::7=33:33:00:00:00:07", "ff15::7=33:33:00:00:00:08"],
    )


@scene("group-to-stations.pcapng", "python3")
def group_to_stations():
    groups(
        "group-to-stations.pcapng",
        ["239.1.2.3=01:00:5e:01:02:03", "239.129.2.3=01:00:5e:01:02:03", "239.1.2.3=02:00:c0:a8:01:0c", "239.1.2.3=ff:ff:ff:ff:ff:ff", "ff15::7=02:00:c0:a8:01:0c"],
    )


@scene("loopback-itself.pcapng", "ping")
def loopback_itself():
    with Network(ipv6=True) as network:
        network.host("h1")
        with Recording(network, "h1", [("lo", "h1 itself: frames that never leave it")], [("icmp.type == 0", 1), ("icmpv6.type == 129", 1)]) as recording:
            network.run("h1", ["ping", "-n", "-c", "1", "127.0.0.1"])
            network.run("h1", ["ping", "-6", "-n", "-c", "1", "::1"])
        recording.save("loopback-itself.pcapng")


def without_meaning(name, translates):
    with Network() as network:
        for host in ["h1", "www"]:
            network.host(host)
        network.host("modemA", forwards=True)
        network.cable(("h1", "h1-eth0", "192.168.1.11/24", None), ("modemA", "modemA-lan", "192.168.1.1/24", None))
        # Addresses of the public internet, so that there is an outside: on cables of this machine, and nowhere else.
        network.cable(("modemA", "modemA-wan", "8.25.1.65/24", None), ("www", "www-eth0", "8.25.1.4/24", None))
        network.route("h1", "default", "192.168.1.1")
        if translates:
            network.run("modemA", ["nft", "add table ip nat"])
            network.run("modemA", ["nft", "add chain ip nat postrouting { type nat hook postrouting priority srcnat ; }"])
            network.run("modemA", ["nft", "add rule ip nat postrouting oifname modemA-wan masquerade"])
        side = [("modemA-wan", "modemA's outside, on the link to the internet")]
        with Recording(network, "modemA", side, [("icmp.type == 8", 2), ("icmp.type == 0", 1 + translates)]) as recording:
            network.run("modemA", ["ping", "-n", "-c", "1", "8.25.1.4"])
            # Nobody outside has a way back to 192.168.1.11.
            network.run("h1", ["ping", "-n", "-c", "1", "-W", "1", "8.25.1.4"], succeed=translates)
        recording.save(name)


@scene("private-source-outside.pcapng", "ping")
def private_source():
    without_meaning("private-source-outside.pcapng", False)


@scene("translated-source-outside.pcapng", "ping")
def translated_source():
    without_meaning("translated-source-outside.pcapng", True)
