"""What goes where on the sheet: the cards of the cities, their signs, the names of neighbours."""

from collections.abc import Iterable
from typing import NamedTuple

from .card import Card
from .ground import Feature, frontier
from .neighbours import neighbours, spaced
from .placing import City, cards
from .projection import Point, Sheet
from .rows import Row


class Arrangement(NamedTuple):
    """Where things are: cards by city, in px of the sheet; signs by office and names in km."""

    sheet: Sheet
    cards: dict[str, Card]
    signs: dict[str, Point]
    neighbours: dict[str, Point]


def arrange(rows: list[Row], base: Iterable[Feature], sheet: Sheet) -> Arrangement:
    """Give every office with a city in view its place; on what day does not matter to it."""
    features, located, view = list(base), dict[str, list[Row]](), sheet.view
    for row in rows:
        if row["city"] is not None and view.holds(view.place(row["lon"], row["lat"])):
            located.setdefault(row["city"], []).append(row)
    cities = [
        City(name, *sheet.px(view.place(here[0]["lon"], here[0]["lat"])), len(here))
        for name, here in sorted(located.items())
    ]
    line = tuple(spaced(frontier(features, sheet), sheet))
    placed = cards(tuple(cities), *sheet.size, line)
    signs = {
        row["office"]: sheet.km(placed[name].sign(index))
        for name, here in located.items()
        for index, row in enumerate(here)
    }
    names = neighbours(features, sheet, list(placed.values()))
    return Arrangement(sheet, placed, signs, names)
