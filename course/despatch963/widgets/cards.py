"""The card of a question: its input, what is saved in words, and, with the key, the mark."""

import re
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from .. import answers, questions
from .inputs import DRAW
from .labels import bare

_STYLE = """<style>
.despatch963-card {border: 1px solid var(--jp-border-color1, #767676); border-radius: 4px;
  padding: 8px 12px; margin: 4px 0;}
.despatch963-card .widget-html-content {line-height: 1.5;}
.despatch963-card label {white-space: normal !important; height: auto !important;
  line-height: 1.4 !important; overflow: visible !important;}
.despatch963-card .widget-dropdown select {min-height: 28px;}
.despatch963-card .widget-box > * {max-width: 100%;}
.despatch963-card .widget-radio-box label {margin-bottom: 6px;}
</style>"""


class Card(widgets.VBox):
    """One question in a notebook. Each change is saved at once in the folder's answer sheet."""

    def __init__(self, asked: dict[str, Any], key: dict[str, Any] | None, folder: Path):
        self._asked, self._key, self._folder = asked, key, folder
        aside = answers.set_aside_if_damaged(folder)
        self._response = answers.read(folder).get(asked["id"])
        self._status = widgets.HTML()
        self._input = widgets.VBox()
        clear = widgets.Button(
            description="Clear my answer", layout={"width": "auto", "align_self": "flex-start"}
        )
        clear.on_click(self._clear)
        super().__init__([widgets.HTML(_STYLE), self._input, self._status, clear])
        self.add_class("despatch963-card")
        self._draw()
        self._report(_set_aside_notice(aside) if aside else "")

    def __repr__(self) -> str:
        # What a notebook shows where no widget can be drawn: in print, in an export, unrun.
        return f"Question {self._asked['id']}. {self._state()}"

    def _clear(self, _: widgets.Button) -> None:
        self._save(None)
        self._draw()

    def _draw(self) -> None:
        draw = DRAW[self._asked["kind"]]
        self._input.children = [draw(self._asked, self._response, self._save)]

    def _save(self, response: Any) -> None:
        try:
            answers.save(self._folder, self._asked["id"], response)
        except (answers.SheetBusy, answers.SheetTooNew, OSError, ValueError) as error:
            self._report(f"<strong>Not saved.</strong> {escape(str(error))}")
            return
        self._response = response
        self._report()

    def _state(self) -> str:
        if not questions.answered(self._asked, self._response):
            return "Not answered yet."
        state = f"Saved: {bare(questions.in_words(self._asked, self._response))}."
        if open_part := questions.still_open(self._asked, self._response):
            state += f" Still open: {open_part}."
        return state

    def _report(self, notice: str = "") -> None:
        parts = [notice, escape(self._state())]
        if self._key and questions.answered(self._asked, self._response):
            mark = questions.mark(self._asked, self._key, self._response)
            reasons = "".join(f"<li>{_emphasised(reason)}</li>" for reason in mark.reasons)
            sign = "✓" if mark.score == 1 else "◐" if mark.score > 0 else "✗"
            verdict = f"{sign} {questions.verdict(mark.score)}."
            parts.append(f"<strong>{verdict}</strong><ul>{reasons}</ul>")
        shown = "".join(f"<div>{part}</div>" for part in parts if part)
        self._status.value = f'<div role="status">{shown}</div>'


def _emphasised(markdown: str) -> str:
    return re.sub(r"\*([^*]+)\*", r"<em>\1</em>", escape(markdown, quote=False))


def _set_aside_notice(aside: Path) -> str:
    return (
        "<strong>Your answer sheet could not be read.</strong> It may have been cut off or edited. "
        f"It is kept as {escape(aside.name)}; a new one begins with your next answer. "
        "If you need the old answers, show that file to your instructor."
    )
