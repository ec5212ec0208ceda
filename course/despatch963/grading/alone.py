"""One batch at a time in a course: two would write over each other."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

_LOCK = ".despatch963-grade.lock"


class Busy(RuntimeError):
    """Another batch runs in this course; the message says so."""


@contextmanager
def alone(course: Path) -> Iterator[None]:
    """Hold the course for one batch; raise Busy. The system lets go when the process ends."""
    try:
        with FileLock(course / _LOCK, timeout=0):
            yield
    except Timeout:
        raise Busy(
            "Another `despatch963 grade` is at work in this course. Wait until it has ended."
        ) from None
