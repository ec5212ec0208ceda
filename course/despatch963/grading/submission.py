"""One submission graded: the instructor's notebook with the student's words, marked by the sheet.

Nothing here reads a gradebook or a folder of anybody else's, so it can be done anywhere.
"""

import json
import re
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import compute_checksum, is_grade, is_solution, is_task

from .. import answers, questions
from . import handed
from .rebuild import Rebuilt, code, computes, rebuilt
from .running.sandbox import SECONDS, NoSandbox, Run
from .sheet import validated
from .summary import brief

_NOTEBOOKS = 10  # of another name, which are read before other files: one may be a renamed one


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
    reasons: tuple[str, ...] = ()
    """Patterns of the questions whose reasons a student may see with the mark."""
    seconds: int = SECONDS
    """How long a student's code may take."""


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
    untouched: frozenset[str] = frozenset()
    """The solution cells that are as they were handed out."""


def paper(
    course: Path, assignment: str, reasons: Iterable[str] = (), seconds: int = SECONDS
) -> Paper:
    """Read an assignment of `course`; raise NoPaper.

    `reasons` are patterns, such as ``kiev-*``: the questions whose reasons feedback may give.
    """
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
    return Paper(assignment, assignment, master, asked, keys, others, tuple(reasons), seconds)


def work(folder: Path, student: str, assignment: str) -> Work:
    """Read a submitted folder; never raises."""
    notebooks = sorted(path.name for path in folder.glob("*.ipynb"))[:_NOTEBOOKS]
    needed = f"{assignment}.ipynb", answers.SHEET, "timestamp.txt", *notebooks
    return Work(student, assignment, *handed.read(folder, needed))


def graded(paper: Paper, work: Work, run: Run | None) -> Graded:
    """Grade one submission; `run` runs students' code where an exercise was done.

    Raises NoSandbox when there is code to run and no place that would do.
    """
    responses, repairs = validated(work.files.get(answers.SHEET))
    repairs += [f"{name!r} was not read." for name in work.unreadable]
    made = rebuilt(paper.master, paper.notebook, work.files)
    notebook = made.notebook
    repairs += made.repairs
    if computes(made):
        responses |= _computed(made, paper, work, _sheet(responses), run, repairs)
    points: dict[str, float | None] = {}
    for cell in filter(is_grade, notebook.cells):
        name = cell.metadata.nbgrader.grade_id
        if is_solution(cell):
            points[name] = 0.0 if _is_untouched(cell) else None
        else:
            points[name] = _mark(cell, paper, name, responses.get(name))
    if repairs:
        notebook.cells.insert(0, _note(repairs))
    # Made of the instructor's notebook it is valid, and to check that would take longest of all.
    whole = json.dumps(notebook, ensure_ascii=False).encode("utf-8", errors="replace")
    return Graded(
        work.student,
        work.assignment,
        whole,
        _sheet(responses),
        points,
        tuple(repairs),
        "",
        frozenset(c.metadata.nbgrader.grade_id for c in notebook.cells if _is_untouched(c)),
    )


def _note(repairs: list[str]) -> NotebookNode:
    """Return a cell that tells whoever reads the notebook what was put right in it."""
    # Names in there may be a student's: with every sign escaped they are shown and not obeyed.
    told = (re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", line) for line in brief(repairs))
    text = "\n- ".join(["Put right before marking; no mark was given or taken for it:\n", *told])
    return nbformat.v4.new_markdown_cell(text, id="put-right")


def _is_untouched(cell: NotebookNode) -> bool:
    if not is_solution(cell) or is_task(cell):
        return False
    return cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)


def _sheet(responses: dict[str, Any]) -> bytes:
    entries = {name: {"response": response} for name, response in responses.items()}
    whole = {"version": answers.VERSION, "answers": entries}
    return json.dumps(whole, ensure_ascii=False).encode()


def _computed(
    made: Rebuilt,
    paper: Paper,
    work: Work,
    sheet: bytes,
    run: Run | None,
    repairs: list[str],
) -> dict[str, Any]:
    """Run the notebook's code and return what it answered; each cell keeps what it printed."""
    cells = [
        cell for cell in made.notebook.cells if cell.cell_type == "code" and not is_grade(cell)
    ]
    files = {**work.files, **paper.files, answers.SHEET: sheet}
    try:
        if run is None:
            raise NoSandbox("no sandbox was given")
        outcome = run([code(made, cell) for cell in cells], files)
    except NoSandbox as why:
        repairs.append(f"The exercises were not run, the sheet's answers were marked: {why}")
        return {}
    if outcome.problem:
        repairs.append(f"The exercises ended early: {outcome.problem}")
    for cell, text in zip(cells, outcome.printed, strict=False):
        if text:
            cell.outputs = [_printed(text)]
    return outcome.responses


def _printed(text: str) -> NotebookNode:
    return NotebookNode(output_type="stream", name="stdout", text=text)


def _mark(cell: NotebookNode, paper: Paper, name: str, response: Any) -> float:
    """Mark a question as `question()` does under autograding, output and all."""
    asked = {"id": name, **paper.questions[name]}
    score, reasons = questions.mark(asked, paper.keys[name], response)
    earned: float = round(score * asked["points"], 2)
    answered = questions.answered(asked, response)
    told = (
        f"Response: {questions.in_words(asked, response)}\n"
        f"{questions.verdict(score) if answered else 'No answer'}: "
        f"{earned:g} of {asked['points']:g} points.\n"
    )
    if answered and any(fnmatch(name, pattern) for pattern in paper.reasons):
        # The last reason is the key's own, which tells what would have been right.
        told += "".join(f"{reason.strip()}\n" for reason in reasons[:-1])
    if score < 1:
        told += f"Read again: {', '.join(asked['cites'])}.\n"
    cell.outputs = [
        _printed(told),
        NotebookNode(
            output_type="execute_result",
            data=NotebookNode({"text/plain": repr(earned)}),
            metadata=NotebookNode(),
            execution_count=None,
        ),
    ]
    return earned
