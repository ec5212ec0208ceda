"""Signs and the words beside them put into lanes, so that nothing covers anything."""

from collections.abc import Sequence
from typing import NamedTuple


class Label(NamedTuple):
    """A sign from `start` to `end`, and how long the words to be set beside it are, in pixels."""

    start: float
    end: float
    words: float


class Spot(NamedTuple):
    """Where a sign and its words go: the lane, counted from 0, and on which side the words are.

    The side is "right", "left", or "on" for words that interrupt a long sign.
    """

    lane: int
    side: str


_Span = tuple[float, float]
_MARGIN = 14  # what must be seen of a sign before the words on it begin, in pixels


def lanes(
    labels: Sequence[Label], width: float, lines: Sequence[float] = (), gap: float = 8
) -> list[Spot]:
    """Put each sign into a lane where it and its words meet nobody.

    Words keep to a sheet of this width and, where they can, do not run across one of the `lines`,
    of which the first matters most. Of a few orders in which to place the signs the one that needs
    the fewest lanes is taken, so that the same labels always get the same spots.
    """
    given = range(len(labels))
    longest = sorted(given, key=lambda number: -labels[number].words)
    tries = []
    for order in (given, given[::-1], longest):
        spots = dict(
            zip(order, _placed([labels[n] for n in order], width, lines, gap), strict=True)
        )
        tries.append([spots[number] for number in given])
    return min(tries, key=lambda spots: max((spot.lane for spot in spots), default=0))


def _placed(
    labels: Sequence[Label], width: float, lines: Sequence[float], gap: float
) -> list[Spot]:
    """Put each sign, in the order given, into the first lane that has room."""
    taken: list[list[_Span]] = []
    spots = []
    for label in labels:
        sides = _sides(label, width, lines)
        lane, side = _free(taken, sides, gap)
        if lane == len(taken):
            taken.append([])
        taken[lane].append(sides[side])
        spots.append(Spot(lane, side))
    return spots


def _sides(label: Label, width: float, lines: Sequence[float]) -> dict[str, _Span]:
    """Return what sign and words take up on each of the sides that are equally good."""
    start, end, words = label
    sides = {"right": (start, end + words), "left": (start - words, end)}
    fit = {side: span for side, span in sides.items() if span[0] >= 0 and span[1] <= width}
    if not fit:
        on = end - start >= words + 2 * _MARGIN
        side = "on" if on else "right" if width - end > start else "left"
        return {side: (start, end) if on else sides[side]}
    crossed = {side: [a < line < b for line in lines] for side, (a, b) in fit.items()}
    return {side: fit[side] for side in fit if crossed[side] == min(crossed.values())}


def _free(taken: list[list[_Span]], sides: dict[str, _Span], gap: float) -> tuple[int, str]:
    for lane, spans in enumerate(taken):
        for side, (start, end) in sides.items():
            if all(end + gap <= a or b + gap <= start for a, b in spans):
                return lane, side
    return len(taken), next(iter(sides))
