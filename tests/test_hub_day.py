"""An instructor's day on a real hub: real Unix users, real nbgrader, a real browser.

Ada answers all of units 1 and 5 and hands them in. Ben hands in unit 1, late and mostly unanswered.
Cem hands in nothing and tries for what is not his. `tests/screenshots/` has pictures of each step.
"""

import json
import re
import shutil
import subprocess
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
import pytest
from classes import perfect
from conftest import ROOT
from desk import card, drag, eventually, open_and_run, save
from nbgrader.api import Gradebook
from trial_hub import COURSE, PICTURES, AssignmentList, Formgrader, logged_in, started, user

pytestmark = pytest.mark.slow

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


@pytest.fixture(scope="module")
def day(request, chromium):
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir()
    with started() as hub:
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
        terminal = request.config.pluginmanager.getplugin("terminalreporter")
        terminal.write_line(f"\nPictures of the day: {PICTURES}")
        yield day


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


def test_students_have_the_assignment_list_and_no_tool_of_the_instructor(day):
    assert [entry.strip() for entry in day.menus["student"] if entry] == ["Assignment List"]
    assert day.others_server == 403, "Ben asked for Ada's server"


def test_the_instructor_has_all_of_nbgraders_tools(day):
    shown = " ".join(day.menus["instructor"])
    for tool in ("Assignment List", "Course List", "Formgrader", "Create assignment"):
        assert tool in shown


def test_validate_names_what_is_not_answered_and_nothing_else(day):
    unanswered = re.findall(r"Question ([a-z0-9-]+): not answered", day.validated["ada before"])
    assert {*unanswered} == {CLICKED, MARKED}
    assert "You did not provide a response" in day.validated["ada before"], "the essay"
    assert day.validated["ada"].startswith("Success")
    unanswered = re.findall(r"Question ([a-z0-9-]+): not answered", day.validated["ben"])
    assert {*unanswered} == RIGHT.keys() - {CLICKED, *BENS}


def test_only_bens_submission_is_late(day):
    assert day.graded[ONE, "ada"].late == 0
    assert 0 < day.graded[ONE, "ben"].late < 300


def test_answers_clicked_marked_and_computed_earn_their_points(day):
    assert day.graded[ONE, "ada"].points == POINTS, "all but the essay"
    assert day.graded[FIVE, "ada"].points == POINTS_FIVE
    assert day.graded[ONE, "ben"].points == sum(ASKED[name]["points"] for name in BENS)


def test_formgraders_button_gives_the_points_that_the_command_gave(day):
    assert day.graded_again == day.graded


def test_the_essay_is_marked_with_its_rubric_in_sight(day):
    assert ESSAY in day.essay_page
    for row in rubric():
        assert row in day.essay_page
    assert day.submission(ONE, "ada").points == POINTS + 9


def rubric():
    """Return the names of the rows of the essay's rubric."""
    path = ROOT / "assignments" / "source" / ONE / f"{ONE}.ipynb"
    rows = re.findall(
        r"^\| \*\*(.+?)\*\* \|", nbformat.read(path, 4).cells[-3].source, re.MULTILINE
    )
    assert len(rows) > 2
    return rows


def test_each_student_gets_their_own_feedback_back(day):
    assert f"Score: {POINTS + 9:.1f} / {TOTAL:.1f}" in day.feedback
    assert ESSAY in day.feedback
    fetched = day.hub.run("ben", "nbgrader", "fetch_feedback", ONE)
    (bens,) = (day.hub.home("ben") / ONE / "feedback").glob("*/*.html")
    assert fetched.returncode == 0, fetched.stderr
    assert f"/ {TOTAL:.1f}" in bens.read_text(encoding="utf-8")
    assert not [*day.hub.home("cem").glob("**/*.html")]
    day.hub.run("cem", "nbgrader", "fetch_feedback", ONE)
    assert not [*day.hub.home("cem").glob("**/*.html")], "who handed in nothing gets nothing"


