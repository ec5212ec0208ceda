"""Inputs for choice, choices and passages."""

from typing import Any

import ipywidgets as widgets

from ..questions import KINDS
from .labels import bare

_WIDE = {"width": "auto", "max_width": "100%"}


def choice(asked: dict[str, Any], response: Any, save: Any) -> widgets.Widget:
    """Draw one radio button for each option."""
    options = [(f"{name}. {bare(label)}", name) for name, label in asked["options"].items()]
    chosen = KINDS["choice"].read(asked, response)
    buttons = widgets.RadioButtons(options=options, value=chosen, layout=_WIDE)
    buttons.observe(lambda change: save(change["new"]), "value")
    return buttons


def choices(asked: dict[str, Any], response: Any, save: Any) -> widgets.Widget:
    """Draw one check box for each option."""
    labels = {name: f"{name}. {bare(label)}" for name, label in asked["options"].items()}
    return _boxes(labels, KINDS["choices"].read(asked, response), save, widgets.VBox)


def passages(asked: dict[str, Any], response: Any, save: Any) -> widgets.Widget:
    """Draw one check box for each passage, side by side."""
    chosen = KINDS["passages"].read(asked, response)
    row = _boxes(asked["choose_from"], chosen, save, widgets.Box)
    row.layout.flex_flow = "row wrap"
    return row


def _boxes(labels: dict[str, str], chosen: list[str] | None, save: Any, frame: Any) -> Any:
    boxes = {
        name: widgets.Checkbox(
            value=name in (chosen or []), description=label, indent=False, layout=_WIDE
        )
        for name, label in labels.items()
    }

    def changed(_: Any) -> None:
        save([name for name, box in boxes.items() if box.value] or None)

    for box in boxes.values():
        box.observe(changed, "value")
    return frame(list(boxes.values()))
