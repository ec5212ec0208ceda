"""Dates, claims and counts in words."""

import pytest
from despatch963 import tables, wording


@pytest.mark.parametrize(
    ("when", "precision", "words"),
    [
        ("1938-01-13", "day", "on 13 January 1938"),
        ("1938-04", "month", "in April 1938"),
        ("1938", "year", "in 1938"),
        ("1938-02-18", "before", "by 18 February 1938"),
        ("1935-02", "after", "from February 1935 on"),
        ("1937-06/1937-11", "season", "between June and November 1937"),
        ("1920/1929", "decade", "between 1920 and 1929"),
        ("1940-11/1941-01", "range", "between November 1940 and January 1941"),
        ("", "", "date not given"),
    ],
)
def test_a_date_is_said_with_its_precision(when, precision, words):
    assert wording.dated(when, precision) == words


def test_every_claim_on_an_office_can_be_said_with_its_source_and_locator():
    sources = {source["id"]: source for source in tables.records("sources")}
    for claim in tables.records("claims"):
        if claim["office"]:
            said = wording.claimed(claim, sources[claim["source"]])
            assert claim["statement"] in wording.STATEMENTS
            assert said.endswith(f"[{claim['source']}]")
            assert "; " not in said, "claims are joined by semicolons"
            assert (", date not given" in said) == (not claim["date"])


def test_our_own_inference_is_called_one():
    sources = {source["id"]: source for source in tables.records("sources")}
    for claim in tables.records("claims"):
        if claim["office"] and claim["speaks_of"] == "assigned":
            assert "by our inference" in wording.claimed(claim, sources[claim["source"]])


def test_lists_and_counts_read_as_english():
    assert wording.listed(["a"]) == "a"
    assert wording.listed(["a", "b", "c"]) == "a, b and c"
    assert wording.counted(1, "city") == "1 city"
    assert wording.counted(2, "city") == "2 cities"
    assert wording.counted(0, "office") == "0 offices"
