"""The instructor's notebook with a student's words in it, whatever became of the student's file.

The solution cells and the code that is free to be altered are taken over, found by their ids; cells
of the student's own stay where they stood. Everything else is the instructor's. Each thing put
right is a repair, told in words for the instructor.
"""

import ast
from collections.abc import Mapping
from typing import NamedTuple

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import compute_checksum, is_solution

from . import notebooks
from .notebooks import Given, listed

OWN = "own-"
"""How the ids of the student's own cells begin in the rebuilt notebook."""
_OWN_CELLS, _OWN_LETTERS = 100, 100_000  # a student's own cells that stay for the reader
_EXERCISE = "exercise-"


class Rebuilt(NamedTuple):
    """The notebook, ready to be marked."""

    notebook: NotebookNode
    written: frozenset[str]
    """The ids of the cells that hold the student's words."""
    repairs: list[str]


def rebuilt(master: bytes, name: str, files: Mapping[str, bytes]) -> Rebuilt:
    """Rebuild the notebook `name` from what was handed in; never raises for what `files` hold."""
    repairs: list[str] = []
    notebook = nbformat.v4.reads_json(master.decode("utf-8"))
    ours = {_name(cell): cell for cell in notebook.cells}
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader"):
            cell.metadata.nbgrader["checksum"] = compute_checksum(cell)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    found = notebooks.chosen(name, files, set(ours), repairs)
    given = notebooks.read(files[found], repairs) if found else []
    if not given:
        return Rebuilt(notebook, frozenset(), repairs)
    chosen, own = _sorted(given, ours, repairs)
    written = _take_over(ours, chosen, repairs) | _put_in(notebook, own, repairs)
    return Rebuilt(notebook, frozenset(written), repairs)


def computes(rebuilt: Rebuilt) -> bool:
    """Say whether the student wrote code for an exercise."""
    return any(name.startswith(_EXERCISE) for name in rebuilt.written)


def code(rebuilt: Rebuilt, cell: NotebookNode) -> str:
    """Return what is to be run of a code cell of the rebuilt notebook.

    The last line of a cell, where it is an expression, only shows something. Of the instructor's
    cells it is left out: nobody looks, and to draw a map takes longer than all the rest.
    """
    if cell.id in rebuilt.written:
        return cell.source
    try:
        tree = ast.parse(cell.source)
    except SyntaxError:  # a line that only notebooks know
        return cell.source
    if not tree.body or not isinstance(tree.body[-1], ast.Expr):
        return cell.source
    return "\n".join(cell.source.splitlines()[: tree.body[-1].lineno - 1])


def own_words(cell: NotebookNode) -> bool:
    """Say whether a cell of the rebuilt notebook is the student's to write."""
    return is_solution(cell) or (cell.cell_type == "code" and not cell.metadata.get("nbgrader"))


def _name(cell: NotebookNode) -> str:
    return cell.metadata.get("nbgrader", {}).get("grade_id") or cell.id


def _sorted(
    given: list[Given], ours: Mapping[str, NotebookNode], repairs: list[str]
) -> tuple[dict[str, Given], list[tuple[str, Given]]]:
    """Return the cells to take by name, and the student's own with the cell that each follows."""
    chosen: dict[str, Given] = {}
    own: list[tuple[str, Given]] = []
    twice, before = [], ""
    by_id = {cell.id: name for name, cell in ours.items()}
    for cell in given:
        name = cell.name if cell.name in ours else by_id.get(cell.name, "")
        if not name:
            if cell.text.strip():
                own.append((before, cell))
            continue
        if name not in chosen:
            chosen[name] = cell
        else:
            twice.append(name)
            # The copy that was written in is the answer; the other stays for the reader.
            first = chosen[name]
            if own_words(ours[name]) and first.text == ours[name].source:
                first, chosen[name] = cell, cell
            elif own_words(ours[name]) and cell.text not in (first.text, ours[name].source):
                own.append((before, cell))
        before = name
    order = list(ours)
    places = [order.index(name) for name in chosen]
    if twice:
        repairs.append(f"Cells stood twice; one of each was taken: {listed(twice)}.")
    if places != sorted(places):
        repairs.append("Cells stood in another order; they were put back in theirs.")
    if missing := [name for name in ours if name not in chosen]:
        repairs.append(f"Cells were missing and were put back: {listed(missing)}.")
    return chosen, own


def _take_over(
    ours: Mapping[str, NotebookNode], chosen: Mapping[str, Given], repairs: list[str]
) -> set[str]:
    """Put the student's words into the master; return the ids of the cells that changed."""
    written: set[str] = set()
    edited, bare, retyped = [], [], []
    for name, cell in chosen.items():
        mine = ours[name]
        if cell.kind != mine.cell_type:
            retyped.append(name)
        if mine.metadata.get("nbgrader") and not cell.marked:
            bare.append(name)
        if own_words(mine):
            if cell.text != mine.source:
                written.add(mine.id)
            mine.source = cell.text
        elif cell.text.strip() != mine.source.strip():
            edited.append(name)
    if edited:
        repairs.append(f"Cells that are not the student's were edited; undone: {listed(edited)}.")
    if bare:
        repairs.append(f"Cells had lost nbgrader's settings; put back: {listed(bare)}.")
    if retyped:
        repairs.append(f"Cells were of another type; put back: {listed(retyped)}.")
    return written


def _put_in(notebook: NotebookNode, own: list[tuple[str, Given]], repairs: list[str]) -> set[str]:
    """Put the student's own cells where they stood, each after the cell that it followed.

    Returns their ids.
    """
    left = _OWN_LETTERS
    after: dict[str, list[NotebookNode]] = {}
    for number, (place, cell) in enumerate(own):
        left -= len(cell.text)
        if number == _OWN_CELLS or left < 0:
            repairs.append(f"Of {len(own)} cells of the student's own, {number} were kept.")
            break
        make = nbformat.v4.new_code_cell if cell.kind == "code" else nbformat.v4.new_markdown_cell
        after.setdefault(place, []).append(make(cell.text, id=f"{OWN}{number}"))
    cells = after.get("", [])
    for mine in notebook.cells:
        cells += [mine, *after.get(_name(mine), [])]
    notebook.cells = cells
    return {cell.id for kept in after.values() for cell in kept}
