"""A submitted answer sheet: what can be read is kept, what cannot is told, and nothing raises."""

import json

import pytest
from despatch963 import answers, questions
from despatch963.grading.sheet import ANSWERS, DEPTH, validated
from hypothesis import given
from hypothesis import strategies as st
from test_questions import CASES, any_json


def sheet(**responses):
    entries = {name: {"response": response} for name, response in responses.items()}
    return json.dumps({"version": 1, "answers": entries}).encode()


def nested(depth):
    return b'{"version": 1, "answers": {"q": {"response": ' + b"[" * depth + b"]" * depth + b"}}}"


def test_an_honest_sheet_is_read_as_it_was_saved(tmp_path):
    answers.save(tmp_path, "q", ["a", {"x": 1.5}, None, True, "é’"])
    responses, problems = validated((tmp_path / "answers.json").read_bytes())
    assert responses == answers.read(tmp_path) and problems == []


@given(any_json)
def test_any_response_that_keeps_to_the_limits_is_kept(response):
    content = json.dumps(
        {"version": 1, "answers": {"q": {"response": response}, "r": {"response": 1}}}
    )
    responses, problems = validated(content.encode())
    assert responses["r"] == 1
    assert responses.get("q", ...) == response or "q:" in problems[0]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_without_failing(content):
    responses, problems = validated(content)
    assert responses == {} and problems


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "no answer sheet"),
        (b"", "not whole"),
        (sheet(q="a")[:-3], "not whole"),
        (b"[1, 2]", "something else"),
        (b'{"version": 1, "answers": [1]}', "no list of answers"),
        (b'{"version": 1}', "no list of answers"),
        (nested(100_000), "deeply"),
        (b" " * 2_000_001, "larger than 2 MB"),
    ],
)
def test_a_sheet_that_cannot_be_read_has_no_answers_and_says_why(content, told):
    responses, problems = validated(content)
    assert responses == {} and told in " ".join(problems)


@pytest.mark.parametrize(
    ("response", "told"),
    [
        ("NaN", "not finite"),
        ("-Infinity", "not finite"),
        ("1e999", "not finite"),
        ("9" * 30, "too large"),
        ("9" * 100_000, "too large"),
        ("[" * (DEPTH + 1) + "]" * (DEPTH + 1), "nested"),
        (json.dumps("x" * 20_001), "characters"),
        (json.dumps([0] * 20_001), "values"),
    ],
)
def test_one_bad_answer_costs_only_itself(response, told):
    content = sheet(good=1, bad="BAD").replace(b'"BAD"', response.encode())
    responses, problems = validated(content)
    assert responses == {"good": 1}
    assert problems[0].startswith("bad:") and told in problems[0]


def test_a_byte_order_mark_changes_nothing():
    assert validated(b"\xef\xbb\xbf" + sheet(q="a")) == ({"q": "a"}, [])


def test_of_a_name_that_stands_twice_the_last_one_holds_and_it_is_told():
    content = b'{"version": 1, "answers": {"q": {"response": "a"}, "q": {"response": "b"}}}'
    responses, problems = validated(content)
    assert responses == {"q": "b"} and "twice" in problems[0]


def test_half_a_character_is_replaced_so_that_it_can_be_written():
    responses, _ = validated(b'{"version": 1, "answers": {"\\ud83d": {"response": "\\ud800"}}}')
    assert json.dumps(responses, ensure_ascii=False).encode("utf-8") == b'{"?": "?"}'


def test_a_name_that_cannot_be_printed_is_told_without_what_it_hides():
    content = json.dumps({"version": 1, "answers": {"a\x1b[31m\nb": 5}}).encode()
    _, problems = validated(content)
    assert problems == ["a[31mb: the entry has no response."]


def test_more_answers_than_there_can_be_are_cut():
    responses, problems = validated(sheet(**{f"q{n}": 1 for n in range(ANSWERS + 5)}))
    assert len(responses) == ANSWERS and "Only the first" in problems[0]


@pytest.mark.parametrize(("asked", "key"), [case.values for case in CASES])
def test_whatever_a_sheet_holds_can_be_marked(asked, key):
    for response in (
        [[]],
        {"a": {"a": {}}},
        "x" * 20_000,
        [0] * 10_000,
        {"claim": [], "evidence": 1},
    ):
        responses, _ = validated(sheet(q=response))
        assert 0 <= questions.mark(asked, key, responses.get("q")).score <= 1
