"""Build the course: units in; notebooks, their questions and their keys out."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import checks
from . import unit as units
from .coverage import coverage
from .notebook import notebook
from .records import public_and_key
from .unit import Problem, Unit

Files = dict[Path, str]
"""What the build makes: text by path from the course's root."""


def build(root: Path, check: bool = False) -> list[str]:
    """Write what is built from ``course/units`` below `root`, or only compare it (`check`).

    Returns the problems as lines, all of one run together; empty when there are none. With
    problems in a unit file nothing is written.
    """
    built, problems = compose(root)
    if problems:
        return [str(problem) for problem in problems]
    if check:
        return [*_stale(root, built), *_left_over(root, built)]
    for path in _obsolete(root, built):
        path.unlink()
    for path, text in built.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8", newline="\n")
    return []


def compose(root: Path) -> tuple[Files, list[Problem]]:
    """Return the built files of the course at `root`, and every mistake in its unit files."""
    course, problems = [], []
    for path in sorted((root / "course" / "units").glob("*/*.md")):
        if path.stem in ("lesson", "assignment"):
            unit, unreadable = units.read(path)
            course.append(unit)
            problems += [*unreadable, *checks.check(unit)]
    problems += checks.duplicates(course)
    return ({} if problems else _files(course)), problems


def _files(course: list[Unit]) -> Files:
    files: Files = {}
    practice: dict[str, Any] = {}
    for unit in course:
        records = [public_and_key(question) for question in unit.questions.values()]
        public = {
            question["id"]: {"number": number, **question}
            for number, (question, _) in enumerate(records, 1)
        }
        asked = {name: _without_id(question) for name, question in public.items()}
        keys = {question["id"]: key for question, key in records}
        if unit.part == "lesson":
            folder, name = Path("notebooks"), unit.slug
            practice |= asked
        else:
            folder, name = Path("assignments"), f"source/{unit.slug}/{unit.slug}"
            files[folder / "source" / unit.slug / "questions.json"] = _json(
                {"version": 1, "questions": asked}
            )
        files[folder / f"{name}.ipynb"] = _json(notebook(unit, public))
        if keys:
            files[folder / "keys" / f"{unit.slug}.json"] = _json(
                {"version": 1, "unit": unit.slug, "keys": keys}
            )
    files[Path("course/coverage.md")] = coverage(course)
    files[Path("notebooks/questions.json")] = _json({"version": 1, "questions": practice})
    return files


def _without_id(question: dict[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in question.items() if field != "id"}


def _json(record: Any) -> str:
    # Key order is the unit file's, which is the order of reading; so two builds are equal.
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def _stale(root: Path, built: Files) -> Iterator[str]:
    for path, text in built.items():
        try:
            current = (root / path).read_bytes().decode("utf-8")
        except FileNotFoundError:
            current = ""
        if current.replace("\r\n", "\n") != text:
            yield f"{path.as_posix()} is not what {_origin(path)} makes: run `despatch963 build`"


def _origin(path: Path) -> str:
    if path.name == "coverage.md":
        return "course/units"
    if path.name != "questions.json":
        return f"course/units/{path.stem}"
    return f"course/units/{path.parent.name}" if "source" in path.parts else "the lessons"


def _left_over(root: Path, built: Files) -> Iterator[str]:
    for path in _obsolete(root, built):
        yield f"{path.relative_to(root).as_posix()} has no unit any more: run `despatch963 build`"


def _obsolete(root: Path, built: Files) -> list[Path]:
    """Return built files of units that are gone (never a file the build does not make)."""
    found = [
        *root.glob("notebooks/*.ipynb"),
        *root.glob("notebooks/keys/*.json"),
        *root.glob("assignments/keys/*.json"),
        *root.glob("assignments/source/*/*.ipynb"),
        *root.glob("assignments/source/*/questions.json"),
    ]
    return [path for path in found if path.relative_to(root) not in built]
