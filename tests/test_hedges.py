"""Hedges and boosters: every marker at its words, every number from the rows, the list as data."""

import re

import pytest
from charts import check_sound, drawn, words
from despatch963 import despatch, draw, tables
from despatch963.charts import hedges as chart

CHOICES = [{}, {"per_100": True}, {"basis": "index"}, {"basis": "notes", "per_100": True}]


def markers(**wanted):
    return [marker for marker in tables.records("hedges")
            if all(marker[column] == value for column, value in wanted.items())]  # fmt: skip


def times(marker):
    """Return how often a marker stands in its paragraph as whole words."""
    text = despatch.paragraph(marker["passage"]).text
    return len(re.findall(rf"(?<!\w){re.escape(marker['marker'])}(?!\w)", text))


@pytest.fixture(scope="module")
def figure():
    return draw.hedges()


@pytest.mark.parametrize("marker", markers(), ids=lambda marker: marker["id"])
def test_every_marker_stands_letter_for_letter_in_its_paragraph(marker):
    assert times(marker) >= 1
    assert despatch.paragraph(marker["passage"]).kind == "paragraph"


def test_the_list_runs_in_the_order_of_the_text_and_names_nothing_twice():
    places = [
        (passage.number, passage.text.index(marker["marker"]))
        for marker in markers()
        for passage in [despatch.paragraph(marker["passage"])]
    ]
    assert places == sorted(places)
    named = [(marker["passage"], marker["marker"]) for marker in markers()]
    assert len(named) == len(set(named))


@pytest.mark.parametrize("choice", CHOICES)
def test_the_figure_is_sound(choice):
    check_sound(draw.hedges(**choice))


@pytest.mark.parametrize("choice", CHOICES)
def test_every_occurrence_has_its_sign_and_its_row_at_its_words(choice):
    figure = draw.hedges(**choice)
    signs = {id: place for id, place in drawn(figure).items() if "@" in id}
    rows = [row for row in figure.rows if row["marker"]]
    assert set(signs) == {f"{row['id']}@{row['word']}" for row in rows}
    wanted = {k: v for k, v in choice.items() if k == "basis"}
    assert len(rows) == sum(map(times, markers(**wanted)))
    for row in rows:
        text = despatch.paragraph(row["passage"]).text.split()
        length = len(row["marker"].split())
        there = " ".join(text[row["word"] - 1 : row["word"] - 1 + length])
        assert row["marker"] in there
        assert f"«{row['marker']}»" in row["context"]
        bare = row["context"].replace("«", "").replace("»", "").removeprefix("… ")
        assert bare.removesuffix(" …") in despatch.paragraph(row["passage"]).text
        ((trace, place),) = signs[f"{row['id']}@{row['word']}"]
        assert row["word"] - 1 <= trace.x[place] <= row["word"] - 1 + length


def test_each_strip_is_as_long_as_its_paragraph(figure):
    for passage in despatch.paragraphs():
        ((trace, place),) = drawn(figure)[passage.id]
        assert trace.x[place] == len(passage.text.split())
    assert sum(len(passage.text.split()) for passage in despatch.paragraphs()) == 1810


def test_kinds_differ_in_shape_and_what_others_said_is_hollow(figure):
    shapes = {"hedge": "triangle-down", "booster": "triangle-up", "mixed": "diamond"}
    for row in figure.rows:
        ((trace, _),) = drawn(figure)[f"{row['id']}@{row['word']}"]
        assert trace.marker.symbol == shapes[row["kind"]]
        assert (trace.marker.color == "#ffffff") == (row["voice"] != "author")


def test_every_marker_is_written_beside_its_sign(figure):
    written = [text.strip("\u2002\u2009 ") for text in words(figure)]
    for row in figure.rows:
        assert any(text.startswith(row["marker"]) for text in written), row["id"]


