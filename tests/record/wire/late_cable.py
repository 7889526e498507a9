"""A cable between two interfaces of one host that is late: for a kernel that has no queueing discipline of that kind.

    late_cable.py MODE NUMBER INTERFACE INTERFACE

`held SECONDS` keeps the first large frame that comes from the second interface, and what comes behind it, back for so
long, once. `thin BYTES` lets so many bytes a second through, each way. `swapped COUNT` lets the fourth large frame from
the second interface pass after so many that were behind it, once.
"""

import heapq
import select
import sys
import time

import devices

# What carries data, in the recordings that lie on this cable.
LARGE = 1000


class Held:
    """A way that stands still for a while."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.until = None

    def frames(self, now, back, frame):
        if back and self.until is None and len(frame) >= LARGE:
            self.until = now + self.seconds
        return [(self.until if back and self.until is not None and now < self.until else now, frame)]


class Thin:
    """A slow link: each frame waits for those before it."""

    def __init__(self, rate):
        self.rate = rate
        self.free = [0.0, 0.0]

    def frames(self, now, back, frame):
        self.free[back] = max(now, self.free[back]) + len(frame) / self.rate
        return [(self.free[back], frame)]


class Swapped:
    """One frame is overtaken by those behind it."""

    AT = 4

    def __init__(self, count):
        self.count = int(count)
        self.large = 0
        self.kept = None

    def frames(self, now, back, frame):
        if not back or len(frame) < LARGE:
            return [(now, frame)]
        self.large += 1
        if self.large == self.AT:
            self.kept = frame
            return []
        return [(now, frame), (now, self.kept)] if self.large == self.AT + self.count else [(now, frame)]


def main(mode, number, *interfaces):
    ends = [devices.frames(interface) for interface in interfaces]
    for interface in interfaces:
        devices.run("ip", "link", "set", interface, "promisc", "on")
    manner = {"held": Held, "thin": Thin, "swapped": Swapped}[mode](float(number))
    waiting, count = [], 0
    while True:
        timeout = max(0.0, waiting[0][0] - time.monotonic()) if waiting else None
        for ready in select.select(ends, [], [], timeout)[0]:
            arrived = devices.receive(ready)
            if arrived:
                back = ends.index(ready) == 1
                for due, frame in manner.frames(time.monotonic(), back, arrived):
                    # The count keeps frames that are due at the same time in their order.
                    heapq.heappush(waiting, (due, count, 0 if back else 1, frame))
                    count += 1
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, end, frame = heapq.heappop(waiting)
            ends[end].send(frame)


if __name__ == "__main__":
    main(*sys.argv[1:])
