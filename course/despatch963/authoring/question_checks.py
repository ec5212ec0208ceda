"""What must hold of one question in a unit file: the rule, and what was found instead."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

from .. import despatch, tables
from ..questions import locate, mark
from .perfect import perfect_response
from .records import public_and_key

Finding = tuple[str, str]
"""A rule, and what was found instead."""


def check_question(question: dict[str, Any], part: str) -> list[Finding]:
    """Return what is wrong with one question of a lesson or an assignment (`part`)."""
    # What a question says can only be judged once its form holds.
    return list(_form(question, part)) or list(_content(question, part))


@cache
def _schema() -> dict[str, Any]:
    path = Path(__file__).with_name("kinds.json")
    return json.loads(path.read_text(encoding="utf-8"))


def _fields(kind: str) -> set[str]:
    definitions = _schema()["$defs"]
    fields = {*_schema()["kinds"][kind]["properties"], *definitions["question"]["properties"]}
    return fields if kind == "essay" else fields | {"answer", *definitions["marked"]["properties"]}


def _form(question: dict[str, Any], part: str) -> Iterator[Finding]:
    """Check the fields of a question: all there, of the right form, none unknown."""
    kind = str(question.get("kind"))
    if kind not in _schema()["kinds"]:
        yield "unknown kind", f"{kind!r} is none of {', '.join(_schema()['kinds'])}"
        return
    unknown = question.keys() - _fields(kind)
    if unknown:
        # Said alone: the field it should have been is missing for the same reason.
        yield "form of the question", f"a {kind} has no field {', '.join(sorted(unknown))}"
        return
    schema = {"$defs": _schema()["$defs"], **_schema()["kinds"][kind]}
    for error in jsonschema.Draft202012Validator(schema).iter_errors(question):
        where = ".".join(str(step) for step in error.absolute_path)
        yield "form of the question", f"{where}: {error.message}" if where else error.message
    if part == "assignment" and "points" not in question:
        yield "a graded question needs points", "no points"
    if part == "lesson" and kind == "essay":
        yield "an essay is graded and belongs to the assignment", "an essay in a lesson"


def _content(question: dict[str, Any], part: str) -> Iterator[Finding]:
    for cited in question["cites"]:
        if cited not in despatch.ids() and cited not in _ids("sources"):
            yield "citation must resolve", f"{cited} is no passage and no source in sources.csv"
    for conflict in question.get("conflicts", []):
        if conflict not in _ids("conflicts"):
            yield "conflict must exist", f"{conflict} is not in conflicts.csv"
    if question["kind"] == "essay":
        return
    answers = list(_answers(question))
    yield from answers
    if answers:
        return
    yield from _reasons(question, part)
    public, key = public_and_key(question)
    if mark(public, key, perfect_response(public, key)).score != 1:
        yield "the key must earn full marks", "it does not; look at `answer` again"


@cache
def _ids(table: str) -> frozenset[str]:
    return frozenset(record["id"] for record in tables.records(table))


def _answers(question: dict[str, Any]) -> Iterator[Finding]:
    """Check that the answer is one that a student can give."""
    kind, answer = question["kind"], question["answer"]
    options, items = question.get("options", {}), question.get("items", {})
    rule = "answer must be among the options"
    if kind in ("choice", "claim", "choices"):
        for option in [answer] if isinstance(answer, str) else answer:
            if option not in options:
                yield rule, f"{option!r} is none of {', '.join(options)}"
    elif kind == "match":
        for item in sorted(items.keys() ^ answer.keys()):
            yield "every item needs one answer", f"{item!r}"
        for option in sorted(set(answer.values()) - options.keys()):
            yield rule, f"{option!r} is none of {', '.join(options)}"
    elif kind == "order":
        if sorted(answer) != sorted(items):
            yield "answer must place every item once", ", ".join(answer)
        elif list(items) == answer:
            yield "items must not be written in the right order", ", ".join(items)
    elif kind == "passages":
        for passage in [*answer, *question.get("choose_from", [])]:
            if passage not in despatch.ids():
                yield rule, f"{passage!r} is no passage of the despatch"
        for passage in answer:
            if passage not in question.get("choose_from", answer):
                yield rule, f"{passage!r} is not in choose_from"
    elif kind == "table":
        yield from _cells(question)
    if kind in ("evidence", "claim"):
        yield from _spans(question)


def _cells(question: dict[str, Any]) -> Iterator[Finding]:
    rows, columns, answer = question.get("rows"), question["columns"], question["answer"]
    if isinstance(answer, dict) != bool(rows):
        yield "answer is rows of cells, or a list of records", f"{type(answer).__name__}"
        return
    if rows and rows.keys() != answer.keys():
        yield "answer must have the table's rows", ", ".join(answer)
    for record in answer.values() if rows else answer:
        if not isinstance(record, dict) or record.keys() != columns.keys():
            yield "answer must have the table's columns", f"{record}"
        elif "cells" in question and not {*record.values()} <= {*question["cells"]}:
            yield "answer must use the words in cells", f"{record}"


def _spans(question: dict[str, Any]) -> Iterator[Finding]:
    """Check that each quotation of a key stands, in whole words, where students may mark."""
    rule = "quotation must be verbatim in its passages"
    for passage in question["passages"]:
        if passage not in despatch.ids():
            yield "passage must exist", passage
            return
    text = {passage: despatch.paragraph(passage).text for passage in question["passages"]}
    accepted = question["evidence"] if question["kind"] == "claim" else question["answer"]
    wrong = question["because"] if question["kind"] == "evidence" else ()
    for quotation in [*accepted, *question.get("optional", []), *wrong]:
        quote = quotation if isinstance(quotation, str) else quotation["quote"]
        places = list(text) if isinstance(quotation, str) else [quotation["in"]]
        found = [place for place in places if place in text and locate(text[place], quote)]
        if not found:
            yield rule, f"“{quote}” in {', '.join(places)}"
        elif len(found) > 1:
            yield "quotation must say where it stands (in:, quote:)", f"“{quote}”"


def _reasons(question: dict[str, Any], part: str) -> Iterator[Finding]:
    """Check that every wrong option has its own reason, and no reason is about nothing."""
    kind, because = question["kind"], question.get("because", {})
    options = question.get("options", {})
    if kind in ("choice", "choices", "claim"):
        right = [question["answer"]] if kind != "choices" else question["answer"]
        needed = set(options) if kind == "choices" and part == "lesson" else set(options) - {*right}
        known = set(options) if kind == "choices" else set(options) - {*right}
    elif kind == "match":
        needed = {*question["items"], *(set(options) - {*question["answer"].values()})}
        known = needed
    elif kind == "order":
        needed, known = set(), set(question["items"])
    elif kind == "table" and question.get("rows"):
        cells = {f"{row}.{col}" for row in question["rows"] for col in question["columns"]}
        needed, known = set(), cells
    else:
        return
    for option in sorted(needed - because.keys()):
        yield "every wrong option needs its reason", f"no `because` for {option}"
    for option in sorted(because.keys() - known):
        yield "a reason must belong to a wrong option", f"`because` has {option}"
