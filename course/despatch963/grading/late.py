"""Penalties for late submissions, by the rule that the course gave nbgrader."""

from collections.abc import Collection
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sql
from nbgrader import api
from nbgrader.converters import Autograde
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.orm import Session
from traitlets.utils.importstring import import_item


def penalise(
    session: Session, autograder: Autograde, due: datetime | None, submissions: Collection[str]
) -> None:
    """Set the penalty of each of `submissions` (ids), or take it away where it was in time.

    Where the course has taken the step out of its autograding, penalties stay as they are.
    """
    rule = next(filter(_assigns, map(_class, autograder.autograde_preprocessors)), None)
    if rule is None:
        return
    submission, paper = api.SubmittedAssignment, api.SubmittedNotebook
    session.execute(
        sql.update(paper)
        .where(paper.assignment_id.in_(list(submissions)))
        .values(late_submission_penalty=None)
        .execution_options(synchronize_session=False)
    )
    if due is None:
        return
    query = sql.select(submission.id, submission.student_id, submission.timestamp)
    query = query.add_columns(submission.extension).where(submission.id.in_(list(submissions)))
    assigner = rule(parent=autograder)
    assigner.init_plugin()
    for id, student, timestamp, extension in session.execute(query).all():
        seconds = _seconds_late(timestamp, due, extension)
        if seconds > 0:
            _set(session, assigner, id, student, seconds)


def _class(step: Any) -> Any:
    # nbconvert takes a class or its name.
    return import_item(step) if isinstance(step, str) else step


def _assigns(step: object) -> bool:
    return isinstance(step, type) and issubclass(step, AssignLatePenalties)


def _seconds_late(when: datetime | None, due: datetime, more: timedelta | None) -> float:
    return (when - due - (more or timedelta())).total_seconds() if when else 0


def _set(
    session: Session, assigner: AssignLatePenalties, submission: str, student: str, seconds: float
) -> None:
    paper = api.SubmittedNotebook
    scores = sql.select(paper.id, paper.score).where(paper.assignment_id == submission)
    for id, score in session.execute(scores).all():
        penalty = assigner.plugin_inst.late_submission_penalty(student, score, seconds)
        if penalty is not None:
            penalty = assigner._check_late_penalty(SimpleNamespace(score=score), penalty)
            session.execute(
                sql.update(paper)
                .where(paper.id == id)
                .values(late_submission_penalty=penalty)
                .execution_options(synchronize_session=False)
            )
