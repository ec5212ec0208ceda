"""What a kind of question is: four pure functions over plain JSON records."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

Record = Mapping[str, Any]


class Kind(NamedTuple):
    """How one kind of question is read, scored and put into words.

    ``read(question, response)`` takes any JSON value whatever and gives the response in the form
    the other functions expect, or None when nothing usable was answered. It never raises.
    ``score(question, key, given)`` gives a number in [0, 1].
    ``words(question, given)`` gives the response as a reader would say it.
    ``misreadings(question, key, given)`` gives the entries of ``key["because"]`` that apply.
    ``still_open(question, given)`` says in words which part is unanswered; empty when none is.
    """

    read: Callable[[Record, Any], Any]
    score: Callable[[Record, Record, Any], float]
    words: Callable[[Record, Any], str]
    misreadings: Callable[[Record, Record, Any], Iterable[str]]
    still_open: Callable[[Record, Any], str] = lambda question, given: ""


def labels(question: Record, field: str) -> dict[str, str]:
    """Return the id → label mapping that a question carries under `field`."""
    return dict(question.get(field) or {})


def f1(right: float, given: float, expected: float) -> float:
    """Return the harmonic mean of precision and recall from counts; 0 when nothing is right."""
    return 2 * right / (given + expected) if right else 0.0
