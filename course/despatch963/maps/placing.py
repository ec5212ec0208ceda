"""Where the card of each city goes: beside its dot, over no other card, dot, leader or frontier.

All in pixels, x to the right and y up. The same cities give the same cards, whatever the day, so
that signs never move while dates do.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import ceil, cos, pi, sin
from typing import NamedTuple

from ..charts.sheet import text_width
from .card import LETTERS, PAD, ROW, SIGN, TITLE, Card, Point

MARGIN = 3  # between cards, and to the edge of the sheet
DISTANCES = (7, 12, 18, 26, 36, 48, 62, 78, 96, 118, 144, 174, 210, 250)
TURNS = 24
CLASH = 1000  # more than any leader is long
ROUNDS, RESTARTS = 6, 8


class City(NamedTuple):
    """A city to be labelled: its name, its dot, how many signs it has."""

    name: str
    x: float
    y: float
    signs: int


@lru_cache(maxsize=32)
def cards(
    cities: tuple[City, ...], width: float, height: float, shown: tuple[Point, ...] = ()
) -> dict[str, Card]:
    """Return a card for each city on a sheet of that size; `shown` are points better left free.

    Large cards are placed first, then each is placed anew among the others for as long as that
    makes things better. If any clash remains, those that clash are placed before all others.
    """
    order = sorted(cities, key=lambda city: (-city.signs, city.name))
    best: tuple[float, dict[str, Card]] = (float("inf"), {})
    for _ in range(RESTARTS):
        placed, costs = _placed(order, width, height, shown)
        best = min(best, (sum(costs.values()), placed), key=lambda found: found[0])
        if best[0] < CLASH:
            break
        order.sort(key=lambda city: costs[city.name] < CLASH)
    return best[1]


def _placed(
    order: Sequence[City], width: float, height: float, shown: Sequence[Point]
) -> tuple[dict[str, Card], dict[str, float]]:
    placed: dict[str, Card] = {}
    costs: dict[str, float] = {}
    for _ in range(ROUNDS):
        before = sum(costs.values())
        for city in order:
            others = [card for name, card in placed.items() if name != city.name]
            placed[city.name], costs[city.name] = _best(city, order, others, width, height, shown)
        if sum(costs.values()) == before:
            break
    return placed, costs


def _best(
    city: City,
    cities: Sequence[City],
    others: list[Card],
    width: float,
    height: float,
    shown: Sequence[Point],
) -> tuple[Card, float]:
    """Return the best card for a city among the others, and its cost."""
    best, least = None, float("inf")
    for distance, card in _candidates(city, width, height):
        if distance >= least:
            break  # what follows is farther still
        cost = distance + _cost(card, others, cities, shown, least - distance)
        if cost < least:
            best, least = card, cost
    if best is None:  # the sheet is smaller than the card
        raise ValueError(f"The map is too small for the card of {city.name}: make it wider.")
    return best, least


def _candidates(city: City, width: float, height: float) -> Iterator[tuple[float, Card]]:
    """Yield cards ever farther from the dot, inside the sheet."""
    shapes = []
    for columns in range(1, min(city.signs, 4) + 1):
        wide = max(text_width(city.name, LETTERS) * 1.05 + 4, columns * SIGN) + 2 * PAD
        shapes.append((wide, TITLE + ceil(city.signs / columns) * ROW + 4, columns))
    shapes.sort(key=lambda shape: (shape[0] * shape[1], shape[2]))
    for distance in DISTANCES:
        for wide, high, columns in shapes:
            for turn in range(TURNS):
                right = city.x + cos(turn * 2 * pi / TURNS) * (distance + wide / 2) + wide / 2
                top = city.y + sin(turn * 2 * pi / TURNS) * (distance + high / 2) + high / 2
                card = Card(right - wide, top - high, right, top, columns, (city.x, city.y))
                if card.inside(width, height, MARGIN):
                    yield distance, card


def _cost(
    card: Card, others: list[Card], cities: Sequence[City], shown: Sequence[Point], most: float
) -> float:
    """Return the cost, in pixels of leader, of what a card or its leader would run over.

    Counting ends once it is more than `most`.
    """
    cost = 0.0
    for each in (
        (3 * CLASH for other in others if card.meets(other, MARGIN)),
        (2 * CLASH for city in cities if card.covers((city.x, city.y), 5)),
        (CLASH for other in others if card.crosses(other, 1) or other.crosses(card, 1)),
        (CLASH for other in others if card.tangles(other)),
        (CLASH for city in cities if _near(card, city)),
        (4 for point in shown if card.covers(point, 3)),
    ):
        for more in each:
            cost += more
            if cost > most:
                return cost
    return cost


def _near(card: Card, city: City) -> bool:
    """Say whether the leader of a card runs close by the dot of another city."""
    if (city.x, city.y) == card.dot:
        return False
    return card.crosses(Card(city.x, city.y, city.x, city.y, 0, (city.x, city.y)), 5)
