"""How each kind of question is marked: properties of all kinds, then each kind's own rule."""

import json

import pytest
from despatch963 import questions
from despatch963.authoring.perfect import perfect_response
from despatch963.questions import mark, span
from hypothesis import given, settings
from hypothesis import strategies as st

TEXT = {"p1": "It is felt that a brief résumé will be of interest.", "p2": "It is, apparently, so."}
WHY = {"why": "The text says so."}
OPTIONS = {"a": "the first", "b": "the second", "c": "the third"}

EXAMPLES = {
    "choice": ({"options": OPTIONS}, {"answer": "b", "because": {"a": "A.", "c": "C."}}),
    "choices": ({"options": OPTIONS}, {"answer": ["a", "c"], "because": {"b": "B."}}),
    "passages": (
        {"choose_from": {"p1": "p1", "p2": "p2", "p3": "p3"}},
        {"answer": ["p1", "p3"], "because": {"p2": "P2."}},
    ),
    "match": (
        {"items": {"x": "X", "y": "Y"}, "options": OPTIONS},
        {"answer": {"x": "a", "y": "b"}, "because": {"x": "X.", "y": "Y.", "c": "C."}},
    ),
    "order": ({"items": OPTIONS}, {"answer": ["c", "a", "b"]}),
    "number": ({"unit": "days"}, {"answer": 18, "tolerance": 1, "because": {"30": "Thirty."}}),
    "date": ({}, {"answer": "1938-02-18", "because": {"1938-02-19": "The day after."}}),
    "text": ({}, {"answer": ["the Council", "League Council"], "because": {"Assembly": "No."}}),
    "evidence": (
        {"text": TEXT},
        {"answer": ["It is felt", "apparently"], "because": {"of interest": "No hedge."}},
    ),
    "claim": (
        {"options": OPTIONS, "text": TEXT},
        {"answer": "a", "evidence": ["brief résumé"], "because": {"b": "B.", "c": "C."}},
    ),
    "table": (
        {"rows": {"r": "Row", "s": "Other"}, "columns": {"n": "Number", "w": "Word"}},
        {"answer": {"r": {"n": 5, "w": "five"}, "s": {"n": None, "w": "none"}}},
    ),
}
# The other form of a table: computed, rows told apart by a column.
COMPUTED = (
    {
        "kind": "table",
        "id": "q",
        "columns": {"state": "State", "offices": "Offices"},
        "by": ["state"],
    },
    {"answer": [{"state": "A", "offices": 5}, {"state": "B", "offices": 2}], **WHY},
)


def example(kind):
    asked, key = EXAMPLES[kind]
    return {"kind": kind, "id": "q", **asked}, {**key, **WHY}


CASES = [pytest.param(*example(kind), id=kind) for kind in questions.KINDS]
CASES.append(pytest.param(*COMPUTED, id="computed table"))

FIELDS = ["a", "x", "y", "r", "s", "n", "claim", "evidence", "date", "relation"]
FIELDS += ["source", "selector", "exact", "start"]

