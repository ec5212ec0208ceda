"""One passage of the despatch: its words, where they stand in print, and how it shows itself."""

from __future__ import annotations

import textwrap
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from html import escape
from itertools import zip_longest
from pathlib import Path
from typing import Literal, NamedTuple

Kind = Literal["heading", "paragraph", "omission", "closer", "note"]

WIDTH = 80  # columns of the plain-text form
_NAMES = {
    "heading": "Heading",
    "paragraph": "Paragraph",
    "omission": "Editors’ omission",
    "closer": "Closing",
    "note": "Editors’ note",
}
EDITORS = "the editors’ words, not the writer’s"


class Mark(NamedTuple):
    """What the print shows before the character `at` of a passage's text.

    `value` is the page that begins ("page"), the id of the note referred to ("note"), or empty
    where a new line begins ("line").
    """

    at: int
    kind: Literal["page", "note", "line"]
    value: str


@dataclass(frozen=True, repr=False)
class Passage:
    """A citable piece of the despatch; in a notebook, put it last in a cell and it shows itself.

    `text` is the words alone: spaces evened out, without page marks and note numerals. All
    searching, quoting and marking counts in it; `marks` says where the print interrupts it.
    """

    id: str
    kind: Kind
    number: int | None
    text: str
    pages: tuple[int, ...]
    marks: tuple[Mark, ...] = ()
    footnotes: tuple[Passage, ...] = field(default=(), compare=False)
    attached_to: str | None = None  # for a note: the passage it comments on
    left_out_after: Passage | None = field(default=None, compare=False)  # the editors' omission

    @property
    def notes(self) -> tuple[str, ...]:
        """Ids of the editors' notes to this passage."""
        return tuple(mark.value for mark in self.marks if mark.kind == "note")

    @property
    def name(self) -> str:
        """What a reader calls it: “Paragraph 5”."""
        return " ".join([_NAMES[self.kind], *([str(self.number)] if self.number else [])])

    @property
    def by_editors(self) -> bool:
        """Whether the words are the editors' and not the writer's."""
        return self.kind in ("omission", "note")

    def page_at(self, offset: int) -> int:
        """Return the page of the print on which the character `offset` of `text` stands."""
        turned = [int(m.value) for m in self.marks if m.kind == "page" and m.at <= offset]
        return turned[-1] if turned else self.pages[0]

    def __repr__(self) -> str:
        return _plain(self)

    def _repr_html_(self) -> str:
        return html([_article(self)])


class Passages(tuple[Passage, ...]):
    """Several passages, shown one below the other, and what the editors left out between them."""

    def __repr__(self) -> str:
        return "\n\n".join(map(repr, self._shown()))

    def _repr_html_(self) -> str:
        return html(map(_article, self._shown()))

    def _shown(self) -> Iterator[Passage]:
        # Otherwise two paragraphs would seem to follow each other where the print says they do not.
        for passage, following in zip_longest(self, self[1:]):
            yield passage
            if passage.left_out_after and following and following.kind == "paragraph":
                yield passage.left_out_after


def pages_in_words(pages: tuple[int, ...]) -> str:
    """Return “page 516” or “pages 516–517”."""
    return f"page {pages[0]}" if len(pages) == 1 else f"pages {pages[0]}–{pages[-1]}"


def _about(passage: Passage) -> str:
    """Say which passage this is, where it stands and, if not the writer's, whose words it is."""
    on = f" on {passage.attached_to}" if passage.attached_to else ""
    whose = f" ({EDITORS})" if passage.by_editors else ""
    return f"{passage.name}{on}, {pages_in_words(passage.pages)}{whose}"


def _printed(passage: Passage, words: Callable[[str], str], sign: Callable[[Mark], str]) -> str:
    """Put the marks back into the text: `words` renders the text between, `sign` each mark."""
    out, done = [], 0
    for mark in passage.marks:
        out += [words(passage.text[done : mark.at]), sign(mark)]
        done = mark.at
    return "".join([*out, words(passage.text[done:])])


def _plain(passage: Passage) -> str:
    def sign(mark: Mark) -> str:
        signs = {"page": f"[Page {mark.value}] ", "note": f"[{mark.value[1:]}]", "line": "\n"}
        return signs[mark.kind]

    def wrap(text: str, first: str = "  ", rest: str = "  ") -> str:
        return textwrap.fill(
            text.strip(),
            WIDTH,
            initial_indent=first,
            subsequent_indent=rest,
            break_on_hyphens=False,
        )

    lines = [wrap(f"{passage.id} · {_about(passage)}", "", "  ")]
    lines += [wrap(line) for line in _printed(passage, str, sign).split("\n")]
    if passage.footnotes:
        lines.append(wrap(f"Notes ({EDITORS}):"))
    lines += [wrap(f"[{n.number}] {n.text}", "  ", "      ") for n in passage.footnotes]
    return "\n".join(lines)


@cache
def edition_style() -> str:
    """Return the style sheet of the edition's look."""
    return Path(__file__).with_suffix(".css").read_text(encoding="utf-8")


def html(parts: Iterable[str]) -> str:
    """Wrap pieces of HTML as one notebook output with the edition's look."""
    return "\n".join(
        ['<div class="d963" lang="en">', f"<style>\n{edition_style()}</style>", *parts, "</div>"]
    )


def _article(passage: Passage) -> str:
    return article(passage, escape)


def article(passage: Passage, words: Callable[[str], str]) -> str:
    """Return a passage as HTML; `words` renders its text, piece by piece from the first on."""
    # A notebook may show the same passage twice: ids must differ from one showing to the next.
    shown = f"d963-{uuid.uuid4().hex[:12]}"

    def sign(mark: Mark) -> str:
        if mark.kind == "page":
            page = f"Page {mark.value}"
            return (
                f'<span class="d963-page" role="doc-pagebreak" aria-label="{page}">[{page}]</span> '
            )
        if mark.kind == "line":
            return "<br>"
        number = mark.value[1:]
        return (
            f'<sup><a id="{shown}-{mark.value}-ref" href="#{shown}-{mark.value}" '
            f'role="doc-noteref" aria-label="Editors’ note {number}">{number}</a></sup>'
        )

    about = escape(_about(passage))
    lines = [
        f'<article class="d963-passage{" d963-editors" * passage.by_editors}" '
        f'aria-label="{about}">',
        f'<div class="d963-about"><b>{passage.id}</b> {about}</div>',
        f'<blockquote class="d963-text"><p>{_printed(passage, words, sign)}</p></blockquote>',
    ]
    if passage.footnotes:
        lines += [
            f'<section class="d963-notes" aria-label="Editors’ notes to {passage.id}">',
            f'<div class="d963-about">Notes: {EDITORS}</div>',
            "<ol>",
            *(
                f'<li value="{note.number}" id="{shown}-{note.id}">{escape(note.text)} '
                f'<a href="#{shown}-{note.id}-ref" role="doc-backlink" '
                f'aria-label="Back to note {note.number} in the text">↩</a></li>'
                for note in passage.footnotes
            ),
            "</ol></section>",
        ]
    return "\n".join([*lines, "</article>"])
