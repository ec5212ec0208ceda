"""How often each paragraph hedges and insists: bars to the left and to the right."""

from typing import Any

from . import sheet
from .hedges import BOOSTER, HEDGE, MIXED, Row

ROOM = 132  # pixels across
WIDTH = sheet.WIDTH - 24
_BAR = 11
_SPACE = "\u2002"
LOOKS = {
    HEDGE: ("triangle-down", sheet.BLUE, "hedge: it takes a step back"),
    BOOSTER: ("triangle-up", sheet.VERMILION, "booster: it insists"),
    MIXED: ("diamond", sheet.PURPLE, "both, counted on both sides"),
}


def tally(whole: list[Row], heights: list[float], per_100: bool) -> list[dict[str, Any]]:
    """Return for each paragraph, at its height, a bar for its hedges and one for its boosters."""
    return [
        trace
        for column, kind, sign in zip(_columns(per_100), (HEDGE, BOOSTER), (-1, 1), strict=True)
        for trace in (
            _bars(whole, heights, column, kind, sign),
            _numbers(whole, heights, column, sign),
        )
    ]


def tally_axis(whole: list[Row], per_100: bool) -> dict[str, Any]:
    """Return the axis of the bars, zero in the middle."""
    most = max(row[column] for row in whole for column in _columns(per_100)) or 1
    return {
        "domain": [1 - ROOM / WIDTH, 1],
        "range": [-most * 1.6, most * 1.6],
        "visible": False,
        "fixedrange": True,
    }


def tally_headings(per_100: bool, line: float) -> list[dict[str, Any]]:
    """Return what stands above the bars."""
    middle = 1 - ROOM / WIDTH / 2
    what = "per 100 words" if per_100 else "in all"
    return [
        sheet.words(middle - 0.005, line, "<b>hedges ▼</b>", xref="paper", xanchor="right"),
        sheet.words(middle + 0.005, line, "<b>▲ boosters</b>", xref="paper"),
        sheet.words(middle, 0, what, xref="paper", xanchor="center", yanchor="bottom"),
    ]


def _columns(per_100: bool) -> tuple[str, str]:
    return ("hedges_per_100", "boosters_per_100") if per_100 else ("hedges", "boosters")


def _bars(
    whole: list[Row], heights: list[float], column: str, kind: str, sign: int
) -> dict[str, Any]:
    colour = LOOKS[kind][1]
    hatched = {"shape": "/" if kind == HEDGE else "", "size": 5, "fgcolor": sheet.PAPER}
    return {
        "type": "bar",
        "orientation": "h",
        "xaxis": "x2",
        "ids": [f"{row['passage']} {column}" for row in whole],
        "x": [sign * row[column] for row in whole],
        "y": heights,
        "width": _BAR,
        "marker": {"color": colour, "pattern": hatched | {"bgcolor": colour}},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _numbers(whole: list[Row], heights: list[float], column: str, sign: int) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "text",
        "xaxis": "x2",
        "x": [sign * row[column] for row in whole],
        "y": heights,
        "text": [f"{_SPACE}{row[column] or 0}{_SPACE}" for row in whole],
        "textposition": "middle left" if sign < 0 else "middle right",
        "hoverinfo": "skip",
        "showlegend": False,
        "cliponaxis": False,
    }
