"""The ladders of the numbers of offices: which rung stands where, and the words around it."""

import textwrap
from itertools import groupby
from typing import NamedTuple

from .parity import NO_COUNT, RETURN, Row

LINE, PAD = 15, 8  # pixels
_SHORT = {"asked to close": "asked", RETURN: "Soviet"}


class Rung(NamedTuple):
    """One line: its panel and height, the rows it shows, the words before and after the sign."""

    panel: int
    y: float
    rows: list[Row]
    before: str
    after: str

    @property
    def together(self) -> bool:
        """Whether several states are counted together, on a smaller scale."""
        return self.rows[0]["state"] is None


class Block(NamedTuple):
    name: str
    panel: int
    top: float
    bottom: float


def arranged(rows: list[Row]) -> tuple[list[Block], list[Rung], int]:
    """Return a block for each state, its rungs, and the height of the taller panel."""
    grouped = [[*own] for _, own in groupby(rows, key=lambda row: row["of"])]
    states = [(_name(own[0]), _lines(own)) for own in grouped]
    sizes = [PAD + LINE * max(len(lines), name.count("<br>") + 1) for name, lines in states]
    split = min(range(1, len(sizes) + 1), key=lambda n: max(sum(sizes[:n]), sum(sizes[n:])))
    blocks, rungs, tops = list[Block](), list[Rung](), [0, 0]
    for number, ((name, lines), size) in enumerate(zip(states, sizes, strict=True)):
        panel = int(number >= split)
        top = tops[panel]
        tops[panel] += size
        blocks.append(Block(name, panel, top, tops[panel]))
        for line, (shown, before, after) in enumerate(lines):
            y = top + PAD / 2 + (line + 0.5) * LINE
            rungs.append(Rung(panel, y, shown, before, after))
    return blocks, rungs, max(tops)


def _lines(rows: list[Row]) -> list[tuple[list[Row], str, str]]:
    """Return the lines of a state: one for each number, and one for all that nobody counts."""
    lines = [([row], _before(row), _after(row)) for row in rows if row["kind"] != NO_COUNT]
    if gaps := [row for row in rows if row["kind"] == NO_COUNT]:
        lines.append((gaps, "not counted", ", ".join(map(_stage, gaps))))
    return lines


def _stage(row: Row) -> str:
    return str(_SHORT.get(row["stage"]) or row["stage"])


def _before(row: Row) -> str:
    """Return what is counted, to stand before the sign."""
    if row["stage"] == "before" and row["detail"]:
        return row["detail"]
    return ", ".join(filter(None, [_stage(row), row["detail"]]))


def _after(row: Row) -> str:
    """Return the number, whose it is and against what it stands, to stand after the sign."""
    number = "" if row["value"] is None else f"<b>{row['value']}</b>"
    whose = row["source"] or ""
    if row["kind"] == "derived":
        formula = (row["formula"] or "").replace(" ", "").replace("-", "−")
        whose = f"= {formula}" if formula else "worked out"
    if row["scope"]:
        whose += f", {row['scope']}"
    rivals = f"<b>≠ {row['rivals']}</b>" if row["rivals"] else ""
    return " ".join(filter(None, [number, whose, rivals]))


def _name(row: Row) -> str:
    """Return the heading of a block; several states together are drawn on another scale."""
    bold = [f"<b>{line}</b>" for line in textwrap.wrap(row["of"][:1].upper() + row["of"][1:], 15)]
    return "<br>".join([*bold, *(["(smaller scale)"] if row["state"] is None else [])])
