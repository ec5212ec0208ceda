"""The sheet on which a chart is drawn: paper, type, and how much room words take on it.

The paper is light in light and dark surroundings alike, so that every contrast on it is known. The
colours are told apart by readers who confuse red and green, and are never the only sign.
"""

import textwrap
from html import escape
from typing import Any

WIDTH = 920  # pixels of a figure in a notebook on a small laptop, side bar open
SIZE = 12  # pixels of the smallest letters
PAPER, INK, PALE, FAINT = "#ffffff", "#1f2328", "#57534a", "#e3e1dc"
BLUE, VERMILION, PURPLE = "#00568c", "#b34700", "#7a3b78"
CLEAR = "rgba(0,0,0,0)"
FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"

_NARROW, _WIDE = set(" .,;:'’‘|!()[]/-ijlftrI·"), set("mwMW%—ABCDEFGHKNOPQRUVXY=+−≠")


def layout(title: str, height: int, **more: Any) -> dict[str, Any]:
    """Return the plotly layout that charts share, with `more` laid over it.

    The height is in pixels; the legend, if there is one, stands at the bottom and answers no click.
    """
    return {
        "template": "none",
        "title": {
            "text": title,
            "x": 0,
            "y": 1,
            "xref": "container",
            "yref": "container",
            "yanchor": "top",
            "pad": {"l": 12, "t": 10},
            "font": {"size": SIZE + 3},
        },
        "height": height,
        "autosize": True,
        "paper_bgcolor": PAPER,
        "plot_bgcolor": CLEAR,
        "font": {"family": FONT, "size": SIZE, "color": INK},
        "legend": {
            "orientation": "h",
            "x": 0,
            "y": 0,
            "yref": "container",
            "yanchor": "bottom",
            "itemclick": False,
            "itemdoubleclick": False,
            "bgcolor": PAPER,
        },
        "hoverlabel": {
            "bgcolor": PAPER,
            "bordercolor": INK,
            "align": "left",
            "font": {"family": FONT, "size": SIZE + 1, "color": INK},
        },
        "hovermode": "closest",
        # Among plotly's buttons is one that uploads the figure: nothing here leaves the machine.
        "modebar": {
            "remove": ["sendChartToCloud", "select", "lasso", "autoScale"],
            "bgcolor": PAPER,
            "color": PALE,
        },
    } | more


def words(x: Any, y: Any, text: str, **more: Any) -> dict[str, Any]:
    """Return a plotly annotation that is words alone, by default beginning at the point."""
    start = {"x": x, "y": y, "text": text, "showarrow": False, "align": "left"}
    return start | {"xanchor": "left", "yanchor": "middle"} | more


def text_width(text: str, size: float = SIZE) -> float:
    """Return about how many pixels a line of text takes."""
    return size * sum(0.31 if c in _NARROW else 0.72 if c in _WIDE else 0.56 for c in text)


def hover(heading: str, *parts: str | None, width: int = 64) -> str:
    """Return a heading and the parts that are not empty, as lines to be shown under the pointer."""
    bold = "<br>".join(f"<b>{escape(line)}</b>" for line in textwrap.wrap(heading, width))
    lines = (escape(line) for part in parts if part for line in textwrap.wrap(part, width))
    return "<br>".join([bold, *lines])
