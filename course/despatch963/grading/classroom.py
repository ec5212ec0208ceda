"""A class's answers to one assignment, as the instructor's folders hold them."""

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import answers, questions
from .sheet import validated

if TYPE_CHECKING:
    import pandas as pd

Record = dict[str, Any]


class NothingToReport(FileNotFoundError):
    """No submission of the assignment is here, or not its questions and keys."""


class Class(NamedTuple):
    """The questions of an assignment with their keys, and the responses of each student."""

    assignment: str
    questions: dict[str, Record]
    keys: dict[str, Record]
    responses: dict[str, dict[str, Any]]
    folders: dict[str, Path]


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
    responses = {who: _responses(folder) for who, folder in sheets.items()}
    return Class(assignment, marked, keys, responses, sheets)


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
    counted, taken_for = Counter[str](), defaultdict[str, Counter[str]](Counter)
    for responses in group.responses.values():
        given = kind.read(asked, responses.get(name))
        if given is not None:
            wrong = list(kind.misreadings(asked, key, given))
            counted.update(wrong)
            if asked["kind"] == "match":
                for item in set(wrong) & set(given):
                    taken_for[item][given[item]] += 1
    words = {**asked.get("options", {}), **asked.get("items", {})}

    def said(wrong: str) -> str:
        if wrong not in taken_for:
            return words.get(wrong, f"“{wrong}”" if asked["kind"] == "evidence" else wrong)
        option, _ = taken_for[wrong].most_common(1)[0]
        return f"{words[wrong]} → {asked['options'][option]}"

    because = key.get("because", {})
    return [
        Misreading(times, said(wrong), because[wrong])
        for wrong, times in counted.most_common()
        if wrong in because
    ]
