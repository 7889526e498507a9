"""The captures that the comparison runs on: made once into a folder, about 1.4 GB, and kept there."""

import os
import random
import re
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "record"))

from network import PREFIX, Failure, Network, poll, stop  # noqa: E402

# What a page server has: many small texts, some pictures, few downloads. (name, how many, bytes)
PAGES = [("page-{}.html", 40, 60_000), ("data-{}.json", 40, 8_000), ("picture-{}.jpg", 15, 250_000), ("archive-{}.bin", 5, 2_000_000)]
SERVER, CLIENT = "10.130.1.4", "10.130.1.11"
CONNECTIONS = 16
# Each connection's share of what two busy cores can write to a file while they make it.
BYTES_PER_SECOND = 3_000_000
LONGEST = 240

NGINX = """
daemon off; user root; worker_processes 1; pid nginx.pid; error_log stderr warn;
events { worker_connections 256; }
http {
    access_log off; root pages; gzip on; gzip_types text/html application/json; gzip_min_length 256; limit_rate %d; keepalive_requests 1000;
    client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
    types { text/html html; application/json json; image/jpeg jpg; }
    server { listen 80; server_name www.example.com; }
}
"""


def small(path, frames):
    """Small packets of many hosts, the same ones each time."""
    generate(path, frames, "small")


def fragments(path, frames):
    """UDP datagrams in three to six fragments, the same ones each time."""
    generate(path, frames, "fragments")


def generate(path, frames, kind):
    command = ["cargo", "run", "--quiet", "--release", "--example", "generate", "--", path, str(frames), kind]
    subprocess.run(command, check=True, cwd=os.path.join(HERE, "..", ".."))


def http(path, frames):
    """What curl's connections get from nginx, as frames of at most 1514 bytes."""
    with Network() as network:
        for host in ["bench-client", "bench-server"]:
            network.host(host)
        network.cable(
            ("bench-client", "client-eth0", CLIENT + "/24", None), ("bench-server", "server-eth0", SERVER + "/24", None)
        )
        write_pages(network.path("pages"))
        with open(network.path("nginx.conf"), "w", encoding="ascii") as out:
            out.write(NGINX % BYTES_PER_SECOND)
        network.start("bench-server", ["nginx", "-p", network.folder, "-c", network.path("nginx.conf"), "-e", "stderr"])
        network.wait_listening("bench-server", 80)
        with open(network.path("wanted"), "w", encoding="ascii") as out:
            out.writelines(f'url = "http://www.example.com/{name}"\noutput = "/dev/null"\n' for name in shuffled_pages(4_000))
        capture(network, path, frames)


def capture(network, path, frames):
    """curl runs again and again until tcpdump has what it wants."""
    part = path + ".part"
    # -B is in KiB: room for what comes while the disk is busy.
    command = ["tcpdump", "-i", "client-eth0", "-n", "-s", "0", "-B", "262144", "-c", str(frames), "-Z", "root", "-w", part]
    tcpdump = network.start("bench-client", command)
    poll(lambda: "listening on" in log_of(tcpdump), "tcpdump to listen")
    address = ["--resolve", f"www.example.com:80:{SERVER}"]
    fetch = ["curl", "--silent", "--compressed", "--parallel", "--parallel-max", str(CONNECTIONS), *address, "--config", network.path("wanted")]
    ends = time.monotonic() + LONGEST
    curl = None
    while tcpdump.poll() is None:
        if time.monotonic() > ends:
            raise Failure(f"{frames} frames did not come in {LONGEST} s")
        if curl is None or curl.poll() is not None:
            curl = network.start("bench-client", fetch)
        time.sleep(0.2)
    stop(curl, signal.SIGTERM)
    dropped = re.search(r"(\d+) packets dropped by kernel", log_of(tcpdump))
    if dropped is None or int(dropped[1]):
        raise Failure(f"tcpdump says: {log_of(tcpdump).strip()}")
    os.rename(part, path)


def write_pages(folder):
    os.mkdir(folder)
    contents = random.Random(1)
    words = "packet frame segment window route gateway address fragment header checksum".split()
    for pattern, count, length in PAGES:
        for number in range(count):
            with open(os.path.join(folder, pattern.format(number)), "wb") as out:
                length_here = contents.randrange(length // 2, length * 3 // 2)
                if pattern.endswith(("html", "json")):
                    out.write(" ".join(contents.choices(words, k=length_here // 8)).encode())
                else:
                    out.write(contents.randbytes(length_here))


def shuffled_pages(count):
    names = [pattern.format(number) for pattern, pages, _ in PAGES for number in range(pages)]
    return random.Random(2).choices(names, k=count)


def log_of(process):
    with open(process.log, encoding="utf-8", errors="replace") as log:
        return log.read()
