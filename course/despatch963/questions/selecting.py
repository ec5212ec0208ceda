"""Kinds answered by selecting words of the text: evidence, and a claim with its evidence.

A span is a target in the form of the W3C Web Annotation model: the passage it lies in and two
selectors, the words themselves (with a little of what stands around them) and their position in
characters. The words rule; the position only decides between equal words.
"""

import functools
import re
from collections.abc import Iterable
from typing import Any

from .choosing import choice
from .kind import Kind, Record, f1

Words = set[tuple[str, int]]
"""Words of the text: passage id and the word's place in that passage, from 0."""

_WORD = re.compile(r"\w+(?:[’'\-]\w+)*")
_CONTEXT = 32
_MOST_SPANS = 100


def span(passage: str, text: str, start: int, end: int) -> dict[str, Any]:
    """Return the characters `start` to `end` of a passage as a Web Annotation target."""
    quote = {
        "type": "TextQuoteSelector",
        "exact": text[start:end],
        "prefix": text[max(0, start - _CONTEXT) : start],
        "suffix": text[end : end + _CONTEXT],
    }
    position = {"type": "TextPositionSelector", "start": start, "end": end}
    return {"source": passage, "selector": [quote, position]}


def locate(text: str, exact: str, near: int = 0) -> tuple[int, int] | None:
    """Return where `exact` stands in `text`: the occurrence closest to `near`, or None.

    Only whole words count: "art" is not in "party". White space, and straight against curly
    quotation marks, make no difference.
    """
    words = exact.split()
    if not words:
        return None
    pattern = r"\s+".join(re.escape(_straight(word)) for word in words)
    pattern = rf"(?<!\w)(?=\w){pattern}" if words[0][0].isalnum() else pattern
    pattern = rf"{pattern}(?!\w)" if words[-1][-1].isalnum() else pattern
    found = [match.span() for match in re.finditer(pattern, _straight(text))]
    return min(found, key=lambda place: abs(place[0] - near), default=None)


@functools.lru_cache(maxsize=256)  # the passages are looked through again and again
def _straight(words: str) -> str:
    return words.translate(str.maketrans("‘’“”", "''\"\""))


def words_between(passage: str, text: str, start: int, end: int) -> Words:
    """Return the words of a passage that overlap the characters `start` to `end`."""
    return {
        (passage, place)
        for place, word in enumerate(_WORD.finditer(text))
        if word.start() < end and start < word.end()
    }


def pieces(text: str) -> list[tuple[str, int | None]]:
    """Cut a text into words, each with its place, and what stands between them (place None)."""
    cut, done = list[tuple[str, int | None]](), 0
    for place, word in enumerate(_WORD.finditer(text)):
        cut += [(text[done : word.start()], None), (word[0], place)]
        done = word.end()
    return [piece for piece in (*cut, (text[done:], None)) if piece[0]]


def find_quotation(texts: dict[str, str], quotation: Any) -> dict[str, Any] | None:
    """Return the first span of `texts` (passage id → text) with these words, or None.

    `quotation` is plain words, or {in: passage, quote: words} as in a unit file.
    """
    if not isinstance(quotation, str):
        texts, quotation = {quotation["in"]: texts[quotation["in"]]}, quotation["quote"]
    for passage, text in texts.items():
        if place := locate(text, quotation):
            return span(passage, text, *place)
    return None


def quoted(question: Record, quotation: Any) -> Words:
    """Return the words of one quotation of a key. Raises ValueError when it is not in the text."""
    target = find_quotation(question["text"], quotation)
    if target is None:
        raise ValueError(f"“{quotation}” is not in {', '.join(question['text'])}")
    return _marked(question, [target])


def _spans(question: Record, response: Any) -> list[dict[str, Any]] | None:
    if not isinstance(response, list):
        return None
    read = (_one_span(question, entry) for entry in response[:_MOST_SPANS])
    return [found for found in read if found] or None


def _one_span(question: Record, entry: Any) -> dict[str, Any] | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("selector"), list):
        return None
    passage, exact, near = entry.get("source"), None, 0
    for selector in entry["selector"]:
        if isinstance(selector, dict):
            exact = selector.get("exact", exact)
            near = selector.get("start", near)
    if not isinstance(passage, str) or passage not in question["text"]:
        return None
    text = question["text"][passage]
    if not isinstance(exact, str) or not isinstance(near, int) or len(exact) > 2 * len(text):
        return None
    place = locate(text, exact, near)
    return span(passage, text, *place) if place else None


def _marked(question: Record, given: Iterable[dict[str, Any]]) -> Words:
    marked: Words = set()
    for target in given:
        position = target["selector"][1]
        text = question["text"][target["source"]]
        marked |= words_between(target["source"], text, position["start"], position["end"])
    return marked


def _word_f1(question: Record, accepted: list[Any], key: Record, given: list[Any]) -> float:
    marked = _marked(question, given)
    wanted = sorted(
        (quoted(question, quotation) for quotation in accepted),
        key=lambda words: len(words & marked) / len(words),
        reverse=True,
    )
    # Where the key asks for some of several passages, the ones the reader found best count.
    needed = set().union(*wanted[: key.get("need", len(wanted))])
    harmless = set().union(*wanted, *(quoted(question, q) for q in key.get("optional", ())))
    return f1(len(marked & needed), len(marked - (harmless - needed)), len(needed))


def _tempting_spans(question: Record, key: Record, given: list[Any]) -> list[str]:
    marked = _marked(question, given)
    tempting = {wrong: quoted(question, wrong) for wrong in key.get("because", {})}
    return [wrong for wrong, words in tempting.items() if 2 * len(words & marked) >= len(words)]


def _spans_in_words(question: Record, given: list[Any]) -> str:
    return "; ".join(f"“{t['selector'][0]['exact']}” ({t['source']})" for t in given)


evidence = Kind(
    read=_spans,
    score=lambda question, key, given: _word_f1(question, key["answer"], key, given),
    words=_spans_in_words,
    misreadings=_tempting_spans,
)


def _claim(question: Record, response: Any) -> dict[str, Any] | None:
    if not isinstance(response, dict):
        return None
    judgement = choice.read(question, response.get("claim"))
    spans = _spans(question, response.get("evidence"))
    return {"claim": judgement, "evidence": spans or []} if judgement or spans else None


def _claim_score(question: Record, key: Record, given: dict[str, Any]) -> float:
    # No credit for the right claim on the wrong words, nor for the right words alone.
    if given["claim"] != key["answer"]:
        return 0.0
    return _word_f1(question, key["evidence"], key, given["evidence"])


def _claim_in_words(question: Record, given: dict[str, Any]) -> str:
    judgement = choice.words(question, given["claim"]) if given["claim"] else "no claim chosen"
    return f"{judgement} — evidence: {_spans_in_words(question, given['evidence']) or 'none'}"


def _claim_misreadings(question: Record, key: Record, given: dict[str, Any]) -> list[str]:
    wrong = given["claim"] and given["claim"] != key["answer"]
    return [given["claim"]] if wrong else []


def _claim_open(question: Record, given: dict[str, Any]) -> str:
    if not given["claim"]:
        return "the claim"
    return "" if given["evidence"] else "the evidence"


claim = Kind(_claim, _claim_score, _claim_in_words, _claim_misreadings, _claim_open)
