"""From unit files to notebooks: what is built, that it is current, and how mistakes are told."""

import json
import shutil

import nbformat
import pytest
from despatch963.authoring.build import build, compose

UNIT = "01-a-unit"

FRONT = """\
---
title: Read a heading
passages: [heading]
minutes: 10
you_will_do: Read it.
you_will_learn: [Read, Look, Say]
---
"""

CHOICE = """\
```{question}
id: who
kind: choice
skill: sourcing
points: 2
cites: [heading, frus_d452]
prompt: Who writes?
options: {a: The Ambassador, b: The Chargé}
answer: b
why: “The Chargé in the Soviet Union” stands there.
because: {a: The Ambassador is not named.}
```
"""

EVIDENCE = """\
```{question}
id: hedge
kind: evidence
skill: close-reading
points: 1
cites: [p1]
passages: [p1]
prompt: Mark the hedge.
answer: ['it is felt']
why: Who feels is not said.
because: {'a brief résumé': That is no hedge.}
```
"""

PROSE = """
Some prose with a quotation, “the Soviet attitude”.

## A heading

```{passage} p1
```

```python
despatch.find("apparently")
```

| a | table |
|---|---|
| 1 | 2 |
"""


@pytest.fixture
def course(tmp_path):
    """A course of one unit; returns its root and a function that writes the assignment."""
    folder = tmp_path / "course" / "units" / UNIT
    folder.mkdir(parents=True)

    def write(*questions, part="assignment", front=FRONT, prose=PROSE):
        text = front + prose + "\n" + "\n".join(questions)
        (folder / f"{part}.md").write_text(text, encoding="utf-8", newline="\n")
        return tmp_path

    return write


def problems(root):
    return [str(problem) for problem in compose(root)[1]]


def test_the_committed_notebooks_are_what_the_units_make(root):
    assert build(root, check=True) == []


def test_building_twice_gives_the_same_bytes(course):
    root = course(CHOICE, EVIDENCE)
    assert build(root) == []
    first = {path: path.read_bytes() for path in root.rglob("*.*") if path.is_file()}
    assert build(root) == []
    assert {path: path.read_bytes() for path in root.rglob("*.*") if path.is_file()} == first


def test_a_stale_notebook_is_named_with_its_unit(course):
    root = course(CHOICE)
    build(root)
    course(CHOICE.replace("Who writes?", "Who signs?"))
    stale = build(root, check=True)
    assert len(stale) == 2
    assert all(f"course/units/{UNIT}" in line for line in stale)
    assert build(root) == []
    assert build(root, check=True) == []


def test_what_a_removed_unit_left_behind_is_found_and_taken_away(course):
    root = course(CHOICE)
    build(root)
    shutil.rmtree(root / "course" / "units" / UNIT)
    assert any("has no unit any more" in line for line in build(root, check=True))
    build(root)
    assert not list(root.glob("assignments/**/*.ipynb"))


def test_a_built_notebook_is_valid_and_reads_well_unrun(course):
    root = course(CHOICE, EVIDENCE)
    build(root)
    notebook = nbformat.read(root / f"assignments/source/{UNIT}/{UNIT}.ipynb", as_version=4)
    nbformat.validate(notebook)
    text = "\n\n".join(cell.source for cell in notebook.cells)
    for shown in ("# Read a heading", "**b.** The Chargé", 'despatch.paragraph("p1")', "| 1 | 2 |"):
        assert shown in text
    headings = [cell for cell in notebook.cells if cell.source.startswith("## ")]
    assert len(headings) == 1


def test_a_graded_question_is_one_locked_cell_that_calls_question(course):
    root = course(CHOICE)
    build(root)
    notebook = nbformat.read(root / f"assignments/source/{UNIT}/{UNIT}.ipynb", as_version=4)
    (cell,) = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade")]
    assert cell.source == 'question("who")'
    assert cell.metadata.nbgrader.locked
    assert cell.metadata.nbgrader.points == 2


NUMBER = """\
```{exercise} paragraphs
answer("paragraphs", ...)
```

```{question}
id: paragraphs
kind: number
skill: quantities-and-places
points: 1
cites: [p1]
prompt: How many?
answer: 12
why: The editors' line is not counted.
because: {13: You counted the editors' line.}
```
"""


def test_an_exercise_is_a_free_cell_found_by_the_question_it_answers(course):
    root = course(NUMBER)
    assert build(root) == []
    notebook = nbformat.read(root / f"assignments/source/{UNIT}/{UNIT}.ipynb", as_version=4)
    (cell,) = [c for c in notebook.cells if c.id == "exercise-paragraphs"]
    assert cell.source == 'answer("paragraphs", ...)'
    assert "nbgrader" not in cell.metadata


def test_an_exercise_for_no_question_is_told(course):
    found = problems(course(NUMBER.replace("{exercise} paragraphs", "{exercise} sections")))
    assert len(found) == 1
    assert "an exercise belongs to a number or table" in found[0]
    assert "sections" in found[0]


