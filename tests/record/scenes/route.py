"""Which way packets go: two routers on one LAN, ways that differ, ways that change, and one that never ends.

    h1 --+-- r1 --+-- www          192.168.1.11 | .1 r1 .1 | 10.130.1.4
         +-- r2 --+                               | .2 r2 .2 |
"""

import contextlib
import time

import plan
from lan import attach, lan
from network import Network, poll
from plan import CLIENTS, CLOSED, H1, WWW
from recording import Recording
from scenes import scene
from scenes.tunnel import CORE


@contextlib.contextmanager
def two_routers(ipv6=False):
    """Both routers have a leg in either LAN. www is reached by r1 unless a recording says otherwise."""
    with Network(ipv6) as network:
        network.host("h1")
        network.host("www")
        network.host("r1", forwards=True)
        network.host("r2", forwards=True)
        lan(network, [], "home")
        lan(network, [], "far")
        attach(network, "home", "h1", "h1-eth0", "192.168.1.11/24", "2001:db8:a:1::11/64")
        attach(network, "home", "r1", "r1-home", "192.168.1.1/24", "2001:db8:a:1::1/64")
        attach(network, "home", "r2", "r2-home", "192.168.1.2/24", "2001:db8:a:1::2/64")
        attach(network, "far", "www", "www-eth0", "10.130.1.4/24", "2001:db8:130:1::4/64")
        attach(network, "far", "r1", "r1-far", "10.130.1.1/24", "2001:db8:130:1::1/64")
        attach(network, "far", "r2", "r2-far", "10.130.1.2/24", "2001:db8:130:1::2/64")
        # Only one recording is about what routers say of better ways, and it says so.
        for router in ["r1", "r2"]:
            redirects(network, router, 0)
        yield network


def redirects(network, router, wanted):
    interfaces = ["all", "default"] + [f"{router}-{side}" for side in ("home", "far")]
    network.settings(router, {f"net.ipv4.conf.{interface}.send_redirects": wanted for interface in interfaces})


def detour(network, heeded):
    """r2 sends redirects, and h1 heeds them or does not."""
    redirects(network, "r2", 1)
    # h1 knows only r2, and r2's own leg in the far LAN is down: it sends everything on to r1.
    network.run("r2", ["ip", "link", "set", "r2-far", "down"])
    network.route("r2", "10.130.1.0/24", "192.168.1.1")
    network.route("h1", "default", "192.168.1.2")
    network.route("www", "default", "10.130.1.1")
    network.settings("h1", {f"net.ipv4.conf.{interface}.accept_redirects": heeded for interface in ("all", "h1-eth0")})


@scene("redirect.pcapng", "ping")
def redirect():
    with two_routers() as network:
        detour(network, heeded=1)
        with Recording(network, "h1", H1, [("icmp.type == 5", 1), ("icmp.type == 0", 4)]) as recording:
            # ping counts a redirect as an answer. The kernel heeds the second one: it has found the better gateway by then.
            for _ in range(4):
                network.run("h1", ["ping", "-n", "-c", "1", WWW], succeed=False)
        recording.save("redirect.pcapng")


@scene("redirect-ignored.pcapng", "ping")
def redirect_ignored():
    with two_routers() as network:
        detour(network, heeded=0)
        with Recording(network, "h1", H1, [("icmp.type == 5", 1), ("icmp.type == 0", 5)]) as recording:
            for _ in range(5):
                network.run("h1", ["ping", "-n", "-c", "1", WWW], succeed=False)
                time.sleep(0.5)
        recording.save("redirect-ignored.pcapng")


@scene("redirect-ipv6.pcapng", "ping")
def redirect_ipv6():
    redirected_ipv6("redirect-ipv6.pcapng", accepted=1, echoes=2)


@scene("redirect-ignored-ipv6.pcapng", "ping")
def redirect_ignored_ipv6():
    redirected_ipv6("redirect-ignored-ipv6.pcapng", accepted=0, echoes=5)


def redirected_ipv6(name, accepted, echoes):
    with two_routers(ipv6=True) as network:
        network.run("r2", ["ip", "link", "set", "r2-far", "down"])
        # A redirect counts only if it comes from the link-local address of the router that was asked (RFC 4861, 8.1).
        for host, interface, router, destination in [("r2", "r2-home", "r1", "2001:db8:130:1::/64"), ("h1", "h1-eth0", "r2", "default")]:
            shown = network.run(router, ["ip", "-6", "-br", "addr", "show", "dev", f"{router}-home", "scope", "link"])
            gateway = shown.split()[2].split("/")[0]
            network.run(host, ["ip", "-6", "route", "add", destination, "via", gateway, "dev", interface])
        network.route("www", "default", "2001:db8:130:1::1")
        network.settings("h1", {f"net.ipv6.conf.{interface}.accept_redirects": accepted for interface in ("all", "h1-eth0")})
        with Recording(network, "h1", H1, [("icmpv6.type == 137", 1), ("icmpv6.type == 129", echoes)]) as recording:
            network.run("h1", ["ping", "-6", "-n", "-c", str(echoes), "-i", "0.3", plan.WWW6])
        recording.save(name)


