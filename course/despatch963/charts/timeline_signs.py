"""The signs of the timeline: what each of them tells by its shape, its filling and its colour."""

from typing import Any, NamedTuple

from ..wording import spelled
from . import sheet
from .timeline import AFTER, EDITORS, NAMED, SILENT, Row

BAR, SIGN = 9, 11  # pixels
_SYMBOLS = {NAMED: "diamond", EDITORS: "square", SILENT: "circle"}
_COLOURS = {NAMED: sheet.BLUE, EDITORS: sheet.PURPLE, SILENT: sheet.PALE}


class Look(NamedTuple):
    """What a sign tells."""

    mentioned: str
    later: bool
    doubtful: bool
    point: bool


def look_of(row: Row) -> Look:
    """Return what the sign of a row has to tell."""
    point = row["start"] is not None and row["start"] == row["end"]
    return Look(row["mentioned"], row["despatch"] == AFTER, row["confidence"] != "high", point)


def point(look: Look) -> dict[str, Any]:
    """Return how a day is drawn, as the beginning of a plotly trace."""
    colour = _COLOURS[look.mentioned]
    symbol = _SYMBOLS[look.mentioned] + "-x" * look.later + "-open" * look.doubtful
    crossed = look.later and not look.doubtful
    line = {"width": 1.5, "color": sheet.PAPER if crossed else colour}
    marker = {"symbol": symbol, "size": SIGN + 2 * crossed, "color": colour, "line": line}
    return {"type": "scatter", "mode": "markers", "marker": marker, "cliponaxis": False}


def bar(look: Look) -> dict[str, Any]:
    """Return how a span is drawn, as the beginning of a plotly trace."""
    colour = _COLOURS[look.mentioned]
    fill, stroke = (sheet.PAPER, colour) if look.doubtful else (colour, sheet.PAPER)
    marker: dict[str, Any] = {"color": fill, "line": {"width": 1.5, "color": colour}}
    if look.later:
        marker["pattern"] = {"shape": "x", "size": 6, "fgcolor": stroke, "bgcolor": fill}
    return {"type": "bar", "orientation": "h", "marker": marker}


def legend(looks: set[Look]) -> list[dict[str, Any]]:
    """Return a key to what the signs tell, as traces without a place."""
    plain = Look(SILENT, later=False, doubtful=False, point=True)
    mentions = {look.mentioned for look in looks}
    entries = [
        (NAMED in mentions, plain._replace(mentioned=NAMED), "mentioned in the despatch"),
        (EDITORS in mentions, plain._replace(mentioned=EDITORS), "only in its editors’ words"),
        (SILENT in mentions, plain, "not mentioned"),
        (any(look.doubtful for look in looks), plain._replace(doubtful=True),
         "hollow: doubtful or general knowledge"),
        (any(look.later for look in looks), plain._replace(later=True),
         "crossed: later than the despatch"),
        (any(not look.point for look in looks), plain._replace(point=False),
         "bar: some time within it"),
    ]  # fmt: skip
    nowhere = {"x": [None], "y": [None], "hoverinfo": "skip", "showlegend": True}
    return [
        (point(look) if look.point else bar(look)) | nowhere | {"name": name}
        for drawn, look, name in entries
        if drawn
    ]


def hover(row: Row) -> str:
    """Return what a sign says under the pointer."""
    doubt = "" if row["confidence"] == "high" else f", {row['confidence']} confidence"
    mention = f"Mentioned {row['mentioned']}: {row['passages']}."
    return sheet.hover(
        row["event"],
        f"{spelled(row['date'])} ({row['precision']}{doubt})",
        row["description"],
        mention if row["passages"] else "Not mentioned in the despatch.",
        row["note"],
        f"Seen from the despatch: {row['despatch']}.",
        f"{row['id']}: {row['sources'].replace(';', '; ')}",
    )
