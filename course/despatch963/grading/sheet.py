"""A submitted answer sheet, read as what it is: a file from somebody else.

Whatever the bytes are, reading them ends, costs little and never raises; what is wrong is told in
words that an instructor can read. What could be read is kept: one bad answer costs only itself.
"""

import json
import math
from typing import Any

BYTES = 2_000_000
DEPTH = 12
ANSWERS = 500
VALUES = 20_000
LETTERS = 20_000
NUMBER = 1e15

_Problem = str


class _TooMuch(ValueError):
    """A response is beyond a limit; the message says which."""


def validated(content: bytes | None) -> tuple[dict[str, Any], list[_Problem]]:
    """Return the responses by question id, and what was wrong with the sheet.

    `content` is the file's bytes, None when there is none. A response is plain JSON: no number is
    infinite, no text holds half a character, nothing is nested deeper than DEPTH.
    """
    if content is None:
        return {}, ["There is no answer sheet: no question is answered."]
    if len(content) > BYTES:
        return {}, [f"The answer sheet is larger than {BYTES // 1_000_000} MB and was not read."]
    problems: list[_Problem] = []
    sheet = _parsed(content, problems)
    if sheet is None:
        return {}, problems
    if isinstance(sheet.get("version"), bool) or sheet.get("version") != 1:
        problems.append("The sheet's version is not 1; its answers were read all the same.")
    entries = sheet.get("answers")
    if not isinstance(entries, dict):
        return {}, [*problems, "The sheet has no list of answers."]
    if len(entries) > ANSWERS:
        problems.append(f"Only the first {ANSWERS} of {len(entries)} answers were read.")
    responses = {}
    for question, entry in list(entries.items())[:ANSWERS]:
        if not isinstance(entry, dict) or "response" not in entry:
            problems.append(f"{_named(question)}: the entry has no response.")
            continue
        try:
            responses[_text(question)] = _plain(entry["response"], DEPTH, [VALUES])
        except _TooMuch as limit:
            problems.append(f"{_named(question)}: {limit}; the answer was not read.")
    return responses, problems


def _parsed(content: bytes, problems: list[_Problem]) -> dict[str, Any] | None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("utf-8", errors="replace")
        problems.append("The sheet is not in UTF-8; unreadable characters were replaced.")
    try:
        sheet = json.loads(text, object_pairs_hook=_last(problems), parse_int=_integer)
    except RecursionError:
        problems.append("The sheet is nested too deeply and was not read.")
        return None
    except ValueError:
        problems.append("The sheet is not whole: it could not be read.")
        return None
    if not isinstance(sheet, dict):
        problems.append("The sheet is not a sheet: it holds something else.")
        return None
    return sheet


def _last(problems: list[_Problem]) -> Any:
    """Return what makes a record of pairs; where a name stands twice, the last one holds."""

    def record(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        said = "A name stands twice in the sheet; the last one was taken."
        if len(made) != len(pairs) and said not in problems:
            problems.append(said)
        return made

    return record


def _integer(digits: str) -> int | float:
    # Python refuses to read an integer of thousands of digits, and takes long over less.
    return int(digits) if len(digits) <= 20 else math.inf


def _plain(value: Any, depth: int, left: list[int]) -> Any:
    """Return a value if it keeps to the limits; `left` counts what may still come."""
    left[0] -= 1
    if left[0] < 0:
        raise _TooMuch(f"more than {VALUES} values")
    if depth == 0:
        raise _TooMuch(f"nested deeper than {DEPTH}")
    if isinstance(value, dict):
        return {_text(name): _plain(inner, depth - 1, left) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner, depth - 1, left) for inner in value]
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and not abs(value) <= NUMBER:
        raise _TooMuch("a number that is not finite, or too large")
    return value


def _text(value: str) -> str:
    if len(value) > LETTERS:
        raise _TooMuch(f"a text of more than {LETTERS} characters")
    # Half of a pair of surrogates is no character, and cannot be written to a file.
    return value.encode("utf-8", errors="replace").decode("utf-8")


def _named(question: str) -> str:
    """Return a question's id as it can be printed, whatever a student made of it."""
    return "".join(letter for letter in question[:60] if letter.isprintable()) or "(no name)"
