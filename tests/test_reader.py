"""The reader: the edition's text, found, explained and copied, in Python and in a browser."""

import re
from itertools import pairwise

import desk
import pytest
from desk import eventually, focus, open_and_run
from despatch963 import despatch
from despatch963.widgets.reader import Reader, _layered, entries, reader
from hypothesis import given
from hypothesis import strategies as st

BARE = re.compile(r"<[^>]+>")


def test_without_arguments_the_whole_despatch_is_shown_in_reading_order():
    shown = [passage["id"] for passage in reader().passages]
    assert shown == [id for id in despatch.ids() if despatch.paragraph(id).kind != "note"]


def test_what_the_editors_left_out_is_shown_where_they_left_it_out():
    assert [p["id"] for p in reader("p10-p11").passages] == ["p10", "omission", "p11"]


@given(
    st.text("ab <&", max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=4),
    st.lists(st.integers(0, 30), max_size=3),
)
def test_layers_change_no_letter_of_the_text(text, layers, cuts):
    words = _layered([(min(layer), max(layer), "<b>", "</b>") for layer in layers])
    places = [0, *sorted(cut for cut in cuts if cut < len(text)), len(text)]
    pieces = [words(text[a:b]) for a, b in pairwise(places)]
    plain = BARE.sub("", "".join(pieces)).replace("&lt;", "<").replace("&amp;", "&")
    assert plain == text


def test_terms_and_people_stand_where_the_text_has_their_words():
    found = entries(despatch.paragraphs())
    assert len(found) > 10
    for one in found:
        assert despatch.paragraph(one.passage).text[one.start : one.end].strip()
    assert "Joseph Stalin" in {one.title for one in found if one.passage == "p11"}
    for one in found:
        over = [o for o in found if o.passage == one.passage and o.start < one.end > one.start]
        assert sum(o.end > one.start for o in over) == 1, "a button inside a button"


def test_what_is_found_is_marked_and_counted_here_and_elsewhere():
    shown = reader("p5")
    shown._handle_custom_msg({"type": "find", "words": "consul*"}, [])
    assert shown.hits["number"] == shown.passages[0]["html"].count('class="d963-hit"') == 3
    shown._handle_custom_msg({"type": "find", "words": "Geneva"}, [])
    assert "Not found here" in shown.hits["said"] and "elsewhere" in shown.hits["said"]
    shown._handle_custom_msg({"type": "find", "words": ""}, [])
    assert shown.hits == {"number": 0, "said": ""}


def test_outside_a_browser_the_passages_are_text(monkeypatch):
    assert despatch.paragraph("p5").text[:40] in " ".join(repr(reader("p5")).split())
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert not isinstance(reader("p5"), Reader)


@pytest.mark.slow
def test_a_reader_finds_opens_notes_and_terms_and_copies_with_the_citation(reader, page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    path = reader.notebook("reading", ["from despatch963 import reader", 'reader("p1-p5")'])
    open_and_run(page, reader.url(path), wait_for=".d963-reader")
    shown = page.locator(".d963-reader")
    note = shown.locator(".d963-notes").first
    assert not note.is_visible()
    focus(page, shown.get_by_role("button", name="Editors' notes"))
    page.keyboard.press("Enter")
    eventually(note.is_visible)
    shown.get_by_role("button", name="Terms and people").click()
    term = shown.get_by_role("button", name="Geneva Period")
    focus(page, term.first)
    page.keyboard.press("Enter")
    eventually(lambda: "Geneva Period." in shown.locator(".d963-aside").inner_text())
    focus(page, shown.get_by_role("textbox", name="Find"))
    page.keyboard.type("consul*")
    page.keyboard.press("Enter")
    shown.locator(".d963-here").wait_for()
    first = shown.locator(".d963-here").bounding_box()
    shown.get_by_role("button", name="Next place").click()
    eventually(lambda: "2 of" in shown.inner_text())
    assert shown.locator(".d963-here").bounding_box() != first
    shown.get_by_role("button", name="Copy p2 with its citation").click()
    copied = shown.get_by_role("textbox", name="Quotation")
    copied.wait_for()
    text = despatch.paragraph("p2").text
    assert copied.input_value() == f"“{text}” {despatch.cite('p2')}"
    assert page.evaluate("navigator.clipboard.readText()") == copied.input_value()
    assert desk.serious(page, ".d963-reader") == []
    assert page.left_the_machine == []
