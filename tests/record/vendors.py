#!/usr/bin/env python3
"""Writes src/explain/address/vendors.bin, the owners of link addresses, from the IEEE's public registries as Debian has them in
/usr/share/ieee-data (package ieee-data; its copyright file says that the IEEE asserts none, and restricts no distribution).

    tests/record/vendors.py            writes the table
    tests/record/vendors.py --check    says whether the table is that of the registries here, and ends with 1 where it is not

The layout, all numbers big-endian:

    8 bytes     the day on which the registries were fetched, as digits: YYYYMMDD
    4 x 4       how many names, blocks of 24 bits (MA-L), of 28 bits (MA-M) and of 36 bits (MA-S and the older IAB) follow
    3 x (n+1)   where each name begins behind these offsets, and where the last one ends
    ..          the names, UTF-8, each once, sorted
    5 x l       3 bytes of a prefix and 2 of the number of its name, sorted by prefix
    6 x m       4 bytes (the last 4 bits zero) and 2
    7 x s       5 bytes (the last 4 bits zero) and 2
"""

import csv
import datetime
import pathlib
import sys

REGISTRIES = pathlib.Path("/usr/share/ieee-data")
TABLE = pathlib.Path(__file__).resolve().parents[2] / "src/explain/address/vendors.bin"


def rows():
    for registry in ("oui", "mam", "oui36", "iab"):
        with open(REGISTRIES / f"{registry}.csv", newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                yield row["Assignment"], " ".join(row["Organization Name"].split())


def day():
    """The day of the last update, which Debian keeps as seconds since 1970."""
    seconds = int((REGISTRIES / ".lastupdate").read_text())
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y%m%d")


def table():
    owners = {}
    for assignment, name in rows():
        # Two blocks were given out twice; the first owner that the registry names is kept.
        owners.setdefault(assignment, name)
    names = sorted(set(owners.values()))
    numbers = {name: number for number, name in enumerate(names)}
    sizes = {6: 3, 7: 4, 9: 5}
    blocks = {length: [] for length in sizes}
    for assignment, name in sorted(owners.items()):
        prefix = bytes.fromhex(assignment.ljust(2 * sizes[len(assignment)], "0"))
        blocks[len(assignment)].append(prefix + numbers[name].to_bytes(2, "big"))
    encoded = [name.encode() for name in names]
    ends = [0]
    for name in encoded:
        ends.append(ends[-1] + len(name))
    counts = [len(names)] + [len(blocks[length]) for length in sizes]
    head = day().encode() + b"".join(count.to_bytes(4, "big") for count in counts)
    offsets = b"".join(end.to_bytes(3, "big") for end in ends)
    return head + offsets + b"".join(encoded) + b"".join(b"".join(sorted(blocks[length])) for length in sizes)


if sys.argv[1:] == ["--check"]:
    fresh = TABLE.read_bytes() == table()
    print("fresh" if fresh else f"{TABLE} is not that of {REGISTRIES}: run {sys.argv[0]}")
    sys.exit(not fresh)
TABLE.write_bytes(table())
print(f"{TABLE}: {TABLE.stat().st_size} bytes, registries of {day()}")
