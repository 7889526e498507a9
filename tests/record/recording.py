"""One capture: dumpcap in the host's namespace, from before the first packet until after the last."""

import os
import shutil
import signal
import subprocess

import pcapng
from network import Failure, must_run, poll, stop

CAPTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "captures")


def matching(path, display_filter):
    """The numbers of the frames that tshark's filter picks. A file still being written may end in half a block."""
    command = ["tshark", "-n", "-r", path, "-Y", display_filter, "-T", "fields", "-e", "frame.number"]
    done = subprocess.run(command, capture_output=True, text=True)
    return [int(line) for line in done.stdout.split()]


class Recording:
    """Used as `with Recording(..) as recording:` around the traffic.

    `interfaces` are (interface, description)s of one host. The recording ends when every filter of `until` has picked
    as many frames as it is paired with: the traffic itself says when it is over. `options` are dumpcap's.
    """

    def __init__(self, network, host, interfaces, until, options=()):
        self.network = network
        self.host = host
        self.descriptions = dict(interfaces)
        self.until = until
        self.options = list(options)
        self.raw = network.path("raw.pcapng")

    def __enter__(self):
        if os.path.exists(self.raw):
            os.remove(self.raw)
        command = ["dumpcap", "-q", "-w", self.raw] + self.options
        for interface in self.descriptions:
            command += ["-i", interface]
        self.dumpcap = self.network.start(self.host, command)
        # One line for each packet socket; the sixth column says that it is bound and running.
        sockets = f"/proc/{self.dumpcap.pid}/net/packet"

        def capturing():
            if self.dumpcap.poll() is not None:
                with open(self.dumpcap.log, encoding="utf-8", errors="replace") as log:
                    raise Failure(f"dumpcap ended: {log.read().strip()}")
            with open(sockets, encoding="ascii") as table:
                running = [line for line in table.readlines()[1:] if line.split()[5] == "1"]
            return len(running) >= len(self.descriptions) and os.path.exists(self.raw)

        poll(capturing, f"dumpcap on {self.host}")
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            for display_filter, count in self.until:
                poll(lambda: len(matching(self.raw, display_filter)) >= count, f"{count} of {display_filter}")
            sizes = []

            def quiet():
                sizes.append(os.path.getsize(self.raw))
                return len(sizes) > 2 and sizes[-1] == sizes[-2] == sizes[-3]

            # The filters hold at the last packet that matters; what answers it (a last ACK) is under way.
            poll(quiet, "the end of the traffic", every=0.3)
        stop(self.dumpcap, signal.SIGINT)

    def save(self, name, comment=None, packet_comments=(), names=(), secrets=None):
        """Put the capture in the folder under `name`: in order, tidied, and in the form that the name's end asks for.

        `secrets` is a file of TLS session keys, to be carried in the capture so that its content can be read.
        """
        ordered, commented = self.network.path("ordered.pcapng"), self.network.path("commented.pcapng")
        # Two interfaces are two sockets, read in turn.
        must_run(["reordercap", self.raw, ordered])
        commands = [argument for number, text in packet_comments for argument in ("-a", f"{number}:{text}")]
        if secrets:
            commands += ["--inject-secrets", f"tls,{secrets}"]
        must_run(["editcap"] + commands + [ordered, commented])
        target = os.path.join(CAPTURES, name)
        stem = target.removesuffix(".gz").removesuffix(".zst")
        if stem.endswith(".pcapng"):
            pcapng.tidy(commented, stem, self.descriptions, comment, names)
        else:
            must_run(["editcap", "-F", "pcap", commented, stem])
        for display_filter, count in self.until:
            if len(matching(stem, display_filter)) < count:
                raise Failure(f"{name}: {display_filter} no longer picks {count} frames")
        if target.endswith(".gz"):
            # -n: neither the time nor the name, so that the same capture gives the same file.
            must_run(["gzip", "-n", "-9", "-f", stem])
        elif target.endswith(".zst"):
            must_run(["zstd", "-q", "-f", "--rm", stem])
        print(f"{name}: {frames(target)} frames, {os.path.getsize(target)} bytes")


def frames(path):
    return len(matching(path, "frame"))


def missing(programs):
    return [program for program in programs if shutil.which(program) is None]
