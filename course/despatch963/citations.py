"""Cite sources and passages: notes in Chicago style, and CSL-JSON for reference managers."""

import calendar
import difflib
import re
from typing import Any

from . import tables
from .tables import Record


class UnknownSource(LookupError):
    """No source and no passage has this id; the message names those that look like it."""


def cite(id: str) -> str:
    """Return a note in Chicago style to a source ("dgfp_614") or a passage of the despatch ("p5").

    What is not known is left out; what had to be inferred stands in brackets.
    """
    sources = {source["id"]: source for source in tables.records("sources")}
    if id in sources:
        return _note(sources[id], sources).removesuffix(".") + "."
    from . import despatch

    try:
        return despatch.cite(id)
    except despatch.UnknownPassage:
        close = difflib.get_close_matches(str(id), [*sources, *despatch.ids()], n=5, cutoff=0.5)
    hint = f"Did you mean {', '.join(close)}?" if close else "All ids stand in data/sources.csv."
    raise UnknownSource(f"There is no source and no passage {id!r}. {hint}")


def csl_json() -> list[dict[str, Any]]:
    """Return all sources as CSL-JSON items, in the order of the table."""
    return [_item(source) for source in tables.records("sources")]


# Of these the date belongs to the issue in which they stand; of a letter it is its own.
_DATED_BY_CONTAINER = {
    "article-magazine",
    "article-newspaper",
    "entry-encyclopedia",
    "hearing",
    "interview",
    "report",
    "webpage",
}
_COLLECTED = {"personal_communication", "chapter"}


def _note(source: Record, sources: dict[str, Record], pinpoint: str = "") -> str:
    """Return the note without its full stop; `pinpoint` stands in for the pages."""
    work, date, pages = _work(source), _date(source), pinpoint or _pages(source["page"])
    match source["csl_type"]:
        case "article-journal":
            parts = [_title(source), _joined(work, f"({date})", by=" ") + _led(": ", pages)]
        case "book":
            imprint = _joined(source["publisher_place"], source["publisher"], by=": ")
            parts = [f"{_title(source)} ({_joined(imprint, date)})", pinpoint]
        case kind if kind in _DATED_BY_CONTAINER:
            parts = [_title(source), work, date, pages]
        case kind:
            dated = "" if source["issued"] == source["container_issued"] != "" else date
            held = _led("in " if kind in _COLLECTED else "", work) or source["archive"]
            document = _numbered("doc.", source["document"])
            parts = [_title(source), dated, held, document, pages]
    note = _joined(_writer(source), *parts)
    if source["cited_in"]:
        through = _note(sources[source["cited_in"]], sources, source["cited_in_locator"])
        note = f"{note}, cited in {through}"
    return _joined(note, source["url"]).replace("”, ", ",” ")


def _writer(source: Record) -> str:
    """Say who wrote, and of a letter to whom."""
    to = _led(" to ", source["recipient"]) if _is_letter(source) else ""
    return (_names(source["authors"]) or source["author_body"]) + to


def _title(source: Record) -> str:
    """Return a title in quotation marks; a description, a book or a letter's form without."""
    number = _numbered("No.", source["number"])
    number = "" if source["csl_type"] == "article-journal" else _led(" ", number)
    if not source["title"]:
        return source["genre"].capitalize() + number
    title = _dashed(source["title"])
    plain = source["title_status"] == "description" or source["csl_type"] == "book"
    return (title if plain else f"“{title}”") + _led(",", number)


def _work(source: Record) -> str:
    """Say in what volume, journal or site it stands, and who published that."""
    title, issue = _dashed(source["container_title"]), _led("no. ", source["issue"])
    if source["csl_type"] == "article-journal":
        return _joined(_joined(title, source["volume"], by=" "), issue)
    editors = _led("ed. ", _names(source["editors"]))
    imprint = _joined(source["publisher"], source["container_issued"])
    volume = [_led("vol. ", source["volume"]), source["volume_title"]]
    return _joined(title, *volume, issue, editors) + (f" ({imprint})" if imprint else "")


def _date(source: Record) -> str:
    """Write out the date: [Paris, May 3, 1901] if inferred, n.d. if there is none."""
    if source["kind"] == "marker":
        return ""
    written = "–".join(_spelled(day) for day in source["issued"].split("/") if day)
    if not written:
        return source["issued_note"] or "n.d."
    date = _joined(source["issued_place"], written)
    note = f" ({source['issued_note']})" if source["issued_note"] else ""
    return (f"[{date}]" if source["issued_basis"] == "inferred" else date) + note


def _spelled(partial: str) -> str:
    year, month, day = [*partial.split("-"), "", ""][:3]
    month = calendar.month_name[int(month)] if month else ""
    return f"{month} {int(day)}, {year}" if day else f"{month} {year}".strip()


def _pages(pages: str) -> str:
    """Shorten ranges as Chicago does: 514–18."""

    def shorten(range: re.Match[str]) -> str:
        first, last = int(range[1]), int(range[2])
        return f"{first}–{last % 100 if first // 100 == last // 100 else last}"

    return re.sub(r"(\d+)-(\d+)", shorten, pages)


def _numbered(label: str, numbers: str) -> str:
    """Put the label before a number, in the plural before several: docs. 187, 188."""
    if re.search(r"\d(-\d|,| and )", numbers):
        return f"{label.removesuffix('.')}s. {_pages(numbers)}"
    return _led(f"{label} ", numbers)


def _dashed(text: str) -> str:
    return re.sub(r"\b(\d+)-(\d+)\b", r"\1–\2", text)


def _names(names: str) -> str:
    """Turn "Doe, Jane; Roe" into a list to be read: Jane Doe and Roe."""
    people = [" ".join(reversed(name.split(", ", 1))) for name in names.split("; ")]
    if len(people) < 3:
        return " and ".join(people)
    return f"{', '.join(people[:-1])}, and {people[-1]}"


def _joined(*parts: str, by: str = ", ") -> str:
    return by.join(part for part in parts if part)


def _led(lead: str, text: str) -> str:
    return lead + text if text else ""


def _is_letter(source: Record) -> bool:
    return source["csl_type"] == "personal_communication"


_SAME = ("genre", "volume", "issue", "page", "number", "publisher", "archive", "archive_location")
"""Columns that CSL-JSON calls by the same name."""


def _item(source: Record) -> dict[str, Any]:
    letter = f"{_writer(source)}, {_title(source)}"
    item = {field: source[field] for field in _SAME} | {
        "id": source["id"],
        "type": source["csl_type"],
        "title": source["title"] or letter,
        "author": _csl_names(source["authors"]) or _literal(source["author_body"]),
        "editor": _csl_names(source["editors"]),
        "recipient": _literal(source["recipient"]) if _is_letter(source) else [],
        "container-title": source["container_title"],
        "volume-title": source["volume_title"],
        "publisher-place": source["publisher_place"],
        "issued": _csl_date(source),
        "URL": source["url"],
        "note": _joined(_led("Document ", source["document"]), source["note"], by=". "),
    }
    return {field: value for field, value in item.items() if value}


def _csl_names(names: str) -> list[dict[str, str]]:
    people = [name.split(", ", 1) for name in names.split("; ") if name]
    return [dict(zip(("family", "given"), name, strict=False)) for name in people]


def _literal(name: str) -> list[dict[str, str]]:
    return [{"literal": name}] if name else []


def _csl_date(source: Record) -> dict[str, Any]:
    if source["issued"]:
        days = source["issued"].split("/")
        return {"date-parts": [[int(part) for part in day.split("-")] for day in days]}
    return {"literal": source["issued_note"]} if source["issued_note"] else {}
