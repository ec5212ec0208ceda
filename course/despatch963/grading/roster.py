"""The roster that an LMS exports, and who on it is who in nbgrader."""

import csv
import io
import unicodedata
from collections.abc import Iterable
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

Row = dict[str, str]


class RosterNotUsable(ValueError):
    """The roster is missing, or is not what the LMS exports."""


class Roster(NamedTuple):
    """What the LMS exported: its delimiter, its columns in order and its rows (column → cell)."""

    delimiter: str
    columns: list[str]
    rows: list[Row]


class Match(NamedTuple):
    """Who is who: nbgrader's student id by place in the roster, and all that do not fit."""

    students: dict[int, str]
    not_on_roster: list[str]
    unknown: list[int]
    ambiguous: list[str]


def read_roster(path: Path) -> Roster:
    """Read a roster in UTF-8, with or without a byte order mark; raise RosterNotUsable."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError:
        raise RosterNotUsable(
            f"There is no roster {path}. Export the gradebook of your course from the LMS as CSV, "
            "save it under this name, or say where it is with --CanvasExport.roster=FILE or "
            "--MoodleExport.roster=FILE."
        ) from None
    except UnicodeDecodeError:
        raise RosterNotUsable(f"{path} is not in UTF-8: export it from the LMS again.") from None
    # The first heading, “Student” or “First name”, holds none of these.
    delimiter = next((letter for letter in text if letter in ",;\t\n"), ",").replace("\n", ",")
    try:
        columns, *lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except (csv.Error, ValueError):
        raise RosterNotUsable(f"{path} is no CSV: export it from the LMS again.") from None
    whole = (zip_longest(columns, line[: len(columns)], fillvalue="") for line in lines)
    return Roster(delimiter, columns, [row for row in map(dict, whole) if any(row.values())])


def match(rows: list[Row], names: Iterable[str], students: Iterable[tuple[str, ...]]) -> Match:
    """Find each student's row: `names` are the columns to look in, `students` their ids.

    A student is (nbgrader's id, other ids such as the LMS's or an e-mail address, …). Capitals, the
    way an accent is encoded and marks of the direction of writing make no difference.
    """
    columns, places = list(names), dict[str, set[int]]()
    for place, row in enumerate(rows):
        for name in columns:
            if row.get(name, "").strip():
                places.setdefault(_plain(row[name]), set()).add(place)
    found, absent, ambiguous = dict[int, list[str]](), [], set[str]()
    for student, *others in students:
        here = set().union(*(places.get(_plain(id), set()) for id in (student, *others) if id))
        if not here:
            absent.append(student)
        elif len(here) > 1:
            ambiguous.add(student)
        else:
            found.setdefault(here.pop(), []).append(student)
    ambiguous |= {student for several in found.values() if len(several) > 1 for student in several}
    matched = {place: one[0] for place, one in found.items() if len(one) == 1}
    unknown = [place for place in range(len(rows)) if place not in found]
    return Match(matched, absent, unknown, sorted(ambiguous))


def _plain(id: str) -> str:
    seen = "".join(letter for letter in id if unicodedata.category(letter) != "Cf")
    return unicodedata.normalize("NFC", seen).strip().casefold()
