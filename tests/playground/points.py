"""Scenes for `wirelore diff`: captured at six points at once, while something between them does what it does.

The points are the client, both sides of its translator, the provider, the backbone and the server. Beside the captures stands what the
routers themselves know: `truth.json`.
"""

import contextlib
import gzip
import json
import os
import random
import shutil
import signal
from dataclasses import dataclass
from typing import Callable

import plan
import trace
from network import Failure, must_run, poll, stop

HERE = os.path.dirname(os.path.abspath(__file__))
POINTS = ["h1", "modemA:inside", "modemA:outside", "isp:core", "backbone:example", "www"]
SITE = "http://www.example.com"
# Of a hundred packets; and how many of them must be lost for a scene of loss.
LOST, LEAST_LOST = 2, 3
CLAMPED = 1200
RELAY_PORT = 8080
FORMS_PORT = 8090


@dataclass
class Scene:
    """What happens (`act`, which is told whether it is to be short), and who does something to it meanwhile."""

    says: str
    act: Callable
    between: Callable = lambda network: contextlib.nullcontext()
    # Whether a network card joins segments.
    joins: bool = False


def ask(network, path, *words, host="h1"):
    network.run(host, ["curl", "-sS", "-o", "/dev/null", "--max-time", "60", *words, SITE + path])


def several(network, is_short):
    """Some of everything: pages over IPv4 and IPv6, names, echoes small and large, and a port that two hosts want."""
    for path in ["/", "/large.txt"]:
        ask(network, path, "-4")
    ask(network, "/", "-6")
    # The translator gives the second of them another port: the first still has this one.
    port = str(random.randrange(20_000, 30_000))
    for host in ["h1", "h2"]:
        ask(network, "/", "-4", "--local-port", port, host=host)
    for words in [["-4", "-c2"], ["-6", "-c2"], ["-4", "-c1", "-s3000"]]:
        network.run("h1", ["ping", "-n", "-q", "-i0.01", *words, "www.example.com"])
    if not is_short:
        ask(network, "/long.txt", "-4")


def pages(network, is_short):
    """A page, and one that takes many segments, each way."""
    ask(network, "/", "-4")
    ask(network, "/long.txt", "-4", *(["-r", "0-40000"] if is_short else []))
    upload = network.path("upload")
    with open(upload, "w", encoding="ascii") as out:
        out.writelines(f"This is line {number} of what is sent.\n" for number in range(400 if is_short else 8000))
    # Of what nginx refuses it does not always take all.
    program = network.start("www", ["python3", os.path.join(plan.HERE, "servers", "http_server.py"), str(FORMS_PORT)])
    try:
        network.wait_listening("www", FORMS_PORT, "tcp", program)
        ask(network, "/", "-4", "-H", "Expect:", "--connect-to", f"::{plan.WWW}:{FORMS_PORT}", "--data-binary", f"@{upload}")
    finally:
        stop(program, signal.SIGTERM)
        os.remove(upload)


def with_loss(network, is_short):
    """Long answers over both protocols, and many echoes: each of them that is lost stays lost."""
    ask(network, "/long.txt", "-4", *(["-r", "0-150000"] if is_short else []))
    ask(network, "/long.txt", "-6", *(["-r", "0-20000"] if is_short else []))
    network.run("h1", ["ping", "-4", "-n", "-q", "-i0.005", "-W1", f"-c{20 if is_short else 100}", plan.WWW], succeed=False)


def relayed(network, is_short):
    """A relay that is asked by its name, and one that nobody asked."""
    page = "/large.txt" if is_short else "/long.txt"
    for path in ["/", page]:
        ask(network, path, "-4", "--connect-to", f"::192.168.1.1:{RELAY_PORT}")
        ask(network, path, "-4")


def forbidden(network, is_short):
    """A request that somebody on the way does not like, between two that nobody minds."""
    ask(network, "/", "-4")
    said = network.run("h1", ["python3", os.path.join(HERE, "forbidden.py"), plan.WWW])
    if "reset" not in said:
        raise Failure(f"the connection was not reset: {said}")
    ask(network, "/", "-4")


@contextlib.contextmanager
def ruled(network, host, rules, hook="forward"):
    network.firewall(host, hook, rules, family="inet", name="points")
    try:
        yield
    finally:
        network.no_firewall(host, "points", family="inet")


@contextlib.contextmanager
def random_ports(network):
    chain = ["ip", "nat", "postrouting"]

    def translate(*how):
        network.run("modemA", ["nft", "flush", "chain", *chain])
        network.run("modemA", ["nft", "add", "rule", *chain, "oifname", "modemA-wan", "masquerade", *how])

    translate("fully-random")
    try:
        yield
    finally:
        translate()


