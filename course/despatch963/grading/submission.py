"""One submission graded: the instructor's notebook with the student's words, marked by the sheet.

Nothing here reads a gradebook or a folder of anybody else's, so it can be done anywhere.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import compute_checksum, is_grade, is_solution

from .. import answers, questions
from . import handed
from .sandbox import NoSandbox, Run
from .sheet import validated

LETTERS = 1_000_000
"""The longest cell that is taken over."""
_EXERCISE = "exercise-"


class NoPaper(FileNotFoundError):
    """The course has no such assignment, or not its key; the message says what to do."""

    __str__ = Exception.__str__


class Paper(NamedTuple):
    """An assignment: what every submission of it is marked by."""

    assignment: str
    notebook: str
    master: bytes
    questions: dict[str, Any]
    keys: dict[str, Any]
    files: dict[str, bytes]
    """What else is in the instructor's folder."""


class Work(NamedTuple):
    """A submission: the files that were handed in, and the names of those that are not read."""

    student: str
    assignment: str
    files: dict[str, bytes]
    unreadable: tuple[str, ...]


class Graded(NamedTuple):
    """What came of it; `problem` is empty, or says why it could not be graded."""

    student: str
    assignment: str
    notebook: bytes
    sheet: bytes
    points: dict[str, float | None]
    """The automatic score of each graded cell; None is for a person to give."""
    repairs: tuple[str, ...]
    problem: str


def paper(course: Path, assignment: str) -> Paper:
    """Read an assignment of `course`; raise NoPaper."""
    source = course / "source" / assignment
    try:
        files, _ = handed.read(source)
        master = files.pop(f"{assignment}.ipynb")
        asked = json.loads(files["questions.json"])["questions"]
        keys = json.loads((course / "keys" / f"{assignment}.json").read_bytes())["keys"]
    except (KeyError, OSError, ValueError) as error:
        raise NoPaper(
            f"{assignment} cannot be marked: its notebook and questions.json in source/, or its "
            f"key in keys/, are missing or damaged ({error}). Run `despatch963 build` in the "
            "course's repository and copy both here."
        ) from error
    others = {name: content for name, content in files.items() if not name.endswith(".ipynb")}
    return Paper(assignment, assignment, master, asked, keys, others)


def work(folder: Path, student: str, assignment: str) -> Work:
    """Read a submitted folder; never raises."""
    return Work(student, assignment, *handed.read(folder))


def graded(paper: Paper, work: Work, run: Run | None) -> Graded:
    """Grade one submission; `run` runs students' code where an exercise was done."""
    responses, repairs = validated(work.files.get(answers.SHEET))
    repairs = [*repairs, *(f"{name!r} was not read." for name in work.unreadable)]
    notebook = nbformat.reads(paper.master.decode("utf-8"), as_version=4)
    given = _cells(work.files.get(f"{paper.notebook}.ipynb"), repairs)
    points: dict[str, float | None] = {}
    done = _take_over(notebook, given, points)
    if done:
        responses |= _computed(notebook, work, run, repairs)
    for cell in filter(is_grade, notebook.cells):
        if not is_solution(cell):
            name = cell.metadata.nbgrader.grade_id
            points[name] = _mark(cell, paper, name, responses.get(name))
    entries = {name: {"response": response} for name, response in responses.items()}
    sheet = json.dumps({"version": answers.VERSION, "answers": entries}, ensure_ascii=False)
    whole = nbformat.writes(notebook).encode("utf-8", errors="replace")
    return Graded(work.student, work.assignment, whole, sheet.encode(), points, tuple(repairs), "")


def _cells(content: bytes | None, repairs: list[str]) -> dict[str, str]:
    """Return the texts of a submitted notebook's cells, by grade_id and by the cells' own id."""
    if content is None:
        repairs.append("There is no notebook: the instructor's was taken, with what the sheet has.")
        return {}
    try:
        cells = json.loads(content.decode("utf-8-sig"))["cells"]
        found: dict[str, str] = {}
        for cell in cells:
            name = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id") or cell.get("id")
            source = cell.get("source", "")
            text = "".join(source) if isinstance(source, list) else source
            if isinstance(name, str) and isinstance(text, str) and len(text) <= LETTERS:
                found.setdefault(name, text.encode(errors="replace").decode())
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        repairs.append("The notebook is damaged: the instructor's was taken.")
        return {}
    return found


def _take_over(
    notebook: NotebookNode, given: dict[str, str], points: dict[str, float | None]
) -> bool:
    """Put the student's words into the master; return whether an exercise was done."""
    done = False
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader"):
            checksum = cell.metadata.nbgrader["checksum"] = compute_checksum(cell)
        if is_solution(cell):
            name = cell.metadata.nbgrader.grade_id
            cell.source = given.get(name, cell.source)
            if is_grade(cell):
                points[name] = 0.0 if compute_checksum(cell) == checksum else None
        elif cell.id.startswith(_EXERCISE):
            text = given.get(cell.id, cell.source)
            done = done or text != cell.source
            cell.source = text
    return done


def _computed(
    notebook: NotebookNode, work: Work, run: Run | None, repairs: list[str]
) -> dict[str, Any]:
    code = [c.source for c in notebook.cells if c.cell_type == "code" and not is_grade(c)]
    try:
        if run is None:
            raise NoSandbox("no sandbox was given")
        outcome = run(code, work.files)
    except NoSandbox as why:
        repairs.append(f"The exercises were not run, the sheet's answers were marked: {why}.")
        return {}
    if outcome.problem:
        repairs.append(f"The exercises ended early: {outcome.problem}")
    return outcome.responses


def _mark(cell: NotebookNode, paper: Paper, name: str, response: Any) -> float:
    """Mark a question as `question()` does under autograding, output and all."""
    asked = {"id": name, **paper.questions[name]}
    score = questions.mark(asked, paper.keys[name], response).score
    earned: float = round(score * asked["points"], 2)
    answered = questions.answered(asked, response)
    told = (
        f"Response: {questions.in_words(asked, response)}\n"
        f"{questions.verdict(score) if answered else 'No answer'}: "
        f"{earned:g} of {asked['points']:g} points.\n"
    )
    if score < 1:
        told += f"Read again: {', '.join(asked['cites'])}.\n"
    new = nbformat.v4.new_output
    cell.outputs = [
        new("stream", name="stdout", text=told),
        new("execute_result", data={"text/plain": repr(earned)}, execution_count=None),
    ]
    return earned
