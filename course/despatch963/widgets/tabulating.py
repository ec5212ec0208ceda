"""Input for table."""

from typing import Any

import ipywidgets as widgets

from ..questions import KINDS
from .labels import bare

_WRAP = {"flex_flow": "row wrap"}


def table(asked: dict[str, Any], response: Any, save: Any) -> widgets.Widget:
    """Draw a field for each cell; a table without given rows is computed in a cell of its own."""
    if not asked.get("rows"):
        return widgets.HTML(
            f'Compute the table in a cell and save it with <code>answer("{asked["id"]}", '
            "table)</code>; then run this cell again."
        )
    given = KINDS["table"].read(asked, response) or {}
    rows, columns = asked["rows"], asked["columns"]
    fields = {
        (row, column): widgets.Text(
            value=_shown(given.get(row, {}).get(column)),
            description=f"{bare(columns[column])}",
            style={"description_width": "auto"},
            layout={"width": "auto", "flex": "1 1 180px"},
        )
        for row in rows
        for column in columns
    }

    def changed(_: Any) -> None:
        table = {
            row: {c: fields[row, c].value.strip() for c in columns if fields[row, c].value.strip()}
            for row in rows
        }
        save({row: cells for row, cells in table.items() if cells} or None)

    for field in fields.values():
        field.observe(changed, "value")
    return widgets.VBox(
        [
            widgets.VBox(
                [
                    widgets.HTML(f"<strong>{bare(label)}</strong>"),
                    widgets.Box(
                        [fields[row, c] for c in columns], layout={"flex_flow": "row wrap"}
                    ),
                ]
            )
            for row, label in rows.items()
        ]
    )


def _shown(cell: Any) -> str:
    return "" if cell is None else f"{cell:g}" if isinstance(cell, float) else str(cell)
