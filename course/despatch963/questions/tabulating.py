"""The kind answered by a table: filled in by hand, or computed.

A question with ``cells`` lists the only words that a cell may hold.

A question with ``rows`` asks for one cell per row and column; the response and the key are
{row: {column: cell}}. A question without ``rows`` asks for a whole table; both are lists of
records {column: cell}, and ``by`` names the columns that tell which row is which.
"""

from typing import Any

from .kind import Kind, Record, labels
from .writing import plain, to_number

UNKNOWN = "unknown"
"""What a reader writes in a cell that the sources leave open; null in a key."""

_MOST_ROWS = 1000

Cell = str | float | bool
Cells = dict[tuple[str, ...], Cell]
"""Cells by their place: the row (its id, or its values in the `by` columns), then the column."""


def _cell(question: Record, value: Any) -> Cell | None:
    if "cells" in question:
        return value if isinstance(value, str) and value in question["cells"] else None
    if isinstance(value, str):
        return value if value.strip() and len(value) <= 500 else None
    return value if isinstance(value, bool) else to_number(value)


def _filled(question: Record, response: Any) -> dict[str, dict[str, Cell]] | None:
    columns, table = labels(question, "columns"), {}
    if not isinstance(response, dict):
        return None
    for row in labels(question, "rows"):
        cells = response.get(row)
        if isinstance(cells, dict):
            read = {column: _cell(question, cells.get(column)) for column in columns}
            table[row] = {column: value for column, value in read.items() if value is not None}
    return {row: cells for row, cells in table.items() if cells} or None


def _computed(question: Record, response: Any) -> list[dict[str, Cell]] | None:
    columns, records = labels(question, "columns"), []
    if not isinstance(response, list):
        return None
    for record in response[:_MOST_ROWS]:
        if isinstance(record, dict):
            read = {column: _cell(question, record.get(column)) for column in columns}
            records.append({column: value for column, value in read.items() if value is not None})
    return [record for record in records if record] or None


def _read(question: Record, response: Any) -> Any:
    return (_filled if question.get("rows") else _computed)(question, response)


def _cells(question: Record, table: Any) -> Cells:
    """Return the cells of a key or a response, in either form, by their place."""
    if question.get("rows"):
        return {(row, col): value for row, cells in table.items() for col, value in cells.items()}
    by = question.get("by") or [next(iter(question["columns"]))]
    return {
        (*(plain(str(record.get(column, ""))) for column in by), column): value
        for record in table
        for column, value in record.items()
    }


def _agree(expected: Any, value: Cell, tolerance: float) -> bool:
    if expected is None:
        return isinstance(value, str) and plain(value) == UNKNOWN
    if isinstance(expected, bool) or isinstance(value, bool):
        return expected is value
    wanted, got = to_number(expected), to_number(value)
    if wanted is not None and got is not None:
        return abs(wanted - got) <= tolerance + 1e-9 * max(1.0, abs(wanted))
    return plain(str(expected)) == plain(str(value))


def _cells_right(question: Record, key: Record, given: Any) -> float:
    expected, cells = _cells(question, key["answer"]), _cells(question, given)
    tolerance = key.get("tolerance", 0)
    right = sum(
        place in cells and _agree(value, cells[place], tolerance)
        for place, value in expected.items()
    )
    # Cells that the key does not have count against the table, so listing everything gains nothing.
    return right / max(len(expected), len(cells))


def _wrong_cells(question: Record, key: Record, given: Any) -> list[str]:
    expected, cells = _cells(question, key["answer"]), _cells(question, given)
    tolerance = key.get("tolerance", 0)
    return [
        ".".join(place)
        for place, value in expected.items()
        if place in cells and not _agree(value, cells[place], tolerance)
    ]


def _in_words(question: Record, given: Any) -> str:
    if not question.get("rows"):
        return f"a table of {len(given)} rows"
    rows, columns = labels(question, "rows"), labels(question, "columns")
    return "; ".join(
        f"{rows[row]}: " + ", ".join(f"{columns[col]} {value}" for col, value in cells.items())
        for row, cells in given.items()
    )


def _open_cells(question: Record, given: Any) -> str:
    if not question.get("rows"):
        return ""
    cells = len(labels(question, "rows")) * len(labels(question, "columns"))
    open_cells = cells - len(_cells(question, given))
    return f"{open_cells} of {cells} cells" if open_cells else ""


table = Kind(_read, _cells_right, _in_words, _wrong_cells, _open_cells)
