"""Grades as Canvas and Moodle take them, matched against the rosters that they export."""

import csv
import os
import sys
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest
from despatch963.grading.lms import CanvasExport, MoodleExport
from despatch963.grading.roster import RosterNotUsable, match, read_roster
from nbgrader.api import Gradebook
from traitlets.config import Config

# nbgrader's own way of adding a submission makes SQLAlchemy warn.
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")

UNIT = "01-who-is-speaking"
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,01-who-is-speaking (4711),Final Score
    Points Possible,,,,,55,(read only)
"Byron, Ada",101,S1,ada@example.edu,HIST 1,,
"Núñez, Íñigo",102,S2,INIGO,HIST 1,,
"ליאור, בן",103,S3,lior,"HIST 1 and HIST 2",,
"Nobody, New",104,S4,new,HIST 1,,
"Student, Test",105,,9f3c,HIST 1,,
"""
MOODLE = """\
First name;Last name;ID number;Email address;Assignment:01-who-is-speaking (Real)
Ada;Byron;S1;Ada@Example.edu;-
Íñigo;Núñez;S2;íñigo@example.edu;-
בן;ליאור;S3;lior@example.edu;-
"""


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A gradebook: Ada 40.67 (2 too late), Íñigo waits for the essay, Lior has handed in nothing,
    and Zoë is on no roster."""
    monkeypatch.chdir(tmp_path)
    # nbgrader starts alembic by name, as in an activated environment.
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    book = Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}", "despatch963")
    book.add_assignment(UNIT)
    book.add_notebook(UNIT, UNIT)
    book.add_grade_cell("q", UNIT, UNIT, max_score=43, cell_type="code")
    book.add_grade_cell("essay", UNIT, UNIT, max_score=12, cell_type="markdown")
    book.add_student("ada", email="ada@example.edu", first_name="Ada", last_name="Byron")
    # The accents as another program writes them: letter and mark apart.
    book.add_student("inigo", email=unicodedata.normalize("NFD", "íñigo@example.edu"))
    book.add_student("lior@home", lms_user_id="S3")
    book.add_student("zoë")
    for student, auto, manual in (("ada", 30.67, 12.0), ("inigo", 20.0, None), ("zoë", 1.0, 1.0)):
        submission = book.add_submission(UNIT, student, timestamp=datetime.now(UTC))
        for grade in submission.notebooks[0].grades:
            if grade.name == "q":
                grade.auto_score, grade.needs_manual_grade = auto, False
            else:
                grade.manual_score = manual
                grade.needs_manual_grade = manual is None
        submission.notebooks[0].late_submission_penalty = 2.0 if student == "ada" else None
    book.db.commit()
    (tmp_path / "canvas-roster.csv").write_text(CANVAS, encoding="utf-8-sig")
    (tmp_path / "moodle-roster.csv").write_text(MOODLE, encoding="utf-8")
    yield book
    book.close()


def export(plugin, course, **settings):
    plugin(config=Config({plugin.__name__: settings})).export(course)


def read(path, delimiter=","):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def test_canvas_gets_its_own_columns_and_ids_back_with_the_grades(course, tmp_path):
    export(CanvasExport, course)
    points, *rows = read(tmp_path / "canvas.csv")
    assert list(points) == [*CANVAS.split(",")[:5], "01-who-is-speaking (4711)"]
    assert points["Student"].strip() == "Points Possible"
    assert points["01-who-is-speaking (4711)"] == "55"
    assert {row["Student"]: row["01-who-is-speaking (4711)"] for row in rows} == {
        "Byron, Ada": "40.67",
        "Núñez, Íñigo": "",
        "ליאור, בן": "",
    }
    assert rows[2]["Section"] == "HIST 1 and HIST 2"


def test_an_assignment_that_canvas_does_not_know_gets_a_column_of_its_name(course, tmp_path):
    course.add_assignment("02-more")
    export(CanvasExport, course)
    assert "02-more" in read(tmp_path / "canvas.csv")[0]


def test_excused_work_is_excused_in_canvas_and_empty_in_moodle(course, tmp_path):
    export(CanvasExport, course, excused={UNIT: ["lior@home"]})
    export(MoodleExport, course, excused={UNIT: ["ada"]})
    assert read(tmp_path / "canvas.csv")[3]["01-who-is-speaking (4711)"] == "EX"
    assert read(tmp_path / "moodle.csv", ";")[0]["Assignment:01-who-is-speaking (Real)"] == "-"


def test_moodle_gets_the_addresses_as_it_spells_them_and_its_own_delimiter(course, tmp_path):
    export(MoodleExport, course)
    rows = read(tmp_path / "moodle.csv", ";")
    grades = {row["Email address"]: row["Assignment:01-who-is-speaking (Real)"] for row in rows}
    assert grades == {"Ada@Example.edu": "40.67", "íñigo@example.edu": "-", "lior@example.edu": "-"}
    assert rows[2]["Last name"] == "ליאור"


def test_nobody_is_dropped_without_a_word(course, tmp_path):
    export(CanvasExport, course)
    checks = [tuple(row.values()) for row in read(tmp_path / "canvas-check.csv")]
    assert ("in nbgrader, not on the roster", "zoë", "") in checks
    assert ("on the roster, not in nbgrader", "new · S4 · 104", "") in checks
    assert ("waits for a mark by hand", "inigo", UNIT) in checks


def test_one_who_fits_two_rows_gets_no_grade_in_either():
    rows = [{"ID": "7", "Login": "ada"}, {"ID": "ada", "Login": "bob"}]
    known = match(rows, ["ID", "Login"], [("ada", "", "")])
    assert known.students == {} and known.ambiguous == ["ada"]


def test_two_who_fit_one_row_get_no_grade():
    known = match([{"ID": "7", "Login": "ada"}], ["ID", "Login"], [("ada",), ("7",)])
    assert known.students == {} and known.ambiguous == ["7", "ada"]


@pytest.mark.parametrize(
    ("content", "said"), [(None, "no roster"), (b"\xff\xfe\x00", "UTF-8"), (b"a,b\n1,2\n", "none")]
)
def test_a_roster_that_cannot_be_used_is_named_with_what_to_do(content, said, course, tmp_path):
    path = tmp_path / "canvas-roster.csv"
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(RosterNotUsable, match=said) as raised:
        export(CanvasExport, course)
    assert "Export" in str(raised.value) or "export" in str(raised.value)


def test_a_quoted_line_break_in_a_roster_is_part_of_its_cell(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_bytes(b'Student,ID\r\n"By\r\nron",7\r\n')
    assert read_roster(path).rows == [{"Student": "By\r\nron", "ID": "7"}]
