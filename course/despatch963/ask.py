"""question() and answer(): one call, four places (a notebook with or without the key, validation,
autograding). The notebook's folder holds ``questions.json`` (what is asked) and ``answers.json``
(what was answered); a key, where there is one, is in a folder ``keys/`` beside or above it.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from . import answers, questions

if TYPE_CHECKING:
    from .widgets.cards import Card

Record = dict[str, Any]


class UnknownQuestion(KeyError):
    """No questions.json beside the notebook has a question of this id."""

    __str__ = Exception.__str__


class Unanswered(Exception):
    """A question still waits for an answer (shown by nbgrader's Validate, in one line)."""

    def _render_traceback_(self) -> list[str]:
        # IPython asks the exception for its traceback; a student needs the message alone.
        return [str(self)]


def question(id: str) -> "Card | float":
    """Ask the question `id` of this notebook: draw its card, check it or mark it.

    In a notebook this returns a card that saves each answer at once and, where the key is in
    reach, says whether and why it holds. Under ``nbgrader validate`` it returns the question's
    points, or raises Unanswered. Under ``nbgrader autograde`` it prints the response and returns
    the points earned. Raises UnknownQuestion for an id that questions.json does not have.
    """
    folder = Path.cwd()
    asked = _definition(folder, id)
    execution = os.environ.get("NBGRADER_EXECUTION")
    if execution == "validate":
        return _check(asked, answers.read(folder).get(id))
    if execution == "autograde":
        # The submission's own folder is the student's: a key found there would be the student's.
        return _points(asked, _key(folder.parent, id), answers.read(folder).get(id))
    from .widgets.cards import Card

    return Card(asked, _key(folder, id), folder)


def answer(id: str, response: Any) -> None:
    """Save what a cell computed (a number, a list of records, a pandas table) as the answer.

    The three dots that an exercise begins with save nothing.
    """
    folder = Path.cwd()
    asked = _definition(folder, id)
    if response is ...:
        print("Nothing saved yet. Put your result in the place of the three dots, and run again.")
        return
    if hasattr(response, "to_dict"):
        # pandas writes its own kinds of number and date as plain JSON, missing values as null.
        response = json.loads(response.to_json(orient="records", date_format="iso"))
    elif hasattr(response, "item"):
        response = response.item()
    answers.save(folder, id, response)
    print(f"Saved: {questions.in_words(asked, response)}")


def _definition(folder: Path, id: str) -> Record:
    try:
        asked = _load(folder / "questions.json")["questions"]
    except FileNotFoundError:
        raise UnknownQuestion(
            f"There is no questions.json in {folder.name}/. Keep the notebook in the folder it "
            "came in; the file beside it holds its questions."
        ) from None
    if id not in asked:
        raise UnknownQuestion(f"questions.json has no question {id!r}. It has: {', '.join(asked)}.")
    return {"id": id, **asked[id]}


def _key(folder: Path, id: str) -> Record | None:
    for keys in _keys(folder):
        if id in keys:
            return keys[id]
    return None


def _keys(folder: Path) -> Iterator[Record]:
    for place in (folder, *folder.parents):
        for path in sorted((place / "keys").glob("*.json")):
            # Somewhere above there may be a folder `keys` that has nothing to do with the course.
            try:
                keys = _load(path)["keys"]
            except (OSError, ValueError, KeyError, TypeError):
                continue
            if isinstance(keys, dict):
                yield keys


def _load(path: Path) -> Record:
    return json.loads(path.read_text(encoding="utf-8"))


def _check(asked: Record, response: Any) -> float:
    if open_part := questions.still_open(asked, response):
        raise Unanswered(f"Question {asked['id']}: {open_part}.")
    return asked["points"]


def _points(asked: Record, key: Record | None, response: Any) -> float:
    if key is None:
        _stop_grading(asked["id"])
    score = questions.mark(asked, key, response).score
    earned = round(score * asked["points"], 2)
    answered = questions.answered(asked, response)
    # The student will see this output as feedback, so it names no key and no reason that tells it.
    print(f"Response: {questions.in_words(asked, response)}")
    print(f"{questions.verdict(score) if answered else 'No answer'}: ", end="")
    print(f"{earned:g} of {asked['points']:g} points.")
    if score < 1:
        print(f"Read again: {', '.join(asked['cites'])}.")
    return earned


def _stop_grading(id: str) -> NoReturn:
    # An exception would count as an answer worth nothing, for the whole class, and nobody would
    # hear of it. A kernel that ends makes nbgrader report this submission as failed.
    print(
        f"No key for question {id!r} in keys/ of the course folder. "
        "Run `despatch963 build` in the course repository, or copy keys/ there; then autograde.",
        file=sys.__stderr__,
        flush=True,
    )
    os._exit(1)
