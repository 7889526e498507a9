"""Running wirelore under limits, and what is wrong with how a run went."""

import json
import os
import re
import signal
import subprocess
import tempfile
import threading
from dataclasses import dataclass

# What no text form may print: C0 but tab and newline, DEL, C1, and the controls that turn the direction of writing.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Colour, which is ours on a terminal.
COLOUR = re.compile("\x1b\\[[0-9;]*m")
# How many times its limit of time a command may run by the clock, before it is killed.
PATIENCE = 6
# How much of an output is kept to be looked at; all of it is drained.
KEPT = 64 << 20


@dataclass
class Run:
    """How a run went: processor time in seconds, the most memory in MiB, how it ended, what it printed and how much of it there was."""

    cpu: float
    memory: float
    code: int
    out: bytes
    err: bytes
    is_killed: bool
    length: int

    def fault(self, seconds=10.0, memory=512.0):
        """What breaks a promise; None where nothing does. Time is the processor's, so that a busy machine is no fault."""
        if b"panicked at" in self.err:
            return "panic: " + self.err.decode("utf-8", "replace").splitlines()[0]
        if self.is_killed:
            return f"no end in {PATIENCE * seconds:.0f} s by the clock"
        if self.cpu > seconds:
            return f"{self.cpu:.1f} s"
        if self.code < 0:
            return f"signal {-self.code}"
        if self.memory > memory:
            return f"{self.memory:.0f} MiB"
        if self.code not in (0, 1, 2):
            return f"status {self.code}"
        if self.code == 2 and not self.err:
            return "status 2 without a word"
        return None


def run(words, seconds=10.0, discard=False, terminal=False):
    """Runs a command to its end, or for so long by the clock that it has none."""
    master, slave = os.openpty() if terminal else (None, None)
    with tempfile.TemporaryFile() as err, tempfile.NamedTemporaryFile("r") as figures:
        out = subprocess.DEVNULL if discard else slave if terminal else subprocess.PIPE
        environment = dict(os.environ, TERM="xterm", LC_ALL="C.UTF-8")
        # A child of ours would be said to have had our memory, as it was us before it became the command.
        timed = ["/usr/bin/time", "-q", "-o", figures.name, "-f", "%U %S %M", *words]
        process = subprocess.Popen(timed, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=environment, process_group=0)
        if terminal:
            os.close(slave)
        killed = threading.Event()

        def kill():
            killed.set()
            os.killpg(process.pid, signal.SIGKILL)

        timer = threading.Timer(PATIENCE * seconds, kill)
        timer.start()
        kept, length = [], 0
        source = master if terminal else None if discard else process.stdout.fileno()
        while source is not None:
            try:
                chunk = os.read(source, 1 << 20)
            except OSError:  # How a terminal says that the other end is closed.
                break
            if not chunk:
                break
            if length < KEPT:
                kept.append(chunk)
            length += len(chunk)
        code = process.wait()
        timer.cancel()
        if terminal:
            os.close(master)
        elif process.stdout:
            process.stdout.close()
        err.seek(0)
        # A command that was ended by a signal is told as 128 and its number.
        user, system, memory = (figures.read().split() or "0 0 0".split())[-3:]
        cpu, code = float(user) + float(system), 128 - code if code > 128 else code
        return Run(cpu, int(memory) / 1024, code, b"".join(kept), err.read(1 << 20), killed.is_set(), length)


def text_fault(out):
    """What a text form printed that a terminal would obey, or that is no text."""
    try:
        text = out.decode("utf-8")
    except UnicodeDecodeError as error:
        return None if len(out) >= KEPT and error.start > len(out) - 4 else f"no UTF-8 at byte {error.start}"
    found = CONTROL.search(COLOUR.sub("", text).replace("\r\n", "\n"))
    return f"control character {found.group()!r} at {found.start()}" if found else None


def json_fault(out):
    """A line that is no JSON, or in which a key stands twice."""

    def once(pairs):
        keys = [key for key, _ in pairs]
        if len(keys) != len(set(keys)):
            raise ValueError("a key twice")
        return dict(pairs)

    if len(out) >= KEPT:
        out = out[: out.rfind(b"\n") + 1]
    for number, line in enumerate(out.splitlines(), 1):
        try:
            json.loads(line, object_pairs_hook=once)
        except ValueError as error:
            return f"line {number}: {error}"
    return None
