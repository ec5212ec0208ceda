"""The report on a class: what it counts, what it shows, and whom it does not name."""

import json
import os
import re
import shutil
import sys
from pathlib import Path

import browser
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT
from despatch963 import answers, despatch
from despatch963.authoring.perfect import perfect_response
from despatch963.cli import main
from despatch963.grading import attendance, classroom, reading
from despatch963.grading.report import report
from despatch963.questions import span
from nbgrader.api import Gradebook
from playwright.sync_api import sync_playwright

UNIT = "02-what-is-claimed"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Nine students: `right` marks the first of them who answer everything rightly, the others
    answer the first half so; Zoë hands in nothing but an unreadable sheet."""
    folder = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "assignments" / "source" / UNIT, folder / "source" / UNIT)
    shutil.copytree(ROOT / "assignments" / "keys", folder / "keys")
    asked = json.loads((folder / "source" / UNIT / "questions.json").read_text("utf-8"))
    keys = json.loads((folder / "keys" / f"{UNIT}.json").read_text("utf-8"))["keys"]
    marked = [n for n, q in asked["questions"].items() if q["kind"] != "essay"]
    for number in range(8):
        sheet = folder / "submitted" / f"student-{number}" / UNIT
        sheet.mkdir(parents=True)
        for name in marked if number < 4 else marked[: len(marked) // 2]:
            response = perfect_response({"id": name, **asked["questions"][name]}, keys[name])
            answers.save(sheet, name, response)
    broken = folder / "submitted" / "<zoë>" / UNIT
    broken.mkdir(parents=True)
    (broken / "answers.json").write_text("{", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def page_of_report(course):
    return report(course, UNIT)


def test_every_sheet_counts_and_an_unreadable_one_is_empty(course):
    group = classroom.read(course, UNIT)
    scores = classroom.scores(group)
    assert len(scores) == 9
    assert scores.loc["student-0"].eq(1).all()
    assert scores.loc["<zoë>"].eq(0).all()
    last = list(group.questions)[-1]
    assert classroom.answered(group)[last] == 4


def test_words_are_counted_once_a_student_and_the_key_is_what_all_the_right_ones_marked(course):
    group = classroom.read(course, UNIT)
    marked, wanted = reading.marked_words(group), reading.key_words(group)
    assert wanted and max(marked.values()) == 8
    assert all(marked[word] >= 4 for word in wanted)


def test_a_misreading_is_counted_with_its_reason(course, tmp_path):
    copy = tmp_path / "course"
    shutil.copytree(course, copy)
    group = classroom.read(copy, UNIT)
    name, asked = next((n, q) for n, q in group.questions.items() if q["kind"] == "claim")
    key = group.keys[name]
    wrong = next(option for option in asked["options"] if option != key["answer"])
    for number in range(3):
        sheet = copy / "submitted" / f"student-{number}" / UNIT
        right = answers.read(sheet)[name]
        answers.save(sheet, name, {"claim": wrong, "evidence": right["evidence"]})
    (first, *_) = classroom.misreadings(classroom.read(copy, UNIT), name)
    assert (first.times, first.wrong) == (3, asked["options"][wrong])
    assert first.reason == key["because"][wrong]


def test_a_wrong_pair_is_told_by_the_words_of_both(course, tmp_path):
    copy = tmp_path / "course"
    shutil.copytree(course, copy)
    group = classroom.read(copy, UNIT)
    name, asked = next((n, q) for n, q in group.questions.items() if q["kind"] == "match")
    key = group.keys[name]
    item, right = next((i, o) for i, o in key["answer"].items() if i in key["because"])
    wrong = next(option for option in asked["options"] if option != right)
    for number in range(3):
        sheet = copy / "submitted" / f"student-{number}" / UNIT
        answers.save(sheet, name, {**key["answer"], item: wrong})
    found = classroom.misreadings(classroom.read(copy, UNIT), name)
    said = f"{asked['items'][item]} → {asked['options'][wrong]}"
    assert (3, said, key["because"][item]) in found


def test_the_page_tells_the_share_of_the_class_at_each_word_beside_the_key(course):
    group = classroom.read(course, UNIT)
    marked, wanted = reading.marked_words(group), reading.key_words(group)
    passages = reading.reading(group)
    for passage in passages:
        words = [piece for piece in passage.pieces if piece.step or piece.key]
        counted = [times for (where, _), times in sorted(marked.items()) if where == passage.id]
        assert [piece.times for piece in words if piece.times] == counted
        assert sum(piece.key for piece in words) == sum(at == passage.id for at, _ in wanted)
        # Of nine, eight are in the last fifth of the class, four in the middle one.
        assert all({8: 5, 4: 3, 0: 0}[piece.times] == piece.step for piece in words)
        assert {run.times for run in passage.runs if run.key} <= {4, 8}
    assert [p.id for p in passages] == sorted((p.id for p in passages), key=despatch.ids().index)


def test_what_many_marked_beside_the_key_is_named_with_their_number(course, tmp_path):
    copy = tmp_path / "course"
    shutil.copytree(course, copy)
    group = classroom.read(copy, UNIT)
    name, asked = next((n, q) for n, q in group.questions.items() if q["kind"] == "evidence")
    passage, text = next(iter(asked["text"].items()))
    for number in range(5):
        sheet = copy / "submitted" / f"student-{number}" / UNIT
        answers.save(sheet, name, [span(passage, text, 0, text.index(" ", 12))])
    (found,) = (p for p in reading.reading(classroom.read(copy, UNIT)) if p.id == passage)
    others = [run for run in found.runs if not run.key]
    assert others[0].times >= 5 and text.startswith(others[0].words.split()[0])


@pytest.fixture
def known(course, tmp_path, monkeypatch):
    """The same class with a gradebook: it knows one more, and a due date at noon in Berlin."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    copy = tmp_path / "course"
    shutil.copytree(course, copy)
    shutil.copy(ROOT / "assignments" / "nbgrader_config.py", copy)
    with Gradebook(f"sqlite:///{copy / 'gradebook.db'}", "despatch963") as book:
        book.add_assignment(UNIT, duedate="2026-03-29 12:00 Europe/Berlin")
        for student in ("<zoë>", "absent", *(f"student-{number}" for number in range(8))):
            book.add_student(student)
    stamps = {"student-0": "2026-03-29 10:00:00 UTC", "student-1": "2026-03-29 10:00:01 UTC"}
    for student, stamp in stamps.items():
        (copy / "submitted" / student / UNIT / "timestamp.txt").write_text(stamp, encoding="utf-8")
    return copy


