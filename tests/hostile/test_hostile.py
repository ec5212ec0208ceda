"""A class of which most mean harm, graded once, as an instructor does it."""

import hashlib
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import classes
import pytest
from conftest import ROOT, Course
from despatch963.grading.running import bubblewrap
from leaks import leaks, readable, secrets
from nbgrader.api import Gradebook

from hostile import bombs, files, notebooks, overriding, reading, sheets, watch
from hostile.case import COMPUTED, ESSAY, EXERCISES, HONEST, OPEN, UNIT, Case, Place
from hostile.code import CANARY, cell

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the sandbox and the watch are Linux's"),
]

CASES: list[Case] = [
    case
    for module in (sheets, files, notebooks, reading, overriding, bombs)
    for case in module.CASES
]
HONEST_STUDENTS = ("honest-all", "honest-half", "nobody-answers", "zoe-computes")
"""The first is looked for by attackers; the last comes after all of them."""
WRITTEN = "The print gives no day."
CONFIG = (ROOT / "assignments" / "nbgrader_config.py").read_text("utf-8")
# Some run until they are ended.
CONFIG += "\nc.GradeMaster.seconds = 20\n"

MEMORY, DISK, PROCESSES = 3_000_000_000, 500_000_000, 60
"""More than this the batch may not take, at any moment."""


def student(case: Case) -> str:
    return case.student or case.name


@contextmanager
def listener(abstract: str) -> Iterator[tuple[int, list[str]]]:
    """Listen as a careless service of the grader's machine would; give its port and callers."""
    secret, calls = f"{CANARY}network".encode(), []
    open_ones = [
        socket.create_server(("127.0.0.1", 0)),
        socket.socket(socket.AF_UNIX),
        socket.socket(type=socket.SOCK_DGRAM),
    ]
    port = open_ones[0].getsockname()[1]
    open_ones[1].bind("\0" + abstract)
    open_ones[1].listen()
    open_ones[2].bind(("127.0.0.1", port))

    def answer(line: socket.socket) -> None:
        while True:
            try:
                if line.type == socket.SOCK_DGRAM:
                    _, caller = line.recvfrom(100)
                    line.sendto(secret, caller)
                else:
                    with line.accept()[0] as caller:
                        caller.sendall(secret)
            except OSError:
                return
            calls.append(f"{line.family.name} {line.type.name}")

    threads = [threading.Thread(target=answer, args=(line,), daemon=True) for line in open_ones]
    for thread in threads:
        thread.start()
    try:
        yield port, calls
    finally:
        for line in open_ones:
            line.shutdown(socket.SHUT_RDWR) if line.type != socket.SOCK_DGRAM else None
            line.close()


def plant(course: Course, unit: str) -> None:
    """Put a secret into each place that is nobody's business but the instructor's."""
    key = course.folder / "keys" / f"{unit}.json"
    content = json.loads(key.read_text("utf-8"))
    content["keys"][OPEN[0]]["why"] += f" {CANARY}keys"
    key.write_text(json.dumps(content), "utf-8")
    (course.home / "secret.txt").write_text(f"{CANARY}home", "utf-8")
    course.environment["SECRET"] = f"{CANARY}environment"
    with Gradebook(course.database) as book:
        book.update_or_create_student("honest-all", last_name=f"{CANARY}gradebook")


def make_class(course: Course, port: int, abstract: str) -> None:
    responses = classes.perfect(course.folder, UNIT)
    half = {name: responses[name] for name in HONEST}
    given = {"honest-all": responses, "honest-half": half, "nobody-answers": {}, "zoe-computes": {}}
    for name in HONEST_STUDENTS:
        folder = classes.hand_in(course.folder, UNIT, name, given[name], essay=WRITTEN)
        for size in range(0, 9000, 500):
            # Of many sizes, as it is the size that decides what freed memory is used for next.
            diary = folder / ("diary.txt" if not size else f"diary-{size}.txt")
            diary.write_text("z" * size + f"{CANARY}diary", "utf-8")
    for name in ("honest-all", "zoe-computes"):
        notebook = course.folder / "submitted" / name / UNIT / f"{UNIT}.ipynb"
        classes.compute(notebook, {name: responses[name] for name in EXERCISES})
    for case in CASES:
        folder = classes.hand_in(course.folder, UNIT, student(case), half, essay=WRITTEN)
        case.do(Place(folder, course.folder, course.home, port, abstract))


