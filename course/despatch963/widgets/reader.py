"""The reader: passages as an edition shows them, with notes, terms, search and copying."""

from collections.abc import Callable, Iterable
from html import escape
from itertools import pairwise
from typing import Any, NamedTuple

import anywidget
import traitlets

from .. import citations, despatch, tables
from ..concordance import Hit
from ..passage import Passage, Passages, article, edition_style
from .front import script, style
from .place import in_nbgrader


class Entry(NamedTuple):
    """A term or a person that the text names: where in which passage, and what to say of it."""

    passage: str
    start: int
    end: int
    title: str
    text: str


class Reader(anywidget.AnyWidget):
    """Passages of the despatch to read. Search, notes, terms and copying change nothing saved."""

    _esm = script("parts.js", "reader.js")
    _css = f"{edition_style()}\n{style('desk.css', 'reader.css')}"

    passages: Any = traitlets.List().tag(sync=True)
    hits = traitlets.Dict().tag(sync=True)

    def __init__(self, shown: Passages):
        self._shown = Passages(shown._shown())
        self._entries = entries(self._shown)
        super().__init__(passages=[self._drawn(p, []) for p in self._shown])
        self.on_msg(self._hear)

    def __repr__(self) -> str:
        return repr(self._shown)

    def _hear(self, _: Any, message: Any, buffers: Any) -> None:
        if isinstance(message, dict) and message.get("type") == "find":
            self._find(str(message.get("words", ""))[:200])
            self.send({"type": "heard"})

    def _find(self, words: str) -> None:
        """Mark the places with these words, and say how many there are."""
        found = despatch.find(words) if words.strip() else ()
        places = {p.id: [h for h in found if h.passage.id == p.id] for p in self._shown}
        here = [hit for hits in places.values() for hit in hits]
        self.passages = [self._drawn(p, places[p.id]) for p in self._shown]
        elsewhere = len(found) - len(here)
        said = f"{len(here)} found here" if here else "Not found here"
        if elsewhere:
            said += f", {elsewhere} elsewhere in the print"
        self.hits = {"number": len(here), "said": f"{said}." if words.strip() else ""}

    def _drawn(self, passage: Passage, hits: Iterable[Hit]) -> dict[str, Any]:
        here = [(n, e) for n, e in enumerate(self._entries) if e.passage == passage.id]
        layers = [
            (
                e.start,
                e.end,
                f'<span role="button" tabindex="-1" class="d963-term" data-entry="{n}">',
                "</span>",
            )
            for n, e in here
        ]
        layers += [
            (hit.start, hit.end, '<mark class="d963-hit" tabindex="-1">', "</mark>") for hit in hits
        ]
        return {
            "id": passage.id,
            "html": article(passage, _layered(layers)),
            "cite": citations.cite(passage.id),
            "entries": {str(n): [e.title, e.text] for n, e in here},
        }


def entries(passages: Passages) -> list[Entry]:
    """Return the terms of the glossary and the people that these passages name, as they do."""
    named = [
        (words, term["term"], term["definition"])
        for term in tables.records("glossary")
        for words in (term["in_despatch"] or "").split(";")
        if words.strip()
    ]
    named += [
        (person["name"].split()[-1], person["name"], f"{person['role_feb_1938']}. {person['bio']}")
        for person in tables.records("people")
        if person["named_in_despatch"] == "yes"
    ]
    taken: list[Entry] = []
    for words, title, text in sorted(named, key=lambda entry: -len(entry[0])):
        for hit in despatch.find(words):
            entry = Entry(hit.passage.id, hit.start, hit.end, title, text)
            # Of two that share words, the longer one explains them.
            free = not any(_share(entry, other) for other in taken)
            if free and any(passage.id == entry.passage for passage in passages):
                taken.append(entry)
    return taken


def _share(one: Entry, other: Entry) -> bool:
    return one.passage == other.passage and one.start < other.end and other.start < one.end


def _layered(layers: list[tuple[int, int, str, str]]) -> Callable[[str], str]:
    """Return what renders a text piece by piece, with tags around the characters of each layer.

    Where layers overlap or a piece ends inside one, the tags are closed and opened again.
    """
    done = 0

    def words(piece: str) -> str:
        nonlocal done
        begin, end = done, done + len(piece)
        done = end
        edges = {begin, end} | {
            edge for start, stop, *_ in layers for edge in (start, stop) if begin < edge < end
        }
        out, cuts = [], sorted(edges)
        for start, stop in pairwise(cuts):
            over = [layer for layer in layers if layer[0] <= start and stop <= layer[1]]
            text = escape(piece[start - begin : stop - begin])
            for *_, opening, closing in over:
                text = f"{opening}{text}{closing}"
            out.append(text)
        return "".join(out)

    return words


def reader(*passages: str) -> Reader | Passages:
    """Show the whole despatch to read, or some of it: reader("p5"), reader("p2-p4", "n7")."""
    chosen = despatch.paragraphs(*(passages or despatch.ids()[: _closing()]))
    return chosen if in_nbgrader() else Reader(chosen)


def _closing() -> int:
    """Return how many passages are not notes: these are shown with the passage they belong to."""
    return sum(despatch.paragraph(id).kind != "note" for id in despatch.ids())