def test_no_browser_asks_anybody_but_the_hub_for_anything_of_ours(day):
    # nbgrader's pages for marking and of feedback ask for formulas, and work without.
    assert [asked for asked in day.asked_elsewhere if "mathjax" not in asked] == []


def test_what_a_kernel_prints_goes_through_sockets_in_a_closed_folder(day):
    assert {*day.transports} == {"ipc"}, "and not over a network that every user can listen to"


# Each command is Cem's, from a terminal; the other name is whoever it works for.
ATTEMPTS = [
    ("ls {homes}/{ada}", "ada"),
    ("cat {homes}/{ada}/{unit}/answers.json", "ada"),
    ("ls {homes}/{ada}/{unit}/feedback", "ada"),
    ("ls {run}/{ada}", "ada"),
    ("ls {homes}/{instructor}", "instructor"),
    ("cat {course}/keys/{unit}.json", "instructor"),
    ("head -c 15 {course}/gradebook.db", "instructor"),
    ("ls {course}/submitted/{ada}/{unit}", "instructor"),
    ("cat {course}/feedback/{ada}/{unit}/{unit}.html", "instructor"),
    ("ls {exchange}/inbound", "instructor"),
    ("ls {exchange}/inbound/{ada}+{unit}+*", "instructor"),
    ("ls {exchange}/feedback", "instructor"),
    ("touch {exchange}/outbound/{unit}/more", "instructor"),
    (
        "mv {exchange}/outbound {exchange}/mine && mv {exchange}/mine {exchange}/outbound",
        "instructor",
    ),
    ("cat {checkout}/assignments/keys/{unit}.json", None),
    ("ls {checkout}/.git", None),
    ("cat {state}/trial.json", None),
    ("ls {state}", None),
]


@pytest.mark.parametrize(("attempt", "owner"), ATTEMPTS)
def test_a_student_cannot_read_list_or_change_what_is_not_theirs(day, attempt, owner):
    hub = day.hub
    exchange = hub.place / "exchange" / COURSE
    command = attempt.format(
        unit=ONE,
        ada=user("ada"),
        instructor=user("instructor"),
        course=hub.home("instructor") / COURSE,
        exchange=exchange,
        checkout=ROOT,
        **{name: hub.place / name for name in ("homes", "run", "state")},
    )
    tried = hub.run("cem", "sh", "-c", command)
    assert tried.returncode != 0, tried.stdout
    assert "denied" in tried.stderr or "No such file" in tried.stderr
    allowed = hub.run(owner, "sh", "-c", command) if owner else _as_root(command)
    assert allowed.returncode == 0, f"the attempt itself is sound: {allowed.stderr}"


def _as_root(command):
    # What is in a copy of the checkout without its history cannot be listed by anybody.
    sound = command if (ROOT / ".git").is_dir() else command.replace("/.git", "")
    return subprocess.run(["sh", "-c", sound], capture_output=True, text=True, check=False)


def test_a_submission_is_not_found_by_its_students_name_and_its_time(day):
    inbound = day.hub.place / "exchange" / COURSE / "inbound"
    (handed_in,) = inbound.glob(f"{user('ada')}+{ONE}+*")
    name, chance = handed_in.name.rsplit("+", 1)
    assert len(chance) == 12
    assert day.hub.run("cem", "ls", str(inbound / name)).returncode != 0
    secret = (handed_in / "submission_secret.txt").read_text(encoding="utf-8")
    assert len(secret) == 128, "what names the feedback"


def test_the_course_that_students_import_carries_no_graded_key(day):
    where = "from despatch963 import paths; print(paths.assignments())"
    folder = Path(day.hub.run("cem", "python", "-c", where).stdout.strip())
    assert [*folder.glob("source/*/*.ipynb")], "students' Python has the assignments"
    assert not [*folder.glob("**/keys")]
