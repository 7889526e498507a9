"""Web requests of several clients to nginx, and to a small server on Python's http.server."""

import plan
from network import Network
from plan import CLIENTS, CLOSED, H1
from recording import Recording
from scenes import scene

# Alone, so that curl's own rc file cannot change what is sent.
CURL = ["curl", "--disable", "--silent", "--show-error", "--max-time", "20"]
ANSWERED = ("http.response", 1)


@scene("http-geocode.pcapng", "nginx", "dnsmasq", "python3")
def geocode():
    with plan.ready() as network:
        until = [("arp.opcode == 2", 1), ("dns.a", 1), ANSWERED, CLOSED]
        with Recording(network, "h1", H1, until) as recording:
            answer = network.run("h1", ["python3", f"{CLIENTS}/geocode_socket.py"])
            assert "41.521954" in answer and "-84.306691" in answer, answer
        recording.save("http-geocode.pcapng")


@scene("http-ipv4.pcapng", "nginx", "dnsmasq", "curl")
def ipv4():
    with plan.ready() as network:
        with Recording(network, "h1", H1, [("dns.a", 1), ANSWERED, CLOSED]) as recording:
            assert "<h1>" in network.run("h1", CURL + ["-4", "http://www.example.com/"])
        comments = [(5, "SYN: h1 asks for a connection"), (8, "The request begins here")]
        names = [("192.168.1.11", "h1"), ("192.168.1.1", "modemA"), (plan.WWW, "www.example.com")]
        recording.save("http-ipv4.pcapng", "A web page over IPv4, with comments", comments, names)


@scene("http-ipv6.pcapng", "nginx", "dnsmasq", "curl")
def ipv6():
    with plan.ready(ipv6=True) as network:
        with Recording(network, "h1", H1, [("dns.aaaa", 1), ANSWERED, CLOSED]) as recording:
            assert "<h1>" in network.run("h1", CURL + ["-6", "http://www.example.com/"])
        recording.save("http-ipv6.pcapng")


@scene("http-keep-alive.pcapng", "nginx", "dnsmasq", "python3")
def keep_alive():
    with plan.ready() as network:
        with Recording(network, "h1", H1, [("http.response", 4), CLOSED]) as recording:
            network.run("h1", ["python3", f"{CLIENTS}/several_requests.py"])
        recording.save("http-keep-alive.pcapng")


@scene("http-pipelined.pcapng", "nginx", "dnsmasq", "python3")
def pipelined():
    with plan.ready() as network:
        with Recording(network, "h1", H1, [CLOSED]) as recording:
            network.run("h1", ["python3", f"{CLIENTS}/pipelined.py"])
        recording.save("http-pipelined.pcapng")


@scene("http-redirect.pcapng", "nginx", "dnsmasq", "curl")
def redirect():
    with plan.ready() as network:
        until = [("http.response.code == 301", 1), ("http.response.code == 200", 1), CLOSED]
        with Recording(network, "h1", H1, until) as recording:
            assert "from /old" in network.run("h1", CURL + ["-4", "-L", "http://www.example.com/old"])
        recording.save("http-redirect.pcapng")


@scene("http-gzip.pcapng", "nginx", "dnsmasq", "curl")
def gzip():
    with plan.ready() as network:
        with Recording(network, "h1", H1, [('http.content_encoding == "gzip"', 1), CLOSED]) as recording:
            page = network.run("h1", CURL + ["-4", "--compressed", "http://www.example.com/large.txt"])
            assert page.count("\n") > 100
        recording.save("http-gzip.pcapng")


@scene("http-gzip-chunked.pcapng", "nginx", "dnsmasq", "curl")
def gzip_chunked():
    with plan.ready() as network:
        until = [("http.transfer_encoding and http.content_encoding", 1), CLOSED]
        with Recording(network, "h1", H1, until) as recording:
            page = network.run("h1", CURL + ["-4", "--compressed", "http://www.example.com/chunked.txt"])
            assert page.count("\n") > 100
        recording.save("http-gzip-chunked.pcapng")


@scene("http-chunked.pcapng", "nginx", "dnsmasq", "curl", "python3")
def chunked():
    with plan.ready() as network:
        plan.python_server(network)
        with Recording(network, "h1", H1, [("http.transfer_encoding", 1), CLOSED]) as recording:
            assert "a trailer" in network.run("h1", CURL + ["-4", "http://www.example.com:8080/verses"])
        recording.save("http-chunked.pcapng")


@scene("http-post.pcapng", "nginx", "dnsmasq", "curl", "python3")
def post():
    with plan.ready() as network:
        plan.python_server(network)
        form = ["--data-urlencode", "name=Grüße & more", "--data-urlencode", "street=207 N. Defiance St"]
        with Recording(network, "h1", H1, [("http.response.code == 200", 1), CLOSED]) as recording:
            command = CURL + ["-4", "-H", "Expect: 100-continue"] + form + ["http://www.example.com:8080/form"]
            assert "street" in network.run("h1", command)
        recording.save("http-post.pcapng")


@scene("http-utf16.pcapng", "nginx", "dnsmasq", "python3")
def utf16():
    with plan.ready() as network:
        with Recording(network, "h1", H1, [ANSWERED, CLOSED]) as recording:
            assert "Köln" in network.run("h1", ["python3", "-X", "utf8", f"{CLIENTS}/utf16.py"])
        recording.save("http-utf16.pcapng")


@scene("odd-web-server.pcapng", "python3")
def odd():
    with Network() as network:
        plan.home(network)
        server = network.start("www", ["python3", f"{plan.HERE}/servers/odd_web_server.py", "8080"])
        network.wait_listening("www", 8080, "tcp", server)
        with Recording(network, "h1", H1, [("http.response", 2), ("tcp.flags.fin == 1", 8)]) as recording:
            network.run("h1", ["python3", f"{CLIENTS}/odd_requests.py"])
        recording.save("odd-web-server.pcapng")
