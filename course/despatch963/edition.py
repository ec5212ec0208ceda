"""The edition in data/despatch-963.xml, read once into passages."""

import itertools
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Literal

from . import paths
from .passage import Kind, Mark, Passage

NS = {"": "http://www.tei-c.org/ns/1.0"}
_TEI = "{http://www.tei-c.org/ns/1.0}"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_KINDS: dict[str, Kind] = {
    "opener": "heading",
    "p": "paragraph",
    "gap": "omission",
    "closer": "closer",
    "note": "note",
}
_LINES = {f"{_TEI}{name}" for name in ("idno", "seg", "salute", "signed")}
_MarkKind = Literal["page", "note", "line"]


@cache
def root() -> ET.Element:
    """Return the edition's TEI element, parsed once."""
    path = paths.data() / "despatch-963.xml"
    try:
        return ET.parse(path).getroot()
    except ET.ParseError as error:
        error.add_note(f"{path} is damaged at that place: mend it there or restore the file.")
        raise


@cache
def passages() -> dict[str, Passage]:
    """Return every passage by its id: heading, paragraphs with the omission, closer, notes."""
    body, back = root().find("text/body", NS), root().find("text/back/div", NS)
    assert body is not None and back is not None, "the schema asks for both"
    first_page = body.find("pb", NS)
    assert first_page is not None, "the schema asks for it"

    page, in_order = int(first_page.get("n", "")), list[Passage]()
    for element in body:
        if element.get(_ID):
            passage = _passage(element, page)
            page = passage.pages[-1]
            in_order.append(passage)

    # A footnote stands on the page of its reference.
    places = {
        mark.value: (passage.id, passage.page_at(mark.at))
        for passage in in_order
        for mark in passage.marks
        if mark.kind == "note"
    }
    notes = {}
    for element in back:
        note_id = element.get(_ID, "")
        attached_to, page = places[note_id]
        notes[note_id] = replace(_passage(element, page), attached_to=attached_to)
    omitted = {
        before.id: after
        for before, after in itertools.pairwise(in_order)
        if after.kind == "omission"
    }
    return {
        p.id: replace(
            p, footnotes=tuple(notes[n] for n in p.notes), left_out_after=omitted.get(p.id)
        )
        for p in in_order
    } | notes


def _passage(element: ET.Element, page: int) -> Passage:
    """Read one element that begins on `page`."""
    text, marks = "", list[Mark]()
    # Only in the heading and the closer do the parts stand on lines of their own.
    by_line = element.tag in (f"{_TEI}opener", f"{_TEI}closer")
    for kind, value in _pieces(element, by_line):
        if kind == "words":
            text += value
            # Even out spaces at once, so that every mark's place is counted in the final text.
            text = " ".join(text.split()) + (" " if text[-1:].isspace() and text.strip() else "")
        else:
            marks.append(Mark(len(text), kind, value))
    text = text.rstrip()
    number = element.get("n")
    return Passage(
        id=element.get(_ID, ""),
        kind=_KINDS[element.tag.removeprefix(_TEI)],
        number=int(number) if number else None,
        text=text,
        pages=(page, *(int(mark.value) for mark in marks if mark.kind == "page")),
        marks=tuple(mark for mark in marks if mark.kind != "line" or 0 < mark.at < len(text)),
    )


def _pieces(
    element: ET.Element, by_line: bool
) -> Iterator[tuple[Literal["words"], str] | tuple[_MarkKind, str]]:
    """Yield the element's words and marks in reading order."""
    yield "words", element.text or ""
    for child in element:
        if child.tag == f"{_TEI}pb":
            yield "page", child.get("n", "")
        elif child.tag == f"{_TEI}ref" and child.get("type") == "note":
            yield "note", child.get("target", "").removeprefix("#")
        else:
            if by_line and child.tag in _LINES:
                yield "line", ""
            yield from _pieces(child, by_line)
        yield "words", child.tail or ""