def test_the_key_is_in_a_file_of_its_own_and_nowhere_else(course):
    root = course(CHOICE, EVIDENCE)
    build(root)
    keys = json.loads((root / f"assignments/keys/{UNIT}.json").read_text(encoding="utf-8"))
    assert keys["keys"]["who"]["answer"] == "b"
    for path in (root / "assignments" / "source").rglob("*.*"):
        text = path.read_text(encoding="utf-8")
        for secret in ("answer", "because", "Ambassador is not named", "Who feels is not said"):
            assert secret not in text, path.name


def test_practice_keys_are_built_beside_the_lessons(course):
    root = course(CHOICE.replace("points: 2\n", ""), part="lesson")
    assert build(root) == []
    assert (root / "notebooks" / "keys" / f"{UNIT}.json").exists()
    asked = json.loads((root / "notebooks" / "questions.json").read_text(encoding="utf-8"))
    assert "answer" not in asked["questions"]["who"]


MISTAKES = {
    "yaml that cannot be read": (
        CHOICE.replace("kind: choice", "kind: [choice"),
        ["assignment.md", "cannot be read", "near line"],
    ),
    "unknown kind": (
        CHOICE.replace("kind: choice", "kind: chioce"),
        ["assignment.md", "'who'", "unknown kind", "'chioce' is none of"],
    ),
    "answer that is no option": (
        CHOICE.replace("answer: b", "answer: d"),
        ["'who'", "answer must be among the options", "'d' is none of a, b"],
    ),
    "citation that does not resolve": (
        CHOICE.replace("frus_d452", "frus_d999"),
        ["'who'", "citation must resolve", "frus_d999"],
    ),
    "missing reason": (
        CHOICE.replace("b: The Chargé}", "b: The Chargé, c: The Secretary}"),
        ["'who'", "every wrong option needs its reason", "no `because` for c"],
    ),
    "reason for nothing": (
        CHOICE.replace("because: {a:", "because: {z: Nothing., a:"),
        ["'who'", "a reason must belong to a wrong option", "z"],
    ),
    "misspelt field": (
        CHOICE.replace("prompt:", "promt:"),
        ["'who'", "form of the question", "promt"],
    ),
    "unknown skill": (
        CHOICE.replace("sourcing", "guessing"),
        ["'who'", "form of the question", "guessing"],
    ),
    "no points": (CHOICE.replace("points: 2\n", ""), ["'who'", "a graded question needs points"]),
    "field twice": (
        CHOICE.replace("answer: b", "answer: b\nanswer: a"),
        ["cannot be read", "answer stands twice"],
    ),
    "quotation not verbatim": (
        CHOICE.replace("“The Chargé in the Soviet Union”", "“The Charge in the Soviet Union”"),
        ["'who'", "quotation must be verbatim", "“The Charge in the Soviet Union”"],
    ),
    "evidence not in its passage": (
        EVIDENCE.replace("it is felt", "it is thought"),
        ["'hedge'", "quotation must be verbatim in its passages", "it is thought"],
    ),
    "evidence that cuts a word": (
        EVIDENCE.replace("it is felt", "it is fel"),
        ["'hedge'", "quotation must be verbatim in its passages"],
    ),
    "order written in the right order": (
        CHOICE.replace("kind: choice", "kind: order")
        .replace("options:", "items:")
        .replace("answer: b", "answer: [a, b]"),
        ["'who'", "items must not be written in the right order"],
    ),
    "pair without an answer": (
        CHOICE.replace("kind: choice", "kind: match")
        .replace("options:", "items: {x: X, y: Y}\noptions:")
        .replace("answer: b", "answer: {x: b}"),
        ["'who'", "every item needs one answer", "'y'"],
    ),
}


@pytest.mark.parametrize(("question", "told"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_gives_one_error_with_file_question_rule_and_finding(course, question, told):
    found = problems(course(question))
    assert len(found) == 1, found
    for words in told:
        assert words in found[0]


def test_an_id_that_stands_twice_is_told_with_both_files(course):
    course(CHOICE)
    found = problems(course(CHOICE.replace("points: 2\n", ""), part="lesson"))
    assert len(found) == 1
    assert "id must be unique" in found[0]
    assert f"{UNIT}/assignment.md" in found[0] or f"{UNIT}/lesson.md" in found[0]


def test_a_quotation_in_prose_must_be_verbatim(course):
    found = problems(course(CHOICE, prose="\nHe speaks of “the Soviet altitude”.\n"))
    assert len(found) == 1
    assert "“the Soviet altitude”" in found[0]
    assert "near line 8" in found[0]


def test_a_passage_or_directive_that_does_not_exist_is_told(course):
    found = problems(course(CHOICE, prose="\n```{passage} p13\n```\n\n```{pasage} p1\n```\n"))
    assert any("p13" in line for line in found)
    assert any("unknown directive" in line and "pasage" in line for line in found)
    assert len(found) == 2


def test_missing_front_matter_is_told(course):
    found = problems(course(CHOICE, front=FRONT.replace("minutes: 10\n", "")))
    assert len(found) == 1
    assert "no minutes" in found[0]


def test_all_mistakes_are_told_in_one_run_and_nothing_is_written(course):
    root = course(*(question for question, _ in list(MISTAKES.values())[1:4]))
    found = build(root)
    # The three questions share one id, which is a mistake too.
    assert len(found) == 5
    assert not (root / "assignments").exists()
