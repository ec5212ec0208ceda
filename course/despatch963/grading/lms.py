"""Grades for the LMS: nbgrader's own ``export``, with a roster that the LMS itself exported.

    nbgrader export --exporter=despatch963.grading.lms.CanvasExport --to canvas.csv
    nbgrader export --exporter=despatch963.grading.lms.MoodleExport --to moodle.csv

``c.CanvasExport.roster`` (default ``canvas-roster.csv``) is the gradebook as Canvas exports it,
``c.MoodleExport.roster`` (default ``moodle-roster.csv``) the grades or the participants as Moodle
does. What goes back keeps the roster's rows, spelling and delimiter; only grades are added. Whoever
is on one side alone, or twice, is listed in the log and in ``…-check.csv``, and nobody is dropped.

A grade is sent when all of it is there: an essay that waits for its mark leaves the cell empty, and
so does work that never came. Late penalties are taken off.
"""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin
from traitlets import Dict, List, Unicode

from .roster import Match, RosterNotUsable, Row, match, read_roster


class _LmsExport(ExportPlugin):
    """What both exports share: the roster, who is who, and the grades that may be sent."""

    roster = Unicode(help="the CSV file that the LMS exported").tag(config=True)
    excused = Dict(
        value_trait=List(Unicode()),
        help="excused work: assignment → the ids of the students, as nbgrader has them",
    ).tag(config=True)

    lms = ""
    identifying: tuple[str, ...] = ()
    """Columns that say who somebody is."""
    no_grade = ""
    excused_sign = ""

    def export(self, gradebook: Gradebook) -> None:
        """Write the file for the LMS and, beside it, the list of what should be looked at."""
        roster = read_roster(Path(self.roster))
        if not set(self.identifying) & set(roster.columns):
            raise RosterNotUsable(
                f"{self.roster} has none of the columns {', '.join(self.identifying)}. "
                "Export it from the LMS again, and do not edit it."
            )
        people = [row for row in roster.rows if not self.is_heading(row)]
        known = match(
            people,
            self.identifying,
            [(s.id, s.lms_user_id or "", s.email or "") for s in gradebook.students],
        )
        assignments = [
            a for a in gradebook.assignments if not self.assignment or a.name in self.assignment
        ]
        grades, waiting = _grades(gradebook, assignments)
        columns = {a.name: self.column(a.name, roster.columns) for a in assignments}
        rows = [
            {name: row[name] for name in self.kept(roster.columns)}
            | {
                column: self.cell(name, known.students[place], grades)
                for name, column in columns.items()
            }
            for place, row in enumerate(people)
            if place in known.students and self._wanted(known.students[place])
        ]
        to = Path(self.to or f"{self.lms}.csv")
        header = [*self.kept(roster.columns), *columns.values()]
        _write(to, roster.delimiter, header, [*self.headings(assignments, columns), *rows])
        self._say_what_to_check(to, known, people, waiting)

    def _wanted(self, student: str) -> bool:
        return not self.student or student in self.student

    def is_heading(self, row: Row) -> bool:
        """Say whether a row of the roster is no person."""
        return False

    def kept(self, columns: list[str]) -> list[str]:
        """Return the columns of the roster that go back with the grades."""
        raise NotImplementedError

    def column(self, assignment: str, columns: list[str]) -> str:
        """Return the heading of an assignment's grades: the LMS's own where it has one."""
        raise NotImplementedError

    def headings(self, assignments: list[Assignment], columns: dict[str, str]) -> list[Row]:
        """Return rows that go before those of the students."""
        return []

    def cell(self, assignment: str, student: str, grades: dict[tuple[str, str], float]) -> str:
        """Return what stands in a student's cell."""
        if student in self.excused.get(assignment, ()):
            return self.excused_sign
        grade = grades.get((assignment, student))
        return self.no_grade if grade is None else f"{round(grade, 2):g}"

    def _say_what_to_check(
        self, to: Path, known: Match, people: list[Row], waiting: list[tuple[str, str]]
    ) -> None:
        def who(row: Row) -> str:
            return " · ".join(row[name] for name in self.identifying if row.get(name))

        checks = [
            *(("in nbgrader, not on the roster", id, "") for id in known.not_on_roster),
            *(("fits several, so not sent", id, "") for id in known.ambiguous),
            *(("on the roster, not in nbgrader", who(people[n]), "") for n in known.not_in_course),
            *(("waits for a mark by hand", student, name) for name, student in waiting),
        ]
        fields = ("what", "who", "assignment")
        beside = to.with_name(f"{to.stem}-check.csv")
        _write(beside, ",", fields, [dict(zip(fields, row, strict=True)) for row in checks])
        for what, person, assignment in checks:
            self.log.warning("%s: %s %s", what, person, assignment)
        self.log.info("Wrote %s; %d things to check are in %s", to, len(checks), beside)


