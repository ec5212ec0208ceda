"""A class's answers to one assignment, as the instructor's folders hold them."""

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import answers, questions
from ..questions.selecting import words_between
from .sheet import validated

if TYPE_CHECKING:
    import pandas as pd

Record = dict[str, Any]
Word = tuple[str, int]
"""A word of the text: the passage it stands in, and its place there, from 0."""


class NothingToReport(FileNotFoundError):
    """No submission of the assignment is here, or not its questions and keys."""


class Class(NamedTuple):
    """The questions of an assignment with their keys, and the responses of each student."""

    assignment: str
    questions: dict[str, Record]
    keys: dict[str, Record]
    responses: dict[str, dict[str, Any]]


class Misreading(NamedTuple):
    """A wrong answer that has its own reason: how many gave it, as they read it, and why not."""

    times: int
    wrong: str
    reason: str


def read(course: Path, assignment: str) -> Class:
    """Read the class from an nbgrader course's folders; raise NothingToReport.

    The graded sheets are taken where there are any, else the submitted ones.
    """
    try:
        asked = _load(course / "source" / assignment / "questions.json")["questions"]
        keys = _load(course / "keys" / f"{assignment}.json")["keys"]
    except FileNotFoundError as error:
        raise NothingToReport(
            f"There is no {error.filename}. Run this in the folder with nbgrader_config.py, and "
            "name an assignment that is in source/ and has its key in keys/."
        ) from None
    marked = {name: {"id": name, **q} for name, q in asked.items() if q["kind"] != "essay"}
    sheets: dict[str, Path] = {}
    for stage in ("submitted", "autograded"):
        for folder in sorted((course / stage).glob(f"*/{assignment}")):
            sheets[folder.parent.name] = folder
    if not sheets:
        raise NothingToReport(
            f"Nobody's {assignment} is in submitted/ or autograded/. Run `nbgrader collect "
            f"{assignment}` first."
        )
    return Class(assignment, marked, keys, {who: _responses(at) for who, at in sheets.items()})


def _load(path: Path) -> Record:
    return json.loads(path.read_text(encoding="utf-8"))


def _responses(folder: Path) -> dict[str, Any]:
    try:
        content = (folder / answers.SHEET).read_bytes()
    except OSError:
        return {}
    return validated(content)[0]


def scores(group: Class) -> "pd.DataFrame":
    """Return a row per student and a column per question: scores in [0, 1]."""
    import pandas as pd

    marks = {
        who: {
            name: questions.mark(asked, group.keys[name], given.get(name)).score
            for name, asked in group.questions.items()
        }
        for who, given in group.responses.items()
    }
    return pd.DataFrame.from_dict(marks, orient="index", columns=list(group.questions))


def answered(group: Class) -> dict[str, int]:
    """Return, for each question, how many students answered it."""
    return {
        name: sum(questions.answered(asked, given.get(name)) for given in group.responses.values())
        for name, asked in group.questions.items()
    }


def misreadings(group: Class, name: str) -> list[Misreading]:
    """Return the wrong answers to a question that have a reason, the commonest first."""
    asked, key = group.questions[name], group.keys[name]
    kind = questions.KINDS[asked["kind"]]
    counted = Counter[str]()
    for responses in group.responses.values():
        given = kind.read(asked, responses.get(name))
        if given is not None:
            counted.update(kind.misreadings(asked, key, given))
    because = key.get("because", {})
    return [
        Misreading(times, asked.get("options", {}).get(wrong, wrong), because[wrong])
        for wrong, times in counted.most_common()
        if wrong in because
    ]


def marked_words(group: Class) -> Counter[Word]:
    """Return how many students marked each word of the text, in whichever question."""
    marked = Counter[Word]()
    for responses in group.responses.values():
        words: set[Word] = set()
        for name, asked in group.questions.items():
            for target in _spans(asked, responses.get(name)):
                words |= _words(asked, target)
        marked.update(words)
    return marked


def key_words(group: Class) -> set[Word]:
    """Return the words that the keys accept."""
    words: set[Word] = set()
    for name, asked in group.questions.items():
        key = group.keys[name]
        wanted = {"evidence": key.get("answer"), "claim": key.get("evidence")}.get(asked["kind"])
        for quotation in wanted or ():
            if target := questions.find_quotation(asked["text"], quotation):
                words |= _words(asked, target)
    return words


def _spans(asked: Record, response: Any) -> list[Record]:
    given = questions.KINDS[asked["kind"]].read(asked, response)
    if given and asked["kind"] == "claim":
        return given["evidence"]
    return given if given and asked["kind"] == "evidence" else []


def _words(asked: Record, target: Record) -> set[Word]:
    place = target["selector"][1]
    text = asked["text"][target["source"]]
    return words_between(target["source"], text, place["start"], place["end"])
