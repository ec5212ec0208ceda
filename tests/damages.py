"""Ways in which an honest submitted folder gets damaged, and what each may cost.

A damage takes the folder's files by name and changes them. It says which questions it may touch,
and whether the instructor must be told of it even when nothing is lost: that is so where the
grader has to put something right, and not where the student may as well have answered otherwise.
"""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import nbformat

Files = dict[str, "bytes | str"]
"""Contents by name; "folder", "pipe" or "link" where there is something else than a file."""

NOTEBOOK = ".ipynb"
SHEET = "answers.json"


@dataclass(frozen=True)
class Honest:
    """An undamaged submission, and on which of its files each question depends."""

    unit: str
    files: dict[str, bytes]
    essay: str
    exercises: tuple[str, ...]
    """Questions answered by code in the notebook alone."""
    on_sheet: tuple[str, ...]

    @property
    def written(self) -> set[str]:
        return {self.essay, *self.exercises}


class Cost(NamedTuple):
    """What a damage may touch, and whether it must be told."""

    touched: set[str] = set()  # noqa: RUF012 (never changed)
    told: bool = False


Damage = Callable[[random.Random, Honest, Files], Cost]


def _asked_in(cell: dict[str, Any], honest: Honest) -> set[str]:
    """Return what depends on a cell that the student wrote in."""
    id = cell.get("id", "")
    return {q for q in honest.written if id in (f"exercise-{q}", f"essay-{q}")}


def _junk(chance: random.Random) -> Any:
    return chance.choice(
        [None, True, 0, -1, 1e300, "", "x", "\x00", "\ud800", [], [[]], {}, {"a": 1}, "y" * 5000]
    )


# The notebook's bytes and the sheet's.


def _bytes(chance: random.Random, content: bytes) -> bytes:
    if not content:
        return b"\0"
    place = chance.randrange(len(content) + 1)
    how = chance.randrange(5)
    if how == 0:
        return content[:place]
    if how == 1:
        return content[place:]
    if how == 2:
        return content[:place] + chance.randbytes(chance.randint(1, 40)) + content[place:]
    if how == 3:
        return content[:place] + content[place + chance.randint(1, 400) :]
    flipped = bytearray(content)
    for _ in range(chance.randint(1, 30)):
        flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
    return bytes(flipped)


def notebook_name(honest: Honest, files: Files) -> str | None:
    """Return the name of the student's notebook, which may have been renamed."""
    named = [name for name in files if name.endswith(NOTEBOOK) and "/" not in name]
    right = honest.unit + NOTEBOOK
    return right if right in named else max(named, key=lambda n: len(files[n]), default=None)


def notebook_bytes(chance: random.Random, honest: Honest, files: Files) -> Cost:
    name = notebook_name(honest, files)
    if name is None:
        return Cost()
    files[name] = _bytes(chance, _content(files, name))
    return Cost(honest.written)


def sheet_bytes(chance: random.Random, honest: Honest, files: Files) -> Cost:
    files[SHEET] = _bytes(chance, _content(files, SHEET))
    return Cost(set(honest.on_sheet))


def _content(files: Files, name: str) -> bytes:
    content = files.get(name, b"")
    return content if isinstance(content, bytes) else b""


# The notebook's cells.


def _cells(change: Callable[[random.Random, Honest, list[Any]], Cost]) -> Damage:
    """Return the damage that changes the list of cells, if they still are cells."""

    def damage(chance: random.Random, honest: Honest, files: Files) -> Cost:
        name = notebook_name(honest, files)
        if name is None:
            return Cost()
        try:
            notebook = json.loads(_content(files, name))
            cells = notebook["cells"]
            settings = [cell["metadata"].get("nbgrader", {}) for cell in cells]
        except (ValueError, KeyError, TypeError, AttributeError):
            return Cost()
        if not settings or not all(isinstance(each, dict) for each in settings):
            return Cost()
        cost = change(chance, honest, cells)
        files[name] = json.dumps(notebook).encode()
        return cost

    damage.__name__ = change.__name__
    return damage


def _locked(cell: dict[str, Any]) -> bool:
    return bool(cell["metadata"].get("nbgrader", {}).get("locked"))


@_cells
def delete_cells(chance: random.Random, honest: Honest, cells: list[Any]) -> Cost:
    touched: set[str] = set()
    told = False
    for cell in chance.sample(cells, chance.randint(1, min(5, len(cells)))):
        cells.remove(cell)
        touched |= _asked_in(cell, honest)
        told = told or _locked(cell) or bool(touched)
    return Cost(touched, told)


