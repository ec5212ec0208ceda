"""The instructor's notebook with a student's words in it, whatever became of the student's file.

The solution cells and the code that is free to be altered are taken over, found by their ids; cells
of the student's own stay where they stood. Everything else is the instructor's. Each thing put
right is a repair, told in words for the instructor.
"""

import ast
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import compute_checksum, is_solution

LETTERS = 1_000_000
"""The longest cell that is taken over."""
CELLS = 2_000
"""The most cells that are looked at."""
OWN = "own-"
"""How the ids of the student's own cells begin in the rebuilt notebook."""
_OWN_CELLS, _OWN_LETTERS = 100, 100_000  # a student's own cells that stay for the reader
_EXERCISE = "exercise-"
_NAMED = 12  # cells that one repair names


class Rebuilt(NamedTuple):
    """The notebook, ready to be marked."""

    notebook: NotebookNode
    written: frozenset[str]
    """The ids of the cells that hold the student's words."""
    repairs: list[str]


class _Given(NamedTuple):
    """A cell as it was handed in."""

    name: str
    """Its grade_id, else its own id; empty when it has neither."""
    marked: bool
    """Whether nbgrader's settings are on it."""
    kind: Any
    text: str


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
    found = _chosen(name, files, set(ours), repairs)
    given = _given(files[found], repairs) if found else []
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


def _chosen(
    name: str, files: Mapping[str, bytes], known: set[str], repairs: list[str]
) -> str | None:
    """Return the name of the file to take: the notebook, or a renamed one that has its cells."""
    right = f"{name}.ipynb"
    others = sorted(n for n in files if n.endswith(".ipynb") and n != right)
    if right in files:
        if others:
            repairs.append(f"Other notebooks were handed in too and not read: {_listed(others)}.")
        return right
    # Of a notebook of another name as many cells must be ours as make a mistake unlikely.
    count = {n: sum(cell.name in known for cell in _given(files[n], [])) for n in others}
    best = max(others, key=lambda n: count[n], default=None)
    if best is None or count[best] < min(3, len(known)):
        repairs.append("There is no notebook: the instructor's was taken, with what the sheet has.")
        return None
    repairs.append(f"The notebook was renamed: {_quoted(best)} was taken for {right}.")
    return best


def _given(content: bytes, repairs: list[str]) -> list[_Given]:
    try:
        cells = _cells(content, repairs)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        repairs.append("The notebook is damaged: the instructor's was taken.")
        return []
    if not cells:
        repairs.append("The notebook has no cells: the instructor's was taken.")
    if len(cells) > CELLS:
        repairs.append(f"Only the first {CELLS} of {len(cells)} cells were read.")
    given = []
    for cell in cells[:CELLS]:
        try:
            given.append(_one(cell))
        except (TypeError, AttributeError, ValueError) as why:
            repairs.append(f"A cell could not be read and was left out ({why}).")
    return given


def _cells(content: bytes, repairs: list[str]) -> list[Any]:
    text = content.decode("utf-8-sig", errors="replace")
    try:
        whole = json.loads(text)
    except ValueError:
        cells = list(_salvaged(text))
        if not cells:
            raise
        repairs.append(f"The notebook is damaged: {len(cells)} cells of it could be read.")
        return cells
    if "cells" not in whole and isinstance(whole.get("worksheets"), list):
        repairs.append("The notebook is in an old format; it was read all the same.")
        return [cell for sheet in whole["worksheets"] for cell in sheet["cells"]]
    if not isinstance(whole["cells"], list):
        raise TypeError("its cells are no list")
    if whole.get("nbformat") != 4:
        repairs.append("The notebook's format is not nbformat 4; it was read all the same.")
    return whole["cells"]


def _salvaged(text: str) -> Iterator[Any]:
    """Give the whole cells of a notebook whose JSON breaks off or is broken."""
    read = json.JSONDecoder()
    at, tries, spent = 0, 0, 0
    # A file can be made so that every try is long; all of them together are bounded.
    while (at := text.find('"cell_type"', at)) >= 0 and tries < CELLS and spent < 2 * LETTERS:
        tries += 1
        begin = max(text.rfind("{", max(0, at - 10_000), at), 0)
        try:
            cell, at = read.raw_decode(text, begin)
        except json.JSONDecodeError as error:
            spent += error.pos - begin
            at += 1
        except (ValueError, RecursionError):
            spent += 10_000
            at += 1
        else:
            yield cell


def _one(cell: Any) -> _Given:
    if not isinstance(cell, dict):
        raise TypeError("it is no cell")
    metadata = cell.get("metadata")
    settings = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    settings = settings if isinstance(settings, dict) else {}
    name = settings.get("grade_id") or cell.get("id")
    text = cell.get("source", cell.get("input", ""))
    text = "".join(text) if isinstance(text, list) else text
    if not isinstance(text, str):
        raise TypeError("its text is no text")
    if len(text) > LETTERS:
        raise ValueError(f"it is longer than {LETTERS:,} letters")
    # Half of a pair of surrogates is no character, and cannot be written to a file.
    text = text.encode(errors="replace").decode()
    named = name if isinstance(name, str) else ""
    return _Given(named, bool(settings), cell.get("cell_type"), text)


def _sorted(
    given: list[_Given], ours: Mapping[str, NotebookNode], repairs: list[str]
) -> tuple[dict[str, _Given], list[tuple[str, _Given]]]:
    """Return the cells to take by name, and the student's own with the cell that each follows."""
    chosen: dict[str, _Given] = {}
    own: list[tuple[str, _Given]] = []
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
        repairs.append(f"Cells stood twice; one of each was taken: {_listed(twice)}.")
    if places != sorted(places):
        repairs.append("Cells stood in another order; they were put back in theirs.")
    if missing := [name for name in ours if name not in chosen]:
        repairs.append(f"Cells were missing and were put back: {_listed(missing)}.")
    return chosen, own


def _take_over(
    ours: Mapping[str, NotebookNode], chosen: Mapping[str, _Given], repairs: list[str]
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
        repairs.append(f"Cells that are not the student's were edited; undone: {_listed(edited)}.")
    if bare:
        repairs.append(f"Cells had lost nbgrader's settings; put back: {_listed(bare)}.")
    if retyped:
        repairs.append(f"Cells were of another type; put back: {_listed(retyped)}.")
    return written


def _put_in(notebook: NotebookNode, own: list[tuple[str, _Given]], repairs: list[str]) -> set[str]:
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


def _listed(names: list[str]) -> str:
    shown = [_quoted(name) for name in dict.fromkeys(names)]
    more = len(shown) - _NAMED
    return ", ".join(shown[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _quoted(name: str) -> str:
    """Return a name as it can be printed and shown, whatever a student made of it."""
    return "".join(letter if letter.isalnum() or letter in " ._-" else "?" for letter in name[:80])