@contextlib.contextmanager
def offloaded(network):
    ends = [("h1", "h1-eth0"), ("modemA", "modemA-lan")]
    for host, interface in ends:
        network.offload(host, interface, True)
    try:
        yield
    finally:
        for host, interface in ends:
            network.offload(host, interface, False)


@contextlib.contextmanager
def relaying(network):
    program = network.start("modemA", ["python3", os.path.join(HERE, "relay.py"), str(RELAY_PORT), plan.WWW, "80"])
    network.wait_listening("modemA", RELAY_PORT, "tcp", program)
    path = network.path("relay.nft")
    with open(path, "w", encoding="ascii") as out:
        out.write("table ip relay {\nchain prerouting {\ntype nat hook prerouting priority dstnat\n")
        out.write(f'iifname "modemA-lan" tcp dport 80 redirect to :{RELAY_PORT}\n}}\n}}\n')
    network.run("modemA", ["nft", "-f", path])
    try:
        yield
    finally:
        network.run("modemA", ["nft", "delete", "table", "ip", "relay"])
        stop(program, signal.SIGTERM)


@contextlib.contextmanager
def forging(network):
    program = network.start("backbone", ["python3", os.path.join(HERE, "forger.py"), "backbone-isp"])
    try:
        yield poll(lambda: "ready" in open(program.log, encoding="ascii").read(), "the forger")
    finally:
        stop(program, signal.SIGTERM)


SCENES = {
    "plain": Scene("routers and a translator, and nothing else", several),
    "random-ports": Scene("the translator draws every port at random", several, random_ports),
    "offload": Scene("the client's network card cuts and joins segments, and completes checksums", pages, offloaded, joins=True),
    "relay": Scene("a relay on the modem ends connections and begins others", relayed, relaying),
    "loss": Scene(
        f"the provider loses {LOST} of a hundred packets", with_loss,
        lambda network: ruled(network, "isp", [f"numgen random mod 100 < {LOST} counter drop"]),
    ),
    "clamp": Scene(
        "the backbone writes another MSS into each SYN", pages,
        lambda network: ruled(network, "backbone", [f"tcp flags syn tcp option maxseg size set {CLAMPED}"]),
    ),
    "reset": Scene("somebody on the backbone forges resets to both ends", forbidden, forging),
}


def truth(network):
    """What the routers know: packets dropped at isp, and the modem's table where this kernel shows it."""
    said = json.loads(network.run("isp", ["nft", "-j", "list", "ruleset"]))
    rules = [item["rule"] for item in said["nftables"] if "rule" in item]
    counters = [expression["counter"]["packets"] for rule in rules for expression in rule["expr"] if "counter" in expression]
    table = network.run("modemA", ["sh", "-c", "cat /proc/net/nf_conntrack || true"]).splitlines()
    return {"dropped": sum(counters), "translations": [found for found in map(translation, table) if found]}


def translation(line):
    """An entry of the table of connections, as what is said inside and outside: (address, port), of an echo its identifier."""
    words = [word.split("=", 1) for word in line.split() if "=" in word]
    values = {}
    for name, value in words:
        values.setdefault(name, []).append(value)
    ports = values.get("sport", values.get("id", []))
    inside, outside = values.get("src", [""])[0], values.get("dst", [""])[-1]
    if inside == outside or not ports:
        return None
    other = values["dport"][-1] if "dport" in values else values["id"][-1]
    return [line.split()[2], inside, int(ports[0]), outside, int(other)]


def capture(network, name, folder, is_short):
    """Makes a scene, and leaves its captures in a folder of its name; of a short one compressed."""
    if name not in SCENES:
        raise Failure(f"no scene is called {name}: there are {', '.join(SCENES)}")
    scene, folder = SCENES[name], os.path.join(folder, name)
    while True:
        shutil.rmtree(folder, ignore_errors=True)
        with scene.between(network):
            before = truth(network)

            def act(_):
                scene.act(network, is_short)
                return 0

            _, written = trace.trace(network, trace.points(POINTS), folder, act, scene.joins)
            known = truth(network)
            known["translations"] = [one for one in known["translations"] if one not in before["translations"]]
        if name != "loss" or known["dropped"] >= LEAST_LOST:
            break
    with open(os.path.join(folder, "truth.json"), "w", encoding="ascii") as out:
        json.dump(known, out)
        out.write("\n")
    for path, _ in written if is_short else []:
        with open(path, "rb") as whole, gzip.GzipFile(f"{path}.gz", "wb", 9, mtime=0) as small:
            shutil.copyfileobj(whole, small)
        os.remove(path)
    return [(path, count) for path, count in written]
