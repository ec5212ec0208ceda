"""A hostile submission: what is done to honest work, and what the result deserves."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from conftest import ROOT
from despatch963.authoring.perfect import perfect_response

UNIT = "05-the-consulates"
NOTEBOOK = f"{UNIT}.ipynb"

_SOURCE = ROOT / "assignments" / "source" / UNIT
_CELLS = json.loads((_SOURCE / NOTEBOOK).read_text("utf-8"))["cells"]
ASKED = json.loads((_SOURCE / "questions.json").read_text("utf-8"))["questions"]
KEYS = json.loads((ROOT / "assignments" / "keys" / f"{UNIT}.json").read_text("utf-8"))["keys"]

(ESSAY,) = (name for name, asked in ASKED.items() if asked["kind"] == "essay")
"""It is written, and waits for a person's mark unless it is lost."""
EXERCISES = [q for q in ASKED if f"exercise-{q}" in (cell["id"] for cell in _CELLS)]
EARLY, ATTACKED, LATE = EXERCISES[:3]
"""The cell of the second holds the attack, the others are done honestly."""
COMPUTED = {
    name: perfect_response({"id": name, **ASKED[name]}, KEYS[name]) for name in (EARLY, LATE)
}
_ON_SHEET = [name for name in ASKED if name not in (*EXERCISES, ESSAY)]
HONEST, OPEN = tuple(_ON_SHEET[::2]), tuple(_ON_SHEET[1::2])
"""The questions that every case begins with answered, and right; and those to be gained."""
TABLE = next(name for name in OPEN if ASKED[name]["kind"] == "table")


class Place(NamedTuple):
    """Where a case is made: its submitted folder, and what an attacker could know of the rest."""

    folder: Path
    course: Path
    home: Path
    port: int
    abstract: str
    """The name of a Unix socket that somebody listens to, as is the port."""


class Case(NamedTuple):
    """A submission; it deserves what honest work has, less what `loses` names."""

    name: str
    why: str
    do: Callable[[Place], object]
    loses: tuple[str, ...] = ()
    code: str = ""
    """What runs in the attacked cell; empty where no code is run."""
    finds: bool = False
    """The code finds what it looks for when it is not shut in, which a test proves."""
    student: str = ""
    """The name of the student's folder, where it is not the case's own."""
    refused: str = ""
    """Where nothing can be graded: a part of what the instructor is told."""

    @property
    def deserves(self) -> set[str]:
        """The questions that are to have all their points; all others are to have none."""
        if self.refused:
            return set()
        return {*HONEST, *(COMPUTED if self.code else ())} - set(self.loses)


# What cases are made of.


def sheet(content: bytes) -> Callable[[Place], object]:
    """Hand in these bytes as the answer sheet."""
    return lambda place: (place.folder / "answers.json").write_bytes(content)


def answers(change: Callable[[dict[str, Any]], object]) -> Callable[[Place], object]:
    """Change the entries of the honest sheet."""

    def do(place: Place) -> None:
        path = place.folder / "answers.json"
        content = json.loads(path.read_text("utf-8"))
        change(content["answers"])
        path.write_text(json.dumps(content), "utf-8")

    return do


def responses(given: dict[str, Any]) -> Callable[[Place], object]:
    """Add responses to the honest sheet."""
    entries = {name: {"response": response} for name, response in given.items()}
    return answers(lambda honest: honest.update(entries))


def text(change: Callable[[str], str]) -> Callable[[Place], object]:
    """Change the honest sheet as a text, to what no program would write."""

    def do(place: Place) -> None:
        path = place.folder / "answers.json"
        path.write_bytes(change(path.read_text("utf-8")).encode("utf-8"))

    return do


def notebook(change: Callable[[dict[str, Any]], object]) -> Callable[[Place], object]:
    """Change the honest notebook, as a record."""

    def do(place: Place) -> None:
        path = place.folder / NOTEBOOK
        content = json.loads(path.read_text("utf-8"))
        change(content)
        path.write_text(json.dumps(content), "utf-8")

    return do


def graded(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the cells of a notebook that ask a question of the sheet."""
    return [cell for cell in notebook["cells"] if cell["id"].startswith("question-")]


def exercise(question: str, code: str) -> Callable[[Place], object]:
    """Write code into the cell of an exercise."""

    def change(content: dict[str, Any]) -> None:
        (cell,) = (c for c in content["cells"] if c["id"] == f"exercise-{question}")
        cell["source"] = code

    return notebook(change)


def both(*steps: Callable[[Place], object]) -> Callable[[Place], object]:
    """Do one thing after the other."""
    return lambda place: [step(place) for step in steps]
