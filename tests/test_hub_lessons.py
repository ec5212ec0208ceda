"""The link by which students get the lessons on a hub, clicked again after the lessons changed."""

import json
import subprocess

import nbformat
import pytest
from desk import eventually, open_and_run, save
from trial_hub import logged_in, started

pytestmark = pytest.mark.slow

LESSON = "01-who-is-speaking.ipynb"
OTHER = "02-what-is-claimed.ipynb"


@pytest.fixture(scope="module")
def hub():
    with started(["dora"]) as hub:
        yield hub


def link(hub):
    # As hub/README.md gives it.
    return (
        f"git-pull?repo=file://{hub.place}/lessons&branch=main&targetPath=lessons"
        "&urlpath=lab%2Ftree%2Flessons%2F00-start-here.ipynb"
    )


def correct(hub):
    """Publish a new version: two cells of a lesson changed, and a lesson added."""
    lessons = hub.place / "lessons"
    notebook = nbformat.read(lessons / LESSON, as_version=4)
    for cell in (notebook.cells[0], notebook.cells[far_from_code(notebook.cells)]):
        cell.source += "\n\nCorrected by the instructor."
    nbformat.write(notebook, lessons / LESSON)
    (lessons / "09-added.ipynb").write_bytes((lessons / OTHER).read_bytes())
    git = ("git", "-C", str(lessons), "-c", "user.name=x", "-c", "user.email=")
    subprocess.run([*git, "add", "--all"], check=True)
    subprocess.run([*git, "commit", "-qm", "Corrections"], check=True)


def far_from_code(cells):
    """Return the place of a cell that running the notebook leaves alone, and its neighbours too."""
    kinds = [cell.cell_type for cell in cells]
    return next(n for n in range(3, len(cells)) if {*kinds[n - 1 : n + 2]} == {"markdown"})


def edit_first_cell(page, text):
    cell = page.locator(".jp-MarkdownCell").first
    cell.locator(".jp-MarkdownOutput").dblclick()
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)
    page.keyboard.press("Shift+Enter")


def test_the_lessons_link_clicked_again_brings_corrections_and_keeps_the_students_work(
    hub, chromium
):
    lessons = hub.home("dora") / "lessons"
    with logged_in(hub, chromium, "dora", link(hub), ready=".jp-Notebook") as page:
        assert "00-start-here" in page.url
        open_and_run(page, hub.url("dora", f"lab/tree/lessons/{LESSON}?reset"))
        page.locator(".d963-card").first.get_by_role("radio").first.check()
        eventually(lambda: (lessons / "answers.json").is_file())
        edit_first_cell(page, "Dora's own words.")
        save(page, lessons / LESSON)
        (lessons / OTHER).unlink()
        hub.write("dora", "lessons/my notes.txt", "mine")
        answered = (lessons / "answers.json").read_text("utf-8")

        correct(hub)
        page.goto(hub.url("dora", link(hub)))
        page.wait_for_url("**/lab/tree/lessons/00-start-here.ipynb*", timeout=60_000)

    assert (lessons / "answers.json").read_text("utf-8") == answered
    assert json.loads(answered)["answers"]
    assert (lessons / "my notes.txt").read_text("utf-8") == "mine"
    mine = nbformat.read(lessons / LESSON, as_version=4).cells
    assert mine[0].source == "Dora's own words.", "both changed it: hers stays"
    corrected = mine[far_from_code(mine)].source
    assert corrected.endswith("Corrected by the instructor."), "only the instructor changed it"
    assert (lessons / "09-added.ipynb").is_file()
    assert (lessons / OTHER).is_file(), "a lesson she deleted comes back"
    assert not [*lessons.glob("**/.git/index.lock")]


def test_a_student_cannot_change_the_lessons_that_others_pull(hub):
    theirs = hub.place / "lessons"
    assert hub.run("dora", "touch", str(theirs / "mine")).returncode != 0
    assert hub.run("dora", "touch", str(theirs / ".git" / "mine")).returncode != 0
    assert not [*theirs.glob("**/assignments")]
