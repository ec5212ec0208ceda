"""A submitted notebook, read as what it is: somebody else's file, perhaps damaged or old.

What can be read of it is kept; each thing that was wrong is told in words for the instructor.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

LETTERS = 1_000_000
"""The longest cell that is taken over."""
CELLS = 2_000
"""The most cells that are looked at."""
_NAMED = 12  # cells that one repair names


class Given(NamedTuple):
    """A cell as it was handed in."""

    name: str
    """Its grade_id, else its own id; empty when it has neither."""
    marked: bool
    """Whether nbgrader's settings are on it."""
    kind: Any
    text: str


def chosen(
    name: str, files: Mapping[str, bytes], known: set[str], repairs: list[str]
) -> str | None:
    """Return the name of the file to take: the notebook, or a renamed one that has its cells."""
    right = f"{name}.ipynb"
    others = sorted(n for n in files if n.endswith(".ipynb") and n != right)
    if right in files:
        if others:
            repairs.append(f"Other notebooks were handed in too and not read: {listed(others)}.")
        return right
    # Of a notebook of another name as many cells must be ours as make a mistake unlikely.
    count = {n: sum(cell.name in known for cell in read(files[n], [])) for n in others}
    best = max(others, key=lambda n: count[n], default=None)
    if best is None or count[best] < min(3, len(known)):
        repairs.append("There is no notebook: the instructor's was taken, with what the sheet has.")
        return None
    repairs.append(f"The notebook was renamed: {quoted(best)} was taken for {right}.")
    return best


def read(content: bytes, repairs: list[str]) -> list[Given]:
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


def _one(cell: Any) -> Given:
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
    return Given(named, bool(settings), cell.get("cell_type"), text)


def listed(names: list[str]) -> str:
    shown = [quoted(name) for name in dict.fromkeys(names)]
    more = len(shown) - _NAMED
    return ", ".join(shown[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def quoted(name: str) -> str:
    """Return a name as it can be printed and shown, whatever a student made of it."""
    return "".join(letter if letter.isalnum() or letter in " ._-" else "?" for letter in name[:80])
