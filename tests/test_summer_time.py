"""Late or in time across a change of the clocks, from what was handed in to the LMS's columns.

A class hands in around the changes, by nbgrader's own stamps; due dates are given as an instructor
does, in the time of a place. The gradebook is UTC's.
"""

import csv
from datetime import datetime

import classes
import pytest
from conftest import ROOT
from despatch963.grading import times
from nbgrader.api import Gradebook
from test_grade_command import LATE, UNIT, grade, make

CONFIG = (ROOT / "assignments" / "nbgrader_config.py").read_text("utf-8") + LATE

# In 2026 Berlin's clocks go from 01:59:59 to 03:00 on 29 March, and from 02:59:59 back to 02:00 on
# 25 October; New York's from 01:59:59 to 03:00 on 8 March.
HANDED_IN = {
    "ada": "2026-03-29 00:59:59.999999 UTC",  # the last moment of winter in Berlin
    "ben": "2026-03-29 01:00:00.000000 UTC",  # 03:00, summer's first
    "cem": "2026-03-29 01:00:01.000000 UTC",
    "dee": "2026-03-08 06:59:59.000000 UTC",  # winter's last second in New York
    "eva": "2026-03-08 07:00:01.000000 UTC",
    "fay": "2026-10-25 00:15:00.000000 UTC",  # 02:15 in Berlin, the first time
    "gil": "2026-10-25 01:15:00.000000 UTC",  # 02:15 again, an hour later
}
SPRING, AMERICA, AUTUMN = ("ada", "ben", "cem"), ("dee", "eva"), ("fay", "gil")


@pytest.mark.parametrize(
    ("stamp", "hour"),
    [
        ("2026-03-29 00:59:59 UTC", "00:59:59"),
        ("2026-03-29 00:59:59", "00:59:59"),
        ("2026-03-29T00:59:59Z", "00:59:59"),
        ("2026-03-29 01:59:59 Europe/Berlin", "00:59:59"),
        ("2026-03-29 03:00:01 Europe/Berlin", "01:00:01"),
        ("2026-03-29 03:00:01 +0200", "01:00:01"),
        ("2026-03-29 03:00:01 +02:00", "01:00:01"),
        ("2026-03-29T03:00:01+02:00", "01:00:01"),
        ("2026-03-28 20:59:59 -0400", "00:59:59"),
        ("2026-03-29 02:59:59 Europe/Helsinki", "00:59:59"),
    ],
)
def test_a_time_with_a_zone_or_without_is_read_into_utc(stamp, hour):
    assert times.utc(stamp) == datetime.fromisoformat(f"2026-03-29T{hour}")


@pytest.mark.parametrize("zone", ["CEST", "EDT", "Mars/Olympus"])
def test_a_zone_that_nobody_knows_is_not_taken_for_utc(zone):
    with pytest.raises(ValueError, match=zone):
        times.utc(f"2026-03-29 03:00:01 {zone}")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = make(tmp_path_factory.mktemp("summer"), CONFIG)
    responses = classes.perfect(course.folder, UNIT)
    for student, when in HANDED_IN.items():
        classes.hand_in(course.folder, UNIT, student, responses, when=when)
    due(course, "2026-10-25 02:30 Europe/Berlin")
    grade(course)
    return course


def due(course, when):
    """Set the due date as formgrader and `nbgrader db assignment add` do."""
    with Gradebook(course.database) as book:
        book.update_or_create_assignment(UNIT, duedate=when)


def late(course, students):
    """Return by how many seconds each of `students` was late."""
    with Gradebook(course.database) as book:
        found = {student: book.find_submission(UNIT, student) for student in students}
        return {student: one.total_seconds_late for student, one in found.items()}


