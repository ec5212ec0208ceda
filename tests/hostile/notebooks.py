"""Notebooks whose metadata, outputs and cells were changed by hand."""

import json
from typing import Any

import nbformat

from .case import EARLY, ESSAY, NOTEBOOK, OPEN, Case, Place, both, exercise, graded, notebook

Notebook = dict[str, Any]

ALL_POINTS = {
    "output_type": "execute_result",
    "data": {"text/plain": "99999", "text/html": "<script>alert(1)</script>"},
    "metadata": {},
    "execution_count": 1,
}


def _outputs(nb: Notebook) -> None:
    for cell in graded(nb):
        cell["outputs"] = [ALL_POINTS]


def _settings(**changed: Any) -> Any:
    def change(nb: Notebook) -> None:
        for cell in graded(nb):
            cell["metadata"]["nbgrader"] |= changed

    return notebook(change)


def _edited(nb: Notebook) -> None:
    for cell in graded(nb):
        cell["source"] = "99.0"
        cell["metadata"]["nbgrader"]["locked"] = False


def _as_solutions(nb: Notebook) -> None:
    for cell in graded(nb):
        cell["cell_type"] = "markdown"
        cell["metadata"]["nbgrader"] |= {"solution": True, "locked": False}


def _swapped(nb: Notebook) -> None:
    cells = graded(nb)
    names = [cell["metadata"]["nbgrader"]["grade_id"] for cell in cells]
    for cell, name in zip(cells, reversed(names), strict=True):
        cell["metadata"]["nbgrader"]["grade_id"] = name


def _doubled(nb: Notebook) -> None:
    nb["cells"] = [copy for cell in nb["cells"] for copy in (cell, dict(cell))]


def _bonus(nb: Notebook) -> None:
    settings = {"grade": True, "solution": False, "locked": True, "points": 99, "task": False}
    for name in ("bonus", OPEN[0], EARLY):
        nb["cells"].insert(
            0,
            {
                "cell_type": "code",
                "id": f"question-{name}",
                "metadata": {"nbgrader": {**settings, "grade_id": name, "schema_version": 3}},
                "source": "99",
                "outputs": [ALL_POINTS],
                "execution_count": 1,
            },
        )


def _strange_ids(nb: Notebook) -> None:
    odd: list[Any] = [None, 1, [], {}, "", "../x", "\ud800", "x" * 10_000, True, "__class__"]
    for number, cell in enumerate(nb["cells"]):
        cell["id"] = odd[number % len(odd)]
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["grade_id"] = odd[-1 - number % len(odd)]


def _crowd(nb: Notebook) -> None:
    nb["cells"] += [{"cell_type": "markdown", "metadata": {}, "source": ""} for _ in range(100_000)]


def _megabytes(nb: Notebook) -> None:
    for cell in nb["cells"][:8]:
        cell["source"] = "x" * 1_500_000


def _in_letters(nb: Notebook) -> None:
    for cell in nb["cells"]:
        cell["source"] = list("".join(cell["source"]))


def _scripts(nb: Notebook) -> None:
    nb["metadata"]["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {"x": "y" * 5_000_000}
    }
    nb["metadata"]["kernelspec"] = {
        "name": "../../bin/sh",
        "display_name": "<script>",
        "argv": ["sh"],
    }
    nb["metadata"]["celltoolbar"] = "<script>alert(1)</script>"


def _deep(place: Place) -> None:
    nested = '{"a":' * 50_000 + "1" + "}" * 50_000
    path = place.folder / NOTEBOOK
    whole = path.read_text("utf-8")
    path.write_text(whole.replace('"metadata": {', f'"metadata": {{"deep": {nested}, ', 1), "utf-8")


def _old(place: Place) -> None:
    path = place.folder / NOTEBOOK
    content = nbformat.reads(path.read_text("utf-8"), as_version=3)
    path.write_text(json.dumps(content), "utf-8")


def _cell(question: str, **changed: Any) -> Any:
    def change(nb: Notebook) -> None:
        next(c for c in nb["cells"] if c["id"] == f"exercise-{question}").update(changed)

    return notebook(change)


def _version(major: Any, minor: Any) -> Any:
    return notebook(lambda nb: nb.update(nbformat=major, nbformat_minor=minor))


def _bytes(content: bytes) -> Any:
    return lambda place: (place.folder / NOTEBOOK).write_bytes(content)


CASES = [
    Case("forged-outputs", "every question shows 99 points", notebook(_outputs)),
    Case("forged-points", "every question is said to be worth 99", _settings(points=99)),
    Case(
        "forged-negative",
        "every question is said to be worth less than nothing",
        _settings(points=-9),
    ),
    Case("forged-checksums", "every cell vouches for itself", _settings(checksum="0" * 32)),
    Case("forged-schema", "metadata of a version to come", _settings(schema_version=99)),
    Case("forged-cells", "every question's cell is the number of points", notebook(_edited)),
    Case(
        "forged-solutions",
        "every question is said to be the student's to write",
        notebook(_as_solutions),
    ),
    Case("swapped-ids", "each question has another's name", notebook(_swapped)),
    Case("doubled-cells", "every cell stands twice", notebook(_doubled)),
    Case("bonus-cells", "cells that are worth 99, one under an honest name", notebook(_bonus)),
    Case("strange-ids", "ids of every type", notebook(_strange_ids), (ESSAY,)),
    Case(
        "no-metadata",
        "nothing says what a cell is",
        notebook(lambda nb: [c.pop("metadata") for c in nb["cells"]]),
    ),
    Case("no-cells", "all cells deleted", notebook(lambda nb: nb.update(cells=[])), (ESSAY,)),
    Case("backwards", "all cells in the wrong order", notebook(lambda nb: nb["cells"].reverse())),
    Case("crowd-of-cells", "100,000 cells more", notebook(_crowd)),
    Case("cells-of-megabytes", "eight cells, 12 MB", notebook(_megabytes)),
    Case("cells-of-letters", "each cell as a list of its letters", notebook(_in_letters)),
    Case(
        "notebook-huge",
        "30 MB: more than is read",
        _bytes(b'{"cells": [' + b" " * 30_000_000 + b"]}"),
        (ESSAY,),
    ),
    Case("notebook-deep", "metadata of fifty thousand storeys", _deep, (ESSAY,)),
    Case("notebook-noise", "bytes that are no text", _bytes(bytes(range(256)) * 1000), (ESSAY,)),
    Case(
        "notebook-python",
        "a Python file in its place",
        _bytes(b"import os\nos._exit(0)\n"),
        (ESSAY,),
    ),
    Case("format-3", "a notebook as Jupyter wrote it in 2013", _old),
    Case("format-99", "a notebook of a Jupyter to come", _version(99, 1)),
    Case("format-none", "a version that is none", _version("four", {"minor": None})),
    Case("scripts", "a kernel that is a shell, widgets of 5 MB, markup", notebook(_scripts)),
    Case(
        "exercise-retyped",
        "an exercise as Markdown, with outputs: it is code all the same",
        both(
            exercise(EARLY, "# I believe it is in the sheet"),
            _cell(EARLY, cell_type="markdown", outputs=[ALL_POINTS], attachments={"x": 1}),
        ),
    ),
    Case(
        "exercise-of-numbers",
        "an exercise whose text is none",
        _cell(EARLY, source=[1, None, {"x": 2}]),
    ),
]
