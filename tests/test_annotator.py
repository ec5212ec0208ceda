"""The annotator: words marked by mouse, touch and keyboard, kept as Web Annotation targets."""

import desk
import pytest
from desk import eventually, focus, open_and_run
from despatch963 import answers, despatch, questions
from despatch963.widgets.annotator import Annotator, annotate, read
from hypothesis import given
from test_questions import any_json

TEXT = despatch.paragraph("p1").text


def mark(words, kind):
    return {**questions.find_quotation({"p1": TEXT}, words), "kind": kind}


@pytest.fixture
def annotator(tmp_path):
    return Annotator(despatch.paragraphs("p1"), tmp_path)


def tell(annotator, marks):
    annotator._handle_custom_msg({"type": "marks", "marks": marks}, [])


def test_marks_are_saved_passage_by_passage_and_drawn_again(annotator, tmp_path):
    given = [mark("it is felt", "hedge"), mark("felt", "hearsay")]
    tell(annotator, given)
    assert answers.read(tmp_path) == {"annotations-p1": given}
    again = Annotator(despatch.paragraphs("p1", "p2"), tmp_path)
    assert again.marks == given
    assert "hedge: “it is felt” (p1)" in repr(again)
    tell(again, [])
    assert answers.read(tmp_path) == {}


def test_marks_in_other_passages_stay(annotator, tmp_path):
    answers.save(tmp_path, "annotations-p2", [{"any": "thing"}])
    tell(annotator, [mark("it is felt", "hedge")])
    assert set(answers.read(tmp_path)) == {"annotations-p1", "annotations-p2"}


@given(any_json)
def test_whatever_the_browser_sends_is_read_as_marks_or_left_out(sent):
    for one in read({"p1": TEXT}, sent):
        assert one["source"] == "p1" and one["kind"]


def test_a_kind_that_there_is_not_becomes_other():
    assert read({"p1": TEXT}, [mark("it is felt", "<b>")])[0]["kind"] == "other"


def test_in_nbgrader_nothing_is_drawn_and_nothing_written(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    assert not isinstance(annotate("p1"), Annotator)
    assert not [*tmp_path.iterdir()]


def opened(reader, page, name):
    path = reader.notebook(name, ["from despatch963 import annotate", 'annotate("p1")'])
    open_and_run(page, reader.url(path), wait_for=".d963-annotator")
    return page.locator(".d963-annotator")


def marked(reader, name):
    kept = reader.answers(name).get("annotations-p1", [])
    return [(one["kind"], one["selector"][0]["exact"]) for one in kept]


@pytest.mark.slow
def test_words_are_marked_changed_and_removed_by_keyboard_alone(reader, page):
    shown = opened(reader, page, "keys")
    kind = shown.get_by_role("combobox", name="The next words I mark are")
    focus(page, kind)
    page.keyboard.type("hedge")
    focus(page, shown.locator(".d963-words"))
    for key in ("Home", "Shift+ArrowRight", "Enter"):
        page.keyboard.press(key)
    first = " ".join(TEXT.split()[:2])
    eventually(
        lambda: [("hedge", first.rstrip(":"))] == marked(reader, "keys") or marked(reader, "keys")
    )
    assert marked(reader, "keys")[0][0] == "hedge"
    assert TEXT.startswith(marked(reader, "keys")[0][1])
    # A second mark over the same words, and more.
    focus(page, shown.locator(".d963-words"))
    for key in ("Home", "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Enter"):
        page.keyboard.press(key)
    eventually(lambda: len(marked(reader, "keys")) == 2)
    assert shown.locator(".d963-deep-2").count() > 1
    focus(page, shown.get_by_role("combobox", name="What").first)
    page.keyboard.type("claim")
    eventually(lambda: marked(reader, "keys")[0][0] == "claim")
    focus(page, shown.get_by_role("button", name="Change the words").first)
    page.keyboard.press("Enter")
    for key in ("End", "Enter"):
        page.keyboard.press(key)
    eventually(lambda: TEXT.rstrip(".").endswith(marked(reader, "keys")[0][1]))
    focus(page, shown.get_by_role("button", name="Remove").first)
    page.keyboard.press("Enter")
    eventually(lambda: len(marked(reader, "keys")) == 1)
    assert desk.serious(page, ".d963-annotator") == []
    assert page.left_the_machine == []


@pytest.mark.slow
def test_words_are_marked_with_a_finger(reader, chromium):
    phone = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 844}}
    with desk.opened(chromium) as page:
        opened(reader, page, "touch")
        desk.save(page, reader.folder / "touch" / "touch.ipynb")
    with desk.opened(chromium, **phone) as page:
        page.goto(reader.url("touch/touch.ipynb"))
        shown = page.locator(".d963-annotator")
        shown.wait_for(timeout=60_000)
        words = shown.locator(".d963-words span")
        words.nth(0).scroll_into_view_if_needed()
        words.nth(0).tap()
        words.nth(4).tap()
        shown.get_by_role("button", name="Mark the selected words").tap()
        eventually(lambda: marked(reader, "touch"))
        assert TEXT.startswith(marked(reader, "touch")[0][1])
        wide = page.evaluate(
            "document.querySelector('.d963-annotator').getBoundingClientRect().right"
        )
        assert wide <= 390