class CanvasExport(_LmsExport):
    """Export to Canvas's gradebook (Grades > Import)."""

    lms = "canvas"
    roster = Unicode("canvas-roster.csv", help="gradebook CSV from Canvas").tag(config=True)
    identifying = ("SIS Login ID", "SIS User ID", "ID")
    excused_sign = "EX"

    def is_heading(self, row: Row) -> bool:
        """Say whether this is one of the rows on points and posting that Canvas puts first."""
        return not any(row.get(name, "").strip() for name in self.identifying)

    def kept(self, columns: list[str]) -> list[str]:
        """Return the columns by which Canvas knows a student, in its order."""
        return [c for c in columns if c in ("Student", "Section", *self.identifying)]

    def column(self, assignment: str, columns: list[str]) -> str:
        """Return Canvas's own heading, “name (12345)”; a new one makes a new assignment there."""
        named = (c for c in columns if _before_number(c) == assignment)
        return next(named, assignment)

    def headings(self, assignments: list[Assignment], columns: dict[str, str]) -> list[Row]:
        """Return the row with the points that can be had."""
        points = {columns[a.name]: f"{a.max_score:g}" for a in assignments}
        return [{"Student": "    Points Possible", **points}]


class MoodleExport(_LmsExport):
    """Export to Moodle's gradebook (Grades > Import > CSV file)."""

    lms = "moodle"
    roster = Unicode("moodle-roster.csv", help="grades or participants, as CSV").tag(config=True)
    identifying = ("Username", "ID number", "Email address")
    no_grade = "-"
    excused_sign = "-"  # Moodle's import knows no excuse

    def kept(self, columns: list[str]) -> list[str]:
        """Return the columns that say who somebody is."""
        names = ("First name", "Last name", "Surname", *self.identifying)
        return [name for name in columns if name in names]

    def column(self, assignment: str, columns: list[str]) -> str:
        """Return Moodle's heading of the same activity, or the assignment's name."""
        return next((c for c in columns if f":{assignment} " in f"{c} "), assignment)


def _before_number(column: str) -> str:
    """Return “01-who” of “01-who (12345)”."""
    name, _, number = column.rpartition(" (")
    return name if number.rstrip(")").isdigit() else column


def _grades(
    gradebook: Gradebook, assignments: list[Assignment]
) -> tuple[dict[tuple[str, str], float], list[tuple[str, str]]]:
    """Return the grades by (assignment, student), and those that wait for a mark by hand."""
    grades, waiting = {}, []
    for assignment in assignments:
        for student, score, penalty, unmarked in _submissions(gradebook, assignment.name):
            if unmarked:
                waiting.append((assignment.name, student))
            else:
                grades[assignment.name, student] = max(0.0, score - penalty)
    return grades, waiting


def _submissions(gradebook: Gradebook, assignment: str) -> Iterator[tuple[str, float, float, bool]]:
    try:
        submissions = gradebook.assignment_submissions(assignment)
    except MissingEntry:
        return
    for one in submissions:
        late = one.late_submission_penalty or 0.0
        yield one.student_id, one.score, late, one.needs_manual_grade


def _write(path: Path, delimiter: str, columns: Iterable[str], rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns), restval="", delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
