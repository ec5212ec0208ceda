"""The card of a city on the sheet: a rectangle, and a leader from it to the dot of the city.

All in pixels, x to the right and y up.
"""

from typing import NamedTuple

SIGN, ROW, TITLE, PAD = 39, 18, 16, 5
LETTERS = 12  # of names
BESIDE = 8  # from the middle of a sign to its letters

Point = tuple[float, float]


class Card(NamedTuple):
    """A rectangle with a name and perhaps signs; `dot` is the point it belongs to."""

    left: float
    bottom: float
    right: float
    top: float
    columns: int
    dot: Point

    @property
    def label(self) -> Point:
        """Return where the name begins."""
        return self.left + PAD - 3, self.top - TITLE / 2 - 1

    @property
    def middle(self) -> Point:
        """Return the middle of the card."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2

    @property
    def anchor(self) -> Point:
        """Return where the leader ends: the point of the edge that is nearest to the dot."""
        x, y = self.dot
        return min(max(x, self.left), self.right), min(max(y, self.bottom), self.top)

    def sign(self, index: int) -> Point:
        """Return the middle of a sign."""
        row, column = divmod(index, self.columns)
        return self.left + PAD + 8 + column * SIGN, self.top - TITLE - ROW * (row + 0.5) - 1

    def inside(self, width: float, height: float, margin: float) -> bool:
        """Say whether the whole card is on a sheet of that size, `margin` from its edge."""
        across = self.left >= margin and self.right <= width - margin
        return across and self.bottom >= margin and self.top <= height - margin

    def covers(self, point: Point, margin: float = 0) -> bool:
        """Say whether a point is on the card, or as near to it as `margin`."""
        x, y = point
        across = self.left - margin < x < self.right + margin
        return across and self.bottom - margin < y < self.top + margin

    def meets(self, other: "Card", margin: float) -> bool:
        """Say whether two cards overlap, or are as near to each other as `margin`."""
        across = self.left < other.right + margin and other.left < self.right + margin
        return across and self.bottom < other.top + margin and other.bottom < self.top + margin

    def crosses(self, other: "Card", margin: float = 0) -> bool:
        """Say whether the leader of this card runs over the other, or as near to it as `margin`."""
        enter, leave = 0.0, 1.0  # what part of the leader is between the other's edges
        edges = ((other.left, other.right), (other.bottom, other.top))
        for start, end, (low, high) in zip(self.dot, self.anchor, edges, strict=True):
            low, high = low - margin, high + margin
            if start == end:
                if not low < start < high:
                    return False
                continue
            first, last = sorted(((low - start) / (end - start), (high - start) / (end - start)))
            enter, leave = max(enter, first), min(leave, last)
        return enter < leave

    def tangles(self, other: "Card") -> bool:
        """Say whether the leaders of two cards cross."""
        a, b, c, d = self.dot, self.anchor, other.dot, other.anchor
        return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
