"""Hedges and boosters: where a text takes a step back and where it insists, word for word."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..figures import Figure
from ..passage import Passage
from ..wording import counted, listed

Row = dict[str, Any]

HEDGE, BOOSTER, MIXED = "hedge", "booster", "mixed"
AUTHOR = "author"
SIDES = {"hedges": (HEDGE, MIXED), "boosters": (BOOSTER, MIXED)}
_CONTEXT = 8  # words on either side


def hedges(
    passages: Iterable[Passage], markers: Iterable[Mapping[str, str]], per_100: bool = False
) -> Figure:
    """Draw every hedge and booster at its place in its paragraph, and how many there are.

    `markers` are rows of the table of hedges. Every occurrence in the paragraph named counts; words
    that both hedge and insist count on both sides, words of others that the author reports on none.
    `per_100` draws numbers for each 100 words, so that long and short paragraphs compare.
    """
    passages, markers = [*passages], [*markers]
    rows = [row for passage in passages for row in _rows(passage, markers)]
    from .hedges_plot import draw

    return Figure(draw(rows, per_100), rows, _prose(rows, per_100))


def _rows(passage: Passage, markers: list[Mapping[str, str]]) -> list[Row]:
    """Return a row for each marker in the passage, in the order of the text, or one without."""
    found = [
        (match.start(), match.end(), marker)
        for marker in markers
        if marker["passage"] == passage.id
        for match in _found(marker, passage)
    ]
    length = len(passage.text.split())
    totals: Row = {
        side: sum(m["kind"] in kinds and m["voice"] == AUTHOR for *_, m in found)
        for side, kinds in SIDES.items()
    }
    paragraph: Row = {"passage": passage.id, "words": length} | totals
    paragraph |= {f"{side}_per_100": round(100 * n / length, 1) for side, n in totals.items()}
    absent = dict.fromkeys(("marker", "kind", "voice", "word", "context", "basis", "note", "id"))
    rows = [_row(passage, *place) | paragraph for place in sorted(found, key=lambda f: f[:2])]
    return [_ordered(row, paragraph) for row in rows or [absent | paragraph]]


def _ordered(row: Row, paragraph: Row) -> Row:
    """Put what is said of the paragraph behind what is said of the marker."""
    first = {"passage": row["passage"]}
    return first | {key: row[key] for key in row if key not in paragraph} | paragraph


def _found(marker: Mapping[str, str], passage: Passage) -> list[re.Match[str]]:
    words = rf"(?<!\w){re.escape(marker['marker'])}(?!\w)"
    if not (places := [*re.finditer(words, passage.text)]):
        raise ValueError(
            f"{marker['marker']!r} ({marker['id']}) does not stand in {passage.id}, letter for "
            "letter: mend the marker or its passage in the table of hedges."
        )
    return places


def _row(passage: Passage, start: int, end: int, marker: Mapping[str, str]) -> Row:
    before, after = passage.text[:start].split(), passage.text[end:].split(" ")
    lead = ["…"] * (len(before) > _CONTEXT) + before[-_CONTEXT:]
    trail = after[: _CONTEXT + 1] + ["…"] * (len(after) > _CONTEXT + 1)
    return {
        "marker": marker["marker"],
        "kind": marker["kind"],
        "voice": marker["voice"],
        "word": len(before) + 1,
        "context": f"{' '.join(lead)} «{passage.text[start:end]}»{' '.join(trail)}".strip(),
        "basis": marker["basis"],
        "note": marker["note"] or None,
        "id": marker["id"],
    }


def paragraphs(rows: list[Row]) -> list[Row]:
    """Return the first row of each paragraph, which holds the numbers of the paragraph."""
    return [*{row["passage"]: row for row in reversed(rows)}.values()][::-1]


def _prose(rows: list[Row], per_100: bool) -> str:
    whole = paragraphs(rows)
    marked = [row for row in rows if row["marker"]]
    both = sum(row["kind"] == MIXED and row["voice"] == AUTHOR for row in marked)
    said = [
        f"{counted(len(whole), 'paragraph')}, {sum(row['words'] for row in whole):,} words.",
        f"By this list the author hedges {_times(sum(row['hedges'] for row in whole))} and insists "
        f"{_times(sum(row['boosters'] for row in whole))}; another list would count otherwise.",
        f"Doing both, counted on both sides: {both}. Words of others that he reports, counted on "
        f"neither: {sum(row['voice'] != AUTHOR for row in marked)}.",
    ]
    for side in SIDES:
        column = f"{side}_per_100" if per_100 else side
        most = max(row[column] for row in whole)
        where = listed([row["passage"] for row in whole if row[column] == most > 0])
        none = [row["passage"] for row in whole if not row[side]]
        unit = " per 100 words" if per_100 else ""
        said.append(
            f"Most {side}{unit}: {where or 'nowhere'} ({most}). Without {side}: {_all(none)}."
        )
    for row in whole:
        own = [r for r in marked if r["passage"] == row["passage"]]
        words = "; ".join(f"“{r['marker']}” ({_told(r)}, word {r['word']})" for r in own)
        said.append(
            f"{row['passage']} ({row['words']} words): {counted(row['hedges'], 'hedge')}, "
            f"{row['hedges_per_100']} per 100 words; {counted(row['boosters'], 'booster')}, "
            f"{row['boosters_per_100']} per 100 words{': ' if words else ''}{words}."
        )
    return " ".join(said)


def _told(row: Row) -> str:
    kind = "hedge and booster" if row["kind"] == MIXED else str(row["kind"])
    return kind if row["voice"] == AUTHOR else f"{kind}, {row['voice']}"


def _all(passages: list[str]) -> str:
    return listed(passages) if passages else "no paragraph"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
