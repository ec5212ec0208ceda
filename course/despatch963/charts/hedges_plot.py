"""Hedges and boosters drawn: a strip for each paragraph, as long as it has words."""

from typing import TYPE_CHECKING, Any, NamedTuple

from . import sheet
from .hedges import AUTHOR, Row, paragraphs
from .hedges_tally import LOOKS, ROOM, WIDTH, tally, tally_axis, tally_headings
from .lanes import Label, lanes

if TYPE_CHECKING:
    import plotly.graph_objects as go

_LANE, _STRIP, _GAP, _SIGN, _HEADING = 13, 6, 7, 9, 18  # pixels
_NAMES, _BETWEEN = 34, 10  # pixels: left and right of the strips
_TEXT = WIDTH - _NAMES - _BETWEEN - ROOM  # the longest paragraph, in pixels
_KEY = "<i>each strip is as long as its paragraph; a line every 50 words</i>"
_SPACE = "\u2002\u2009"


class _Sign(NamedTuple):
    row: Row
    y: float
    strip: float
    side: str


def draw(rows: list[Row], per_100: bool) -> "go.Figure":
    """Draw the rows, which are in the order of the text."""
    import plotly.graph_objects as go

    whole = paragraphs(rows)
    unit = _TEXT / max(row["words"] for row in whole)  # pixels of a word
    signs, strips, height = _arranged(rows, unit)
    heights = [strips[row["passage"]] - _STRIP for row in whole]
    traces = [
        _strip_trace(whole, strips),
        _drops(signs),
        *_pieces(signs),
        *_marks(signs),
        *(_words(signs, side) for side in ("right", "left")),
        *tally(whole, heights, per_100),
        *_legend(rows),
    ]
    left, right = _NAMES / WIDTH, (_NAMES + _TEXT) / WIDTH
    layout = sheet.layout(
        "Where the author hedges and where he insists, paragraph by paragraph",
        height + 82,
        margin={"l": 12, "r": 12, "t": 46, "b": 36},
        barmode="overlay",
        xaxis={
            "domain": [left, right],
            "range": [0, _TEXT / unit],
            "dtick": 50,
            "gridcolor": sheet.FAINT,
            "zeroline": False,
            "showticklabels": False,
            "fixedrange": True,
        },
        xaxis2=tally_axis(whole, per_100),
        yaxis={"range": [height, 0], "visible": False, "fixedrange": True},
        annotations=[
            *_names(whole, heights),
            *tally_headings(per_100, _HEADING / 2 - 2),
            sheet.words(left, 0, _KEY, xref="paper", yanchor="bottom"),
        ],
    )
    return go.Figure(traces, layout)


def _arranged(rows: list[Row], unit: float) -> tuple[list[_Sign], dict[str, float], int]:
    """Return the signs in lanes above their strips, the height of each strip, and of it all."""
    signs, strips, top = list[_Sign](), dict[str, float](), float(_HEADING)
    for paragraph in paragraphs(rows):
        own = [r for r in rows if r["passage"] == paragraph["passage"] and r["marker"]]
        labels = []
        for row in own:
            middle = _middle(row) * unit
            room = sheet.text_width(_label(row)) + 6
            labels.append(Label(middle - _SIGN / 2, middle + _SIGN / 2, room))
        spots = lanes(labels, _TEXT, gap=4)
        levels = max((spot.lane + 1 for spot in spots), default=1)
        strip = top + levels * _LANE + _STRIP / 2 + 1
        strips[paragraph["passage"]] = strip
        for row, spot in zip(own, spots, strict=True):
            y = strip - _STRIP / 2 - 1 - (spot.lane + 0.5) * _LANE
            signs.append(_Sign(row, y, strip, spot.side))
        top = strip + _STRIP / 2 + _GAP
    return signs, strips, round(top)


def _middle(row: Row) -> float:
    """Return how many words into the paragraph the middle of the marker stands."""
    return row["word"] - 1 + len(row["marker"].split()) / 2


def _label(row: Row) -> str:
    return row["marker"] if row["voice"] == AUTHOR else f"{row['marker']} ({row['voice']})"


