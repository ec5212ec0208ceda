"""`nbgrader autograde` and formgrader's button, with the course's own settings."""

import html
import json
import os
import shutil

import classes
import nbformat
import pytest
from conftest import ROOT, Course
from despatch963.grading.plugins import ForgivingExporter
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config, PyFileConfigLoader

pytestmark = pytest.mark.slow

UNIT = "05-the-consulates"
CONFIG = (ROOT / "assignments" / "nbgrader_config.py").read_text("utf-8")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course in which six students handed in, one whole, the others damaged in six ways."""
    course = Course(tmp_path_factory.mktemp("plugins"), CONFIG)
    course.nbgrader("generate_assignment", UNIT, "--create")
    responses = classes.perfect(course.folder, UNIT)
    for name in ("whole", "renamed", "torn", "twice", "bare", "linked"):
        folder = classes.hand_in(
            course.folder, UNIT, name, responses, essay="<script>window.caught = 1</script>Hm."
        )
        classes.compute(folder / f"{UNIT}.ipynb", responses)
    at = course.folder / "submitted"
    (at / "renamed" / UNIT / f"{UNIT}.ipynb").rename(at / "renamed" / UNIT / "Copy.ipynb")
    torn = at / "torn" / UNIT / f"{UNIT}.ipynb"
    torn.write_bytes(torn.read_bytes()[:-3000])
    for name, change in (("twice", lambda nb: nb.cells + nb.cells[:40]), ("bare", bare)):
        path = at / name / UNIT / f"{UNIT}.ipynb"
        nb = nbformat.read(path, as_version=4)
        nb.cells = change(nb)
        path.write_text(json.dumps(nb), encoding="utf-8")
    (at / "linked" / UNIT / "mine.json").symlink_to(course.folder / "keys" / f"{UNIT}.json")
    course.printed = course.nbgrader("autograde", UNIT)
    return course


def bare(nb):
    for cell in nb.cells:
        cell.metadata = {}
    return nb.cells


def marks(course):
    with Gradebook(course.database) as book:
        return {
            submission.student.id: (
                submission.score,
                submission.needs_manual_grade,
                {g.name: g.auto_score for n in submission.notebooks for g in n.grades},
            )
            for submission in book.assignment_submissions(UNIT)
        }


def test_damage_costs_no_points_and_no_other_student_is_touched(course):
    given = marks(course)
    assert given.keys() == {"whole", "renamed", "torn", "twice", "bare", "linked"}
    points = given["whole"][0]
    assert points > 40
    assert {name: score for name, (score, *_) in given.items()} == dict.fromkeys(given, points)


def test_each_repair_is_in_the_log_and_beside_the_work_the_instructor_reads(course):
    for name, said in (
        ("renamed", "was renamed"),
        ("torn", "is damaged"),
        ("twice", "stood twice"),
        ("bare", "lost nbgrader's settings"),
    ):
        line = next(
            line for line in course.printed.splitlines() if f"{name}: " in line and said in line
        )
        assert "WARNING" in line
        path = course.folder / "autograded" / name / UNIT / f"{UNIT}.ipynb"
        assert said in nbformat.read(path, as_version=4).cells[0].source.replace("\\", "")
    whole = course.folder / "autograded" / "whole" / UNIT / f"{UNIT}.ipynb"
    assert "Put right" not in whole.read_text("utf-8")


def test_the_graded_folder_holds_no_link_and_no_key(course):
    place = course.folder / "autograded" / "linked" / UNIT
    assert {path.name for path in place.iterdir()} == {
        f"{UNIT}.ipynb", "answers.json", "questions.json", "timestamp.txt"
    }  # fmt: skip
    assert not any(path.is_symlink() for path in place.iterdir())


def test_feedback_gives_reasons_only_where_the_instructor_allows_it_and_never_the_key(
    course, tmp_path
):
    keys = json.loads((course.folder / "keys" / f"{UNIT}.json").read_text("utf-8"))["keys"]
    wrong = next(
        (name, option) for name, key in keys.items()
        for option in key["because"] if isinstance(key.get("answer"), str) and option in "abcdef"
    )  # fmt: skip
    asked = json.loads((course.folder / "source" / UNIT / "questions.json").read_text("utf-8"))
    kind = asked["questions"][wrong[0]]["kind"]
    response = {"claim": wrong[1], "evidence": []} if kind == "claim" else wrong[1]
    told = {}
    for allowed in ("", f"\nc.GradeMaster.reasons = [{wrong[0]!r}]\n"):
        copy = Course(tmp_path / (allowed and "allowed"), CONFIG + allowed)
        shutil.copy(course.folder / "gradebook.db", copy.folder)
        shutil.copytree(course.folder / "release", copy.folder / "release")
        classes.hand_in(copy.folder, UNIT, "ada", {wrong[0]: response})
        copy.nbgrader("autograde", UNIT)
        copy.nbgrader("generate_feedback", UNIT)
        page = (copy.folder / "feedback" / "ada" / UNIT / f"{UNIT}.html").read_text("utf-8")
        told[bool(allowed)] = " ".join(html.unescape(page).split())
    reason = " ".join(keys[wrong[0]]["because"][wrong[1]].split())
    why = " ".join(keys[wrong[0]]["why"].split())
    assert reason in told[True] and reason not in told[False]
    assert why not in told[True] and why not in told[False]


def test_our_command_gives_the_same_marks(course, tmp_path):
    from test_grade_command import grade

    before = marks(course)
    copy = Course(tmp_path, CONFIG)
    shutil.copytree(course.folder, copy.folder, dirs_exist_ok=True)
    _, report = grade(copy, unit=UNIT)
    assert report["graded"] == len(before)
    assert marks(copy) == before


def test_formgraders_button_grades_again_and_keeps_marks_given_by_hand(course, monkeypatch):
    before = marks(course)["whole"]
    with Gradebook(course.database) as book:
        notebook = book.find_submission_notebook(UNIT, UNIT, "whole")
        essay = next(g for g in notebook.grades if g.cell.cell_type == "markdown")
        essay.manual_score = 2
        book.db.commit()
    monkeypatch.chdir(course.folder)
    monkeypatch.setenv("PATH", course.environment["PATH"])
    config = Config(PyFileConfigLoader("nbgrader_config.py", str(course.folder)).load_config())
    config.CourseDirectory.root = str(course.folder)
    # What formgrader's button calls.
    result = NbGraderAPI(config=config).autograde(UNIT, "whole")
    assert result["success"], result
    assert marks(course)["whole"][0] == before[0] + 2
    assert os.getcwd() == str(course.folder)  # noqa: PTH109


def test_what_a_student_wrote_runs_no_script_in_the_instructors_page(course):
    course.nbgrader("generate_feedback", UNIT)
    page = (course.folder / "feedback" / "whole" / UNIT / f"{UNIT}.html").read_text("utf-8")
    assert "Hm." in page
    assert "<script>window.caught" not in page


def test_a_pipe_in_the_notebooks_place_is_not_waited_at(tmp_path):
    os.mkfifo(tmp_path / f"{UNIT}.ipynb")
    text, _ = ForgivingExporter().from_filename(str(tmp_path / f"{UNIT}.ipynb"))
    assert json.loads(text)["cells"] == []


def test_without_the_key_nobody_gets_a_mark_and_the_reason_is_told(course, tmp_path):
    copy = Course(tmp_path, CONFIG)
    shutil.copytree(course.folder, copy.folder, dirs_exist_ok=True)
    (copy.folder / "keys" / f"{UNIT}.json").unlink()
    printed = copy.nbgrader("autograde", UNIT, "--student=whole", "--force", check=False)
    assert "despatch963 build" in printed
    assert not (copy.folder / "autograded" / "whole").exists() or not list(
        (copy.folder / "autograded" / "whole").rglob("*.ipynb")
    )
