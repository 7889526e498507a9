"""Captures at several places at once, while a command runs: one file for each place."""

import itertools
import os
import shutil
import signal
import struct
import subprocess
import sys
import time

import twelve
from network import Failure, poll, stop
from rootless import is_user_namespace

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
# How long the interfaces must be silent for the traffic to be over, and when no more is waited for it.
SILENT, LONGEST = 0.3, 5.0


class Capture:
    """One capture: a program in the host's namespace that writes a file, of one interface or of several."""

    def __init__(self, network, host, interfaces, path):
        self.interfaces, self.path = interfaces, path
        self.process = network.start(host, command(interfaces, path))
        self.name = os.path.basename(path)

    def runs(self):
        """Whether the kernel hands all frames to it: the table of packet sockets says so of each, by its inode."""
        self.check()
        try:
            folder = f"/proc/{self.process.pid}/fd"
            files = [os.readlink(os.path.join(folder, number)) for number in os.listdir(folder)]
        except FileNotFoundError:
            # Between the listing and the look, one was closed.
            return False
        with open(f"/proc/{self.process.pid}/net/packet", encoding="ascii") as table:
            sockets = [line.split() for line in table.readlines()[1:]]
        running = {f"socket:[{columns[8]}]" for columns in sockets if columns[5] == "1"}
        return len(running.intersection(files)) >= len(self.interfaces)

    def passed(self):
        """How many frames its interfaces have sent and received so far."""
        with open(f"/proc/{self.process.pid}/net/dev", encoding="ascii") as table:
            lines = [line.split(":", 1) for line in table if ":" in line]
        columns = {name.strip(): numbers.split() for name, numbers in lines}
        return sum(int(columns[interface][column]) for interface in self.interfaces for column in (1, 9))

    def check(self):
        if self.process.poll() is not None:
            raise Failure(f"the capture of {self.name} ended: {self.said()}")

    def said(self):
        try:
            with open(self.process.log, encoding="utf-8", errors="replace") as log:
                return log.read().strip()
        except FileNotFoundError:
            return "the playground was taken down"

    def end(self):
        status = stop(self.process, signal.SIGINT)
        said = self.said()
        os.remove(self.process.log)
        if status != 0:
            raise Failure(f"the capture of {self.name} failed: {said}")


def wirelore():
    """The program: the one that WIRELORE names, the newest that was built here, or an installed one."""
    built = [os.path.join(ROOT, "target", profile, "wirelore") for profile in ("release", "debug")]
    built = sorted(filter(os.path.exists, built), key=os.path.getmtime, reverse=True)
    return os.environ.get("WIRELORE") or next(iter(built), None) or shutil.which("wirelore")


def captures_live(program):
    return program is not None and subprocess.run([program, "capture", "--help"], capture_output=True).returncode == 0


def command(interfaces, path):
    program = wirelore()
    options = [word for interface in interfaces for word in ("-i", interface)]
    if captures_live(program):
        return [program, "capture", *options, "-w", path]
    if len(interfaces) > 1:
        raise Failure(f"tcpdump captures one interface at a time: HOST:IFACE, and not all of {', '.join(interfaces)}")
    # A packet at a time, as it comes; and the file belongs to who made the folder.
    return ["tcpdump", *options, "-w", path, "-U", "--immediate-mode", "-Z", "root"]


def ending():
    """What the files are: tcpdump writes no pcapng."""
    program = wirelore()
    if captures_live(program):
        return "pcapng"
    # tcpdump insists on becoming another user, and in a user namespace there is none.
    if shutil.which("tcpdump") is None or is_user_namespace():
        raise Failure("no wirelore that captures here, and no tcpdump in its place (cargo build --release, or WIRELORE=PATH)")
    print(f"playground: {program or 'no wirelore'} does not capture; tcpdump does it in its place", file=sys.stderr)
    return "pcap"


