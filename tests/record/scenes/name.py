"""Names that are not found, servers that do not answer, and addresses that are kept too long."""

import plan
from network import Network
from plan import CLIENTS, CLOSED, H1, NAME_SERVER
from recording import Recording
from scenes import scene
from scenes.web import ANSWERED, CURL

# On the backbone too, and nobody listens: see silent().
SILENT = "10.1.1.2"


def looked_up(network, name, database="ahostsv4"):
    return network.run("h1", ["getent", database, name], succeed=False)


@scene("dns-search.pcapng", "dnsmasq", "getent")
def search():
    with Network() as network:
        plan.home(network)
        plan.name_server(network, ["--local=/home.example/", "--local=/office.example/"])
        network.resolve_with("h1", NAME_SERVER, search="home.example office.example example.com")
        # One name with no dot is tried under every suffix; one with a dot is tried as it is first.
        with Recording(network, "h1", H1, [("dns.flags.response == 1", 4)]) as recording:
            assert "10.130.1.4" in looked_up(network, "www")
            assert "10.130.1.4" in looked_up(network, "www.example.com")
        recording.save("dns-search.pcapng")


@scene("dns-search-in-vain.pcapng", "dnsmasq", "getent")
def search_in_vain():
    with Network() as network:
        plan.home(network)
        plan.name_server(network, ["--local=/home.example/", "--local=/hall/"])
        network.resolve_with("h1", NAME_SERVER, search="home.example example.com")
        with Recording(network, "h1", H1, [("dns.flags.rcode == 3", 3)]) as recording:
            looked_up(network, "printer.hall")
        recording.save("dns-search-in-vain.pcapng")


def silent(network):
    network.run("backbone", ["ip", "addr", "add", f"{SILENT}/24", "dev", "backbone-isp"])
    network.firewall("backbone", "input", [f"ip daddr {SILENT} drop"])


@scene("dns-silent.pcapng", "dnsmasq", "getent")
def one_silent():
    with Network() as network:
        plan.home(network)
        plan.name_server(network)
        silent(network)
        network.resolve_with("h1", SILENT, NAME_SERVER, options="timeout:1 attempts:2")
        with Recording(network, "h1", H1, [("dns.flags.response == 0", 2), ("dns.a", 1)]) as recording:
            assert "10.130.1.4" in looked_up(network, "www.example.com")
        recording.save("dns-silent.pcapng")


@scene("dns-all-silent.pcapng", "getent")
def all_silent():
    with Network() as network:
        plan.home(network)
        network.firewall("backbone", "input", ["udp dport 53 drop"])
        network.resolve_with("h1", NAME_SERVER, options="timeout:1 attempts:3")
        with Recording(network, "h1", H1, [("dns.flags.response == 0", 3)]) as recording:
            looked_up(network, "www.example.com")
        recording.save("dns-all-silent.pcapng")


@scene("dns-no-server.pcapng", "getent")
def no_server():
    with Network() as network:
        plan.home(network)
        # A machine, but no name server on it.
        network.resolve_with("h1", NAME_SERVER, options="timeout:1 attempts:1")
        with Recording(network, "h1", H1, [("icmp.type == 3", 1)]) as recording:
            looked_up(network, "www.example.com")
        recording.save("dns-no-server.pcapng")


@scene("dns-asked-again.pcapng", "dnsmasq", "getent")
def asked_again():
    with Network() as network:
        plan.home(network)
        plan.name_server(network)
        # The first question is lost on its way; the same server answers the second.
        network.firewall("isp", "forward", ["udp dport 53 numgen inc mod 1000 == 0 drop"])
        network.resolve_with("h1", NAME_SERVER, options="timeout:1 attempts:3")
        with Recording(network, "h1", H1, [("dns.flags.response == 0", 2), ("dns.a", 1)]) as recording:
            assert "10.130.1.4" in looked_up(network, "www.example.com")
        recording.save("dns-asked-again.pcapng")


