"""What a worker does with one submission, in a process of the grader's or on a cluster."""

import threading
from collections.abc import Mapping
from contextlib import ExitStack

from .running.sandbox import Outcome, Run, sandbox
from .submission import Graded, Paper, Work, graded

_kept = threading.local()


def failed(work: Work, why: str) -> Graded:
    """Return what stands for a submission that could not be graded."""
    return Graded(work.student, work.assignment, b"", b"", {}, (), why)


def marked(paper: Paper, work: Work, require: bool) -> Graded:
    """Grade one submission; never raises.

    With `require`, students' code is refused where no sandbox can be had.
    """
    try:
        return graded(paper, work, _run(require, paper.seconds))
    except Exception as error:
        return failed(work, f"The grader failed: {type(error).__name__}: {str(error)[:200]}")


def _run(require: bool, seconds: int) -> Run:
    """Return this thread's sandbox, opened when first needed and kept warm."""

    def run(cells: list[str], files: Mapping[str, bytes]) -> Outcome:
        if getattr(_kept, "made_for", None) != (require, seconds):
            close()
            _kept.stack = ExitStack()
            _kept.run = _kept.stack.enter_context(sandbox(require, seconds))
            _kept.made_for = require, seconds
        return _kept.run(cells, files)

    return run


def close() -> None:
    """Close this thread's sandbox, if it has one."""
    if hasattr(_kept, "made_for"):
        del _kept.made_for
        _kept.stack.close()
