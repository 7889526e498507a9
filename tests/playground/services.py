"""The servers of the playground: the name server on backbone; nginx, vsftpd, exim and dovecot on www, ftp and mail."""

import contextlib
import os
import shutil
import signal

import plan
from network import must_run, poll
from recording import missing
from rootless import is_user_namespace
from scenes.tls import certificate

HERE = os.path.dirname(os.path.abspath(__file__))
PORTS = {"backbone": [53], "www": [80, 443], "ftp": [21], "mail": [25, 110, 143]}
# Programs, and the package (of Debian) that has each.
PROGRAMS = {
    "backbone": {"dnsmasq": "dnsmasq-base"},
    "www": {"nginx": "nginx-light", "openssl": "openssl"},
    "ftp": {"vsftpd": "vsftpd"},
    "mail": {
        "exim4": "exim4-daemon-light",
        "dovecot": "dovecot-core",
        "/usr/lib/dovecot/imap-login": "dovecot-imapd",
        "/usr/lib/dovecot/pop3-login": "dovecot-pop3d",
        "setpriv": "util-linux",
    },
}
# Of a page, so many numbered lines: more than a thousand segments, to lose some of.
LINES = 40_000


def lacking():
    """For each host whose servers cannot run here: the packages that it takes."""
    absent = {host: missing(programs) for host, programs in PROGRAMS.items()}
    return {host: sorted({PROGRAMS[host][program] for program in programs}) for host, programs in absent.items() if programs}


def serve(network):
    """Everything that this machine has the programs for."""
    without = lacking()
    here = [host for host in PORTS if host not in without]
    for host in here:
        PREPARED[host](network)
    # All of them at once, and then all are waited for.
    started = [(host, begin(network, host)) for host in here]
    for host, processes in started:
        wait(network, host, processes)


def start(network, host):
    wait(network, host, begin(network, host))


def begin(network, host):
    processes = [network.start(host, command) for command in COMMANDS[host](network)]
    with open(network.path(f"processes-{host}"), "w", encoding="ascii") as out:
        out.write(" ".join(str(process.pid) for process in processes))
    return processes


def wait(network, host, processes):
    for port in PORTS[host]:
        for process in processes:
            network.wait_listening(host, port, "udp" if port == 53 else "tcp", process)


def end(network, host):
    with open(network.path(f"processes-{host}"), encoding="ascii") as numbers:
        for number in numbers.read().split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(number), signal.SIGTERM)
    for port in PORTS[host]:
        poll(lambda: not network.listens(host, port), f"port {port} on {host} to close")


def name_commands(network):
    return [plan.name_server_command(names=os.path.join(HERE, "servers", "names.hosts"))]


def web_files(network):
    certificate(network)
    shutil.copy(os.path.join(plan.HERE, "servers", "tls.conf"), network.folder)
    plan.web_files(network)
    with open(network.path("pages/long.txt"), "w", encoding="ascii") as out:
        out.writelines(f"This is line {number} of many.\n" for number in range(1, LINES + 1))


def web_commands(network):
    return [plan.web_server_command(network)]


def file_commands(network):
    command = ["vsftpd", network.path("vsftpd.conf")]
    if is_user_namespace():
        # There is nobody else there whom it could become.
        command += ["-orun_as_launching_user=YES"]
    return [command]


def mail_files(network):
    """Both programs' configurations, and folders that are theirs."""
    place = network.path("mail")
    for folder in ["spool", "boxes", "run", "state", "home"]:
        os.makedirs(os.path.join(place, folder))
    for name in ["exim.conf", "dovecot.conf"]:
        with open(os.path.join(HERE, "servers", name), encoding="ascii") as source:
            text = source.read().replace("MAIL", place)
        with open(network.path(name), "w", encoding="ascii") as out:
            out.write(text)
    with open(os.path.join(place, "users"), "w", encoding="ascii") as out:
        out.write("anna:Wolke7\nbert:Sonne8\n")
    if not is_user_namespace():
        must_run(["chown", "-R", "nobody:nogroup", place])
    # Neither of them is to be root.
    network.settings("mail", {"net.ipv4.ip_unprivileged_port_start": 25})


def mail_commands(network):
    if is_user_namespace():
        nobody = ["unshare", "--user", "--map-user=65534", "--map-group=65534", "setpriv"]
    else:
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    # exim is installed to become root whoever starts it.
    nobody += ["--no-new-privs"]
    return [
        [*nobody, "exim4", "-C", network.path("exim.conf"), "-bdf", "-oX", "25"],
        [*nobody, "dovecot", "-F", "-c", network.path("dovecot.conf")],
    ]


PREPARED = {"backbone": lambda network: None, "www": web_files, "ftp": plan.file_server_files, "mail": mail_files}
COMMANDS = {"backbone": name_commands, "www": web_commands, "ftp": file_commands, "mail": mail_commands}
