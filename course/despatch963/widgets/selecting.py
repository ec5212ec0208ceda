"""Inputs for evidence and claim: words of the text, typed or pasted and found in their passage."""

from typing import Any

import ipywidgets as widgets

from ..questions import KINDS, find_quotation
from .choosing import choice

_STRETCH = {"flex": "1 1 auto", "width": "auto"}
_FIXED = {"flex": "0 0 auto", "width": "auto"}


def evidence(asked: dict[str, Any], response: Any, save: Any) -> widgets.Widget:
    """Draw a field for words of the text and the list of those marked so far."""
    spans = list(KINDS["evidence"].read(asked, response) or [])
    field = widgets.Text(
        description="Words",
        placeholder="copy the exact words here",
        continuous_update=False,
        layout=_STRETCH,
    )
    mark = widgets.Button(
        description="Mark these words", layout={"flex": "0 0 auto", "width": "auto"}
    )
    hint = widgets.HTML()
    marked = widgets.VBox()

    def add(_: Any) -> None:
        if not field.value.strip():
            return
        found = find_quotation(asked["text"], field.value.strip().strip("“”\"' "))
        if found is None:
            hint.value = (
                f"These words are not in {', '.join(asked['text'])}. Copy them exactly as they "
                "stand in the passage."
            )
            return
        if found not in spans:
            spans.append(found)
        field.value = hint.value = ""
        save(list(spans))
        draw()

    def remove(target: dict[str, Any]) -> None:
        spans.remove(target)
        save(list(spans) or None)
        draw()

    def draw() -> None:
        marked.children = [row(target) for target in spans]

    def row(target: dict[str, Any]) -> widgets.Widget:
        words = f"“{target['selector'][0]['exact']}” ({target['source']})"
        button = widgets.Button(
            description="Remove", tooltip=f"Remove {words}", layout={"width": "auto"}
        )
        button.on_click(lambda _: remove(target))
        return widgets.HBox([button, widgets.Label(words)])

    # The field reports its words when the reader presses Enter or leaves it; the button is for
    # those who look for one, and a click on it leaves the field.
    field.observe(add, "value")
    mark.on_click(add)
    draw()
    return widgets.VBox([widgets.HBox([field, mark]), hint, marked])


def claim(asked: dict[str, Any], response: Any, save: Any) -> widgets.Widget:
    """Draw the claims to choose from, and below them the evidence."""
    given = KINDS["claim"].read(asked, response) or {"claim": None, "evidence": []}

    def changed(part: str, value: Any) -> None:
        given[part] = value
        save(dict(given) if given["claim"] or given["evidence"] else None)

    return widgets.VBox(
        [
            choice(asked, given["claim"], lambda option: changed("claim", option)),
            evidence(asked, given["evidence"], lambda spans: changed("evidence", spans or [])),
        ]
    )
