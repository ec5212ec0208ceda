"""The timeline drawn: what is mentioned above, what is not below, hindsight to the right."""

import re
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from ..wording import spelled
from . import sheet
from .lanes import Label, lanes
from .scale import DAY, WIDTH, Part, parts
from .timeline import EDITORS, NAMED, SILENT, Row
from .timeline_ground import axis, hindsight, nth, title
from .timeline_signs import BAR, SIGN, Look, bar, hover, legend, look_of, point

if TYPE_CHECKING:
    import plotly.graph_objects as go

_BANDS = {"Mentioned in the despatch": (NAMED, EDITORS), "Not mentioned": (SILENT,)}
_LANE, _DENSE, _HEADING = 16, 13, 21  # pixels
_SPACE = "\u2002"
_TALLEST = 500  # pixels of lanes that leave a laptop's window its axis and legend
_MS = 24 * 60 * 60 * 1000  # of a day: bars on an axis of dates are measured in milliseconds


class _Sign(NamedTuple):
    """A row on the sheet: the first day drawn, the day after the last, and its words."""

    row: Row
    look: Look
    begin: date
    end: date
    y: float
    side: str
    words: str


def draw(shown: list[Row], despatch: Row, first: str, last: str) -> "go.Figure":
    """Draw the rows between the first and the last day of the period."""
    import plotly.graph_objects as go

    day = date.fromisoformat(despatch["end"])
    scale = parts(date.fromisoformat(first), date.fromisoformat(last), day)
    signs, headings, height = _arranged(shown, scale, day)
    traces = [trace for number in range(len(scale)) for trace in _traces(signs, scale, number)]
    shapes, notes = hindsight(despatch, scale)
    layout = sheet.layout(
        f"What the despatch mentions and what it does not, {title(first, last)}",
        height + 144,
        margin={"l": 12, "r": 12, "t": 58, "b": 86},
        barmode="overlay",
        yaxis={"range": [height, 0], "visible": False, "fixedrange": True},
        shapes=shapes,
        annotations=[*notes, *headings, *_words_on(signs, scale)],
        **{f"xaxis{nth(number)}": axis(part) for number, part in enumerate(scale)},
    )
    return go.Figure([*traces, *legend({sign.look for sign in signs})], layout)


def _arranged(
    shown: list[Row], scale: list[Part], despatch: date
) -> tuple[list[_Sign], list[dict[str, Any]], int]:
    """Return a sign for every row, the bands' headings, and the height of it all in pixels."""
    signs, headings, top = list[_Sign](), list[dict[str, Any]](), 0
    for heading, kinds in _BANDS.items():
        band = [row for row in shown if row["mentioned"] in kinds]
        if not band:
            continue
        text = f"<b>{heading}</b> ({len(band)})"
        headings.append(sheet.words(0, top + _HEADING / 2, text, xref="paper", bgcolor=sheet.PAPER))
        top += _HEADING
        placed, bottom = _band(band, scale, despatch, top, _LANE)
        if SILENT in kinds and bottom > _TALLEST:
            placed, bottom = _band(band, scale, despatch, top, _DENSE)
        signs += placed
        top = bottom + 6
    return signs, headings, top


def _band(
    rows: list[Row], scale: list[Part], despatch: date, top: int, lane: int
) -> tuple[list[_Sign], int]:
    """Return the signs of a band and where it ends; dense lanes have no room for words."""
    spans, labels, texts = [], [], []
    for row in rows:
        # An end that is not known lies at the edge of the sheet.
        begin = date.fromisoformat(row["start"]) if row["start"] else scale[0].begin
        end = (date.fromisoformat(row["end"]) + DAY) if row["end"] else scale[-1].end
        left, right = _at(begin, scale), _at(end, scale)
        middle, half = (left + right) / 2, max(SIGN, right - left) / 2
        text = f"{row['event']}, {_short(row['date'])}" if lane == _LANE else ""
        spans.append((begin, end))
        texts.append(text)
        room = sheet.text_width(text) + SIGN if text else 0
        labels.append(Label(middle - half, middle + half, room))
    lines = [_at(despatch, scale), *(part.left for part in scale[1:])]
    spots = lanes(labels, WIDTH, lines, gap=8 if lane == _LANE else 1)
    signs = [
        _Sign(row, look_of(row), *span, top + (spot.lane + 0.5) * lane, spot.side, text)
        for row, span, spot, text in zip(rows, spans, spots, texts, strict=True)
    ]
    return signs, top + lane * (max(spot.lane for spot in spots) + 1)


def _at(day: date, scale: list[Part]) -> float:
    return next((part for part in scale if day < part.end), scale[-1]).at(day)


def _traces(signs: list[_Sign], scale: list[Part], number: int) -> list[dict[str, Any]]:
    """Return the traces of one part of the scale: signs by their looks, then the words."""
    part, axis = scale[number], f"x{nth(number)}"
    here = [sign for sign in signs if sign.begin < part.end and sign.end > part.begin]
    by_look = defaultdict(list)
    for sign in here:
        by_look[sign.look].append(sign)
    traces = [_trace(look, by_look[look], part) for look in sorted(by_look)]
    # The words of a sign that goes on in another part stand at its first or its last piece.
    traces += [_words([s for s in here if s.begin >= part.begin or number == 0], "left")]
    traces += [_words([s for s in here if s.end <= part.end or part is scale[-1]], "right")]
    return [trace | {"xaxis": axis} for trace in traces if trace["y"]]


def _trace(look: Look, signs: list[_Sign], part: Part) -> dict[str, Any]:
    begins = [max(sign.begin, part.begin) for sign in signs]
    trace = {
        "ids": [sign.row["id"] for sign in signs],
        "y": [sign.y for sign in signs],
        "hovertext": [hover(sign.row) for sign in signs],
        "hoverinfo": "text",
        "showlegend": False,
    }
    starts = [begin.isoformat() for begin in begins]
    if look.point:
        return trace | point(look) | {"x": starts}
    lengths = [
        (min(sign.end, part.end) - begin).days * _MS
        for sign, begin in zip(signs, begins, strict=True)
    ]
    return trace | bar(look) | {"base": starts, "x": lengths, "width": BAR}


def _words(signs: list[_Sign], side: str) -> dict[str, Any]:
    """Return the words on one side of signs as a trace of text."""
    signs = [sign for sign in signs if sign.words and sign.side == side]
    edges = [sign.begin if side == "left" or sign.look.point else sign.end - DAY for sign in signs]
    gap = [_SPACE * (2 if sign.look.point else 1) for sign in signs]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [edge.isoformat() for edge in edges],
        "y": [sign.y for sign in signs],
        "text": [
            space + sign.words if side == "right" else sign.words + space
            for sign, space in zip(signs, gap, strict=True)
        ],
        "textposition": f"middle {side}",
        "hoverinfo": "skip",
        "showlegend": False,
        "cliponaxis": False,
    }


def _words_on(signs: list[_Sign], scale: list[Part]) -> list[dict[str, Any]]:
    """Return the words that interrupt long bars."""
    return [
        sheet.words(
            (_at(sign.begin, scale) + 14) / WIDTH,
            sign.y,
            sign.words,
            xref="paper",
            bgcolor=sheet.PAPER,
            borderpad=2,
        )
        for sign in signs
        if sign.words and sign.side == "on"
    ]


def _short(when: str) -> str:
    """Write a date with its months cut to three letters."""
    return re.sub(r"[A-Z][a-z]{3,}", lambda month: month[0][:3], spelled(when))
