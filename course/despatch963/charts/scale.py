"""The scale of the timeline: the years around the despatch wide, those far from it narrow."""

from datetime import date, timedelta
from typing import NamedTuple

from . import sheet

WIDTH = sheet.WIDTH - 24  # pixels between the margins
DAY = timedelta(days=1)

_FEW_YEARS = 5  # so many are drawn on one scale
_SHARES = {"before": 3.0, "near": 6.0, "later": 1.5}
_BREAK = 26  # pixels between two scales


class Part(NamedTuple):
    """A stretch of time on one scale: first day, day after the last, and its edges in pixels."""

    begin: date
    end: date
    left: float
    right: float

    @property
    def day(self) -> float:
        """Pixels of one day."""
        return (self.right - self.left) / (self.end - self.begin).days

    def at(self, day: date) -> float:
        """Return where a day begins, in pixels; days outside are put at the edge."""
        inside = min(max(day, self.begin), self.end)
        return self.left + (inside - self.begin).days * self.day


def parts(first: date, last: date, despatch: date) -> list[Part]:
    """Divide a period into parts of one scale each.

    A few years need one scale only. Of many, the year of the despatch and its neighbours get most
    of the room.
    """
    end = last + DAY
    near = max(first, date(despatch.year - 1, 1, 1)), min(end, date(despatch.year + 2, 1, 1))
    if last.year - first.year < _FEW_YEARS or near[0] >= near[1]:
        return [Part(first, end, 0, WIDTH)]
    stretches = {"before": (first, near[0]), "near": near, "later": (near[1], end)}
    stretches = {name: (a, b) for name, (a, b) in stretches.items() if a < b}
    room = WIDTH - _BREAK * (len(stretches) - 1)
    share = room / sum(_SHARES[name] for name in stretches)
    found, left = [], 0.0
    for name, (begin, finish) in stretches.items():
        found.append(Part(begin, finish, left, left + _SHARES[name] * share))
        left = found[-1].right + _BREAK
    return found
