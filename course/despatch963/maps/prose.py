"""The map in sentences, for readers who do not see it; every number is counted from the rows."""

from collections import Counter
from collections.abc import Iterable

from ..tables import Record
from ..wording import counted, listed
from .rows import CITY_UNKNOWN, NOT_YET, OUT_OF_VIEW, Row
from .signs import STATUSES


def described(rows: list[Row], title: str, ground: str, named_states: Iterable[str] = ()) -> str:
    """Return paragraphs that say what the map of these rows says.

    `ground` says which frontier is drawn; `named_states` are those of which the despatch speaks
    without naming an office.
    """
    present = [row for row in rows if row["on_map"] != NOT_YET]
    if not present:
        return f"{title}. No source that was chosen speaks of an office by then."
    states = {row["state"] for row in present}
    drawn = [row for row in present if row["on_map"] == "yes"]
    cities = {row["city"] for row in drawn}
    opening = (
        f"{title}. The sources speak of {counted(len(present), 'office')} of "
        f"{counted(len(states), 'state')}. On the map: {counted(len(drawn), 'sign')} in "
        f"{counted(len(cities), 'city')}, and the {ground}."
    )
    by_status = [_status(status, present) for status in STATUSES]
    return "\n\n".join(
        part
        for part in (
            opening,
            *by_status,
            _cities(drawn),
            _despatch(present, sorted(named_states)),
            _disputes(present),
            _absent(rows),
        )
        if part
    )


def _status(status: str, rows: list[Row]) -> str:
    of_it = [row for row in rows if row["status"] == status]
    if not of_it:
        return ""
    doubtful = sum(bool(row["doubt"]) for row in of_it)
    count = f"{len(of_it)}, of which {doubtful} in doubt" if doubtful else str(len(of_it))
    by_state: dict[str, list[str]] = {}
    for row in of_it:
        place = row["city"] or "a city not known"
        by_state.setdefault(row["state"], []).append(place + "?" * bool(row["doubt"]))
    where = "; ".join(f"{state} at {listed(_gathered(at))}" for state, at in by_state.items())
    mark = " (a question mark: in doubt)" if doubtful else ""
    return f"{STATUSES[status].label.capitalize()} ({count}): {where}{mark}."


def _gathered(places: list[str]) -> list[str]:
    """Say how often a place comes, if more than once."""
    return [
        place if often == 1 else f"{place} ({often} times)"
        for place, often in Counter(places).items()
    ]


def _cities(drawn: list[Row]) -> str:
    offices = Counter(row["city"] for row in drawn)
    west_to_east = sorted(
        offices, key=lambda city: next(r["lon"] for r in drawn if r["city"] == city)
    )
    told = listed([f"{city} {offices[city]}" for city in west_to_east])
    return f"By city, from west to east: {told}." if drawn else ""


def _despatch(rows: list[Row], named_states: list[str]) -> str:
    named = [row for row in rows if row["named_in_despatch"]]
    if not named:
        return "The despatch names none of these offices."
    told = listed(
        [f"{row['state']} at {row['city']} ({STATUSES[row['status']].label})" for row in named]
    )
    rest = len(rows) - len(named)
    states = (
        f" It speaks of {listed(named_states)} without naming an office." if named_states else ""
    )
    others = f"; of the other {counted(rest, 'office')} it names none" if rest else ""
    return f"The despatch names {counted(len(named), 'office')}: {told}{others}.{states}"


def _disputes(rows: list[Row]) -> str:
    return "\n\n".join(
        f"Disputed, {row['state']} at {row['city'] or 'a city not known'}: {row['claims']}."
        for row in rows
        if row["status"] == "disputed"
    )


def _absent(rows: list[Row]) -> str:
    told = []
    for reason, why in (
        (CITY_UNKNOWN, "because no source gives the city"),
        (OUT_OF_VIEW, "because they lie outside this view"),
        (NOT_YET, "because they were not yet open"),
    ):
        states = Counter(row["state"] for row in rows if row["on_map"] == reason)
        if states:
            number = listed([f"{state} {count}" for state, count in states.items()])
            told.append(f"{counted(states.total(), 'office')} {why} ({number})")
    return f"Not on the map: {'; '.join(told)}." if told else ""


def spoken_of(claims: Iterable[Record], source: str) -> set[str]:
    """Return the states whose offices a source speaks of without naming one."""
    said = [c for c in claims if c["source"] == source and c["subject"] in ("office", "consulates")]
    of_offices = {claim["sending_state"] for claim in said if claim["office"]}
    return {claim["sending_state"] for claim in said} - of_offices - {""}