@scene("dns-refused.pcapng", "dnsmasq", "getent")
def refused():
    with Network() as network:
        plan.home(network)
        # It answers for example.com only, and has nobody to ask for the rest.
        plan.name_server(network)
        with Recording(network, "h1", H1, [("dns.flags.rcode == 5", 1)]) as recording:
            looked_up(network, "www.example.org")
        recording.save("dns-refused.pcapng")


@scene("happy-eyeballs.pcapng", "nginx", "dnsmasq", "curl")
def happy_eyeballs():
    with plan.ready(ipv6=True) as network:
        # IPv6 ends at the server's gateway, without a word.
        network.firewall("example", "forward", ["ip6 daddr 2001:db8:130:1::4 drop"], family="ip6")
        with Recording(network, "h1", H1, [("ipv6 and tcp.flags.syn == 1", 1), ("ip and http.response", 1), CLOSED]) as recording:
            network.run("h1", CURL + ["http://www.example.com/"])
        recording.save("happy-eyeballs.pcapng")


@scene("happy-eyeballs-refused.pcapng", "nginx", "dnsmasq", "curl")
def happy_eyeballs_refused():
    with plan.ready(ipv6=True) as network:
        network.firewall("example", "forward", ["ip6 daddr 2001:db8:130:1::4 reject with icmpv6 admin-prohibited"], family="ip6")
        with Recording(network, "h1", H1, [("ipv6 and tcp.flags.syn == 1", 1), ("ip and http.response", 1), CLOSED]) as recording:
            network.run("h1", CURL + ["http://www.example.com/"])
        recording.save("happy-eyeballs-refused.pcapng")


@scene("ipv6-first.pcapng", "nginx", "dnsmasq", "curl")
def ipv6_first():
    with plan.ready(ipv6=True) as network:
        # Both ways lead there: IPv6 is tried first and suffices.
        with Recording(network, "h1", H1, [("ipv6 and http.response", 1), CLOSED]) as recording:
            network.run("h1", CURL + ["http://www.example.com/"])
        recording.save("ipv6-first.pcapng")


def kept(name, *words):
    with Network() as network:
        plan.home(network)
        # What the server's own file says counts more than what is given by hand: it is another file then.
        with open(f"{plan.HERE}/servers/dnsmasq.conf", encoding="ascii") as usual:
            shorter = usual.read().replace("local-ttl=300", "local-ttl=2")
        with open(network.path("ttl.conf"), "w", encoding="ascii") as out:
            out.write(shorter)
        plan.name_server(network, configuration=network.path("ttl.conf"))
        plan.web_server(network)
        with Recording(network, "h1", H1, [("http.response", 2), ("tcp.flags.fin == 1", 4)]) as recording:
            network.run("h1", ["python3", f"{CLIENTS}/kept_address.py", "www.example.com", *words])
        recording.save(name)


@scene("dns-expired.pcapng", "nginx", "dnsmasq", "python3")
def expired():
    # Used four seconds after an answer that is good for two.
    kept("dns-expired.pcapng", "4")


@scene("dns-in-time.pcapng", "nginx", "dnsmasq", "python3")
def in_time():
    kept("dns-in-time.pcapng", "1")


@scene("dns-renewed.pcapng", "nginx", "dnsmasq", "python3")
def renewed():
    kept("dns-renewed.pcapng", "4", "again")


@scene("dns-slow.pcapng", "python3", "getent")
def slow():
    with Network() as network:
        plan.home(network)
        server = network.start("backbone", ["python3", f"{plan.HERE}/servers/slow_name_server.py", NAME_SERVER])
        network.wait_listening("backbone", 53, "udp", server)
        until = [("dns.a", 1), ("dns.flags.rcode == 2", 1)]
        with Recording(network, "h1", H1, until) as recording:
            assert "10.130.1.4" in looked_up(network, "www.example.com")
            looked_up(network, "broken.example.com")
        recording.save("dns-slow.pcapng")


@scene("names-of-the-link.pcapng", "python3")
def of_the_link():
    with Network() as network:
        plan.home(network)
        with Recording(network, "h1", H1, [("mdns", 1), ("llmnr", 1), ("nbns", 1)]) as recording:
            network.run("h1", ["python3", f"{CLIENTS}/ask_everybody.py"])
        recording.save("names-of-the-link.pcapng")
