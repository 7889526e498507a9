"""Answers of HTTP that hide a text by odd framing: each is one that some reader of HTTP takes otherwise than others do.

A case is a name and the bytes of an answer to `GET /NAME`; or a list of pieces, each a segment.
"""

import gzip
import json
import struct
import zlib

from packets import PUSH_ACK, Connection

TEXT = b"wirelore-finds-this-text: what was hidden stands here in full, from its first letter to its last."


def cases():
    """All of them, by name."""
    made = {}
    for family in (lengths, codings, versions, statuses, chunks, contents, wrappings, lines, openings, segments):
        for name, answer in family():
            name = f"{family.__name__}-{name}"
            assert name not in made, name
            made[name] = answer
    return made


def chunked(body, size=0, end=b"0\r\n\r\n"):
    """A body in chunks of so many bytes; in two where that is not said."""
    size = size or len(body) // 2
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + end


def answer(head, body, start=b"HTTP/1.1 200 OK"):
    return start + b"\r\nContent-Type: text/plain\r\n" + head + b"\r\n" + body


def framed(head, body, form, start=b"HTTP/1.1 200 OK"):
    """An answer that is framed in one of three ways, which do not matter for what is odd about it."""
    if form == "chunks":
        return answer(head + b"Transfer-Encoding: chunked\r\n", chunked(body), start)
    if form == "length":
        return answer(head + b"Content-Length: %d\r\n" % len(body), body, start)
    return answer(head, body, start)


def lengths():
    """Content-Length in other forms than digits, twice, too small, too large."""
    right = b"%d" % len(TEXT)
    forms = {
        "plus": b"+" + right,
        "minus": b"-" + right,
        "zeros": b"000000" + right,
        "hexadecimal": b"0x%x" % len(TEXT),
        "list": right + b", " + right,
        "list-of-others": right + b", 5",
        "list-of-others-first": b"5, " + right,
        "quoted": b'"' + right + b'"',
        "unit": right + b" bytes",
        "fraction": right + b".0",
        "exponent": right + b"e0",
        "semicolon": right + b";x",
        "comma": right + b",",
        "comma-first": b"," + right,
        "tab": b"\t" + right + b"\t",
        "form-feed": b"\x0c" + right,
        "vertical-tab": right + b"\x0b",
        "zero-byte": right + b"\0",
        "carriage-return": right + b"\r",
        "folded": b"\r\n " + right,
        "spaced": right[:1] + b" " + right[1:],
        "empty": b"",
        "word": b"many",
        "beyond-64-bits": b"%d" % ((1 << 64) + len(TEXT)),
        "beyond-32-bits": b"%d" % ((1 << 32) + len(TEXT)),
        "full-width": "".join(chr(0xFF10 + int(digit)) for digit in right.decode()).encode(),
        "too-small": b"%d" % (len(TEXT) - 10),
        "zero": b"0",
        "too-large": b"%d" % (len(TEXT) + 10),
        "far-too-large": b"999999999",
    }
    for name, value in forms.items():
        yield name, answer(b"Content-Length: %s\r\n" % value, TEXT)
        yield name + "-and-right", answer(b"Content-Length: %s\r\nContent-Length: %s\r\n" % (value, right), TEXT)
        yield name + "-behind-right", answer(b"Content-Length: %s\r\nContent-Length: %s\r\n" % (right, value), TEXT)
    for name, field in {
        "small-letters": b"content-length:",
        "capitals": b"CONTENT-LENGTH:",
        "no-space": b"Content-Length:",
        "space-before-colon": b"Content-Length :",
        "tab-before-colon": b"Content-Length\t:",
        "underscore": b"Content_Length:",
        "space-first": b" Content-Length:",
        "zero-byte-in-name": b"Content-Length\0:",
        "no-colon": b"Content-Length ",
    }.items():
        yield name, answer(b"X: y\r\n" + field + right + b"\r\n", TEXT)


