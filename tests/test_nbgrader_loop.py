"""Unit 1 through real nbgrader, from the source folder to the exported grades.

Ada hands in a perfect sheet, Ben an untouched one, Cem one that is partly right.
"""

import csv
import json
import re
import shutil

import nbformat
import pytest
from conftest import ROOT, Course
from despatch963 import answers, despatch
from despatch963.authoring.perfect import perfect_response
from despatch963.questions import span
from leaks import leaks, secrets
from nbclient import NotebookClient
from nbgrader.api import Gradebook

pytestmark = pytest.mark.slow

UNIT = "01-who-is-speaking"
OURS = (ROOT / "assignments" / "nbgrader_config.py").read_text(encoding="utf-8")
PLAIN = "c = get_config()\n"

QUESTIONS = json.loads(
    (ROOT / f"assignments/source/{UNIT}/questions.json").read_text(encoding="utf-8")
)["questions"]
KEYS = json.loads((ROOT / f"assignments/keys/{UNIT}.json").read_text(encoding="utf-8"))["keys"]
MARKED = {name: asked for name, asked in QUESTIONS.items() if asked["kind"] != "essay"}
ESSAY = next(name for name, asked in QUESTIONS.items() if asked["kind"] == "essay")
ESSAY_TEXT = "Loy W. Henderson signs as Chargé; the print gives no day."


def words(passage, quotation):
    text = despatch.paragraph(passage).text
    start = text.index(quotation)
    return span(passage, text, start, start + len(quotation))


# Response and points, worked out by hand from the rules of marking and the key.
CEM = {
    # 2 of 3 less 1 false alarm: 1/3 of 2 points.
    "heading-lacks": (["a", "c", "b"], 0.67),
    "kirk-and-davies": (30, 0),
    # The right claim on the wrong words.
    "why-not-wire": ({"claim": "d", "evidence": [words("p1", "the honor to report")]}, 0),
    # The right day as a day and not as a limit: half of 2 points.
    "earliest-day": ({"date": "1938-02-18", "relation": "on"}, 1),
    # The right month only: half of 2 points.
    "latest-day": ({"date": "1938-02", "relation": "not-after"}, 1),
    "steady-pace": (3, 0),
    # 14 of 15 pairs in order: 2 × 14/15 - 1 = 13/15 of 3 points.
    "six-papers": (["f", "d", "a", "e", "c", "b"], 2.6),
    # 3 of 6 cells, 3 points.
    "print-to-paper": ({"r1": {"least": "7", "most": "7"}, "r2": {"least": "4", "most": "4"}}, 1.5),
    # 1 word wanted, 2 marked: F1 is 2/3 of 2 points.
    "word-in-brackets": ([words("omission", "comment on Stalin")], 1.33),
    # 3 words wanted, 4 marked: F1 is 6/7 of 2 points.
    "back-to-what": ([words("p11", "referred to above and")], 1.71),
    # 4 of 7 pairs, 2 points.
    "where-it-stands": ({"q1": "d", "q2": "b", "q3": "a", "q4": "c", "q5": "a", "q6": "b"}, 1.14),
}
PARTLY_RIGHT_POINTS = {name: CEM.get(name, (None, 0))[1] for name in MARKED}


def perfect_sheet(folder):
    for name, asked in MARKED.items():
        answers.save(folder, name, perfect_response({"id": name, **asked}, KEYS[name]))


def write_essay(notebook):
    nb = nbformat.read(notebook, as_version=4)
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == ESSAY:
            cell.source = ESSAY_TEXT
    nbformat.write(nb, notebook)


def run_as_student(course, folder):
    """Run the notebook and save it with its outputs, as a student does in JupyterLab."""
    notebook = folder / f"{UNIT}.ipynb"
    nb = nbformat.read(notebook, as_version=4)
    NotebookClient(nb, resources={"metadata": {"path": str(folder)}}, timeout=120).execute()
    nbformat.write(nb, notebook)


@pytest.fixture(scope="module", params=[OURS, PLAIN], ids=["our config", "plain config"])
def course(request, tmp_path_factory):
    """A course in which everything up to the returned feedback has happened."""
    course = Course(tmp_path_factory.mktemp("loop"), request.param)
    course.nbgrader("generate_assignment", UNIT, "--create")
    course.nbgrader("release_assignment", UNIT)
    course.validated = {}
    for name in ("ada", "ben", "cem"):
        home = course.student(name)
        course.nbgrader("fetch_assignment", UNIT, cwd=home)
        folder = home / UNIT
        if name == "ada":
            perfect_sheet(folder)
        if name == "cem":
            for question, (response, _) in CEM.items():
                answers.save(folder, question, response)
        if name != "ben":
            write_essay(folder / f"{UNIT}.ipynb")
            run_as_student(course, folder)
        course.validated[name] = course.nbgrader("validate", f"{UNIT}/{UNIT}.ipynb", cwd=home)
        course.nbgrader("submit", UNIT, f"--student={name}", cwd=home)
    course.nbgrader("collect", UNIT, "--ExchangeCollect.check_owner=False")
    course.autograded = course.nbgrader("autograde", UNIT, "--create")
    with Gradebook(course.database) as gradebook:
        for name, score in (("ada", 9), ("cem", 4)):
            grade = gradebook.find_grade(ESSAY, UNIT, UNIT, name)
            grade.manual_score, grade.needs_manual_grade = score, False
        gradebook.db.commit()
    course.nbgrader("generate_feedback", UNIT)
    course.nbgrader("release_feedback", UNIT)
    return course


