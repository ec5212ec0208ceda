"""The course in a real JupyterLab and a real browser, as `despatch963 learn` starts it."""

import shutil

import desk
import pytest
from desk import card, drag, eventually, focus, open_and_run, word
from despatch963 import questions
from test_questions import example

pytestmark = pytest.mark.slow

UNIT = "01-who-is-speaking"
ASSIGNMENT = f"assignments/{UNIT}/{UNIT}.ipynb"
KINDS = [*questions.KINDS]
LABELS = {"skill": "close-reading", "points": 2, "cites": ["p1"], "prompt": "Look."}


def every_kind(reader, name):
    """Make a notebook that asks one question of each kind; return its path."""
    asked = {
        kind: {**example(kind)[0], **LABELS, "id": kind, "number": number}
        for number, kind in enumerate(KINDS, 1)
    }
    cells = ["from despatch963 import question", *(f'question("{kind}")' for kind in KINDS)]
    return reader.notebook(name, cells, asked)


def right(reader, folder):
    """Say which kinds stand on the sheet with the right answer."""
    given = reader.answers(folder)
    marks = {kind: questions.mark(*example(kind), given.get(kind)).score for kind in KINDS}
    return {kind for kind, score in marks.items() if score == 1}


def by_mouse(page):
    card(page, "choice").get_by_role("radio").nth(1).check()
    for kind in ("choices", "passages"):
        card(page, kind).get_by_role("checkbox").nth(0).check()
        card(page, kind).get_by_role("checkbox").nth(2).check()
    card(page, "match").get_by_label("X", exact=True).select_option("a")
    card(page, "match").get_by_label("Y", exact=True).select_option("b")
    for _ in range(2):
        card(page, "order").get_by_role("button", name="Move up: the third").click()
    card(page, "number").get_by_label("Number").fill("18")
    for label, value in (("Year", "1938"), ("Month", "02"), ("Day", "18")):
        field = card(page, "date").get_by_label(label)
        field.fill(value) if label == "Year" else field.select_option(value)
    card(page, "text").get_by_label("Answer").fill("the Council")
    drag(page, *words(page, "evidence", "It", "felt"))
    drag(page, *words(page, "evidence", "apparently", "apparently"))
    card(page, "claim").get_by_role("radio").nth(0).check()
    drag(page, *words(page, "claim", "brief", "résumé"))
    cells = card(page, "table").get_by_role("textbox")
    for place, value in enumerate(("5", "five", "unknown", "none")):
        cells.nth(place).fill(value)


def words(page, question, *texts):
    return [word(card(page, question), text) for text in texts]


def by_keyboard(page):
    def press(*keys):
        for key in keys:
            page.keyboard.press(key)

    focus(page, card(page, "choice").get_by_role("radio").nth(0))
    press("ArrowDown")
    for kind in ("choices", "passages"):
        focus(page, card(page, kind).get_by_role("checkbox").nth(0))
        press("Space", "Tab", "Tab", "Space")
    focus(page, card(page, "match").get_by_label("X", exact=True))
    press("a", "Tab", "b")
    focus(page, card(page, "order").get_by_role("button", name="Move up: the third"))
    press("Enter", "Enter")
    focus(page, card(page, "number").get_by_label("Number"))
    page.keyboard.type("18")
    focus(page, card(page, "date").get_by_label("Day"))
    page.keyboard.type("18")
    press("Tab")
    page.keyboard.type("Feb")
    press("Tab")
    page.keyboard.type("1938")
    focus(page, card(page, "date").get_by_label("Day"))
    page.keyboard.type("18")
    focus(page, card(page, "text").get_by_label("Answer"))
    page.keyboard.type("the Council")
    texts = card(page, "evidence").locator(".d963-words")
    focus(page, texts.nth(0))
    press("Home", "Shift+ArrowRight", "Shift+ArrowRight", "Enter")
    focus(page, card(page, "evidence").get_by_role("textbox"))
    page.keyboard.type("apparently")
    press("Enter")
    focus(page, card(page, "claim").get_by_role("radio").nth(0))
    press("Space")
    focus(page, card(page, "claim").locator(".d963-words").nth(0))
    press("Home", *["ArrowRight"] * 5, "Shift+ArrowRight", "Enter")
    focus(page, card(page, "table").get_by_role("textbox").nth(0))
    for value in ("5", "five", "unknown", "none"):
        page.keyboard.type(value)
        press("Tab")


