"""question() in its four places: with and without the key, in validation, in autograding."""

import json
import subprocess
import sys

import despatch963
import pytest
from despatch963 import answers, ask

QUESTIONS = {
    "sender": {
        "kind": "choice",
        "skill": "sourcing",
        "points": 2,
        "cites": ["heading", "p1"],
        "prompt": "Who writes?",
        "options": {"a": "The Ambassador", "b": "The Chargé"},
    },
    "pairs": {
        "kind": "match",
        "skill": "sourcing",
        "points": 3,
        "cites": ["p1"],
        "prompt": "Pair.",
        "items": {"x": "X", "y": "Y", "z": "Z"},
        "options": {"a": "A", "b": "B"},
    },
    "table": {
        "kind": "table",
        "skill": "quantities-and-places",
        "points": 1,
        "cites": ["p1"],
        "prompt": "Count.",
        "columns": {"state": "State", "offices": "Offices"},
    },
}
KEYS = {
    "sender": {"answer": "b", "why": "The heading says so.", "because": {"a": "He was away."}},
    "pairs": {"answer": {"x": "a", "y": "b", "z": "a"}, "why": "W.", "because": {}},
    "table": {"answer": [{"state": "A", "offices": 5}], "why": "W."},
}


def write(path, record):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record), encoding="utf-8")


@pytest.fixture
def unit(tmp_path, monkeypatch):
    """A submission's folder, in the place where nbgrader has it when it autogrades."""
    folder = tmp_path / "course" / "autograded" / "a-student" / "01-unit"
    write(folder / "questions.json", {"version": 1, "questions": QUESTIONS})
    monkeypatch.chdir(folder)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    return folder


@pytest.fixture
def keys(unit):
    write(unit.parents[2] / "keys" / "01-unit.json", {"version": 1, "keys": KEYS})


def shown(card):
    return card.state


def test_without_a_key_the_card_says_only_that_the_answer_is_saved(unit):
    answers.save(unit, "sender", "a")
    card = ask.question("sender")
    assert "Saved: a. The Ambassador" in shown(card)
    assert "ight" not in shown(card)


def test_with_the_key_the_card_says_whether_and_why(unit, keys):
    answers.save(unit, "sender", "a")
    assert "Not right" in shown(ask.question("sender"))
    assert "He was away." in shown(ask.question("sender"))
    answers.save(unit, "sender", "b")
    assert "Right" in shown(ask.question("sender"))
    answers.save(unit, "pairs", {"x": "a", "y": "b", "z": "b"})
    assert "Partly right" in shown(ask.question("pairs"))


def test_with_the_key_nothing_is_told_before_an_answer(unit, keys):
    assert "The heading says so" not in shown(ask.question("sender"))


def test_validation_names_what_is_still_unanswered_in_one_line(unit, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    with pytest.raises(ask.Unanswered, match=r"^Question sender: not answered\.$") as raised:
        ask.question("sender")
    assert raised.value._render_traceback_() == ["Question sender: not answered."]
    answers.save(unit, "pairs", {"x": "b"})
    with pytest.raises(ask.Unanswered, match="2 of 3 items"):
        ask.question("pairs")


def test_validation_passes_a_wrong_answer_and_tells_nothing(unit, keys, monkeypatch, capsys):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    answers.save(unit, "sender", "a")
    # nbgrader's Validate fails a cell that evaluates to less than its points.
    assert ask.question("sender") == 2
    assert capsys.readouterr() == ("", "")


def test_autograding_evaluates_to_the_points_earned(unit, keys, monkeypatch, capsys):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert ask.question("sender") == 0
    answers.save(unit, "sender", "b")
    assert ask.question("sender") == 2
    answers.save(unit, "pairs", {"x": "a", "y": "b"})
    assert repr(ask.question("pairs")) == "2.0"
    assert capsys.readouterr().err == ""


def test_what_autograding_prints_tells_the_response_but_not_the_key(
    unit, keys, monkeypatch, capsys
):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    answers.save(unit, "sender", "a")
    ask.question("sender")
    printed = capsys.readouterr().out
    assert "The Ambassador" in printed
    assert "Read again: heading, p1." in printed
    for secret in ("Chargé", "He was away", "The heading says so"):
        assert secret not in printed


def test_a_key_that_the_student_handed_in_is_not_believed(unit, keys, monkeypatch):
    forged = {**KEYS, "sender": {**KEYS["sender"], "answer": "a"}}
    write(unit / "keys" / "01-unit.json", {"version": 1, "keys": forged})
    answers.save(unit, "sender", "a")
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert ask.question("sender") == 0


def test_autograding_without_a_key_ends_the_kernel_instead_of_scoring_nothing(unit, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    code = "from despatch963 import question; question('sender'); print('went on')"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=unit, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert "went on" not in run.stdout
    assert "No key for question 'sender'" in run.stderr


def test_a_folder_of_keys_that_are_not_ours_is_passed_over(unit, keys):
    for name, text in (("a", "{"), ("b", "[]"), ("c", '{"keys": []}'), ("d", '{"key": 1}')):
        (unit / "keys").mkdir(exist_ok=True)
        (unit / "keys" / f"{name}.json").write_text(text, encoding="utf-8")
    answers.save(unit, "sender", "b")
    assert "Right" in shown(ask.question("sender"))


def test_an_unknown_question_is_answered_with_those_there_are(unit):
    with pytest.raises(ask.UnknownQuestion, match="It has: sender, pairs, table"):
        ask.question("recipient")


def test_a_notebook_moved_away_from_its_questions_is_told_so(unit, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ask.UnknownQuestion, match="Keep the notebook in the folder it came in"):
        ask.question("sender")


def test_a_card_says_in_words_when_the_sheet_was_damaged(unit):
    (unit / "answers.json").write_text("{", encoding="utf-8")
    assert "answers-damaged-1.json" in shown(ask.question("sender"))


def test_a_card_says_in_words_when_an_answer_could_not_be_saved(unit):
    card = ask.question("sender")
    (unit / ".answers.lock").unlink(missing_ok=True)
    (unit / ".answers.lock").mkdir()
    card._save("a")
    assert "Not saved." in shown(card)


def test_a_card_outside_a_browser_is_readable_text(unit):
    answers.save(unit, "sender", "b")
    assert repr(ask.question("sender")) == "Question sender. Saved: b. The Chargé."


def test_a_pandas_table_is_saved_as_records(unit, keys, monkeypatch):
    import pandas as pd

    ask.answer("table", pd.DataFrame({"state": ["A"], "offices": [5]}))
    assert answers.read(unit)["table"] == [{"state": "A", "offices": 5}]
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert ask.question("table") == 1


def test_an_exercise_run_untouched_saves_nothing_and_says_so(unit, capsys):
    ask.answer("table", ...)
    assert answers.read(unit) == {}
    assert "Nothing saved yet" in capsys.readouterr().out


def test_a_computed_number_is_saved_as_a_plain_number(unit):
    import numpy as np

    ask.answer("table", np.float64(2.5))
    assert answers.read(unit)["table"] == 2.5


def test_the_package_offers_the_names_that_students_use():
    for name in despatch963.__all__:
        assert getattr(despatch963, name) is not None
