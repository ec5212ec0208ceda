"""Honest submissions, damaged at random: nothing stops, nothing is lost in silence or elsewhere."""

import json
import os
import random
import re
import shutil
import sys

import damages
import pytest
from conftest import ROOT
from damages import DAMAGES, NOTEBOOK, SHEET, Honest
from despatch963.authoring.perfect import perfect_response
from despatch963.grading import submission, worker
from despatch963.grading.running.sandbox import Outcome
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes are made")

UNITS = ("01-who-is-speaking", "05-the-consulates")
EXAMPLES = 1200
"""For each unit; together more than two thousand."""


def ran(cells, files):
    """Stand for the sandbox: a cell of code that answers with a number or a table does it."""
    found = {}
    for cell in cells:
        for question, response in re.findall(r'^answer\("([a-z0-9-]+)", (.+)\)$', cell, re.M):
            try:
                found[question] = json.loads(response)
            except ValueError:
                continue
    return Outcome(found, "", "")


@pytest.fixture(scope="module", params=UNITS)
def unit(request):
    """A unit's paper, an honest submission of it, and what that earns."""
    paper = submission.paper(ROOT / "assignments", request.param)
    master = json.loads(paper.master)
    asked = {n: q for n, q in paper.questions.items() if q["kind"] != "essay"}
    (essay,) = set(paper.questions) - set(asked)
    right = {n: perfect_response({"id": n, **q}, paper.keys[n]) for n, q in asked.items()}
    ids = [cell["id"] for cell in master["cells"]]
    # What the last two exercises answer is in no sheet, so that it is lost with their cells.
    by_code = tuple(name for name in right if f"exercise-{name}" in ids)[-2:]
    for cell in master["cells"]:
        question = cell["id"].removeprefix("exercise-")
        if cell["id"] == f"essay-{essay}":
            cell["source"] = "The print gives no day."
        elif question in by_code:
            cell["source"] = f'answer("{question}", {json.dumps(right[question])})'
    on_sheet = {n: {"response": r} for n, r in right.items() if n not in by_code}
    files = {
        request.param + NOTEBOOK: json.dumps(master).encode(),
        SHEET: json.dumps({"version": 1, "answers": on_sheet}).encode(),
        "timestamp.txt": b"2026-01-15 12:00:00 UTC",
    }
    honest = Honest(request.param, files, essay, by_code, tuple(on_sheet))
    return paper, honest, {**{n: q["points"] for n, q in asked.items()}, essay: None}


def put(folder, files):
    """Make the folder on the disk, with what is no file."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content == "link":
            path.symlink_to(folder)
        elif content == "pipe":
            os.mkfifo(path)
        elif content == "folder":
            path.mkdir()
        else:
            path.write_bytes(content)


@pytest.fixture
def graded(unit, tmp_path, monkeypatch):
    """Grade files as a worker of the batch does, with what stands for a sandbox."""
    paper = unit[0]
    monkeypatch.setattr(worker, "_run", lambda *settings: ran)

    def grade(files):
        put(tmp_path / "work", files)
        work = submission.work(tmp_path / "work", "ada", paper.assignment)
        return worker.marked(paper, work, require=True)

    return grade


def own_words(honest, files, question):
    """Tell whether a whole sheet or notebook simply says something else, as a student may."""
    try:
        if question in honest.on_sheet:
            sheet = json.loads(files[SHEET].decode("utf-8-sig"))
            entry = sheet["answers"].get(question, {"response": None})
            return sheet["version"] == 1 and "response" in entry
        cells = json.loads(files[damages.notebook_name(honest, files)])["cells"]
        (cell,) = (c for c in cells if c["id"] == f"exercise-{question}")
        return isinstance("".join(cell["source"]), str)
    except (AttributeError, KeyError, TypeError, ValueError):
        return False


def check(paper, honest, due, files, cost, result):
    assert not result.problem
    assert result.points.keys() == due.keys()
    lost = {q for q, points in due.items() if result.points[q] != points}
    assert lost <= cost.touched
    assert result.repairs or all(own_words(honest, files, question) for question in lost)
    ours = [cell["id"] for cell in json.loads(paper.master)["cells"]]
    there = [cell["id"] for cell in json.loads(result.notebook)["cells"]]
    assert [id for id in there if id in ours] == ours
    json.loads(result.sheet)["answers"].values()


def test_an_undamaged_submission_has_all_points_and_no_repairs(unit, graded):
    _, honest, due = unit
    result = graded(honest.files)
    assert result.points == due and result.repairs == ()


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    some=st.lists(st.sampled_from(DAMAGES), min_size=1, max_size=3),
    seed=st.integers(0, 2**32),
)
def test_damage_costs_at_most_what_it_touches_and_never_in_silence(unit, graded, some, seed):
    paper, honest, due = unit
    files = dict(honest.files)
    chance = random.Random(seed)
    costs = [damage(chance, honest, files) for damage in some]
    touched = set().union(*(cost.touched for cost in costs))
    check(paper, honest, due, files, damages.Cost(touched), graded(files))


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_what_is_put_right_is_told_even_where_nothing_is_lost(unit, graded, damage):
    paper, honest, due = unit
    for seed in range(8):
        files = dict(honest.files)
        cost = damage(random.Random(seed), honest, files)
        result = graded(files)
        check(paper, honest, due, files, cost, result)
        assert result.repairs or not cost.told
