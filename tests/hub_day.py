"""The steps of an instructor's day on a hub, each as its person does it in a browser.

Ada answers all of units 1 and 5 and hands them in. Ben hands in unit 1, late and mostly unanswered.
Cem hands in nothing.
"""

import json
import re
from collections import namedtuple
from datetime import UTC, datetime, timedelta

import nbformat
from classes import perfect
from conftest import ROOT
from desk import card, drag, eventually, open_and_run, save
from nbgrader.api import Gradebook
from trial_hub import COURSE, PICTURES, AssignmentList, Formgrader, logged_in, user

ONE, FIVE = "01-who-is-speaking", "05-the-consulates"
ASKED, ASKED_FIVE = (
    json.loads((ROOT / "assignments" / "source" / unit / "questions.json").read_text("utf-8"))[
        "questions"
    ]
    for unit in (ONE, FIVE)
)
RIGHT, RIGHT_FIVE = (perfect(ROOT / "assignments", unit) for unit in (ONE, FIVE))


def first(asked, *kinds):
    return next(name for name, question in asked.items() if question["kind"] in kinds)


BLANK = re.compile(r'^answer\("([a-z0-9-]+)", \.\.\.\)', re.MULTILINE)
"""Where an exercise waits for a result."""

FIVES_CELLS = nbformat.read(ROOT / "assignments" / "source" / FIVE / f"{FIVE}.ipynb", 4).cells
COMPUTED = BLANK.findall("\n".join(cell.source for cell in FIVES_CELLS))[-1]
CLICKED, MARKED = first(ASKED, "choice", "choices"), first(ASKED, "evidence")
BENS = [name for name in RIGHT if name not in (CLICKED, MARKED)][:2]
WRITTEN = first(ASKED, "essay")
POINTS, POINTS_FIVE = (
    sum(question["points"] for question in asked.values() if question["kind"] != "essay")
    for asked in (ASKED, ASKED_FIVE)
)
TOTAL = POINTS + ASKED[WRITTEN]["points"]
ESSAY = "Loy W. Henderson signs as Chargé; the print gives no day [heading]."


Submission = namedtuple("Submission", "points late")


class Day:
    """What was seen in the course of the day, for the tests below."""

    def __init__(self, hub):
        self.hub = hub
        self.menus = {}
        self.validated = {}

    def picture(self, page, name):
        number = len([*PICTURES.iterdir()]) + 1
        page.wait_for_timeout(400)
        page.screenshot(path=PICTURES / f"{number:02} {name}.png")

    @property
    def gradebook(self):
        return f"sqlite:///{self.hub.home('instructor') / COURSE / 'gradebook.db'}"

    def submission(self, unit, who):
        with Gradebook(self.gradebook) as gradebook:
            found = gradebook.find_submission(unit, user(who))
            return Submission(found.score, found.total_seconds_late)


def live(hub, chromium):
    """Live through the day; return what was seen."""
    day = Day(hub)
    with logged_in(hub, chromium, "instructor") as page:
        release(day, page)
        with logged_in(hub, chromium, "ada") as ada:
            ada_hands_in(day, ada)
            due = set_due_date(day, page)
            with logged_in(hub, chromium, "ben") as ben:
                ben_hands_in_late(day, ben, due)
            collect_and_grade(day, page)
            mark_essay(day, page)
            return_feedback(day, page)
            ada_reads_feedback(day, ada)
            asked = (each.left_the_machine for each in (page, ada, ben))
            day.asked_elsewhere = [url for urls in asked for url in urls]
    return day


def release(day, page):
    page.get_by_role("menuitem", name="Nbgrader").click()
    day.menus["instructor"] = page.locator(".lm-Menu-item:visible").all_inner_texts()
    day.picture(page, "instructor's menu")
    page.keyboard.press("Escape")
    formgrader = Formgrader(page)
    for unit in (ONE, FIVE):
        assert "Success" in formgrader.press(formgrader.row(unit), "assign")
        assert "Success" in formgrader.press(formgrader.row(unit), "release")
    day.picture(page, "two units released")


