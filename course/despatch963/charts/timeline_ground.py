"""The ground of the timeline: its axes, the day of the despatch, and what came after it."""

from datetime import date
from typing import Any

from ..wording import spelled
from . import sheet
from .scale import DAY, WIDTH, Part
from .timeline import Row

_HINDSIGHT = "#f2ecdf"
_ROOM = 46  # pixels that the words at a tick need


def hindsight(
    despatch: Row, scale: list[Part]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the line of the despatch, the ground of what came after it, breaks, their words."""
    day = date.fromisoformat(despatch["end"])
    shapes, notes = list[dict[str, Any]](), list[dict[str, Any]]()
    above = {"xref": "paper", "yref": "paper", "yanchor": "bottom"}
    for number, part in enumerate(scale):
        whole = {"xref": f"x{nth(number)}", "yref": "paper", "y0": 0, "y1": 1, "layer": "below"}
        after = max(day + DAY, part.begin)
        if after < part.end:
            ground = {"x0": after.isoformat(), "x1": part.end.isoformat(), "line": {"width": 0}}
            shapes.append(whole | ground | {"type": "rect", "fillcolor": _HINDSIGHT})
        if part.begin <= day < part.end:
            at = {"x0": day.isoformat(), "x1": day.isoformat()}
            line = {"color": sheet.INK, "width": 1.5, "dash": "dash"}
            shapes.append(whole | at | {"type": "line", "line": line})
            text = f"the despatch, {spelled(despatch['date'])}"
            side = {"xanchor": "right" if part.at(day) > WIDTH / 2 else "left"}
            notes.append(sheet.words(part.at(day) / WIDTH, 1, text, **above, **side))
        if number:
            middle = (scale[number - 1].right + part.left) / 2 / WIDTH
            notes.append(
                sheet.words(middle, 0, "//", **above, xanchor="center", bgcolor=sheet.PAPER)
            )
    if scale[-1].end > day + DAY:
        notes.append(sheet.words(1, 1, "<i>hindsight</i> ▸", **above, xanchor="right"))
    if len(scale) > 1:
        notes.append(sheet.words(0, 1, "<i>two scales: the break is marked //</i>", **above))
    return shapes, notes


def axis(part: Part) -> dict[str, Any]:
    """Return the axis of one part of the scale, where it stands on the sheet."""
    return {
        "type": "date",
        "range": [part.begin.isoformat(), part.end.isoformat()],
        "domain": [part.left / WIDTH, part.right / WIDTH],
        "gridcolor": sheet.FAINT,
        "showline": True,
        "linecolor": sheet.PALE,
        "ticks": "outside",
        "tickangle": 0,
        **_ticks(part),
    }


def _ticks(part: Part) -> dict[str, str]:
    """Return steps wide enough for their words, or leave days and weeks to plotly."""
    steps = ((1, "%b<br>%Y"), (3, "%b<br>%Y"), (6, "%b<br>%Y"), (12, "%Y"), (24, "%Y"), (60, "%Y"))
    if part.day * 7 > _ROOM:
        return {"tickformat": "%-d %b<br>%Y"}
    for months, style in steps:
        if part.day * 30 * months > _ROOM:
            return {"dtick": f"M{months}", "tickformat": style}
    return {"dtick": "M120", "tickformat": "%Y"}


def title(first: str, last: str) -> str:
    """Return whole years as "1901–1903", whole months without their days."""
    begin, end = date.fromisoformat(first), date.fromisoformat(last) + DAY
    if (begin.month, begin.day, end.month, end.day) == (1, 1, 1, 1):
        return first[:4] if first[:4] == last[:4] else f"{first[:4]}–{last[:4]}"
    if begin.day == end.day == 1:
        return spelled("/".join(dict.fromkeys((first[:7], last[:7]))))
    return spelled(f"{first}/{last}")


def nth(number: int) -> str:
    """Return how plotly numbers its axes: "", 2, 3."""
    return str(number + 1) if number else ""