any_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["a", "b", "x", "p1", "r", "n", "1938", "1938-02", "18", "It is felt", "on"]),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.text(max_size=5)
            | st.sampled_from(
                [
                    "a",
                    "x",
                    "y",
                    "r",
                    "s",
                    "n",
                    "claim",
                    "evidence",
                    "date",
                    "relation",
                    "source",
                    "selector",
                    "exact",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


def test_every_kind_has_an_example():
    assert set(EXAMPLES) == set(questions.KINDS)


@pytest.mark.parametrize(("asked", "key"), CASES)
def test_a_perfect_response_scores_one(asked, key):
    assert mark(asked, key, perfect_response(asked, key)).score == 1


@pytest.mark.parametrize(("asked", "key"), CASES)
@pytest.mark.parametrize("response", [None, "", [], {}, [None], {"claim": None, "evidence": []}])
def test_an_empty_response_scores_nothing_and_counts_as_unanswered(asked, key, response):
    assert mark(asked, key, response).score == 0
    assert questions.still_open(asked, response)


@pytest.mark.parametrize(("asked", "key"), CASES)
@settings(max_examples=200, deadline=None)
@given(response=any_json)
def test_no_json_value_breaks_marking(asked, key, response):
    result = mark(asked, key, response)
    assert 0 <= result.score <= 1
    assert result.reasons
    questions.in_words(asked, response)
    questions.still_open(asked, response)


@pytest.mark.parametrize(("asked", "key"), CASES)
def test_marking_survives_hostile_sizes(asked, key):
    deep = []
    for _ in range(5000):
        deep = [deep]
    for response in (
        deep,
        "9" * 10_000,
        10**400,
        ["a"] * 100_000,
        {str(n): n for n in range(9999)},
    ):
        assert 0 <= mark(asked, key, response).score <= 1


@pytest.mark.parametrize(("asked", "key"), CASES)
def test_marking_is_the_same_after_a_round_trip_through_json(asked, key):
    response = perfect_response(asked, key)
    asked, key, response = json.loads(json.dumps([asked, key, response]))
    assert mark(asked, key, response).score == 1
    assert questions.still_open(asked, response) == ""


@pytest.mark.parametrize(
    ("kind", "response", "score"),
    [
        ("choice", "a", 0),
        ("choices", ["a"], 0.5),
        ("choices", ["a", "b"], 0),
        ("choices", ["a", "b", "c"], 0.5),
        ("passages", ["p1"], 2 / 3),
        ("passages", ["p1", "p2", "p3"], 0.8),
        ("match", {"x": "a"}, 0.5),
        ("match", {"x": "a", "y": "c"}, 0.5),
        ("order", ["a", "c", "b"], 1 / 3),
        ("order", ["b", "a", "c"], 0),
        ("number", 19, 1),
        ("number", 20, 0),
        ("number", "18 days", 0),
        ("number", "18,0", 1),
        ("date", "1938-02-19", 0),
        ("date", "1938-02", 0.5),
        ("date", {"date": "1938-02-18", "relation": "not-after"}, 0.5),
        ("date", {"date": "1938-02-30", "relation": "on"}, 0),
        ("text", "council!", 1),
        ("text", "the Assembly", 0),
        ("claim", {"claim": "a", "evidence": [span("p1", TEXT["p1"], 0, 10)]}, 0),
        ("claim", {"claim": "b", "evidence": [span("p1", TEXT["p1"], 18, 30)]}, 0),
        ("claim", {"claim": "a", "evidence": [span("p1", TEXT["p1"], 18, 30)]}, 1),
        ("table", {"r": {"n": 5, "w": "FIVE"}}, 0.5),
        ("table", {"r": {"n": 5, "w": "five"}, "s": {"n": 0, "w": "none"}}, 0.75),
    ],
)
def test_partial_credit_is_what_the_rule_says(kind, response, score):
    assert mark(*example(kind), response).score == pytest.approx(score)


def test_evidence_is_scored_by_words():
    asked, key = example("evidence")
    # Three of the four wanted words, and one that is not wanted: precision 3/4, recall 3/4.
    start = TEXT["p1"].index("It is felt that")
    marked = span("p1", TEXT["p1"], start, start + len("It is felt that"))
    assert mark(asked, key, [marked]).score == pytest.approx(0.75)


def test_one_of_several_accepted_spans_can_be_enough():
    asked, key = example("evidence")
    at = TEXT["p2"].index("apparently")
    hedge = span("p2", TEXT["p2"], at, at + len("apparently"))
    assert mark(asked, {**key, "need": 1}, [hedge]).score == 1


def test_optional_words_neither_win_nor_lose():
    asked, key = example("evidence")
    key = {**key, "optional": ["that a brief"]}
    whole = perfect_response(asked, key)
    start = TEXT["p1"].index("that a brief")
    more = span("p1", TEXT["p1"], start, start + len("that a brief"))
    assert mark(asked, key, whole).score == mark(asked, key, [*whole, more]).score == 1
    assert mark(asked, key, [more]).score == 0


def test_marking_everything_does_not_pay():
    asked, key = example("evidence")
    everything = [span(p, text, 0, len(text)) for p, text in TEXT.items()]
    assert mark(asked, key, everything).score < 0.5


def test_a_span_is_found_again_by_its_words_when_its_position_is_wrong():
    asked, key = example("evidence")
    response = perfect_response(asked, key)
    for target in response:
        target["selector"][1].update(start=-5, end=10**9)
    assert mark(asked, key, response).score == 1


def test_cells_that_nobody_asked_for_count_against_a_computed_table():
    asked, key = COMPUTED
    answer = key["answer"]
    assert mark(asked, key, [*answer, {"state": "C", "offices": 1}]).score == pytest.approx(2 / 3)
    assert mark(asked, key, answer[::-1]).score == 1


def test_a_cell_left_open_by_the_sources_must_be_called_unknown():
    asked, key = example("table")
    filled = perfect_response(asked, key)
    assert filled["s"]["n"] == "unknown"
    del filled["s"]["n"]
    assert mark(asked, key, filled).score == 0.75


@pytest.mark.parametrize(
    ("kind", "response", "reason"),
    [
        ("choice", "a", "A."),
        ("choices", ["a", "b"], "B."),
        ("passages", ["p2"], "P2."),
        ("match", {"x": "c", "y": "b"}, "X."),
        ("match", {"x": "c", "y": "b"}, "C."),
        ("number", "30", "Thirty."),
        ("date", "1938-02-19", "The day after."),
        ("text", "the assembly", "No."),
        ("evidence", [span("p1", TEXT["p1"], 39, 51)], "No hedge."),
        ("claim", {"claim": "c", "evidence": []}, "C."),
    ],
)
def test_a_misreading_is_answered_by_its_own_reason(kind, response, reason):
    assert reason in mark(*example(kind), response).reasons


@pytest.mark.parametrize("kind", questions.KINDS)
def test_a_right_response_is_told_why_and_nothing_else(kind):
    asked, key = example(kind)
    assert mark(asked, key, perfect_response(asked, key)).reasons == ("The text says so.",)
