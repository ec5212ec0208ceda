"""Where the names of neighbouring states go: beyond the frontier, on land, where there is room."""

from collections.abc import Iterator
from math import hypot

from ..charts.sheet import text_width
from .card import LETTERS, Card
from .ground import Feature, frontier, rings
from .projection import Point, Sheet

DISTANCES = (18, 30, 46, 66, 90, 120)  # px from the frontier
HIGH, MARGIN = 18, 4  # px


def neighbours(base: list[Feature], sheet: Sheet, cards: list[Card]) -> dict[str, Point]:
    """Return a place in km for each neighbour's name that fits beside its stretch of frontier."""
    stretches: dict[str, list[Feature]] = {}
    for feature in base:
        if feature["properties"]["kind"] == "frontier":
            stretches.setdefault(feature["properties"]["neighbour_1938"], []).append(feature)
    line = list(spaced(frontier(base, sheet), sheet))
    outlines = {
        kind: [[sheet.px(point) for point in ring] for ring in rings(base, kind, sheet)]
        for kind in ("territory", "land", "lake")
    }

    def on(kind: str, point: Point) -> bool:
        return any(_within(point, ring) for ring in outlines[kind])

    taken, found = list(cards), {}
    for name, own in stretches.items():
        beside = _beside(list(spaced(frontier(own, sheet), sheet)), name, sheet)
        for card in beside:
            blocked = any(_meets(card, other) for other in taken)
            if blocked or any(card.covers(point, MARGIN) for point in line):
                continue
            abroad = not any(on("territory", step) for step in _way(card))
            if abroad and on("land", card.middle) and not on("lake", card.middle):
                taken.append(card)
                found[name] = sheet.km(card.middle)
                break
    return found


def spaced(lines: list[list[Point]], sheet: Sheet, gap: float = 6) -> Iterator[Point]:
    """Yield points of lines given in km, in px and at least `gap` px apart along each line."""
    for line in lines:
        last: Point | None = None
        for point in map(sheet.px, line):
            if last is None or hypot(point[0] - last[0], point[1] - last[1]) >= gap:
                last = point
                yield point


def _beside(points: list[Point], name: str, sheet: Sheet) -> Iterator[Card]:
    """Yield places for a name on either side of a line: near ones first, then by its middle."""
    middle, wide, size = len(points) // 2, text_width(name, LETTERS) + 8, sheet.size
    for distance in DISTANCES:
        for index in sorted(range(len(points)), key=lambda index: abs(index - middle)):
            (x, y), (to_x, to_y) = points[index], points[min(index + 1, len(points) - 1)]
            length = hypot(to_x - x, to_y - y) or 1
            for side in (distance, -distance):
                across = (to_y - y) / length * (side + (wide if side > 0 else -wide) / 2)
                up = (x - to_x) / length * side
                right, top = x + across + wide / 2, y + up + HIGH / 2
                card = Card(right - wide, top - HIGH, right, top, 1, points[index])
                if card.inside(*size, MARGIN):
                    yield card


def _meets(one: Card, other: Card) -> bool:
    return one.meets(other, MARGIN) or other.crosses(one, MARGIN)


def _way(card: Card) -> list[Point]:
    """Return points on the way from the frontier to the middle of a name."""
    (x, y), (to_x, to_y) = card.dot, card.middle
    return [(x + (to_x - x) * part / 4, y + (to_y - y) * part / 4) for part in range(1, 5)]


def _within(point: Point, ring: list[Point]) -> bool:
    """Say whether a point is inside a ring (by crossings of a line to the right)."""
    x, y = point
    inside = False
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
            inside = not inside
    return inside
