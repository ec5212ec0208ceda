"""From longitude and latitude to kilometres on paper, and the views a map can show.

Our own equal-area projection on plain axes: plotly's geographic maps fetch their coasts from the
network, which a course that must work offline cannot have.
"""

from collections.abc import Iterable
from functools import cache
from math import cos, radians, sin, sqrt
from typing import NamedTuple

EARTH = 6371.0  # km, mean radius

Point = tuple[float, float]


class Frame(NamedTuple):
    """What a map shows: the middle of its projection, its edges in km from there.

    `least` is the width in pixels below which the cards of the cities would run over each other.
    """

    lon: float
    lat: float
    west: float
    south: float
    east: float
    north: float
    least: int

    def place(self, lon: float, lat: float) -> Point:
        """Return where a place lies, in km east and north (Lambert azimuthal equal-area)."""
        sin0, cos0 = _turned(self.lat)
        turn, height = radians(lon - self.lon), radians(lat)
        across = sin0 * sin(height) + cos0 * cos(height) * cos(turn)
        stretch = EARTH * sqrt(2 / max(1 + across, 1e-9))
        up = cos0 * sin(height) - sin0 * cos(height) * cos(turn)
        return stretch * cos(height) * sin(turn), stretch * up

    def holds(self, point: Point) -> bool:
        """Say whether a point in km is inside the edges."""
        return self.west <= point[0] <= self.east and self.south <= point[1] <= self.north


class Sheet(NamedTuple):
    """A view at a scale of so many km to a pixel; points of the sheet are px right and up."""

    view: Frame
    scale: float

    @property
    def size(self) -> Point:
        """Return width and height in px."""
        view = self.view
        return (view.east - view.west) / self.scale, (view.north - view.south) / self.scale

    def px(self, point: Point) -> Point:
        """Return a point of the view, in km, as a point of the sheet."""
        return (point[0] - self.view.west) / self.scale, (point[1] - self.view.south) / self.scale

    def km(self, point: Point) -> Point:
        """Return a point of the sheet as a point of the view, in whole km."""
        return (
            round(self.view.west + point[0] * self.scale),
            round(self.view.south + point[1] * self.scale),
        )


FRAMES = {
    "all": Frame(95, 60, -4950, -2450, 4150, 2350, 800),
    "west": Frame(36, 50, -1500, -1340, 1560, 1400, 400),
    "east": Frame(138, 49, -1950, -950, 1800, 1030, 400),
}


def frame(region: str) -> Frame:
    """Return the view of that name, or raise ValueError naming those there are."""
    if region not in FRAMES:
        raise ValueError(f"There is no region {region!r}. There are: {', '.join(FRAMES)}.")
    return FRAMES[region]


@cache
def _turned(lat: float) -> Point:
    return sin(radians(lat)), cos(radians(lat))


def area(ring: Iterable[Iterable[float]], view: Frame, grain: float) -> list[Point]:
    """Return the part of a ring of longitudes and latitudes that is in view, in whole km.

    Points closer than `grain` km to the last one are left out; empty if nothing is in view.
    """
    points = [view.place(*position) for position in ring]
    for axis, edge, sign in (
        (0, view.west, 1),
        (0, view.east, -1),
        (1, view.south, 1),
        (1, view.north, -1),
    ):
        points = _cut(points, axis, edge, sign)
    return _coarse(points, grain)


def line(course: Iterable[Iterable[float]], view: Frame, grain: float) -> list[Point]:
    """Return a line in whole km, as `area` does; all of it if any of it is in view."""
    points = [view.place(*position) for position in course]
    return _coarse(points, grain) if any(map(view.holds, points)) else []


def _cut(points: list[Point], axis: int, edge: float, sign: int) -> list[Point]:
    """Cut off what lies beyond one edge (Sutherland and Hodgman)."""
    kept: list[Point] = []
    for here, there in zip(points, points[1:] + points[:1], strict=True):
        inside = (here[axis] - edge) * sign >= 0
        if inside:
            kept.append(here)
        if inside != ((there[axis] - edge) * sign >= 0):
            part = (edge - here[axis]) / (there[axis] - here[axis])
            kept.append(
                (here[0] + part * (there[0] - here[0]), here[1] + part * (there[1] - here[1]))
            )
    return kept


def _coarse(points: list[Point], grain: float) -> list[Point]:
    kept: list[Point] = []
    for x, y in points:
        point = (round(x), round(y))
        if not kept or max(abs(point[0] - kept[-1][0]), abs(point[1] - kept[-1][1])) >= grain:
            kept.append(point)
    return kept
