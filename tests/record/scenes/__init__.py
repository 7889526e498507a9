"""The recordings. Each is a function that builds a network, lets programs talk and saves what was seen."""

SCENES = {}

# What every recording needs, with the package (of Debian) that has it.
PACKAGES = {
    "ip": "iproute2",
    "ss": "iproute2",
    "ethtool": "ethtool",
    "nft": "nftables",
    "dumpcap": "wireshark-common",
    "reordercap": "wireshark-common",
    "editcap": "wireshark-common",
    "tshark": "tshark",
    "nginx": "nginx-light",
    "dnsmasq": "dnsmasq-base",
    "curl": "curl",
    "ping": "iputils-ping",
    "traceroute": "traceroute",
    "openssl": "openssl",
    "udhcpc": "udhcpc",
    "python3": "python3",
    "getent": "libc-bin",
    "zstd": "zstd",
    "vsftpd": "vsftpd",
    "telnet": "inetutils-telnet",
    "telnetd": "inetutils-telnetd",
    "ngircd": "ngircd",
    "ii": "ii",
    "arping": "iputils-arping",
}
ALWAYS = ["ip", "ss", "ethtool", "nft", "dumpcap", "reordercap", "editcap", "tshark"]


def scene(name, *programs):
    """Registers the function as the recording of `name`, which needs `programs` besides those in ALWAYS."""

    def register(function):
        SCENES[name] = (function, ALWAYS + list(programs))
        return function

    return register
