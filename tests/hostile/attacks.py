"""Captures that attack a reader in other ways than by their size: nesting, numbers that lie, names that lead elsewhere.

Each is written by a function of its name. Those that end in `_ng` are pcapng, the one that ends in `_gz` is packed.
"""

import gzip
import os
import struct
import zlib

import floods
from mutants import ESCAPES
from packets import ETHERNET, Capture, Connection, ethernet, exchange, ipv4, ipv6, tcp, udp


def fragments_of_ipv6(capture):
    """First fragments of 150,000 datagrams of IPv6, of which no other comes."""
    for number in range(150_000):
        capture.frame(ethernet(ipv6(struct.pack(">BBHI", 17, 0, 1, number) + b"B" * 1232, 44), 0x86DD))


def layers_of_gzip(capture):
    """A hundred layers of gzip round one byte."""
    body = b"x"
    for _ in range(100):
        body = gzip.compress(body, 9, mtime=0)
    floods.bomb(capture, b", ".join([b"gzip"] * 100), body)


def members_of_gzip(capture):
    """500,000 empty members."""
    floods.bomb(capture, b"gzip", gzip.compress(b"", 9, mtime=0) * 500_000)


def window_of_zstd(capture):
    """A frame that asks for a window of 2 GiB."""
    block = struct.pack("<I", 3 | (1 << 20) << 3)[:3]
    floods.bomb(capture, b"zstd", b"\x28\xb5\x2f\xfd\x00" + bytes([21 << 3]) + block + b"\0")


def length_that_lies(capture):
    """A body of 9 exabytes, of which 5 bytes come."""
    exchange(capture, b"Content-Length: 9223372036854775807\r\n", b"hello")


def chunk_that_lies(capture):
    """The same by a chunk."""
    exchange(capture, b"Transfer-Encoding: chunked\r\n", b"7fffffffffffffff\r\nhello")


def small_chunks(capture):
    """Two million chunks of a byte."""
    exchange(capture, b"Transfer-Encoding: chunked\r\n", b"1\r\nx\r\n" * 2_000_000 + b"0\r\n\r\n")


def headers(capture):
    """500,000 headers in one head."""
    exchange(capture, b"".join(b"X-%d: y\r\n" % number for number in range(500_000)), b"")


def long_header(capture):
    """A header of 50 MB."""
    exchange(capture, b"X: " + b"A" * 50_000_000 + b"\r\n", b"")


def requests(capture):
    """A million requests in one connection, none of which is answered."""
    Connection(capture).say(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * 1_000_000)


def endless_line(capture):
    """A request whose line has 100 MB and no end."""
    Connection(capture).say(b"GET /" + b"A" * 100_000_000)


def questions(capture):
    """400,000 questions for other names from other hosts, none of which is answered."""
    for number in range(400_000):
        question = struct.pack(">HHHHHH", number & 0xFFFF, 0x100, 1, 0, 0, 0) + b"\x0a%010d\x02xx\0\0\1\0\1" % number
        capture.frame(udp((1024 + number % 60_000, 53), question, source=0x0E000000 + number))


def small_records(capture):
    """A handshake of TLS of 16 MB, a byte in each record."""
    records = b"".join(b"\x16\x03\x01\0\1" + (b"\xff" if number else b"\1") for number in range(1_000_000))
    Connection(capture, server_port=443).say(records)


def deep_tunnels(capture):
    """Frames of 64 kB that are nothing but tunnels, tags, extension headers or labels."""
    inner, routed = ipv4(b"x", 17), ipv4(b"x", 17)
    while len(inner) < 65_000:
        inner = ipv4(inner, 4)
    while len(routed) < 65_000:
        routed = ipv4(b"\0\0\x08\0" + routed, 47)
    capture.frame(ethernet(inner))
    capture.frame(ethernet(routed))
    capture.frame(ETHERNET + b"\x81\0\0\1" * 16_000 + b"\x08\0" + ipv4(b"x", 17))
    capture.frame(ethernet(ipv6(b"\x3c\0\1\4\0\0\0\0" * 8_000, 60), 0x86DD))
    capture.frame(ethernet(b"\0\1\0\x40" * 16_000 + b"\0\1\1\x40" + ipv4(b"x", 17), 0x8847))


