"""``despatch963 grade``: a batch run from the command line, and what it prints at its end."""

import argparse
import os
import sys
import warnings
from pathlib import Path

from . import alone, batch, cluster, gradebook, settings, submission, summary

_TROUBLE = (
    alone.Busy,
    cluster.NoCluster,
    gradebook.NoGradebook,
    settings.NoCourse,
    submission.NoPaper,
)
_GIVEN_OUT = ("source", "release", "submitted", "autograded", "feedback")


def grade(course: Path, arguments: argparse.Namespace) -> int:
    """Run the batch that `arguments` describe in `course`; return the exit status.

    0 when all are graded, 1 when one failed or nothing could be done.
    """
    report = (arguments.report or course / f"grading-{arguments.assignment}.json").absolute()
    for name in _GIVEN_OUT:
        if report.resolve().is_relative_to((course / name).resolve()):
            return _fail(f"Students get what is in {name}/. Write the report somewhere else.")
    options = batch.Options(
        arguments.workers or os.cpu_count() or 1,
        arguments.force,
        arguments.scheduler,
        arguments.require_sandbox,
    )
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _warn  # type: ignore[assignment]  # it takes more, and needs none
            lines = batch.grade(course, arguments.assignment, options)
        summary.save(report, arguments.assignment, lines)
    except (*_TROUBLE, OSError) as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail("Stopped. Start again to go on: what is graded is kept.")
    print(summary.table(lines, report))
    return 1 if any(line.status == summary.FAILED for line in lines) else 0


def _warn(message: Warning | str, *_: object) -> None:
    print(message, file=sys.stderr)


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1
