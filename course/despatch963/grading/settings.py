"""An nbgrader course as its own configuration describes it: folders, gradebook, late penalties."""

import logging
import re
from glob import glob
from pathlib import Path

from nbgrader.apps import NbGrader
from nbgrader.converters import Autograde

from .plugins import GradeMaster


class NoCourse(FileNotFoundError):
    """The folder is not an nbgrader course's, or nobody submitted; the message says what to do."""

    __str__ = Exception.__str__


def autograder(course: Path, assignment: str) -> Autograde:
    """Return nbgrader's own autograder as `course`'s configuration sets it up; raise NoCourse.

    It is asked for folders, permissions, the gradebook's address and plug-ins, and never run.
    """
    if not (course / "nbgrader_config.py").is_file():
        raise NoCourse(
            "There is no nbgrader_config.py here. Run this in the course's folder, where you run "
            "nbgrader."
        )
    app = NbGrader(log_level=logging.WARNING)
    app.initialize([], root=str(course))
    app.coursedir.assignment_id = assignment
    return Autograde(coursedir=app.coursedir, parent=app)


def grade_master(autograder: Autograde) -> GradeMaster:
    """Return how the course's configuration sets up our own grader."""
    return GradeMaster(parent=autograder)


def submissions(autograder: Autograde) -> dict[str, Path]:
    """Return the folder of each student who submitted, in the students' order; raise NoCourse."""
    where = autograder.coursedir
    assignment = where.assignment_id
    pattern = re.compile(
        where.format_path(
            where.submitted_directory, "(?P<student>.*)", re.escape(assignment), escape=True
        ),
        re.DOTALL,
    )
    # Square brackets in a name are letters of it, not a pattern.
    name = re.sub(r"([*?[])", r"[\1]", assignment)
    everyone = where.format_path(where.submitted_directory, "*", name)
    folders = sorted(glob(everyone))  # noqa: PTH207 (the course's pattern may be absolute)
    named = {match["student"]: Path(at) for at in folders if (match := pattern.fullmatch(at))}
    excluded = (where.student_id_exclude or "").split(",")
    found = {student: folder for student, folder in named.items() if student not in excluded}
    if not found:
        raise NoCourse(
            f"Nobody's {assignment} is in {where.submitted_directory}/. Run `nbgrader collect "
            f"{assignment}` first, and spell the assignment as its folder in "
            f"{where.source_directory}/ is."
        )
    return found
