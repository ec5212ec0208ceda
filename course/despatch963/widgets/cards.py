"""The card of a question: its input, what is saved in words, and, with the key, the mark."""

from calendar import month_name
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from markdown_it import MarkdownIt

from .. import answers, citations, despatch, questions
from .front import script, style
from .labels import bare

Record = dict[str, Any]

_inline = MarkdownIt("commonmark", {"html": False}).renderInline

_HINTS = {
    "number": "Write a number in figures, such as 18.",
    "date": "This is not yet a date: check the year.",
}


class Card(anywidget.AnyWidget):
    """One question in a notebook. Each change is saved at once in the folder's answer sheet.

    The browser is sent what is asked, the response and words about it; the key stays here.
    """

    # Only questions on words of the text carry the script for selecting them.
    _esm = traitlets.Unicode().tag(sync=True)
    _css = style("desk.css", "selecting.css", "card.css")

    asked = traitlets.Dict().tag(sync=True)
    response = traitlets.Any(None, allow_none=True).tag(sync=True)
    state = traitlets.Unicode().tag(sync=True)
    can_undo = traitlets.Bool(False).tag(sync=True)

    def __init__(self, asked: Record, key: Record | None, folder: Path):
        self._asked, self._key, self._folder = asked, key, folder
        self._past: list[Any] = []
        aside = answers.set_aside_if_damaged(folder)
        selects = asked["kind"] in ("evidence", "claim")
        super().__init__(
            asked=_drawn(asked),
            response=_read(asked, answers.read(folder).get(asked["id"])),
            _esm=script(
                "parts.js", *(["selecting.js"] if selects else []), "card-inputs.js", "card.js"
            ),
        )
        self._report(_set_aside_notice(aside) if aside else "")
        self.on_msg(self._hear)

    def __repr__(self) -> str:
        # What a notebook shows where no widget can be drawn: in print, in an export, unrun.
        return f"Question {self._asked['id']}. {self._state()}"

    def _hear(self, _: Any, message: Any, buffers: Any) -> None:
        """Do what the reader asked for in the browser, and let the browser know."""
        kind = message.get("type") if isinstance(message, dict) else None
        if kind == "answer":
            self._answer(message.get("response"))
        elif kind == "undo" and self._past:
            self._undo()
            self.send({"type": "redraw"})
        elif kind == "clear":
            self._answer(None)
            self.send({"type": "redraw"})
        elif kind == "open" and message.get("id") in self._asked["cites"]:
            self.send({"type": "opened", "id": message["id"], "html": _opened(message["id"])})
        self.send({"type": "heard"})

    def _answer(self, response: Any) -> None:
        read = _read(self._asked, response)
        before = self.response
        if self._save(read, _HINTS.get(self._asked["kind"], "") if response and not read else ""):
            if read != before:
                self._past.append(before)
            self.can_undo = bool(self._past)

    def _undo(self) -> None:
        if self._save(self._past[-1]):
            self._past.pop()
            self.can_undo = bool(self._past)

    def _save(self, response: Any, hint: str = "") -> bool:
        """Save the response, and say so; or say why not."""
        try:
            answers.save(self._folder, self._asked["id"], response)
        except (answers.SheetBusy, answers.SheetTooNew, OSError, ValueError) as error:
            self._report(f"<strong>Not saved.</strong> {escape(str(error))}")
            return False
        self.response = response
        self.can_undo = bool(self._past)
        self._report(escape(hint))
        return True

    def _state(self) -> str:
        if not questions.answered(self._asked, self.response):
            return "Not answered yet."
        state = f"Saved: {bare(questions.in_words(self._asked, self.response))}."
        if open_part := questions.still_open(self._asked, self.response):
            state += f" Still open: {open_part}."
        return state

    def _report(self, notice: str = "") -> None:
        parts = [notice, escape(self._state())]
        if self._key and questions.answered(self._asked, self.response):
            mark = questions.mark(self._asked, self._key, self.response)
            reasons = "".join(f"<li>{_inline(reason)}</li>" for reason in mark.reasons)
            sign = "✓" if mark.score == 1 else "◐" if mark.score > 0 else "✗"
            verdict = f"{sign} {questions.verdict(mark.score)}."
            parts.append(f"<strong>{verdict}</strong><ul>{reasons}</ul>")
        self.state = "".join(f"<div>{part}</div>" for part in parts if part)


def _read(asked: Record, response: Any) -> Any:
    """Return a response as the kind of question understands it, or None."""
    return questions.KINDS[asked["kind"]].read(asked, response)


def _drawn(asked: Record) -> Record:
    """Return what the browser needs to draw the question, its labels as HTML and in plain words."""
    labels = {
        part: [[name, _inline(label), bare(label)] for name, label in asked[part].items()]
        for part in ("options", "items", "rows", "columns")
        if asked.get(part)
    }
    for option in labels.get("options", ()):
        if asked["kind"] != "match":
            option[1] = f"{escape(option[0])}. {option[1]}"
    if asked["kind"] == "passages":
        labels["options"] = [[id, escape(name), name] for id, name in asked["choose_from"].items()]
    drawn = {
        "id": asked["id"],
        "kind": asked["kind"],
        "legend": f"Your answer to question {asked.get('number', '')}".rstrip(),
        "cites": list(asked["cites"]),
        "unit": asked.get("unit", ""),
        "cells": asked.get("cells"),
        **labels,
    }
    if asked["kind"] == "date":
        drawn["relations"] = [list(relation) for relation in questions.RELATIONS.items()]
        drawn["months"] = list(month_name)[1:]
    if asked["kind"] == "table":
        drawn["how"] = (
            "Compute the table in a cell and save it with "
            f"<code>answer(&quot;{escape(asked['id'])}&quot;, table)</code>; then run this cell "
            "again."
        )
    if asked["kind"] in ("evidence", "claim"):
        drawn["passages"] = [
            {"id": id, "name": despatch.paragraph(id).name, "text": text}
            for id, text in asked["text"].items()
        ]
    return drawn


def _opened(cited: str) -> str:
    """Return a passage as the edition shows it, or the note that names a source."""
    if cited in despatch.ids():
        return despatch.paragraph(cited)._repr_html_()
    return f"<p>{escape(citations.cite(cited))}</p>"


def _set_aside_notice(aside: Path) -> str:
    return (
        "<strong>Your answer sheet could not be read.</strong> It may have been cut off or edited. "
        f"It is kept as {escape(aside.name)}; a new one begins with your next answer. "
        "If you need the old answers, show that file to your instructor."
    )
