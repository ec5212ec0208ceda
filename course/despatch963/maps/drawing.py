"""The map as one plotly figure: ground, cards, signs, legend and the key to the letters."""

from collections.abc import Iterable
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from ..charts import sheet
from .arranging import Arrangement
from .ground import Feature, base_traces
from .projection import Frame
from .rows import Row
from .signs import COLOURS, STATUSES
from .traces import card_traces, legend_traces, sign_traces

if TYPE_CHECKING:
    import plotly.graph_objects as go

BESIDE, ENTRY, ENTRY_HEIGHT = 250, 190, 20  # px of a legend at the side, and of one entry
LINE = 15  # px of a line of the key


def map_width(view: Frame, width: int) -> int:
    """Return how much of the width is the map's: beside one that is not wide stands the legend."""
    upright = view.east - view.west < 1.5 * (view.north - view.south)
    return width - BESIDE if upright and width > 3 * BESIDE else width


def drawn(
    rows: list[Row],
    places: Arrangement,
    base: Iterable[Feature],
    heading: str,
    width: int,
    frontier_of: str,
) -> "go.Figure":
    """Return the figure, `width` pixels wide; `frontier_of` is the month of the frontier drawn."""
    import plotly.graph_objects as go

    view = places.sheet.view
    wide, high = map_width(view, width), round(places.sheet.size[1])
    beside = wide < width
    title = wrap(heading, width // 8)
    top = 16 + 20 * len(title)
    key = _key(rows, (BESIDE if beside else width) - 24)
    entries = len(STATUSES) + 3
    legend_high = 10 + ENTRY_HEIGHT * -(-entries // max(1, width // (ENTRY + 15)))
    bottom = 4 if beside else legend_high + LINE * len(key) + 6
    height = top + high + bottom
    layout = sheet.layout(
        "<br>".join(title),
        height,
        width=width,
        autosize=False,
        margin={"l": 0, "r": width - wide, "t": top, "b": bottom, "autoexpand": False},
        plot_bgcolor=COLOURS["sea"],
        xaxis=_axis(view.west, view.east),
        yaxis=_axis(view.south, view.north) | {"scaleanchor": "x", "constrain": "domain"},
        dragmode="pan",
        annotations=[
            sheet.words(
                (wide + 12) / wide if beside else 0,
                0,
                "<br>".join(key),
                xref="paper",
                yref="paper",
                xshift=0 if beside else 8,
                yanchor="bottom" if beside else "top",
                yshift=0 if beside else -legend_high,
                font={"size": sheet.SIZE - 1},
            )
        ],
    )
    layout["title"] |= {"y": 1 - top / height / 2, "yanchor": "middle", "pad": {"l": 12}}
    layout["legend"] |= {
        "xanchor": "left",
        "xref": "container",
        "x": (wide + 6) / width if beside else 0.004,
        "yanchor": "top",
        "y": 1 - top / height if beside else (bottom - 4) / height,
        "orientation": "v" if beside else "h",
        "entrywidth": ENTRY - 30,
        "traceorder": "normal",
    }
    data = [
        *base_traces(base, places.sheet, frontier_of),
        *card_traces(rows, places),
        *sign_traces(rows, places),
        *legend_traces(rows),
    ]
    return go.Figure(data=data, layout=layout)


def _axis(first: float, last: float) -> dict[str, Any]:
    return {"visible": False, "range": [first, last], "minallowed": first, "maxallowed": last}


def _key(rows: list[Row], width: float) -> list[str]:
    """Return the letters of the states with their names, in lines that fit."""
    states = {row["code"]: row["state"] for row in rows if row["on_map"] == "yes"}
    lines, room = [], 0.0
    for code, state in sorted(states.items()):
        entry = f"<b>{code}</b> {state}"
        needed = sheet.text_width(f"{code} {state}    ", sheet.SIZE - 1)
        if needed > room:
            lines.append(entry)
            room = width - needed
        else:
            lines[-1] += f"    {entry}"
            room -= needed
    return lines