def codings():
    """Transfer-Encoding in other words, of a body that is in chunks and of one that is not."""
    values = {
        "plain": b" chunked",
        "capitals": b" CHUNKED",
        "capital": b" Chunked",
        "no-space": b"chunked",
        "tab": b"\tchunked",
        "spaces": b"   chunked   ",
        "tab-behind": b" chunked\t",
        "prefix": b" xchunked",
        "suffix": b" chunkedx",
        "word-before": b" x chunked",
        "word-behind": b" chunked x",
        "comma-behind": b" chunked,",
        "comma-before": b" ,chunked",
        "list-before": b" x, chunked",
        "list-behind": b" chunked, x",
        "identity-before": b" identity, chunked",
        "identity-behind": b" chunked, identity",
        "twice": b" chunked, chunked",
        "quoted": b' "chunked"',
        "apostrophes": b" 'chunked'",
        "parameter": b" chunked;q=1",
        "semicolon": b" chunked;",
        "zero-byte": b" chunked\0",
        "vertical-tab": b" \x0bchunked",
        "form-feed": b" chunked\x0c",
        "carriage-return": b" chunked\r",
        "folded": b"\r\n chunked",
        "folded-behind": b" chunked\r\n ",
        "folded-within": b" chu\r\n nked",
        "parted": b" chu nked",
        "identity": b" identity",
        "empty": b"",
        "no-break-space": b" \xa0chunked",
    }
    right = b"Content-Length: %d\r\n" % len(TEXT)
    for name, value in values.items():
        field = b"Transfer-Encoding:" + value + b"\r\n"
        yield name + "-in-chunks", answer(field, chunked(TEXT))
        yield name + "-whole", answer(field, TEXT)
        yield name + "-whole-with-length", answer(field + right, TEXT)
        yield name + "-in-chunks-with-length", answer(field + b"Content-Length: %d\r\n" % len(chunked(TEXT)), chunked(TEXT))
    for name, field in {
        "space-before-colon": b"Transfer-Encoding : chunked\r\n",
        "tab-before-colon": b"Transfer-Encoding\t: chunked\r\n",
        "underscore": b"Transfer_Encoding: chunked\r\n",
        "space-first": b"X: y\r\n Transfer-Encoding: chunked\r\n",
        "zero-byte-in-name": b"Transfer-Encoding\0: chunked\r\n",
        "line-feed-before": b"X: y\nTransfer-Encoding: chunked\r\n",
        "carriage-return-before": b"X: y\rTransfer-Encoding: chunked\r\n",
        "no-colon": b"Transfer-Encoding chunked\r\n",
        "two-colons": b"Transfer-Encoding:: chunked\r\n",
        "two-fields": b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n",
        "two-fields-otherwise": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "two-fields-the-same": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
    }.items():
        yield "field-" + name + "-in-chunks", answer(field, chunked(TEXT))
        yield "field-" + name + "-whole", answer(field + right, TEXT)


def versions():
    """Versions that are none, before bodies in each framing."""
    for name, start in {
        "1.0": b"HTTP/1.0 200 OK",
        "1.2": b"HTTP/1.2 200 OK",
        "2.0": b"HTTP/2.0 200 OK",
        "0.9": b"HTTP/0.9 200 OK",
        "1.01": b"HTTP/1.01 200 OK",
        "1.10": b"HTTP/1.10 200 OK",
        "01.1": b"HTTP/01.1 200 OK",
        "small-letters": b"http/1.1 200 OK",
        "comma": b"HTTP/1,1 200 OK",
        "space-behind-slash": b"HTTP/ 1.1 200 OK",
        "space-before-slash": b"HTTP /1.1 200 OK",
        "three-numbers": b"HTTP/1.1.1 200 OK",
        "no-dot": b"HTTP/11 200 OK",
        "no-minor": b"HTTP/1. 200 OK",
        "no-slash": b"HTTP1.1 200 OK",
        "letter": b"HTTP/1.x 200 OK",
        "other-name": b"HTTQ/1.1 200 OK",
        "icy": b"ICY 200 OK",
    }.items():
        for form in ("chunks", "length", "close"):
            yield f"{name}-{form}", framed(b"", TEXT, form, start)


def statuses():
    """Statuses that allow no body, that are none, and that are rare."""
    for status in ("101 201 202 203 204 205 206 207 226 299 300 301 302 303 304 305 306 307 308 400 401 403 404 407 416 451 499 500 503"
                   " 599 600 999 000 20 2000 2xx -200 0x200 +200").split():
        for form in ("chunks", "length"):
            yield f"{status}-{form}", framed(b"", TEXT, form, b"HTTP/1.1 %s X" % status.encode())
    for name, start in {
        "no-reason": b"HTTP/1.1 200",
        "tab": b"HTTP/1.1\t200\tOK",
        "spaces": b"HTTP/1.1  200  OK",
        "no-space": b"HTTP/1.1200 OK",
        "no-status": b"HTTP/1.1 OK",
        "zero-byte": b"HTTP/1.1 200\0OK",
        "long-reason": b"HTTP/1.1 200 " + b"O" * 3000,
        "space-first": b" HTTP/1.1 200 OK",
    }.items():
        for form in ("chunks", "length"):
            yield f"line-{name}-{form}", framed(b"", TEXT, form, start)


