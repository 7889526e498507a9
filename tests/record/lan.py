"""Local networks: a switch, which is a namespace with a bridge for each LAN, and cables to it."""

from network import poll


def lan(network, hosts, bridge="lan"):
    """A LAN of its own: a switch, and hosts given as (name, address)."""
    if "switch" not in network.hosts:
        network.host("switch")
    network.run("switch", ["ip", "link", "add", bridge, "type", "bridge"])
    # A port forwards at once, and what arrives for a group goes everywhere: no waiting, nothing learned beforehand.
    network.run("switch", ["ip", "link", "set", bridge, "type", "bridge", "forward_delay", "0", "mcast_snooping", "0"])
    # The switch is none of the hosts: it says nothing of its own.
    network.settings("switch", {f"net.ipv6.conf.{bridge}.disable_ipv6": 1, "net.ipv6.conf.default.disable_ipv6": 1})
    network.run("switch", ["ip", "link", "set", bridge, "up"])
    for name, address in hosts:
        network.host(name)
        attach(network, bridge, name, f"{name}-eth0", address)


def attach(network, bridge, host, interface, ipv4, ipv6=None, mtu=1500):
    """A cable from a host to the switch."""
    port = f"to-{interface.removesuffix('-eth0')}"
    network.cable((host, interface, ipv4, ipv6), ("switch", port, None, None), mtu)
    network.run("switch", ["ip", "link", "set", port, "master", bridge])
    forwarding = lambda: "state forwarding" in network.run("switch", ["bridge", "-d", "link", "show", "dev", port])
    poll(forwarding, f"the switch to forward for {interface}")
