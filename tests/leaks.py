"""What only the instructor may have, and whether a text gives it away."""

import json
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from conftest import ROOT


def secrets() -> set[str]:
    """Return, line by line, every reason and sample of the graded keys."""
    keys = [
        key
        for path in (ROOT / "assignments" / "keys").glob("*.json")
        for key in json.loads(path.read_text(encoding="utf-8"))["keys"].values()
    ]
    public = readable("".join(_public()))
    lines = {readable(line) for key in keys for text in _words(key) for line in text.split("\n")}
    return {line for line in lines if len(line) > 20 and line not in public}


def _words(key: dict) -> Iterator[str]:
    yield key.get("why", "")
    yield from key.get("because", {}).values()
    yield from key.get("samples", {}).values()


def _public() -> Iterator[str]:
    for path in (ROOT / "assignments" / "source").rglob("questions.json"):
        yield path.read_text(encoding="utf-8")


def readable(text: str) -> str:
    """Undo what JSON and HTML do to characters and spaces, so that like is compared with like."""
    return " ".join(unescape(text.replace('\\"', '"').replace("\\n", " ")).split())


def leaks(folder: Path, hidden: set[str]) -> list[str]:
    """Return the files below `folder` that hold one of the secrets."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            text = readable(path.read_text(encoding="utf-8", errors="ignore"))
            if any(secret in text for secret in hidden):
                found.append(path.relative_to(folder).as_posix())
    return found
