"""The answer sheet: ``answers.json`` beside the notebook, all responses and nothing else.

    {"version": 1, "answers": {"<question id>": {"response": <any JSON>, "saved": "<UTC time>"}}}

``data/answers.schema.json`` is its schema. Every change is written at once: a new file is made
beside the sheet and put in its place in one step, so a sheet is always whole. The sheet is read
again, under a lock, before each write, so two notebooks open on one folder keep each other's
answers. Answers to questions that no longer exist stay.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SHEET = "answers.json"
VERSION = 1


class SheetBusy(RuntimeError):
    """Another program holds the answer sheet and does not let go."""


class SheetTooNew(RuntimeError):
    """The answer sheet was written by a newer version of the course."""


def read(folder: Path) -> dict[str, Any]:
    """Return the responses in `folder`'s answer sheet by question id; {} when there is none.

    A damaged sheet counts as none here; see `set_aside_if_damaged`.
    Raises SheetTooNew for a sheet of a later version.
    """
    sheet = _load(folder / SHEET) or _empty()
    return {question: entry["response"] for question, entry in sheet["answers"].items()}


def save(folder: Path, question: str, response: Any) -> None:
    """Write the response to one question into the answer sheet of `folder`, at once.

    `response` is any JSON value; None takes the answer back. A damaged sheet is set aside first,
    never overwritten. Raises SheetBusy, SheetTooNew, ValueError for what JSON cannot hold (a
    number that is not finite), or OSError when the folder cannot be written.
    """
    with _locked(folder):
        _set_aside_if_damaged(folder / SHEET)
        sheet = _load(folder / SHEET) or _empty()
        if response is None:
            sheet["answers"].pop(question, None)
        else:
            saved = datetime.now(UTC).isoformat(timespec="seconds")
            sheet["answers"][question] = {"response": response, "saved": saved}
        _write(folder / SHEET, sheet)


def set_aside_if_damaged(folder: Path) -> Path | None:
    """Give a damaged answer sheet a new name and return that; None when there is none damaged."""
    with _locked(folder):
        return _set_aside_if_damaged(folder / SHEET)


def _empty() -> dict[str, Any]:
    return {"version": VERSION, "answers": {}}


def _load(path: Path) -> dict[str, Any] | None:
    """Return the sheet at `path`, or None when there is none or it is damaged."""
    try:
        sheet = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError, RecursionError):
        return None
    if not isinstance(sheet, dict):
        return None
    version = sheet.get("version")
    if isinstance(version, int) and version > VERSION:
        raise SheetTooNew(
            f"{path.name} was written by a newer version of this course. "
            "Update the course (or ask your instructor to), then run this cell again."
        )
    entries = sheet.get("answers")
    whole = (
        version == VERSION
        and version is not True  # which Python takes for 1, and JSON does not
        and isinstance(entries, dict)
        and all(isinstance(entry, dict) and "response" in entry for entry in entries.values())
    )
    return sheet if whole else None


def _set_aside_if_damaged(path: Path) -> Path | None:
    if not path.exists() or _load(path) is not None:
        return None
    number = 1
    while (aside := path.with_name(f"{path.stem}-damaged-{number}{path.suffix}")).exists():
        number += 1
    return path.rename(aside)


def _write(path: Path, sheet: dict[str, Any]) -> None:
    text = json.dumps(sheet, ensure_ascii=False, allow_nan=False, indent=1, sort_keys=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".answers-", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            Path(temporary).chmod(path.stat().st_mode)
        else:
            # mkstemp lets only its owner read; nbgrader must be able to collect the sheet.
            Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    try:
        with FileLock(folder / ".answers.lock", timeout=10):
            yield
    except Timeout:
        raise SheetBusy(
            "Your answer was not saved: another program has kept the answer sheet open for ten "
            "seconds. Close other notebooks of this folder and answer again."
        ) from None