def hashes(folder: Path) -> dict[str, str]:
    """Return what stands in the instructor's own files."""
    found = {}
    for name in ("keys", "source", "release"):
        for path in sorted((folder / name).rglob("*")):
            if path.is_file():
                found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


class Batch(NamedTuple):
    """The course after one run of the command."""

    course: Course
    watched: watch.Watched
    report: dict
    before: dict[str, str]
    calls: list[str]


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    if bubblewrap.missing():
        pytest.skip(bubblewrap.missing())
    place = tmp_path_factory.mktemp("hostile")
    course = Course(place, CONFIG)
    course.nbgrader("generate_assignment", UNIT, "--create")
    plant(course, UNIT)
    (place / "tmp").mkdir()
    course.environment["TMPDIR"] = str(place / "tmp")
    abstract = f"despatch963-{os.getpid()}"
    with listener(abstract) as (port, calls):
        make_class(course, port, abstract)
        before = hashes(course.folder)
        watched = watch.run(
            [sys.executable, "-m", "despatch963.cli", "grade", UNIT, "--workers", "2"],
            course.folder,
            course.environment,
            place,
        )
    path = course.folder / f"grading-{UNIT}.json"
    assert path.is_file(), watched.printed
    yield Batch(course, watched, json.loads(path.read_text("utf-8")), before, calls)
    (place / "course" / "submitted" / "locked" / UNIT / "diary").chmod(0o700)


@pytest.fixture(scope="module")
def earned(batch):
    """What each student has for each question, by the gradebook."""
    with sqlite3.connect(batch.course.folder / "gradebook.db") as book:
        rows = book.execute(
            "SELECT s.student_id, c.name, g.auto_score FROM grade g"
            " JOIN base_cell c ON c.id = g.cell_id"
            " JOIN submitted_notebook n ON n.id = g.notebook_id"
            " JOIN submitted_assignment s ON s.id = n.assignment_id"
        ).fetchall()
    found: dict[str, dict[str, float]] = {}
    for who, question, score in rows:
        found.setdefault(who, {})[question] = score
    return found


@pytest.fixture(scope="module")
def points(batch):
    asked = json.loads((batch.course.folder / f"source/{UNIT}/questions.json").read_text("utf-8"))
    return {n: q["points"] for n, q in asked["questions"].items() if q["kind"] != "essay"}


def line(batch, who):
    (told,) = (row for row in batch.report["submissions"] if row["student"] == who)
    return told


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_earns_what_it_deserves_and_no_more(batch, earned, points, case):
    if case.refused:
        who = student(case).encode("utf-8", "replace").decode()
        told = line(batch, who)
        assert told["status"] == "failed" and case.refused in told["why"]
        assert who not in earned
        return
    told = line(batch, student(case))
    assert not told["why"]
    got = {question: earned[student(case)][question] for question in points}
    due = {q: worth if q in case.deserves else 0 for q, worth in points.items()}
    assert {q: p for q, p in got.items() if p != due[q]} == {}, told["repairs"]
    # None is for a person to give; an essay that nobody wrote has its 0 at once.
    assert earned[student(case)][ESSAY] == (0 if ESSAY in case.loses else None)


def test_honest_work_among_it_has_its_marks(earned, points):
    for who in HONEST_STUDENTS:
        got = {question: earned[who][question] for question in points}
        right = {"honest-all": set(points), "honest-half": set(HONEST), "nobody-answers": set(),
                 "zoe-computes": set(EXERCISES)}  # fmt: skip
        assert got == {q: worth if q in right[who] else 0 for q, worth in points.items()}, who
        assert earned[who][ESSAY] is None


def test_the_batch_goes_through_to_its_end_and_tells_of_each(batch):
    everyone = {student(case) for case in CASES} | set(HONEST_STUDENTS)
    refused = {student(case) for case in CASES if case.refused}
    readable_names = {name.encode("utf-8", "replace").decode() for name in everyone}
    assert {row["student"] for row in batch.report["submissions"]} == readable_names
    assert batch.report["failed"] == len(refused)
    assert batch.report["graded"] == len(everyone) - len(refused)
    assert batch.watched.status == 1  # as one could not be graded
    assert "Traceback" not in batch.watched.printed
    assert not [c for c in batch.watched.printed if not (c.isprintable() or c == "\n")]