@scene("asymmetric-path.pcapng", "nginx", "python3")
def asymmetric():
    with two_routers() as network:
        network.route("h1", "default", "192.168.1.1")
        network.route("www", "default", "10.130.1.2")
        plan.web_server(network)
        with Recording(network, "h1", H1, [("http.response", 1), CLOSED]) as recording:
            network.run("h1", ["curl", "--disable", "--silent", f"http://{WWW}/"])
        recording.save("asymmetric-path.pcapng")


@scene("path-changed.pcapng", "ping", "nginx", "python3")
def path_changed():
    with two_routers() as network:
        network.route("h1", "default", "192.168.1.1")
        network.route("www", "default", "10.130.1.1")
        plan.web_server(network)
        with Recording(network, "h1", H1, [("http.response", 2), CLOSED]) as recording:
            client = network.start("h1", ["python3", f"{CLIENTS}/pause_between.py", WWW, network.path("go-on")])

            def first():
                with open(client.log, encoding="utf-8") as log:
                    return "first" in log.read()

            poll(first, "the first answer")
            # The answers take the long way from now on: by r2, which sends them on to r1.
            network.run("r2", ["ip", "route", "add", "192.168.1.11/32", "via", "10.130.1.1"])
            network.run("www", ["ip", "route", "replace", "default", "via", "10.130.1.2"])
            with open(network.path("go-on"), "w", encoding="ascii"):
                pass
        recording.save("path-changed.pcapng")


@scene("gateway-takes-over.pcapng", "ping", "arping")
def gateway_takes_over():
    with two_routers() as network:
        network.route("h1", "default", "192.168.1.1")
        network.route("www", "default", "10.130.1.1")
        with Recording(network, "h1", H1, [("arp.isgratuitous == 1", 1), ("icmp.type == 0", 4)]) as recording:
            network.run("h1", ["ping", "-n", "-c", "2", "-i", "0.3", WWW])
            # r1 fails; r2 takes its addresses over and announces them.
            for side in ["home", "far"]:
                network.run("r1", ["ip", "link", "set", f"r1-{side}", "down"])
                network.settings("r2", {f"net.ipv4.conf.r2-{side}.arp_notify": 1})
            for side, address in [("home", "192.168.1.1/24"), ("far", "10.130.1.1/24")]:
                network.run("r2", ["ip", "addr", "add", address, "dev", f"r2-{side}"])
                network.run("r2", ["arping", "-U", "-c", "1", "-I", f"r2-{side}", address.split("/")[0]], succeed=False)
            network.run("h1", ["ping", "-n", "-c", "2", "-i", "0.3", WWW])
        recording.save("gateway-takes-over.pcapng")


@scene("routing-loop.pcapng", "ping")
def routing_loop():
    with Network() as network:
        plan.home(network)
        # The backbone thinks that 10.200.0.0/16 is at the isp, and the isp's default route leads to the backbone.
        network.route("backbone", "10.200.0.0/16", "10.1.1.25")
        for host, interface in [("isp", "isp-core"), ("backbone", "backbone-isp")]:
            network.settings(host, {f"net.ipv4.conf.{name}.send_redirects": 0 for name in ("all", interface)})
        with Recording(network, "backbone", CORE, [("ip.ttl == 1", 1)]) as recording:
            network.run("h1", ["ping", "-n", "-c", "1", "-W", "2", "10.200.1.4"], succeed=False)
        recording.save("routing-loop.pcapng")


@scene("routing-loop-seen-from-home.pcapng", "ping")
def routing_loop_from_home():
    with Network() as network:
        plan.home(network)
        network.route("backbone", "10.200.0.0/16", "10.1.1.25")
        for host, interface in [("isp", "isp-core"), ("backbone", "backbone-isp")]:
            network.settings(host, {f"net.ipv4.conf.{name}.send_redirects": 0 for name in ("all", interface)})
        with Recording(network, "h1", H1, [("icmp.type == 11", 2)]) as recording:
            network.run("h1", ["ping", "-n", "-c", "2", "-i", "0.3", "-W", "2", "10.200.1.4"], succeed=False)
        recording.save("routing-loop-seen-from-home.pcapng")