# Names that lead out of a folder, that are devices, options, commands or one another.
NAMES = [
    b"../../../../../../../../var/outside", b"/var/outside", b"..", b".", b"", b"a\0b", b"-rf", b"CON", b"NUL.txt", b"x" * 4000, b"same",
    b"same", b"same", b"..%2f..%2fvar%2foutside", b"%2e%2e/%2e%2e/x", b"..\\..\\x.exe", b"a\nb", b"\x1b]0;PWNED\x07",
    b"\xe2\x80\xaetxt.exe", b"\xff\xfe", b".profile", b"~root", b"$(id)", b"`id`", b"a;b", b"a|b", b"C:\\x", b"\\\\host\\share\\x",
    b"file:///etc/passwd", b"a/../../b", b"....//....//x", b".hidden", b"x/" * 300 + b"y", b"index.jsonl", b"lpt1", b"a ", b"\xc2\x9b31m",
]  # fmt: skip


def names(capture):
    """Bodies whose names lead elsewhere, in the target and in Content-Disposition."""
    for number, name in enumerate(NAMES):
        target = name.replace(b"\0", b"%00").replace(b"\n", b"%0a").replace(b" ", b"%20")
        disposition = name.replace(b"\0", b"").replace(b"\n", b"")
        head = b'Content-Type: text/plain\r\nContent-Disposition: attachment; filename="%s"\r\nContent-Length: 6\r\n' % disposition
        exchange(capture, head, b"body%02d" % number, 41000 + number, target if target.startswith(b"/") else b"/" + target)


def escapes(capture):
    """What a terminal obeys, in every place that is shown: targets, headers, names of hosts and servers, logs, echoes."""
    for number, escape in enumerate(ESCAPES):
        word = escape.replace(b"\r", b"").replace(b"\n", b"")
        connection = Connection(capture, 42000 + number)
        connection.say(b"GET /%s HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\nCookie: a=%s\r\n\r\n" % (word, word, word, word))
        length = len(escape)
        connection.say(b"HTTP/1.1 200 %s\r\nServer: %s\r\nContent-Length: %d\r\n\r\n" % (word, word, length) + escape, answers=True)
        connection.close()
        question = struct.pack(">HHHHHH", number, 0x100, 1, 0, 0, 0) + bytes([length]) + escape + b"\3com\0\0\1\0\1"
        capture.frame(udp((1024, 53), question))
        Connection(capture, 43000 + number, 443).say(hello(escape))
        capture.frame(udp((1024, 514), b"<13>" + escape))
        capture.frame(ethernet(ipv4(b"\x08\0\0\0\0\1\0\1" + escape, 1)))
    for number, line in enumerate((b"220 %s\r\n", b"USER %s\r\n", b"+OK %s\r\n", b":%s PRIVMSG x :y\r\n")):
        for server, escape in enumerate(ESCAPES):
            Connection(capture, 44000 + 100 * number + server, (25, 21, 110, 6667)[number]).say(line % escape, answers=number != 1)


def hello(name):
    """A client's hello that names a server."""
    names_of = b"\0" + struct.pack(">H", len(name)) + name
    extension = b"\0\0" + struct.pack(">HH", len(names_of) + 2, len(names_of)) + names_of
    body = b"\x03\x03" + b"\0" * 32 + b"\0\0\2\x13\x01\1\0" + struct.pack(">H", len(extension)) + extension
    message = b"\x01" + struct.pack(">I", len(body))[1:] + body
    return b"\x16\x03\x01" + struct.pack(">H", len(message)) + message


def block(kind, body):
    body += b"\0" * (-len(body) % 4)
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)


def section(options=b""):
    return block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1) + options)


def interface(options=b""):
    return block(1, struct.pack("<HHI", 1, 0, 65535) + options)


