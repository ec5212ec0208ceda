"""Does a reader get the right words, on the right page, from the right hand?"""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from despatch963 import concordance, despatch
from despatch963.passage import Mark, Passage, Passages

SOURCE = (Path(__file__).parent / "fixtures" / "despatch-963.txt").read_text(encoding="utf-8")
PARAGRAPHS = [f"p{n}" for n in range(1, 13)]
NOTES = ["n7", "n8", "n9", "n10", "n11"]


class _Elements(HTMLParser):
    """Collects ids, link targets and the words outside the style sheet."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.targets += [value or "" for name, value in attrs if name == "href"]
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.words += data


def spans(words: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(hit.id, hit.pages) for hit in despatch.find(words)]


def test_ids_run_in_reading_order_and_notes_come_last() -> None:
    assert despatch.ids() == (
        "heading", *PARAGRAPHS[:10], "omission", *PARAGRAPHS[10:], "closer", *NOTES,
    )  # fmt: skip


def test_paragraphs_have_the_words_counted_in_the_source() -> None:
    counted = [182, 324, 80, 67, 405, 49, 67, 175, 187, 127, 67, 80]
    assert [len(p.text.split()) for p in despatch.paragraphs()] == counted


def test_text_is_the_source_without_page_marks_and_note_numerals() -> None:
    lines = [line for line in SOURCE.splitlines() if line.strip()]
    numerals = ("France7", "Czechoslovakia8", "1935,9", "1938.10", "193811")
    for numeral, note in zip(numerals, NOTES, strict=True):
        lines = [line.replace(numeral, numeral.removesuffix(note[1:])) for line in lines]
    source = [re.sub(r"\[Page \d+\] ", "", line) for line in lines[3:16]]
    ids = [*PARAGRAPHS[:10], "omission", *PARAGRAPHS[10:]]
    assert [despatch.paragraph(id).text for id in ids] == source
    assert despatch.paragraph("heading").text == " ".join(lines[:3])
    assert despatch.paragraph("closer").text == " ".join(lines[16:18])
    assert [despatch.paragraph(id).text for id in NOTES] == [
        re.sub(r"^ *\d\. ", "", line) for line in lines[18:]
    ]


def test_pages_are_those_of_the_print() -> None:
    pages = {p.id: p.pages for p in despatch.paragraphs()}
    assert pages == {
        "p1": (514, 515), "p2": (515, 516), "p3": (516,), "p4": (516,), "p5": (516, 517),
        "p6": (517,), "p7": (517,), "p8": (517,), "p9": (517, 518), "p10": (518,),
        "p11": (518,), "p12": (518,),
    }  # fmt: skip
    assert despatch.paragraph("heading").pages == (514,)
    assert despatch.paragraph("omission").pages == despatch.paragraph("closer").pages == (518,)


def test_page_turns_at_the_word_that_begins_it() -> None:
    p1 = despatch.paragraph("p1")
    turn = p1.text.index("departure from at least")
    assert (p1.page_at(turn - 1), p1.page_at(turn)) == (514, 515)


def test_notes_belong_to_the_words_they_explain() -> None:
    assert {p.id: p.notes for p in despatch.paragraphs() if p.notes} == {
        "p2": ("n7", "n8"), "p4": ("n9",), "p8": ("n10",), "p10": ("n11",),
    }  # fmt: skip
    p2 = despatch.paragraph("p2")
    ends = [p2.text[: mark.at].split()[-1] for mark in p2.marks if mark.kind == "note"]
    assert ends == ["France", "Czechoslovakia"]
    on = {id: (note.attached_to, note.pages) for id in NOTES if (note := despatch.paragraph(id))}
    assert on == {
        "n7": ("p2", (515,)), "n8": ("p2", (515,)), "n9": ("p4", (516,)),
        "n10": ("p8", (517,)), "n11": ("p10", (518,)),
    }  # fmt: skip


def test_omission_is_the_editors_and_no_paragraph() -> None:
    omission = despatch.paragraph("omission")
    assert omission.by_editors and omission.number is None
    assert [p.id for p in despatch.paragraphs()] == PARAGRAPHS
    assert not any("Here follows" in p.text for p in despatch.paragraphs())


def test_ranges_and_ids_may_be_mixed() -> None:
    chosen = despatch.paragraphs("heading", "p2-p4", "N7–n9", "p12")
    assert [p.id for p in chosen] == ["heading", "p2", "p3", "p4", "n7", "n8", "n9", "p12"]


def test_an_id_may_be_written_as_historians_write_it() -> None:
    assert despatch.paragraph(" P5 ") == despatch.paragraph("p5")


@pytest.mark.parametrize("id", ["p13", "5", "", "p1 p2", "note 7", None, 5])
def test_unknown_id_lists_the_valid_ones(id: str) -> None:
    with pytest.raises(despatch.UnknownPassage) as error:
        despatch.paragraph(id)
    assert isinstance(error.value, KeyError)
    assert ", ".join(despatch.ids()) in str(error.value)


@pytest.mark.parametrize(
    ("call", "advice"),
    [
        (lambda: despatch.paragraph("p2-p4"), 'write paragraphs("p2-p4")'),
        (lambda: despatch.paragraphs("p4-p2"), "write p2-p4"),
        (lambda: despatch.paragraphs("p4-p20"), "no passage 'p20'"),
        (lambda: despatch.cite("p0"), "There are: heading"),
    ],
)
def test_wrong_ranges_say_what_to_write(call, advice: str) -> None:
    with pytest.raises(despatch.UnknownPassage, match=re.escape(advice)):
        call()


@pytest.mark.parametrize(
    ("words", "where"),
    [
        ("speech delivered last year", [("p5", (516,))]),
        ("pacts of mutual assistance with France and Czechoslovakia", [("p2", (515,))]),
        ("adoption of a policy of collaboration", [("p2", (515, 516))]),
        ("adoption of a [Page 516] policy", [("p2", (515, 516))]),
        ("gradual departure", [("p1", (514, 515))]),
        ("change of the soviet\n  ATTITUDE toward", [("p5", (516, 517))]),
        ("apparently", [("p2", (515,)), ("p5", (516,))]),
        ('"geneva period"', [("p1", (515,))]),
        ("'s attack on France", [("p8", (517,))]),
        ("february-march plenum", [("p5", (516,))]),
        ("hostile worlds -- one capitalist", [("p2", (515,))]),
        ("resume of such", [("p1", (515,))]),
        ("U. S. S. R.", [("p2", (515,))]),
        ("(a full translation", [("p10", (518,))]),
        ("No. 963", [("heading", (514,))]),
        ("Respectfully yours", [("closer", (518,))]),
        ("here follows", [("omission", (518,))]),
        ("not printed", [("n10", (517,)), ("n11", (518,))]),
        ("consul*", [("p5", (517,))] * 3),
        ("*marks", [("p8", (517,))]),
    ],
)
def test_find_gives_passage_and_page(words: str, where: list[tuple[str, tuple[int, ...]]]) -> None:
    assert spans(words) == where


def test_find_gives_the_words_as_the_source_has_them() -> None:
    (hit,) = despatch.find("stalin's LETTER of")
    assert hit.words == "Stalin’s letter of" == hit.passage.text[hit.start : hit.end]
    assert (hit.page, hit.passage.by_editors) == (518, True)
    assert (
        hit.context.startswith("[Here follows") and "«Stalin’s letter of» February" in hit.context
    )


def test_every_word_of_the_text_is_found_where_it_stands() -> None:
    for passage in map(despatch.paragraph, despatch.ids()):
        for word in set(passage.text.split()):
            assert passage.id in {hit.id for hit in despatch.find(word)}, word


def test_find_keeps_whole_words() -> None:
    assert spans("consul") == [] and spans("sulate") == [] and spans("sulates") == []
    assert spans("request") == [("p5", (517,))]


def test_find_says_which_places_are_the_editors_words() -> None:
    said = repr(despatch.find("Stalin’s letter")).replace("omission,\np11", "omission, p11")
    assert "2 places, 1 of them in the editors’ words: omission, p11" in said
    assert "omission, page 518 (editors’ words)" in said and "p11, page 518\n" in said
    assert "all in the editors’ words" in repr(despatch.find("Not printed"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("zinc", "“zinc” stands nowhere in the despatch"),
        ("consul", 'As a part of longer words: 3 places. Try find("*consul*").'),
        ("peaceful departure", "the text does not have: peaceful."),
        ("France and the", "Each word does stand in it, but not together like this."),
    ],
)
def test_find_says_so_when_nothing_is_found(words: str, said: str) -> None:
    hits = despatch.find(words)
    assert not hits
    assert said in " ".join(repr(hits).split()) and said in _Elements(hits._repr_html_()).words


@pytest.mark.parametrize("words", ["", "  ", "*", "[Page 516]"])
def test_find_asks_for_words(words: str) -> None:
    with pytest.raises(ValueError, match="No words to look for"):
        despatch.find(words)


def test_find_takes_pattern_signs_literally() -> None:
    assert not despatch.find("Hitl.r") and not despatch.find("[a-z]")
    assert {hit.words for hit in despatch.find("(")} == {"("}
    assert [hit.words for hit in despatch.find("[Here")] == ["[Here"]


LETTER = "Loy W. Henderson to the Secretary of State, Despatch No. 963, [Moscow, February 18, 1938]"
PRINT = (
    "in Foreign Relations of the United States: The Soviet Union, 1933–1939, ed. E. R. Perkins, "
    "Rogers Platt Churchill, and John Gilbert Reid (Department of State, 1952), doc. 450"
)
URL = "https://history.state.gov/historicaldocuments/frus1933-39/d450"


@pytest.mark.parametrize(
    ("id", "of", "pinpoint"),
    [
        (None, "", "514–18"),
        ("p1", "", "514–15 (par. 1)"),
        ("p5", "", "516–17 (par. 5)"),
        ("p12", "", "518 (par. 12)"),
        ("p2-p4", "", "515–16 (pars. 2–4)"),
        ("heading", "", "514"),
        ("closer", "", "518"),
        ("omission", "Editors’ notice of an omission in ", "518"),
        ("n9", "Editors’ note to ", "516n9"),
    ],
)
def test_cite_gives_a_chicago_note(id: str | None, of: str, pinpoint: str) -> None:
    assert despatch.cite(id) == f"{of}{LETTER}, {PRINT}, {pinpoint}, {URL}."


def test_plain_text_shows_pages_notes_and_whose_words() -> None:
    shown = repr(despatch.paragraph("p2"))
    assert shown.startswith("p2 · Paragraph 2, pages 515–516\n")
    joined = " ".join(shown.split())
    assert "with France[7] and Czechoslovakia[8] in 1935" in joined
    assert "adoption of a [Page 516] policy" in joined
    assert "Notes (the editors’ words, not the writer’s): [7] Signed May 2, 1935" in joined
    assert "the editors’ words, not the writer’s" in repr(despatch.paragraph("omission"))
    assert "Editors’ note 7 on p2, page 515" in repr(despatch.paragraph("n7"))


def test_plain_text_fits_eighty_columns() -> None:
    shown = [repr(despatch.paragraphs(*despatch.ids())), repr(despatch.find("Soviet Union"))]
    assert max(len(line) for text in shown for line in text.splitlines()) <= 80


def test_heading_and_closer_keep_their_lines() -> None:
    assert repr(despatch.paragraph("heading")).splitlines()[1:] == [
        f"  {line}" for line in SOURCE.splitlines()[:5] if line
    ]
    assert despatch.paragraph("closer")._repr_html_().count("<br>") == 1


def test_paragraphs_either_side_of_the_omission_show_it_between_them() -> None:
    shown = repr(despatch.paragraphs("p10-p11"))
    assert shown.index("p10 ·") < shown.index("[Here follows") < shown.index("p11 ·")
    for others in (("p9-p10",), ("p11-p12",), ("p10", "omission", "p11")):
        assert repr(despatch.paragraphs(*others)).count("[Here follows") == others.count("omission")


def test_html_has_the_words_and_closes_what_it_opens() -> None:
    for passage in map(despatch.paragraph, despatch.ids()):
        page = _Elements(passage._repr_html_())
        assert not page.open
        said = " ".join(page.words.split())
        for mark in passage.marks:
            if mark.kind == "page":
                said = said.replace(f"[Page {mark.value}] ", "")
        if not passage.notes and passage.kind not in ("heading", "closer"):
            assert passage.text in said


def test_note_references_lead_there_and_back() -> None:
    page = _Elements(despatch.paragraph("p2")._repr_html_())
    assert len(page.targets) == 4
    assert sorted(t.removeprefix("#") for t in page.targets) == sorted(page.ids)


def test_html_ids_stay_unique_when_a_passage_is_shown_twice() -> None:
    p2 = despatch.paragraph("p2")
    shown = p2._repr_html_() + p2._repr_html_() + despatch.paragraphs("p2", "p2")._repr_html_()
    ids = _Elements(shown).ids
    assert len(ids) == len(set(ids)) == 16


def test_html_escapes_every_text() -> None:
    evil = "<script>alert('1')</script> & \"x\""
    note = Passage("n7", "note", 7, evil, (515,), attached_to="p1")
    passage = Passage("p1", "paragraph", 1, evil, (514,), (Mark(8, "note", "n7"),), (note,))
    found = concordance.search("<SCRIPT>", [passage, note])
    assert [hit.words for hit in found] == ["<script>", "<script>"]
    for shown in (Passages([passage, note]), passage, found, despatch.find(evil)):
        assert "<script" not in shown._repr_html_()
        assert "&lt;script&gt;" in shown._repr_html_()


def test_html_says_in_words_what_is_the_editors() -> None:
    omission = despatch.paragraph("omission")._repr_html_()
    assert omission.count("the editors’ words, not the writer’s") == 2  # label and accessible name
    assert "the editors’ words" not in despatch.paragraph("p6")._repr_html_()
    assert "(editors’ words)" in despatch.find("here follows")._repr_html_()


def test_html_names_language_and_pages_for_those_who_listen() -> None:
    shown = despatch.paragraph("p5")._repr_html_()
    assert 'lang="en"' in shown and 'aria-label="Paragraph 5, pages 516–517"' in shown
    assert 'aria-label="Page 517"' in shown


def test_html_fetches_nothing() -> None:
    shown = despatch.paragraphs(*despatch.ids())._repr_html_() + despatch.find("the")._repr_html_()
    assert not re.search(r"https?:|src=|url\(|@import", shown)
