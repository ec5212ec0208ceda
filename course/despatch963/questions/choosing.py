"""Kinds answered by choosing: one option, several options, a set of paragraphs."""

from typing import Any

from .kind import Kind, Record, f1, labels


def _one(question: Record, response: Any) -> str | None:
    known = isinstance(response, str) and response in labels(question, "options")
    return response if known else None


def several(options: dict[str, str], response: Any) -> list[str] | None:
    """Return the known options in `response` in the question's order; None without any."""
    if not isinstance(response, list):
        return None
    chosen = {entry for entry in response if isinstance(entry, str)}
    return [option for option in options if option in chosen] or None


def _hits_less_false_alarms(question: Record, key: Record, given: list[str]) -> float:
    right = set(key["answer"])
    hits = len(right & set(given))
    return max(0.0, (hits - (len(given) - hits)) / len(right))


def _f1_of_sets(question: Record, key: Record, given: list[str]) -> float:
    right = set(key["answer"])
    return f1(len(right & set(given)), len(given), len(right))


def _wrongly_chosen(question: Record, key: Record, given: list[str]) -> list[str]:
    return [option for option in given if option not in key["answer"]]


choice = Kind(
    read=_one,
    score=lambda question, key, given: float(given == key["answer"]),
    words=lambda question, given: f"{given}. {question['options'][given]}",
    misreadings=lambda question, key, given: [given] if given != key["answer"] else [],
)

choices = Kind(
    read=lambda question, response: several(labels(question, "options"), response),
    score=_hits_less_false_alarms,
    words=lambda question, given: "; ".join(f"{o}. {question['options'][o]}" for o in given),
    misreadings=_wrongly_chosen,
)

passages = Kind(
    read=lambda question, response: several(labels(question, "choose_from"), response),
    score=_f1_of_sets,
    words=lambda question, given: ", ".join(given),
    misreadings=_wrongly_chosen,
)
