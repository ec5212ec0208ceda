"""The figures as students call them: one name, sensible defaults, the course's own tables."""

import json
import re
from datetime import date
from typing import Any

from . import despatch, paths, tables
from .figures import Figure

DESPATCH = "frus_d450"  # the despatch among the sources
BASE = ("land.json", "ussr-1938.json")
WRITTEN = "E55"  # the event that is the writing of the despatch


def timeline(period: str = "") -> Figure:
    """Draw the events around the despatch in time, what it mentions set apart.

    `period` narrows or widens the view: "1901", "1901-1903", "1901-11/1902-03", or "all".
    """
    from .charts import timeline as chart

    events = []
    for event in tables.records("events"):
        start, end = tables.extent(event["date"], event["date_precision"])
        events.append(event | {"start": start, "end": end})
    return chart.timeline(events, WRITTEN, _period(period) if period else None)


def _period(words: str) -> tuple[date, date]:
    """Return the first and the last day of "1901", "1901-1903", "1901-11/1902-03" or "all"."""
    if words == "all":
        return date.min, date.max
    day = r"(\d{4}(?:-\d\d){0,2})"
    ends = re.fullmatch(rf"{day}(?:\s*[-–/]\s*{day})?", words.strip())
    try:
        first, last = tables.extent("/".join(filter(None, ends.groups()))) if ends else (None, None)
    except ValueError:  # no such month or day
        first, last = None, None
    if first is None or last is None or first > last:
        raise ValueError(
            f'{words!r} is no period. Write a year, two years or two months ("1901", "1901-1903", '
            '"1901-11/1902-03"), the earlier first, or "all".'
        )
    return first, last


def closures_map(*, as_of: Any = "despatch", **choices: Any) -> Figure:
    """Draw the consular offices on a day, by default that of the despatch.

    as_of: a date, "1901-04-30", "1901-04" (its last day), or None: whatever the date claimed.
    by, states, statuses: only these sources' claims, these sending states, these statuses.
    region: "all", "west" or "east". width: in pixels.
    """
    from . import maps

    sources = tables.records("sources")
    if as_of == "despatch":
        as_of = next(source["issued"] for source in sources if source["id"] == DESPATCH)
    given = (tables.records("claims"), tables.records("places"), sources)
    sides = tables.records("conflict_sides")
    return maps.closures_map(*given, sides, base_map(), despatch=DESPATCH, as_of=as_of, **choices)


def base_map() -> list[dict[str, Any]]:
    """Return the features of the base map: land, lakes, the territory and its frontier."""
    return [
        feature
        for name in BASE
        for feature in json.loads((paths.data() / name).read_text(encoding="utf-8"))["features"]
    ]


def parity_chart(*states: str) -> Figure:
    """Draw what each source counts: offices before, asked to close, closed, left, and in return.

    Name states, as the table of counts writes them, to draw these alone.
    """
    from .charts import parity

    names = ("counts", "conflicts", "conflict_sides")
    counts, conflicts, sides = (tables.records(name) for name in names)
    return parity.parity_chart(counts, conflicts, sides, states)


def hedges(per_100: bool = False, basis: str | None = None) -> Figure:
    """Draw where in the despatch its author hedges and where he insists.

    `per_100`: numbers for each 100 words; `basis="index"`: by the short list of markers alone.
    """
    from .charts import hedges as chart

    markers = tables.records("hedges")
    lists = sorted({marker["basis"] for marker in markers})
    if basis not in (None, *lists):
        raise ValueError(f"There is no list {basis!r}. There are: {', '.join(lists)}.")
    wanted = [marker for marker in markers if basis in (None, marker["basis"])]
    return chart.hedges(despatch.paragraphs(), wanted, per_100)
