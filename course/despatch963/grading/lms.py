"""Grades for the LMS: nbgrader's own ``export``, with a roster that the LMS itself exported.

    nbgrader export --exporter=despatch963.grading.lms.CanvasExport --to canvas.csv
    nbgrader export --exporter=despatch963.grading.lms.MoodleExport --to moodle.csv

``c.CanvasExport.roster`` (default ``canvas-roster.csv``) is the gradebook as Canvas exports it,
``c.MoodleExport.roster`` (default ``moodle-roster.csv``) the grades or the participants as Moodle
does. Whoever is on one side alone, or twice, is listed in the log and in ``…-check.csv``, as is
work that is missing, excused or waits for a mark; nobody is dropped. Late penalties are taken off.

The formats are those that the two programs document and read:

- Canvas: Instructor Guide, “How do I import grades in the Gradebook?”, and what its importer
  and exporter do (canvas-lms, ``lib/gradebook_importer.rb``, ``lib/gradebook_exporter.rb``). It
  takes the first columns by their place, up to ``Section``; knows a student by ``ID``, then the
  two SIS columns; an assignment by the number in its heading, else by its title, else it makes a
  new one; takes the points from the row ``Points Possible``; and excuses work by ``EX``.
- Moodle: docs.moodle.org, “Grade import”, and ``grade/import/csv`` and ``grade/export/txt``. The
  instructor says which column is whose; addresses are compared letter by letter; ``-`` is no
  grade, while an empty cell in a new column fails; and where the column *Last downloaded from this
  course* comes back, a grade that was changed in Moodle since is not overwritten.
"""

import re
from typing import ClassVar

from nbgrader.api import Assignment
from traitlets import List, Unicode

from .lms_export import Check, LmsExport
from .roster import RosterNotUsable, Row

_SINCE = "Last downloaded from this course"


class CanvasExport(LmsExport):
    """Export to Canvas's gradebook (Grades > Import)."""

    lms = "canvas"
    excused_sign = "EX"
    withheld: ClassVar = {"EX": "excused", "N/A": "not assigned in Canvas"}
    roster = Unicode("canvas-roster.csv", help="gradebook CSV from Canvas").tag(config=True)
    identifying = List(
        Unicode(), ["SIS Login ID", "SIS User ID", "ID"], help="columns that say who somebody is"
    ).tag(config=True)

    def is_heading(self, row: Row) -> bool:
        """Say whether this is one of the rows on points and posting that Canvas puts first."""
        return not any(row.get(name, "").strip() for name in self.identifying)

    def kept(self, columns: list[str]) -> list[str]:
        """Return the columns by which Canvas knows a student, all of them and in their places."""
        if "Section" not in columns:
            raise RosterNotUsable(
                f"{self.roster} has no column Section, without which Canvas takes no grades. "
                "Export the gradebook from Canvas again, and do not edit it."
            )
        return columns[: columns.index("Section") + 1]

    def matching(self, assignment: str, columns: list[str]) -> list[str]:
        """Return Canvas's own heading, “name (12345)”; without one it makes a new assignment."""
        return [c for c in columns if re.sub(r" \(\d+\)$", "", c) == assignment]

    def headings(self, kept: list[str], points: Row) -> list[Row]:
        """Return the row with the points that can be had."""
        return [{kept[0]: "    Points Possible", **points}]

    def check_assignment(self, assignment: Assignment, column: str, rows: list[Row]) -> list[Check]:
        """Say so where the import would change what the assignment is worth in Canvas."""
        headings = (row.get(column, "") for row in rows if self.is_heading(row))
        held = next((h for h in headings if re.fullmatch(r"\d+([.,]\d+)?", h)), "")
        if not held or float(held.replace(",", ".")) == assignment.max_score:
            return []
        what = f"worth {held} in Canvas, and {assignment.max_score:g} after the import"
        return [(what, "", assignment.name)]


class MoodleExport(LmsExport):
    """Export to Moodle's gradebook (Grades > Import > CSV file)."""

    lms = "moodle"
    no_grade = "-"
    excused_sign = "-"  # Moodle's import knows no excuse
    roster = Unicode("moodle-roster.csv", help="grades or participants, as CSV").tag(config=True)
    identifying = List(
        Unicode(),
        ["Username", "ID number", "Email address"],
        help="columns that say who somebody is",
    ).tag(config=True)

    def kept(self, columns: list[str]) -> list[str]:
        """Return the columns that say who somebody is, and since when the roster holds."""
        names = ("First name", "Last name", "Surname", _SINCE, *self.identifying)
        return [name for name in columns if name in names]

    def matching(self, assignment: str, columns: list[str]) -> list[str]:
        """Return Moodle's heading, “Assignment: name (Real)”, never that of a percentage."""
        heading = re.compile(rf"(.*: ?)?{re.escape(assignment)}( \(Real\))?")
        return [c for c in columns if heading.fullmatch(c) and not c.startswith("Feedback:")]
