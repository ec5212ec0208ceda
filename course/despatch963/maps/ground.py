"""The ground of a map: land, the territory within the frontier, waters, the frontier itself."""

from collections.abc import Iterable
from typing import Any

from ..wording import spelled
from .projection import Point, Sheet, area, line
from .signs import COLOURS

Feature = dict[str, Any]  # GeoJSON
Trace = dict[str, Any]


def base_traces(base: Iterable[Feature], sheet: Sheet, frontier_of: str = "") -> list[Trace]:
    """Return the traces that never change: sent once, whatever the day.

    `base` holds the features of the base map, each with a `kind` (land, territory, lake, frontier);
    `frontier_of` is the month whose frontier it is.
    """
    features = list(base)
    fills = {"land": "land", "territory": "territory", "lake": "sea"}
    return [
        *(_surface(features, kind, sheet, COLOURS[ink]) for kind, ink in fills.items()),
        {
            **_joined(frontier(features, sheet)),
            "mode": "lines",
            "line": {"width": 2, "color": COLOURS["frontier"]},
            "hoverinfo": "skip",
            "name": frontier_name(frontier_of),
            "showlegend": True,
        },
    ]


def frontier_name(month: str) -> str:
    """Return what the frontier is called in the legend and in prose."""
    return f"frontier of {spelled(month)}" if month else "frontier"


def frontier(base: Iterable[Feature], sheet: Sheet) -> list[list[Point]]:
    """Return the stretches of the frontier that are in view, in km."""
    stretches = []
    for feature in base:
        if feature["properties"]["kind"] == "frontier":
            course = feature["geometry"]["coordinates"]
            parts = [course] if feature["geometry"]["type"] == "LineString" else course
            stretches += [line(part, sheet.view, sheet.scale / 2) for part in parts]
    return [stretch for stretch in stretches if stretch]


def rings(base: Iterable[Feature], kind: str, sheet: Sheet) -> list[list[Point]]:
    """Return the outlines of one kind that are in view, in km."""
    outlines = [
        area(ring, sheet.view, sheet.scale / 2)
        for feature in base
        if feature["properties"]["kind"] == kind
        for polygon in feature["geometry"]["coordinates"]
        for ring in polygon
    ]
    return [outline for outline in outlines if len(outline) > 2]


def _surface(features: list[Feature], kind: str, sheet: Sheet, colour: str) -> Trace:
    return {
        **_joined(rings(features, kind, sheet)),
        "mode": "lines",
        "fill": "toself",
        "fillcolor": colour,
        # Its own colour, so that the seam at 180° does not show.
        "line": {"width": 0.6, "color": colour},
        "hoverinfo": "skip",
        "showlegend": False,
        "name": kind,
    }


def _joined(parts: Iterable[list[Point]]) -> Trace:
    """Return several outlines as one trace, with gaps between them."""
    x: list[float | None] = []
    y: list[float | None] = []
    for part in parts:
        x += [*(point[0] for point in part), None]
        y += [*(point[1] for point in part), None]
    return {"type": "scatter", "x": x, "y": y}
