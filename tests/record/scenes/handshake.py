"""How connections begin and end, when they do not do so well."""

import contextlib

import plan
from network import Network
from plan import CLIENTS, CLOSED, H1, HERE, WWW
from recording import Recording
from scenes import scene
from scenes.web import CURL

PORT = "7000"
RESET = ("tcp.flags.reset == 1", 1)


@contextlib.contextmanager
def server(habit):
    """The home plan, with a server of servers/habits.py on www."""
    with Network() as network:
        plan.home(network)
        process = network.start("www", ["python3", f"{HERE}/servers/habits.py", habit, PORT])
        network.wait_listening("www", int(PORT), "tcp", process)
        yield network


def client(network, habit, seconds=60):
    return network.run("h1", ["python3", f"{CLIENTS}/habits.py", habit, WWW, PORT], seconds=seconds)


def recorded(name, habit, of_server, until):
    with server(of_server) as network:
        with Recording(network, "h1", H1, until) as recording:
            client(network, habit)
        recording.save(name)


@scene("silence.pcapng", "nginx", "dnsmasq", "curl")
def silence():
    with plan.ready() as network:
        network.firewall("www", "input", ["tcp dport 81 drop"])
        # Newer kernels ask four times at intervals of a second before the waits begin to double.
        network.run("h1", ["sysctl", "-q", "-w", "net.ipv4.tcp_syn_linear_timeouts=0"], succeed=False)
        with Recording(network, "h1", H1, [("tcp.flags.syn == 1", 4)]) as recording:
            assert "timed out" in network.run("h1", CURL + ["--max-time", "8", f"http://{WWW}:81/"], succeed=False)
        recording.save("silence.pcapng")


@scene("syn-lost.pcapng", "nginx", "dnsmasq", "curl")
def syn_lost():
    with plan.ready() as network:
        network.firewall("www", "input", ["tcp dport 80 tcp flags & (syn | ack) == syn numgen inc mod 1000 == 0 drop"])
        with Recording(network, "h1", H1, [("http.response", 1), CLOSED]) as recording:
            network.run("h1", CURL + [f"http://{WWW}/"])
        recording.save("syn-lost.pcapng")


@scene("refused-by-firewall.pcapng", "nginx", "dnsmasq", "curl", "ping")
def refused_by_firewall():
    with plan.ready() as network:
        network.firewall("modemA", "forward", ["tcp dport 81 reject with tcp reset"])
        with Recording(network, "h1", H1, [("icmp.type == 0", 1), RESET]) as recording:
            network.run("h1", ["ping", "-n", "-c", "1", WWW])
            network.run("h1", CURL + [f"http://{WWW}:81/"], succeed=False)
        recording.save("refused-by-firewall.pcapng")


@scene("half-open.pcapng", "python3")
def half_open():
    recorded("half-open.pcapng", "idle", "forget", [RESET])


@scene("half-open-keep-alive.pcapng", "python3")
def half_open_keep_alive():
    recorded("half-open-keep-alive.pcapng", "waiting", "forget", [RESET])


@scene("tcp-keep-alive.pcapng", "python3")
def keep_alive():
    recorded("tcp-keep-alive.pcapng", "alive", "answer", [("tcp.analysis.keep_alive", 3), CLOSED])


@scene("keep-alive-unanswered.pcapng", "python3")
def keep_alive_unanswered():
    with server("answer") as network:
        # The server's machine is gone after the first answer.
        network.firewall("example", "forward", [f"tcp sport {PORT} ip length 52 numgen inc mod 1000 > 0 drop"])
        with Recording(network, "h1", H1, [("tcp.analysis.keep_alive", 3), RESET]) as recording:
            client(network, "waiting")
        recording.save("keep-alive-unanswered.pcapng")


@scene("reset-unread.pcapng", "python3")
def reset_unread():
    recorded("reset-unread.pcapng", "idle", "unread", [RESET])


@scene("reset-abort.pcapng", "python3")
def reset_abort():
    recorded("reset-abort.pcapng", "idle", "abort", [RESET])


@scene("port-reused.pcapng", "python3")
def port_reused():
    recorded("port-reused.pcapng", "same-port", "first", [("tcp.flags.fin == 1", 4)])


@scene("ports-exhausted.pcapng", "python3")
def ports_exhausted():
    with server("answer") as network:
        # The modem has four ports for this server, and each connection keeps its own.
        network.run("modemA", ["nft", "flush chain ip nat postrouting"])
        network.run("modemA", ["nft", "add rule ip nat postrouting oifname modemA-wan ip protocol tcp masquerade to :40000-40003"])
        sides = [("modemA-lan", "modemA's inside, on the home LAN"), ("modemA-wan", "modemA's outside, on the access link")]
        with Recording(network, "modemA", sides, [("tcp.flags.syn == 1 and tcp.flags.ack == 0", 10)]) as recording:
            assert "TimeoutError" in client(network, "many")
        recording.save("ports-exhausted.pcapng")


def many_ports(name, habit, of_server, count):
    """A client with 64 ports of its own opens connections to one server."""
    with server(of_server) as network:
        network.settings("h1", {"net.ipv4.ip_local_port_range": "40000 40063", "net.ipv4.tcp_tw_reuse": 0})
        with Recording(network, "h1", H1, [("tcp.flags.syn == 1 and tcp.flags.ack == 0", count), ("tcp.flags.fin == 1", 2 * count)]) as recording:
            # Each port rests for a minute.
            client(network, habit, seconds=120)
        recording.save(name)


@scene("ports-used-up.pcapng", "python3")
def ports_used_up():
    many_ports("ports-used-up.pcapng", "hurried", "read", 70)


@scene("ports-in-turn.pcapng", "python3")
def ports_in_turn():
    many_ports("ports-in-turn.pcapng", "polite", "first", 40)
