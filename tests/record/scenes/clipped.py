"""What becomes of a recording where the capture was a worse one: a direction is missing, the end is, the clock is bad.

Each is made of a capture of captures/ by leaving frames out or by giving them other times; no byte of a frame is changed, but for
one bit of one frame where a bit that flips is the story.
"""

import os
import struct

import pcapng
from network import must_run
from recording import CAPTURES, matching
from scenes import scene


def derived(source, target, packet):
    """Copy the capture `source` to `target`; `packet` is given each frame's number and its time in the interface's units,
    and returns its new time, or None where it is left out."""
    with open(os.path.join(CAPTURES, source), "rb") as file:
        data = file.read()
    out, number = b"", 0
    for kind, body in pcapng.blocks(data):
        if kind == pcapng.PACKET:
            number += 1
            high, low = struct.unpack_from("<II", body, 4)
            time = packet(number, high << 32 | low)
            if time is None:
                continue
            body = body[:4] + struct.pack("<II", time >> 32, time & 0xFFFFFFFF) + body[12:]
        out += pcapng.block(kind, body)
    with open(os.path.join(CAPTURES, target), "wb") as file:
        file.write(out)


@scene("one-way.pcapng")
def one_way():
    kept = set(matching(os.path.join(CAPTURES, "http-ipv4.pcapng"), "tcp.dstport == 80"))
    derived("http-ipv4.pcapng", "one-way.pcapng", lambda number, time: time if number in kept else None)


@scene("ends-early.pcapng")
def ends_early():
    derived("http-ipv4.pcapng", "ends-early.pcapng", lambda number, time: time if number < 12 else None)


@scene("clock-set-back.pcapng")
def clock_set_back():
    # Half a second: the interface counts nanoseconds.
    derived("http-ipv4.pcapng", "clock-set-back.pcapng", lambda number, time: time if number < 10 else time - 500_000_000)


@scene("clock-coarse.pcapng")
def clock_coarse():
    # Steps of 10 ms, as of a machine that counts its timer's ticks.
    derived("retransmission-spurious.pcapng", "clock-coarse.pcapng", lambda number, time: time - time % 10_000_000)


def with_one_bit(source, target, chosen, place):
    """Copy the capture `source` to `target` with one bit of the frame `chosen` turned over, the lowest of the byte that `place`
    finds in its block."""
    with open(os.path.join(CAPTURES, source), "rb") as file:
        data = file.read()
    out, number = b"", 0
    for kind, body in pcapng.blocks(data):
        if kind == pcapng.PACKET:
            number += 1
            if number == chosen:
                at = place(body)
                body = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
        out += pcapng.block(kind, body)
    with open(os.path.join(CAPTURES, target), "wb") as file:
        file.write(out)


@scene("checksum-bad.pcapng")
def checksum_bad():
    """One bit of a segment that never arrived is another, as if a memory on the way had turned it over: of its checksum, which
    stands behind the 20 bytes of a block's beginning, 14 of Ethernet, 20 of IPv4 and 16 of TCP."""
    lost = matching(os.path.join(CAPTURES, "loss-timeout.pcapng"), "tcp.len > 0")[0]
    with_one_bit("loss-timeout.pcapng", "checksum-bad.pcapng", lost, lambda _: 20 + 14 + 20 + 16)


@scene("checksum-changed.pcapng")
def checksum_changed():
    """One bit of an answer is another than it was on the wire: 300 for 200."""
    answer = matching(os.path.join(CAPTURES, "http-ipv4.pcapng"), "http.response")[0]
    with_one_bit("http-ipv4.pcapng", "checksum-changed.pcapng", answer, lambda body: body.index(b"HTTP/1.1 200 OK") + 9)


@scene("ping-large-clipped.pcapng")
def ping_large_clipped():
    source, target = (os.path.join(CAPTURES, name) for name in ("ping-large.pcapng", "ping-large-clipped.pcapng"))
    must_run(["editcap", "-s", "200", source, target])
