"""What became of each submission of a batch, as a table to read and as JSON to keep."""

import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

GRADED, REPAIRED, SKIPPED, FAILED = "graded", "repaired", "skipped", "failed"
"""Repaired ones are graded too; skipped ones have not changed since they were graded."""

_SHOWN = 40
_LINES, _LETTERS = 30, 300


class Line(NamedTuple):
    """One submission: what became of it, the automatic points, what was repaired, why it failed."""

    student: str
    status: str
    points: float | None
    repairs: tuple[str, ...] = ()
    why: str = ""


def brief(repairs: Iterable[str]) -> tuple[str, ...]:
    """Return repairs as they are kept: a student cannot make the list or its lines endless."""
    lines = [line if len(line) <= _LETTERS else f"{line[:_LETTERS]}…" for line in repairs]
    more = len(lines) - _LINES
    return tuple(lines if more <= 0 else [*lines[:_LINES], f"And {more} more repairs."])


def table(lines: Iterable[Line], report: Path) -> str:
    """Return the table that ends a batch; what does not fit is said to be in `report`."""
    lines = sorted(lines)
    count = Counter(line.status for line in lines)
    told = [
        _printable(f"{line.student:<24} {line.status:<9} {why}")
        for status in (FAILED, REPAIRED)
        for line in lines
        if line.status == status
        for why in ([line.why] if status == FAILED else line.repairs)
    ]
    rows = [
        f"graded   {count[GRADED] + count[REPAIRED]:>7,}",
        f"repaired {count[REPAIRED]:>7,}   (of the graded)",
        f"skipped  {count[SKIPPED]:>7,}   (not changed since they were graded)",
        f"failed   {count[FAILED]:>7,}",
    ]
    more = [f"... and {len(told) - _SHOWN:,} more lines."] if len(told) > _SHOWN else []
    blank = [""] if told else []
    return "\n".join([*told[:_SHOWN], *more, *blank, *rows, f"All of it is in {report}."])


def save(report: Path, assignment: str, lines: Iterable[Line]) -> None:
    """Write the same as JSON to `report`, whole or not at all; raise OSError."""
    lines = sorted(lines)
    count = Counter(line.status for line in lines)
    content = {
        "assignment": assignment,
        "graded": count[GRADED] + count[REPAIRED],
        "repaired": count[REPAIRED],
        "skipped": count[SKIPPED],
        "failed": count[FAILED],
        "submissions": [line._asdict() for line in lines],
    }
    report.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=report.parent, prefix=f".{report.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
            json.dump(content, file, ensure_ascii=False, indent=1)
        Path(temporary).replace(report)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _printable(name: str) -> str:
    # A student's words must not move the cursor of the instructor's terminal.
    return "".join(letter if letter.isprintable() else "?" for letter in name)
