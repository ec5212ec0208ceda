"""The rows of the map: one per office, with how it stands and who says so."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from .. import wording
from ..tables import Record
from .standing import Side, standing

Row = dict[str, Any]

CITY_UNKNOWN = "no: city not known"
NOT_YET = "no: not yet open"
OUT_OF_VIEW = "no: outside this view"


def office_rows(
    claims: Iterable[Record],
    places: Iterable[Record],
    sources: Iterable[Record],
    conflict_sides: Iterable[Record] = (),
    *,
    despatch: str,
    day: date | None = None,
    by: Collection[str] | None = None,
    states: Collection[str] | None = None,
) -> list[Row]:
    """Return one row per office of which the chosen sources speak, by state and then city.

    `by` and `states` choose sources and sending states (None: all); `despatch` is the source whose
    naming of an office is set apart. Values not known are None.
    """
    sides: defaultdict[str, set[Side]] = defaultdict(set)
    for row in conflict_sides:
        if row["claim"]:
            sides[row["claim"]].add((row["conflict"], row["side"]))
    known = {source["id"]: source for source in sources}
    cities = {place["id"]: place for place in places}
    markers = frozenset(id for id, source in known.items() if source["kind"] == "marker")
    offices: defaultdict[str, list[Record]] = defaultdict(list)
    named = set()
    for claim in claims:
        if claim["source"] == despatch:
            named.add(claim["office"])
        chosen = by is None or claim["source"] in by
        if claim["office"] and chosen and (states is None or claim["sending_state"] in states):
            offices[claim["office"]].append(claim)
    rows = []
    for office, said in offices.items():
        stands = standing(said, day, lambda claim: sides[claim], markers)
        city = cities.get(said[0]["place"], {})
        telling = [claim for claim in said if claim["id"] in stands.claims]
        rows.append(
            {
                "office": office,
                "state": said[0]["sending_state"],
                "code": office.partition("-")[0],
                **_where(city),
                "rank": "; ".join(dict.fromkeys(c["rank"] for c in said if c["rank"])) or None,
                "status": stands.status,
                "doubt": stands.doubt or None,
                "status_by": "; ".join(dict.fromkeys(c["source"] for c in telling)) or None,
                "named_in_despatch": office in named,
                "claims": "; ".join(wording.claimed(c, known[c["source"]]) for c in _dated(said)),
                "conflicts": "; ".join(sorted({c for claim in said for c, _ in sides[claim["id"]]}))
                or None,
                "on_map": _on_map(city, stands.status),
            }
        )
    return sorted(
        rows, key=lambda row: (row["state"], row["city"] is None, row["city"] or "", row["office"])
    )


def _where(city: Record) -> Row:
    radius = city.get("radius_km")
    precision = f"within {float(radius):g} km" if radius else "city known" if city else "unknown"
    return {
        "city": city.get("name_1938"),
        "city_now": city.get("name_now"),
        "country_now": city.get("country_now"),
        "lat": float(city["lat"]) if city else None,
        "lon": float(city["lon"]) if city else None,
        "radius_km": float(radius) if radius else None,
        "place_precision": precision,
    }


def _on_map(city: Record, status: str) -> str:
    if not city:
        return CITY_UNKNOWN
    return NOT_YET if status == "not yet open" else "yes"


def _dated(claims: list[Record]) -> list[Record]:
    """Return the claims by date; those without one at the end."""
    return sorted(claims, key=lambda claim: (not claim["date"], claim["date"], claim["id"]))
