"""The tables: what each source claims, counts, dates and names.

They are CSV files that a historian edits, described column by column in datapackage.json; `offices`
is derived from them. Plain records need no pandas; the frames are for notebooks.
"""

import calendar
import csv
import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import permutations
from typing import TYPE_CHECKING, Any

from . import paths

if TYPE_CHECKING:
    import pandas as pd

Record = dict[str, str]

# What became of an office; a demand is not an outcome, and to be at work later may be a new start.
ENDINGS = {"closed", "ended", "abolished_by_sender"}
FATES = ENDINGS | {"retained"}


def names() -> tuple[str, ...]:
    """Return the names of the tables, the derived one last."""
    return (*_schemas(), "offices")


def records(name: str) -> list[Record]:
    """Return the rows of a table as they are written: every value a string, empty if unknown."""
    if name not in names():
        raise LookupError(f"There is no table {name!r}. There are: {', '.join(names())}.")
    if name == "offices":
        return _offices()
    with (paths.data() / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def extent(when: str, precision: str = "") -> tuple[date | None, date | None]:
    """Return the first and the last day that a partial date can mean.

    `when` is 1938, 1938-04, 1938-04-13 or two of them with a slash between. A date that is only a
    limit ("before", "after") is open on one side: None there. Both are None without a date.
    """
    if not when:
        return None, None
    first, _, last = when.partition("/")
    start = None if precision == "before" else _day(first, last=False)
    return start, None if precision == "after" else _day(last or first, last=True)


def claims() -> "pd.DataFrame":
    """Return one row per claim: one source, one statement, its date as written and as extent."""
    return _frame("claims")


def sources() -> "pd.DataFrame":
    """Return one row per source, with what is needed to cite and to weigh it."""
    return _frame("sources")


def places() -> "pd.DataFrame":
    """Return one row per city: its name in 1938 and now, latitude and longitude in degrees."""
    return _frame("places")


def events() -> "pd.DataFrame":
    """Return one row per event in order of date, its date as written and as extent."""
    return _frame("events")


def people() -> "pd.DataFrame":
    """Return one row per person, with the role of the despatch's month."""
    return _frame("people")


def glossary() -> "pd.DataFrame":
    """Return one row per term."""
    return _frame("glossary")


def hedges() -> "pd.DataFrame":
    """Return the words by which the despatch hedges and insists, one row per words and passage."""
    return _frame("hedges")


def counts() -> "pd.DataFrame":
    """Return one row per number that a source gives, or that follows from such numbers."""
    return _frame("counts")


def conflicts() -> "pd.DataFrame":
    """Return one row per conflict, slip or silence among the sources."""
    return _frame("conflicts")


def offices() -> "pd.DataFrame":
    """Return one row per sending state and city: who claims what, and whether the claims agree."""
    return _frame("offices")


def _schemas() -> dict[str, list[dict[str, Any]]]:
    package = json.loads((paths.data() / "datapackage.json").read_text(encoding="utf-8"))
    return {table["name"]: table["schema"]["fields"] for table in package["resources"]}


def _day(partial: str, last: bool) -> date:
    year, month, day = [*map(int, partial.split("-")), 0, 0][:3]
    month = month or (12 if last else 1)
    return date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1))


def _frame(name: str) -> "pd.DataFrame":
    import pandas as pd

    rows, schemas, columns = records(name), _schemas(), {}
    # A derived column has the type of the column it is taken from; any other holds text.
    described = [name] if name in schemas else ["places", "claims"]
    fields = {field["name"]: field for table in described for field in schemas[table]}
    for column in rows[0]:
        values = [row[column] or None for row in rows]
        columns[column] = _typed(fields.get(column, {}), values)
        dated = column.removesuffix("_precision")
        if dated != column:
            extents = [extent(row[dated], row[column]) for row in rows]
            columns[f"{dated}_start"] = pd.to_datetime([first for first, _ in extents])
            columns[f"{dated}_end"] = pd.to_datetime([last for _, last in extents])
    return pd.DataFrame(columns)


def _typed(field: dict[str, Any], values: list[str | None]) -> Any:
    """Return the values as the pandas array that the column's description asks for."""
    import pandas as pd

    match field:
        case {"constraints": {"enum": enum}}:
            return pd.Categorical(values, enum, ordered=field.get("categoriesOrdered", False))
        case {"type": "boolean", "trueValues": true}:
            return pd.array([v and v in true for v in values], dtype="boolean")
        case {"type": "integer"}:
            return pd.array([v and int(v) for v in values], dtype="Int64")
        case {"type": "number"}:
            return pd.array([v and float(v) for v in values], dtype="Float64")
    return pd.array(values, dtype="string")


def _offices() -> list[Record]:
    by_office: defaultdict[str, list[Record]] = defaultdict(list)
    for claim in records("claims"):
        if claim["office"]:
            by_office[claim["office"]].append(claim)
    sides = defaultdict(set)
    for row in records("conflict_sides"):
        sides[row["claim"]].add((row["conflict"], row["side"]))
    places = {place["id"]: place for place in records("places")}
    markers = {source["id"] for source in records("sources") if source["kind"] == "marker"}
    (statement,) = (f for f in _schemas()["claims"] if f["name"] == "statement")
    made = {claim["statement"] for said in by_office.values() for claim in said}
    rows = []
    for office, said in by_office.items():
        row = {"office": office} | {c: said[0][c] for c in ("sending_state", "place")}
        for column in ("name_1938", "name_now", "country_now", "lat", "lon", "radius_km"):
            row[column] = places.get(row["place"], {}).get(column, "")
        row["ranks"] = _listed(claim["rank"] for claim in said)
        row["sources"] = _listed(claim["source"] for claim in said)
        for kind in (kind for kind in statement["constraints"]["enum"] if kind in made):
            row[kind] = _listed(claim["source"] for claim in said if claim["statement"] == kind)
        row["agreement"] = _agreement([c for c in said if c["source"] not in markers], sides)
        touched = {conflict for claim in said for conflict, _ in sides[claim["id"]]}
        row["conflicts"] = _listed(sorted(touched, key=lambda conflict: (len(conflict), conflict)))
        row["claims"] = _listed(claim["id"] for claim in said)
        rows.append(row)
    return sorted(rows, key=lambda row: (row["sending_state"], not row["place"], row["office"]))


def _listed(values: Iterable[str]) -> str:
    return ";".join(dict.fromkeys(value for value in values if value))


def _agreement(said: list[Record], sides: dict[str, set[tuple[str, str]]]) -> str:
    named = [claim for claim in said if claim["speaks_of"] != "assigned"]
    taken = {side for claim in named for side in sides[claim["id"]]}
    if len(taken) > len({conflict for conflict, _ in taken}) or _clash(named):
        return "conflict"
    if _clash(said):
        return "unclear"
    if len({claim["source"] for claim in said}) < 2:
        return "single source" if said else "no source"
    fates = {claim["source"] for claim in named if claim["statement"] in FATES}
    return "agree" if len(fates) > 1 else "compatible"


def _clash(said: list[Record]) -> bool:
    """Say whether two sources give an office dates that exclude each other."""
    fates = [claim for claim in said if claim["statement"] in FATES]
    dated = [(claim, *extent(claim["date"], claim["date_precision"])) for claim in fates]
    # Still open, or closed only later, after another source has it closed for good.
    return any(
        a["statement"] in ENDINGS and a["source"] != b["source"] and over and since and over < since
        for (a, _, over), (b, since, _) in permutations(dated, 2)
    )
