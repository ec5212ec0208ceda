"""`despatch963 grade` as an instructor runs it: the same gradebook as `nbgrader autograde`."""

import csv
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import classes
import nbformat
import psutil
import pytest
from conftest import ROOT, Course
from despatch963.grading import folders, progress, summary
from filelock import FileLock
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config

pytestmark = pytest.mark.slow

UNIT = "01-who-is-speaking"
CONFIG = (ROOT / "assignments" / "nbgrader_config.py").read_text("utf-8")
LATE = """
c.Autograde.autograde_preprocessors = [
    "nbgrader.preprocessors.Execute",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
]
c.LateSubmissionPlugin.penalty_method = "zero"
"""
STUDENTS = ["ada", "ben", "cem", "dee", "eva", "fay"]


def command(folder, *arguments, unit=UNIT):
    return [sys.executable, "-m", "despatch963.cli", "grade", unit, *arguments]


def grade(course, *arguments, status=0, unit=UNIT, path=None):
    """Run the command in the course's folder; return what it printed and its report."""
    environment = dict(course.environment)
    if path:
        environment["PYTHONPATH"] = os.pathsep.join([environment.get("PYTHONPATH", ""), str(path)])
    run = subprocess.run(
        command(course.folder, *arguments, unit=unit),
        cwd=course.folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert run.returncode == status, run.stdout + run.stderr
    report = course.folder / f"grading-{unit}.json"
    told = json.loads(report.read_text("utf-8")) if report.exists() else {}
    return run.stdout + run.stderr, told


def rows(database):
    """Return everything a person or nbgrader can see of the marks, without the rows' own ids."""
    with Gradebook(database) as book:
        found = {}
        for submission in book.assignment_submissions(UNIT):
            (notebook,) = submission.notebooks
            found[submission.student.id] = {
                "when": submission.timestamp,
                "score": submission.score,
                "late": notebook.late_submission_penalty,
                "needs": submission.needs_manual_grade,
                "failed": notebook.failed_tests,
                "grades": {
                    g.name: (g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade)
                    for g in notebook.grades
                },
                "comments": {c.name: (c.auto_comment, c.manual_comment) for c in notebook.comments},
            }
        return found


def make(place, config=CONFIG, unit=UNIT):
    course = Course(place, config)
    course.nbgrader("generate_assignment", unit, "--create")
    return course


def hand_in_all(course, unit=UNIT):
    responses = classes.perfect(course.folder, unit)
    for seed, name in enumerate(STUDENTS):
        when = "2026-03-01 12:00:00 UTC" if name == "dee" else classes.NOON
        classes.hand_in(
            course.folder,
            unit,
            name,
            {} if name == "ben" else classes.varied(responses, seed),
            essay="The print gives no day." if name != "ben" else "",
            when=when,
        )


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Two courses with the same submissions, autograded by nbgrader and by our command."""
    stock = make(tmp_path_factory.mktemp("stock"), CONFIG + classes.STOCK + LATE)
    hand_in_all(stock)
    with Gradebook(stock.database) as book:
        book.update_or_create_assignment(UNIT, duedate="2026-02-01 00:00:00 UTC")
    ours = Course(tmp_path_factory.mktemp("ours"), CONFIG + LATE)
    shutil.copytree(stock.folder, ours.folder, dirs_exist_ok=True)
    stock.nbgrader("autograde", UNIT)
    for submission in (stock.folder / "autograded").iterdir():
        assert submission.name in STUDENTS
    grade(ours)
    return stock, ours


@pytest.fixture
def course(both, tmp_path):
    """The course that our command graded, to be changed."""
    return copied(both[1], tmp_path)


def test_gradebook_is_the_one_that_autograde_leaves(both):
    stock, ours = both
    assert set(rows(stock.database)) == set(STUDENTS)
    assert rows(ours.database) == rows(stock.database)
    assert rows(ours.database)["dee"]["late"] == rows(ours.database)["dee"]["score"] > 0
    assert rows(ours.database)["ben"]["comments"] != rows(ours.database)["ada"]["comments"]


def test_exported_grades_are_those_after_autograde(both):
    exported = []
    for course in both:
        course.nbgrader("export", "--to=grades.csv")
        with (course.folder / "grades.csv").open(encoding="utf-8", newline="") as file:
            exported.append(sorted(map(sorted, map(dict.items, csv.DictReader(file)))))
    assert exported[0] == exported[1]
    assert len(exported[0]) == len(STUDENTS)


def formgrader(course):
    """Return what formgrader's pages show, without the rows' own ids."""
    config = Config()
    config.CourseDirectory.root = str(course.folder)
    config.CourseDirectory.course_id = "despatch963"
    api = NbGraderAPI(config=config)
    shown = [
        api.get_assignment(UNIT),
        sorted(api.get_submissions(UNIT), key=lambda row: row["student"]),
        sorted(api.get_notebook_submissions(UNIT, UNIT), key=lambda row: row["student"]),
        sorted(api.get_students(), key=lambda row: row["id"]),
    ]
    return json.loads(json.dumps(shown, default=str), object_hook=_without_ids)


def _without_ids(record):
    # The index is the place in the order of ids.
    return {k: v for k, v in record.items() if k not in ("id", "submission_id", "index")}


def test_formgrader_shows_the_numbers_it_shows_after_autograde(both):
    stock, ours = both
    assert formgrader(ours) == formgrader(stock)


def test_graded_folders_hold_the_files_that_autograde_leaves(both):
    held = [
        {
            path.relative_to(course.folder / "autograded").as_posix(): path.stat().st_mode
            for path in (course.folder / "autograded").rglob("*")
        }
        for course in both
    ]
    assert held[0] == held[1]
    assert f"ada/{UNIT}/timestamp.txt" in held[1]


def outputs(course, student):
    """Return what each question cell of a graded notebook shows: its text and its value."""
    notebook = course.folder / "autograded" / student / UNIT / f"{UNIT}.ipynb"
    return {
        cell.metadata.nbgrader.grade_id: [
            output.get("text") or output.data["text/plain"] for output in cell.outputs
        ]
        for cell in nbformat.read(notebook, as_version=4).cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade")
    }


@pytest.mark.parametrize("student", ["ada", "ben", "cem"])
def test_graded_notebooks_show_what_they_show_after_autograde(both, student):
    stock, ours = both
    assert outputs(ours, student) == outputs(stock, student) != {}


def test_feedback_is_made_of_the_graded_folders(course):
    course.nbgrader("generate_feedback", UNIT)
    page = (course.folder / "feedback" / "ada" / UNIT / f"{UNIT}.html").read_text("utf-8")
    assert "The print gives no day." in page
    assert len(list((course.folder / "feedback").rglob("*.html"))) == len(STUDENTS)


def test_unchanged_submissions_are_skipped_and_force_grades_them(course):
    before = rows(course.database)
    _, report = grade(course)
    assert (report["skipped"], report["graded"]) == (len(STUDENTS), 0)
    assert {row["points"] for row in report["submissions"]} != {None}
    _, report = grade(course, "--force")
    assert (report["skipped"], report["graded"]) == (0, len(STUDENTS))
    assert rows(course.database) == before


def test_a_penalty_goes_when_the_rule_for_late_work_does(course):
    before = rows(course.database)
    (course.folder / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    grade(course, "--force")
    assert rows(course.database) == before | {"dee": before["dee"] | {"late": None}}


def test_a_changed_submission_is_graded_again_and_what_people_wrote_is_kept(course):
    with Gradebook(course.database) as book:
        found = book.find_submission(UNIT, "ben")
        (notebook,) = found.notebooks
        essay = next(g for g in notebook.grades if g.cell.cell_type == "markdown")
        essay.manual_score, essay.extra_credit, essay.needs_manual_grade = 3, 1, False
        comment = notebook.comments[0]
        comment.manual_comment = "See me."
        names = essay.name, comment.name
        book.db.commit()
    responses = classes.perfect(course.folder, UNIT)
    again = "2026-01-16 09:00:00 UTC"
    classes.hand_in(course.folder, UNIT, "ben", responses, essay="Now.", when=again)
    _, report = grade(course)
    assert (report["skipped"], report["graded"]) == (len(STUDENTS) - 1, 1)
    ben = rows(course.database)["ben"]
    assert ben["grades"][names[0]][1:] == (3, 1, True)
    assert ben["comments"][names[1]][1] == "See me."
    assert ben["when"].isoformat() == "2026-01-16T09:00:00"
    sheet = json.loads((course.folder / f"autograded/ben/{UNIT}/answers.json").read_text("utf-8"))
    assert sheet["answers"].keys() == responses.keys()


def test_a_corrected_key_grades_everyone_again(course):
    key = course.folder / "keys" / f"{UNIT}.json"
    keys = json.loads(key.read_text("utf-8"))
    keys["keys"]["steady-pace"]["answer"] += 1000
    key.write_text(json.dumps(keys), encoding="utf-8")
    before = rows(course.database)["ada"]["grades"]["steady-pace"][0]
    _, report = grade(course)
    assert report["graded"] == len(STUDENTS)
    assert before > rows(course.database)["ada"]["grades"]["steady-pace"][0] == 0


def test_lost_marks_or_a_lost_folder_are_made_again(course):
    shutil.rmtree(course.folder / "autograded" / "ada")
    with Gradebook(course.database) as book:
        book.remove_submission(UNIT, "cem")
    _, report = grade(course)
    graded = {row["student"] for row in report["submissions"] if row["status"] != "skipped"}
    assert graded == {"ada", "cem"}
    assert rows(course.database).keys() == set(STUDENTS)


DYING = """
import os
from despatch963.grading import worker
grading = worker.graded
def graded(paper, work, run):
    if work.student == "eva":
        os._exit(9)
    if work.student == "fay":
        raise ValueError("no such thing")
    return grading(paper, work, run)
worker.graded = graded
"""


def test_a_worker_that_dies_takes_only_its_submission(course, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(DYING, encoding="utf-8")
    before = rows(course.database)
    printed, report = grade(course, "--force", status=1, path=tmp_path)
    assert (report["graded"], report["failed"]) == (len(STUDENTS) - 2, 2)
    why = {row["student"]: row["why"] for row in report["submissions"] if row["why"]}
    assert why.keys() == {"eva", "fay"}
    assert "died" in why["eva"] and why["eva"] in printed
    assert "no such thing" in why["fay"]
    # What they had is neither lost nor taken for new: the next run grades them.
    assert rows(course.database)["eva"] == before["eva"]


def test_a_second_batch_says_that_one_runs_and_stops(course):
    with FileLock(course.folder / ".despatch963-grade.lock"):
        printed, _ = grade(course, status=1)
    assert "Another `despatch963 grade` is at work" in printed
    assert "Traceback" not in printed


@pytest.mark.parametrize(
    ("change", "arguments", "said"),
    [
        (lambda folder: (folder / "nbgrader_config.py").unlink(), (), "no nbgrader_config.py here"),
        (lambda folder: shutil.rmtree(folder / "submitted"), (), "Run `nbgrader collect"),
        (lambda folder: (folder / "gradebook.db").unlink(), (), "nbgrader generate_assignment"),
        (lambda folder: None, ("--report", "release/marks.json"), "Students get what is in"),
        (lambda folder: None, ("--scheduler", "tcp://127.0.0.1:9"), "No Dask scheduler answers"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line_that_tells_what_to_do(
    course, change, arguments, said
):
    change(course.folder)
    printed, _ = grade(course, *arguments, status=1)
    assert said in printed
    assert "Traceback" not in printed


def test_an_assignment_changed_since_it_was_generated_is_refused(course):
    source = course.folder / "source" / UNIT / f"{UNIT}.ipynb"
    changed = source.read_text("utf-8").replace('"points": 1', '"points": 7', 1)
    source.write_text(changed, encoding="utf-8")
    printed, _ = grade(course, status=1)
    assert "another version" in printed and "--force" in printed


def test_the_report_holds_no_key(course):
    keys = json.loads((course.folder / "keys" / f"{UNIT}.json").read_text("utf-8"))["keys"]
    told = (course.folder / f"grading-{UNIT}.json").read_text("utf-8")
    assert not [name for name, key in keys.items() if key.get("why") and key["why"] in told]


def test_an_old_time_is_kept_where_the_note_of_it_is_damaged(course):
    (course.folder / "submitted" / "ada" / UNIT / "timestamp.txt").write_text("soon\x00")
    before = rows(course.database)["ada"]
    _, report = grade(course)
    assert report["repaired"] == 1
    assert rows(course.database)["ada"] == before


# Killed and started again.

CLASS = 120


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    course = make(tmp_path_factory.mktemp("crowd"))
    responses = classes.perfect(course.folder, UNIT)
    for seed in range(CLASS):
        given = classes.varied(responses, seed)
        classes.hand_in(course.folder, UNIT, f"s{seed:03}", given, essay="Mine.")
    return course


def whole(folder):
    """Check that the gradebook is whole and return how many it remembers as graded."""
    with sqlite3.connect(folder / "gradebook.db") as book:
        assert book.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        if not book.execute(
            "SELECT 1 FROM sqlite_master WHERE name = 'despatch963_graded'"
        ).fetchone():
            return 0
        done = {row[0] for row in book.execute("SELECT submission_id FROM despatch963_graded")}
        cells = book.execute("SELECT count(*) FROM grade_cells").fetchone()[0]
        marked = book.execute(
            "SELECT n.assignment_id, count(*), s.student_id FROM grade g"
            " JOIN submitted_notebook n ON n.id = g.notebook_id"
            " JOIN submitted_assignment s ON s.id = n.assignment_id"
            " WHERE g.auto_score IS NOT NULL GROUP BY n.assignment_id"
        ).fetchall()
    essays = 1
    assert {id for id, count, _ in marked} == done
    for _, count, student in marked:
        assert count == cells - essays
        assert (folder / "autograded" / student / UNIT / "answers.json").is_file()
    return len(done)


def copied(course, place):
    copy = Course(place, CONFIG)
    shutil.copytree(course.folder, copy.folder, dirs_exist_ok=True)
    return copy


def test_killed_at_any_moment_it_goes_on_where_it_was(crowd, tmp_path):
    course, undisturbed = copied(crowd, tmp_path / "killed"), copied(crowd, tmp_path / "other")
    grade(undisturbed)
    chance = random.Random()
    seen = [0]
    for _ in range(8):
        running = subprocess.Popen(
            command(course.folder, "--workers", "2"), cwd=course.folder, env=course.environment
        )
        time.sleep(chance.uniform(0.5, 5))
        below = psutil.Process(running.pid).children(recursive=True)
        running.send_signal(signal.SIGKILL)
        running.wait()
        _, alive = psutil.wait_procs(below, timeout=10)
        assert not alive, "a process outlived the batch"
        seen.append(whole(course.folder))
        assert seen[-1] >= seen[-2]
    _, report = grade(course)
    assert report["skipped"] == seen[-1]
    assert report["graded"] == CLASS - seen[-1]
    assert rows(course.database) == rows(undisturbed.database)
    assert not list((course.folder / "autograded").glob(f"*/.{UNIT}*"))


SLOW = """
import time
from despatch963.grading import worker
grading = worker.graded
def graded(*given):
    time.sleep(0.3)
    return grading(*given)
worker.graded = graded
"""


def test_stopped_from_the_keyboard_it_says_how_to_go_on(crowd, tmp_path):
    course = copied(crowd, tmp_path)
    (tmp_path / "sitecustomize.py").write_text(SLOW, encoding="utf-8")
    environment = dict(course.environment)
    environment["PYTHONPATH"] = str(tmp_path)
    running = subprocess.Popen(
        command(course.folder, "--force"),
        cwd=course.folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    # When there are two, the first is through.
    while len(list((course.folder).glob(f"autograded/*/{UNIT}"))) < 2:
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGINT)
    printed = running.communicate(timeout=60)[0]
    assert running.returncode == 1
    assert "Start again to go on" in printed and "Traceback" not in printed
    # What was in its place already is in the gradebook too.
    assert whole(course.folder) > 0
    grade(course)
    assert whole(course.folder) == CLASS


# Parts that need no course.


class _Terminal:
    def __init__(self, tty):
        self.tty, self.text = tty, ""

    def isatty(self):
        return self.tty

    def write(self, text):
        self.text += text

    def flush(self):
        pass


def test_progress_tells_count_rate_and_time_left_on_a_terminal_only():
    assert (
        progress.line(50, 200, 25) == f"{'#' * 6}{'.' * 18} 50 of 200, 25.0 a second, 0:00:06 left"
    )
    for tty in (True, False):
        out = _Terminal(tty)
        with progress.shown(2, out) as step:
            step(True)
            step(False)
        assert ("2 of 2" in out.text) == tty
        assert bool(out.text) == tty


def test_what_a_student_adds_gets_nowhere_but_beside_ours():
    theirs = {
        "notes.txt": b"mine",
        "questions.json": b"forged",
        "other.ipynb": b"{}",
        "keys/fake.json": b"{}",
        "../escaped": b"",
        "data": b"a file where our folder is",
        "unit.ipynb/x": b"below our file",
    }
    ours = {"questions.json": b"true", "unit.ipynb": b"{}", "data/table.csv": b"1"}
    assert folders.merged(theirs, ours, ["keys"]) == ours | {"notes.txt": b"mine"}


def test_a_folder_is_replaced_whole(tmp_path):
    place = tmp_path / "ada" / "unit"
    folders.put(place, {"a": b"1", "sub/b": b"2"}, 0o444)
    (tmp_path / "ada" / ".unit.new").mkdir()
    folders.put(place, {"c": b"3"}, 0o444)
    assert [path.name for path in place.parent.rglob("*")] == ["unit", "c"]


def test_a_student_cannot_make_the_report_endless():
    told = summary.brief(["x" * 10_000] * 10_000)
    assert len(told) < 50 and max(map(len, told)) < 400
    assert "9970 more" in told[-1]


def test_names_that_would_move_the_cursor_are_printed_plainly(tmp_path):
    line = summary.Line("ada\x1b[2J", summary.FAILED, None, (), "why")
    assert "\x1b" not in summary.table([line], Path("report.json"))
