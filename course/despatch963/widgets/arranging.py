"""Inputs for match and order."""

from typing import Any

import ipywidgets as widgets

from ..questions import KINDS
from .labels import bare

_NARROW = {"width": "40px"}


def match(asked: dict[str, Any], response: Any, save: Any) -> widgets.Widget:
    """Draw one list to choose from for each item."""
    given = KINDS["match"].read(asked, response) or {}
    options = [("— choose —", ""), *((bare(o), name) for name, o in asked["options"].items())]
    menus = {
        item: widgets.Dropdown(
            options=options,
            value=given.get(item, ""),
            description=bare(label),
            style={"description_width": "40%"},
            layout={"width": "100%", "height": "auto", "min_height": "32px"},
        )
        for item, label in asked["items"].items()
    }

    def changed(_: Any) -> None:
        save({item: menu.value for item, menu in menus.items() if menu.value} or None)

    for menu in menus.values():
        menu.observe(changed, "value")
    return widgets.VBox(list(menus.values()))


def order(asked: dict[str, Any], response: Any, save: Any) -> widgets.Widget:
    """Draw the items with buttons that move them up and down.

    An order counts as an answer once it was moved or kept on purpose: as first drawn it is only
    the order in which the items are listed.
    """
    items = asked["items"]
    given = KINDS["order"].read(asked, response) or []
    sequence = [*given, *(item for item in items if item not in given)]
    rows = [_Row(place, len(sequence)) for place in range(len(sequence))]
    keep = widgets.Button(description="This is my order")
    keep.on_click(lambda _: save(list(sequence)))

    def move(place: int, step: int) -> None:
        sequence.insert(place + step, sequence.pop(place))
        save(list(sequence))
        show()

    def show() -> None:
        for row, item in zip(rows, sequence, strict=True):
            row.show(bare(items[item]))

    for row in rows:
        row.up.on_click(lambda _, place=row.place: move(place, -1))
        row.down.on_click(lambda _, place=row.place: move(place, +1))
    show()
    return widgets.VBox([*(row.line for row in rows), keep])


class _Row:
    """A place in the order: it stays when items move, so that the keyboard's focus does too."""

    def __init__(self, place: int, places: int):
        self.place = place
        self.up = widgets.Button(description="↑", disabled=place == 0, layout=_NARROW)
        self.down = widgets.Button(description="↓", disabled=place == places - 1, layout=_NARROW)
        self.label = widgets.Label(layout={"flex": "1 1 auto"})
        self.line = widgets.HBox([self.up, self.down, self.label])

    def show(self, item: str) -> None:
        self.label.value = f"{self.place + 1}. {item}"
        self.up.tooltip, self.down.tooltip = f"Move up: {item}", f"Move down: {item}"