def chunks():
    """Chunks that are written otherwise, that lie, and that do not end."""
    size = b"%x" % len(TEXT)
    end = b"0\r\n\r\n"
    bodies = {
        "one-byte-each": chunked(TEXT, 1),
        "capitals": b"%X\r\n%s\r\n" % (len(TEXT), TEXT) + end,
        "zeros": b"0000" + size + b"\r\n" + TEXT + b"\r\n" + end,
        "many-zeros": b"0" * 100 + size + b"\r\n" + TEXT + b"\r\n" + end,
        "prefix": b"0x" + size + b"\r\n" + TEXT + b"\r\n" + end,
        "plus": b"+" + size + b"\r\n" + TEXT + b"\r\n" + end,
        "minus": b"-" + size + b"\r\n" + TEXT + b"\r\n" + end,
        "space-behind": size + b" \r\n" + TEXT + b"\r\n" + end,
        "tab-behind": size + b"\t\r\n" + TEXT + b"\r\n" + end,
        "space-before": b" " + size + b"\r\n" + TEXT + b"\r\n" + end,
        "extension": size + b";x\r\n" + TEXT + b"\r\n" + end,
        "extension-with-value": size + b';x="a b"\r\n' + TEXT + b"\r\n" + end,
        "extension-with-line-feed": size + b";x\n" + TEXT + b"\r\n" + end,
        "long-extension": size + b";" + b"x" * 3000 + b"\r\n" + TEXT + b"\r\n" + end,
        "semicolon": size + b";\r\n" + TEXT + b"\r\n" + end,
        "comma": size + b",\r\n" + TEXT + b"\r\n" + end,
        "word-behind": size + b" x\r\n" + TEXT + b"\r\n" + end,
        "letter-behind": size + b"x\r\n" + TEXT + b"\r\n" + end,
        "zero-byte": size + b"\0\r\n" + TEXT + b"\r\n" + end,
        "line-feed": size + b"\n" + TEXT + b"\r\n" + end,
        "line-feeds": size + b"\n" + TEXT + b"\n0\n\n",
        "carriage-return": size + b"\r" + TEXT + b"\r\n" + end,
        "carriage-returns": size + b"\r\r\n" + TEXT + b"\r\n" + end,
        "nothing-behind": size + b"\r\n" + TEXT + end,
        "line-feed-behind": size + b"\r\n" + TEXT + b"\n" + end,
        "carriage-return-behind": size + b"\r\n" + TEXT + b"\r" + end,
        "spaces-behind": size + b"\r\n" + TEXT + b"  \r\n" + end,
        "empty-line-first": b"\r\n" + size + b"\r\n" + TEXT + b"\r\n" + end,
        "beyond-64-bits": b"1%016x\r\n" % len(TEXT) + TEXT + b"\r\n" + end,
        "beyond-32-bits": b"1%08x\r\n" % len(TEXT) + TEXT + b"\r\n" + end,
        "largest": b"ffffffffffffffff\r\n" + TEXT + b"\r\n" + end,
        "too-small": b"%x\r\n" % (len(TEXT) - 5) + TEXT + b"\r\n" + end,
        "too-large": b"%x\r\n" % (len(TEXT) + 500) + TEXT + b"\r\n" + end,
        "no-digit": b"g\r\n" + TEXT + b"\r\n" + end,
        "no-size": b"\r\n" + TEXT + b"\r\n" + end,
        "extension-alone": b";x\r\n" + TEXT + b"\r\n" + end,
        "no-last": size + b"\r\n" + TEXT + b"\r\n",
        "last-of-zeros": size + b"\r\n" + TEXT + b"\r\n00000\r\n\r\n",
        "last-with-extension": size + b"\r\n" + TEXT + b"\r\n0;x=y\r\n\r\n",
        "last-cut": size + b"\r\n" + TEXT + b"\r\n0\r\n",
        "last-without-lines": size + b"\r\n" + TEXT + b"\r\n0",
        "trailers": size + b"\r\n" + TEXT + b"\r\n0\r\nX: y\r\n\r\n",
        "trailer-of-a-length": size + b"\r\n" + TEXT + b"\r\n0\r\nContent-Length: 3\r\n\r\n",
        "end-first": end + chunked(TEXT),
        "more-behind": chunked(TEXT) + b"behind",
        "whole": TEXT,
    }
    for name, body in bodies.items():
        yield name, answer(b"Transfer-Encoding: chunked\r\n", body)
        yield name + "-with-length", answer(b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n" % len(body), body)


def raw_deflate(body, level=9):
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packer.compress(body) + packer.flush()


def member(body, flags=0, extra=b"", checksum=None, length=None):
    """A member of gzip (RFC 1952), with what its head may hold."""
    ends = struct.pack("<II", zlib.crc32(body) if checksum is None else checksum, len(body) if length is None else length)
    return b"\x1f\x8b\x08" + bytes([flags]) + b"\0\0\0\0\0\xff" + extra + raw_deflate(body) + ends


def brotli(body):
    """A stream of Brotli that holds bytes as they are (RFC 7932 section 9)."""
    return (0x0B | (len(body) - 1) << 7 | 1 << 23).to_bytes(3, "little") + body + b"\x03"


def zstd(body):
    """A frame of zstd that holds bytes as they are (RFC 8878 section 3.1.1)."""
    return b"\x28\xb5\x2f\xfd\x20" + bytes([len(body)]) + (1 | len(body) << 3).to_bytes(3, "little") + body


def twice(body):
    return gzip.compress(gzip.compress(body, mtime=0), mtime=0)


def contents():
    """Content-Encoding in other words, and bodies that are packed otherwise than it says."""
    packed = gzip.compress(TEXT, mtime=0)
    for name, value in {
        "plain": b" gzip",
        "capitals": b" GZIP",
        "x-gzip": b" x-gzip",
        "no-space": b"gzip",
        "tab": b"\tgzip",
        "spaces": b"   gzip  ",
        "comma-behind": b" gzip,",
        "comma-before": b" ,gzip",
        "identity-before": b" identity, gzip",
        "identity-behind": b" gzip, identity",
        "parameter": b" gzip;q=1",
        "quoted": b' "gzip"',
        "zero-byte": b" gzip\0",
        "folded": b"\r\n gzip",
        "prefix": b" xgzip",
        "suffix": b" gzipx",
        "x-x-gzip": b" x-x-gzip",
        "word-before": b" x gzip",
        "unknown": b" rot13",
        "empty": b"",
        "zeros": b" gzip 0",
    }.items():
        for form in ("chunks", "length"):
            yield f"word-{name}-{form}", framed(b"Content-Encoding:" + value + b"\r\n", packed, form)
    for name, field in {
        "space-before-colon": b"Content-Encoding : gzip\r\n",
        "underscore": b"Content_Encoding: gzip\r\n",
        "two-fields": b"Content-Encoding: identity\r\nContent-Encoding: gzip\r\n",
        "two-fields-the-same": b"Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n",
        "transfer-coding": b"Transfer-Encoding: gzip\r\n",
        "none": b"",
    }.items():
        yield "field-" + name, framed(field, packed, "length")
    yield "transfer-coding-in-chunks", answer(b"Transfer-Encoding: gzip, chunked\r\n", chunked(packed))


def wrappings():
    """Packed bodies that are odd, and labels that do not fit."""
    packed = gzip.compress(TEXT, mtime=0)
    wrapped = zlib.compress(TEXT)
    bodies = {
        "gzip-is-zlib": (b"gzip", wrapped),
        "gzip-is-raw": (b"gzip", raw_deflate(TEXT)),
        "gzip-is-plain": (b"gzip", TEXT),
        "gzip-is-brotli": (b"gzip", brotli(TEXT)),
        "gzip-is-zstd": (b"gzip", zstd(TEXT)),
        "gzip-is-twice": (b"gzip", twice(TEXT)),
        "deflate": (b"deflate", wrapped),
        "deflate-is-raw": (b"deflate", raw_deflate(TEXT)),
        "deflate-is-gzip": (b"deflate", packed),
        "deflate-is-plain": (b"deflate", TEXT),
        "deflate-stored": (b"deflate", raw_deflate(TEXT, 0)),
        "br": (b"br", brotli(TEXT)),
        "br-is-plain": (b"br", TEXT),
        "br-is-gzip": (b"br", packed),
        "zstd": (b"zstd", zstd(TEXT)),
        "zstd-is-plain": (b"zstd", TEXT),
        "zstd-twice": (b"zstd", zstd(TEXT[:50]) + zstd(TEXT[50:])),
        "compress": (b"compress", TEXT),
        "twice": (b"gzip, gzip", twice(TEXT)),
        "twice-is-once": (b"gzip, gzip", packed),
        "mixed": (b"deflate, gzip", gzip.compress(wrapped, mtime=0)),
        "mixed-otherwise": (b"gzip, deflate", gzip.compress(wrapped, mtime=0)),
        "four-times": (b"gzip, gzip, gzip, gzip", twice(twice(TEXT))),
        "six-times": (b", ".join([b"gzip"] * 6), twice(twice(twice(TEXT)))),
        "two-members": (b"gzip", gzip.compress(TEXT[:50], mtime=0) + gzip.compress(TEXT[50:], mtime=0)),
        "empty-member-first": (b"gzip", gzip.compress(b"", mtime=0) + packed),
        "more-behind": (b"gzip", packed + b"behind"),
        "zeros-behind": (b"gzip", packed + b"\0" * 20),
        "name": (b"gzip", member(TEXT, 8, b"name\0")),
        "comment": (b"gzip", member(TEXT, 16, b"comment\0")),
        "extra": (b"gzip", member(TEXT, 4, b"\x04\0abcd")),
        "checksum-of-head": (b"gzip", member(TEXT, 2, struct.pack("<H", zlib.crc32(b"\x1f\x8b\x08\x02\0\0\0\0\0\xff") & 0xFFFF))),
        "wrong-checksum-of-head": (b"gzip", member(TEXT, 2, b"\0\0")),
        "reserved-flags": (b"gzip", member(TEXT, 0xE0)),
        "wrong-checksum": (b"gzip", member(TEXT, checksum=7)),
        "wrong-length": (b"gzip", member(TEXT, length=7)),
        "no-ends": (b"gzip", packed[:-8]),
        "ends-cut": (b"gzip", packed[:-4]),
        "other-method": (b"gzip", packed[:2] + b"\x07" + packed[3:]),
        "zlib-wrong-checksum": (b"deflate", wrapped[:-4] + b"abcd"),
        "zlib-no-checksum": (b"deflate", wrapped[:-4]),
        "zlib-wrong-head": (b"deflate", b"\x78\x9d" + wrapped[2:]),
        "zlib-window": (b"deflate", b"\x08\x1d" + wrapped[2:]),
        "blocks": (b"gzip", in_blocks(TEXT)),
        "byte-order-mark": (b"gzip", gzip.compress(b"\xef\xbb\xbf" + TEXT, mtime=0)),
        "space-first": (b"gzip", b" " + packed),
        "line-end-first": (b"gzip", b"\r\n" + packed),
    }
    for name, (coding, body) in bodies.items():
        for form in ("chunks", "length"):
            yield f"{name}-{form}", framed(b"Content-Encoding: " + coding + b"\r\n", body, form)


def in_blocks(body):
    """A member of gzip in many blocks, flushed behind each ten bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [packer.compress(body[start : start + 10]) + packer.flush(zlib.Z_FULL_FLUSH) for start in range(0, len(body), 10)]
    return b"".join(parts) + packer.flush()


def lines():
    """Heads whose lines end, begin or run on otherwise."""
    for form in ("chunks", "length"):
        usual = framed(b"X: y\r\n", TEXT, form)
        head, body = usual.split(b"\r\n\r\n", 1)
        yield "line-feeds-" + form, head.replace(b"\r\n", b"\n") + b"\n\n" + body
        yield "line-feed-ends-" + form, head + b"\n\n" + body
        yield "line-feed-within-" + form, head.replace(b"X: y\r\n", b"X: y\n") + b"\r\n\r\n" + body
        yield "mixed-end-" + form, head + b"\r\n\n" + body
        yield "mixed-end-otherwise-" + form, head + b"\n\r\n" + body
        yield "carriage-returns-" + form, head.replace(b"\r\n", b"\r") + b"\r\r" + body
        yield "doubled-" + form, head.replace(b"\r\n", b"\r\r\n") + b"\r\r\n\r\r\n" + body
        yield "otherwise-" + form, head.replace(b"\r\n", b"\n\r") + b"\n\r\n\r" + body
        for name, line in {
            "folded": b"X: y\r\n z\r\n",
            "folded-by-tab": b"X: y\r\n\tz\r\n",
            "no-colon": b"junk\r\n",
            "empty-name": b": y\r\n",
            "space-in-name": b"X Y: z\r\n",
            "zero-byte": b"X: \0y\r\n",
            "high-bytes": b"X: \xff\xfe\r\n",
            "escape": b"X: \x1b[2J\r\n",
            "no-value": b"X:\r\n",
            "colon-in-value": b"X: y: z\r\n",
            "space-alone": b" \r\n",
            "long": b"X: " + b"y" * 70_000 + b"\r\n",
            "many": b"".join(b"X-%d: y\r\n" % number for number in range(1_100)),
            "status-again": b"HTTP/1.1 404 Not Found\r\n",
        }.items():
            yield f"{name}-{form}", usual.replace(b"X: y\r\n", line)


def openings():
    """What stands before an answer, and several answers."""
    usual = framed(b"", TEXT, "length")
    for name, before in {
        "empty-line": b"\r\n",
        "empty-lines": b"\r\n\r\n\r\n",
        "line-feed": b"\n",
        "space": b" ",
        "junk-line": b"junk\r\n",
        "junk": b"junk",
        "zero-bytes": b"\0\0",
        "byte-order-mark": b"\xef\xbb\xbf",
        "continue": b"HTTP/1.1 100 Continue\r\n\r\n",
        "continue-twice": b"HTTP/1.1 100 Continue\r\n\r\n" * 2,
        "continue-with-header": b"HTTP/1.1 100 Continue\r\nContent-Length: 3\r\n\r\n",
        "continue-with-coding": b"HTTP/1.1 100 Continue\r\nTransfer-Encoding: chunked\r\n\r\n",
        "early-hints": b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n",
        "processing": b"HTTP/1.1 102 Processing\r\n\r\n",
        "no-content": b"HTTP/1.1 204 No Content\r\n\r\n",
    }.items():
        yield name, before + usual
    yield "no-head", TEXT
    yield "head-alone", b"HTTP/1.1 200 OK\r\n\r\n" + TEXT
    yield "status-alone", b"HTTP/1.1 200\r\n\r\n" + TEXT
    yield "head-without-end", b"HTTP/1.1 200 OK\r\nX: " + TEXT


def segments():
    """An ordinary answer, otherwise cut into segments."""
    for form in ("chunks", "length"):
        usual = framed(b"", TEXT, form)
        yield "bytes-" + form, [usual[place : place + 1] for place in range(len(usual))]
        yield "pairs-" + form, [usual[place : place + 2] for place in range(0, len(usual), 2)]
        packed = framed(b"Content-Encoding: gzip\r\n", gzip.compress(TEXT, mtime=0), form)
        yield "packed-bytes-" + form, [packed[place : place + 1] for place in range(len(packed))]


def write(capture, name, pieces, port=40000):
    """Writes a case as a connection of its own."""
    connection = Connection(capture, port)
    connection.say(b"GET /%s HTTP/1.1\r\nHost: www.example\r\n\r\n" % name.encode())
    if isinstance(pieces, list):
        for piece in pieces:
            connection.answer(PUSH_ACK, piece)
    else:
        connection.say(pieces, answers=True)
    connection.close()


def judged(out):
    """Of what `http --json` printed: whether the text stands in the body of an answer, in full or in bytes beside it, and whether anything was
    said to be odd: a flag, a body that does not end or cannot be unpacked, and bytes that are no text, as which it is announced."""
    decoded = shown = flagged = False
    for line in out.splitlines():
        exchange = json.loads(line)
        if exchange["type"] != "exchange":
            continue
        response = exchange.get("response") or {}
        body, stray = response.get("body") or {}, exchange.get("stray") or {}
        decoded |= TEXT.decode() in (body.get("text") or "")
        shown |= TEXT.decode() in (stray.get("text") or "")
        odd = [body.get(key) for key in ("mislabelled", "unknown_coding", "decoding_stopped", "codings_limit", "format")]
        flagged |= any(odd) or bool(exchange.get("flags") or response.get("flags") or stray) or not body.get("complete", True)
    return decoded, decoded or shown, flagged
