"""The experiments: what each shows, what it does, and how wirelore is asked about it. `explore` does them."""

from dataclasses import dataclass, field

PAGE, LONG = "http://www.example.com/", "http://www.example.com/long.txt"


@dataclass
class Experiment:
    """One experiment. `command` runs on the first of `places` while all of them are captured."""

    title: str
    says: str
    places: list
    command: str
    # What wirelore is asked: the words for its command line, files called after their place.
    asks: list
    # The rules that must tell of its captures, or it shows nothing; of one of them where that is named.
    rules: list = field(default_factory=list)
    fault: str = None


EXPERIMENTS = [
    Experiment(
        "Four levels, one request",
        "A program asks where a street address lies: by a library that takes a URL, by one that takes a method and a host, by a bare "
        "socket, and by another program. On the wire all four are the same request; only what they say of themselves differs. The first, "
        "second and fourth try IPv6 first, the socket knows IPv4 alone.",
        ["h1"],
        "for level in urllib http.client socket curl; do geocode.py $level; done",
        ["http -n h1.pcapng"],
        ["http.close"],
    ),
    Experiment(
        "All that a request takes",
        "Before the first byte of a page: who has the gateway's address, what is the server's, is it there. Four protocols, each in the "
        "other, and what of it was headers.",
        ["h1"],
        f"curl -4 -s -o /dev/null {PAGE}",
        ["explain h1.pcapng", "explain --layers 1 h1.pcapng"],
        ["name.from-lookup", "handshake.three-way", "route.gateway"],
    ),
    Experiment(
        "Neighbours and strangers",
        "h2 is on h1's own network: the frame goes straight to it. www is not: the frame goes to the gateway, and the packet in it still "
        "names www.",
        ["h1"],
        "ping -4 -n -q -c 1 192.168.1.12; ping -4 -n -q -c 1 10.130.1.4",
        ["read -n h1.pcapng"],
        ["subnet.same", "route.direct", "route.gateway", "hops.distance"],
    ),
    Experiment(
        "One conversation, two addresses",
        "h1 and h4 both live in 192.168.1.0/24 behind a modem that writes its own address into what leaves, and takes it out of what "
        "comes back. The same request on both sides of modemA, and as www gets it.",
        ["h1", "modemA", "www"],
        f"curl -4 -s -o /dev/null {PAGE}",
        ["conversations -n modemA.pcapng", "conversations -n www.pcapng", "read -n modemA.pcapng 'tcp.flags.syn == 1'"],
        ["address.translated"],
    ),
    Experiment(
        "The way, hop by hop",
        "traceroute sends packets with little to live. The router where one dies says so, and so gives itself away.",
        ["h1"],
        "traceroute -4 -n -N 1 -q 1 10.130.1.4",
        ["explain -n h1.pcapng"],
        ["hops.traceroute"],
    ),
    Experiment(
        "Six places at once",
        "One request, captured wherever it passes: the time to live falls by one at each router, the hardware addresses change on each "
        "link, and the address of the sender once.",
        ["h1", "modemA:inside", "modemA:outside", "isp:core", "example:servers", "www"],
        f"curl -4 -s -o /dev/null {PAGE}",
        [
            f"read -c 1 -T fields -e eth.src -e eth.dst -e ip.src -e ip.ttl {place}.pcapng 'tcp.flags.syn == 1'"
            for place in ["h1", "modemA-inside", "modemA-outside", "isp-core", "example-servers", "www"]
        ],
    ),
    Experiment(
        "What anybody on the way can read",
        "A login to the mail server, and a page over HTTPS. Of the first everything can be read, of the second only whom it is for.",
        ["h1", "isp:core"],
        "mail.py; curl -4 -s -o /dev/null https://www.example.com/",
        ["explain -n isp-core.pcapng"],
        ["login.in-clear"],
    ),
    Experiment(
        "A DSL line",
        "PPPoE takes 8 of the 1500 bytes. The modem writes what fits into each SYN that passes, and of what is too large all the same, it "
        "says that it is.",
        ["h1", "modemA"],
        f"curl -4 -s -o /dev/null {PAGE}large.txt; ping -4 -n -q -c 1 -W 1 -M do -s 1472 10.130.1.4",
        ["explain -n h1.pcapng", "read -n modemA.pcapng 'tcp.flags.syn == 1'"],
        ["mtu.mss-small", "mtu.mss-clamped"],
        "pppoe",
    ),
    Experiment(
        "The black hole",
        "A link takes 1400 bytes, and its router says so to nobody. The connection opens, the question arrives, and the answer never does: "
        "small packets pass, large ones vanish. It looks as if the server hung.",
        ["h1", "www"],
        "curl -4 -sS --max-time 5 -o /dev/null http://www.example.com/maps/api/geocode/json",
        ["explain -n h1.pcapng", "explain -n www.pcapng"],
        ["h1: mtu.black-hole", "www: mtu.black-hole"],
        "blackhole",
    ),
    Experiment(
        "A wrong mask",
        "h3 has a mask of 30 bits, and so takes its neighbours for strangers: what it sends them makes a detour by the gateway, which "
        "tells it a shorter way. What they send it comes straight.",
        ["h3"],
        "ping -4 -n -q -c 2 -i 0.3 192.168.1.11",
        ["explain -n h3.pcapng"],
        ["subnet.masks-disagree"],
        "wrong-mask",
    ),
    Experiment(
        "Loss",
        "The modem loses five of a hundred packets. TCP repairs it all; what is missed is time. Inside and outside of the modem the same "
        "loss looks different, which tells where it happens.",
        ["h1", "modemA:outside"],
        f"curl -4 -s -o /dev/null {LONG}",
        ["explain -n h1.pcapng", "explain -n modemA-outside.pcapng"],
        ["loss.lost"],
        "loss",
    ),
    Experiment(
        "No name server",
        "The name server is silent. Nothing works, and nothing is broken but that.",
        ["h1"],
        f"curl -4 -sS --max-time 6 -o /dev/null {PAGE}",
        ["explain -n h1.pcapng"],
        ["name.no-answer"],
        "no-dns",
    ),
    Experiment(
        "Refused",
        "The web server is stopped. The machine is there and says that nobody listens: that is quick, and quite another thing than silence.",
        ["h1"],
        f"curl -4 -sS -o /dev/null {PAGE}",
        ["explain -n h1.pcapng"],
        ["handshake.refused"],
        "refused",
    ),
]
