"""The timeline: when things happened as far as it is known, and what the despatch says of them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from ..figures import Figure
from ..wording import counted, listed, spelled

Row = dict[str, Any]

NAMED, EDITORS, SILENT = "by the despatch", "by its editors only", "no"  # who mentions it
BEFORE, SAME, AFTER, OPEN = "before", "same day", "after", "before or after"  # the despatch


def timeline(
    events: Iterable[Mapping[str, Any]], written: str, period: tuple[date, date] | None = None
) -> Figure:
    """Draw events where they fall in time; what is not known to the day is as wide as the doubt.

    Parameters
    ----------
    events
        Rows of the table of events, each with the first and the last day it can mean (`start` and
        `end`, a date or None).
    written
        Id of the event that is the writing of the despatch: whatever is later is hindsight.
    period
        First and last day to be drawn. None: to the end of the year after the despatch.
    """
    rows = _rows([*events], written)
    despatch = next(row for row in rows if row["id"] == written)
    first, last = _window(rows, despatch, period)
    shown = [row for row in rows if (row["start"] or "") <= last and (row["end"] or "9") >= first]
    if not shown:
        raise ValueError(
            f"No event lies between {spelled(first)} and {spelled(last)}: choose a longer period."
        )
    from .timeline_plot import draw

    prose = _prose(shown, despatch, first, last, len(rows) - len(shown))
    return Figure(draw(shown, despatch, first, last), shown, prose)


def _rows(events: list[Mapping[str, Any]], written: str) -> list[Row]:
    own = next((event for event in events if event["id"] == written), None)
    if own is None:
        raise LookupError(f"No event has the id {written!r}: name the writing of the despatch.")
    rows = [_row(event, own) for event in events]
    return sorted(rows, key=lambda row: (row["start"] or "", row["end"] or "9", row["id"]))


def _row(event: Mapping[str, Any], own: Mapping[str, Any]) -> Row:
    passages = event["passages"].split(";")
    mentioned = event["mentioned_in_despatch"] == "yes"
    who = NAMED if any(passage.startswith("p") for passage in passages) else EDITORS
    return {
        "id": event["id"],
        "date": event["date"],
        "precision": event["date_precision"],
        "event": event["title"],
        "mentioned": who if mentioned else SILENT,
        "passages": event["passages"] or None,
        "despatch": _relation(event, own),
        "confidence": event["confidence"],
        "description": event["description"],
        "note": event["note"] or None,
        "sources": event["sources"],
        "start": event["start"] and event["start"].isoformat(),
        "end": event["end"] and event["end"].isoformat(),
    }


def _relation(event: Mapping[str, Any], own: Mapping[str, Any]) -> str:
    """Say on which side of the writing an event lies, if it lies on one."""
    if event["start"] and event["start"] > own["end"]:
        return AFTER
    if event["end"] and event["end"] < own["start"]:
        return BEFORE
    return SAME if (event["start"], event["end"]) == (own["start"], own["end"]) else OPEN


def _window(rows: list[Row], despatch: Row, period: tuple[date, date] | None) -> tuple[str, str]:
    """Return the first and the last day to be drawn, without empty years at the ends."""
    years = [int(row[end][:4]) for row in rows for end in ("start", "end") if row[end]]
    earliest, latest = date(min(years), 1, 1), date(max(years), 12, 31)
    first, last = period or (earliest, date(int(despatch["end"][:4]) + 1, 12, 31))
    if period and first <= latest and last >= earliest:
        first, last = max(first, earliest), min(last, latest)
    return first.isoformat(), last.isoformat()


def _prose(shown: list[Row], despatch: Row, first: str, last: str, left_out: int) -> str:
    def of(column: str, value: str) -> list[Row]:
        return [row for row in shown if row[column] == value]

    points, doubtful = of("precision", "day"), [r for r in shown if r["confidence"] != "high"]
    said = [
        f"Timeline from {spelled(first)} to {spelled(last)}: {counted(len(shown), 'event')} "
        f"({left_out} more outside this period).",
        f"The despatch is put at {spelled(despatch['date'])}: "
        f"{len(of('despatch', BEFORE))} before it; "
        f"{len(of('despatch', SAME))} on the same day, itself included if shown; "
        f"{len(of('despatch', AFTER))} after it, which its author could not know (hindsight); "
        f"{len(of('despatch', OPEN))} with a date too wide to say.",
        f"{len(points)} known to the day are drawn as points, {len(shown) - len(points)} known "
        f"less closely as bars. {len(doubtful)} are drawn hollow: not well supported, or general "
        f"knowledge.",
    ]
    for who, opening in (
        (NAMED, "The despatch mentions"),
        (EDITORS, "Only words of its editors mention"),
    ):
        if rows := of("mentioned", who):
            said.append(f"{opening} {len(rows)}: {'; '.join(map(_told, rows))}.")
    if early := [row for row in of("despatch", AFTER) if row["mentioned"] != SILENT]:
        said.append(
            "Mentioned, although the date is later than the despatch: "
            f"{listed([row['event'] for row in early])}."
        )
    if rows := of("mentioned", SILENT):
        years = Counter((row["start"] or row["end"])[:4] for row in rows)
        by_year = ", ".join(f"{number} in {year}" for year, number in sorted(years.items()))
        said.append(
            f"Not mentioned: {counted(len(rows), 'event')}, {by_year}. "
            "General words that may cover an event do not count as a mention of it."
        )
    return " ".join([*said, "The table lists them all in order of date."])


def _told(row: Row) -> str:
    where = listed(row["passages"].split(";"))
    return f"{spelled(row['date'])}, {row['event']} ({where})"
