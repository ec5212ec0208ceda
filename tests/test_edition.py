"""Is the edition the source, word for word, and is it well encoded?"""

import copy
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from despatch963 import edition, paths
from lxml import etree

TEI = "{http://www.tei-c.org/ns/1.0}"
ID = "{http://www.w3.org/XML/1998/namespace}id"
SOURCE = (Path(__file__).parent / "fixtures" / "despatch-963.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tree() -> etree._ElementTree:
    return etree.parse(paths.data() / "despatch-963.xml")


@pytest.fixture(scope="module")
def schema() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(paths.data() / "despatch.rng"))


def as_printed(element: etree._Element) -> str:
    """Return an element's words with markup removed and page marks as the source shows them."""
    words = f"[Page {element.get('n')}] " if element.tag == f"{TEI}pb" else element.text or ""
    for child in element:
        words += as_printed(child) + (child.tail or "")
    return words


def blocks(tree: etree._ElementTree) -> Iterator[str]:
    """Yield the lines of the source as the edition has them.

    The source has no mark for page 514, on which it begins, and counts the notes from 1.
    """
    body = tree.find(f".//{TEI}body")
    assert body is not None
    for element in body:
        if element.tag in (f"{TEI}opener", f"{TEI}closer"):
            yield from map(as_printed, element)
        elif element.tag != f"{TEI}pb":
            yield as_printed(element)
    for count, note in enumerate(tree.iterfind(f".//{TEI}back//{TEI}note"), start=1):
        yield f"{count}. {as_printed(note)}"


def find(tree: etree._ElementTree, id: str) -> etree._Element:
    (element,) = tree.xpath(f"//*[@xml:id='{id}']")
    return element


def test_edition_without_markup_is_the_source_word_for_word(tree: etree._ElementTree) -> None:
    ours = [line.split() for line in blocks(tree)]
    assert ours == [line.split() for line in SOURCE.splitlines() if line.strip()]


def test_edition_is_valid(tree: etree._ElementTree, schema: etree.RelaxNG) -> None:
    assert schema.validate(tree), schema.error_log


def test_edition_names_its_schema_for_whoever_edits_it(tree: etree._ElementTree) -> None:
    instruction = tree.getroot().getprevious()
    while instruction is not None and instruction.tag is etree.Comment:
        instruction = instruction.getprevious()
    assert instruction is not None and (paths.data() / instruction.get("href")).is_file()


def _drop(id: str) -> Callable[[etree._ElementTree], None]:
    def change(tree: etree._ElementTree) -> None:
        element = find(tree, id)
        element.getparent().remove(element)

    return change


def _set(id: str, name: str, value: str | None) -> Callable[[etree._ElementTree], None]:
    def change(tree: etree._ElementTree) -> None:
        if value is None:
            del find(tree, id).attrib[name]
        else:
            find(tree, id).set(name, value)

    return change


def _add(id: str, tag: str, **attributes: str) -> Callable[[etree._ElementTree], None]:
    def change(tree: etree._ElementTree) -> None:
        etree.SubElement(find(tree, id), tag, attributes)

    return change


BROKEN = {
    "a paragraph without its number": _set("p3", "n", None),
    "a paragraph with another's number": _set("p3", "n", "4"),
    "a paragraph without an id": _set("p7", ID, None),
    "the same id twice": _set("p4", ID, "p3"),
    "an id inside a paragraph": _add("p4", f"{TEI}q", **{ID: "p3"}),
    "a paragraph gone": _drop("p12"),
    "the omission gone": _drop("omission"),
    "the omission not marked as the editors'": _set("omission", "resp", None),
    "a note gone": _drop("n9"),
    "a note without its number": _set("n9", "n", None),
    "a note pointing elsewhere": _set("n9", "target", "#n8-ref"),
    "a note not marked as the editors'": _set("n9", "resp", "#henderson"),
    "a reference to a note that is not there": _set("n9-ref", "target", "#n12"),
    "a page that is not in the print": _add("p12", f"{TEI}pb", n="519"),
    "an unknown element": _add("p1", f"{TEI}highlight"),
    "an element of no namespace": _add("p1", "q"),
    "an unknown attribute": _set("p1", "style", "red"),
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN.keys())
def test_schema_refuses(
    change: Callable[[etree._ElementTree], None], tree: etree._ElementTree, schema: etree.RelaxNG
) -> None:
    broken = copy.deepcopy(tree)
    change(broken)
    assert not schema.validate(broken)


def test_ids_are_unique(tree: etree._ElementTree) -> None:
    ids = tree.xpath("//@xml:id")
    assert len(ids) == len(set(ids))


def test_pages_begin_once_and_in_order(tree: etree._ElementTree) -> None:
    begun = tree.xpath("//*[local-name()='pb']/@n")
    assert begun == ["514", "515", "516", "517", "518"]
    (scope,) = tree.xpath("//*[local-name()='biblScope'][@unit='page']")
    assert (scope.get("from"), scope.get("to"), scope.text) == ("514", "518", "514–518")


def test_notes_and_their_references_point_at_each_other(tree: etree._ElementTree) -> None:
    references = tree.xpath("//*[local-name()='ref'][@type='note']")
    notes = tree.xpath("//*[local-name()='back']//*[local-name()='note']")
    assert [r.get("target") for r in references] == [f"#{note.get(ID)}" for note in notes]
    assert [f"#{r.get(ID)}" for r in references] == [note.get("target") for note in notes]
    assert [r.text for r in references] == [note.get("n") for note in notes]


def test_every_pointer_inside_the_edition_arrives(tree: etree._ElementTree) -> None:
    targets = tree.xpath("//@*[starts-with(., '#')]")
    assert targets and {t.removeprefix("#") for t in targets} <= set(tree.xpath("//@xml:id"))


def test_every_source_the_header_cites_is_registered(tree: etree._ElementTree) -> None:
    register = (paths.data() / "sources.csv").read_text(encoding="utf-8")
    known = {line.split(",")[0] for line in register.splitlines()}
    cited = re.findall(r"sources\.csv#(\w+)", " ".join(tree.xpath("//@source")))
    assert cited and set(cited) <= known


def test_a_damaged_edition_says_where_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "despatch-963.xml").write_text("<TEI>\n<text></TEI>", encoding="utf-8")
    monkeypatch.setattr(paths, "data", lambda: tmp_path)
    edition.root.cache_clear()
    try:
        with pytest.raises(SyntaxError, match="line 2") as error:
            edition.root()
        assert "mend it there or restore the file" in "".join(error.value.__notes__)
    finally:
        edition.root.cache_clear()
