"""Captures with something wrong in them, the same ones for the same seed."""

import os
import random
import struct

SEEDS = (1, 2, 3, 4)
LENGTHS = (0, 1, 3, 7, 20, 21, 0x7F, 0xFF, 0x100, 0xFFFF, 0x10000, 0x40001, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFC, 0xFFFFFFFF)
# What a terminal obeys, in pieces that fit where texts are.
ESCAPES = [
    b"\x1b]0;PWNED\x07",
    b"\x1b[2J",
    b"\x1b]52;c;cHduZWQ=\x07",
    b"\xc2\x9b31m",
    b"\x9b31m",
    b"\r",
    b"\x08\x08\x08",
    b"\x7f",
    b"\xe2\x80\xae",
    b"\xe2\x81\xa6",
    b"\xd8\x9c",
    b"\x00",
    b"\x1bP+q544e\x1b\\",
    b"\x0e",
    b"\n192.0.2.1 a line that is none",
]
# Captures over this many bytes are left out: thousands of mutants of them would say the same.
LARGEST = 2 << 20


def make(captures, count, folder, escapes=False):
    """Writes mutants one by one; gives each with a capture that it may be compared with."""
    sources = [path for path in captures if 24 <= os.path.getsize(path) <= LARGEST and not path.endswith((".gz", ".zst"))]
    if not sources:
        raise SystemExit("no captures are there to be changed: name a folder with --captures")
    for number in range(count):
        seed = SEEDS[number % len(SEEDS)]
        source = sources[number // len(SEEDS) % len(sources)]
        chance = random.Random(f"{seed}/{os.path.basename(source)}/{number}")
        with open(source, "rb") as file:
            data = bytearray(file.read())
        data = put_escapes(data, chance) if escapes else mutate(data, chance)
        path = os.path.join(folder, f"{seed}-{number:06}-{os.path.basename(source)}")
        with open(path, "wb") as file:
            file.write(data)
        yield path, source


def mutate(data, chance):
    """One to three changes."""
    for _ in range(chance.choice((1, 1, 2, 3))):
        if len(data) >= 24:
            data = chance.choice(CHANGES)(data, chance)
    return data


def flip(data, chance):
    for _ in range(chance.choice((1, 2, 4, 16, 64))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return data


def cut(data, chance):
    return data[: chance.randrange(len(data))]


def cut_a_head(data, chance):
    places = records(data)
    return data[: chance.choice(places) + chance.randrange(1, 16)] if places else data


def lie(data, chance):
    """A number of one, two or four bytes, at a record's head or anywhere, is one of those at which lengths go wrong."""
    places = records(data)
    place = chance.choice(places) + 4 * chance.randrange(8) if places and chance.random() < 0.5 else chance.randrange(len(data))
    form = chance.choice(("<I", ">I", "<H", ">H", "B"))
    if place + struct.calcsize(form) <= len(data):
        largest = (1 << 8 * struct.calcsize(form)) - 1
        struct.pack_into(form, data, place, chance.choice(LENGTHS) & largest)
    return data


def repeat(data, chance):
    """A piece of it stands there once more: a record, or bytes anywhere."""
    places = records(data) + [len(data)]
    if len(places) > 2:
        first = chance.randrange(len(places) - 1)
        begin, end = places[first], places[min(first + chance.choice((1, 1, 5)), len(places) - 1)]
    else:
        begin = chance.randrange(len(data))
        end = min(len(data), begin + chance.choice((1, 4, 100)))
    return data[:end] + data[begin:end] + data[end:]


def leave_out(data, chance):
    begin = chance.randrange(24, len(data)) if len(data) > 24 else 0
    return data[:begin] + data[begin + chance.choice((1, 2, 4, 16, 60)) :]


def append(data, chance):
    return data + bytes(chance.randrange(256) for _ in range(chance.choice((1, 7, 16, 100, 5000))))


CHANGES = (flip, flip, lie, lie, lie, cut, cut_a_head, repeat, leave_out, append)


def put_escapes(data, chance):
    """Replaces some of the letters in frames by what a terminal obeys."""
    letters = [place for place in range(24, len(data)) if chr(data[place]).isalnum() and data[place] < 128]
    for _ in range(min(len(letters), chance.choice((5, 50, 500)))):
        escape = chance.choice(ESCAPES)
        place = chance.choice(letters)
        data[place : place + len(escape)] = escape[: max(0, len(data) - place)]
    return data


def records(data):
    """Where records or blocks begin."""
    magic = bytes(data[:4])
    places = []
    if magic == b"\x0a\x0d\x0d\x0a":
        order = "<" if bytes(data[8:12]) == b"\x4d\x3c\x2b\x1a" else ">"
        place = 0
        while place + 12 <= len(data):
            length = struct.unpack_from(order + "I", data, place + 4)[0]
            if length < 12:
                break
            places.append(place)
            place += length
    else:
        order = "<" if magic in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
        place = 24
        while place + 16 <= len(data):
            places.append(place)
            place += 16 + struct.unpack_from(order + "I", data, place + 8)[0]
    return places
