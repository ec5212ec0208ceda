"""The cards: every kind of question can be answered in them, and shows again what was answered."""

import ipywidgets as widgets
import pytest
from despatch963 import answers, questions
from despatch963.authoring.perfect import perfect_response
from despatch963.widgets.cards import Card
from test_questions import example

LABELS = {"skill": "close-reading", "points": 2, "cites": ["p1"], "prompt": "Look."}


def controls(widget, kind):
    """Return the controls of one class inside a widget, in the order in which they are drawn."""
    found = [widget] if isinstance(widget, kind) else []
    for child in getattr(widget, "children", ()):
        found += controls(child, kind)
    return found


def use(card, kind):
    """Answer a card rightly with its own controls, as a reader would."""
    texts = controls(card, widgets.Text)
    menus = controls(card, widgets.Dropdown)
    boxes = controls(card, widgets.Checkbox)
    if kind == "choice":
        controls(card, widgets.RadioButtons)[0].value = "b"
    elif kind in ("choices", "passages"):
        boxes[0].value = boxes[2].value = True
    elif kind == "match":
        menus[0].value, menus[1].value = "a", "b"
    elif kind == "order":
        # The third item up twice: a, b, c becomes c, a, b.
        for place in (2, 1):
            [b for b in controls(card, widgets.Button) if b.description == "↑"][place].click()
    elif kind == "number":
        texts[0].value = "18"
    elif kind == "date":
        named = {control.description: control for control in (*texts, *menus)}
        named["Year"].value, named["Month"].value, named["Day"].value = "1938", "02", "18"
    elif kind == "text":
        texts[0].value = "The Council"
    elif kind == "evidence":
        for words in ("It is felt", "apparently"):
            texts[0].value = words
    elif kind == "claim":
        controls(card, widgets.RadioButtons)[0].value = "a"
        texts[0].value = "brief résumé"
    elif kind == "table":
        for field, cell in zip(texts, ("5", "five", "unknown", "none"), strict=True):
            field.value = cell


def draw(kind, folder, key=None):
    asked, _ = example(kind)
    return Card({**asked, **LABELS}, key, folder)


@pytest.mark.parametrize("kind", questions.KINDS)
def test_every_kind_can_be_answered_with_its_own_controls(kind, tmp_path):
    asked, key = example(kind)
    use(draw(kind, tmp_path), kind)
    assert questions.mark(asked, key, answers.read(tmp_path)["q"]).score == 1


@pytest.mark.parametrize("kind", questions.KINDS)
def test_a_card_drawn_again_shows_and_keeps_the_answer(kind, tmp_path):
    asked, key = example(kind)
    answers.save(tmp_path, "q", perfect_response(asked, key))
    card = draw(kind, tmp_path)
    assert "Saved" in repr(card)
    # What the controls show is the answer: a change and its undoing leave it as it was.
    for control in controls(card, (widgets.Dropdown, widgets.Text)):
        if control.value:
            shown = control.value
            control.value = control.options[0][1] if hasattr(control, "options") else ""
            control.value = shown
    for box in controls(card, widgets.Checkbox):
        box.value = not box.value
        box.value = not box.value
    assert questions.mark(asked, key, answers.read(tmp_path)["q"]).score == 1


@pytest.mark.parametrize("kind", questions.KINDS)
def test_drawing_a_card_saves_nothing(kind, tmp_path):
    draw(kind, tmp_path)
    assert answers.read(tmp_path) == {}


@pytest.mark.parametrize("kind", questions.KINDS)
def test_an_answer_can_be_cleared(kind, tmp_path):
    card = draw(kind, tmp_path)
    use(card, kind)
    clear = next(b for b in controls(card, widgets.Button) if b.description == "Clear my answer")
    clear.click()
    assert answers.read(tmp_path) == {}
    assert "Not answered yet" in repr(card)
    use(card, kind)
    assert answers.read(tmp_path)


@pytest.mark.parametrize("kind", questions.KINDS)
def test_every_control_has_a_name(kind, tmp_path):
    card = draw(kind, tmp_path)
    for control in controls(card, (widgets.Dropdown, widgets.Text, widgets.Checkbox)):
        assert control.description
    for button in controls(card, widgets.Button):
        assert button.tooltip or button.description.isascii()


@pytest.mark.parametrize("response", [{"q": 1}, [], "nonsense", 5, [[[]]], {"claim": {}}])
@pytest.mark.parametrize("kind", questions.KINDS)
def test_a_card_is_drawn_whatever_the_sheet_holds(kind, response, tmp_path):
    answers.save(tmp_path, "q", response)
    draw(kind, tmp_path)


def test_words_that_are_not_in_the_text_are_not_marked(tmp_path):
    card = draw("evidence", tmp_path)
    controls(card, widgets.Text)[0].value = "it was felt"
    assert answers.read(tmp_path) == {}
    assert any("Copy them exactly" in html.value for html in controls(card, widgets.HTML))


def test_a_card_without_a_key_holds_no_trace_of_one(tmp_path):
    _, key = example("choice")
    answers.save(tmp_path, "q", "a")
    states = str([w.get_state() for w in controls(draw("choice", tmp_path), widgets.Widget)])
    assert key["why"] not in states
    states = str([w.get_state() for w in controls(draw("choice", tmp_path, key), widgets.Widget)])
    assert key["why"] in states
