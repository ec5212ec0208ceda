"""Kinds answered in a field: a number, a date, a few words."""

import math
import re
import unicodedata
from datetime import date, timedelta
from typing import Any

from .kind import Kind, Record

RELATIONS = {"on": "on", "not-before": "not before", "not-after": "not after"}
"""How a date is meant; "not before" and "not after" are a terminus post quem and ante quem."""

# Beyond this a response is no number, date or phrase that any question asks for.
_LONGEST_FIELD = 500


def to_number(value: Any) -> float | None:
    """Return `value` as a finite number; "1,599", "1 599" and "22 %" are read, else None."""
    if isinstance(value, str) and len(value) <= _LONGEST_FIELD:
        digits = re.sub(r"[\s%]", "", value).replace("−", "-")
        if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", digits):
            digits = digits.replace(",", "")
        value = digits.replace(",", ".")
    elif isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def plain(words: str) -> str:
    """Return `words` without case, accents, punctuation and a leading article, for comparison."""
    decomposed = unicodedata.normalize("NFKD", words)
    bare = "".join(mark for mark in decomposed if not unicodedata.combining(mark)).casefold()
    bare = " ".join(re.findall(r"[^\W_]+", bare))
    return re.sub(r"^(the|an?) ", "", bare)


def _close(question: Record, key: Record, given: float) -> float:
    # The margin lets 0.1 + 0.2 count as 0.3.
    margin = key.get("tolerance", 0) + 1e-9 * max(1.0, abs(key["answer"]))
    return float(abs(given - key["answer"]) <= margin)


def _number_in_words(question: Record, given: float) -> str:
    return f"{given:g} {question.get('unit', '')}".strip()


def _tempting_numbers(question: Record, key: Record, given: float) -> list[str]:
    if _close(question, key, given):
        return []
    return [wrong for wrong in key.get("because", {}) if to_number(wrong) == given]


number = Kind(
    read=lambda question, response: to_number(response),
    score=_close,
    words=_number_in_words,
    misreadings=_tempting_numbers,
)


def extent(iso: str) -> tuple[date, date]:
    """Return the first and last day of an ISO date of day, month or year precision.

    Raises ValueError when `iso` is not of the form 1938, 1938-02 or 1938-02-18.
    """
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", iso):
        raise ValueError(f"{iso!r} is not a date like 1938, 1938-02 or 1938-02-18")
    parts = [int(part) for part in iso.split("-")]
    first = date(*[*parts, 1, 1][:3])
    if len(parts) == 3:
        return first, first
    if len(parts) == 1:
        return first, date(first.year, 12, 31)
    next_month = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first, next_month - timedelta(days=1)


def _dated(question: Record, response: Any) -> dict[str, str] | None:
    if isinstance(response, str):
        response = {"date": response}
    if not isinstance(response, dict):
        return None
    iso, relation = response.get("date"), response.get("relation", "on")
    if not isinstance(iso, str) or not isinstance(relation, str) or relation not in RELATIONS:
        return None
    try:
        extent(iso)
    except (ValueError, OverflowError):
        return None
    return {"date": iso, "relation": relation}


def _date_score(question: Record, key: Record, given: dict[str, str]) -> float:
    (first, last), (key_first, key_last) = extent(given["date"]), extent(key["answer"])
    days = timedelta(days=key.get("tolerance_days", 0))
    same_precision = len(given["date"]) == len(key["answer"])
    same_date = same_precision and abs(first - key_first) <= days
    contains = (first <= key_first and key_last <= last) or (
        key_first <= first and last <= key_last
    )
    if given["relation"] != key.get("relation", "on"):
        return 0.5 if same_date else 0.0
    # More or less precise than the evidence allows is half an answer.
    return 1.0 if same_date else 0.5 if contains and not same_precision else 0.0


def _date_in_words(question: Record, given: dict[str, str]) -> str:
    return f"{RELATIONS[given['relation']]} {given['date']}"


def _tempting_dates(question: Record, key: Record, given: dict[str, str]) -> list[str]:
    return [given["date"]] if _date_score(question, key, given) < 1 else []


date_ = Kind(_dated, _date_score, _date_in_words, _tempting_dates)


def _phrase(question: Record, response: Any) -> str | None:
    usable = isinstance(response, str) and len(response) <= _LONGEST_FIELD and plain(response)
    return " ".join(response.split()) if usable else None


def _tempting_words(question: Record, key: Record, given: str) -> list[str]:
    return [wrong for wrong in key.get("because", {}) if plain(wrong) == plain(given)]


text = Kind(
    read=_phrase,
    score=lambda question, key, given: float(plain(given) in {plain(a) for a in key["answer"]}),
    words=lambda question, given: f"“{given}”",
    misreadings=_tempting_words,
)
