"""An instructor's day on a real hub: real Unix users, real nbgrader, a real browser.

What happens is in hub_day.py; pictures of each step are in `tests/screenshots/`. Cem, who hands in
nothing, tries for what is not his.
"""

import re
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT
from hub_day import (
    ASKED,
    BENS,
    CLICKED,
    ESSAY,
    FIVE,
    MARKED,
    ONE,
    POINTS,
    POINTS_FIVE,
    RIGHT,
    TOTAL,
    live,
)
from trial_hub import COURSE, PICTURES, started, user

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def day(request, chromium):
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir()
    with started() as hub:
        day = live(hub, chromium)
        terminal = request.config.pluginmanager.getplugin("terminalreporter")
        terminal.write_line(f"\nPictures of the day: {PICTURES}")
        yield day


def test_students_have_the_assignment_list_and_no_tool_of_the_instructor(day):
    assert [entry.strip() for entry in day.menus["student"] if entry] == ["Assignment List"]
    assert day.others_server == 403, "Ben asked for Ada's server"


def test_the_instructor_has_all_of_nbgraders_tools(day):
    shown = " ".join(day.menus["instructor"])
    for tool in ("Assignment List", "Course List", "Formgrader", "Create assignment"):
        assert tool in shown


def test_validate_names_what_is_not_answered_and_nothing_else(day):
    unanswered = re.findall(r"Question ([a-z0-9-]+): not answered", day.validated["ada before"])
    assert {*unanswered} == {CLICKED, MARKED}
    assert "You did not provide a response" in day.validated["ada before"], "the essay"
    assert day.validated["ada"].startswith("Success")
    unanswered = re.findall(r"Question ([a-z0-9-]+): not answered", day.validated["ben"])
    assert {*unanswered} == RIGHT.keys() - {CLICKED, *BENS}


def test_only_bens_submission_is_late(day):
    assert day.graded[ONE, "ada"].late == 0
    assert 0 < day.graded[ONE, "ben"].late < 300


def test_answers_clicked_marked_and_computed_earn_their_points(day):
    assert day.graded[ONE, "ada"].points == POINTS, "all but the essay"
    assert day.graded[FIVE, "ada"].points == POINTS_FIVE
    assert day.graded[ONE, "ben"].points == sum(ASKED[name]["points"] for name in BENS)


def test_formgraders_button_gives_the_points_that_the_command_gave(day):
    assert day.graded_again == day.graded


def test_the_essay_is_marked_with_its_rubric_in_sight(day):
    assert ESSAY in day.essay_page
    for row in rubric():
        assert row in day.essay_page
    assert day.submission(ONE, "ada").points == POINTS + 9


def rubric():
    """Return the names of the rows of the essay's rubric."""
    path = ROOT / "assignments" / "source" / ONE / f"{ONE}.ipynb"
    rows = re.findall(
        r"^\| \*\*(.+?)\*\* \|", nbformat.read(path, 4).cells[-3].source, re.MULTILINE
    )
    assert len(rows) > 2
    return rows


def test_each_student_gets_their_own_feedback_back(day):
    assert f"Score: {POINTS + 9:.1f} / {TOTAL:.1f}" in day.feedback
    assert ESSAY in day.feedback
    fetched = day.hub.run("ben", "nbgrader", "fetch_feedback", ONE)
    (bens,) = (day.hub.home("ben") / ONE / "feedback").glob("*/*.html")
    assert fetched.returncode == 0, fetched.stderr
    assert f"/ {TOTAL:.1f}" in bens.read_text(encoding="utf-8")
    assert not [*day.hub.home("cem").glob("**/*.html")]
    day.hub.run("cem", "nbgrader", "fetch_feedback", ONE)
    assert not [*day.hub.home("cem").glob("**/*.html")], "who handed in nothing gets nothing"


def test_no_browser_asks_anybody_but_the_hub_for_anything_of_ours(day):
    # nbgrader's pages for marking and of feedback ask for formulas, and work without.
    assert [asked for asked in day.asked_elsewhere if "mathjax" not in asked] == []


def test_what_a_kernel_prints_goes_through_sockets_in_a_closed_folder(day):
    assert {*day.transports} == {"ipc"}, "and not over a network that every user can listen to"


# Each command is Cem's, from a terminal; the other name is whoever it works for.
ATTEMPTS = [
    ("ls {homes}/{ada}", "ada"),
    ("cat {homes}/{ada}/{unit}/answers.json", "ada"),
    ("ls {homes}/{ada}/{unit}/feedback", "ada"),
    ("ls {run}/{ada}", "ada"),
    ("ls {homes}/{instructor}", "instructor"),
    ("cat {course}/keys/{unit}.json", "instructor"),
    ("head -c 15 {course}/gradebook.db", "instructor"),
    ("ls {course}/submitted/{ada}/{unit}", "instructor"),
    ("cat {course}/feedback/{ada}/{unit}/{unit}.html", "instructor"),
    ("ls {exchange}/inbound", "instructor"),
    ("ls {exchange}/inbound/{ada}+{unit}+*", "instructor"),
    ("ls {exchange}/feedback", "instructor"),
    ("touch {exchange}/outbound/{unit}/more", "instructor"),
    (
        "mv {exchange}/outbound {exchange}/mine && mv {exchange}/mine {exchange}/outbound",
        "instructor",
    ),
    ("cat {checkout}/assignments/keys/{unit}.json", None),
    ("ls {checkout}/.git", None),
    ("cat {state}/trial.json", None),
    ("ls {state}", None),
]


@pytest.mark.parametrize(("attempt", "owner"), ATTEMPTS)
def test_a_student_cannot_read_list_or_change_what_is_not_theirs(day, attempt, owner):
    hub = day.hub
    exchange = hub.place / "exchange" / COURSE
    command = attempt.format(
        unit=ONE,
        ada=user("ada"),
        instructor=user("instructor"),
        course=hub.home("instructor") / COURSE,
        exchange=exchange,
        checkout=ROOT,
        **{name: hub.place / name for name in ("homes", "run", "state")},
    )
    tried = hub.run("cem", "sh", "-c", command)
    assert tried.returncode != 0, tried.stdout
    assert "denied" in tried.stderr or "No such file" in tried.stderr
    allowed = hub.run(owner, "sh", "-c", command) if owner else _as_root(command)
    assert allowed.returncode == 0, f"the attempt itself is sound: {allowed.stderr}"


def _as_root(command):
    # What is in a copy of the checkout without its history cannot be listed by anybody.
    sound = command if (ROOT / ".git").is_dir() else command.replace("/.git", "")
    return subprocess.run(["sh", "-c", sound], capture_output=True, text=True, check=False)


def test_a_submission_is_not_found_by_its_students_name_and_its_time(day):
    inbound = day.hub.place / "exchange" / COURSE / "inbound"
    (handed_in,) = inbound.glob(f"{user('ada')}+{ONE}+*")
    name, chance = handed_in.name.rsplit("+", 1)
    assert len(chance) == 12
    assert day.hub.run("cem", "ls", str(inbound / name)).returncode != 0
    secret = (handed_in / "submission_secret.txt").read_text(encoding="utf-8")
    assert len(secret) == 128, "what names the feedback"


def test_the_course_that_students_import_carries_no_graded_key(day):
    where = "from despatch963 import paths; print(paths.assignments())"
    folder = Path(day.hub.run("cem", "python", "-c", where).stdout.strip())
    assert [*folder.glob("source/*/*.ipynb")], "students' Python has the assignments"
    assert not [*folder.glob("**/keys")]
