"""The kinds of question and how each is marked: pure functions of question, key and response.

A question, its key and a response are plain JSON records. The question is what a student sees
(``kind``, ``prompt``, ``options``, …), the key what the instructor expects and why (``answer``,
``why``, ``because``), the response what stands in the answer sheet. Nothing here reads a file.
"""

from typing import Any, NamedTuple

from .arranging import match, order
from .choosing import choice, choices, passages
from .kind import Kind, Record
from .selecting import claim, evidence, find_quotation, locate, span
from .tabulating import table
from .writing import RELATIONS, date_, number, text

__all__ = [
    "KINDS",
    "RELATIONS",
    "Mark",
    "answered",
    "find_quotation",
    "in_words",
    "locate",
    "mark",
    "span",
    "still_open",
    "verdict",
]

KINDS: dict[str, Kind] = {
    "choice": choice,
    "choices": choices,
    "match": match,
    "order": order,
    "number": number,
    "date": date_,
    "text": text,
    "passages": passages,
    "evidence": evidence,
    "claim": claim,
    "table": table,
}
"""The kinds that are marked here. An essay is marked by a person, in formgrader."""


class Mark(NamedTuple):
    """What a response earned: a score in [0, 1], and the reasons (which tell the key)."""

    score: float
    reasons: tuple[str, ...]


def _given(question: Record, response: Any) -> Any:
    return KINDS[question["kind"]].read(question, response)


def answered(question: Record, response: Any) -> bool:
    """Tell whether `response`, any JSON value, holds something that can be marked."""
    return _given(question, response) is not None


def still_open(question: Record, response: Any) -> str:
    """Say which part of the question is unanswered ("2 of 4 items"); "" when none is."""
    given = _given(question, response)
    return "not answered" if given is None else KINDS[question["kind"]].still_open(question, given)


def in_words(question: Record, response: Any) -> str:
    """Return the response as a reader would say it."""
    given = _given(question, response)
    return "no answer" if given is None else KINDS[question["kind"]].words(question, given)


def mark(question: Record, key: Record, response: Any) -> Mark:
    """Mark `response`, any JSON value whatever, against the key. Never raises for a response."""
    given = _given(question, response)
    if given is None:
        return Mark(0.0, ("No answer.",))
    kind = KINDS[question["kind"]]
    score = min(1.0, max(0.0, kind.score(question, key, given)))
    because = key.get("because", {})
    noticed = [
        because[wrong] for wrong in kind.misreadings(question, key, given) if wrong in because
    ]
    return Mark(score, (*noticed, key["why"]))


def verdict(score: float) -> str:
    """Say in words what a score means."""
    return "Right" if score == 1 else "Partly right" if score > 0 else "Not right"
