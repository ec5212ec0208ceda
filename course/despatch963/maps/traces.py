"""The cards of the cities and the signs on them, as plotly traces."""

from html import escape
from math import cos, pi, sin
from textwrap import wrap
from typing import Any

from ..charts import sheet
from .arranging import Arrangement
from .card import BESIDE, LETTERS, Card
from .projection import Point
from .rows import Row
from .signs import COLOURS, STATUSES

Trace = dict[str, Any]

SIZE, RING = 11, 18  # px


def card_traces(rows: list[Row], places: Arrangement) -> list[Trace]:
    """Return what stands still: radii of uncertain places, leaders, cards, dots, names."""
    ink, cards = sheet.INK, places.cards
    fill = {"mode": "lines", "fill": "toself", "fillcolor": COLOURS["card"]}
    dot = {"size": 5, "color": ink, "line": {"width": 1, "color": COLOURS["card"]}}
    return [
        {
            **_parts(_radii(rows, places)),
            "name": "radii",
            "mode": "lines",
            "line": {"width": 1.5, "dash": "dot", "color": ink},
        },
        {
            **_parts(
                [
                    [places.sheet.km(card.dot), places.sheet.km(card.anchor)]
                    for card in cards.values()
                ]
            ),
            "name": "leaders",
            "mode": "lines",
            "line": {"width": 1, "color": ink},
        },
        {
            **_parts([_outline(card, places) for card in cards.values()]),
            "name": "cards",
            "line": {"width": 1, "color": COLOURS["edge"]},
            **fill,
        },
        {
            **_points([places.sheet.km(card.dot) for card in cards.values()]),
            "name": "cities",
            "mode": "markers",
            "marker": dot,
        },
        {
            **_points([places.sheet.km(card.label) for card in cards.values()]),
            "name": "names",
            "mode": "text",
            "text": [f"<b>{escape(name)}</b>" for name in cards],
            "textposition": "middle right",
            "textfont": {"size": LETTERS, "color": ink},
        },
        {
            **_points([*places.neighbours.values()]),
            "name": "neighbours",
            "mode": "text",
            "text": [*places.neighbours],
            "textfont": {"size": LETTERS, "color": sheet.PALE, "style": "italic"},
        },
    ]


def sign_traces(rows: list[Row], places: Arrangement) -> list[Trace]:
    """Return the signs of one day: the only traces that another day or another choice changes.

    Always as many, in the same order: one for each status, the rings of what the despatch names,
    the letters. A sign carries the id of its office as `customdata`.
    """
    drawn = [row for row in rows if row["on_map"] == "yes"]
    named = [places.signs[row["office"]] for row in drawn if row["named_in_despatch"]]
    unknown = [places.signs[row["office"]] for row in drawn if row["status"] == "unknown"]
    beside = [_beside(row, places) for row in drawn]
    return [
        *(
            _signs(status, [r for r in drawn if r["status"] == status], places)
            for status in STATUSES
        ),
        {**_points(named), "name": "named in the despatch", "mode": "markers", "marker": _ring()},
        {
            **_points(beside + unknown),
            "name": "letters",
            "mode": "text",
            "text": [_letters(row) for row in drawn] + ["<b>?</b>"] * len(unknown),
            "textposition": ["middle right"] * len(drawn) + ["middle center"] * len(unknown),
            "textfont": {"size": sheet.SIZE - 1, "color": sheet.INK},
        },
    ]


def legend_traces(rows: list[Row]) -> list[Trace]:
    """Return one entry of the legend for each sign there is; they draw nothing."""
    pale = {"size": SIZE, "symbol": "square-open", "color": sheet.PALE, "line": {"width": 2}}
    entries = [(sign.label, _marker(status, [])) for status, sign in STATUSES.items()]
    entries[-1] = (f"{entries[-1][0]} (?)", entries[-1][1])
    entries += [("named in the despatch", _ring()), ("hollow: in doubt", pale)]
    told = [
        {**_points([(None, None)]), "name": name, "mode": "markers", "marker": marker}
        for name, marker in entries
    ]
    if any(row["radius_km"] for row in rows):
        line = {"width": 1.5, "dash": "dot", "color": sheet.INK}
        told.append(
            {**_points([(None, None)]), "name": "place uncertain", "mode": "lines", "line": line}
        )
    return [trace | {"showlegend": True} for trace in told]


def hover(row: Row) -> str:
    """Return what a sign says when pointed at."""
    status = STATUSES[row["status"]].label
    parts = (
        f"<b>{escape(row['state'])}, {escape(row['city'])}</b>",
        escape(f"now {row['city_now']}, {row['country_now']}"),
        escape(row["rank"] or "rank not given"),
        f"on this day: <b>{status}</b>"
        + (f", in doubt: {escape(row['doubt'])}" if row["doubt"] else ""),
        f"place {row['place_precision']}" if row["radius_km"] else "",
        "named in the despatch" if row["named_in_despatch"] else "",
        *(f"• {escape(claim)}" for claim in row["claims"].split("; ")),
    )
    return "<br>".join(line for part in parts for line in wrap(part, 76, subsequent_indent="   "))


def _signs(status: str, rows: list[Row], places: Arrangement) -> Trace:
    return {
        **_points([places.signs[row["office"]] for row in rows]),
        "name": STATUSES[status].label,
        "mode": "markers",
        "marker": _marker(status, rows),
        "customdata": [row["office"] for row in rows],
        "hovertext": [hover(row) for row in rows],
        "hoverinfo": "text",
    }


def _marker(status: str, rows: list[Row]) -> Trace:
    symbol, unknown = STATUSES[status].symbol, status == "unknown"
    # The circle of the question mark is filled with paper, not hollow: it is not in doubt.
    return {
        "size": 13 if unknown else SIZE,
        "symbol": [symbol + "-open" * bool(row["doubt"]) for row in rows] or symbol,
        "color": COLOURS["card"] if unknown else COLOURS[status],
        "line": {"width": 1.4 if unknown else 2, "color": COLOURS[status]},
    }


def _ring() -> Trace:
    return {"size": RING, "symbol": "circle-open", "color": sheet.INK, "line": {"width": 2.2}}


def _letters(row: Row) -> str:
    return f"<b>{row['code']}</b>" if row["named_in_despatch"] else row["code"]


def _beside(row: Row, places: Arrangement) -> Point:
    x, y = places.signs[row["office"]]
    return x + round((BESIDE + 2 * row["named_in_despatch"]) * places.sheet.scale), y


def _outline(card: Card, places: Arrangement) -> list[Point]:
    x, y = (card.left, card.right), (card.bottom, card.top)
    return [places.sheet.km((x[i], y[j])) for i, j in ((0, 0), (0, 1), (1, 1), (1, 0), (0, 0))]


def _radii(rows: list[Row], places: Arrangement) -> list[list[Point]]:
    """Return a circle around each city of which the place is only known to within a radius."""
    radii = {row["city"]: row["radius_km"] for row in rows if row["radius_km"]}
    return [
        [
            (round(x + radius * cos(turn * pi / 24)), round(y + radius * sin(turn * pi / 24)))
            for turn in range(49)
        ]
        for city, radius in radii.items()
        if city in places.cards
        for x, y in [places.sheet.km(places.cards[city].dot)]
    ]


def _points(points: Any) -> Trace:
    return {
        "type": "scatter",
        "hoverinfo": "skip",
        "showlegend": False,
        "x": [x for x, _ in points],
        "y": [y for _, y in points],
    }


def _parts(parts: list[list[Point]]) -> Trace:
    """Return several lines as one trace, with gaps between them."""
    return _points([point for part in parts for point in [*part, (None, None)]])
