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
COLUMN = "01-who-is-speaking (4711)"
# As lib/gradebook_exporter.rb writes them: a row on posting where grades are hidden, one on points.
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,01-who-is-speaking (4711),Final Score
,,,,,Manual Posting,
    Points Possible,,,,,55.00,(read only)
"Byron, Ada",101,S1,ada@example.edu,HIST 1,,12.00
"Núñez, Íñigo",102,S2,INIGO,HIST 1,,
"ליאור, בן",103,S3,lior,"HIST 1 and HIST 2",,
"Nobody, New",104,S4,new,HIST 1,,
"Student, Test",105,,9f3c,HIST 1,,
"""
# As grade/export/txt writes them; the separator is the instructor's choice.
MOODLE = """\
"First name";"Last name";"ID number";"Email address";"Assignment: 01-who-is-speaking (Real)";\
"Assignment: 01-who-is-speaking (Percentage)";"Feedback: 01-who-is-speaking";\
"Last downloaded from this course"
Ada;Byron;S1;Ada@Example.edu;-;-;;1774746000
Íñigo;Núñez;S2;íñigo@example.edu;-;-;;1774746000
בן;ליאור;S3;lior@example.edu;-;-;;1774746000
"""
GRADES = "Assignment: 01-who-is-speaking (Real)"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A gradebook: Ada 40.67 (2 too late), Íñigo waits for the essay, Lior has handed in nothing,
    and Zoë is on no roster."""
    path = tmp_path_factory.mktemp("made") / "gradebook.db"
    with Gradebook(f"sqlite:///{path}", "despatch963") as book:
        book.add_assignment(UNIT)
        book.add_notebook(UNIT, UNIT)
        book.add_grade_cell("q", UNIT, UNIT, max_score=43, cell_type="code")
        book.add_grade_cell("essay", UNIT, UNIT, max_score=12, cell_type="markdown")
        book.add_student("ada", email="ada@example.edu", first_name="Ada", last_name="Byron")
        # The accents as another program writes them: letter and mark apart.
        book.add_student("inigo", email=unicodedata.normalize("NFD", "íñigo@example.edu"))
        book.add_student("lior@home", lms_user_id="S3")
        book.add_student("zoë")
        for student, auto, manual in (("ada", 30.67, 12.0), ("inigo", 20, None), ("zoë", 1, 1)):
            submission = book.add_submission(UNIT, student, timestamp=datetime.now(UTC))
            (notebook,) = submission.notebooks
            for grade in notebook.grades:
                if grade.name == "q":
                    grade.auto_score, grade.needs_manual_grade = auto, False
                else:
                    grade.manual_score, grade.needs_manual_grade = manual, manual is None
            notebook.late_submission_penalty = 2.0 if student == "ada" else None
        book.db.commit()
    return path


@pytest.fixture
def course(made, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gradebook.db").write_bytes(made.read_bytes())
    (tmp_path / "canvas-roster.csv").write_text(CANVAS, encoding="utf-8-sig")
    (tmp_path / "moodle-roster.csv").write_text(MOODLE, encoding="utf-8")
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}", "despatch963") as book:
        yield book


