"""The cards' side in Python: what a browser sends is saved, said in words, and sent back."""

import pytest
from despatch963 import answers, questions
from despatch963.authoring.perfect import perfect_response
from despatch963.widgets.cards import Card
from test_questions import example

LABELS = {
    "skill": "close-reading",
    "points": 2,
    "cites": ["p1", "dgfp_614"],
    "prompt": "Look.",
    "number": 3,
}


def draw(kind, folder, key=None):
    asked, _ = example(kind)
    return Card({**asked, **LABELS}, key, folder)


def tell(card, **message):
    """Send what a browser sends; return what it is sent back."""
    sent = []
    card.send = sent.append
    card._handle_custom_msg(message, [])
    assert sent[-1] == {"type": "heard"}, "the browser waits for it"
    return sent[:-1]


@pytest.mark.parametrize("kind", questions.KINDS)
def test_every_kind_of_answer_is_saved_at_once_and_said_in_words(kind, tmp_path):
    asked, key = example(kind)
    card = draw(kind, tmp_path)
    tell(card, type="answer", response=perfect_response(asked, key))
    assert questions.mark(asked, key, answers.read(tmp_path)["q"]).score == 1
    assert "Saved:" in card.state and "Saved:" in repr(card)


@pytest.mark.parametrize("kind", questions.KINDS)
def test_a_card_drawn_again_shows_the_answer(kind, tmp_path):
    asked, key = example(kind)
    answers.save(tmp_path, "q", perfect_response(asked, key))
    card = draw(kind, tmp_path)
    assert questions.mark(asked, key, card.response).score == 1
    assert "Saved" in card.state


@pytest.mark.parametrize("kind", questions.KINDS)
def test_drawing_a_card_saves_nothing(kind, tmp_path):
    draw(kind, tmp_path)
    assert answers.read(tmp_path) == {}


@pytest.mark.parametrize("kind", questions.KINDS)
def test_an_answer_can_be_cleared_and_that_undone(kind, tmp_path):
    asked, key = example(kind)
    card = draw(kind, tmp_path)
    assert not card.can_undo
    tell(card, type="answer", response=perfect_response(asked, key))
    given = answers.read(tmp_path)["q"]
    assert tell(card, type="clear") == [{"type": "redraw"}]
    assert answers.read(tmp_path) == {}
    assert "Not answered yet" in card.state
    tell(card, type="undo")
    assert answers.read(tmp_path)["q"] == given
    tell(card, type="undo")
    assert answers.read(tmp_path) == {}
    assert not card.can_undo


@pytest.mark.parametrize("response", [{"q": 1}, [], "nonsense", 5, [[[]]], {"claim": {}}])
@pytest.mark.parametrize("kind", questions.KINDS)
def test_a_card_is_drawn_whatever_the_sheet_holds_or_the_browser_sends(kind, response, tmp_path):
    answers.save(tmp_path, "q", response)
    card = draw(kind, tmp_path)
    tell(card, type="answer", response=response)
    tell(card, type=response)
    tell(card, nothing=response)


@pytest.mark.parametrize(
    ("kind", "typed", "hint"),
    [
        ("number", "eighteen", "in figures"),
        ("date", {"date": "38", "relation": "on"}, "check the year"),
    ],
)
def test_what_cannot_be_read_is_not_saved_and_the_card_says_what_to_do(kind, typed, hint, tmp_path):
    card = draw(kind, tmp_path)
    tell(card, type="answer", response=typed)
    assert hint in card.state
    assert answers.read(tmp_path) == {}


def test_a_cited_passage_opens_as_text_and_a_source_as_a_note(tmp_path):
    card = draw("choice", tmp_path)
    (passage,) = tell(card, type="open", id="p1")
    assert "d963-passage" in passage["html"]
    (source,) = tell(card, type="open", id="dgfp_614")
    assert "<p>" in source["html"]
    assert tell(card, type="open", id="p9") == [], "the question does not cite it"


def test_words_are_marked_as_the_text_has_them(tmp_path):
    asked, key = example("evidence")
    (span, *_) = perfect_response(asked, key)
    card = draw("evidence", tmp_path)
    tell(card, type="answer", response=[{**span, "color": "red"}, {"source": "p99"}])
    assert answers.read(tmp_path)["q"] == [span]


def test_markup_in_a_label_is_drawn_and_html_in_it_is_only_text(tmp_path):
    asked, _ = example("choice")
    card = Card({**asked, **LABELS, "options": {"a": "*so* <b>"}}, None, tmp_path)
    assert card.asked["options"] == [["a", "a. <em>so</em> &lt;b&gt;", "so <b>"]]


def test_a_card_without_a_key_holds_no_trace_of_one(tmp_path):
    _, key = example("choice")
    answers.save(tmp_path, "q", "a")
    assert key["why"] not in str(draw("choice", tmp_path).get_state())
    assert key["why"] in str(draw("choice", tmp_path, key).get_state())


def test_a_card_with_a_key_sends_no_reason_before_the_answer(tmp_path):
    _, key = example("choice")
    assert key["why"] not in str(draw("choice", tmp_path, key).get_state())


def test_a_sheet_that_cannot_be_read_is_set_aside_and_said_so(tmp_path):
    (tmp_path / "answers.json").write_text("{", encoding="utf-8")
    assert "answers-damaged-1.json" in draw("choice", tmp_path).state
