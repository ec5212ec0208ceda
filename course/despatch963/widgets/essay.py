"""The essay desk: the saved essay counted, its quotations and references looked up."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import anywidget
import traitlets

from .. import despatch, quotations, tables
from .front import script, style
from .place import in_nbgrader

_UNTOUCHED = "YOUR ANSWER HERE"
_SIGNS = {"verbatim": "✓", "altered": "≠", "not found": "?"}


class Saved(NamedTuple):
    """An essay as the disk has it: its text, the notebook's name, when that was saved."""

    text: str
    notebook: str
    when: datetime


def saved(folder: Path, id: str) -> Saved | None:
    """Return the essay `id` from the notebook of `folder` that was saved last, or None."""
    paths = sorted(folder.glob("*.ipynb"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in paths:
        for cell in _cells(path):
            marked = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id")
            if id == marked or cell.get("id") == f"essay-{id}":
                source = cell.get("source", "")
                text = source if isinstance(source, str) else "".join(source)
                return Saved(text, path.name, datetime.fromtimestamp(path.stat().st_mtime))
    return None


def _cells(path: Path) -> list[dict[str, Any]]:
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [cell for cell in cells if isinstance(cell, dict)]


class Essay(anywidget.AnyWidget):
    """What can be checked of an essay without judging it; it changes nothing."""

    _esm = script("parts.js", "essay.js")
    _css = style("desk.css", "essay.css")

    said: Any = traitlets.Unicode().tag(sync=True)
    findings: Any = traitlets.List().tag(sync=True)

    def __init__(self, id: str, words: tuple[int, int] | None, folder: Path):
        self._id, self._words, self._folder = id, words, folder
        super().__init__()
        self.check()
        self.on_msg(self._hear)

    def __repr__(self) -> str:
        return "\n".join([self.said, *(f"{sign} {words}" for sign, words in self.findings)])

    def _hear(self, _: Any, message: Any, buffers: Any) -> None:
        if isinstance(message, dict) and message.get("type") == "check":
            self.check()
            self.send({"type": "heard"})

    def check(self) -> None:
        """Read the notebook from the disk and say what is found."""
        essay = saved(self._folder, self._id)
        if essay is None:
            self.said, self.findings = "No essay cell is in the notebooks of this folder.", []
            return
        if essay.text.strip() in ("", _UNTOUCHED):
            self.said = (
                "Nothing written yet. Double-click the cell above, write, press Shift+Enter, save "
                "with Ctrl+S (on a Mac, Cmd+S) and check again."
            )
            self.findings = []
            return
        number = quotations.count(essay.text)
        asked = f", {self._words[0]} to {self._words[1]} are asked for" if self._words else ""
        self.said = (
            f"{number} words{asked}. {essay.notebook} as saved at {essay.when:%H:%M:%S}; for what "
            "you wrote since, save and check again."
        )
        self.findings = [*_quoted(essay.text), *_referred(essay.text)]


def _quoted(text: str) -> list[list[str]]:
    passages = {id: despatch.paragraph(id).text for id in despatch.ids()}
    found = []
    for one in quotations.quotations(text, passages):
        said = {
            "verbatim": f"stands in {one.passage}, word for word{_gaps(one)}",
            "altered": f"is not what {one.passage} has: “{one.nearest}”. Yours has "
            f"{', '.join(one.differs) or 'other words'}",
            "not found": "is not in the despatch. If another source has it, name that source",
        }
        end = "?" if one.verdict == "verbatim" and one.differs else "."
        found.append([_SIGNS[one.verdict], f"“{one.words}” {said[one.verdict]}{end}"])
    return found


def _gaps(one: quotations.Quotation) -> str:
    if not one.differs:
        return ""
    words = " and ".join(f"“{_shortened(left)}”" for left in one.differs)
    return f". You left out {words}: does the sense stay"


def _shortened(words: str) -> str:
    several = words.split()
    if len(several) <= 16:
        return words
    return f"{' '.join(several[:7])} … {' '.join(several[-7:])}"


def _referred(text: str) -> list[list[str]]:
    sources = [source["id"] for source in tables.records("sources")]
    return [
        ["✓", f"{one.words} is there."]
        if one.known
        else ["?", f"{one.words} is no passage of the despatch and no source of the course."]
        for one in quotations.references(text, despatch.ids(), sources)
    ]


def essay(id: str) -> Essay | None:
    """Check the essay `id` as it was last saved: its length, its quotations, its references."""
    if in_nbgrader():
        return None
    folder = Path.cwd()
    return Essay(id, _asked(folder, id), folder)


def _asked(folder: Path, id: str) -> tuple[int, int] | None:
    try:
        asked = json.loads((folder / "questions.json").read_text(encoding="utf-8"))["questions"]
        low, high = asked[id]["words"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return low, high
