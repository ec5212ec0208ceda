"""The one writer to nbgrader's gradebook: many submissions in one transaction.

What is written is what ``nbgrader autograde`` would have left: the same rows, and manual scores and
comments as they were. Beside them, in a table of our own that nbgrader does not look at, stands
the fingerprint of what was graded; both are committed together, so a batch that was killed knows
exactly what it has done.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sql
from nbgrader import api
from nbgrader.converters import Autograde
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from . import late, rows

PATIENCE = 60_000  # milliseconds that SQLite waits while formgrader writes

_OURS = sql.Table(
    "despatch963_graded",
    sql.MetaData(),
    sql.Column("submission_id", sql.String(32), primary_key=True),
    sql.Column("fingerprint", sql.String(64), nullable=False),
    sql.Column("repairs", sql.Text, nullable=False),
)


class NoGradebook(RuntimeError):
    """The gradebook cannot be used; the message says why and what to do."""


class Entry(NamedTuple):
    """What the gradebook is told of one submission."""

    student: str
    timestamp: datetime | None
    points: dict[str, float | None]
    """The automatic score of each graded cell; None is for a person to give."""
    unanswered: frozenset[str]
    """The solution cells that are as they were handed out."""
    fingerprint: str
    repairs: tuple[str, ...]


class Known(NamedTuple):
    """What the gradebook remembers of a submission that was graded."""

    fingerprint: str
    repairs: tuple[str, ...]
    points: float


@contextmanager
def opened(autograder: Autograde) -> "Iterator[Ledger]":
    """Give the writer to the gradebook of `autograder`'s course; raise NoGradebook."""
    where = autograder.coursedir
    try:
        book = api.Gradebook(where.db_url, where.course_id)
    except (SQLAlchemyError, ImportError, OSError) as error:
        raise NoGradebook(
            f"The gradebook cannot be opened: {_words(error)} Check CourseDirectory.db_url in "
            f"nbgrader_config.py, and that `nbgrader generate_assignment` has made the gradebook."
        ) from error
    with book:
        if book.engine.dialect.name == "sqlite":
            sql.event.listen(book.engine, "connect", _be_patient)
            book.engine.dispose()
        try:
            _OURS.create(book.engine, checkfirst=True)
            yield Ledger(autograder, book.db)
        except OperationalError as error:
            raise NoGradebook(
                f"The gradebook does not answer: {_words(error)} Close what else writes to it, and "
                "start again: what is graded is kept."
            ) from error


def _be_patient(connection: Any, _: object) -> None:
    connection.execute(f"PRAGMA busy_timeout = {PATIENCE}")


def _words(error: BaseException) -> str:
    first = str(error).strip().splitlines() or [type(error).__name__]
    return first[0].rstrip(".")[:300] + "."


class Ledger:
    """One assignment in the gradebook, read once, and the session that writes to it."""

    def __init__(self, autograder: Autograde, session: Session) -> None:
        """Read the assignment; raise NoGradebook when the gradebook has none of that name."""
        name = autograder.coursedir.assignment_id
        self._session = session
        self._autograder = autograder
        query = sql.select(api.Assignment.id, api.Assignment.duedate)
        row = session.execute(query.where(api.Assignment.name == name)).first()
        if row is None:
            raise NoGradebook(
                f"The gradebook has no assignment {name}. Run `nbgrader generate_assignment "
                f"{name}` first."
            )
        self._assignment, self._due = row
        below = sql.select(api.Notebook.id).where(api.Notebook.assignment_id == self._assignment)
        self._notebooks = {id: rows.cells(session, id) for id in session.scalars(below)}
        session.commit()

    def points(self) -> dict[str, float]:
        """Return the points of each graded cell, as the gradebook has them."""
        cell = api.GradeCell
        query = sql.select(cell.name, cell.max_score)
        found = self._session.execute(query.where(cell.notebook_id.in_(list(self._notebooks))))
        return dict(found.tuples().all())

    def known(self) -> dict[str, Known]:
        """Return what was graded here before, by student."""
        submission, paper, grade = api.SubmittedAssignment, api.SubmittedNotebook, api.Grade
        query = (
            sql.select(
                submission.student_id,
                _OURS.c.fingerprint,
                _OURS.c.repairs,
                sql.func.coalesce(sql.func.sum(grade.auto_score), 0.0),
            )
            .join(_OURS, _OURS.c.submission_id == submission.id)
            .join(paper, paper.assignment_id == submission.id)
            .join(grade, grade.notebook_id == paper.id)
            .where(submission.assignment_id == self._assignment)
            .group_by(submission.student_id, _OURS.c.fingerprint, _OURS.c.repairs)
        )
        known = {
            student: Known(fingerprint, tuple(json.loads(repairs)), points)
            for student, fingerprint, repairs, points in self._session.execute(query)
        }
        self._session.commit()
        return known

    def write(self, entries: Sequence[Entry]) -> dict[str, str]:
        """Write and commit `entries`; return why not, by student, for those that could not be.

        Raises OperationalError when the gradebook itself does not answer.
        """
        try:
            self._write({entry.student: entry for entry in entries})
            self._session.commit()
        except OperationalError:
            self._session.rollback()
            raise
        except Exception as error:
            # A strange name, or the course's own plug-in for penalties: that is one submission's.
            self._session.rollback()
            if len(entries) == 1:
                return {entries[0].student: f"The gradebook refused it: {_words(error)}"}
            refused: dict[str, str] = {}
            for entry in entries:
                refused |= self.write([entry])
            return refused
        return {}

    def _write(self, entries: dict[str, Entry]) -> None:
        session = self._session
        self._enrol(entries)
        ids = rows.submissions(session, self._assignment, entries)
        stamped = [
            {"id": ids[student], "timestamp": entry.timestamp}
            for student, entry in entries.items()
            if entry.timestamp is not None
        ]
        if stamped:
            session.execute(sql.update(api.SubmittedAssignment), stamped)
        marks = {ids[who]: rows.Marks(e.points, e.unanswered) for who, e in entries.items()}
        rows.mark(session, self._notebooks, marks)
        late.penalise(session, self._autograder, self._due, ids.values())
        session.execute(sql.delete(_OURS).where(_OURS.c.submission_id.in_(list(ids.values()))))
        session.execute(
            sql.insert(_OURS),
            [
                {
                    "submission_id": ids[student],
                    "fingerprint": entry.fingerprint,
                    "repairs": json.dumps(entry.repairs),
                }
                for student, entry in entries.items()
            ],
        )

    def _enrol(self, students: Collection[str]) -> None:
        query = sql.select(api.Student.id).where(api.Student.id.in_(list(students)))
        missing = set(students) - set(self._session.scalars(query))
        if missing and not self._autograder.create_student:
            raise ValueError(f"it has no student {min(missing)}; see `nbgrader db student add`")
        if missing:
            self._session.execute(sql.insert(api.Student), [{"id": name} for name in missing])