@_cells
def duplicate_cells(chance: random.Random, honest: Honest, cells: list[Any]) -> Cost:
    cell = chance.choice(cells)
    cells.insert(chance.randrange(len(cells) + 1), json.loads(json.dumps(cell)))
    return Cost(set(), _locked(cell) or bool(_asked_in(cell, honest)))


@_cells
def duplicate_with_other_words(chance: random.Random, honest: Honest, cells: list[Any]) -> Cost:
    cell = chance.choice(cells)
    copy = {**json.loads(json.dumps(cell)), "source": chance.choice(["", "x", "1 + 1"])}
    cells.insert(chance.randrange(len(cells) + 1), copy)
    return Cost(_asked_in(cell, honest), _locked(cell) or bool(_asked_in(cell, honest)))


@_cells
def reorder_cells(chance: random.Random, honest: Honest, cells: list[Any]) -> Cost:
    before = list(cells)
    if chance.random() < 0.5:
        chance.shuffle(cells)
    else:
        cells.insert(chance.randrange(len(cells)), cells.pop(chance.randrange(len(cells))))
    return Cost(set(), [c for c in before if _locked(c)] != [c for c in cells if _locked(c)])


@_cells
def retype_cells(chance: random.Random, honest: Honest, cells: list[Any]) -> Cost:
    cell = chance.choice(cells)
    before = cell["cell_type"]
    cell["cell_type"] = chance.choice(["code", "markdown", "raw", "heading", None, 3, []])
    changed = cell["cell_type"] != before
    return Cost(set(), changed and (_locked(cell) or bool(_asked_in(cell, honest))))


@_cells
def edit_locked_cells(chance: random.Random, honest: Honest, cells: list[Any]) -> Cost:
    locked = [cell for cell in cells if _locked(cell)]
    if locked:
        chance.choice(locked)["source"] = chance.choice(["", "99.0", 'question("x")', ["a", "b"]])
    return Cost(set(), bool(locked))


@_cells
def edit_other_cells(chance: random.Random, honest: Honest, cells: list[Any]) -> Cost:
    cell = chance.choice([cell for cell in cells if not _locked(cell)] or cells)
    cell["source"] = chance.choice(["", "x", "raise SystemExit", "x" * 200_000])
    return Cost(_asked_in(cell, honest))


@_cells
def sources_of_other_types(chance: random.Random, honest: Honest, cells: list[Any]) -> Cost:
    cell = chance.choice(cells)
    cell["source"] = chance.choice([None, 7, {}, [1], [None, "a"], [["a"]], True])
    asked = _asked_in(cell, honest)
    return Cost(asked, _locked(cell) or bool(asked))


@_cells
def lose_metadata(chance: random.Random, honest: Honest, cells: list[Any]) -> Cost:
    some = cells if chance.random() < 0.3 else [chance.choice(cells)]
    told = False
    for cell in some:
        told = told or "nbgrader" in cell["metadata"]
        if chance.random() < 0.5:
            cell["metadata"] = {}
        else:
            cell["metadata"].pop("nbgrader", None)
    return Cost(set(), told)


@_cells
def metadata_of_other_types(chance: random.Random, honest: Honest, cells: list[Any]) -> Cost:
    cell = chance.choice(cells)
    told = "nbgrader" in cell["metadata"]
    junk = _junk(chance)
    if chance.random() < 0.5:
        cell["metadata"]["nbgrader"] = junk
    else:
        cell["metadata"] = junk
    return Cost(set(), told)


@_cells
def forge_settings(chance: random.Random, honest: Honest, cells: list[Any]) -> Cost:
    settings = [c["metadata"]["nbgrader"] for c in cells if c["metadata"].get("nbgrader")]
    if settings:
        for name in ("points", "grade", "solution", "locked", "task", "checksum", "schema_version"):
            if chance.random() < 0.5:
                chance.choice(settings)[name] = _junk(chance)
    return Cost()


@_cells
def change_grade_ids(chance: random.Random, honest: Honest, cells: list[Any]) -> Cost:
    named = [c["metadata"]["nbgrader"] for c in cells if c["metadata"].get("nbgrader")]
    if not named:
        return Cost()
    one, other = chance.choice(named), chance.choice(named)
    if chance.random() < 0.5:
        one["grade_id"] = _junk(chance)
    else:
        one["grade_id"], other["grade_id"] = other.get("grade_id"), one.get("grade_id")
    return Cost({honest.essay})


@_cells
def lose_ids(chance: random.Random, honest: Honest, cells: list[Any]) -> Cost:
    some = cells if chance.random() < 0.3 else [chance.choice(cells)]
    touched = {question for cell in some for question in _asked_in(cell, honest)}
    for cell in some:
        cell.pop("id", None)
        if chance.random() < 0.5:
            cell["id"] = _junk(chance)
    return Cost(touched)