@pytest.mark.parametrize("way", [by_mouse, by_keyboard])
def test_every_kind_is_answered_and_read_from_the_disk(way, reader, page):
    open_and_run(page, reader.url(every_kind(reader, way.__name__)))
    way(page)
    name = way.__name__
    eventually(lambda: right(reader, name) == set(KINDS), 20, lambda: reader.answers(name))
    assert page.left_the_machine == []


def test_cards_hold_nothing_that_axe_finds_serious(reader, page):
    open_and_run(page, reader.url(every_kind(reader, "axe")))
    by_mouse(page)
    assert desk.serious(page, ".d963-card") == []
    page.evaluate("document.querySelector('.d963-card select').removeAttribute('id')")
    planted = [name for name, _ in desk.serious(page, ".d963-card")]
    assert "select-name" in planted, "axe sees what is in a card"


def test_an_answer_can_be_undone_and_what_the_question_cites_be_read(reader, page):
    open_and_run(page, reader.url(every_kind(reader, "undo")))
    choice = card(page, "choice")
    for place in (0, 1):
        choice.get_by_role("radio").nth(place).check()
        eventually(lambda place=place: reader.answers("undo").get("choice") == "ab"[place])
    choice.get_by_role("button", name="Undo").click()
    eventually(lambda: reader.answers("undo").get("choice") == "a")
    eventually(lambda: choice.get_by_role("radio").nth(0).is_checked())
    choice.get_by_role("button", name="Clear my answer").click()
    eventually(lambda: "choice" not in reader.answers("undo"))
    eventually(lambda: not choice.get_by_role("radio").nth(0).is_checked())
    choice.get_by_role("button", name="Read p1").click()
    choice.locator(".d963-passage").wait_for()
    choice.get_by_role("button", name="Close").click()
    assert not choice.locator(".d963-passage").is_visible()


def at_keyboard(page):
    """Return the name of the control that the keyboard is on, "" when it is on none of a card."""
    return page.evaluate(
        """() => {
            const at = document.activeElement
            return at.closest('.d963-card') ? at.getAttribute('aria-label') || at.textContent : ''
        }"""
    )


def test_the_keyboard_stays_in_the_card_through_each_step(reader, page):
    open_and_run(page, reader.url(every_kind(reader, "keys")))
    order = card(page, "order")
    focus(page, order.get_by_role("button", name="Move up: the third"))
    page.keyboard.press("Enter")
    eventually(lambda: "order" in reader.answers("keys"))
    page.wait_for_timeout(500)
    assert at_keyboard(page) == "Move up: the third"
    focus(page, order.get_by_role("button", name="Clear my answer"))
    page.keyboard.press("Enter")
    eventually(lambda: "order" not in reader.answers("keys"))
    page.wait_for_timeout(500)
    assert at_keyboard(page) == "Undo", "there is nothing left to clear"
    for _ in range(2):
        page.keyboard.press("Enter")
        page.wait_for_timeout(500)
    assert at_keyboard(page).startswith("Move"), "there is nothing left to undo"
    evidence = card(page, "evidence")
    focus(page, evidence.locator(".d963-words").nth(0))
    for key in ("Home", "Shift+ArrowRight"):
        page.keyboard.press(key)
    focus(page, evidence.get_by_role("button", name="Mark the selected words"))
    page.keyboard.press("Enter")
    eventually(lambda: "evidence" in reader.answers("keys"))
    assert at_keyboard(page), "it goes back to the text"


def test_a_day_chosen_before_its_month_stays_chosen(reader, page):
    open_and_run(page, reader.url(every_kind(reader, "day")))
    date = card(page, "date")
    date.get_by_label("Year").fill("1938")
    eventually(lambda: "date" in reader.answers("day"))
    date.get_by_label("Day").select_option("18")
    page.wait_for_timeout(500)
    date.get_by_label("Month").select_option("02")
    eventually(lambda: reader.answers("day")["date"]["date"] == "1938-02-18")