def ada_hands_in(day, page):
    hub = day.hub
    page.get_by_role("menuitem", name="Nbgrader").click()
    day.menus["student"] = page.locator(".lm-Menu-item:visible").all_inner_texts()
    day.picture(page, "student's menu")
    page.keyboard.press("Escape")
    listed = AssignmentList(page)
    for unit in (ONE, FIVE):
        listed.fetch(unit)
    day.picture(page, "Ada has fetched both units")

    fill(day, "ada", ONE, RIGHT.keys() - {CLICKED, MARKED})
    open_and_run(page, hub.url("ada", f"lab/tree/{ONE}/{ONE}.ipynb?reset"))
    day.validated["ada before"] = validate(day, page, "Validate names what Ada has not answered")
    click(page, CLICKED, RIGHT[CLICKED])
    mark(page, MARKED, RIGHT[MARKED])
    write_essay(page)
    day.picture(page, "Ada has answered by clicking, marking words and writing")
    save(page, hub.home("ada") / ONE / f"{ONE}.ipynb")
    day.validated["ada"] = validate(day, page, "Validate finds Ada's unit 1 complete")

    fill(day, "ada", FIVE, RIGHT_FIVE.keys() - {COMPUTED})
    open_and_run(page, hub.url("ada", f"lab/tree/{FIVE}/{FIVE}.ipynb?reset"))
    compute(page, COMPUTED)
    day.picture(page, "Ada has computed a sum in unit 5")
    save(page, hub.home("ada") / FIVE / f"{FIVE}.ipynb")

    page.goto(hub.url("ada", "lab?reset"))
    listed = AssignmentList(page)
    for unit in (ONE, FIVE):
        listed.submit(unit)
    day.picture(page, "Ada has handed in both units")


def fill(day, who, unit, names):
    """Put the right responses to some questions onto somebody's sheet, as cards do."""
    right = RIGHT if unit == ONE else RIGHT_FIVE
    saved = "2026-01-15T11:00:00+00:00"
    entries = {name: {"response": right[name], "saved": saved} for name in names}
    sheet = json.dumps({"version": 1, "answers": entries})
    day.hub.write(who, f"{unit}/answers.json", sheet)


def click(page, question, response):
    """Click the options of a response in a card."""
    options = [*ASKED[question]["options"]]
    for chosen in response:
        field = card(page, question).locator("input[type=radio], input[type=checkbox]")
        field.nth(options.index(chosen)).check()


def mark(page, question, response):
    """Mark words with the mouse, from the first to the last of each quotation of a response."""
    passages = [*ASKED[question]["text"]]
    for span in response:
        words = card(page, question).locator(".d963-words").nth(passages.index(span["source"]))
        place = span["selector"][1]
        ends = [words.evaluate(WORD_AT, at) for at in (place["start"], place["end"] - 1)]
        drag(page, *(words.locator("> span").nth(place) for place in ends))


WORD_AT = """(words, place) => [...words.children]
    .findIndex(({ d963 }) => d963.start <= place && place < d963.end)"""


def write_essay(page):
    cell = page.locator(".jp-MarkdownCell", has_text="YOUR ANSWER HERE").last
    cell.scroll_into_view_if_needed()
    cell.locator(".jp-MarkdownOutput").dblclick()
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(ESSAY)
    page.keyboard.press("Shift+Enter")


def compute(page, question):
    """Compute the result that an exercise waits for, in its cell."""
    right = RIGHT_FIVE[question]
    line = page.locator(".jp-CodeCell .cm-line", has_text=f'answer("{question}", ...)')
    line.scroll_into_view_if_needed()
    line.click()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")
    page.keyboard.insert_text(f'answer("{question}", len(tables.claims()) * 0 + {right})')
    page.keyboard.press("Shift+Enter")
    page.locator(".jp-OutputArea", has_text=f"Saved: {right}").first.wait_for(timeout=30_000)


def validate(day, page, picture):
    page.locator(".jp-ToolbarButtonComponent", has_text="Validate").click()
    text = "document.querySelector('.jp-Dialog .jp-Dialog-body')?.textContent"
    page.wait_for_function(f"({text} || '').length > 20", timeout=120_000)
    day.picture(page, picture)
    said = page.evaluate(text)
    # The next click first accepts the dialog; see desk.opened.
    return said


def set_due_date(day, page):
    """Set unit 1's due date to the next full minute, later than Ada's submission."""
    due = (datetime.now(UTC) + timedelta(minutes=1)).replace(second=0, microsecond=0)
    formgrader = Formgrader(page)
    formgrader.row(ONE).locator(".edit a").click()
    dialog = formgrader.frame.locator("#edit-assignment-modal")
    dialog.locator(".modal-duedate").fill(due.strftime("%Y-%m-%dT%H:%M"))
    dialog.locator(".modal-timezone").fill("+0000")
    day.picture(page, "the due date of unit 1")
    dialog.locator(".save").click()
    formgrader.row(ONE, due.strftime("%Y-%m-%d"))
    return due