def test_who_handed_in_who_was_late_and_who_did_not_is_told_of_the_class_in_the_gradebook(known):
    came = attendance.attendance(known, UNIT, classroom.read(known, UNIT).folders)
    assert (came.late, came.missing) == (["student-1"], ["absent"])
    page = " ".join(report(known, UNIT).split())
    assert "9 of 10 in the gradebook handed in" in page
    assert "Due on 2026-03-29 10:00 UTC; 1 late." in page
    assert "1 sheet holds no answer, or could not be read" in page
    assert "absent" not in page
    assert re.search(r"absent</th>.*nothing", report(known, UNIT, names=True))


def test_an_extension_makes_nobody_late(known, monkeypatch):
    with Gradebook(f"sqlite:///{known / 'gradebook.db'}", "despatch963") as book:
        book.add_submission(UNIT, "student-1")
        book.grant_extension(UNIT, "student-1", minutes=1)
    folders = classroom.read(known, UNIT).folders
    assert attendance.attendance(known, UNIT, folders).late == []


def test_without_a_gradebook_the_page_says_that_it_does_not_know_the_class(course, page_of_report):
    assert "9 handed in" in page_of_report and "no gradebook here" in page_of_report
    assert not (course / "gradebook.db").exists(), "a report makes none"


def test_students_are_named_only_when_asked_for(course, page_of_report):
    assert "student-0" not in page_of_report and "zoë" not in page_of_report
    named = report(course, UNIT, names=True)
    assert "student-0" in named and "&lt;zoë&gt;" in named and "<zoë>" not in named


def test_the_graded_sheet_is_taken_before_the_submitted_one(course, tmp_path):
    copy = tmp_path / "course"
    shutil.copytree(course, copy)
    graded = copy / "autograded" / "student-0" / UNIT
    graded.mkdir(parents=True)
    assert classroom.read(copy, UNIT).responses["student-0"] == {}


def test_a_class_that_is_not_there_is_named_with_what_to_do(course, tmp_path):
    with pytest.raises(classroom.NothingToReport, match="keys"):
        report(course, "no-such-unit")
    shutil.copytree(course / "source", tmp_path / "source")
    shutil.copytree(course / "keys", tmp_path / "keys")
    with pytest.raises(classroom.NothingToReport, match="nbgrader collect"):
        report(tmp_path, UNIT)


def test_the_command_writes_the_page_where_the_course_is(course, monkeypatch, capsys):
    monkeypatch.chdir(course)
    assert main(["report", UNIT]) == 0
    assert f"report-{UNIT}.html" in capsys.readouterr().out
    assert "<h1>" in (course / f"report-{UNIT}.html").read_text(encoding="utf-8")
    assert main(["report", "no-such-unit"]) == 1
    assert "nbgrader_config.py" in capsys.readouterr().err


@pytest.mark.slow
def test_the_page_needs_nothing_from_outside_and_axe_finds_nothing_serious(page_of_report):
    assert not re.search(r"""src=["']|href=["'](?!#)|@import|url\(""", page_of_report)
    with sync_playwright() as playwright:
        program = playwright.chromium.launch(
            executable_path=browser.executable_or_skip(), args=list(browser.ARGUMENTS)
        )
        page = program.new_page(viewport={"width": 390, "height": 844})
        page.set_content(page_of_report)
        found = Axe().run(page).response["violations"]
        wide = page.evaluate("document.documentElement.scrollWidth")
        page.set_content(page_of_report.replace("<html lang", "<html data-lang"))
        planted = Axe().run(page).response["violations"]
        program.close()
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    assert wide <= 390, "nothing scrolls sideways"
    assert "html-has-lang" in [v["id"] for v in planted], "axe sees the page"
