"""The report on a class: what it counts, what it shows, and whom it does not name."""

import json
import re
import shutil

import browser
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT
from despatch963 import answers
from despatch963.authoring.perfect import perfect_response
from despatch963.cli import main
from despatch963.grading import classroom
from despatch963.grading.report import report
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
    marked, wanted = classroom.marked_words(group), classroom.key_words(group)
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
    assert not re.search(r"""(src|href)=["']|@import|url\(""", page_of_report)
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
    assert wide <= 390, "only the table of questions scrolls"
    assert "html-has-lang" in [v["id"] for v in planted], "axe sees the page"