def test_one_notebook_in_two_tabs_shows_one_answer(reader, page):
    path = every_kind(reader, "tabs")
    open_and_run(page, reader.url(path))
    # The other tab reads the notebook from the disk, with the cards as they were saved.
    desk.save(page, reader.folder / path)
    other = page.context.new_page()
    other.goto(reader.url(path))
    other.locator(".d963-card").first.wait_for(timeout=60_000)
    card(page, "choice").get_by_role("radio").nth(2).check()
    eventually(lambda: card(other, "choice").get_by_role("radio").nth(2).is_checked())
    focus(other, card(other, "text").get_by_label("Answer"))
    card(page, "choice").get_by_role("button", name="Read p1").click()
    card(page, "choice").locator(".d963-passage").wait_for()
    page.wait_for_timeout(500)
    assert not card(other, "choice").locator(".d963-passage").is_visible()
    assert other.evaluate("document.activeElement.tagName") == "INPUT", "its keyboard is not moved"
    card(other, "text").get_by_label("Answer").fill("League Council")
    eventually(lambda: card(page, "text").get_by_label("Answer").input_value() == "League Council")


def test_without_a_kernel_the_card_says_that_nothing_is_saved(reader, page):
    open_and_run(page, reader.url(every_kind(reader, "dead")))
    for kernel in reader.kernels():
        kernel.kill()
    page.wait_for_timeout(1000)
    card(page, "choice").get_by_role("radio").nth(1).check()
    card(page, "choice").get_by_text("Not saved").wait_for(timeout=15_000)
    assert "choice" not in reader.answers("dead")


def test_answers_are_saved_at_once_and_redrawn_after_the_kernel_was_killed(reader, page):
    shutil.rmtree(reader.folder / "assignments" / "keys")
    folder = f"assignments/{UNIT}"
    open_and_run(page, reader.url(ASSIGNMENT))
    card(page, "reason-for-cut").get_by_role("radio").nth(1).check()
    words = card(page, "back-to-what").get_by_role("textbox")
    focus(page, words)
    page.keyboard.type("Stalin's letter")
    page.keyboard.press("Enter")
    eventually(lambda: "back-to-what" in reader.answers(folder))
    (target,) = reader.answers(folder)["back-to-what"]
    assert target["selector"][0]["exact"] == "Stalin’s letter"
    number = card(page, "steady-pace").get_by_role("textbox")
    focus(page, number)
    page.keyboard.type("2.5")
    eventually(lambda: reader.answers(folder).get("steady-pace") == 2.5)
    before = card(page, "six-papers").get_by_role("listitem").all_inner_texts()
    card(page, "six-papers").get_by_role("button", name="↑").nth(0)
    card(page, "six-papers").get_by_role("listitem").nth(1).get_by_role("button").first.click()
    eventually(lambda: "six-papers" in reader.answers(folder))
    assert "Saved" in card(page, "steady-pace").inner_text()
    assert "ight." not in card(page, "steady-pace").inner_text(), "no key, so no mark"

    saved = reader.answers(folder)
    for kernel in reader.kernels():
        kernel.kill()
    assert reader.answers(folder) == saved

    open_and_run(page, reader.url(ASSIGNMENT))
    assert card(page, "reason-for-cut").get_by_role("radio").nth(1).is_checked()
    assert card(page, "steady-pace").get_by_role("textbox").input_value() == "2.5"
    assert "Stalin’s letter" in card(page, "back-to-what").inner_text()
    after = card(page, "six-papers").get_by_role("listitem").all_inner_texts()
    assert after == [before[1], before[0], *before[2:]]
    assert page.left_the_machine == []


def test_a_self_learner_is_told_at_once_whether_and_why(reader, page):
    open_and_run(page, reader.url("00-start-here.ipynb"))
    first = page.locator(".d963-card").first
    for place in range(first.get_by_role("radio").count()):
        first.get_by_role("radio").nth(place).check()
        page.wait_for_timeout(500)
        if "✓ Right." in first.inner_text():
            break
        assert "✗ Not right." in first.inner_text()
    assert "✓ Right." in first.inner_text()
    assert page.left_the_machine == []


def test_two_notebooks_of_one_folder_keep_each_others_answers(reader, page):
    other = page.context.new_page()
    open_and_run(page, reader.url("00-start-here.ipynb"))
    open_and_run(other, reader.url(f"{UNIT}.ipynb"))
    before = set(reader.answers())
    other.locator(".d963-card").first.get_by_role("radio").first.check()
    eventually(lambda: set(reader.answers()) > before)
    page.locator(".d963-card").first.get_by_role("radio").first.check()
    eventually(lambda: len(reader.answers()) >= 2)
