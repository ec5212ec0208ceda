"""Honest work gets the same marks from our grader as from nbgrader as it comes, cell by cell."""

import random
import shutil
import subprocess
import sys

import classes
import nbformat
import pytest
from conftest import ROOT, Course
from nbgrader.api import Gradebook

pytestmark = pytest.mark.slow

UNIT = "05-the-consulates"
CONFIG = (ROOT / "assignments" / "nbgrader_config.py").read_text("utf-8")
STUDENTS = [f"{half}{number:02}" for half in "ab" for number in range(25)]


def hand_in(course, student, seed, responses):
    """Hand in what an honest student might: some of it, done in the cells or by hand, or wrong."""
    chance = random.Random(seed)
    given = classes.varied(responses, seed)
    for name in list(given):
        if isinstance(given[name], int) and chance.random() < 0.3:
            given[name] = given[name] + chance.choice([-1, 1, 0.5])
    essay = chance.choice(["", "The report and the treaty do not agree."])
    folder = classes.hand_in(course.folder, UNIT, student, given, essay=essay)
    path = folder / f"{UNIT}.ipynb"
    if chance.random() < 0.8:
        classes.compute(path, given)
    nb = nbformat.read(path, as_version=4)
    exercises = [cell for cell in nb.cells if cell.id.startswith("exercise-")]
    habit = seed % 5
    if habit == 1:
        # Numbers of the student's own, worked out in a cell of the student's own.
        at = nb.cells.index(exercises[0])
        name = exercises[0].id.removeprefix("exercise-")
        nb.cells.insert(at, nbformat.v4.new_code_cell("offices = 2 + 3\noffices"))
        exercises[0].source = f'answer("{name}", offices)'
    if habit == 2:
        exercises[1].source += "\nno_such_name"
    if habit == 3:
        exercises[2].source = "rows = claims.dropna(\n" + exercises[2].source
    if habit == 4:
        example = nb.cells[nb.cells.index(exercises[0]) - 1]
        nb.cells[nb.cells.index(example) - 1].metadata["note"] = "read twice"
        exercises[-1].source = f"import pandas as pd\n{exercises[-1].source}\n%time 1 + 1"
    nbformat.write(nb, path)


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Two courses with the same class, marked by stock nbgrader and by our command."""
    stock = Course(tmp_path_factory.mktemp("stock"), CONFIG + classes.STOCK)
    stock.nbgrader("generate_assignment", UNIT, "--create")
    responses = classes.perfect(stock.folder, UNIT)
    for seed, student in enumerate(STUDENTS):
        hand_in(stock, student, seed, responses)
    ours = Course(tmp_path_factory.mktemp("ours"), CONFIG)
    config = (ours.folder / "nbgrader_config.py").read_text("utf-8")
    shutil.copytree(stock.folder, ours.folder, dirs_exist_ok=True)
    (ours.folder / "nbgrader_config.py").write_text(config, encoding="utf-8")
    # nbgrader takes one student after another; two of it share the work.
    halves = [
        subprocess.Popen(
            [sys.executable, "-m", "nbgrader", "autograde", UNIT, "--student", f"{half}*"],
            cwd=stock.folder,
            env=stock.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for half in "ab"
    ]
    assert [half.wait(timeout=500) for half in halves] == [0, 0]
    graded = subprocess.run(
        [sys.executable, "-m", "despatch963.cli", "grade", UNIT],
        cwd=ours.folder,
        env=ours.environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert graded.returncode == 0, graded.stdout + graded.stderr
    return stock, ours


def marks(course):
    """Return every cell's marks and comment, by student."""
    with Gradebook(course.database) as book:
        return {
            submission.student.id: {
                **{g.name: (g.auto_score, g.needs_manual_grade) for g in notebook.grades},
                **{("comment", c.name): c.auto_comment for c in notebook.comments},
            }
            for submission in book.assignment_submissions(UNIT)
            for notebook in submission.notebooks
        }


def test_fifty_varied_submissions_get_the_same_marks_in_every_cell(both):
    stock, ours = map(marks, both)
    assert len(stock) == len(STUDENTS) == 50
    for student in STUDENTS:
        assert ours[student] == stock[student], student


def test_the_fifty_are_varied(both):
    totals = {
        student: sum(cell[0] or 0 for name, cell in cells.items() if isinstance(name, str))
        for student, cells in marks(both[1]).items()
    }
    assert len(set(totals.values())) > 15
    assert min(totals.values()) < max(totals.values()) / 2
