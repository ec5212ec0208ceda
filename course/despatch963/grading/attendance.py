"""Who of a class has handed in an assignment, when, and who was late."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sql
from nbgrader import api
from sqlalchemy.exc import SQLAlchemyError

from . import settings, times


class Attendance(NamedTuple):
    """Who handed in, and when (UTC); who has not, where the gradebook knows the class."""

    times: dict[str, datetime | None]
    due: datetime | None
    late: list[str]
    missing: list[str] | None


class _Known(NamedTuple):
    students: set[str] | None = None
    due: datetime | None = None
    extensions: dict[str, timedelta] = {}  # noqa: RUF012 (never changed)


def attendance(course: Path, assignment: str, sheets: dict[str, Path]) -> Attendance:
    """Return who of the class handed in; `sheets` has each student's submitted folder."""
    known = _known(course, assignment)
    when = {student: _time(folder) for student, folder in sheets.items()}
    late = [
        student
        for student, time in when.items()
        if time and known.due and time > known.due + known.extensions.get(student, timedelta())
    ]
    missing = None if known.students is None else sorted(known.students - set(sheets))
    return Attendance(when, known.due, late, missing)


def _time(folder: Path) -> datetime | None:
    try:
        return times.utc((folder / "timestamp.txt").read_text("utf-8").strip())
    except (OSError, ValueError, OverflowError, TypeError):
        return None


def _known(course: Path, assignment: str) -> _Known:
    """Return what the gradebook knows, without making one or changing it."""
    try:
        url = sql.make_url(settings.autograder(course, assignment).coursedir.db_url)
        if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
            return _Known()
        engine = sql.create_engine(url)
    except (settings.NoCourse, SQLAlchemyError, ImportError):
        return _Known()
    one = api.SubmittedAssignment
    try:
        with engine.connect() as book:
            students = set(book.scalars(sql.select(api.Student.id)))
            named = api.Assignment.name == assignment
            row = book.execute(sql.select(api.Assignment.id, api.Assignment.duedate).where(named))
            id, due = row.first() or ("", None)
            extended = sql.select(one.student_id, one.extension).where(one.assignment_id == id)
            found = book.execute(extended.where(one.extension.is_not(None))).all()
    except SQLAlchemyError:
        return _Known()
    finally:
        engine.dispose()
    extensions = {row.student_id: row.extension for row in found}
    return _Known(students or None, due, extensions)
