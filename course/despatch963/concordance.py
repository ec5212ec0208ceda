"""Finding words in passages, and showing where they stand."""

import re
import textwrap
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from .passage import WIDTH, Passage, html, pages_in_words

CONTEXT = 60  # characters shown on either side of a hit, give or take a word
_ALIKE = {
    **dict.fromkeys("‘’‚‛′`´", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
}


@dataclass(frozen=True)
class Hit:
    """One place where the words stand: characters `start` to `end` of the passage's text."""

    passage: Passage
    start: int
    end: int

    @property
    def id(self) -> str:
        """Id of the passage."""
        return self.passage.id

    @property
    def pages(self) -> tuple[int, ...]:
        """Page of the print, or pages if a new one begins within the words."""
        first, last = self.passage.page_at(self.start), self.passage.page_at(self.end - 1)
        return tuple(range(first, last + 1))

    @property
    def page(self) -> int:
        """Page of the print on which the words begin."""
        return self.pages[0]

    @property
    def words(self) -> str:
        """The words as the source has them."""
        return self.passage.text[self.start : self.end]

    @property
    def before(self) -> str:
        """What leads up to the words."""
        text, start = self.passage.text, self.start - CONTEXT
        if start <= 0:
            return text[: self.start]
        return "… " + text[text.find(" ", start) + 1 : self.start]

    @property
    def after(self) -> str:
        """What follows the words."""
        text, end = self.passage.text, self.end + CONTEXT
        if end >= len(text):
            return text[self.end :]
        return text[self.end : max(self.end, text.rfind(" ", 0, end))] + " …"

    @property
    def context(self) -> str:
        """The words on a line with their neighbours, set between « and »."""
        return f"{self.before}«{self.words}»{self.after}"


class Hits(tuple[Hit, ...]):
    """The places found, in reading order; empty if there are none."""

    summary: str

    def __new__(cls, hits: Iterable[Hit], summary: str) -> "Hits":
        made = super().__new__(cls, hits)
        made.summary = summary
        return made

    def __repr__(self) -> str:
        lines = [textwrap.fill(self.summary, WIDTH)]
        for hit in self:
            where = f"{hit.id}, {pages_in_words(hit.pages)}{_whose(hit)}"
            context = textwrap.fill(hit.context, WIDTH - 4)
            lines += [f"  {where}", textwrap.indent(context, "    ")]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        parts = [f"<p>{escape(self.summary)}</p>"]
        if self:
            parts += [
                f'<table class="d963-hits" aria-label="{escape(self.summary)}">',
                '<thead><tr><th scope="col">Passage</th><th scope="col">Page</th>'
                '<th scope="col">Words in context</th></tr></thead><tbody>',
                *(
                    f'<tr><th scope="row">{hit.id}</th><td>{"–".join(map(str, hit.pages))}</td>'
                    f"<td>{escape(hit.before)}<mark>{escape(hit.words)}</mark>"
                    f"{escape(hit.after)}{escape(_whose(hit))}</td></tr>"
                    for hit in self
                ),
                "</tbody></table>",
            ]
        return html(parts)


def _whose(hit: Hit) -> str:
    return " (editors’ words)" if hit.passage.by_editors else ""


def search(words: str, passages: Iterable[Passage]) -> Hits:
    """Find `words` in the passages; an asterisk stands for the rest of a word.

    Capitals, accents, spaces and the shape of quotation marks, apostrophes and dashes do not count.
    """
    # A page mark copied along from the print is no part of the text.
    words = " ".join(re.sub(r"\[Page \d+\]", " ", words).split())
    passages = list(passages)
    if not words.strip("* "):
        raise ValueError('No words to look for. Write them between quotation marks: find("word").')
    hits = _hits(words, passages)
    return Hits(hits, _found(words, hits) if hits else _not_found(words, passages))


def _plain(text: str) -> str:
    """Make every character plain, one for one, so that places stay the same."""
    return "".join(
        _ALIKE.get(c) or (" " if c.isspace() else unicodedata.normalize("NFD", c)[0]) for c in text
    )


def _hits(words: str, passages: Iterable[Passage]) -> list[Hit]:
    wanted = _plain(unicodedata.normalize("NFC", words)).replace("--", "-")
    pattern = re.escape(wanted).replace(r"\*", r"\w*").replace(r"\ ", " ")
    pattern = re.sub(r" ?\\- ?", r" ?- ?", pattern)
    # A word is found whole; where the search begins or ends with a sign there is no word to keep.
    pattern = r"(?<!\w)" * wanted[0].isalnum() + pattern + r"(?!\w)" * wanted[-1].isalnum()
    return [
        Hit(passage, *match.span())
        for passage in passages
        for match in re.finditer(pattern, _plain(passage.text), re.IGNORECASE)
    ]


def _places(number: int) -> str:
    return "1 place" if number == 1 else f"{number} places"


def _found(words: str, hits: list[Hit]) -> str:
    editors = sum(hit.passage.by_editors for hit in hits)
    number = "all" if editors == len(hits) else f"{editors} of them"
    whose = f", {number} in the editors’ words" if editors else ""
    passages = ", ".join(dict.fromkeys(hit.id for hit in hits))
    return f"“{words}” stands in {_places(len(hits))}{whose}: {passages}."


def _not_found(words: str, passages: list[Passage]) -> str:
    said = [f"“{words}” stands nowhere in the despatch, its heading, its closing or the notes."]
    absent = [word for word in words.split() if not _hits(word, passages)]
    if len(words.split()) > len(absent) > 0:
        said.append("Of these words the text does not have: " + ", ".join(absent) + ".")
    elif not absent:
        said.append("Each word does stand in it, but not together like this.")
    elif longer := len(_hits(f"*{words}*", passages)):
        said.append(f'As a part of longer words: {_places(longer)}. Try find("*{words}*").')
    return " ".join(said)