@pytest.fixture(scope="module", autouse=True)
def activated():
    """Let nbgrader start alembic by name, as in an activated environment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        yield


def export(plugin, course, **settings):
    plugin(config=Config({plugin.__name__: settings})).export(course)


def read(path, delimiter=","):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def checked(path):
    return [tuple(row.values()) for row in read(path)]


def roster(tmp_path, old, new, name="canvas-roster.csv", text=CANVAS):
    assert old in text
    (tmp_path / name).write_text(text.replace(old, new), encoding="utf-8")


def test_canvas_gets_its_own_columns_and_ids_back_with_the_grades(course, tmp_path):
    export(CanvasExport, course)
    points, *rows = read(tmp_path / "canvas.csv")
    assert list(points) == [*CANVAS.split(",")[:5], COLUMN]
    assert points["Student"].strip() == "Points Possible"
    assert points[COLUMN] == "55"
    assert {row["Student"]: row[COLUMN] for row in rows} == {
        "Byron, Ada": "40.67",
        "Núñez, Íñigo": "",
        "ליאור, בן": "",
    }
    assert rows[2]["Section"] == "HIST 1 and HIST 2"


def test_what_goes_back_is_utf_8_and_names_are_letter_by_letter_those_of_the_roster(
    course, tmp_path
):
    export(CanvasExport, course)
    written = (tmp_path / "canvas.csv").read_bytes()
    assert not written.startswith(b"\xef\xbb\xbf"), "Canvas compares its first heading as it is"
    lines = written.decode("utf-8").split("\r\n")
    assert '"ליאור, בן",103,S3,lior,HIST 1 and HIST 2,' in lines
    assert '"Núñez, Íñigo",102,S2,INIGO,HIST 1,' in lines


def test_canvas_gets_every_column_up_to_the_section_in_its_place(course, tmp_path):
    """Its importer finds them by place, and has more of them where a school has."""
    head, posting, possible, ada, *_ = CANVAS.splitlines()
    lines = [
        head.replace("Student,", "LastName,FirstName,").replace(
            "Section,", "Integration ID,Root Account,Section,Notes,"
        ),
        f",,,{posting}",
        possible.replace("Possible,", "Possible,,,,"),
        ada.replace('"Byron, Ada"', "Byron,Ada").replace("HIST 1,", "i9,uni.edu,HIST 1,shy,"),
    ]
    (tmp_path / "canvas-roster.csv").write_text("\n".join(lines), encoding="utf-8")
    export(CanvasExport, course)
    points, ada = (tmp_path / "canvas.csv").read_text("utf-8").splitlines()[1:]
    assert points == "    Points Possible,,,,,,,,55"
    assert ada == "Byron,Ada,101,S1,ada@example.edu,i9,uni.edu,HIST 1,40.67"


def test_a_roster_with_semicolons_decimal_commas_and_a_quoted_comma_is_read_as_it_is(
    course, tmp_path
):
    text = CANVAS.replace("55.00", '"55,00"').replace("12.00", '"12,00"')
    rows = csv.reader(text.splitlines())
    lines = [";".join(f'"{cell}"' if ";" in cell else cell for cell in row) for row in rows]
    lines[0] += ';"a, b, c, d, e, f, g, h, i (9)"'
    (tmp_path / "canvas-roster.csv").write_text("\n".join(lines), encoding="utf-8")
    export(CanvasExport, course)
    rows = read(tmp_path / "canvas.csv", ";")
    assert rows[1]["Student"] == "Byron, Ada" and rows[1][COLUMN] == "40.67"
    assert not any("worth" in what for what, *_ in checked(tmp_path / "canvas-check.csv"))


def test_an_assignment_that_canvas_does_not_know_gets_a_column_of_its_name(course, tmp_path):
    roster(tmp_path, COLUMN, "Another (4711)")
    export(CanvasExport, course)
    assert read(tmp_path / "canvas.csv")[1][UNIT] == "40.67"


def test_an_assignment_that_the_lms_calls_otherwise_is_found_by_what_the_course_says(
    course, tmp_path
):
    roster(tmp_path, COLUMN, '"“Who, then?” (4711)"')
    export(CanvasExport, course, columns={UNIT: "“Who, then?” (4711)"})
    assert read(tmp_path / "canvas.csv")[1]["“Who, then?” (4711)"] == "40.67"
    with pytest.raises(RosterNotUsable, match="no columns for 01-who-is-speaking, named"):
        export(CanvasExport, course, columns={UNIT: "Who (4711)"})


def test_two_columns_of_one_name_are_not_chosen_between(course, tmp_path):
    roster(tmp_path, "Final Score", f"{UNIT} (4712)")
    with pytest.raises(RosterNotUsable, match=r"2 columns .* c\.CanvasExport\.columns"):
        export(CanvasExport, course)


def test_an_assignment_that_nobody_handed_in_makes_no_column_unless_asked_for(course, tmp_path):
    course.add_assignment("02-more")
    export(CanvasExport, course)
    assert "02-more" not in read(tmp_path / "canvas.csv")[0]
    export(CanvasExport, course, assignment=["02-more"])
    assert list(read(tmp_path / "canvas.csv")[0])[5:] == ["02-more"]


def test_where_there_is_no_grade_the_cell_keeps_what_the_lms_has(course, tmp_path):
    """An empty cell would wipe out a mark that somebody gave there by hand."""
    roster(tmp_path, '"HIST 1 and HIST 2",', '"HIST 1 and HIST 2",7.5')
    export(CanvasExport, course)
    assert [row[COLUMN] for row in read(tmp_path / "canvas.csv")[1:]] == ["40.67", "", "7.5"]
    roster(tmp_path, "lior@example.edu;-", "lior@example.edu;7,5", "moodle-roster.csv", MOODLE)
    export(MoodleExport, course)
    assert [row[GRADES] for row in read(tmp_path / "moodle.csv", ";")] == ["40.67", "-", "7,5"]


def test_missing_work_is_listed(course, tmp_path):
    export(CanvasExport, course)
    checks = checked(tmp_path / "canvas-check.csv")
    missing = [who for what, who, _ in checks if what == "nothing handed in"]
    assert missing == ["lior@home"]


def test_excused_work_is_excused_in_canvas_and_empty_in_moodle(course, tmp_path):
    export(CanvasExport, course, excused={UNIT: ["lior@home"]})
    export(MoodleExport, course, excused={UNIT: ["ada"]})
    assert read(tmp_path / "canvas.csv")[3][COLUMN] == "EX"
    assert read(tmp_path / "moodle.csv", ";")[0][GRADES] == "-"
    assert ("excused, so not sent", "ada", UNIT) in checked(tmp_path / "moodle-check.csv")


@pytest.mark.parametrize("held", ["EX", "N/A"])
def test_who_is_excused_or_not_assigned_in_canvas_stays_so_and_is_listed(held, course, tmp_path):
    roster(tmp_path, "example.edu,HIST 1,", f"example.edu,HIST 1,{held}")
    export(CanvasExport, course)
    assert read(tmp_path / "canvas.csv")[1][COLUMN] == held
    why = {"EX": "excused", "N/A": "not assigned in Canvas"}[held]
    assert (f"{why}, so not sent", "ada", UNIT) in checked(tmp_path / "canvas-check.csv")


def test_another_number_of_points_in_canvas_is_listed(course, tmp_path):
    export(CanvasExport, course)
    assert not any("worth" in what for what, *_ in checked(tmp_path / "canvas-check.csv"))
    roster(tmp_path, "55.00", "100.00")
    export(CanvasExport, course)
    what = "worth 100.00 in Canvas, and 55 after the import"
    assert (what, "", UNIT) in checked(tmp_path / "canvas-check.csv")


def test_moodle_gets_the_addresses_as_it_spells_them_and_its_own_delimiter(course, tmp_path):
    export(MoodleExport, course)
    rows = read(tmp_path / "moodle.csv", ";")
    assert {row["Email address"]: row[GRADES] for row in rows} == {
        "Ada@Example.edu": "40.67",
        "íñigo@example.edu": "-",
        "lior@example.edu": "-",
    }
    assert rows[2]["Last name"] == "ליאור"


def test_moodle_gets_no_percentage_no_feedback_and_the_day_since_which_the_roster_holds(
    course, tmp_path
):
    export(MoodleExport, course)
    rows = read(tmp_path / "moodle.csv", ";")
    assert not [name for name in rows[0] if "Percentage" in name or "Feedback" in name]
    assert {row["Last downloaded from this course"] for row in rows} == {"1774746000"}


@pytest.mark.parametrize(
    "heading", ["Assignment:{} (Real)", "Quiz: {}", "{}", "External tool: {} (Real)"]
)
def test_moodle_s_heading_is_found_whatever_the_activity(heading, course, tmp_path):
    heading = heading.format(UNIT)
    roster(tmp_path, GRADES, heading, "moodle-roster.csv", MOODLE)
    export(MoodleExport, course)
    assert read(tmp_path / "moodle.csv", ";")[0][heading] == "40.67"


def test_a_moodle_in_another_language_is_told_by_its_column(course, tmp_path):
    roster(tmp_path, '"Email address"', "E-Mail-Adresse", "moodle-roster.csv", MOODLE)
    roster(tmp_path, "ID number", "ID-Nummer", "moodle-roster.csv", MOODLE.replace(
        "Email address", "E-Mail-Adresse"))  # fmt: skip
    with pytest.raises(RosterNotUsable, match=r"c\.MoodleExport\.identifying"):
        export(MoodleExport, course)
    export(MoodleExport, course, identifying=["E-Mail-Adresse"])
    assert read(tmp_path / "moodle.csv", ";")[0]["E-Mail-Adresse"] == "Ada@Example.edu"


def test_nobody_is_dropped_without_a_word(course, tmp_path):
    export(CanvasExport, course)
    checks = checked(tmp_path / "canvas-check.csv")
    assert ("in nbgrader, not on the roster", "zoë", "") in checks
    assert ("on the roster, not in nbgrader", "new · S4 · 104", "") in checks
    assert ("waits for a mark by hand", "inigo", UNIT) in checks


def test_everybody_is_sent_or_listed(course, tmp_path):
    export(CanvasExport, course)
    sent = {row["SIS Login ID"] for row in read(tmp_path / "canvas.csv")[1:] if row[COLUMN]}
    listed = {who for _, who, _ in checked(tmp_path / "canvas-check.csv")}
    assert sent == {"ada@example.edu"}
    assert listed == {"inigo", "lior@home", "zoë", "new · S4 · 104", "9f3c · 105"}


def test_one_who_fits_two_rows_gets_no_grade_in_either():
    rows = [{"ID": "7", "Login": "ada"}, {"ID": "ada", "Login": "bob"}]
    known = match(rows, ["ID", "Login"], [("ada", "", "")])
    assert known.students == {} and known.ambiguous == ["ada"]


def test_two_who_fit_one_row_get_no_grade():
    known = match([{"ID": "7", "Login": "ada"}], ["ID", "Login"], [("ada",), ("7",)])
    assert known.students == {} and known.ambiguous == ["7", "ada"]


def test_marks_of_the_direction_of_writing_make_nobody_another():
    known = match([{"Login": "\u200fבן@example.edu\u200e"}], ["Login"], [("בן@example.edu",)])
    assert known.students == {0: "בן@example.edu"}


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
