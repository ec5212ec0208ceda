"""The map of the closings: from tables to a figure, with no file and no network.

`closures_map` draws it whole. What it is made of can be had piece by piece: `office_rows` (how each
office stands on a day), `arrange` (where its sign goes, the same on every day), and the traces:
`base_traces`, `card_traces` and `legend_traces`, drawn once, and `sign_traces`, all that another
day changes.
"""

from collections.abc import Collection, Iterable
from datetime import date

from ..figures import Figure
from ..tables import Record, extent
from ..wording import credited, listed, spelled
from .arranging import Arrangement, arrange
from .drawing import drawn, map_width
from .ground import Feature, base_traces, frontier_name
from .projection import FRAMES, Sheet, frame
from .prose import described, spoken_of
from .rows import OUT_OF_VIEW, Row, office_rows
from .signs import STATUSES
from .traces import card_traces, legend_traces, sign_traces

__all__ = [
    "FRAMES",
    "STATUSES",
    "Arrangement",
    "Row",
    "Sheet",
    "arrange",
    "base_traces",
    "card_traces",
    "closures_map",
    "frame",
    "legend_traces",
    "office_rows",
    "sign_traces",
]


def closures_map(
    claims: Iterable[Record],
    places: Iterable[Record],
    sources: Iterable[Record],
    conflict_sides: Iterable[Record],
    base: Iterable[Feature],
    *,
    despatch: str,
    as_of: date | str | None = None,
    by: Collection[str] | None = None,
    states: Collection[str] | None = None,
    statuses: Collection[str] | None = None,
    region: str = "all",
    width: int = 920,
) -> Figure:
    """Return the map of offices as they stand on a day, by what is claimed of them.

    The tables come as records, `base` as GeoJSON features. `as_of` is a date or as much of one as
    is known ("1901-04": its last day), None for the end of all that is claimed. `by`, `states` and
    `statuses` keep the claims of some sources, the offices of some states, or those in some status.
    `despatch` is the source whose naming of an office is set apart. `region` is one of FRAMES,
    which also says how wide the map must be at least, whatever `width` says.
    Raises ValueError, naming the choices, for a region, source, state or status that there is not.
    """
    claims, base = list(claims), list(base)
    known = {source["id"]: source for source in sources}
    _choose("source", by, known)
    _choose("state", states, {claim["sending_state"] for claim in claims})
    _choose("status", statuses, STATUSES)
    day, view = _day(as_of), frame(region)
    width = max(width, view.least)
    rows = office_rows(
        *(claims, places, known.values(), conflict_sides),
        despatch=despatch,
        day=day,
        by=by,
        states=states,
    )
    sheet = Sheet(view, (view.east - view.west) / map_width(view, width))
    arrangement = arrange(rows, base, sheet)
    rows = [
        row | {"on_map": OUT_OF_VIEW}
        if row["on_map"] == "yes" and row["office"] not in arrangement.signs
        else row
        for row in rows
        if statuses is None or row["status"] in statuses
    ]
    told = listed([credited(known[source]) for source in by or ()]) or "all sources"
    when = f"on {spelled(day.isoformat())}" if day else "at the latest date claimed"
    heading = f"Foreign consular offices {when}, according to {told}"
    named_states = spoken_of(claims, despatch) if by is None or despatch in by else ()
    # The base map is drawn for the month of the despatch.
    month = known[despatch]["issued"][:7]
    figure = drawn(rows, arrangement, base, heading, width, month)
    return Figure(figure, rows, described(rows, heading, frontier_name(month), named_states))


def _day(as_of: date | str | None) -> date | None:
    if not isinstance(as_of, str):
        return as_of
    try:
        return extent(as_of)[1]
    except (ValueError, IndexError):
        raise ValueError(f"{as_of!r} is no date. Write year-month-day, or less of it.") from None


def _choose(what: str, chosen: Collection[str] | None, there: Collection[str]) -> None:
    missing = sorted(set(chosen or ()) - set(there))
    if missing:
        known = ", ".join(sorted(filter(None, there)))
        raise ValueError(f"There is no {what} {', '.join(missing)}. There are: {known}.")
