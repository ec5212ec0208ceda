"""The course in a real JupyterLab and a real browser, as `despatch963 learn` starts it."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

import browser
import psutil
import pytest
from playwright.sync_api import TimeoutError, sync_playwright

pytestmark = pytest.mark.slow

UNIT = "01-who-is-speaking"
ASSIGNMENT = f"assignments/{UNIT}/{UNIT}.ipynb"


class Reader:
    """A started course: its folder, its address, its process."""

    def __init__(self, place):
        self.folder = place / "study"
        home = place / "home"
        # Without this JupyterLab draws only the cells in sight, and a test sees no others.
        settings = (
            home / ".jupyter" / "lab" / "user-settings" / "@jupyterlab" / "notebook-extension"
        )
        settings.mkdir(parents=True)
        tracker = settings / "tracker.jupyterlab-settings"
        tracker.write_text('{"windowingMode": "none"}', encoding="utf-8")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "despatch963.cli", "learn", "--no-browser"),
                *("--folder", str(self.folder), "--port", str(port)),
            ],
            env={**os.environ, "HOME": str(home), "JUPYTER_RUNTIME_DIR": str(home / "runtime")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        line = next(line for line in self.process.stdout if "http://" in line)
        self.address = re.search(r"http://\S+", line)[0]

    def url(self, notebook):
        return re.sub(r"/lab/tree/[^?]+", f"/lab/tree/{notebook}", self.address) + "&reset"

    def kernels(self):
        children = psutil.Process(self.process.pid).children(recursive=True)
        return [child for child in children if "ipykernel_launcher" in " ".join(child.cmdline())]

    def answers(self, folder="."):
        path = self.folder / folder / "answers.json"
        sheet = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"answers": {}}
        return {name: entry["response"] for name, entry in sheet["answers"].items()}


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    reader = Reader(tmp_path_factory.mktemp("reader"))
    yield reader
    children = psutil.Process(reader.process.pid).children(recursive=True)
    reader.process.send_signal(signal.SIGINT)
    try:
        reader.process.wait(20)
    except subprocess.TimeoutExpired:
        reader.process.kill()
    for child in children:
        if child.is_running():
            child.kill()


@pytest.fixture(scope="module")
def chromium():
    path = browser.executable_or_skip()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(browser.ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture
def page(chromium):
    """A page of a common laptop's size, cut off from everything but this machine."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.left_the_machine = []

    def gate(route):
        if re.match(r"https?://(127\.0\.0\.1|localhost)[:/]|data:|blob:", route.request.url):
            route.continue_()
        else:
            page.left_the_machine.append(route.request.url)
            route.abort()

    page.route("**/*", gate)
    # JupyterLab may ask which kernel to use while one is still starting: the one it proposes.
    dialog = page.locator(".jp-Dialog")
    page.add_locator_handler(dialog, lambda: dialog.locator(".jp-mod-accept").click())
    yield page
    context.close()


def open_and_run(page, url):
    page.goto(url)
    page.wait_for_selector(".jp-Notebook .jp-MarkdownCell", timeout=60_000)
    page.wait_for_selector(
        ".jp-Notebook-ExecutionIndicator[data-status='idle']", state="attached", timeout=60_000
    )
    started = page.locator(".jp-CodeCell .jp-InputPrompt", has_text=re.compile(r"[*\d]")).first
    for _ in range(3):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
        try:
            started.wait_for(timeout=10_000)
            break
        except TimeoutError:
            # A menu clicked while JupyterLab is still laying out its page does nothing.
            continue
    page.locator(".despatch963-card").first.wait_for(timeout=90_000)
    page.wait_for_function(
        "![...document.querySelectorAll('.jp-InputPrompt')].some(p => p.textContent.includes('*'))"
    )


def card(page, question):
    cell = page.locator(f".jp-CodeCell:has-text('question(\"{question}\")')")
    return cell.locator(".despatch963-card")


def listed(page, question):
    """Return the items of an order in the order shown, without their numbers."""
    labels = card(page, question).locator(".widget-label").all_inner_texts()
    return [label.partition(". ")[2] for label in labels if label.strip()]


def focus(page, field):
    """Move the keyboard to a field; JupyterLab may take it back once, for the cell just clicked."""
    field.focus()
    page.wait_for_timeout(300)
    field.focus()


def eventually(check, seconds=10):
    """Wait until `check()` holds; fail with what it last gave."""
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, check()
        time.sleep(0.05)


def test_answers_are_saved_at_once_and_redrawn_after_the_kernel_was_killed(reader, page):
    shutil.rmtree(reader.folder / "assignments" / "keys")
    folder = f"assignments/{UNIT}"
    open_and_run(page, reader.url(ASSIGNMENT))

    card(page, "henderson-office").get_by_role("radio").nth(1).check()
    eventually(lambda: reader.answers(folder).get("henderson-office") == "b")

    # By keyboard alone: words typed and entered, an item moved, a number written.
    words = card(page, "loose-thread").get_by_role("textbox")
    focus(page, words)
    page.keyboard.type("Stalin's letter")
    page.keyboard.press("Enter")
    eventually(lambda: "loose-thread" in reader.answers(folder))
    (target,) = reader.answers(folder)["loose-thread"]
    assert target["selector"][0]["exact"] == "Stalin’s letter"

    number = card(page, "steady-pace").get_by_role("textbox")
    focus(page, number)
    page.keyboard.type("2.5")
    eventually(lambda: reader.answers(folder).get("steady-pace") == 2.5)

    before = listed(page, "six-papers")
    card(page, "six-papers").get_by_role("button", name="↑").nth(1).focus()
    page.keyboard.press("Enter")
    eventually(lambda: "six-papers" in reader.answers(folder))

    assert "Saved" in card(page, "steady-pace").inner_text()
    assert "ight." not in card(page, "steady-pace").inner_text(), "no key, so no mark"

    saved = reader.answers(folder)
    for kernel in reader.kernels():
        kernel.kill()
    assert reader.answers(folder) == saved

    open_and_run(page, reader.url(ASSIGNMENT))
    assert card(page, "henderson-office").get_by_role("radio").nth(1).is_checked()
    assert card(page, "steady-pace").get_by_role("textbox").input_value() == "2.5"
    assert "Stalin’s letter" in card(page, "loose-thread").inner_text()
    assert listed(page, "six-papers") == [before[1], before[0], *before[2:]]
    assert page.left_the_machine == []


def test_a_self_learner_is_told_at_once_whether_and_why(reader, page):
    open_and_run(page, reader.url("00-start-here.ipynb"))
    first = page.locator(".despatch963-card").first
    for place in range(first.get_by_role("radio").count()):
        first.get_by_role("radio").nth(place).check()
        page.wait_for_timeout(500)
        if "✓ Right." in first.inner_text():
            break
        assert "✗ Not right." in first.inner_text()
    assert "✓ Right." in first.inner_text()
    assert page.left_the_machine == []


def test_two_notebooks_of_one_folder_keep_each_others_answers(reader, page, chromium):
    other = chromium.new_context(viewport={"width": 1366, "height": 768}).new_page()
    open_and_run(page, reader.url("00-start-here.ipynb"))
    open_and_run(other, reader.url(f"{UNIT}.ipynb"))
    before = set(reader.answers())
    other.locator(".despatch963-card").first.get_by_role("radio").first.check()
    eventually(lambda: set(reader.answers()) > before)
    page.locator(".despatch963-card").first.get_by_role("radio").first.check()
    eventually(lambda: len(reader.answers()) >= 2)
    other.context.close()
