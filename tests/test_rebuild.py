"""The notebook that is marked: the instructor's, with the student's words; repairs are told."""

import json

import nbformat
import pytest
from conftest import ROOT
from despatch963.grading import submission
from despatch963.grading.rebuild import code, computes, rebuilt

UNIT = "05-the-consulates"
ESSAY = "reciprocity-essay"


@pytest.fixture(scope="module")
def master():
    return submission.paper(ROOT / "assignments", UNIT).master


@pytest.fixture
def nb(master):
    """A submitted notebook in which the essay and one exercise were done."""
    nb = nbformat.reads(master.decode(), as_version=4)
    cell(nb, ESSAY).source = "In my words."
    cell(nb, "exercise-telegram-sum").source = "answer('telegram-sum', 1)"
    return nb


def cell(nb, name):
    return next(
        c for c in nb.cells if name in (c.id, c.metadata.get("nbgrader", {}).get("grade_id"))
    )


def put(master, nb, name=f"{UNIT}.ipynb"):
    content = nb if isinstance(nb, bytes) else json.dumps(nb).encode()
    return rebuilt(master, UNIT, {name: content})


def intact(master, result):
    """Say whether the rebuilt notebook has the instructor's cells in order, and the two answers."""
    ours = [c["id"] for c in json.loads(master)["cells"]]
    return (
        [c.id for c in result.notebook.cells if c.id in ours] == ours
        and cell(result.notebook, ESSAY).source == "In my words."
        and cell(result.notebook, "exercise-telegram-sum").source == "answer('telegram-sum', 1)"
        and computes(result)
    )


def test_an_honest_notebook_needs_no_repair(master, nb):
    result = put(master, nb)
    assert intact(master, result)
    assert result.repairs == []


def test_a_notebook_saved_by_jupyter_or_with_outputs_needs_no_repair(master, nb):
    for each in nb.cells:
        if each.cell_type == "code":
            each.outputs = [nbformat.v4.new_output("stream", text="1000 points")]
            each.execution_count = 3
    result = put(master, nbformat.writes(nb).encode())
    assert intact(master, result) and result.repairs == []
    assert "1000 points" not in nbformat.writes(result.notebook)


def delete(nb):
    nb.cells = [c for c in nb.cells if "kiev" not in str(c.metadata)]


def duplicate(nb):
    nb.cells += [nbformat.from_dict(c) for c in nb.cells[:9]]


def reorder(nb):
    nb.cells.reverse()


def retype(nb):
    for each in nb.cells[3:6]:
        each.cell_type = "raw"


def edit(nb):
    graded = next(c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade"))
    graded.source = "55"


def lose_settings(nb):
    for each in nb.cells:
        each.metadata = {}


def lose_ids(nb):
    nb.nbformat_minor = 4
    for each in nb.cells:
        del each["id"]


def upgrade(nb):
    nb.nbformat = 5


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (delete, "were missing and were put back"),
        (duplicate, "stood twice"),
        (reorder, "in another order"),
        (retype, "of another type"),
        (edit, "edited; undone"),
        (lose_settings, "lost nbgrader's settings"),
        (upgrade, "not nbformat 4"),
    ],
)
def test_each_damage_is_repaired_and_told(master, nb, damage, said):
    damage(nb)
    result = put(master, nb)
    assert intact(master, result)
    assert any(said in line for line in result.repairs), result.repairs


def test_cells_without_ids_are_found_by_their_settings(master, nb):
    lose_ids(nb)
    result = put(master, nb)
    assert cell(result.notebook, ESSAY).source == "In my words."


def test_an_edit_of_a_question_does_not_stand(master, nb):
    edit(nb)
    assert "55" not in [c.source for c in put(master, nb).notebook.cells]


def test_a_renamed_notebook_is_taken_and_the_right_one_before_it(master, nb):
    result = put(master, nb, "my copy (1).ipynb")
    assert intact(master, result)
    assert result.repairs == [
        f"The notebook was renamed: my copy ?1?.ipynb was taken for {UNIT}.ipynb."
    ]
    other = {"a.ipynb": master, f"{UNIT}.ipynb": json.dumps(nb).encode()}
    result = rebuilt(master, UNIT, other)
    assert intact(master, result)
    assert "not read: a.ipynb" in result.repairs[0]


def test_a_stranger_notebook_is_not_taken(master):
    stranger = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("Hello")])
    result = put(master, stranger, "notes.ipynb")
    assert "There is no notebook" in result.repairs[0]
    assert not computes(result)


def test_a_notebook_without_cells_is_told(master):
    result = put(master, b'{"cells": [], "nbformat": 4}')
    assert result.repairs == ["The notebook has no cells: the instructor's was taken."]


def test_the_old_format_of_worksheets_is_read(master, nb):
    result = put(master, json.dumps(nbformat.v4.downgrade(nb)).encode())
    assert cell(result.notebook, ESSAY).source == "In my words."
    assert any("old format" in line for line in result.repairs)


@pytest.mark.parametrize("part", [0.5, 0.9, 0.999])
def test_of_a_notebook_that_breaks_off_the_cells_before_the_break_are_kept(master, nb, part):
    whole = nbformat.writes(nb).encode()
    result = put(master, whole[: int(len(whole) * part)])
    assert any("damaged" in line for line in result.repairs)
    if part > 0.9:
        assert cell(result.notebook, "exercise-telegram-sum").source == "answer('telegram-sum', 1)"


def test_own_cells_stay_where_they_stood(master, nb):
    at = nb.cells.index(cell(nb, "exercise-telegram-sum"))
    nb.cells.insert(at, nbformat.v4.new_code_cell("mine = 1"))
    nb.cells.insert(0, nbformat.v4.new_markdown_cell("My notes"))
    result = put(master, nb)
    assert intact(master, result) and result.repairs == []
    sources = [c.source for c in result.notebook.cells]
    assert sources[0] == "My notes"
    assert sources.index("mine = 1") == sources.index("answer('telegram-sum', 1)") - 1
    assert not any(c.metadata for c in result.notebook.cells if c.id.startswith("own-"))


def test_of_an_answer_that_stands_twice_the_one_that_was_written_counts(master, nb):
    again = nbformat.from_dict(cell(nb, ESSAY))
    blank = json.loads(master)["cells"]
    given = next(c for c in blank if c["metadata"].get("nbgrader", {}).get("grade_id") == ESSAY)
    cell(nb, ESSAY).source = given["source"]
    nb.cells.append(again)
    assert cell(put(master, nb).notebook, ESSAY).source == "In my words."


def test_two_answers_to_one_question_are_both_there_to_read(master, nb):
    again = nbformat.from_dict(cell(nb, ESSAY))
    again.source = "In other words."
    nb.cells.append(again)
    result = put(master, nb)
    assert cell(result.notebook, ESSAY).source == "In my words."
    assert "In other words." in [c.source for c in result.notebook.cells]


def test_what_is_told_names_nothing_that_a_student_could_make_work(master, nb):
    result = put(master, nb, "<script>alert(1)`|.ipynb")
    assert not set("<>`|&") & set("".join(result.repairs))


def test_of_the_instructors_cells_what_only_shows_is_not_run(master, nb):
    result = put(master, nb)
    kept = {c.id: code(result, c) for c in result.notebook.cells if c.cell_type == "code"}
    shows = next(c for c in nb.cells if c.source.startswith("from despatch963 import answer"))
    assert kept[shows.id] and kept[shows.id] in shows.source
    assert "closures_map(by" in shows.source and "closures_map(by" not in kept[shows.id]
    assert kept["exercise-telegram-sum"] == "answer('telegram-sum', 1)"
