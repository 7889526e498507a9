"""Without root: the whole playground inside of a user namespace, in which the user who calls is root and outside of which nothing changes.

While it stands, a holder keeps the namespace: `playground stand`, started by `playground up`. Later calls find its process in a
file, and enter. Processes have a namespace too, in which the holder is the first: when it ends, the kernel ends all the others.
"""

import contextlib
import fcntl
import os
import select
import signal
import subprocess
import sys
import tempfile

from network import Failure, must_run

ENTRY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "playground")
APART = ["unshare", "--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--kill-child"]
# Tells the program that was started there that it is in namespaces of its own, and nothing is prepared in them: the user outside.
FRESH = "WIRELORE_PLAYGROUND_FRESH"
# The folder that the caller is in, because entering a mount namespace leads to its root.
FOLDER = "WIRELORE_PLAYGROUND_FOLDER"


def is_user_namespace():
    """Whether this process is in one: there, not every user of the machine exists."""
    with open("/proc/self/uid_map", encoding="ascii") as table:
        return [line.split() for line in table] != [["0", "0", "4294967295"]]


def state(tag, create=False):
    """The file with the number of the holder's process, which the holder keeps locked; `None` where there is no such file."""
    folder = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    path = os.path.join(folder, f"wirelore-{tag}-{os.environ.get(FRESH, os.getuid())}")
    flags = os.O_RDWR | os.O_NOFOLLOW | (os.O_CREAT if create else 0)
    try:
        file = open(os.open(path, flags, 0o600), "r+", encoding="ascii")
    except FileNotFoundError:
        return None
    # A folder for everybody's files may have somebody else's of that name.
    if os.fstat(file.fileno()).st_uid != os.getuid():
        raise Failure(f"{path} is another user's")
    return file


def holder(tag):
    """The process that keeps the playground of that tag; `None` where it is down."""
    file = state(tag)
    if file is None:
        return None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(file.read() or 0) or None
    return None


def call(words, tag):
    """What the user asked for, done in the namespaces. Returns the exit status; a verb that needs no second step never returns."""
    if words[0] == "hold":
        os.environ[FRESH] = str(os.getuid())
        os.execvp(APART[0], [*APART, sys.executable, ENTRY, *words])
    if words[0] != "up":
        number = holder(tag)
        if number is None:
            raise Failure("the playground is down: `playground up` builds it")
        status = subprocess.run(within(number, words), check=False).returncode
        if words[0] == "down":
            end(number, tag)
        return status
    if holder(tag) is not None:
        raise Failure("the playground is up already: `playground down` takes it down")
    number = begin(tag)
    status = subprocess.run(within(number, words), check=False).returncode
    if status != 0:
        end(number, tag)
    return status


def within(number, words):
    os.environ[FOLDER] = os.getcwd()
    enter = ["nsenter", "--preserve-credentials", "--user", "--net", "--mount", "--pid", f"--target={number}"]
    return [*enter, sys.executable, ENTRY, *words]


def begin(tag):
    environment = {**os.environ, FRESH: str(os.getuid())}
    process = subprocess.Popen(
        [*APART, sys.executable, ENTRY, "stand"], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
        # It stays when the terminal goes.
        start_new_session=True,
    )
    if process.stdout.readline() != "stands\n":
        why = process.stderr.read().strip().splitlines() or ["it ended"]
        raise Failure(f"this kernel gives an ordinary user no namespaces ({why[-1]}): sudo playground up")
    return holder(tag)


def end(number, tag):
    with contextlib.suppress(ProcessLookupError, FileNotFoundError):
        waiting = os.pidfd_open(parent(number))
        # The first process of its namespace has no ear for gentler signals.
        os.kill(number, signal.SIGKILL)
        # unshare(1) ends behind it.
        select.select([waiting], [], [])
        os.close(waiting)
    file = state(tag)
    if file is not None:
        with file:
            # The lock goes with its last holder.
            fcntl.flock(file, fcntl.LOCK_EX)
            os.unlink(os.readlink(f"/proc/self/fd/{file.fileno()}"))


def parent(number):
    with open(f"/proc/{number}/status", encoding="utf-8", errors="replace") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("PPid:"))


def stand(tag):
    """The holder itself. It says that it stands, and does nothing from then on."""
    file = state(tag, create=True)
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    # /proc is still the one outside, which knows this process by the number that others enter by.
    file.write(os.readlink("/proc/self"))
    file.truncate()
    file.flush()
    settle()
    # Whose parents have ended become its children, and are not to stay as zombies.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("stands", flush=True)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (1, 2):
        os.dup2(nothing, descriptor)
    while True:
        signal.pause()


def settle():
    """What fresh namespaces lack: a /proc that shows the processes there, and a /run where network namespaces can be named."""
    resolver = os.path.realpath("/etc/resolv.conf")
    outside = os.open("/run", os.O_PATH | os.O_DIRECTORY)
    must_run(["mount", "-t", "proc", "proc", "/proc"])
    must_run(["mount", "-t", "tmpfs", "-o", "mode=755", "wirelore-playground", "/run"])
    if os.path.isdir(f"/proc/self/fd/{outside}/user"):
        # The user's own folder is there.
        os.mkdir("/run/user")
        subprocess.run(["mount", "--rbind", f"/proc/self/fd/{outside}/user", "/run/user"], pass_fds=[outside], check=True)
    os.close(outside)
    if not os.path.exists(resolver):
        # On many systems resolv.conf leads to /run, and what hosts here resolve with is bound over it.
        os.makedirs(os.path.dirname(resolver), exist_ok=True)
        open(resolver, "w", encoding="ascii").close()


def arrive():
    """Called by every program in the namespaces first."""
    if os.environ.pop(FRESH, None):
        settle()
    folder = os.environ.pop(FOLDER, None)
    if folder:
        os.chdir(folder)
