"""Web requests of several clients to nginx."""

import os

import plan
from network import Network
from recording import Recording
from scenes import scene

CLIENTS = os.path.join(plan.HERE, "clients")
H1 = [("h1-eth0", "h1's Ethernet, the home LAN 192.168.1.0/24")]
# Both sides have sent their FIN: the conversation is over but for one ACK.
CLOSED = ("tcp.flags.fin == 1", 2)


@scene("http-geocode.pcapng", "nginx", "dnsmasq", "python3")
def geocode():
    with Network() as network:
        plan.home(network)
        plan.name_server(network)
        plan.web_server(network)
        until = [("arp.opcode == 2", 1), ("dns.a", 1), ("http.response", 1), CLOSED]
        with Recording(network, "h1", H1, until) as recording:
            answer = network.run("h1", ["python3", f"{CLIENTS}/geocode_socket.py"])
            assert "41.521954" in answer and "-84.306691" in answer, answer
        recording.save("http-geocode.pcapng")
