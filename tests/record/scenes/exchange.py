"""What web servers do, of servers/lessons.py: redirects, passwords, caches, thinking, and text with a label."""

import plan
from network import Network
from plan import CLIENTS, CLOSED, H1, HERE
from recording import Recording
from scenes import scene
from scenes.web import ANSWERED, CURL

SITE = "http://www.example.com"


def recorded(name, command, until=(ANSWERED, CLOSED), succeed=True):
    with Network() as network:
        plan.home(network)
        plan.name_server(network, ["--host-record=example.com,10.130.1.4"])
        process = network.start("www", ["python3", f"{HERE}/servers/lessons.py", "80"])
        network.wait_listening("www", 80, "tcp", process)
        with Recording(network, "h1", H1, list(until)) as recording:
            network.run("h1", command, succeed=succeed)
        recording.save(name)


def fetched(name, path, *options):
    recorded(name, CURL + ["-4", *options, SITE + path])


@scene("http-redirect-chain.pcapng", "dnsmasq", "curl", "python3")
def redirect_chain():
    until = [("http.response", 4), ("tcp.flags.fin == 1", 4)]
    recorded("http-redirect-chain.pcapng", CURL + ["-4", "-L", "http://example.com/start"], until)


@scene("http-redirect-loop.pcapng", "dnsmasq", "curl", "python3")
def redirect_loop():
    command = CURL + ["-4", "-L", "--max-redirs", "5", f"{SITE}/round"]
    recorded("http-redirect-loop.pcapng", command, [("http.response", 6), CLOSED], succeed=False)


@scene("http-basic.pcapng", "dnsmasq", "curl", "python3")
def basic():
    # --anyauth: it asks without the password first, and sends it when it is told how.
    command = CURL + ["-4", "--anyauth", "--user", "anna:Wolke7", f"{SITE}/secret"]
    recorded("http-basic.pcapng", command, [("http.response", 2), CLOSED])


@scene("http-unauthorized.pcapng", "dnsmasq", "curl", "python3")
def unauthorized():
    fetched("http-unauthorized.pcapng", "/secret")


@scene("http-cache.pcapng", "dnsmasq", "python3")
def cache():
    recorded("http-cache.pcapng", ["python3", f"{CLIENTS}/caching.py"], [("http.response", 3), CLOSED])


@scene("http-slow-server.pcapng", "dnsmasq", "curl", "python3")
def slow_server():
    fetched("http-slow-server.pcapng", "/slow")


@scene("http-unanswered.pcapng", "dnsmasq", "curl", "python3")
def unanswered():
    # curl takes the last --max-time.
    command = CURL + ["-4", "--max-time", "2", f"{SITE}/never"]
    recorded("http-unanswered.pcapng", command, [("tcp.flags.fin == 1 and tcp.dstport == 80", 1)], succeed=False)


@scene("http-closed-unanswered.pcapng", "dnsmasq", "curl", "python3")
def closed_unanswered():
    recorded("http-closed-unanswered.pcapng", CURL + ["-4", f"{SITE}/empty"], [CLOSED], succeed=False)


@scene("http-closed-as-asked.pcapng", "dnsmasq", "curl", "python3")
def closed_as_asked():
    # curl asks again on a new connection, as anybody should.
    command = CURL + ["-4", f"{SITE}/search", f"{SITE}/empty"]
    recorded("http-closed-as-asked.pcapng", command, [("tcp.flags.fin == 1", 4)], succeed=False)


@scene("http-bom.pcapng", "dnsmasq", "curl", "python3")
def bom():
    fetched("http-bom.pcapng", "/bom")


@scene("http-utf8.pcapng", "dnsmasq", "curl", "python3")
def utf8():
    fetched("http-utf8.pcapng", "/no-bom")


@scene("http-mislabelled.pcapng", "dnsmasq", "curl", "python3")
def mislabelled():
    fetched("http-mislabelled.pcapng", "/mislabelled")


@scene("http-latin1.pcapng", "dnsmasq", "curl", "python3")
def latin1():
    fetched("http-latin1.pcapng", "/latin1")


@scene("http-twice-decoded.pcapng", "dnsmasq", "curl", "python3")
def twice_decoded():
    fetched("http-twice-decoded.pcapng", "/twice")


@scene("http-brazil.pcapng", "dnsmasq", "curl", "python3")
def brazil():
    fetched("http-brazil.pcapng", "/brazil")


@scene("http-unlabelled.pcapng", "dnsmasq", "curl", "python3")
def unlabelled():
    fetched("http-unlabelled.pcapng", "/unlabelled")


@scene("http-percent.pcapng", "dnsmasq", "curl", "python3")
def percent():
    fetched("http-percent.pcapng", "/search", "--get", "--data-urlencode", "q=Grüße, Köln", "--data-urlencode", "of=100% wool")


@scene("http-percent-twice.pcapng", "dnsmasq", "curl", "python3")
def percent_twice():
    fetched("http-percent-twice.pcapng", "/search", "--get", "--data-urlencode", "q=207%20N.%20Defiance%20St")


@scene("http-percent-latin1.pcapng", "dnsmasq", "curl", "python3")
def percent_latin1():
    # As old forms send it: a byte a character, which is not UTF-8.
    fetched("http-percent-latin1.pcapng", "/search?q=K%F6ln")
