"""Turn a unit into a notebook: plain nbformat JSON, with nbgrader's metadata where it is graded."""

import hashlib
from collections.abc import Iterator
from typing import Any

from .unit import Block, Unit

Cell = dict[str, Any]

_SETUP = "from despatch963 import despatch, question"
_SETUP_GRADED = "from despatch963 import despatch, essay, question"


def notebook(unit: Unit, public: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the notebook (nbformat 4.5) of a unit; `public` has its questions by id."""
    graded = unit.part == "assignment"
    cells = [_markdown(_title(unit)), _setup(graded)]
    for index, block in enumerate(unit.blocks):
        if block.kind == "question":
            cells += _question(public[unit.questions[index]["id"]], graded)
        else:
            cells.append(_cell(block))
    return {
        "cells": list(_with_ids(cells)),
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "title": unit.front["title"],
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _title(unit: Unit) -> str:
    front = unit.front
    learn = "\n".join(f"- {line}" for line in front["you_will_learn"])
    do = front["you_will_do"]
    return (
        f"# {front['title']}\n\n**You will** {do[0].lower()}{do[1:]}\n\n"
        f"**You will learn to**\n\n{learn}\n\n**Time**: about {front['minutes']} minutes."
    )


def _setup(graded: bool) -> Cell:
    cell = _code(_SETUP_GRADED if graded else _SETUP)
    cell["id"] = "setup"
    return _locked(cell, "setup") if graded else cell


def _cell(block: Block) -> Cell:
    if block.kind == "passage":
        ids = block.argument.split()
        single = len(ids) == 1 and "-" not in ids[0]
        call = "paragraph" if single else "paragraphs"
        quoted = ", ".join(f'"{passage}"' for passage in ids)
        return _code(f"despatch.{call}({quoted})")
    if block.kind == "exercise":
        # An id of its own: whoever marks finds the student's code by it.
        return {**_code(block.text), "id": f"exercise-{block.argument}"}
    return _code(block.text) if block.kind == "code" else _markdown(block.text)


def _question(question: dict[str, Any], graded: bool) -> list[Cell]:
    name = question["id"]
    prompt = _markdown(f"{_heading(question)}\n\n{_prompt(question)}")
    prompt["id"] = f"prompt-{name}"
    if question["kind"] == "essay":
        desk = _code(f'essay("{name}")')
        desk["id"] = f"desk-{name}"
        return [
            _locked(prompt, f"prompt-{name}"),
            _essay(question),
            _locked(desk, f"desk-{name}"),
        ]
    ask = _code(f'question("{name}")')
    ask["id"] = f"question-{name}"
    if not graded:
        return [prompt, ask]
    return [_locked(prompt, f"prompt-{name}"), _locked(ask, name, question["points"])]


def _heading(question: dict[str, Any]) -> str:
    skill = question["skill"].replace("-", " ")
    points = question["points"]
    worth = f" · {points:g} point{'s' if points != 1 else ''}" if points else ""
    return f"**Question {question['number']}**{worth} · {skill}"


def _prompt(question: dict[str, Any]) -> str:
    """Return the prompt with all that can be chosen, so that the notebook reads well unrun."""
    parts = [question["prompt"]]
    if "items" in question:
        parts.append(_list(question["items"]))
    if "options" in question:
        choose = "Choose from:\n\n" if "items" in question else ""
        parts.append(choose + _list(question["options"], lettered=True))
    if question["kind"] in ("evidence", "claim"):
        parts.append(f"Mark the words in: {', '.join(question['passages'])}.")
    if question["kind"] == "table":
        parts.append(_empty_table(question))
        if "cells" in question:
            parts.append(f"Choose for each cell: {', '.join(question['cells'])}.")
    if question["kind"] == "essay":
        parts.append(_rubric(question))
    return "\n\n".join(parts)


def _list(labels: dict[str, str], lettered: bool = False) -> str:
    if lettered:
        return "\n".join(f"- **{name}.** {label}" for name, label in labels.items())
    return "\n".join(f"- {label}" for label in labels.values())


def _empty_table(question: dict[str, Any]) -> str:
    columns = list(question["columns"].values())
    rows = question.get("rows", {})
    if not rows:
        return "Columns: " + ", ".join(
            f"`{name}` ({label})" for name, label in question["columns"].items()
        )
    lines = [["", *columns], ["---"] * (len(columns) + 1)]
    lines += [[label, *[""] * len(columns)] for label in rows.values()]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _rubric(question: dict[str, Any]) -> str:
    low, high = question["words"]
    lines = [
        f"Write {low} to {high} words in the cell below: double-click it, put your text in the "
        "place of its words, and press Shift+Enter. It is marked by this rubric:",
        "",
        "| | basic | emergent | proficient |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| **{row['criterion']}** | {row['basic']} | {row['emergent']} | {row['proficient']} |"
        for row in question["rubric"]
    ]
    return "\n".join(lines)


def _essay(question: dict[str, Any]) -> Cell:
    cell = _markdown("YOUR ANSWER HERE")
    cell["id"] = f"essay-{question['id']}"
    cell["metadata"]["nbgrader"] = _nbgrader(
        question["id"], grade=True, solution=True, locked=False, points=question["points"]
    )
    return cell


def _markdown(source: str) -> Cell:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def _code(source: str) -> Cell:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source,
    }


def _locked(cell: Cell, grade_id: str, points: float | None = None) -> Cell:
    """Lock a cell against the student's edits; with points it is one of nbgrader's test cells."""
    graded = points is not None
    cell["metadata"]["nbgrader"] = _nbgrader(
        grade_id, grade=graded, solution=False, locked=True, points=points
    )
    return cell


def _nbgrader(grade_id: str, points: float | None, **flags: bool) -> dict[str, Any]:
    worth = {} if points is None else {"points": points}
    return {"grade_id": grade_id, "schema_version": 3, "task": False, **flags, **worth}


def _with_ids(cells: list[Cell]) -> Iterator[Cell]:
    """Give every cell an id that stays the same for as long as its text does."""
    used: set[str] = set()
    for cell in cells:
        digest = hashlib.sha256(cell["source"].encode()).hexdigest()
        name = cell.get("id") or f"text-{digest[:8]}"
        while name in used:
            digest = hashlib.sha256(digest.encode()).hexdigest()
            name = f"text-{digest[:8]}"
        used.add(name)
        yield {"id": name[:64], **{field: value for field, value in cell.items() if field != "id"}}
