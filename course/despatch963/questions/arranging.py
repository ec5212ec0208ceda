"""Kinds answered by arranging: pairs, and an order."""

from itertools import combinations
from typing import Any

from .kind import Kind, Record, labels


def _pairs(question: Record, response: Any) -> dict[str, str] | None:
    if not isinstance(response, dict):
        return None
    options = labels(question, "options")
    chosen = {item: response.get(item) for item in labels(question, "items")}
    return {i: o for i, o in chosen.items() if isinstance(o, str) and o in options} or None


def _pairs_right(question: Record, key: Record, given: dict[str, str]) -> float:
    answer = key["answer"]
    return sum(given.get(item) == option for item, option in answer.items()) / len(answer)


def _pairs_in_words(question: Record, given: dict[str, str]) -> str:
    items, options = labels(question, "items"), labels(question, "options")
    return "; ".join(f"{items[i]} → {options[o]}" for i, o in given.items())


def _wrong_pairs(question: Record, key: Record, given: dict[str, str]) -> list[str]:
    answer = key["answer"]
    wrong = {item: option for item, option in given.items() if answer.get(item) != option}
    # An option that belongs nowhere has its own reason beside that of the item it was given to.
    unused = set(wrong.values()) - set(answer.values())
    return [*wrong, *sorted(unused)]


def _unpaired(question: Record, given: dict[str, str]) -> str:
    open_items = len(labels(question, "items")) - len(given)
    return f"{open_items} of {len(labels(question, 'items'))} items" if open_items else ""


match = Kind(_pairs, _pairs_right, _pairs_in_words, _wrong_pairs, _unpaired)


def _sequence(question: Record, response: Any) -> list[str] | None:
    if not isinstance(response, list):
        return None
    items = labels(question, "items")
    placed = [entry for entry in response if isinstance(entry, str) and entry in items]
    return list(dict.fromkeys(placed)) or None


def _in_order(question: Record, key: Record, given: list[str]) -> float:
    # Every two items are either in the right order or not. A random order has half of them
    # right, so half counts as nothing (Kendall's tau, cut at zero).
    place = {item: position for position, item in enumerate(given)}
    pairs = list(combinations(key["answer"], 2))
    right = sum(
        first in place and second in place and place[first] < place[second]
        for first, second in pairs
    )
    return max(0.0, 2 * right / len(pairs) - 1)


def _order_in_words(question: Record, given: list[str]) -> str:
    return " → ".join(labels(question, "items")[item] for item in given)


def _misplaced(question: Record, key: Record, given: list[str]) -> list[str]:
    answer = key["answer"]
    return [item for item in given if given.index(item) != answer.index(item)]


def _unplaced(question: Record, given: list[str]) -> str:
    open_items = len(labels(question, "items")) - len(given)
    return f"{open_items} of {len(labels(question, 'items'))} places" if open_items else ""


order = Kind(_sequence, _in_order, _order_in_words, _misplaced, _unplaced)