def ben_hands_in_late(day, page, due):
    listed = AssignmentList(page)
    for unit in (ONE, FIVE):
        listed.fetch(unit)
    fill(day, "ben", ONE, BENS)
    open_and_run(page, day.hub.url("ben", f"lab/tree/{ONE}/{ONE}.ipynb?reset"))
    wrong = next(name for name in ASKED[CLICKED]["options"] if name not in RIGHT[CLICKED])
    click(page, CLICKED, [wrong])
    connections = (day.hub.place / "run").glob("*/kernel-*.json")
    day.transports = [json.loads(path.read_text("utf-8"))["transport"] for path in connections]
    day.validated["ben"] = validate(day, page, "Validate names what Ben has not answered")
    save(page, day.hub.home("ben") / ONE / f"{ONE}.ipynb")
    page.goto(day.hub.url("ben", "lab?reset"))
    listed = AssignmentList(page)
    eventually(lambda: datetime.now(UTC) > due, 61)
    listed.submit(ONE)
    day.picture(page, "Ben has handed in late")
    day.others_server = page.goto(day.hub.url("ada", "lab")).status
    day.picture(page, "Ben at Ada's server")


def collect_and_grade(day, page):
    """Collect and grade in formgrader and in a terminal; keep the points of both."""
    formgrader = Formgrader(page)
    for unit in (ONE, FIVE):
        assert "Success" in formgrader.press(formgrader.row(unit), "collect")
    day.picture(page, "collected")
    course = day.hub.home("instructor") / COURSE
    page.goto(day.hub.url("instructor", "lab?reset"))
    page.locator(".jp-LauncherCard", has_text="Terminal").click()
    page.locator(".jp-Terminal .xterm-screen").click()
    page.wait_for_timeout(1500)
    page.keyboard.type(f"cd {COURSE} && despatch963 grade {ONE} && despatch963 grade {FIVE}\n")
    eventually((course / f"grading-{FIVE}.json").exists, 120)
    page.wait_for_timeout(1500)
    day.picture(page, "graded in a terminal")
    day.graded = {(unit, who): day.submission(unit, who) for unit, who in HANDED_IN}

    formgrader = Formgrader(page)
    formgrader.row(ONE).locator(".num-submissions a").click()
    for who in ("ada", "ben"):
        row = formgrader.row(user(who))
        assert "Success" in formgrader.press(row, "autograde")
    day.picture(page, "graded again from formgrader")
    day.graded_again = {(unit, who): day.submission(unit, who) for unit, who in HANDED_IN}


HANDED_IN = [(ONE, "ada"), (ONE, "ben"), (FIVE, "ada")]


def mark_essay(day, page):
    formgrader = Formgrader(page)
    frame = formgrader.frame
    frame.get_by_role("link", name="Manual Grading").click()
    formgrader.row(ONE).get_by_role("link").first.click()
    formgrader.row(ONE).get_by_role("link").first.click()
    formgrader.row("Submission", f"{POINTS:g} / {POINTS:g}").get_by_role("link").first.click()
    points = frame.locator("input.score").last
    points.scroll_into_view_if_needed()
    day.picture(page, "the essay and its rubric")
    day.essay_page = frame.locator("body").inner_text()
    points.fill("9")
    points.press("Tab")
    eventually(lambda: 9 in essay_points(day))
    day.picture(page, "the essay marked")


def essay_points(day):
    with Gradebook(day.gradebook) as gradebook:
        return [
            gradebook.find_grade(WRITTEN, ONE, ONE, user(who)).manual_score
            for who in ("ada", "ben")
        ]


def return_feedback(day, page):
    formgrader = Formgrader(page)
    for link in ("Manual Grading", "Manage Assignments"):
        formgrader.frame.get_by_role("link", name=link).click()
    for column in ("generate-feedback", "release-feedback"):
        assert "Success" in formgrader.press(formgrader.row(ONE), column)
    day.picture(page, "feedback returned")


def ada_reads_feedback(day, page):
    page.goto(day.hub.url("ada", "lab?reset"))
    listed = AssignmentList(page)
    listed.press("submitted", ONE, "Fetch Feedback")
    (feedback,) = eventually_found(day.hub.home("ada") / ONE / "feedback", "*/*.html")
    day.picture(page, "Ada has fetched her feedback")
    day.feedback = feedback.read_text(encoding="utf-8")
    inside = feedback.relative_to(day.hub.home("ada")).as_posix()
    page.goto(day.hub.url("ada", f"files/{inside}"))
    day.picture(page, "Ada's feedback")


def eventually_found(folder, pattern):
    eventually(lambda: [*folder.glob(pattern)], 30)
    return [*folder.glob(pattern)]
