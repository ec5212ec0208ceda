"""The bank of questions as a whole: nothing in its form gives keys away, and every unit runs."""

import json
import re
import shutil
from collections import Counter
from itertools import pairwise
from statistics import mean

import nbformat
import pytest
from conftest import ROOT
from despatch963.authoring import unit as units
from nbclient import NotebookClient

RECOGNITION = {"choice", "choices", "claim"}
COURSE = [
    units.read(path)[0]
    for path in sorted((ROOT / "course" / "units").glob("*/*.md"))
    if path.stem in ("lesson", "assignment")
]
QUESTIONS = [(unit, question) for unit in COURSE for question in unit.questions.values()]
GRADED = [(u, q) for u, q in QUESTIONS if u.part == "assignment" and q["kind"] != "essay"]
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ASSIGNMENTS = sorted((ROOT / "assignments" / "source").glob("*/*.ipynb"))


PARTS = {part: [u for u in COURSE if u.part == part] for part in ("lesson", "assignment")}


@pytest.mark.parametrize("unit", PARTS["assignment"], ids=lambda u: u.slug)
def test_an_assignment_asks_enough_and_not_only_for_recognition(unit):
    kinds = Counter(question["kind"] for question in unit.questions.values())
    essays = kinds.pop("essay", 0)
    assert essays == 1
    assert kinds.total() >= 14
    assert sum(n for kind, n in kinds.items() if kind not in RECOGNITION - {"claim"}) >= (
        kinds.total() / 3
    )


@pytest.mark.parametrize("unit", PARTS["lesson"], ids=lambda u: u.slug)
def test_a_lesson_gives_practice(unit):
    assert len(unit.questions) >= (1 if unit.slug.startswith("00") else 6)


def test_right_answers_are_spread_over_the_letters():
    letters = Counter(q["answer"] for _, q in GRADED if q["kind"] in ("choice", "claim"))
    assert set(letters) >= {"a", "b", "c", "d"}
    for letter, times in letters.items():
        assert times <= 0.4 * letters.total(), f"{letter} is right {times} times"


def test_the_right_option_is_not_the_longer_one():
    right, wrong = [], []
    for _, question in QUESTIONS:
        if question["kind"] in ("choice", "claim"):
            for name, option in question["options"].items():
                (right if name == question["answer"] else wrong).append(len(option))
    assert mean(right) <= 1.05 * mean(wrong)
    assert mean(right) >= 0.9 * mean(wrong)


def test_no_option_speaks_of_the_other_options():
    for unit, question in QUESTIONS:
        # In a match, "none of these" is a group like the others.
        options = question["options"] if question["kind"] in RECOGNITION else {}
        for option in options.values():
            assert not re.search(r"\b(all|none) of (the above|these)\b", option, re.I), (
                unit.file,
                question["id"],
            )


def test_no_prompt_is_asked_twice():
    prompts = Counter(" ".join(question["prompt"].split()) for _, question in QUESTIONS)
    assert max(prompts.values()) == 1


def _plainly(prompt):
    """Return the prompt's own words: quotations and ids count as one word each."""
    return re.sub(r"`[^`]*`|“[^”]*”|\*[^*]{25,}\*", "this", prompt)


def _reading_grade(prompt):
    """Return the Automated Readability Index: about the school year that reads it with ease."""
    words = re.findall(r"[A-Za-z][\w’'-]*", _plainly(prompt))
    sentences = max(1, len(re.findall(r"[.!?:](?:\s|$)", _plainly(prompt))))
    return 4.71 * sum(map(len, words)) / len(words) + 0.5 * len(words) / sentences - 21.43


def test_a_prompt_is_read_with_ease():
    grades = {question["id"]: _reading_grade(question["prompt"]) for _, question in QUESTIONS}
    assert mean(grades.values()) <= 6
    hard = {name: round(grade, 1) for name, grade in grades.items() if grade > 12.5}
    assert not hard


def test_a_question_that_asks_what_is_not_so_says_it_with_emphasis():
    for unit, question in QUESTIONS:
        if question["kind"] in RECOGNITION | {"passages"}:
            for asking in re.findall(r"\b(?:Which|What|Who)\b[^.?!]*\?", question["prompt"]):
                for denial in re.findall(r"\S*\b(?:not|never|except|cannot)\b\S*", asking):
                    assert "*" in denial, (unit.file, question["id"], asking)


def test_every_skill_is_asked_in_every_second_unit_at_least():
    asked = [
        {question["skill"] for question in unit.questions.values()} for unit in PARTS["assignment"]
    ]
    for skill in set().union(*asked):
        for one, next_one in pairwise(asked):
            assert skill in one | next_one, skill


def test_an_essay_has_its_rubric_and_samples_within_its_length():
    for unit, question in QUESTIONS:
        if question["kind"] == "essay":
            low, high = question["words"]
            assert len(question["rubric"]) >= 3, unit.file
            for level, sample in question["samples"].items():
                assert low <= len(sample.split()) <= high, (unit.file, level)


@pytest.mark.slow
@pytest.mark.parametrize("notebook", [*LESSONS, *ASSIGNMENTS], ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(notebook, tmp_path):
    shutil.copy(notebook.with_name("questions.json"), tmp_path)
    nb = nbformat.read(notebook, as_version=4)
    NotebookClient(nb, resources={"metadata": {"path": str(tmp_path)}}, timeout=180).execute()
    assert len(json.dumps(nb)) < 1_000_000, "an executed notebook stays under 1 MB"
