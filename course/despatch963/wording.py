"""Dates, claims and sources in words, as hover, table and prose say them."""

import calendar
from collections.abc import Sequence

from .tables import Record

# What a source says of an office, before the date of it.
STATEMENTS = {
    "opened": "opened",
    "newly_established": "newly established",
    "functioning": "at work",
    "agreed": "allowed by agreement",
    "demanded_closed": "asked to close",
    "demand_undecided": "named among several of which some must close",
    "sender_to_close": "about to be closed by its own state",
    "closed": "closed",
    "ended": "came to an end",
    "abolished_by_sender": "given up by its own state",
    "retained": "kept open",
    "absent": "none there",
}


def spelled(when: str) -> str:
    """Write out a partial date or a span of two: 13 May 1901, June to July 1901."""
    first, _, last = when.partition("/")
    if not last:
        return _single(first)
    start, end = _single(first), _single(last)
    same = first[:4] == last[:4] and "-" in first
    return f"{start.removesuffix(' ' + first[:4]) if same else start} to {end}"


def dated(when: str, precision: str) -> str:
    """Return a date with the little word its precision asks for: by 13 May 1901."""
    if not when:
        return "date not given"
    if precision == "before":
        return f"by {spelled(when)}"
    if precision == "after":
        return f"from {spelled(when)} on"
    if "/" in when:
        return f"between {spelled(when).replace(' to ', ' and ')}"
    return f"{'on' if when.count('-') == 2 else 'in'} {spelled(when)}"


def claimed(claim: Record, source: Record) -> str:
    """Return one claim: what is said, of when, by whom, and where to find it."""
    said = STATEMENTS.get(claim["statement"], claim["statement"].replace("_", " "))
    when = dated(claim["date"], claim["date_precision"])
    if claim["statement"] == "functioning" and "/" in claim["date"]:
        when = spelled(claim["date"])
    scope = {
        "assigned": " (a number only: this office by our inference)",
        "group": " (said of all offices there)",
    }.get(claim["speaks_of"], "")
    locator = f", {claim['locator'].replace(';', ',')}" if claim["locator"] else ""
    said += f" {when}" if claim["date"] else f", {when}"
    return f"{said}{scope}: {credited(source)}{locator} [{source['id']}]"


def credited(source: Record) -> str:
    """Return a short name of a source: who wrote or printed it, of a paper its kind, its date."""
    surnames = [name.partition(",")[0] for name in source["authors"].split("; ") if name]
    who = " and ".join(surnames) or source["author_body"] or source["container_title"]
    if not who:
        return source["title"]
    kind = "" if source["kind"] == "secondary" else source["genre"]
    return ", ".join(part for part in (who, kind, spelled(source["issued"])) if part)


def listed(words: Sequence[str]) -> str:
    """Return a list to be read: a, b and c."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: 1 office, 2 offices."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"


def _single(partial: str) -> str:
    year, month, day = [*partial.split("-"), "", ""][:3]
    name = calendar.month_name[int(month)] if month else ""
    return " ".join(part for part in (str(int(day)) if day else "", name, year) if part)