@pytest.mark.parametrize("choice", CHOICES)
def test_the_bars_count_hedges_and_boosters_of_the_author(choice):
    figure = draw.hedges(**choice)
    suffix = "_per_100" if choice.get("per_100") else ""
    wanted = {k: v for k, v in choice.items() if k == "basis"}
    for passage in despatch.paragraphs():
        own = markers(passage=passage.id, voice="author", **wanted)
        for side, kinds, sign in (("hedges", ("hedge", "mixed"), -1),
                                  ("boosters", ("booster", "mixed"), 1)):  # fmt: skip
            number = sum(times(marker) for marker in own if marker["kind"] in kinds)
            if suffix:
                number = round(100 * number / len(passage.text.split()), 1)
            ((trace, place),) = drawn(figure)[f"{passage.id} {side}{suffix}"]
            assert trace.x[place] == sign * number
            row = next(row for row in figure.rows if row["passage"] == passage.id)
            assert row[f"{side}{suffix}"] == number


def test_rows_run_in_the_order_of_the_text_and_every_paragraph_has_one():
    for choice in CHOICES:
        rows = draw.hedges(**choice).rows
        places = [(int(row["passage"][1:]), row["word"] or 0) for row in rows]
        assert places == sorted(places)
        assert {row["passage"] for row in rows} == {p.id for p in despatch.paragraphs()}


def test_the_officials_paragraph_has_no_hedge_of_the_author():  # Q55
    assert [row["passage"] for row in draw.hedges().rows if not row["hedges"]] == ["p11"]
    assert {marker["voice"] for marker in markers(passage="p11")} == {"reported"}


def test_the_list_bears_out_the_keys_on_single_words():  # Q51, Q52, Q53, Q19
    def where(words, **wanted):
        return [marker["passage"] for marker in markers(marker=words, **wanted)]

    assert where("apparently", kind="hedge") == ["p2", "p5"]
    assert where("undoubtedly", kind="booster") == where("undoubtedly") == ["p2", "p4"]
    assert where("presumably") == ["p10"]
    assert where("as far as can be ascertained") == ["p6"]
    assert where("in principle at least") == ["p12"]
    assert where("may be termed") == ["p1"]
    assert where("somewhat obviously", kind="mixed") == ["p5"]


def test_the_prose_tells_every_marker_and_every_number():
    for choice in CHOICES:
        figure = draw.hedges(**choice)
        prose, rows = figure.describe(), figure.rows
        own = [row for row in rows if row["marker"] and row["voice"] == "author"]

        def number(words, prose=prose):
            found = re.search(words.replace("#", r"(once|\d+)"), prose)[1]
            return 1 if found == "once" else int(found)

        assert number("author hedges #") == sum(row["kind"] != "booster" for row in own)
        assert number("insists #") == sum(row["kind"] != "hedge" for row in own)
        assert number("both sides: #") == sum(row["kind"] == "mixed" for row in own)
        assert number("neither: #") == sum(r["voice"] == "reported" for r in rows)
        parts = dict(re.findall(r"(p\d+) \((\d+ words\): .*?)\.(?= p\d|$)", prose))
        assert len(parts) == 12
        for row in rows:
            part = parts[row["passage"]]
            assert part.startswith(f"{row['words']} words): {row['hedges']} hedge")
            assert f" {row['boosters']} booster" in part
            assert f"{row['hedges_per_100']} per 100 words" in part
            if row["marker"]:
                kind = "hedge and booster" if row["kind"] == "mixed" else row["kind"]
                assert f"“{row['marker']}” ({kind}" in part
                assert f"word {row['word']})" in part


def test_a_marker_that_does_not_stand_there_is_named():
    wrong = markers()[0] | {"marker": "furthest"}
    with pytest.raises(ValueError, match=r"'furthest' \(M01\) does not stand in p1"):
        chart.hedges(despatch.paragraphs(), [wrong])


def test_part_of_a_word_is_no_occurrence():
    gradual = next(marker for marker in markers() if marker["marker"] == "gradual")
    text = despatch.paragraph("p1").text
    assert len(re.findall("gradual", text)) > 1
    (row,) = (r for r in chart.hedges(despatch.paragraphs("p1"), [gradual]).rows if r["marker"])
    assert row["word"] == text.split().index("gradual") + 1


def test_a_list_there_is_not_gets_the_names_of_those_there_are():
    with pytest.raises(ValueError, match=r"no list 'short'\. There are: index, notes"):
        draw.hedges(basis="short")
