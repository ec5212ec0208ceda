"""The reader's own folder: what is put there, and what is left alone."""

import json
from pathlib import Path

import nbformat
import pytest
from despatch963 import study
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output


def _lesson(words: str) -> str:
    return nbformat.writes(new_notebook(cells=[new_markdown_cell(words, id="a")])) + "\n"


def _code(source: str) -> str:
    return nbformat.writes(new_notebook(cells=[new_code_cell(source, id="a")])) + "\n"


def _master() -> str:
    essay = {
        "nbgrader": {
            "grade": True,
            "grade_id": "essay",
            "locked": False,
            "points": 5,
            "schema_version": 3,
            "solution": True,
            "task": False,
        }
    }
    graded = {
        "nbgrader": {
            **essay["nbgrader"],
            "grade_id": "who",
            "locked": True,
            "solution": False,
        }
    }
    cells = [
        new_markdown_cell("a model answer", id="essay", metadata=essay),
        new_code_cell('question("who")', id="who", metadata=graded),
    ]
    return nbformat.writes(new_notebook(cells=cells)) + "\n"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    files = {
        "notebooks/00-start-here.ipynb": _lesson("Welcome"),
        "notebooks/01-first.ipynb": _lesson("One"),
        "notebooks/questions.json": '{"questions": {}}\n',
        "notebooks/keys/01-first.json": '{"keys": {"practice": 1}}\n',
        "assignments/source/01-first/01-first.ipynb": _master(),
        "assignments/source/01-first/questions.json": '{"questions": {"who": {}}}\n',
        "assignments/keys/01-first.json": '{"keys": {"who": 1}}\n',
    }
    for name, text in files.items():
        _put(tmp_path / "course" / name, text)
    return tmp_path / "course"


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _prepare(course: Path) -> list[str]:
    return study.prepare(course / "notebooks", course / "assignments", course.parent / "study")


