"""Inputs for number, date and text."""

from calendar import month_name
from typing import Any

import ipywidgets as widgets

from ..questions import KINDS, RELATIONS


def number(asked: dict[str, Any], response: Any, save: Any) -> widgets.Widget:
    """Draw a field for a number, with its unit."""
    given = KINDS["number"].read(asked, response)
    field = widgets.Text(
        value="" if given is None else f"{given:g}",
        description="Number",
        layout={"width": "240px"},
    )
    hint = widgets.Label(asked.get("unit", ""))

    def changed(change: Any) -> None:
        read = KINDS["number"].read(asked, change["new"])
        hint.value = asked.get("unit", "")
        if read is None and change["new"].strip():
            hint.value = "Write a number in figures, such as 18."
        save(read)

    field.observe(changed, "value")
    return widgets.HBox([field, hint])


def date(asked: dict[str, Any], response: Any, save: Any) -> widgets.Widget:
    """Draw a date as precise as the reader likes: a year, a month of it, a day of that."""
    given = KINDS["date"].read(asked, response) or {"date": "", "relation": "on"}
    parts = [*given["date"].split("-"), "", ""]
    relation = widgets.Dropdown(
        options=[(words, name) for name, words in RELATIONS.items()],
        value=given["relation"],
        description="When",
        layout={"width": "220px"},
    )
    year = widgets.Text(value=parts[0], description="Year", layout={"width": "180px"})
    month = widgets.Dropdown(
        options=[("not known", ""), *((month_name[n], f"{n:02}") for n in range(1, 13))],
        value=parts[1],
        description="Month",
        layout={"width": "240px"},
    )
    day = widgets.Dropdown(
        options=[("not known", ""), *((str(n), f"{n:02}") for n in range(1, 32))],
        value=parts[2],
        description="Day",
        layout={"width": "200px"},
    )
    hint = widgets.Label()

    def changed(_: Any) -> None:
        pieces = [year.value.strip(), month.value, day.value if month.value else ""]
        written = {"date": "-".join(p for p in pieces if p), "relation": relation.value}
        usable = KINDS["date"].read(asked, written)
        hint.value = "" if usable or not any(pieces) else "This is not yet a date: check the year."
        save(usable)

    for part in (relation, year, month, day):
        part.observe(changed, "value")
    row = widgets.Box([relation, day, month, year], layout={"flex_flow": "row wrap"})
    return widgets.VBox([row, hint])


def text(asked: dict[str, Any], response: Any, save: Any) -> widgets.Widget:
    """Draw a field for a few words."""
    given = KINDS["text"].read(asked, response)
    field = widgets.Text(value=given or "", description="Answer", layout={"width": "95%"})
    field.observe(lambda change: save(change["new"].strip() or None), "value")
    return field
