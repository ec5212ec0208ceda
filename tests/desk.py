"""A started course and a browser that reads it, cut off from everything but this machine."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import browser
import nbformat
import psutil
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import TimeoutError, sync_playwright


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

    def notebook(self, name, cells, questions=None):
        """Put a notebook of these code cells into a folder of its own; return its path there."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
        nbformat.write(notebook, folder / f"{name}.ipynb")
        content = {"version": 1, "questions": questions or {}}
        (folder / "questions.json").write_text(json.dumps(content), encoding="utf-8")
        return f"{name}/{name}.ipynb"

    def kernels(self):
        children = psutil.Process(self.process.pid).children(recursive=True)
        return [child for child in children if "ipykernel_launcher" in " ".join(child.cmdline())]

    def answers(self, folder="."):
        path = self.folder / folder / "answers.json"
        sheet = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"answers": {}}
        return {name: entry["response"] for name, entry in sheet["answers"].items()}


@contextmanager
def started(place):
    """Start the course below `place`; end it, with its kernels, afterwards."""
    reader = Reader(place)
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


@contextmanager
def chromium():
    """Start the browser, or skip the test."""
    path = browser.executable_or_skip()
    with sync_playwright() as playwright:
        program = playwright.chromium.launch(executable_path=path, args=list(browser.ARGUMENTS))
        yield program
        program.close()


@contextmanager
def opened(program, **options):
    """Open a page of a common laptop's size, cut off from everything but this machine."""
    context = program.new_context(**{"viewport": {"width": 1366, "height": 768}, **options})
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


def open_and_run(page, url, wait_for=".d963-card"):
    """Open a notebook in JupyterLab, run all its cells and wait until they have run."""
    page.goto(url)
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    page.wait_for_selector(
        ".jp-Notebook-ExecutionIndicator[data-status='idle']", state="attached", timeout=60_000
    )
    started = page.locator(".jp-CodeCell .jp-InputPrompt", has_text=re.compile(r"[*\d]")).first
    for _ in range(3):
        try:
            # Told to run while the kernel is starting, JupyterLab asks for one and starts another.
            page.locator(".jp-StatusBar-Widget", has_text="| Idle").wait_for(timeout=30_000)
            page.get_by_role("menuitem", name="Run", exact=True).click(timeout=10_000)
            page.get_by_text("Run All Cells", exact=True).click(timeout=10_000)
            started.wait_for(timeout=10_000)
            break
        except TimeoutError:
            # A menu clicked while JupyterLab is still laying out its page does nothing, and a
            # question it asks closes the menu.
            continue
    page.locator(wait_for).first.wait_for(timeout=90_000)
    page.wait_for_function(
        "![...document.querySelectorAll('.jp-InputPrompt')].some(p => p.textContent.includes('*'))"
    )


def card(page, question):
    cell = page.locator(f".jp-CodeCell:has-text('question(\"{question}\")')")
    return cell.locator(".d963-card")


def word(where, text):
    """Return the first visible word in a passage to be marked."""
    return where.locator(".d963-words span", has_text=text).filter(visible=True).first


def drag(page, first, last):
    """Mark from one word to another with the mouse."""
    first.scroll_into_view_if_needed()
    start, end = first.bounding_box(), last.bounding_box()
    page.mouse.move(start["x"] + 1, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] - 1, end["y"] + end["height"] / 2, steps=6)
    page.mouse.up()


def focus(page, field):
    """Move the keyboard to a field; JupyterLab may take it back once, for the cell just clicked."""
    field.focus()
    page.wait_for_timeout(300)
    field.focus()


def eventually(check, seconds=10, found=None):
    """Wait until `check()` holds; fail with what it last gave, or with `found()`."""
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, found() if found else check()
        time.sleep(0.05)


def save(page, path):
    """Save the notebook as a reader does, with Ctrl+S; keys pressed too early go nowhere."""
    before = path.stat().st_mtime_ns
    for _ in range(10):
        page.locator(".jp-InputPrompt").first.click()
        page.wait_for_timeout(500)
        page.keyboard.press("Control+s")
        page.wait_for_timeout(1000)
        if path.stat().st_mtime_ns != before:
            return
    raise AssertionError("the notebook was not saved")


def serious(page, within):
    """Return what axe-core finds serious or critical inside the elements `within`."""
    found = Axe().run(page, context={"include": [[within]]}).response["violations"]
    return [
        (violation["id"], [node["html"][:200] for node in violation["nodes"]])
        for violation in found
        if violation["impact"] in ("serious", "critical")
    ]
