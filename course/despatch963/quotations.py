"""A student's text against the despatch: how long it is, whether what it quotes stands there.

It judges quotations and references, not opinions. Words of other sources are not held against
anything: only the despatch is here in full.
"""

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import NamedTuple

from .questions import locate

_QUOTED = re.compile(
    r"“([^“”]+)”|„([^„“”]+)[“”]|«([^«»]+)»|\"([^\"\n]+)\"|"
    # Single marks are apostrophes too: only those that open a word and close one count.
    r"(?<!\w)‘([^‘]+?)’(?!\w)|(?<!\w)'([^'\n]+ [^'\n]+?)'(?!\w)"
)
_BLOCK = re.compile(r"(?:^[ ]{0,3}>.*(?:\n|$))+", re.M)
# Where a writer left words out, or put in words of his own.
_GAP = re.compile(r"\[[^\]]*\]|\.\s?\.\s?\.|…")
_WORD = re.compile(r"\w+(?:[’'\-]\w+)*")
_IN_BRACKETS = re.compile(r"\[([^\]\n]+)\](?!\()")
_BARE = re.compile(r"(?<![\w/.])([pn]\d{1,3})(?:\s?[-–]\s?([pn]?\d{1,3}))?(?!\w)")
_ID = re.compile(r"[A-Za-z]+\d+|[a-z]+(?:_[a-z0-9]+)+")
_NEAR = 0.6  # share of the words that agree, from which on a quotation counts as altered
_FEWEST = 3  # words in a row that must agree for that

Texts = Mapping[str, str]


class Quotation(NamedTuple):
    """What was quoted; "verbatim", "altered" or "not found"; in which passage, and what is there.

    `nearest` has the words of the despatch where they were altered, `differs` what was changed, or,
    in a quotation with gaps, what was left out.
    """

    words: str
    verdict: str
    passage: str = ""
    nearest: str = ""
    differs: tuple[str, ...] = ()


class Reference(NamedTuple):
    """A reference as written, and whether it names a passage or a source that there is."""

    words: str
    known: bool


def count(text: str) -> int:
    """Return the number of words."""
    return len(_WORD.findall(text))


def quotations(text: str, texts: Texts) -> list[Quotation]:
    """Check every quotation in `text` against `texts` (passage id → its words)."""
    return [_checked(words, texts) for words in _quoted(text)]


def _quoted(text: str) -> Iterable[str]:
    for block in _BLOCK.findall(text):
        yield " ".join(line.strip().lstrip(">").strip() for line in block.splitlines())
    for found in _QUOTED.finditer(_BLOCK.sub("\n", text)):
        words = next(group for group in found.groups() if group)
        if _WORD.search(words):
            yield " ".join(words.split())


def _checked(quoted: str, texts: Texts) -> Quotation:
    pieces = [piece.strip(" ,;:.!?*_") for piece in _GAP.split(quoted)]
    pieces = [piece for piece in pieces if _WORD.search(piece)]
    if not pieces:
        return Quotation(quoted, "not found")
    for passage, text in texts.items():
        left_out = _left_out(pieces, text)
        if left_out is not None:
            return Quotation(quoted, "verbatim", passage, differs=left_out)
    nearest = max((_nearest(max(pieces, key=len), id, text) for id, text in texts.items()))
    share, passage, words, differs = nearest
    if share < _NEAR:
        return Quotation(quoted, "not found")
    return Quotation(quoted, "altered", passage, words, differs)


def _left_out(pieces: list[str], text: str) -> tuple[str, ...] | None:
    """Return what of the text stands between the pieces; None if they are not in it in order."""
    done, between = 0, []
    for piece in pieces:
        rest = text[done:]
        place = locate(rest, piece) or locate(rest, _other_capital(piece))
        if place is None:
            return None
        between.append(rest[: place[0]].strip())
        done += place[1]
    return tuple(words for words in between[1:] if words)


def _other_capital(piece: str) -> str:
    """Return the piece with its first letter large or small: a sentence may begin with it."""
    return piece[0].swapcase() + piece[1:]


def _nearest(piece: str, passage: str, text: str) -> tuple[float, str, str, tuple[str, ...]]:
    """Return how much of the piece a passage has, and where it comes closest to it."""
    places = [found.span() for found in _WORD.finditer(text)]
    there = [text[start:end].casefold().replace("’", "'") for start, end in places]
    here = [word.casefold().replace("’", "'") for word in _WORD.findall(piece)]
    match = SequenceMatcher(None, here, there, autojunk=False).find_longest_match()
    begin = max(0, match.b - match.a)
    window = there[begin : begin + len(here)]
    if match.size < _FEWEST or not window:
        return 0.0, passage, "", ()
    compared = SequenceMatcher(None, here, window, autojunk=False)
    words = text[places[begin][0] : places[begin + len(window) - 1][1]]
    differs = tuple(
        f"“{' '.join(here[a:b]) or '–'}” for “{' '.join(window[c:d]) or '–'}”"
        for kind, a, b, c, d in compared.get_opcodes()
        if kind != "equal"
    )
    return compared.ratio(), passage, words, differs


def references(text: str, passages: Iterable[str], sources: Iterable[str]) -> list[Reference]:
    """Find references such as [p5], p2-p4 or [dgfp_614], each once, and say which resolve."""
    known = {id.casefold() for id in (*passages, *sources)}
    found: dict[str, bool] = {}
    for bracket in _IN_BRACKETS.findall(text):
        for part in re.split(r"[,;]\s*|\s+", bracket):
            if _ID.fullmatch(part):
                found[part] = part.casefold() in known
    for first, last in _BARE.findall(text):
        ends = [first, *([last if last[0] in "pn" else first[0] + last] if last else [])]
        found["-".join(ends)] = all(end in known for end in ends)
    return [Reference(words, there) for words, there in found.items()]