def penalties(course):
    with Gradebook(course.database) as book:
        return {
            one.student_id: one.late_submission_penalty or 0
            for one in book.assignment_submissions(UNIT)
        }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("when", "students", "seconds"),
    [
        ("2026-03-29 03:00 Europe/Berlin", SPRING, (0, 0, 1)),
        # By the clock an hour earlier, and the second before.
        ("2026-03-29 01:59:59 Europe/Berlin", SPRING, (0.999999, 1, 2)),
        # Without a zone it is UTC's.
        ("2026-03-29 01:00", SPRING, (0, 0, 1)),
        # Students' zones do not matter: nine in the evening of the day before, in New York.
        ("2026-03-28 21:00 America/New_York", SPRING, (0, 0, 1)),
        ("2026-03-08 03:00 America/New_York", AMERICA, (0, 1)),
        # An hour that comes twice is the first of the two.
        ("2026-10-25 02:30 Europe/Berlin", AUTUMN, (0, 45 * 60)),
    ],
)
def test_a_class_is_late_by_the_seconds_that_passed(course, when, students, seconds):
    due(course, when)
    assert late(course, students) == dict(zip(students, seconds, strict=True))


@pytest.mark.slow
def test_only_who_came_after_the_hour_that_comes_twice_loses_the_points(course):
    assert penalties(course) == dict.fromkeys(HANDED_IN, 0) | {"gil": 43}


@pytest.mark.slow
def test_times_are_in_utc_in_the_gradebook_as_they_were_handed_in(course):
    with Gradebook(course.database) as book:
        for student, when in HANDED_IN.items():
            stored = book.find_submission(UNIT, student).timestamp
            assert stored.isoformat(" ", "microseconds") + " UTC" == when


CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,01-who-is-speaking (4711)
    Points Possible,,,,,55.00
"Lovelace, Ada",101,S1,ada,HIST 1,
"בן־דוד, בן",102,S2,BEN,HIST 1,
"Çelik, Cem",103,S3,cem,HIST 1,
"Nobody, New",104,S4,new,HIST 1,
"""


@pytest.mark.slow
def test_plain_autograde_agrees_and_canvas_and_moodle_get_what_is_left(course):
    """From submissions to the two files with nbgrader's own commands, penalties taken off."""
    course.nbgrader("db", "assignment", "add", UNIT, "--duedate=2026-03-29 03:00 Europe/Berlin")
    course.nbgrader("autograde", UNIT, "--force")
    assert penalties(course) == dict.fromkeys(HANDED_IN, 0) | {"cem": 43, "fay": 43, "gil": 43}
    (course.folder / "canvas-roster.csv").write_text(CANVAS, encoding="utf-8-sig")
    (course.folder / "people.csv").write_text(
        "Vorname,E-Mail-Adresse\nBen,ben@uni.example\nCem,cem\n", encoding="utf-8"
    )
    course.nbgrader("db", "student", "add", "ben", "--email=BEN@uni.example")
    course.nbgrader("export", "--exporter=despatch963.grading.lms.CanvasExport", "--to=c.csv")
    moodle = course.nbgrader(
        *("export", "--exporter=despatch963.grading.lms.MoodleExport", "--to=m.csv"),
        "--MoodleExport.roster=people.csv",
        "--MoodleExport.identifying=E-Mail-Adresse",
    )
    with (course.folder / "c.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["Student"]: row["01-who-is-speaking (4711)"] for row in csv.DictReader(file)}
    assert rows == {
        "    Points Possible": "55",
        "Lovelace, Ada": "43",
        "בן־דוד, בן": "43",
        "Çelik, Cem": "0",
    }
    sent = (course.folder / "m.csv").read_text("utf-8").splitlines()
    assert sent == [f"E-Mail-Adresse,{UNIT}", "ben@uni.example,43", "cem,0"]
    for program, words in (("c", "on the roster, not in nbgrader"), ("m", "not on the roster")):
        assert words in (course.folder / f"{program}-check.csv").read_text("utf-8")
    assert "not on the roster: ada" in moodle, "and it is said on the screen"
