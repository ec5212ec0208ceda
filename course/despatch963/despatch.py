"""The text of the despatch: read it, search it, cite it."""

import re

from . import concordance, edition
from .concordance import Hits
from .passage import Passage, Passages

__all__ = [
    "Passage",
    "Passages",
    "UnknownPassage",
    "cite",
    "find",
    "ids",
    "paragraph",
    "paragraphs",
]


class UnknownPassage(KeyError):
    """No passage has this id; the message lists those there are."""

    def __str__(self) -> str:  # KeyError would show the message between quotation marks
        return str(self.args[0])


def ids() -> tuple[str, ...]:
    """Return the id of every passage: the heading, the text in reading order, the notes."""
    return tuple(edition.passages())


def paragraph(id: str) -> Passage:
    """Return one passage: a paragraph ("p1") or any other id that `ids()` lists."""
    wanted = str(id).strip().lower()
    if wanted not in edition.passages():
        several = (
            ' For several, write paragraphs("p2-p4").' if re.search(r"\w[-–,]", wanted) else ""
        )
        raise UnknownPassage(f"There is no passage {id!r}. There are: {', '.join(ids())}.{several}")
    return edition.passages()[wanted]


def paragraphs(*ids: str) -> Passages:
    """Return several passages, by ids or ranges ("p2-p4"); without any, all paragraphs.

    A range of paragraphs leaves out the editors' omission: ask for it by its id.
    """
    if not ids:
        return Passages(p for p in edition.passages().values() if p.kind == "paragraph")
    return Passages(passage for id in ids for passage in _range(id))


def _range(id: str) -> list[Passage]:
    ends = re.fullmatch(r"\s*([pn])(\d+)\s*[-–]\s*\1?(\d+)\s*", str(id).lower())
    if not ends:
        return [paragraph(id)]
    first, last = (paragraph(ends[1] + number) for number in (ends[2], ends[3]))
    numbers = range(first.number or 0, (last.number or 0) + 1)
    if not numbers:
        raise UnknownPassage(f"{id!r} runs backwards: write {last.id}-{first.id}.")
    return [paragraph(f"{ends[1]}{number}") for number in numbers]


def find(words: str) -> Hits:
    """Find words anywhere in the despatch, its heading, its closing and the editors' notes.

    Whole words are found, whatever their capitals, accents, quotation marks and dashes; an asterisk
    stands for the rest of a word (`find("foreign*")`). Page breaks and note numerals do not count.
    """
    return concordance.search(words, edition.passages().values())


def cite(id: str | None = None) -> str:
    """Return a note in Chicago style to a passage ("p5", "p2-p4"), or to the whole document.

    What the editors of this course inferred, because the text does not say it, is in brackets.
    """
    cited = _range(id) if id else list(edition.passages().values())
    pages = [page for passage in cited for page in passage.pages]
    pinpoint = _pages(min(pages), max(pages))
    of = ""
    if id and len(cited) == 1 and cited[0].kind == "note":
        pinpoint, of = f"{pinpoint}n{cited[0].number}", "Editors’ note to "
    elif id and cited[0].kind == "omission":
        of = "Editors’ notice of an omission in "
    elif id and cited[0].kind == "paragraph":
        first, last = cited[0].number, cited[-1].number
        pinpoint += f" (par. {first})" if first == last else f" (pars. {first}–{last})"
    return f"{of}{_letter()}, in {_print()}, {pinpoint}, {_header('.//biblStruct/ref/@target')}."


def _letter() -> str:
    """Say who wrote to whom, what, where and when, as the edition's header has it."""
    sent, received = (f".//correspAction[@type='{act}']/" for act in ("sent", "received"))
    number = edition.root().find(".//opener/idno[@type='despatch']", edition.NS)
    assert number is not None and number.text, "the schema asks for it"
    inferred = f"[{_header(sent + 'placeName')}, {_header(sent + 'date')}]"
    correspondents = f"{_header(sent + 'persName')} to {_header(received + 'roleName')}"
    return f"{correspondents}, {number.get('type', '').capitalize()} {number.text}, {inferred}"


def _print() -> str:
    """Say where it is printed."""
    volume = ".//biblStruct/monogr/"
    *others, last = _headers(volume + "editor")
    title = f"{_header('.//biblStruct/series/title')}: {_header(volume + 'title')}"
    imprint = f"{_header(volume + 'imprint/publisher')}, {_header(volume + 'imprint/date')}"
    document = _header(volume + "imprint/biblScope[@unit='document']")
    return f"{title}, ed. {', '.join(others)}, and {last} ({imprint}), doc. {document}"


def _header(path: str) -> str:
    """Return the header's text, or its attribute, at `path`."""
    return _headers(path)[0]


def _headers(path: str) -> list[str]:
    path, _, attribute = path.partition("/@")
    elements = edition.root().findall(path, edition.NS)
    return [
        e.get(attribute, "") if attribute else " ".join("".join(e.itertext()).split())
        for e in elements
    ]


def _pages(first: int, last: int) -> str:
    """Shorten a range as Chicago does: 514–18."""
    if first == last:
        return str(first)
    same_hundred = first // 100 == last // 100
    return f"{first}–{last % 100 if same_hundred else last}"
