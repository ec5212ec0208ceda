"""Inputs for match and order."""

from typing import Any

import ipywidgets as widgets

from ..questions import KINDS
from .labels import bare


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
    frame = widgets.VBox()
    keep = widgets.Button(description="This is my order")
    keep.on_click(lambda _: save(list(sequence)))

    def move(item: str, step: int) -> None:
        place = sequence.index(item)
        sequence.insert(max(0, place + step), sequence.pop(place))
        save(list(sequence))
        draw()

    def draw() -> None:
        frame.children = [*(row(n, item) for n, item in enumerate(sequence, start=1)), keep]

    def row(number: int, item: str) -> widgets.Widget:
        label = bare(items[item])
        up = widgets.Button(description="↑", tooltip=f"Move up: {label}", layout={"width": "40px"})
        down = widgets.Button(
            description="↓", tooltip=f"Move down: {label}", layout={"width": "40px"}
        )
        up.disabled, down.disabled = number == 1, number == len(sequence)
        up.on_click(lambda _: move(item, -1))
        down.on_click(lambda _: move(item, 1))
        text = widgets.Label(f"{number}. {label}", layout={"flex": "1 1 auto"})
        return widgets.HBox([up, down, text])

    draw()
    return frame
