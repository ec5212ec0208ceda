"""Citations of sources and passages, for readers and for reference managers."""

import re

import pytest
from despatch963 import citations, despatch, tables
from despatch963.citations import cite

SOURCES = {source["id"]: source for source in tables.records("sources")}


@pytest.mark.parametrize("id", SOURCES)
def test_every_source_has_a_note_without_gaps(id):
    note = cite(id)
    assert note.endswith(".") and not note.endswith("..")
    assert not re.search(r"  |, ,|\(\)|, \)|\( |”,|None|nan", note)
    known, undashed = SOURCES[id], note.replace("–", "-")
    for column in ("title", "container_title", "url", "cited_in_locator"):
        assert known[column].replace("–", "-") in undashed, column
    assert f"doc. {known['document']}" in note or "docs. " in note or not known["document"]


def test_a_despatch_is_cited_as_the_edition_cites_it():
    assert cite("frus_d450") == despatch.cite()


def test_a_letter_in_a_collection_says_who_wrote_to_whom_what_and_when():
    assert cite("dgfp_614") == (
        "F. W. von der Schulenburg to the German Foreign Ministry, Telegram No. 12, "
        "January 13, 1938, in Documents on German Foreign Policy, series D, vol. I, doc. 614, "
        "http://avalon.law.yale.edu/20th_century/nsa614.asp."
    )


def test_an_article_stands_in_its_journal_with_year_and_pages():
    assert cite("kocho_2008").startswith(
        "A. Kocho-Williams, “The Soviet Diplomatic Corps and Stalin's Purges,” "
        "SEER 86, no. 1 (2008): 90–110, https://"
    )


def test_a_paper_that_was_not_seen_is_cited_through_the_one_that_names_it():
    for id, source in SOURCES.items():
        if source["seen"] == "not seen" and source["kind"] != "marker":
            assert source["cited_in"] in SOURCES, id
            assert ", cited in " in cite(id) and source["cited_in_locator"] in cite(id)
    assert "doc. 450, n10 (p. 517), https" in cite("desp_910")


def test_a_description_is_not_passed_off_as_a_title():
    for id, source in SOURCES.items():
        quoted = f"“{source['title']},”" in cite(id) or f"“{source['title']}.”" in cite(id)
        assert not (quoted and source["title_status"] == "description"), id
        assert bool(source["title"]) == bool(source["title_status"]), id


def test_an_inferred_date_is_in_brackets_and_an_unknown_one_is_not_invented():
    assert "[Moscow, February 18, 1938]" in cite("frus_d450")
    assert "February 1938 (after the 9th, not later than the 18th)" in cite("frus_d499")
    assert ", n.d., http" in cite("encspb")
    assert "(2020s)" in cite("vovchuk_odesa")


def test_general_knowledge_is_called_what_it_is():
    assert cite("general-knowledge") == "General knowledge, not checked against a text."


def test_passages_are_cited_by_the_edition():
    for id in despatch.ids():
        assert cite(id) == despatch.cite(id)


@pytest.mark.parametrize(
    ("id", "meant"), [("dgfp614", "dgfp_614"), ("frus_450", "frus_d450"), ("p13", "p1")]
)
def test_an_unknown_id_gets_those_that_look_like_it(id, meant):
    with pytest.raises(citations.UnknownSource, match=rf"{id}.*Did you mean .*\b{meant}\b"):
        cite(id)
    with pytest.raises(citations.UnknownSource, match=r"sources\.csv"):
        cite("Ωmega!!")


# --- CSL-JSON ---

# Variables of CSL 1.0.2 that we use, with the type the schema asks for.
TEXT = {
    "archive", "archive_location", "container-title", "genre", "issue", "note", "number", "page",
    "publisher", "publisher-place", "title", "URL", "volume", "volume-title",
}  # fmt: skip
NAMES = {"author", "editor", "recipient"}


def test_every_source_is_an_item_of_csl_json_with_its_required_fields_and_types():
    items = citations.csl_json()
    assert [item["id"] for item in items] == list(SOURCES)
    for item in items:
        assert isinstance(item["type"], str) and item["title"]
        assert set(item) <= TEXT | NAMES | {"id", "type", "issued"}
        assert all(isinstance(item[field], str) and item[field] for field in TEXT & set(item))
        for field in NAMES & set(item):
            for name in item[field]:
                assert set(name) in ({"family"}, {"family", "given"}, {"literal"})
                assert all(name.values())


def test_dates_are_given_as_parts_of_one_or_two_days():
    for item in citations.csl_json():
        issued, written = item.get("issued", {}), SOURCES[item["id"]]["issued"]
        if "date-parts" in issued:
            assert 1 <= len(issued["date-parts"]) <= 2
            days = ["-".join(f"{part:02d}" for part in day) for day in issued["date-parts"]]
            assert "/".join(days) == written
        else:
            assert not written and set(issued) <= {"literal"}
