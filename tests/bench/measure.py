"""Measuring commands in turn, so that what else the machine does falls on all of them alike."""

import json
import os
import shlex
import shutil
import statistics
import subprocess
import tempfile
from dataclasses import dataclass, field


@dataclass
class Command:
    """A command and what measuring it gave."""

    words: list
    # How many frames it goes through.
    frames: int
    # User and system time, and time by the clock, of each run, in seconds.
    cpu: list = field(default_factory=list)
    wall: list = field(default_factory=list)
    # A folder that it fills with files, to be emptied between two runs.
    leaves: str | None = None
    # The most memory that it had at once, in MiB.
    memory: float = 0.0

    def name(self):
        return " ".join(os.path.basename(word) for word in self.words)

    def rate(self):
        """Frames in a second of processor time."""
        return self.frames / statistics.median(self.cpu)


def measure(commands, runs, core):
    """Runs each command once for its memory, which also brings the capture into the cache, and then all of them `runs` times in turn."""
    for command in commands:
        command.memory = peak_memory(command.words)
        clear(command)
    for _ in range(runs):
        for command in commands:
            result = run_once(on_core(command.words, core))
            command.cpu.append(result["user"] + result["system"])
            command.wall.append(result["mean"])
            clear(command)


def clear(command):
    if command.leaves:
        shutil.rmtree(command.leaves)
        os.mkdir(command.leaves)


def on_core(words, core):
    return ["taskset", "-c", str(core), *words]


def run_once(words):
    """One run by hyperfine, output to /dev/null, without a shell in between."""
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        options = ["--shell=none", "--runs", "1", "--output", "null", "--style", "none", "--export-json", report.name]
        done = subprocess.run(["hyperfine", *options, shlex.join(words)], capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(words)}: {done.stderr.strip()}")
        return json.load(report)["results"][0]


def peak_memory(words):
    with tempfile.NamedTemporaryFile("r") as report:
        command = [shutil.which("time"), "--quiet", "-f", "%M", "-o", report.name, *words]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        return int(report.read()) / 1024
