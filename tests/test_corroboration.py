"""The corroboration table: filled in by the reader, kept at once, and the record beside it."""

import desk
import pytest
from desk import eventually, focus, open_and_run
from despatch963 import answers, questions, tables
from despatch963.widgets.corroboration import VERDICTS, Corroboration, corroboration, sides
from hypothesis import given
from test_questions import any_json

ROWS = {"x": "Source X", "y": "Source Y"}
GRADED = {
    "id": "q",
    "kind": "table",
    "rows": ROWS,
    "columns": {"s": "It closed", "t": "It stayed"},
    "cells": ["agrees", "contradicts", "silent"],
}
KEY = {
    "answer": {"x": {"s": "agrees", "t": "contradicts"}, "y": {"s": "silent", "t": "agrees"}},
    "why": "So they say.",
}


@pytest.fixture
def table(tmp_path):
    return Corroboration("C3", tmp_path)


def fill(table, verdict="agrees"):
    filled = {row["id"]: dict.fromkeys(table.statements, verdict) for row in table.rows}
    table._handle_custom_msg({"type": "fill", "table": filled}, [])
    return filled


def test_a_graded_table_takes_its_words_and_no_others():
    assert questions.mark(GRADED, KEY, KEY["answer"]).score == 1
    half = {"x": {"s": "agrees", "t": "perhaps"}, "y": {"s": "silent", "t": "Agrees"}}
    assert questions.mark(GRADED, KEY, half).score == 0.5
    assert questions.still_open(GRADED, half) == "2 of 4 cells"


@pytest.mark.parametrize("conflict", [row["id"] for row in tables.records("conflicts")])
def test_every_disagreement_can_be_laid_out(conflict, tmp_path):
    table = Corroboration(conflict, tmp_path)
    assert table.rows and table.statements
    assert all(words for _, _, words in sides(conflict))


def test_what_is_filled_in_is_saved_and_drawn_again(table, tmp_path):
    filled = fill(table)
    assert answers.read(tmp_path) == {"corroboration-C3": filled}
    assert Corroboration("C3", tmp_path).filled == filled
    assert "Saved:" in table.state and "agrees" in repr(table)


def test_the_record_is_shown_only_beside_a_row_that_is_full(table):
    assert table.record == {}
    source = table.rows[0]["id"]
    part = {source: dict.fromkeys(table.statements[1:], "silent")}
    table._handle_custom_msg({"type": "fill", "table": part}, [])
    assert table.record == {}
    fill(table)
    assert set(table.record) == {row["id"] for row in table.rows}


def test_another_disagreement_keeps_what_was_filled_in_of_the_first(table, tmp_path):
    filled = fill(table)
    table._handle_custom_msg({"type": "conflict", "id": "C6"}, [])
    assert table.conflict == "C6" and table.filled == {}
    table._handle_custom_msg({"type": "conflict", "id": "C3"}, [])
    assert table.filled == filled
    table._handle_custom_msg({"type": "conflict", "id": "C999"}, [])
    assert table.conflict == "C3"


@given(any_json)
def test_any_response_is_read_as_verdicts_or_left_out(table_read, sent):
    for cells in table_read(sent).values():
        assert {*cells.values()} <= {*VERDICTS}


@pytest.fixture(scope="module")
def table_read(tmp_path_factory):
    return Corroboration("C3", tmp_path_factory.mktemp("any"))._read


def test_a_disagreement_that_there_is_not_is_named_with_those_there_are():
    with pytest.raises(ValueError, match="C1, C2"):
        corroboration("C999")


def test_in_nbgrader_nothing_is_drawn(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    assert corroboration() is None and not [*tmp_path.iterdir()]


@pytest.mark.slow
def test_the_table_is_filled_in_by_mouse_and_by_keyboard(reader, page):
    path = reader.notebook(
        "witnesses", ["from despatch963 import corroboration", "corroboration()"]
    )
    open_and_run(page, reader.url(path), wait_for=".d963-corroboration")
    shown = page.locator(".d963-corroboration")
    cells = shown.locator("td select")
    cells.nth(0).select_option("agrees")
    focus(page, cells.nth(1))
    page.keyboard.type("silent")
    focus(page, cells.nth(2))
    page.keyboard.type("contradicts")

    def kept():
        table = reader.answers("witnesses").get("corroboration-C3", {})
        return [verdict for cells in table.values() for verdict in cells.values()]

    eventually(lambda: sorted(kept()) == ["agrees", "contradicts", "silent"])
    assert desk.serious(page, ".d963-corroboration") == []
    assert page.left_the_machine == []