def scores(course, student):
    """Return the automatic score of each question, and the whole submission's score."""
    with Gradebook(course.database) as gradebook:
        submission = gradebook.find_submission(UNIT, student)
        grades = submission.notebooks[0].grades
        return {grade.name: grade.auto_score for grade in grades}, submission.score


def test_a_perfect_sheet_gets_every_automatic_point(course):
    marks, whole = scores(course, "ada")
    assert {name: marks[name] for name in MARKED} == {n: q["points"] for n, q in MARKED.items()}
    assert whole == sum(q["points"] for q in MARKED.values()) + 9


def test_an_untouched_sheet_gets_none_and_waits_for_no_one(course):
    marks, whole = scores(course, "ben")
    assert set(marks.values()) == {0}
    assert whole == 0
    with Gradebook(course.database) as gradebook:
        assert not gradebook.find_submission(UNIT, "ben").needs_manual_grade


def test_a_partly_right_sheet_gets_the_points_worked_out_by_hand(course):
    marks, whole = scores(course, "cem")
    assert {name: marks[name] for name in MARKED} == pytest.approx(PARTLY_RIGHT_POINTS)
    assert whole == pytest.approx(sum(PARTLY_RIGHT_POINTS.values()) + 4)


def test_validation_names_every_question_left_open_and_no_other(course):
    assert "Success" in course.validated["ada"]
    for name in MARKED:
        assert f"Question {name}: not answered." in course.validated["ben"]
        answered = name in CEM
        assert (f"Question {name}: not answered." in course.validated["cem"]) != answered


def test_autograding_again_gives_the_same_marks_and_keeps_the_manual_ones(course):
    before = {name: scores(course, name) for name in ("ada", "ben", "cem")}
    course.nbgrader("autograde", UNIT, "--force")
    assert {name: scores(course, name) for name in ("ada", "ben", "cem")} == before


def test_feedback_reaches_the_student_with_marks_and_places_to_read_again(course):
    for name in ("ada", "ben", "cem"):
        home = course.student(name)
        course.nbgrader("fetch_feedback", UNIT, f"--student={name}", cwd=home)
    page = next((course.student("cem") / UNIT / "feedback").rglob("*.html")).read_text("utf-8")
    assert "Read again:" in page
    assert ESSAY_TEXT in page


def test_the_exported_grades_are_those_of_the_gradebook(course):
    course.nbgrader("export", "--to=grades.csv")
    with (course.folder / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert rows == pytest.approx({name: scores(course, name)[1] for name in rows})
    assert set(rows) == {"ada", "ben", "cem"}


def given_away(folder):
    """Return the files below `folder` that hold a key: its reasons and samples, or its fields."""
    fields = re.compile(r'"(answer|why|because|samples)":')
    written = [p.name for p in folder.rglob("*.json") if fields.search(p.read_text("utf-8"))]
    return leaks(folder, secrets()) + written


@pytest.mark.parametrize("place", ["course/release", "exchange", "home"])
def test_no_key_reaches_a_student(course, place):
    """The release, all that went through the exchange (feedback too), the students' own folders."""
    folder = course.folder.parent / place
    assert any(folder.rglob(f"{UNIT}.ipynb"))
    assert given_away(folder) == []


def test_no_key_is_on_a_feedback_page(course):
    assert len(list((course.folder / "feedback").rglob("*.html"))) == 3
    assert given_away(course.folder / "feedback") == []


def test_a_planted_leak_is_found(course, tmp_path):
    shutil.copytree(course.folder / "feedback", tmp_path / "feedback")
    page = next((tmp_path / "feedback").rglob("*.html"))
    name = next(iter(MARKED))
    page.write_text(page.read_text("utf-8") + KEYS[name]["why"], encoding="utf-8")
    (tmp_path / "feedback" / "keys.json").write_text('{"answer": "b"}', encoding="utf-8")
    assert given_away(tmp_path) == [page.relative_to(tmp_path).as_posix(), "keys.json"]


def test_a_missing_key_fails_the_submission_instead_of_scoring_nothing(course, tmp_path):
    keys = course.folder / "keys"
    keys.rename(tmp_path / "keys")
    try:
        before = scores(course, "ada")
        printed = course.nbgrader("autograde", UNIT, "--student=ada", "--force", check=False)
        assert "despatch963 build" in printed
        assert scores(course, "ada") == before
    finally:
        (tmp_path / "keys").rename(keys)
    course.nbgrader("autograde", UNIT, "--student=ada", "--force")
    assert scores(course, "ada") == before
