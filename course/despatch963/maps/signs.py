"""The signs of the map: for each status a shape, a colour and words; and the colours of the ground.

Every colour of a sign has a contrast of at least 3 : 1 against whatever it can stand on.
"""

from typing import NamedTuple


class Sign(NamedTuple):
    """How a status is drawn, and what it says in a legend."""

    symbol: str
    label: str


# In the order of the legend. Shape alone tells them apart; a sign that is hollow is in doubt.
STATUSES = {
    "closed": Sign("x", "closed"),
    "demanded": Sign("triangle-up", "asked to close"),
    "disputed": Sign("diamond", "disputed"),
    "retained": Sign("square", "kept open"),
    "open": Sign("circle", "open, no demand known"),
    "withdrawn": Sign("cross", "given up by its own state"),
    "unknown": Sign("circle", "not known"),
}

COLOURS = {
    "sea": "#d3e3ee",
    "land": "#f2efe9",
    "territory": "#e8e0c6",
    "frontier": "#4a3c2e",
    "card": "#fffffb",
    "edge": "#8c8675",
    "closed": "#b3261e",
    "demanded": "#a44a00",
    "disputed": "#7b2cbf",
    "retained": "#00655a",
    "open": "#0b57a4",
    "withdrawn": "#4e4a3f",
    "unknown": "#5f5f5f",
}
