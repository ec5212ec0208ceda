"""How far a long job is: one line that is drawn again and again, on a terminal only."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TextIO

Step = Callable[[bool], None]
"""Called when one more is done; True when work was spent on it."""

_AGAIN = 0.1  # seconds from one drawing to the next
_WIDTH = 24


@contextmanager
def shown(total: int, stream: TextIO | None = None) -> Iterator[Step]:
    """Give the function to call when one more of `total` is done.

    Count, rate and time left are drawn on `stream` (default: standard error) if it is a terminal;
    elsewhere nothing is written.
    """
    out = stream or sys.stderr
    begun = drawn = time.monotonic()
    done = worked = 0

    def step(work: bool) -> None:
        nonlocal done, worked, drawn
        done += 1
        worked += work
        now = time.monotonic()
        if out.isatty() and (now - drawn >= _AGAIN or done == total):
            drawn = now
            out.write(f"\r{line(done, total, worked / max(now - begun, 1e-9))}\033[K")
            out.flush()

    try:
        yield step
    finally:
        if done and out.isatty():
            out.write("\n")


def line(done: int, total: int, rate: float) -> str:
    """Return the line for `done` of `total`, with `rate` done in a second."""
    full = round(_WIDTH * done / total) if total else _WIDTH
    left = timedelta(seconds=round((total - done) / rate)) if rate else "unknown time"
    bar = "#" * full + "." * (_WIDTH - full)
    return f"{bar} {done:,} of {total:,}, {rate:.1f} a second, {left} left"
