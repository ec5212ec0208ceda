"""What a worker does with one submission, in a process of the grader's or on a cluster."""

import threading
from collections.abc import Mapping
from contextlib import ExitStack
from typing import NamedTuple

from .sandbox import Outcome, Run, sandbox
from .submission import Graded, Paper, Work, graded

_kept = threading.local()


class Marked(NamedTuple):
    """A graded submission, and the solution cells in it that are as they were handed out."""

    graded: Graded
    untouched: frozenset[str] = frozenset()


def failed(work: Work, why: str) -> Marked:
    """Return what stands for a submission that could not be graded."""
    return Marked(Graded(work.student, work.assignment, b"", b"", {}, (), why))


def marked(paper: Paper, work: Work, require: bool) -> Marked:
    """Grade one submission; never raises.

    With `require`, students' code is refused where no sandbox can be had.
    """
    try:
        result = graded(paper, work, _run(require))
        return Marked(result, result.untouched)
    except Exception as error:
        return failed(work, f"The grader failed: {type(error).__name__}: {str(error)[:200]}")


def _run(require: bool) -> Run:
    """Return this thread's sandbox, opened when first needed and kept warm."""

    def run(cells: list[str], files: Mapping[str, bytes]) -> Outcome:
        if not hasattr(_kept, "run"):
            _kept.stack = ExitStack()
            _kept.run = _kept.stack.enter_context(sandbox(require))
        return _kept.run(cells, files)

    return run


def close() -> None:
    """Close this thread's sandbox, if it has one."""
    if hasattr(_kept, "run"):
        del _kept.run
        _kept.stack.close()
