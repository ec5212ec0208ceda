"""Where students' code runs: what goes in, what comes out, and that there is no such place yet.

Until there is one, no student's code is run: what the answer sheet holds is marked.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple


class NoSandbox(RuntimeError):
    """Students' code cannot be shut in here, so it is not run; the message says why."""


class Outcome(NamedTuple):
    """What a submission's cells did."""

    responses: dict[str, Any]
    """What they answered, by question."""
    outputs: str
    problem: str
    """Empty, or what went wrong in words for the instructor."""


Run = Callable[[list[str], dict[str, bytes]], Outcome]
"""Runs code cells in a folder of their own that holds the files."""


@contextmanager
def sandbox(require: bool = False) -> Iterator[Run]:
    """Give what runs students' code; raise NoSandbox where it would not be shut in.

    With `require` a sandbox that is less than whole is refused too.
    """
    raise NoSandbox("students' code is not run by this version")
    yield