@_cells
def add_cells(chance: random.Random, honest: Honest, cells: list[Any]) -> Cost:
    new = {"cell_type": "markdown", "id": "mine", "metadata": {}, "source": "My own note."}
    cells.insert(chance.randrange(len(cells) + 1), new)
    return Cost()


@_cells
def cells_of_other_types(chance: random.Random, honest: Honest, cells: list[Any]) -> Cost:
    cells.insert(chance.randrange(len(cells) + 1), _junk(chance))
    return Cost()


# The notebook as a whole.


def _record(files: Files, name: str) -> dict[str, Any]:
    try:
        found = json.loads(_content(files, name))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def notebook_parts(chance: random.Random, honest: Honest, files: Files) -> Cost:
    name = notebook_name(honest, files)
    if name is None:
        return Cost()
    notebook = _record(files, name)
    part = chance.choice(["cells", "metadata", "nbformat", "nbformat_minor"])
    if chance.random() < 0.3:
        notebook.pop(part, None)
    else:
        notebook[part] = _junk(chance)
    files[name] = json.dumps(notebook).encode()
    return Cost(honest.written if part == "cells" else set())


def other_format(chance: random.Random, honest: Honest, files: Files) -> Cost:
    """Save the notebook as an older Jupyter would, without the cells' ids, or a later one."""
    name = notebook_name(honest, files)
    if name is None:
        return Cost()
    notebook = _record(files, name)
    version = chance.choice([3, 4, 5])
    if version == 3:
        try:
            node = nbformat.from_dict(notebook)
            files[name] = json.dumps(nbformat.convert(node, 3)).encode()
        except Exception:
            return Cost()
        return Cost(honest.written, told=True)
    notebook["nbformat"], notebook["nbformat_minor"] = version, 0
    if version == 4 and isinstance(notebook.get("cells"), list):
        for cell in notebook["cells"]:
            if isinstance(cell, dict):
                cell.pop("id", None)
    files[name] = json.dumps(notebook).encode()
    return Cost(honest.written if version == 4 else set())


def rename_notebook(chance: random.Random, honest: Honest, files: Files) -> Cost:
    name = honest.unit + NOTEBOOK
    names = ("mine.ipynb", f"{honest.unit} (1).ipynb", f"{honest.unit}-Copy1.ipynb")
    if name in files:
        files[chance.choice(names)] = files.pop(name)
    # Where there are two, it cannot be known which one is meant.
    several = sum(other.endswith(NOTEBOOK) for other in files) > 1
    return Cost(honest.written if several else set(), told=True)


def add_notebooks(chance: random.Random, honest: Honest, files: Files) -> Cost:
    content = chance.choice([b"", b"{}", _content(files, honest.unit + NOTEBOOK)])
    files[chance.choice(["a.ipynb", "z.ipynb", f"x/{honest.unit}.ipynb"])] = content
    return Cost()


# The sheet.


def _sheet(change: Callable[[random.Random, Honest, dict[str, Any], str], Cost]) -> Damage:
    """Return the damage that changes the answers, if there still are some; one is chosen."""

    def damage(chance: random.Random, honest: Honest, files: Files) -> Cost:
        sheet = _record(files, SHEET)
        entries = sheet.get("answers")
        names = sorted(set(entries) & set(honest.on_sheet)) if isinstance(entries, dict) else []
        if not names:
            return Cost()
        cost = change(chance, honest, entries, chance.choice(names))
        files[SHEET] = json.dumps(sheet).encode()
        return cost

    damage.__name__ = change.__name__
    return damage


@_sheet
def drop_answers(chance: random.Random, honest: Honest, entries: dict[str, Any], name: str) -> Cost:
    del entries[name]
    return Cost({name})


@_sheet
def alter_answers(
    chance: random.Random, honest: Honest, entries: dict[str, Any], name: str
) -> Cost:
    entries[name] = {"response": _junk(chance)}
    return Cost({name})


@_sheet
def swap_answers(chance: random.Random, honest: Honest, entries: dict[str, Any], name: str) -> Cost:
    other = chance.choice(sorted(set(entries) & set(honest.on_sheet)))
    entries[name], entries[other] = entries[other], entries[name]
    return Cost({name, other})


@_sheet
def entries_of_other_types(
    chance: random.Random, honest: Honest, entries: dict[str, Any], name: str
) -> Cost:
    entries[name] = chance.choice([None, 1, "b", [], {}, {"saved": "now"}, {"Response": "b"}])
    return Cost({name}, told=True)


