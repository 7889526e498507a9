"""Hosts in network namespaces, the cables between them, and the programs that run on them.

Nothing here can reach a real network: every interface is one end of a veth pair whose other end lies in another
namespace of the same run.
"""

import contextlib
import ipaddress
import os
import shutil
import signal
import subprocess
import tempfile
import time

# Namespaces are called after the run that made them, so that it removes its own and no others, and runs can stand side by side.
PREFIX = "wirelore-"
# Where a network that outlives its run keeps its files.
STANDING = "/run"

# Checksums are computed and frames are cut before they leave the host. With these on, a veth hands over frames larger
# than the MTU and with half a checksum, which is what the capture `checksum-offload` is about and no other.
OFFLOADS = ["tx", "rx", "sg", "tso", "gso", "gro"]


class Failure(Exception):
    """A recording that did not come out as it should."""


class Skip(Exception):
    """A recording this machine cannot make, and why."""


def poll(condition, what, seconds=15.0, every=0.05):
    """Wait until `condition` holds, and return what it gave. A wait that is hoped to be long enough never is."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise Failure(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(every)


def hardware_address(ipv4):
    """A locally administered MAC that spells the IPv4 address: 10.130.1.4 is 02:00:0a:82:01:04."""
    return "02:00:" + ":".join(f"{byte:02x}" for byte in ipaddress.ip_address(ipv4).packed)


def must_run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


def remove_leftovers():
    """The namespaces of runs that were killed without a chance to clean up: whose process is no more."""
    for line in must_run(["ip", "netns", "list"]).splitlines():
        name = line.split()[0]
        number = name.removeprefix(PREFIX).split("-")[0]
        if name.startswith(PREFIX) and number.isdigit() and not os.path.exists(f"/proc/{number}"):
            end_all([name])
            subprocess.run(["ip", "netns", "del", name], capture_output=True)


def end_all(namespaces):
    """End every program in these namespaces, whoever started it there."""

    def inhabitants():
        lists = [subprocess.run(["ip", "netns", "pids", name], capture_output=True, text=True).stdout for name in namespaces]
        return [int(number) for number in " ".join(lists).split()]

    for with_signal in [signal.SIGTERM, signal.SIGKILL]:
        for number in inhabitants():
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, with_signal)
        with contextlib.suppress(Failure):
            poll(lambda: not inhabitants(), "everything to end", seconds=3)


class Network:
    """A set of namespaces with a common end: leaving the `with` block removes all of it.

    One with a tag may outlive the run that built it: `standing` finds it again, and `remove` ends it.
    """

    def __init__(self, ipv6=False, tag=None):
        self.ipv6 = ipv6
        remove_leftovers()
        self.prefix = f"{PREFIX}{tag or os.getpid()}-"
        if tag:
            self.folder = os.path.join(STANDING, f"{PREFIX}{tag}")
            try:
                os.mkdir(self.folder)
            except FileExistsError:
                raise Failure(f"{tag} is being built already, or what built it was killed: take it down first") from None
        else:
            self.folder = tempfile.mkdtemp(prefix="wirelore-record-")
        os.chmod(self.folder, 0o755)
        self.hosts = []
        self.running = []
        self.resolver = {}

    @classmethod
    def standing(cls, tag):
        """The network of that tag, as an earlier run left it; without hosts where there is none."""
        network = cls.__new__(cls)
        network.ipv6 = True
        network.prefix = f"{PREFIX}{tag}-"
        network.folder = os.path.join(STANDING, f"{PREFIX}{tag}")
        names = [line.split()[0] for line in must_run(["ip", "netns", "list"]).splitlines()]
        network.hosts = [name.removeprefix(network.prefix) for name in names if name.startswith(network.prefix)]
        network.running = []
        files = {host: network.path(f"resolv-{host}.conf") for host in network.hosts}
        network.resolver = {host: path for host, path in files.items() if os.path.exists(path)}
        return network

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()

    def remove(self):
        for process in reversed(self.running):
            stop(process, signal.SIGTERM)
        # What an earlier run started, or somebody by hand.
        end_all([self.prefix + host for host in self.hosts])
        for host in self.hosts:
            subprocess.run(["ip", "netns", "del", self.prefix + host], capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def host(self, name, forwards=False):
        must_run(["ip", "netns", "add", self.prefix + name])
        self.hosts.append(name)
        settings = {
            # Before any interface exists, so that none of them speaks IPv6 (or asks for routers) uninvited.
            "net.ipv6.conf.all.disable_ipv6": 0 if self.ipv6 else 1,
            "net.ipv6.conf.default.disable_ipv6": 0 if self.ipv6 else 1,
            "net.ipv6.conf.default.accept_ra": 0,
            "net.ipv6.conf.default.router_solicitations": 0,
            "net.ipv6.conf.default.accept_dad": 0,
            "net.ipv4.ip_forward": int(forwards),
            # Everything here runs as root, and a user namespace may have no group but that one.
            "net.ipv4.ping_group_range": "0 0",
            # Otherwise traceroute's probes are answered one a second, and most of them never.
            "net.ipv4.icmp_ratelimit": 0,
        }
        if self.ipv6:
            settings["net.ipv6.conf.all.forwarding"] = int(forwards)
            settings["net.ipv6.icmp.ratelimit"] = 0
        self.settings(name, settings)
        self.run(name, ["ip", "link", "set", "lo", "up"])

    def settings(self, host, settings):
        self.run(host, ["sysctl", "-q", "-w"] + [f"{key}={value}" for key, value in settings.items()])

    def cable(self, one, other, mtu=1500):
        """A veth pair. Each end is (host, interface, IPv4 with length or None, IPv6 with length or None)."""
        ends = [one, other]
        must_run(
            ["ip", "link", "add", one[1], "netns", self.prefix + one[0], "type", "veth"]
            + ["peer", "name", other[1], "netns", self.prefix + other[0]]
        )
        for host, interface, ipv4, ipv6 in ends:
            if ipv4:
                mac = hardware_address(ipv4.split("/")[0])
                self.run(host, ["ip", "link", "set", interface, "address", mac])
                self.run(host, ["ip", "addr", "add", ipv4, "dev", interface])
            self.run(host, ["ip", "link", "set", interface, "mtu", str(mtu)])
            self.offload(host, interface, False)
        for host, interface, _, ipv6 in ends:
            self.run(host, ["ip", "link", "set", interface, "up"])
            if ipv6 and self.ipv6:
                self.run(host, ["ip", "-6", "addr", "add", ipv6, "dev", interface, "nodad"])
        for host, interface, _, _ in ends:
            poll(lambda: "LOWER_UP" in self.run(host, ["ip", "link", "show", interface]), f"{interface} to come up")

    def offload(self, host, interface, wanted):
        state = "on" if wanted else "off"
        # Each by itself: a kernel that has one of them fixed refuses the whole list.
        for feature in OFFLOADS:
            subprocess.run(self.inside(host, ["ethtool", "-K", interface, feature, state]), capture_output=True)

    def route(self, host, destination, gateway):
        if ":" in gateway and not self.ipv6:
            return
        self.run(host, ["ip", "route", "add", destination, "via", gateway])

    def firewall(self, host, hook, rules, family="ip", name=None):
        """nftables rules for IPv4 (or another family) at a hook, in a table of their own, called after the hook or otherwise."""
        name = name or hook
        path = self.path(f"{host}-{family}-{name}.nft")
        lines = [f"table {family} wirelore_{name} {{", f"chain {hook} {{", f"type filter hook {hook} priority 0"]
        with open(path, "w", encoding="ascii") as out:
            out.write("\n".join(lines + list(rules) + ["}", "}"]) + "\n")
        self.run(host, ["nft", "-f", path])

    def no_firewall(self, host, name, family="ip"):
        # To delete a table twice is no fault.
        table = f"table {family} wirelore_{name}"
        self.run(host, ["nft", f"add {table}; delete {table}"])

    def resolve_with(self, host, *servers, options="timeout:2 attempts:2", search=None):
        """What the host's resolv.conf says. It is bound over the real one in a mount namespace of each program."""
        path = self.path(f"resolv-{host}.conf")
        lines = [f"nameserver {server}" for server in servers] + [f"options {options}"]
        if search:
            lines.append(f"search {search}")
        with open(path, "w", encoding="ascii") as out:
            out.write("\n".join(lines) + "\n")
        self.resolver[host] = path

    def inside(self, host, command):
        command = ["ip", "netns", "exec", self.prefix + host] + command
        if host in self.resolver:
            bind = 'mount --bind "$0" /etc/resolv.conf && exec "$@"'
            command = ["unshare", "--mount", "sh", "-c", bind, self.resolver[host]] + command
        return command

    def run(self, host, command, succeed=True, seconds=60):
        done = subprocess.run(self.inside(host, command), capture_output=True, text=True, errors="replace", timeout=seconds)
        if succeed and done.returncode != 0:
            raise Failure(f"{host}: {' '.join(command)}: {(done.stderr or done.stdout).strip()}")
        return done.stdout + done.stderr

    def start(self, host, command):
        """A program that goes on until the end of the network, with its output in a file of the network's folder."""
        # A network that stands is one of several processes.
        log = open(self.path(f"{os.getpid()}-{len(self.running)}-{os.path.basename(command[0])}.log"), "wb")
        process = subprocess.Popen(
            self.inside(host, command), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            # Ctrl-C is for the run, which then ends its programs in order.
            start_new_session=True,
        )
        process.log = log.name
        self.running.append(process)
        return process

    def wait_listening(self, host, port, family="tcp", process=None):
        def listening():
            if process is not None and process.poll() is not None:
                with open(process.log, encoding="utf-8", errors="replace") as log:
                    raise Failure(f"{host}: the server for port {port} ended: {log.read().strip()}")
            return self.listens(host, port, family)

        poll(listening, f"port {port} on {host}")

    def listens(self, host, port, family="tcp"):
        """Whether a program on the host takes what comes to this port."""
        flag = "-Hlnt" if family == "tcp" else "-Hlnu"
        return self.run(host, ["ss", flag, f"sport = :{port}"]).strip() != ""


def stop(process, with_signal, seconds=10):
    if process.poll() is None:
        process.send_signal(with_signal)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return process.returncode