def _tree(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        file.relative_to(folder).as_posix(): (file.read_bytes(), file.stat().st_mtime_ns)
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_study_has_lessons_assignments_and_both_kinds_of_keys(course: Path) -> None:
    assert _prepare(course) == []
    assert set(_tree(course.parent / "study")) == {
        ".prepared.json",
        "00-start-here.ipynb",
        "01-first.ipynb",
        "questions.json",
        "keys/01-first.json",
        "assignments/01-first/01-first.ipynb",
        "assignments/01-first/questions.json",
        "assignments/keys/01-first.json",
    }


def test_a_course_without_graded_keys_gives_a_study_without_them(course: Path) -> None:
    (course / "assignments/keys/01-first.json").unlink()
    (course / "assignments/keys").rmdir()
    _prepare(course)
    assert not (course.parent / "study/assignments/keys").exists()


def test_an_assignment_is_given_as_students_get_it(course: Path) -> None:
    _prepare(course)
    path = course.parent / "study/assignments/01-first/01-first.ipynb"
    essay, who = nbformat.read(path, as_version=4).cells
    assert "model answer" not in path.read_text(encoding="utf-8")
    assert essay.source == "YOUR ANSWER HERE"
    assert who.metadata.editable is False
    assert who.metadata.deletable is False


def test_a_second_start_writes_nothing(course: Path) -> None:
    _prepare(course)
    before = _tree(course.parent / "study")
    assert _prepare(course) == []
    assert _tree(course.parent / "study") == before


def test_an_unchanged_notebook_follows_the_course(course: Path) -> None:
    _prepare(course)
    _put(course / "notebooks/01-first.ipynb", _lesson("One, better"))
    assert _prepare(course) == []
    assert "One, better" in (course.parent / "study/01-first.ipynb").read_text(encoding="utf-8")
    assert not list((course.parent / "study").glob("*new-version*"))


def test_a_notebook_that_was_only_opened_follows_the_course(course: Path) -> None:
    _prepare(course)
    opened = course.parent / "study/01-first.ipynb"
    notebook = nbformat.read(opened, as_version=4)
    notebook.metadata["language_info"] = {"name": "python", "version": "3.11.7"}
    nbformat.write(notebook, opened)
    _put(course / "notebooks/01-first.ipynb", _lesson("One, better"))
    assert _prepare(course) == []
    assert "One, better" in opened.read_text(encoding="utf-8")


def test_a_notebook_that_was_run_stays(course: Path) -> None:
    _put(course / "notebooks/01-first.ipynb", _code("1 + 1"))
    _prepare(course)
    run = course.parent / "study/01-first.ipynb"
    notebook = nbformat.read(run, as_version=4)
    notebook.cells[0].outputs = [new_output("stream", text="2")]
    nbformat.write(notebook, run)
    before = run.read_bytes()
    _put(course / "notebooks/01-first.ipynb", _code("2 + 2"))
    assert len(_prepare(course)) == 1
    assert run.read_bytes() == before


def test_a_notebook_the_reader_changed_stays_when_the_course_does_not_change(course: Path) -> None:
    _prepare(course)
    _put(course.parent / "study/01-first.ipynb", _lesson("My notes"))
    before = _tree(course.parent / "study")
    assert _prepare(course) == []
    assert _tree(course.parent / "study") == before


def test_a_newer_version_is_put_beside_a_notebook_the_reader_changed(course: Path) -> None:
    _prepare(course)
    mine = course.parent / "study/01-first.ipynb"
    _put(mine, _lesson("My notes"))
    _put(course / "notebooks/01-first.ipynb", _lesson("One, better"))
    told = _prepare(course)
    assert len(told) == 1
    assert "01-first.ipynb stays" in told[0]
    assert "01-first-new-version.ipynb" in told[0]
    assert "My notes" in mine.read_text(encoding="utf-8")
    beside = mine.with_name("01-first-new-version.ipynb")
    assert "One, better" in beside.read_text(encoding="utf-8")
    assert _prepare(course) == []


def test_each_copy_the_reader_changed_stays_through_several_versions(course: Path) -> None:
    _prepare(course)
    folder = course.parent / "study"
    for number, name in enumerate(
        ["01-first.ipynb", "01-first-new-version.ipynb", "01-first-new-version-2.ipynb"]
    ):
        _put(folder / name, _lesson(f"Mine {number}"))
        _put(course / "notebooks/01-first.ipynb", _lesson(f"Version {number}"))
        _prepare(course)
    assert "Mine 0" in (folder / "01-first.ipynb").read_text(encoding="utf-8")
    assert "Mine 1" in (folder / "01-first-new-version.ipynb").read_text(encoding="utf-8")
    assert "Mine 2" in (folder / "01-first-new-version-2.ipynb").read_text(encoding="utf-8")
    assert "Version 2" in (folder / "01-first-new-version-3.ipynb").read_text(encoding="utf-8")


def test_an_assignment_the_reader_worked_in_stays(course: Path) -> None:
    _prepare(course)
    mine = course.parent / "study/assignments/01-first/01-first.ipynb"
    _put(mine, _lesson("My essay"))
    _put(course / "assignments/source/01-first/01-first.ipynb", _master().replace("who", "whom"))
    assert len(_prepare(course)) == 1
    assert "My essay" in mine.read_text(encoding="utf-8")
    assert mine.with_name("01-first-new-version.ipynb").is_file()


def test_answer_sheets_are_never_touched_and_never_given(course: Path) -> None:
    _put(course / "notebooks/answers.json", '{"version": 1, "answers": {"of": "the author"}}')
    _prepare(course)
    sheet = course.parent / "study/answers.json"
    assert not sheet.exists()
    _put(sheet, '{"version": 1, "answers": {}}')
    before = sheet.stat().st_mtime_ns
    _put(course / "notebooks/01-first.ipynb", _lesson("One, better"))
    _prepare(course)
    assert sheet.read_text(encoding="utf-8") == '{"version": 1, "answers": {}}'
    assert sheet.stat().st_mtime_ns == before


def test_questions_and_keys_always_follow_the_course(course: Path) -> None:
    _prepare(course)
    folder = course.parent / "study"
    _put(folder / "questions.json", "changed by hand")
    _put(folder / "keys/01-first.json", "changed by hand")
    _put(course / "assignments/keys/01-first.json", '{"keys": {"who": 2}}\n')
    assert _prepare(course) == []
    for there, here in {
        "notebooks/questions.json": "questions.json",
        "notebooks/keys/01-first.json": "keys/01-first.json",
        "assignments/keys/01-first.json": "assignments/keys/01-first.json",
    }.items():
        assert (folder / here).read_bytes() == (course / there).read_bytes()


def test_what_left_the_course_goes_unless_the_reader_changed_it(course: Path) -> None:
    _put(course / "notebooks/02-second.ipynb", _lesson("Two"))
    _put(course / "notebooks/03-third.ipynb", _lesson("Three"))
    _prepare(course)
    _put(course.parent / "study/03-third.ipynb", _lesson("My notes"))
    (course / "notebooks/02-second.ipynb").unlink()
    (course / "notebooks/03-third.ipynb").unlink()
    told = _prepare(course)
    assert not (course.parent / "study/02-second.ipynb").exists()
    assert (course.parent / "study/03-third.ipynb").exists()
    assert told == ["03-third.ipynb is no longer part of the course; yours stays where it is."]
    assert _prepare(course) == []


def test_a_notebook_the_reader_deleted_comes_back(course: Path) -> None:
    _prepare(course)
    (course.parent / "study/01-first.ipynb").unlink()
    _prepare(course)
    assert (course.parent / "study/01-first.ipynb").is_file()


@pytest.mark.parametrize("stop_at", range(8))
def test_an_interrupted_start_is_completed_by_the_next(
    course: Path, stop_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _prepare(course)
    _put(course / "notebooks/01-first.ipynb", _lesson("One, better"))
    _put(course / "notebooks/00-start-here.ipynb", _lesson("Welcome back"))
    _put(course / "assignments/source/01-first/01-first.ipynb", _master().replace("who", "whom"))
    if stop_at % 2:
        (course.parent / "study/.prepared.json").unlink()
    _put(course / "notebooks/02-second.ipynb", _lesson("Two"))
    write = study._write
    writes = 0

    def stop(path: Path, content: bytes) -> None:
        nonlocal writes
        writes += 1
        if writes > stop_at // 2:
            path.with_name(f".{path.name}.part").write_bytes(content[:10])
            raise KeyboardInterrupt
        write(path, content)

    monkeypatch.setattr(study, "_write", stop)
    with pytest.raises(KeyboardInterrupt):
        _prepare(course)
    monkeypatch.undo()
    _prepare(course)
    folder = course.parent / "study"
    # Without its manifest a start cannot tell old copies from the reader's work: it keeps both.
    kept = "-new-version" if stop_at % 2 else ""
    assert "One, better" in (folder / f"01-first{kept}.ipynb").read_text(encoding="utf-8")
    assert "Two" in (folder / "02-second.ipynb").read_text(encoding="utf-8")
    assert _prepare(course) == []
    assert not list(folder.rglob("*.part"))


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"01-first.ipynb": 3}', '{"a": {"source": 1}}'])
def test_a_damaged_manifest_loses_nothing(course: Path, damage: str) -> None:
    _prepare(course)
    mine = course.parent / "study/01-first.ipynb"
    _put(mine, _lesson("My notes"))
    _put(course.parent / "study/.prepared.json", damage)
    _prepare(course)
    assert "My notes" in mine.read_text(encoding="utf-8")
    assert _prepare(course) == []
    manifest = json.loads((course.parent / "study/.prepared.json").read_text(encoding="utf-8"))
    assert "01-first.ipynb" in manifest


def test_a_course_not_built_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(study.NothingToRead, match="despatch963 build"):
        study.prepare(tmp_path / "notebooks", tmp_path / "assignments", tmp_path / "study")
    assert not (tmp_path / "study").exists()