@_sheet
def answers_beyond_limits(
    chance: random.Random, honest: Honest, entries: dict[str, Any], name: str
) -> Cost:
    deep: Any = 1
    for _ in range(50):
        deep = [deep]
    entries[name] = {
        "response": chance.choice([float("nan"), float("-inf"), 10**400, deep, "x" * 50_000])
    }
    return Cost({name}, told=True)


@_sheet
def unknown_answers(
    chance: random.Random, honest: Honest, entries: dict[str, Any], name: str
) -> Cost:
    for number in range(chance.randint(1, 50)):
        entries[chance.choice([f"no-such-{number}", "", "\ud800", "__class__"])] = {
            "response": _junk(chance)
        }
    return Cost()


def answers_twice(chance: random.Random, honest: Honest, files: Files) -> Cost:
    name = chance.choice(honest.on_sheet)
    content = _content(files, SHEET)
    twice = f'"answers": {{"{name}": {{"response": "zz"}}, '.encode()
    if content.count(b'"answers": {"') == 1 and f'"{name}"'.encode() in content:
        files[SHEET] = content.replace(b'"answers": {', twice, 1)
        return Cost(set(), told=True)
    return Cost()


def sheet_parts(chance: random.Random, honest: Honest, files: Files) -> Cost:
    sheet = _record(files, SHEET)
    how = chance.randrange(3)
    if how == 0:
        sheet["answers"] = chance.choice([None, [], "x", 3, [sheet.get("answers")]])
    elif how == 1:
        sheet["version"] = chance.choice([None, 0, 2, "1", True, [1], {}])
    files[SHEET] = json.dumps([sheet] if how == 2 else sheet).encode()
    return Cost(set() if how == 1 else set(honest.on_sheet), told=True)


def sheet_as_others_write(chance: random.Random, honest: Honest, files: Files) -> Cost:
    """Save the sheet as another program would; in UTF-16 it cannot be read."""
    content = _content(files, SHEET).removeprefix(b"\xef\xbb\xbf")
    how = chance.randrange(4)
    if how == 0:
        files[SHEET] = b"\xef\xbb\xbf" + content
    elif how == 1:
        files[SHEET] = content.replace(b", ", b",\r\n    ")
    elif how == 2:
        files[SHEET] = b"\n\n  " + content + b"\n\n"
    else:
        files[SHEET] = content.decode("utf-8", "replace").encode("utf-16")
        return Cost(set(honest.on_sheet), told=True)
    # Blanks after a comma are words too, where an answer is a text.
    return Cost(set(honest.on_sheet) if how == 1 else set())


# The folder.


def files_lost(chance: random.Random, honest: Honest, files: Files) -> Cost:
    name = chance.choice([SHEET, honest.unit + NOTEBOOK])
    how = chance.choice(["gone", "renamed", "folder", "pipe", "link", "empty"])
    content = files.pop(name, b"")
    if how == "renamed":
        files[f"old-{name.removesuffix(NOTEBOOK)}.txt"] = content
    elif how == "empty":
        files[name] = b""
    elif how != "gone":
        files[name] = how
    return Cost(set(honest.on_sheet) if name == SHEET else honest.written, told=True)


def files_added(chance: random.Random, honest: Honest, files: Files) -> Cost:
    names = ["questions.json", f"keys/{honest.unit}.json", "a" * 200, "x\ny", "..z", "json.py",
             "timestamp.txt", f"{SHEET}~", ".answers.lock", "data/a/b/c.csv"]  # fmt: skip
    for name in chance.sample(names, chance.randint(1, len(names))):
        files[name] = chance.choice([b"", b"{}", chance.randbytes(50), "link", "pipe"])
    return Cost()


def crowd_added(chance: random.Random, honest: Honest, files: Files) -> Cost:
    folder = chance.choice(["", ".git/", "data/"])
    for number in range(chance.choice([5, 250])):
        files[f"{folder}0{number}"] = b""
    return Cost()


DAMAGES: tuple[Damage, ...] = (
    *(notebook_bytes, sheet_bytes, delete_cells, duplicate_cells, duplicate_with_other_words),
    *(reorder_cells, retype_cells, edit_locked_cells, edit_other_cells, sources_of_other_types),
    *(lose_metadata, metadata_of_other_types, forge_settings, change_grade_ids, lose_ids),
    *(add_cells, cells_of_other_types, notebook_parts, other_format, rename_notebook),
    *(add_notebooks, drop_answers, alter_answers, swap_answers, entries_of_other_types),
    *(answers_beyond_limits, unknown_answers, answers_twice, sheet_parts, sheet_as_others_write),
    *(files_lost, files_added, crowd_added),
)
