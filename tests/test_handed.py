"""A submitted folder is somebody else's: read within limits, never followed out of."""

import json
import os

import pytest
from conftest import ROOT
from despatch963.grading import handed, submission
from despatch963.grading.running.sandbox import NoSandbox, Outcome
from nbconvert.filters import markdown2html

UNIT = "05-the-consulates"


def test_plain_files_are_read_with_those_in_folders(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_bytes(b"1")
    (tmp_path / "answers.json").write_bytes(b"{}")
    assert handed.read(tmp_path) == ({"answers.json": b"{}", "data/a.csv": b"1"}, ())


def test_links_pipes_and_what_may_not_be_read_are_named_and_not_followed(tmp_path):
    secret = tmp_path / "gradebook.db"
    secret.write_bytes(b"marks")
    folder = tmp_path / "submitted"
    folder.mkdir()
    (folder / "answers.json").symlink_to(secret)
    (folder / "up").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    assert handed.read(folder) == ({}, ("answers.json", "pipe", "up"))


@pytest.mark.parametrize(
    ("limit", "value", "read"),
    [("BYTES", 9, {"b", "c"}), ("WHOLE", 15, {"a"}), ("FILES", 2, {"a", "b"})],
)
def test_what_is_too_much_is_named_and_the_rest_read(tmp_path, monkeypatch, limit, value, read):
    for name in "abc":
        (tmp_path / name).write_bytes(b"x" * (10 if name == "a" else 9))
    monkeypatch.setattr(handed, limit, value)
    files, unread = handed.read(tmp_path)
    assert files.keys() == read
    assert set(unread) == {"a", "b", "c"} - read


def test_a_crowd_of_files_does_not_hide_those_that_are_needed(tmp_path):
    for number in range(handed.FILES + 50):
        (tmp_path / f"a{number}").touch()
    (tmp_path / "answers.json").write_bytes(b"{}")
    files, unread = handed.read(tmp_path, ["answers.json", "no-such-file"])
    assert files["answers.json"] == b"{}"
    assert len(files) == handed.FILES and len(unread) == 51


def test_a_crowd_of_files_does_not_hide_a_renamed_notebook(tmp_path):
    for number in range(handed.FILES + 50):
        (tmp_path / f"a{number}").touch()
    (tmp_path / "mine.ipynb").write_bytes(b"{}")
    assert "mine.ipynb" in submission.work(tmp_path, "ada", UNIT).files


def test_a_folder_that_is_a_link_is_not_read(tmp_path):
    (tmp_path / "ben").mkdir()
    (tmp_path / "ben" / "answers.json").write_bytes(b"{}")
    (tmp_path / "ada").symlink_to(tmp_path / "ben")
    assert handed.read(tmp_path / "ada") == ({}, (".",))


def test_folders_without_end_are_left_at_some_depth(tmp_path):
    deep = tmp_path / "/".join(["d"] * 60)
    deep.mkdir(parents=True)
    (deep / "x").write_bytes(b"1")
    files, unread = handed.read(tmp_path)
    assert not files and len(unread) == 1


def test_a_folder_that_is_none_is_named(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    assert handed.read(tmp_path / "file") == ({}, (".",))
    assert handed.read(tmp_path / "nothing") == ({}, (".",))


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    return submission.paper(ROOT / "assignments", UNIT)


@pytest.mark.parametrize(
    "notebook",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b'{"cells": 3}',
        b'{"cells": [3]}',
        b'{"cells": [{"metadata": {"nbgrader": {"grade_id": []}}}]}',
        b'{"cells": [{"id": "exercise-telegram-sum", "source": {}}]}',
        b"[" * 100_000,
        b'{"cells": [{"id": "\\ud800", "source": "\\ud800"}]}',
    ],
)
def test_a_notebook_of_any_bytes_is_graded_by_its_sheet(paper, notebook):
    name, asked = next((n, q) for n, q in paper.questions.items() if q["kind"] == "number")
    entry = {"response": paper.keys[name]["answer"]}
    sheet = json.dumps({"version": 1, "answers": {name: entry}}).encode()
    files = {f"{UNIT}.ipynb": notebook, "answers.json": sheet}
    graded = submission.graded(paper, submission.Work("ada", UNIT, files, ()), None)
    assert not graded.problem
    assert graded.points[name] == asked["points"]
    assert sum(points or 0 for points in graded.points.values()) == asked["points"]
    cells = [cell["id"] for cell in json.loads(graded.notebook)["cells"]]
    ours = [cell["id"] for cell in json.loads(paper.master)["cells"]]
    assert [cell for cell in cells if cell in ours] == ours


def exercised(paper):
    master = json.loads(paper.master)
    for cell in master["cells"]:
        if cell["id"] == "exercise-telegram-sum":
            cell["source"] = "answer('telegram-sum', 1)"
    files = {f"{UNIT}.ipynb": json.dumps(master).encode()}
    return submission.Work("ada", UNIT, files, ())


def test_what_an_exercise_computes_is_marked(paper):
    seen = []

    def run(cells, files):
        seen.extend(cells)
        return Outcome({"telegram-sum": paper.keys["telegram-sum"]["answer"]}, "", "")

    graded = submission.graded(paper, exercised(paper), run)
    assert graded.points["telegram-sum"] == paper.questions["telegram-sum"]["points"]
    assert "answer('telegram-sum', 1)" in seen
    assert not any("question(" in cell for cell in seen)


def test_code_that_cannot_be_shut_in_is_not_run_and_the_instructor_hears_of_it(paper):
    def run(cells, files):
        raise NoSandbox("none is here")

    graded = submission.graded(paper, exercised(paper), run)
    assert not graded.problem
    assert any("were not run" in line and "none is here" in line for line in graded.repairs)


def test_no_code_is_run_where_no_exercise_was_done(paper):
    def run(cells, files):
        raise AssertionError("run")

    files = {f"{UNIT}.ipynb": paper.master}
    submission.graded(paper, submission.Work("ada", UNIT, files, ()), run)


def test_an_assignment_without_its_key_is_refused_in_words(tmp_path):
    with pytest.raises(submission.NoPaper, match="despatch963 build"):
        submission.paper(tmp_path, UNIT)


def test_what_was_put_right_is_shown_as_text_whatever_a_student_called_it(paper):
    sheet = {"version": 1, "answers": {"<script>x</script>": 3, "[a](javascript:b)": 3}}
    files = {f"{UNIT}.ipynb": paper.master, "answers.json": json.dumps(sheet).encode()}
    graded = submission.graded(paper, submission.Work("ada", UNIT, files, ()), None)
    note = json.loads(graded.notebook)["cells"][0]["source"]
    page = markdown2html(note)
    assert "<script" not in page and "href" not in page
    assert page.count("<li>") == 2 and "&lt;script&gt;x" in page
