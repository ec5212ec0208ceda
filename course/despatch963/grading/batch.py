"""All submissions of an assignment: marked in parallel, written by one, resumed where it stopped.

A submission is graded when its folder has changed since, or the assignment has, or its marks or
its graded folder are gone. The folder is put in its place first, then the gradebook is told of it:
killed between the two, the next run grades that one again.
"""

import json
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from nbgrader.converters import Autograde

from .. import answers
from . import (
    alone,
    cluster,
    fingerprint,
    folders,
    gradebook,
    pool,
    progress,
    settings,
    submission,
    summary,
    times,
)
from .gradebook import Entry, Known, Ledger
from .running import sandbox
from .submission import Graded, Paper, Work
from .summary import FAILED, GRADED, REPAIRED, SKIPPED, Line

_AT_ONCE = 100  # submissions in one transaction
_SECONDS = 3.0  # and at most this long without one
_LONGEST_TIME = 100  # letters; over millions of digits the parser sits for hours


class Options(NamedTuple):
    """How a batch is run."""

    workers: int
    force: bool = False
    scheduler: str = ""
    require_sandbox: bool = False


def grade(course: Path, assignment: str, options: Options) -> list[Line]:
    """Grade everyone's `assignment` and return what became of each.

    Raises alone.Busy, settings.NoCourse, gradebook.NoGradebook, cluster.NoCluster, or what
    submission.paper and the sandbox raise when there is nothing to mark by.
    """
    with alone.alone(course):
        autograder = settings.autograder(course, assignment)
        found = settings.submissions(autograder)
        ours = settings.grade_master(autograder)
        paper = submission.paper(course, assignment, ours.reasons, ours.seconds)
        if ours.require_sandbox:
            options = options._replace(require_sandbox=True)
        if not options.scheduler:
            sandbox.check(options.require_sandbox)
        with gradebook.opened(autograder) as ledger:
            _same_points(paper, ledger)
            batch = _Batch(autograder, paper, ledger, options.force)
            with progress.shown(len(found)) as step:
                works = batch.changed(found, step)
                with closing(_marked(paper, works, len(found), options)) as results:
                    batch.take(results, step)
            return batch.lines


def _marked(
    paper: Paper, works: Iterator[Work], count: int, options: Options
) -> Generator[tuple[Work, Graded], None, None]:
    require = options.require_sandbox
    if options.scheduler:
        return cluster.marked(paper, works, options.scheduler, require)
    return pool.marked(paper, works, min(options.workers, count), require)


class _Batch:
    """One run: what was known before it, what waits to be written, and what became of each."""

    def __init__(self, autograder: Autograde, paper: Paper, ledger: Ledger, force: bool) -> None:
        self.lines: list[Line] = []
        self._autograder = autograder
        self._paper = paper
        self._paper_digest = fingerprint.paper(paper)
        self._ledger = ledger
        self._known: dict[str, Known] = ledger.known()
        self._force = force
        self._fingerprints: dict[str, str] = {}
        self._entries: list[Entry] = []
        self._written = time.monotonic()

    def changed(self, found: dict[str, Path], step: progress.Step) -> Iterator[Work]:
        """Give what is to be graded, read when it is asked for."""
        for student, folder in found.items():
            work = submission.work(folder, student, self._paper.assignment)
            now = fingerprint.work(work, self._paper_digest)
            known = self._known.pop(student, None)
            same = known is not None and known.fingerprint == now
            if known and same and not self._force and self._place(student).is_dir():
                self.lines.append(Line(student, SKIPPED, known.points, known.repairs))
                step(False)
                continue
            self._fingerprints[student] = now
            yield work

    def take(self, results: Iterable[tuple[Work, Graded]], step: progress.Step) -> None:
        """Put each result where it belongs; those already put are kept when this is stopped."""
        try:
            for work, result in results:
                self._keep(work, result)
                step(True)
                late = time.monotonic() - self._written > _SECONDS
                if len(self._entries) >= _AT_ONCE or (late and self._entries):
                    self._write()
        finally:
            if self._entries:
                self._write()

    def _keep(self, work: Work, result: Graded) -> None:
        now = self._fingerprints.pop(work.student)
        repairs = list(result.repairs)
        why = result.problem
        if not why:
            when = _timestamp(work, repairs)
            why = self._put(work, result)
        if why:
            self.lines.append(Line(work.student, FAILED, None, summary.brief(repairs), why))
            return
        told = summary.brief(repairs)
        entry = Entry(work.student, when, result.points, result.untouched, now, told)
        self._entries.append(entry)

    def _put(self, work: Work, result: Graded) -> str:
        ours = {
            **self._paper.files,
            f"{self._paper.notebook}.ipynb": result.notebook,
            answers.SHEET: result.sheet,
        }
        where = self._autograder.coursedir
        try:
            files = folders.merged(work.files, ours, where.ignore)
            mode = int(str(self._autograder.permissions), 8)
            folders.put(self._place(work.student), files, mode)
            if where.groupshared:
                self._autograder.set_permissions(work.assignment, work.student)
        except OSError as error:
            return f"Its graded folder could not be written: {error}"
        return ""

    def _place(self, student: str) -> Path:
        where = self._autograder.coursedir
        path = where.format_path(where.autograded_directory, student, self._paper.assignment)
        return Path(path)

    def _write(self) -> None:
        entries, self._entries = self._entries, []
        refused = self._ledger.write(entries)
        for entry in entries:
            points = sum(score or 0 for score in entry.points.values())
            status = REPAIRED if entry.repairs else GRADED
            line = Line(entry.student, status, points, entry.repairs)
            if entry.student in refused:
                line = Line(entry.student, FAILED, None, entry.repairs, refused[entry.student])
            self.lines.append(line)
        self._written = time.monotonic()


def _same_points(paper: Paper, ledger: Ledger) -> None:
    """Raise NoGradebook when the gradebook was made from another version of the assignment."""
    cells = json.loads(paper.master)["cells"]
    settings_ = (cell["metadata"].get("nbgrader", {}) for cell in cells)
    ours = {s["grade_id"]: float(s["points"]) for s in settings_ if s.get("grade")}
    theirs = ledger.points()
    if differ := sorted(name for name in ours if theirs.get(name) != ours[name]):
        raise gradebook.NoGradebook(
            f"The gradebook was made from another version of {paper.assignment}: it differs in "
            f"{', '.join(differ[:5])}. Run `nbgrader generate_assignment {paper.assignment} "
            "--force`, then grade again."
        )


def _timestamp(work: Work, repairs: list[str]) -> datetime | None:
    """Return when the work was handed in, as nbgrader noted it beside the work."""
    stamp = work.files.get("timestamp.txt", b"").decode("utf-8", errors="replace").strip()
    if not stamp:
        return None
    try:
        if len(stamp) > _LONGEST_TIME:
            raise ValueError("too long")
        return times.utc(stamp)
    except (ValueError, OverflowError, TypeError):
        repairs.append(f"timestamp.txt holds no time ({stamp[:40]!r}); the old one is kept.")
        return None
