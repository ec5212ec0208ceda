"""The essay desk: words counted, quotations held against the despatch, references looked up."""

import nbformat
import pytest
from desk import eventually, open_and_run, save, serious
from despatch963 import despatch, quotations, tables
from despatch963.widgets import essay as essays
from hypothesis import given
from hypothesis import strategies as st

TEXTS = {id: despatch.paragraph(id).text for id in despatch.ids()}
SOURCES = [source["id"] for source in tables.records("sources")]


def check(text):
    return [(one.verdict, one.passage) for one in quotations.quotations(text, TEXTS)]


@pytest.mark.parametrize(
    "quoted",
    [
        "“it is felt that a brief résumé of such indications”",
        '"it is felt that a brief résumé of such indications"',
        "„it is felt that a brief résumé of such indications“",
        "‘it is felt that a brief résumé of such indications’",
        "“It is felt that a brief résumé”",
        "“it is felt … that direction will be of interest”",
        "“it is felt [by whom?] that a brief résumé”",
        "“it is felt that a brief résumé,”",
        "> it is felt that a brief résumé of such\n> indications in that direction\n",
    ],
)
def test_the_words_of_the_despatch_are_verbatim_however_they_are_quoted(quoted):
    assert check(f"He writes: {quoted}") == [("verbatim", "p1")]


@pytest.mark.parametrize(
    ("quoted", "differs"),
    [
        ("it is clear that a brief résumé", "“clear” for “felt”"),
        ("an impressive array of proof to substantiate", "“proof” for “evidence”"),
        ("they are of any great importance", "“–” for “not”"),
    ],
)
def test_a_changed_quotation_is_called_altered_with_what_was_changed(quoted, differs):
    (found,) = quotations.quotations(f"“{quoted}”", TEXTS)
    assert (found.verdict, found.passage) == ("altered", "p1")
    assert differs in found.differs
    assert found.nearest in TEXTS["p1"]


def test_words_left_out_are_named_because_they_may_turn_the_sense():
    (found,) = quotations.quotations("“they are … of any great importance”", TEXTS)
    assert (found.verdict, found.differs) == ("verbatim", ("not",))


def test_words_in_another_order_are_not_verbatim():
    assert check("“will be of interest … it is felt”") != [("verbatim", "p1")]


def test_another_sources_words_are_only_said_not_to_be_in_the_despatch():
    assert check("“alle Konsulate sind zu schließen” and “policy of prestige”") == [
        ("not found", ""),
        ("not found", ""),
    ]


def test_apostrophes_are_no_quotations():
    assert check("The students' view isn't the author's, nor 'twas Stalin's.") == []


def test_references_are_resolved_each_once_and_unknown_ones_named():
    found = quotations.references(
        "See [p5], p5, p2-p4, (p9) and [dgfp_614]; not [p99], [xx_12], [sic], p13–p14.",
        TEXTS,
        SOURCES,
    )
    known = {one.words for one in found if one.known}
    assert known == {"p5", "p2-p4", "p9", "dgfp_614"}
    assert {one.words for one in found if not one.known} == {"p99", "xx_12", "p13-p14"}


@given(st.text(alphabet="ab “”„«»\"'‘’[].…>p5\n-_", max_size=80))
def test_any_text_is_checked_without_failing(text):
    quotations.quotations(text, TEXTS)
    quotations.references(text, TEXTS, SOURCES)
    assert quotations.count(text) >= 0


def write(folder, text, name="mine.ipynb"):
    cell = nbformat.v4.new_markdown_cell(text)
    cell["metadata"]["nbgrader"] = {"grade_id": "the-essay", "solution": True}
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / name)


def test_the_essay_is_found_by_its_cell_whatever_the_notebook_is_called(tmp_path):
    write(tmp_path, "He says “it is felt” in [p1] and [p77].", "renamed copy.ipynb")
    (tmp_path / "broken.ipynb").write_text("{", encoding="utf-8")
    found = essays.Essay("the-essay", (150, 250), tmp_path)
    assert "renamed copy.ipynb" in found.said and "150 to 250" in found.said
    assert [sign for sign, _ in found.findings] == ["✓", "✓", "?"]
    assert "p77" in repr(found)


def test_an_untouched_or_missing_essay_is_said_so(tmp_path):
    assert "No essay cell" in essays.Essay("the-essay", None, tmp_path).said
    write(tmp_path, "YOUR ANSWER HERE")
    assert "Ctrl+S" in essays.Essay("the-essay", None, tmp_path).said


def test_in_nbgrader_nothing_is_checked(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert essays.essay("the-essay") is None


@pytest.mark.slow
def test_an_essay_written_and_saved_is_checked_in_the_browser(reader, page):
    unit = "01-who-is-speaking"
    path = f"assignments/{unit}/{unit}.ipynb"
    open_and_run(page, reader.url(path), wait_for=".d963-essay")
    shown = page.locator(".d963-essay")
    assert "Nothing written yet" in shown.inner_text()
    cell = page.locator(".jp-MarkdownCell", has_text="YOUR ANSWER HERE").last
    cell.scroll_into_view_if_needed()
    cell.locator(".jp-MarkdownOutput").dblclick()
    cell.locator(".cm-content").wait_for()
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("The letter says “it is clear that a brief résumé” [p1].")
    page.keyboard.press("Shift+Enter")
    save(page, reader.folder / path)
    shown.get_by_role("button", name="Check again").click()
    eventually(lambda: "“clear” for “felt”" in shown.inner_text())
    assert serious(page, ".d963-essay") == []
    assert page.left_the_machine == []