def test_whoever_is_honest_is_not_said_to_be_repaired(batch):
    for who in ("honest-all", "honest-half", "zoe-computes"):
        assert line(batch, who)["repairs"] == []


def test_no_secret_got_anywhere(batch):
    folder = batch.course.folder
    for case in CASES:
        for path in (folder / "autograded" / student(case)).rglob("*"):
            if path.is_file():
                assert CANARY.encode() not in path.read_bytes(), (case.name, path.name)
    report = (folder / f"grading-{UNIT}.json").read_text("utf-8")
    assert CANARY not in report and CANARY not in batch.watched.printed
    hidden = secrets()
    assert leaks(folder / "autograded", hidden) == []
    assert not [secret for secret in hidden if secret in readable(report)]


def test_feedback_on_it_holds_no_key_and_no_secret(batch):
    for who in ("keys-by-path", "forged-outputs"):
        batch.course.nbgrader("generate_feedback", UNIT, "--student", who)
        page = (batch.course.folder / "feedback" / who / UNIT / f"{UNIT}.html").read_text("utf-8")
        assert CANARY not in page
        assert "99999" not in page and "<script>alert(1)" not in page
    assert leaks(batch.course.folder / "feedback", secrets()) == []


def test_the_instructors_files_are_as_they_were(batch):
    assert hashes(batch.course.folder) == batch.before
    for name in (
        "",
        "keys",
        "source",
        "submitted",
        "autograded",
        "release",
        "submitted/honest-all",
    ):
        assert list((batch.course.folder / name).glob("was-here*")) == []
    package = ROOT / "course"
    assert [*package.rglob("was[-_]here*"), *Path(sys.prefix).rglob("was[-_]here*")] == []


def test_the_gradebook_is_whole(batch, earned, points):
    with sqlite3.connect(batch.course.folder / "gradebook.db") as book:
        assert book.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    for who, scores in earned.items():
        assert scores.keys() >= points.keys(), who


def test_nobody_outside_was_called(batch):
    assert batch.calls == []


def test_memory_disk_and_processes_are_bounded(batch):
    print({name: v for name, v in batch.watched._asdict().items() if name != "printed"})
    assert 100_000_000 < batch.watched.memory < MEMORY
    assert 10_000_000 < batch.watched.disk < DISK
    assert 3 < batch.watched.processes < PROCESSES


def test_nothing_is_left_behind(batch):
    assert batch.watched.left == []
    temporary = batch.course.folder.parent / "tmp"
    assert [path.name for path in temporary.iterdir()] == []
    assert list((batch.course.folder / "autograded").glob(f"*/.{UNIT}*")) == []


# The controls: what the sandbox keeps out is there to be found without it.


@pytest.mark.parametrize("case", [c for c in CASES if c.finds], ids=lambda case: case.name)
def test_without_the_sandbox_it_would_succeed(batch, tmp_path, case):
    course = tmp_path / "course"
    for name in ("keys", "source", "submitted/honest-all", "release"):
        shutil.copytree(batch.course.folder / name, course / name)
    shutil.copy(batch.course.folder / "gradebook.db", course)
    folder = course / "autograded" / "eve" / UNIT
    shutil.copytree(course / "release" / UNIT, folder)
    abstract = f"despatch963-control-{os.getpid()}"
    with listener(abstract) as (port, calls):
        place = Place(folder, course, batch.course.home, port, abstract)
        code = "from despatch963 import answer\n" + cell(place, case.code)
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=folder,
            env=batch.course.environment,
            capture_output=True,
            timeout=60,
            check=False,
        )
    assert CANARY in (folder / "loot.txt").read_text("utf-8", errors="replace")
    assert bool(calls) == case.name.startswith("network")


def test_there_are_enough_of_them():
    assert len({student(case) for case in CASES}) == len(CASES) >= 40
    assert sum(bool(case.code) for case in CASES) >= 40
    assert set(COMPUTED) and all(case.why for case in CASES)
