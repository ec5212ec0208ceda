"""The class's reading: which words of the text students marked, beside those of the key."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

from .. import despatch, questions
from ..questions.selecting import pieces, words_between
from .classroom import Class, Record

Word = tuple[str, int]
"""A word of the text: the passage it stands in, and its place there, from 0."""

STEPS = 5
"""Into how many steps the share of the class is parted that marked a word."""

_SHOWN, _LONG = 5, 12


class Piece(NamedTuple):
    """A word, or what stands between two: how many marked it, and whether the key has it."""

    text: str
    times: int = 0
    step: int = 0
    key: bool = False


class Run(NamedTuple):
    """Words in a row that the key has, or that it has not: how many students marked some."""

    words: str
    times: int
    key: bool


class Passage(NamedTuple):
    """A passage in which students marked words."""

    id: str
    pieces: list[Piece]
    runs: list[Run]


def reading(group: Class) -> list[Passage]:
    """Return each passage in which words are marked or should be, in the despatch's order."""
    marked, wanted = marked_words(group), key_words(group)
    texts = {
        passage: text
        for asked in group.questions.values()
        for passage, text in asked.get("text", {}).items()
    }
    order = {id: place for place, id in enumerate(despatch.ids())}
    everyone = len(group.responses)
    found = []
    for passage, text in sorted(texts.items(), key=lambda one: order.get(one[0], 0)):
        cut = []
        for words, place in pieces(text):
            if place is None:
                cut.append(Piece(words))
            else:
                times = marked[passage, place]
                step = -(-times * STEPS // everyone)
                cut.append(Piece(words, times, step, (passage, place) in wanted))
        if any(piece.times or piece.key for piece in cut):
            found.append(Passage(passage, cut, _runs(cut, max(2, everyone // 20))))
    return found


def marked_words(group: Class) -> Counter[Word]:
    """Return how many students marked each word of the text, in whichever question."""
    marked = Counter[Word]()
    for responses in group.responses.values():
        words: set[Word] = set()
        for name, asked in group.questions.items():
            for target in _spans(asked, responses.get(name)):
                words |= _words(asked, target)
        marked.update(words)
    return marked


def key_words(group: Class) -> set[Word]:
    """Return the words that the keys accept."""
    words: set[Word] = set()
    for name, asked in group.questions.items():
        key = group.keys[name]
        wanted = {"evidence": key.get("answer"), "claim": key.get("evidence")}.get(asked["kind"])
        for quotation in wanted or ():
            if target := questions.find_quotation(asked["text"], quotation):
                words |= _words(asked, target)
    return words


def _spans(asked: Record, response: Any) -> list[Record]:
    given = questions.KINDS[asked["kind"]].read(asked, response)
    if given and asked["kind"] == "claim":
        return given["evidence"]
    return given if given and asked["kind"] == "evidence" else []


def _words(asked: Record, target: Record) -> set[Word]:
    place = target["selector"][1]
    text = asked["text"][target["source"]]
    return words_between(target["source"], text, place["start"], place["end"])


def _runs(cut: list[Piece], few: int) -> list[Run]:
    """Return the key's words, and those most marked beside them by more than a few."""
    runs = list(_in_rows(cut, few))
    others = sorted((run for run in runs if not run.key), key=lambda run: -run.times)
    return [*(run for run in runs if run.key), *others[:_SHOWN]]


def _in_rows(cut: list[Piece], few: int) -> Iterator[Run]:
    words = [piece for piece in cut if any(letter.isalnum() for letter in piece.text)]
    for (key, many), row in groupby(words, key=lambda word: (word.key, word.times >= few)):
        said = list(row)
        if key or many:
            texts = [word.text for word in said]
            if len(texts) > _LONG:
                texts = [*texts[: _LONG - 4], "…", *texts[-3:]]
            yield Run(" ".join(texts), max(word.times for word in said), key)