def _strip_trace(whole: list[Row], strips: dict[str, float]) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "ids": [row["passage"] for row in whole],
        "x": [row["words"] for row in whole],
        "y": [strips[row["passage"]] for row in whole],
        "width": _STRIP,
        "marker": {"color": "#e6e3db", "line": {"color": "#8a867b", "width": 1}},
        "hovertext": [f"{row['passage']}: {row['words']} words" for row in whole],
        "hoverinfo": "text",
        "showlegend": False,
    }


def _pieces(signs: list[_Sign]) -> list[dict[str, Any]]:
    """Return the words themselves, as pieces of the strips."""
    return [
        {
            "type": "bar",
            "orientation": "h",
            "base": [sign.row["word"] - 1 for sign in own],
            "x": [len(sign.row["marker"].split()) for sign in own],
            "y": [sign.strip for sign in own],
            "width": _STRIP,
            "marker": {"color": colour},
            "hoverinfo": "skip",
            "showlegend": False,
        }
        for kind, (_, colour, _) in LOOKS.items()
        if (own := [sign for sign in signs if sign.row["kind"] == kind])
    ]


def _drops(signs: list[_Sign]) -> dict[str, Any]:
    """Return a line from each sign down to its words on the strip."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x for sign in signs for x in (_middle(sign.row), _middle(sign.row), None)],
        "y": [y for sign in signs for y in (sign.y, sign.strip, None)],
        "line": {"color": "#b5b1a6", "width": 1},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _marker(kind: str, voice: str) -> dict[str, Any]:
    symbol, colour, _ = LOOKS[kind]
    fill = colour if voice == AUTHOR else sheet.PAPER
    return {"symbol": symbol, "size": _SIGN, "color": fill, "line": {"width": 1.5, "color": colour}}


def _marks(signs: list[_Sign]) -> list[dict[str, Any]]:
    looks = sorted({(sign.row["kind"], sign.row["voice"]) for sign in signs})
    traces = []
    for look in looks:
        own = [sign for sign in signs if (sign.row["kind"], sign.row["voice"]) == look]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "ids": [f"{sign.row['id']}@{sign.row['word']}" for sign in own],
                "x": [_middle(sign.row) for sign in own],
                "y": [sign.y for sign in own],
                "marker": _marker(*look),
                "hovertext": [_hover(sign.row) for sign in own],
                "hoverinfo": "text",
                "showlegend": False,
                "cliponaxis": False,
            }
        )
    return traces


def _words(signs: list[_Sign], side: str) -> dict[str, Any]:
    own = [sign for sign in signs if sign.side == side]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [_middle(sign.row) for sign in own],
        "y": [sign.y for sign in own],
        "text": [
            f"{_SPACE}{_label(sign.row)}" if side == "right" else f"{_label(sign.row)}{_SPACE}"
            for sign in own
        ],
        "textposition": f"middle {side}",
        "hoverinfo": "skip",
        "showlegend": False,
        "cliponaxis": False,
    }


def _hover(row: Row) -> str:
    place = f"{row['passage']}, word {row['word']} of {row['words']}"
    voice = "" if row["voice"] == AUTHOR else f", {row['voice']}: not counted as the author’s"
    return sheet.hover(
        f"{row['marker']}: {row['kind']}{voice}",
        row["context"],
        row["note"],
        f"{place}. {row['id']}",
    )


def _names(whole: list[Row], heights: list[float]) -> list[dict[str, Any]]:
    return [
        sheet.words(0, height, f"<b>{row['passage']}</b>", xref="paper")
        for row, height in zip(whole, heights, strict=True)
    ]


def _legend(rows: list[Row]) -> list[dict[str, Any]]:
    nowhere = {"type": "scatter", "mode": "markers", "x": [None], "y": [None], "hoverinfo": "skip"}
    entries = [
        (_marker(kind, AUTHOR), words)
        for kind, (_, _, words) in LOOKS.items()
        if any(row["kind"] == kind for row in rows)
    ]
    if other := next((row for row in rows if row["marker"] and row["voice"] != AUTHOR), None):
        entries.append(
            (_marker(other["kind"], other["voice"]), "hollow: words of others, not counted")
        )
    return [nowhere | {"marker": marker, "name": words} for marker, words in entries]
