"""What every export to an LMS does: the roster read, who is who, the grades that may be sent."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

from nbgrader.api import Assignment, Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin
from traitlets import Dict, List, Unicode

from .roster import Roster, RosterNotUsable, Row, match, read_roster

Check = tuple[str, str, str]
"""Something to look at: what it is, whom it concerns, in which assignment."""


class LmsExport(ExportPlugin):
    """Write a file for the LMS and, beside it, the list of what should be looked at.

    What goes back keeps the roster's rows, spelling and delimiter. A cell that there is no grade
    for keeps what the LMS has in it, so that an import takes nothing away.
    """

    roster = Unicode(help="the CSV file that the LMS exported").tag(config=True)
    identifying = List(Unicode(), help="columns that say who somebody is").tag(config=True)
    columns = Dict(
        value_trait=Unicode(),
        help="the LMS's heading of an assignment, where it is not the assignment's name",
    ).tag(config=True)
    excused = Dict(
        value_trait=List(Unicode()),
        help="excused work: assignment → the ids of the students, as nbgrader has them",
    ).tag(config=True)

    lms = ""
    no_grade = ""
    excused_sign = ""
    withheld: ClassVar[dict[str, str]] = {}
    """What stands in the LMS's cells of those whose grade is not to be sent, and why."""

    def export(self, gradebook: Gradebook) -> None:
        """Export the grades of the gradebook; raise RosterNotUsable."""
        roster = self._read_roster()
        kept = self.kept(roster.columns)
        rows = [row for row in roster.rows if not self.is_heading(row)]
        ids = [(s.id, s.lms_user_id or "", s.email or "") for s in gradebook.students]
        known = match(rows, self.identifying, ids)
        checks: list[Check] = [
            *(("in nbgrader, not on the roster", id, "") for id in known.not_on_roster),
            *(("fits several, so not sent", id, "") for id in known.ambiguous),
            *(("on the roster, not in nbgrader", self._who(rows[n]), "") for n in known.unknown),
        ]
        students = {
            student: rows[place]
            for place, student in sorted(known.students.items())
            if not self.student or student in self.student
        }
        lines: dict[str, Row] = {who: {c: row[c] for c in kept} for who, row in students.items()}
        worth: Row = {}
        for assignment in gradebook.assignments:
            name = assignment.name
            points, waiting = _points(gradebook, name)
            if not self._wanted(name, {*points, *waiting}):
                continue
            column = self._column(name, roster.columns)
            worth[column] = f"{assignment.max_score:g}"
            checks += self.check_assignment(assignment, column, roster.rows)
            checks += [("waits for a mark by hand", student, name) for student in waiting]
            for student, row in students.items():
                held = row.get(column, "").strip()
                lines[student][column], what = self._cell(name, student, held, points.get(student))
                if what and student not in waiting:
                    checks.append((what, student, name))
        to = Path(self.to or f"{self.lms}.csv")
        written = [*self.headings(kept, worth), *lines.values()]
        _write(to, roster.delimiter, [*kept, *worth], written)
        self._say(to, checks)

    def _read_roster(self) -> Roster:
        roster = read_roster(Path(self.roster))
        if set(self.identifying) & set(roster.columns):
            return roster
        raise RosterNotUsable(
            f"{self.roster} has none of the columns {', '.join(self.identifying)}. Export it from "
            "the LMS again and do not edit it; where the LMS speaks another language, name its "
            f'column in nbgrader_config.py: c.{type(self).__name__}.identifying = ["…"]'
        )

    def _cell(
        self, assignment: str, student: str, held: str, points: float | None
    ) -> tuple[str, str]:
        """Return what goes into a cell in which the LMS has `held`, and what to check there."""
        if student in self.excused.get(assignment, ()):
            return self.excused_sign, "excused, so not sent"
        if why := self.withheld.get(held.upper()):
            return held, f"{why}, so not sent"
        if points is None:
            return held or self.no_grade, "nothing handed in"
        return f"{round(points, 2):g}", ""

    def is_heading(self, row: Row) -> bool:
        """Say whether a row of the roster is no person."""
        return False

    def kept(self, columns: list[str]) -> list[str]:
        """Return the columns of the roster that go back with the grades."""
        raise NotImplementedError

    def matching(self, assignment: str, columns: list[str]) -> list[str]:
        """Return the LMS's headings that are this assignment's."""
        raise NotImplementedError

    def headings(self, kept: list[str], points: Row) -> list[Row]:
        """Return rows that go before the students', from the points to be had by column."""
        return []

    def check_assignment(self, assignment: Assignment, column: str, rows: list[Row]) -> list[Check]:
        """Return what should be looked at in an assignment as the LMS has it."""
        return []

    def _wanted(self, assignment: str, handed_in: set[str]) -> bool:
        # An assignment that nobody has handed in would be an empty column, or a new one.
        if self.assignment:
            return assignment in self.assignment
        return bool(handed_in or self.excused.get(assignment))

    def _column(self, assignment: str, columns: list[str]) -> str:
        """Return the LMS's heading of an assignment; its name where the LMS has none yet."""
        named = self.columns.get(assignment)
        found = [c for c in columns if c == named] if named else self.matching(assignment, columns)
        if len(found) == 1 or not (found or named):
            return found[0] if found else assignment
        raise RosterNotUsable(
            f"{self.roster} has {len(found) or 'no'} columns for {assignment}"
            f"{f', named “{named}”' if named else ''}. Say which one it is in nbgrader_config.py: "
            f'c.{type(self).__name__}.columns = {{"{assignment}": "…"}}'
        )

    def _who(self, row: Row) -> str:
        return " · ".join(row[name] for name in self.identifying if row.get(name))

    def _say(self, to: Path, checks: list[Check]) -> None:
        fields = ("what", "who", "assignment")
        beside = to.with_name(f"{to.stem}-check.csv")
        _write(beside, ",", fields, [dict(zip(fields, row, strict=True)) for row in checks])
        for what, person, assignment in checks:
            self.log.warning("%s: %s %s", what, person, assignment)
        self.log.info("Wrote %s; %d things to check are in %s", to, len(checks), beside)


def _points(gradebook: Gradebook, assignment: str) -> tuple[dict[str, float], list[str]]:
    """Return the points by student, late penalties off, and who waits for a mark by hand."""
    try:
        submissions = gradebook.assignment_submissions(assignment)
    except MissingEntry:
        return {}, []
    points = {
        one.student_id: max(0.0, one.score - (one.late_submission_penalty or 0.0))
        for one in submissions
        if not one.needs_manual_grade
    }
    return points, [one.student_id for one in submissions if one.needs_manual_grade]


def _write(path: Path, delimiter: str, columns: Iterable[str], rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns), restval="", delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
