"""What each source counts: every number has its sign, rivals stand apart, unknown is not zero."""

import re

import pytest
from charts import check_sound, drawn, words
from despatch963 import draw, tables
from despatch963.charts import parity

SHAPES = {"stated": "circle", "counted": "square", "derived": "diamond"}
# What these count are no offices of a state: months, states told, offices of a city.
OTHER = {"months_open", "states_told", "offices_listed"}


def counts():
    return {
        count["id"]: count for count in tables.records("counts") if count["measure"] not in OTHER
    }


def chart(counts, **more):
    return parity.parity_chart(counts, **more)


@pytest.fixture(scope="module")
def figure():
    return draw.parity_chart()


@pytest.mark.parametrize("states", [(), ("Japan",), ("Turkey", "Iran")])
def test_the_chart_is_sound(states):
    check_sound(draw.parity_chart(*states))


def test_every_number_has_one_sign_at_its_value_and_one_row(figure):
    signs = drawn(figure)
    for id, count in counts().items():
        ((trace, place),) = signs[id]
        (row,) = (row for row in figure.rows if row["id"] == id)
        if count["value"]:
            assert trace.x[place] == row["value"] == int(count["value"]), id
        assert (row["kind"], row["measure"]) == (count["value_kind"], count["measure"])
        assert row["source"] == (count["source"] or None)
    assert {row["id"] for row in figure.rows if row["id"]} == set(counts())


def test_a_stem_leads_from_zero_to_every_number(figure):
    stems = [trace for trace in figure.plot.data if trace.mode == "lines"]
    ends = sorted(
        (x, y) for trace in stems for x, y in zip(trace.x[1::3], trace.y[1::3], strict=True)
    )
    signs = sorted(
        (trace.x[place], trace.y[place])
        for ((trace, place),) in drawn(figure).values()
        if trace.mode == "markers"
    )
    assert ends == signs
    assert {x for trace in stems for x in trace.x[::3]} == {0}


def test_stated_counted_and_derived_numbers_differ_in_shape(figure):
    for id, ((trace, _),) in drawn(figure).items():
        if trace.mode == "markers":
            assert trace.marker.symbol == SHAPES[counts()[id]["value_kind"]], id
            hollow = trace.marker.color == "#ffffff"
            assert hollow == (counts()[id]["value_kind"] == "derived"), id


def test_what_no_source_counts_is_a_question_mark_and_no_sign_at_zero(figure):
    unknown = {id: place for id, (place,) in drawn(figure).items() if id not in counts()}
    missing = {row["of"]: set() for row in figure.rows if row["kind"] == parity.NO_COUNT}
    for row in figure.rows:
        if row["kind"] == parity.NO_COUNT:
            assert row["value"] is None and row["id"] is None and row["source"] is None
            missing[row["of"]].add(row["stage"])
    named = {}
    for id, (trace, place) in unknown.items():
        state, stages = id.split(": ")
        assert trace.mode == "text" and trace.text[place] == "<b>?</b>"
        named[state] = set(stages.split(", "))
    assert named == missing
    given = {(c["sending_state"], parity._STAGE_OF[c["measure"]]) for c in counts().values()}
    states = {state for state, _ in given} - {""}
    expected = {(state, stage) for state in states for stage in parity.STAGES} - given
    assert {(s, stage) for s, stages in missing.items() for stage in stages} == expected


def test_a_source_that_gives_no_number_is_a_question_mark_too(figure):
    silent = [id for id, count in counts().items() if count["value_kind"] == "not stated"]
    assert silent
    for id in silent:
        ((trace, place),) = drawn(figure)[id]
        assert trace.mode == "text" and trace.text[place] == "<b>?</b>"
        assert next(row for row in figure.rows if row["id"] == id)["value"] is None


def test_zero_is_drawn_only_where_the_table_says_zero(figure):
    at_zero = {
        id
        for id, ((trace, place),) in drawn(figure).items()
        if trace.mode == "markers" and trace.x[place] == 0
    }
    assert at_zero == {id for id, count in counts().items() if count["value"] == "0"} != set()


