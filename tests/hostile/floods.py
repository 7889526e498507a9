"""Captures that are made to cost more than they are worth. Each is written by a function of its name; `share` scales it."""

import gzip
import struct
import subprocess
import zlib

from packets import ETHERNET, PUSH_ACK, SYN, SYN_ACK, Capture, Connection, ethernet, exchange, ipv4, ipv6, tcp, udp

MIB = 1 << 20
# What a bomb would grow to.
GROWN = 4 << 30


def fragment_flood(capture, share):
    """First fragments of 280,000 datagrams, 1,400 bytes each, of which no other fragment ever comes: 406 MB."""
    for number in range(int(280_000 * share)):
        capture.frame(ethernet(ipv4(b"A" * 1400, 17, source=0x0B000000 + number // 60000, identification=number, fragment=0x2000)))


def fragment_sets(capture, share):
    """Ten million datagrams of which one fragment of 8 bytes comes."""
    head = bytearray(ethernet(ipv4(b"B" * 8, 17, fragment=0x2000)))
    for number in range(int(10_000_000 * share)):
        # The identification, and the low bytes of the source.
        struct.pack_into(">H", head, 18, number & 0xFFFF)
        struct.pack_into(">H", head, 28, number >> 16)
        capture.frame(bytes(head))


def fragment_crumbs(capture, share):
    """200 datagrams in 8,181 fragments each, the last one first."""
    for datagram in range(int(200 * share) or 1):
        for offset in range(8180, -1, -1):
            more = 0 if offset == 8180 else 0x2000
            capture.frame(ethernet(ipv4(b"C" * 8, 17, identification=datagram, fragment=offset | more)))


def syn_flood(capture, share):
    """One and a half million connections that are only asked for, no two alike."""
    syns(capture, int(1_500_000 * share))


def syn_flood_of_ten_million(capture, share):
    """Ten million of them."""
    syns(capture, int(10_000_000 * share))


def syns(capture, count):
    frame = bytearray(tcp((1024, 80), 0, 0, SYN))
    for number in range(count):
        struct.pack_into(">I", frame, 26, 0x0C000000 + number // 60000 * 256 + number % 251)
        struct.pack_into(">H", frame, 34, 1024 + number % 60000)
        struct.pack_into(">I", frame, 38, number * 7919 & 0xFFFFFFFF)
        capture.frame(bytes(frame))


def holes(capture, share):
    """150,000 connections, each with a hole and 1,400 bytes behind it: 210 MB, were they all kept."""
    data = b"D" * 1400
    for number in range(int(150_000 * share)):
        source, ports = 0x0D000000 + number // 50000, (1024 + number % 50000, 80)
        capture.frame(tcp(ports, 100, 0, SYN, b"", source))
        capture.frame(tcp(ports[::-1], 900, 101, SYN_ACK, b"", 0x0A000002, source))
        capture.frame(tcp(ports, 5101, 901, PUSH_ACK, data, source))


def hole(capture, share):
    """600 MB of one stream whose first byte never comes."""
    connection = Connection(capture)
    connection.sequence += 1
    data = b"E" * 1448
    for _ in range(int(420_000 * share)):
        connection.send(PUSH_ACK, data)


def crumbs_in_reverse(capture, share):
    """300,000 segments of one byte, the last one first."""
    connection = Connection(capture)
    begin = connection.sequence
    for place in range(int(300_000 * share), -1, -1):
        connection.sequence = begin + place
        connection.send(PUSH_ACK, b"F")


def overlaps(capture, share):
    """100,000 segments behind a hole, each of which says something else about bytes that were there."""
    connection = Connection(capture)
    begin = connection.sequence
    for number in range(int(100_000 * share)):
        connection.sequence = begin + 1 + number * 37 % 20_000
        connection.send(PUSH_ACK, bytes([65 + number % 26]) * 1000)


def gzip_bomb(capture, share):
    """A body of 4 MB that grows to 4 GB, and an exchange behind it."""
    bomb(capture, b"gzip", zeros(int(GROWN * share)))


def gzip_bomb_in_a_bomb(capture, share):
    """20 kB that grow to 8 MB and these to 8 GB."""
    bomb(capture, b"gzip, gzip", gzip.compress(zeros(int(2 * GROWN * share)), 9, mtime=0))


def zstd_bomb(capture, share):
    """The same by zstd."""
    bomb(capture, b"zstd", piped(["zstd", "-q", "-3", "-c"], int(GROWN * share)))


def brotli_bomb(capture, share):
    """The same by Brotli."""
    bomb(capture, b"br", piped(["brotli", "-q", "5", "-c"], int(GROWN * share)))


def bomb(capture, coding, body):
    exchange(capture, b"Content-Encoding: %s\r\nContent-Length: %d\r\n" % (coding, len(body)), body)
    exchange(capture, b"Content-Type: text/plain\r\nContent-Length: 6\r\n", b"behind", 40001, b"/behind")


def zeros(length):
    """That many zeros, by gzip."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [compressor.compress(b"\0" * MIB) for _ in range(length // MIB)]
    return b"".join(parts) + compressor.flush()


def piped(words, length):
    """That many zeros, by a program."""
    process = subprocess.Popen(["head", "-c", str(length), "/dev/zero"], stdout=subprocess.PIPE)
    packed = subprocess.run(words, stdin=process.stdout, stdout=subprocess.PIPE, check=True).stdout
    process.wait()
    return packed


def name_maze(capture, share):
    """Answers of DNS whose names are pointers to pointers, a hundred deep."""
    chain = b"".join(struct.pack(">H", 0xC000 | (12 if place == 0 else 19 + 2 * (place - 1))) for place in range(100))
    answers = b"".join(struct.pack(">HHHIH", 0xC000 | (19 + 198), 1, 1, 60, 4) + b"\1\2\3\4" for _ in range(3900))
    message = struct.pack(">HHHHHH", 1, 0x8180, 1, 4000, 0, 0) + b"\1a\0\0\1\0\1" + chain + answers
    for _ in range(int(1_000 * share) or 1):
        capture.frame(udp((53, 1024), message[:60_000]))


def tunnels(capture, share):
    """A thousand tunnels in one another, and as many tags, labels and extension headers, in one frame each."""
    inner = ipv4(b"x", 17)
    for _ in range(1_000):
        inner = ipv4(inner, 4)
    routed = ipv4(b"x", 17)
    for _ in range(1_000):
        routed = ipv4(b"\0\0\x08\0" + routed, 47)
    extended = ipv6(b"\x3c\0\1\4\0\0\0\0" * 1_000, 60)
    tagged = ETHERNET + b"\x81\0\0\1" * 1_000 + b"\x08\0" + ipv4(b"x", 17)
    labelled = ethernet(b"\0\1\0\x40" * 1_000 + b"\0\1\1\x40" + ipv4(b"x", 17), 0x8847)
    for _ in range(int(1_000 * share) or 1):
        for frame in (ethernet(inner), ethernet(routed), ethernet(extended, 0x86DD), tagged, labelled):
            capture.frame(frame)


def write(name, path, share):
    """Writes the capture of that name."""
    capture = Capture(path)
    globals()[name](capture, share)
    capture.close()
