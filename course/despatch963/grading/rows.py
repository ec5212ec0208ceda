"""The rows of nbgrader's gradebook for a batch of submissions, written in a few statements."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sql
from nbgrader import api
from sqlalchemy.orm import Session

Pair = tuple[str, str]
UNTOUCHED = "No response."
"""nbgrader's own comment on a solution cell that is as it was handed out."""


class Cells(NamedTuple):
    """The cells of one notebook in the gradebook, name by id."""

    graded: dict[str, str]
    commented: dict[str, str]


class Marks(NamedTuple):
    """What one submission's cells are given."""

    points: Mapping[str, float | None]
    untouched: Collection[str]


def cells(session: Session, notebook: str) -> Cells:
    """Return the cells of the notebook with this id."""

    def named(model: Any) -> dict[str, str]:
        found = sql.select(model.id, model.name).where(model.notebook_id == notebook)
        return {row.id: row.name for row in session.execute(found)}

    tasks = named(api.TaskCell)
    return Cells({**named(api.GradeCell), **tasks}, {**named(api.SolutionCell), **tasks})


def submissions(session: Session, assignment: str, students: Collection[str]) -> dict[str, str]:
    """Return the id of each student's submission; those that lack are added."""
    model = api.SubmittedAssignment
    wanted = {(assignment, student) for student in students}
    here = (model.assignment_id == assignment, model.student_id.in_(list(students)))
    found = _ensured(session, model, ("assignment_id", "student_id"), wanted, here)
    return {student: id for (_, student), id in found.items()}


def mark(session: Session, notebooks: Mapping[str, Cells], given: Mapping[str, Marks]) -> None:
    """Write scores and automatic comments below submissions (`given` by their ids).

    Rows that lack are added; what a person gave is left, and asked to be looked at again.
    """
    model = api.SubmittedNotebook
    wanted = {(submission, notebook) for submission in given for notebook in notebooks}
    here = (model.assignment_id.in_(list(given)),)
    papers = _ensured(session, model, ("assignment_id", "notebook_id"), wanted, here)
    papers = {pair: paper for pair, paper in papers.items() if pair in wanted}
    _score(session, notebooks, given, papers)
    _comment(session, notebooks, given, papers)


def _score(
    session: Session,
    notebooks: Mapping[str, Cells],
    given: Mapping[str, Marks],
    papers: Mapping[Pair, str],
) -> None:
    model = api.Grade
    here = (model.notebook_id.in_(list(papers.values())),)
    wanted = {(p, cell) for (_, n), p in papers.items() for cell in notebooks[n].graded}
    rows = _ensured(session, model, ("notebook_id", "cell_id"), wanted, here)
    by_hand = set(
        session.scalars(sql.select(model.id).where(*here, model.manual_score.is_not(None)))
    )
    _update(
        session,
        model,
        (
            {
                "id": (id := rows[paper, cell]),
                "auto_score": (score := given[submission].points[name]),
                "needs_manual_grade": score is None or id in by_hand,
            }
            for (submission, notebook), paper in papers.items()
            for cell, name in notebooks[notebook].graded.items()
            if name in given[submission].points
        ),
    )


def _comment(
    session: Session,
    notebooks: Mapping[str, Cells],
    given: Mapping[str, Marks],
    papers: Mapping[Pair, str],
) -> None:
    model = api.Comment
    here = (model.notebook_id.in_(list(papers.values())),)
    wanted = {(p, cell) for (_, n), p in papers.items() for cell in notebooks[n].commented}
    rows = _ensured(session, model, ("notebook_id", "cell_id"), wanted, here)
    _update(
        session,
        model,
        (
            {
                "id": rows[paper, cell],
                "auto_comment": UNTOUCHED if name in given[submission].untouched else None,
            }
            for (submission, notebook), paper in papers.items()
            for cell, name in notebooks[notebook].commented.items()
        ),
    )


def _ensured(
    session: Session, model: Any, columns: Pair, wanted: set[Pair], here: Iterable[Any]
) -> dict[Pair, str]:
    """Return the ids of the rows where `here` holds, by two columns; wanted ones are added."""
    pair = [getattr(model, column) for column in columns]
    query = sql.select(model.id, *pair).where(*here)
    found = {(first, second): id for id, first, second in session.execute(query)}
    missing = {both: api.new_uuid() for both in sorted(wanted - found.keys())}
    if missing:
        rows = [{"id": id, **dict(zip(columns, both, strict=True))} for both, id in missing.items()]
        session.execute(sql.insert(model), rows)
    return {**found, **missing}


def _update(session: Session, model: Any, rows: Iterable[dict[str, Any]]) -> None:
    if changes := list(rows):
        session.execute(sql.update(model), changes)