def points(words):
    """HOST or HOST:IFACE, as (host, interfaces, name of the file). A host alone is all of its interfaces, in one file."""
    found = []
    for word in words:
        host, _, wanted = word.partition(":")
        sides = {**twelve.interfaces(twelve.known(host)), f"{host}-lo": "lo"}
        chosen = {name: interface for name, interface in sides.items() if wanted in (interface, name.removeprefix(f"{host}-"))}
        if not wanted:
            found.append((host, [interface for interface in sides.values() if interface != "lo"], host))
        elif chosen:
            found += [(host, [interface], name) for name, interface in chosen.items()]
        else:
            names = [name.removeprefix(f"{host}-") for name in sides] if host in twelve.SIDES else sides.values()
            raise Failure(f"{host} has no interface {wanted}: it has {', '.join(names)}")
    # A place is captured once, however often it is named.
    return [place for number, place in enumerate(found) if place not in found[:number]]


def place(host, interface):
    """What `points` takes for an interface of a host."""
    sides = {own: name.removeprefix(f"{host}-") for name, own in twelve.interfaces(host).items()}
    return f"{host}:{sides[interface]}" if host in twelve.SIDES else host


def trace(network, places, folder, act, joins=False):
    """Captures at the places (of `points`) while `act`, which gets the captures, runs. Returns what that gave, and the files with their frames.

    With `joins` an interface may join segments behind the counters, and then hands on fewer frames than it counts."""
    end_of_name = ending()
    os.makedirs(folder, exist_ok=True)
    paths = free_paths(os.path.abspath(folder), [name for _, _, name in places], end_of_name)
    captures = []
    try:
        for (host, interfaces, _), path in zip(places, paths):
            captures.append(Capture(network, host, interfaces, path))
        for capture in captures:
            poll(capture.runs, f"the capture of {capture.name} to run", every=0.01)
        before = [capture.passed() for capture in captures]
        gave = act(captures)
        until_silent(captures)
        expected = [capture.passed() - earlier for capture, earlier in zip(captures, before)]
        for capture in captures:
            capture.check()
            capture.end()
    finally:
        for capture in captures:
            stop(capture.process, signal.SIGKILL)
    written = []
    for capture, least in zip(captures, expected):
        belong_to_caller(capture.path)
        count = frames(capture.path)
        if count < least and not joins:
            raise Failure(f"{capture.path} has {count} frames, and at least {least} passed {', '.join(capture.interfaces)}")
        written.append((capture.path, count))
    belong_to_caller(folder)
    return gave, written


def free_paths(folder, names, end_of_name):
    """Where the files go. What is there stays: all files of a trace have one number, which no earlier one has."""
    for number in itertools.count(1):
        counted = "" if number == 1 else f"-{number}"
        paths = [os.path.join(folder, f"{name}{counted}.{end_of_name}") for name in names]
        if not any(map(os.path.lexists, paths)):
            return paths


def until_silent(captures):
    """Waits until no interface has sent or received anything for a while: what the last packets caused has come, too."""
    deadline = time.monotonic() + LONGEST
    seen, since = None, 0.0
    while time.monotonic() < deadline:
        now = [capture.passed() for capture in captures]
        if now != seen:
            seen, since = now, time.monotonic()
        elif time.monotonic() - since > SILENT:
            return
        time.sleep(0.02)


def belong_to_caller(path):
    """Who said sudo is to be able to remove what came of it."""
    if "SUDO_UID" in os.environ and os.stat(path).st_uid == 0:
        os.chown(path, int(os.environ["SUDO_UID"]), int(os.environ["SUDO_GID"]))


def frames(path):
    """How many frames a file has: pcapng blocks of the type that holds one, or the records of a pcap file."""
    with open(path, "rb") as file:
        data = file.read()
    order, count = "<" if sys.byteorder == "little" else ">", 0
    if data[:4] == b"\x0a\x0d\x0d\x0a":
        place = 0
        while place + 8 <= len(data):
            kind, length = struct.unpack_from(order + "II", data, place)
            count += kind == 6
            place += max(length, 12)
    else:
        place = 24
        while place + 16 <= len(data):
            place += 16 + struct.unpack_from(order + "I", data, place + 8)[0]
            count += 1
    return count
