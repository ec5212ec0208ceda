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
    drawn = 0.0
    begun: float | None = None
    done = worked = 0

    def step(work: bool) -> None:
        nonlocal begun, done, worked, drawn
        done += 1
        now = time.monotonic()
        if begun is None:
            # The rate is that of the work; starting up is not in it.
            begun = now if work else None
        else:
            worked += work
        if out.isatty() and (now - drawn >= _AGAIN or done == total):
            drawn = now
            rate = worked / (now - begun) if begun and now > begun else 0.0
            out.write(f"\r{line(done, total, rate)}\033[K")
            out.flush()

    try:
        yield step
    finally:
        if done and out.isatty():
            out.write("\n")


def line(done: int, total: int, rate: float) -> str:
    """Return the line for `done` of `total`, with `rate` done in a second."""
    full = round(_WIDTH * done / total) if total else _WIDTH
    bar = "#" * full + "." * (_WIDTH - full)
    if not rate:
        return f"{bar} {done:,} of {total:,}"
    left = timedelta(seconds=round((total - done) / rate))
    return f"{bar} {done:,} of {total:,}, {rate:.1f} a second, {left} left"