def test_the_number_and_its_source_stand_beside_the_sign(figure):
    written = words(figure)
    for row in figure.rows:
        if row["value"] is not None:
            whose = row["source"] if row["kind"] != "derived" else ""
            assert any(
                f"<b>{row['value']}</b>" in text and (whose or "") in text for text in written
            ), row["id"]


def test_numbers_in_a_conflict_of_numbers_are_marked_as_rivals(figure):
    rivals = {row["id"]: row["rivals"] for row in figure.rows if row["rivals"]}
    assert {id for id, conflict in rivals.items() if conflict == "C1"} == {"N40", "N41"}
    assert {id for id, conflict in rivals.items() if conflict == "C3"} == {
        *("N07", "N08", "N09", "N10", "N46", "N47")
    }
    assert set(rivals.values()) == {"C1", "C3"}
    assert sum("≠ C" in text for text in words(figure)) == len(rivals)
    # Two papers that agree (C2) are no rivals, nor is anything without the table of conflicts.
    assert not any(row["rivals"] for row in chart(counts().values()).rows)


def test_rows_run_by_state_and_stage_and_states_together_come_last(figure):
    places = [(row["state"] is None, row["state"] or "", [*parity.STAGES].index(row["stage"]))
              for row in figure.rows if row["state"] or row["of"] == parity.ALL]  # fmt: skip
    assert places == sorted(places)


def test_the_prose_tells_every_number_and_its_source(figure):
    prose = figure.describe()
    given = [row for row in figure.rows if row["value"] is not None]

    def number(words):
        return int(re.search(words.replace("#", r"(\d+)"), prose)[1])

    assert number("^# numbers of offices") == len(given)
    assert number("for # states") == len({row["state"] for row in given} - {None})
    for kind, told in (("stated", "stated by"), ("counted", "counted by"), ("derived", "worked")):
        assert number(f"# {told}") == sum(row["kind"] == kind for row in given)
    assert number("In # of") == sum(row["kind"] == parity.NO_COUNT for row in figure.rows)
    assert number("of states: # numbers") == len(tables.records("counts")) - len(counts())
    for row in figure.rows:
        if row["kind"] != parity.NO_COUNT:
            name = row["of"][:1].upper() + row["of"][1:]
            sentence = re.search(rf"(?<=\. ){re.escape(name)}: (.*?)(\. [A-Z]|\.$)", prose)[1]
            part = re.search(rf"(?:^|; ){row['stage']}: (.*?)(;|$)", sentence)[1]
            assert parity.told(row) in part, row["id"]
            assert (row["source"] or "") in parity.told(row) or row["kind"] == "derived"


def test_the_telegrams_total_and_the_sum_of_its_parts_stand_side_by_side(figure):
    together = {row["id"]: row["value"] for row in figure.rows if row["of"] == parity.ALL}
    assert (together["N40"], together["N41"]) == (22, 30)
    heights = sorted(drawn(figure)[id][0][0].y[drawn(figure)[id][0][1]] for id in ("N40", "N41"))
    assert heights[1] - heights[0] <= 16


def test_chosen_states_are_drawn_alone():
    figure = draw.parity_chart("Japan", "Turkey")
    assert {row["of"] for row in figure.rows} == {"Japan", "Turkey"}
    assert "Left out" not in figure.describe()


def test_a_state_that_is_not_counted_gets_the_names_of_those_that_are():
    with pytest.raises(
        ValueError, match=r"No offices are counted for Norway, only for Afghanistan"
    ):
        draw.parity_chart("Norway")


def test_an_empty_number_is_never_read_as_zero():
    emptied = [count | {"value": "", "value_kind": "not stated"} if count["id"] == "N17" else count
               for count in counts().values()]  # fmt: skip
    figure = chart(emptied)
    (row,) = (row for row in figure.rows if row["id"] == "N17")
    assert row["value"] is None
    assert not any(trace.mode == "markers" for trace, _ in drawn(figure)["N17"])
    assert "Afghanistan: asked to close: no number" in figure.describe()
