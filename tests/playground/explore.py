"""Does the experiments: makes the fault if there is one, captures while the command runs, and asks wirelore about the files.

What is printed is Markdown, so that README.md can have it as it is.
"""

import os
import shlex
import subprocess
import sys
import tempfile
import textwrap

import experiments
import faults
import trace
import twelve
from network import Failure
from recording import missing

HERE = os.path.dirname(os.path.abspath(__file__))
TO_GO_ON = "a number, `all`, or nothing to end: "


def explore(network, words):
    program = trace.wirelore()
    if program is None:
        raise Failure("no wirelore here (cargo build --release, or WIRELORE=PATH)")
    absent = missing(["curl", "ping", "traceroute", "python3"])
    if absent:
        raise Failure(f"no {', '.join(absent)} here (apt-get install curl iputils-ping traceroute python3)")
    faulty = [name for name, _ in faults.standing(network)]
    if faulty:
        raise Failure(f"{', '.join(faulty)} would spoil the experiments: `playground fault off` undoes it")
    if words:
        # Every one is done, and then it is said which failed.
        return 0 if all([do(network, program, number) for number in numbers(words)]) else 1
    menu()
    while word := ask():
        try:
            for number in numbers(word.split()):
                do(network, program, number)
        except Failure as reason:
            print(reason)
    return 0


def menu():
    for number, experiment in enumerate(experiments.EXPERIMENTS, 1):
        print(f"{number:3}  {experiment.title}")


def ask():
    try:
        return input(TO_GO_ON).strip()
    except EOFError:
        print()
        return ""


def numbers(words):
    every = range(1, len(experiments.EXPERIMENTS) + 1)
    if words == ["all"]:
        return every
    if any(not word.isdigit() or int(word) not in every for word in words):
        raise Failure(f"experiments have the numbers 1 to {every[-1]}, or `all`")
    return map(int, words)


def do(network, program, number):
    """Does one of them. Whether it shows what it is to show."""
    experiment = experiments.EXPERIMENTS[number - 1]
    print(f"### {number}. {experiment.title}\n\n{textwrap.fill(experiment.says, 100)}\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="wirelore-explore-") as folder:
        forget_neighbours(network)
        if experiment.fault:
            faults.make(network, experiment.fault)
        try:
            captured(network, experiment, folder)
        finally:
            if experiment.fault:
                faults.undo(network, experiment.fault)
        for words in experiment.asks:
            asked(program, words, folder)
        silent = [wanted for wanted in experiment.rules if not any(told(program, folder, experiment.fault, wanted))]
    if silent:
        print(f"playground: experiment {number} does not show {', '.join(silent)}", file=sys.stderr)
    return not silent


def forget_neighbours(network):
    """Every experiment begins as the first one of a day: each asks for the others' hardware addresses."""
    for host in twelve.HOSTS:
        network.run(host, ["ip", "neigh", "flush", "all"])


def captured(network, experiment, folder):
    """The command, with the captures around it, as it would be typed."""
    typed = f"playground trace {' '.join(experiment.places)} -- {quoted(experiment.command)}"
    lines = [f"$ {typed}"]
    if experiment.fault:
        lines.insert(0, f"$ playground fault {experiment.fault}")
    places = trace.points(experiment.places)
    inside = network.inside(places[0][0], ["sh", "-c", experiment.command])
    act = lambda _: subprocess.run(inside, cwd=HERE, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    done, _ = trace.trace(network, places, folder, act)
    lines += done.stdout.decode("utf-8", errors="replace").splitlines()
    if experiment.fault:
        lines.append("$ playground fault off")
    fence(lines)


def quoted(command):
    simple = not any(sign in command for sign in ";$&|")
    return command if simple else f"sh -c {shlex.quote(command)}"


def asked(program, words, folder):
    """What wirelore says. Files end as the capture made them end."""
    found = {os.path.splitext(name)[0]: name for name in os.listdir(folder)}
    command = [found.get(word.removesuffix(".pcapng"), word) for word in shlex.split(words)]
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1"}
    done = subprocess.run([program, *command], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    fence([f"$ wirelore {words}", *done.stdout.rstrip("\n").splitlines()])


def told(program, folder, fault, wanted):
    """Of each capture, whether wirelore tells of it what the rule says: a fault in its story, other things under the frames."""
    place, _, rule = wanted.rpartition(": ")
    verb = ["explain", "-v"] if fault else ["read"]
    for name in os.listdir(folder):
        if place in ("", os.path.splitext(name)[0]):
            command = [program, *verb, "--json", os.path.join(folder, name)]
            yield f'"rule":"{rule}"' in subprocess.run(command, stdout=subprocess.PIPE, text=True).stdout.replace('": "', '":"')


def fence(lines):
    print("\n".join(["```console", *lines, "```", ""]), flush=True)
