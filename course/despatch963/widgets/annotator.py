"""The annotator: words of the text marked free-hand, and said what they are."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from .. import answers, despatch, questions
from ..passage import Passages
from .front import script, style
from .place import in_nbgrader

KINDS = ("claim", "evidence", "hedge", "booster", "hearsay", "concession", "other")


class Annotator(anywidget.AnyWidget):
    """Passages to mark words in. Marks are saved at once in the folder's answer sheet.

    They stand there passage by passage, as ``annotations-p5``: a list of Web Annotation targets,
    each with its `kind`.
    """

    _esm = script("parts.js", "selecting.js", "annotator.js")
    _css = style("desk.css", "selecting.css", "annotator.css")

    passages: Any = traitlets.List().tag(sync=True)
    kinds: Any = traitlets.List(list(KINDS)).tag(sync=True)
    marks: Any = traitlets.List().tag(sync=True)
    state = traitlets.Unicode().tag(sync=True)

    def __init__(self, passages: Passages, folder: Path):
        self._folder = folder
        self._texts = {passage.id: passage.text for passage in passages}
        answers.set_aside_if_damaged(folder)
        sheet = answers.read(folder)
        super().__init__(
            passages=[{"id": p.id, "name": f"{p.id} · {p.name}", "text": p.text} for p in passages],
            marks=read(self._texts, [m for id in self._texts for m in _kept(sheet, id)]),
        )
        self.state = self._counted()
        self.on_msg(self._hear)

    def __repr__(self) -> str:
        lines = [f"{m['kind']}: “{m['selector'][0]['exact']}” ({m['source']})" for m in self.marks]
        return "\n".join([self._counted(), *lines])

    def _hear(self, _: Any, message: Any, buffers: Any) -> None:
        if isinstance(message, dict) and message.get("type") == "marks":
            self._save(read(self._texts, message.get("marks")))
            self.send({"type": "heard"})

    def _save(self, marks: list[dict[str, Any]]) -> None:
        try:
            for passage in self._texts:
                here, before = _of(marks, passage), _of(self.marks, passage)
                if here != before:
                    answers.save(self._folder, f"annotations-{passage}", here or None)
        except (answers.SheetBusy, answers.SheetTooNew, OSError, ValueError) as error:
            self.state = f"Not saved. {error}"
            return
        self.marks = marks
        self.state = self._counted("Saved: ")

    def _counted(self, saved: str = "") -> str:
        number = len(self.marks)
        return (
            f"{saved}{number} place{'' if number == 1 else 's'} marked in {_listed(self._texts)}."
        )


def _listed(ids: Iterable[str]) -> str:
    ids = list(ids)
    return ", ".join(ids) if len(ids) < 4 else f"{ids[0]} to {ids[-1]}"


def _kept(sheet: dict[str, Any], passage: str) -> list[Any]:
    kept = sheet.get(f"annotations-{passage}")
    return kept if isinstance(kept, list) else []


def _of(marks: list[dict[str, Any]], passage: str) -> list[dict[str, Any]]:
    return [mark for mark in marks if mark["source"] == passage]


def read(texts: dict[str, str], marks: Any) -> list[dict[str, Any]]:
    """Return the marks that are words of `texts`, as the sheet keeps them; any JSON value goes."""
    found = []
    for mark in marks if isinstance(marks, list) else ():
        span = questions.KINDS["evidence"].read({"text": texts}, [mark])
        if span:
            kind = mark.get("kind")
            found.append({**span[0], "kind": kind if kind in KINDS else "other"})
    return found


def annotate(*passages: str) -> Annotator | Passages:
    """Mark words in all paragraphs, or in some: annotate("p5"), annotate("p2-p4").

    Each mark is a claim, evidence, a hedge, a booster, hearsay, a concession or something else.
    """
    chosen = despatch.paragraphs(*passages)
    return chosen if in_nbgrader() else Annotator(chosen, Path.cwd())
