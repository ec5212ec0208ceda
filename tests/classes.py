"""A class that hands in without JupyterLab: submitted folders made from what was released."""

import json
import random
from pathlib import Path

import nbformat
from despatch963.authoring.perfect import perfect_response

NOON = "2026-01-15 12:00:00 UTC"
STOCK = 'c.pop("Autograde", None)  # nbgrader as it comes, without the course\'s grader\n'


def perfect(folder: Path, unit: str) -> dict[str, object]:
    """Return the responses that earn every point of `unit`, by question."""
    asked = json.loads((folder / "source" / unit / "questions.json").read_text("utf-8"))
    keys = json.loads((folder / "keys" / f"{unit}.json").read_text("utf-8"))["keys"]
    return {
        name: perfect_response({"id": name, **question}, keys[name])
        for name, question in asked["questions"].items()
        if question["kind"] != "essay"
    }


def varied(responses: dict[str, object], seed: int) -> dict[str, object]:
    """Return some of the responses, which ones decided by `seed`; 0 leaves all."""
    chance = random.Random(seed)
    return {name: r for name, r in responses.items() if not seed or chance.random() < 0.7}


def hand_in(
    folder: Path,
    unit: str,
    student: str,
    responses: dict[str, object],
    *,
    essay: str = "",
    when: str = NOON,
) -> Path:
    """Make the submitted folder of a student, as `nbgrader collect` would leave it."""
    submitted = folder / "submitted" / student / unit
    submitted.mkdir(parents=True, exist_ok=True)
    for path in (folder / "release" / unit).iterdir():
        (submitted / path.name).write_bytes(path.read_bytes())
    entries = {name: {"response": r, "saved": "2026-01-15T11:00:00+00:00"}
               for name, r in responses.items()}  # fmt: skip
    sheet = {"version": 1, "answers": entries}
    (submitted / "answers.json").write_text(json.dumps(sheet), encoding="utf-8")
    (submitted / "timestamp.txt").write_text(when, encoding="utf-8")
    if essay:
        write_essays(submitted / f"{unit}.ipynb", essay)
    return submitted


def compute(notebook: Path, responses: dict[str, object]) -> None:
    """Do the exercises: each cell computes what it computed and answers with the response."""
    nb = nbformat.read(notebook, as_version=4)
    for cell in nb.cells:
        question = cell.id.removeprefix("exercise-")
        if question != cell.id and question in responses:
            blank = f'answer("{question}", ...)'
            done = f'answer("{question}", {responses[question]!r})'
            assert blank in cell.source
            cell.source = cell.source.replace(blank, done)
    nbformat.write(nb, notebook)


def write_essays(notebook: Path, text: str) -> None:
    """Write `text` into the cells that a person marks."""
    nb = nbformat.read(notebook, as_version=4)
    for cell in nb.cells:
        if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = text
    nbformat.write(nb, notebook)