def option(code, value):
    return struct.pack("<HH", code, len(value)) + value + b"\0" * (-len(value) % 4)


def interfaces_ng(file):
    """Two million interfaces."""
    file.write(section() + interface() * 2_000_000)


def long_block_ng(file):
    """A block of 4 GiB."""
    file.write(section() + interface() + struct.pack("<II", 6, 0xFFFFFFF0) + b"\0" * 64)


def block_of_nothing_ng(file):
    """A block of no bytes: who skips it stands where it was."""
    file.write(section() + interface() + struct.pack("<II", 6, 0) + b"\0" * 64)


def long_option_ng(file):
    """An option that is longer than its block."""
    file.write(section() + block(1, struct.pack("<HHIHH", 1, 0, 65535, 2, 0xFFFF) + b"A" * 16))


def comments_ng(file):
    """Comments, names and descriptions full of what a terminal obeys."""
    file.write(section(b"".join(option(code, escape) for code in (1, 2, 3, 4) for escape in ESCAPES) + option(0, b"")))
    for escape in ESCAPES:
        file.write(interface(option(2, escape) + option(3, escape) + option(12, escape) + option(0, b"")))
    for number, escape in enumerate(ESCAPES):
        head = struct.pack("<IIIII", number, 0, 0, 4, 4)
        file.write(block(6, head + b"abcd" + option(1, escape) + option(0, b"")))
        file.write(block(4, struct.pack("<HH", 1, 4 + len(escape) + 1) + b"\x0a\0\0\1" + escape + b"\0" + b"\0" * (-(len(escape) + 5) % 4) + b"\0" * 4))


def resolutions_ng(file):
    """Times in units that no number holds."""
    for unit in (0, 20, 63, 64, 127, 128, 191, 192, 255):
        time = struct.pack("<IIIII", 0, 0xFFFFFFFF, 0xFFFFFFFF, 4, 4)
        file.write(section() + interface(option(9, bytes([unit])) + option(0, b"")) + block(6, time + b"abcd"))


def pcap_head(snap=65535):
    return struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, snap, 1)


def long_record_raw(file):
    """A record of 4 GiB."""
    file.write(pcap_head(0xFFFFFFFF) + struct.pack("<IIII", 1, 0, 0xFFFFFFF0, 0xFFFFFFF0) + b"x" * 64)


def empty_records_raw(file):
    """Three million records of no bytes."""
    file.write(pcap_head() + struct.pack("<IIII", 1, 0, 0, 0) * 3_000_000)


def bomb_gz(file):
    """A packed capture: one whole record, and 2 GB behind it that are none."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    file.write(packer.compress(pcap_head() + struct.pack("<IIII", 1, 0, 65535, 65535) + b"\0" * 65535))
    for _ in range(2048):
        file.write(packer.compress(b"\xff" * floods.MIB))
    file.write(packer.flush())


FRAMES = [
    fragments_of_ipv6, layers_of_gzip, members_of_gzip, window_of_zstd, length_that_lies, chunk_that_lies, small_chunks, headers, long_header,
    requests, endless_line, questions, small_records, deep_tunnels, names, escapes,
]  # fmt: skip
FILES = [
    interfaces_ng, long_block_ng, block_of_nothing_ng, long_option_ng, comments_ng, resolutions_ng, long_record_raw, empty_records_raw, bomb_gz,
]  # fmt: skip
ENDINGS = {"ng": ".pcapng", "raw": ".pcap", "gz": ".pcap.gz"}


def make(folder):
    """Writes them one by one, and gives their paths."""
    for attack in FRAMES:
        path = os.path.join(folder, attack.__name__ + ".pcap")
        capture = Capture(path)
        attack(capture)
        capture.close()
        yield path
    for attack in FILES:
        name, _, ending = attack.__name__.rpartition("_")
        path = os.path.join(folder, name + ENDINGS[ending])
        with open(path, "wb", 1 << 20) as file:
            attack(file)
        yield path
