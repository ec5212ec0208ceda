"""The hub of `make hub` with Unix users of its own, and what people do on it in a browser."""

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import desk
import psutil
import pytest
from filelock import FileLock

ROOT = Path(__file__).resolve().parents[1]
MADE = Path(os.environ.get("HUB", "/srv/despatch963-hub"))
"""Where `make test` and `make hub` put the hub's Python and its proxy."""

PICTURES = ROOT / "tests" / "screenshots"
GROUP = "t963"
COURSE = "despatch963"


def skip_where_it_cannot_run():
    """Skip the test that asks, and say what is missing."""
    if not hasattr(os, "geteuid") or os.geteuid():
        pytest.skip("only root can make Unix users for a hub")
    if shutil.which("useradd") is None:
        pytest.skip("no useradd here to make Unix users with")
    if not (MADE / "ready").is_file():
        pytest.skip(f"no hub in {MADE}: `make test` sets it up where it can, as `make hub` does")


class Hub:
    """A running hub: its folder, its address, and everyone's password."""

    def __init__(self, place, said):
        self.place = place
        self.address = re.search(r"http://[\d.:]+", said)[0]
        self.passwords = dict(re.findall(rf"{GROUP}-(\w+) \(password (\w+)\)", said))

    def home(self, who):
        return self.place / "homes" / user(who)

    def run(self, who, *command):
        """Run a command as somebody, in their home, as in a terminal of their JupyterLab."""
        known = pwd.getpwnam(user(who))
        return subprocess.run(
            command,
            cwd=known.pw_dir,
            env={
                "HOME": known.pw_dir,
                "PATH": f"{MADE / 'venv' / 'bin'}:/usr/local/bin:/usr/bin:/bin",
                "LANG": "C.UTF-8",
                "JUPYTER_CONFIG_PATH": f"{self.place}/roles/student:{self.place}/roles/everyone",
                "JUPYTER_RUNTIME_DIR": f"{self.place}/run/{known.pw_name}",
                "DESPATCH963_EXCHANGE": f"{self.place}/exchange",
            },
            user=known.pw_uid,
            group=known.pw_gid,
            extra_groups=os.getgrouplist(known.pw_name, known.pw_gid),
            capture_output=True,
            text=True,
            check=False,
        )

    def write(self, who, path, text):
        """Put a file into somebody's home, as theirs."""
        known = pwd.getpwnam(user(who))
        target = self.home(who) / path
        for folder in [*reversed(target.relative_to(self.home(who)).parents)][1:]:
            made = self.home(who) / folder
            made.mkdir(exist_ok=True)
            os.chown(made, known.pw_uid, known.pw_gid)
        target.write_text(text, encoding="utf-8")
        os.chown(target, known.pw_uid, known.pw_gid)

    def url(self, who, path=""):
        return f"{self.address}/user/{user(who)}/{path}"


def user(who):
    return f"{GROUP}-{who}"


def _trial(command, place, *arguments):
    return [
        *(str(MADE / "venv" / "bin" / "python"), str(ROOT / "hub" / "trial.py"), command),
        *(str(place), "--group", GROUP, *arguments),
    ]


@contextmanager
def started(students=("ada", "ben", "cem")):
    """Start a hub with these students; afterwards end it and take its users away."""
    skip_where_it_cannot_run()
    # Whoever tests another checkout on this machine makes users of the same names.
    with FileLock(Path(tempfile.gettempdir()) / f"{GROUP}.lock"):
        place = Path(tempfile.mkdtemp(prefix="d963-"))
        # A test that was killed leaves its users.
        subprocess.run(_trial("clean", place), check=True, capture_output=True)
        # Unlike pytest's own folders, this one can be passed through by all users.
        place.mkdir(mode=0o755)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        process = subprocess.Popen(
            _trial("start", place, "--port", port, "--students", *students),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            said = []
            for line in process.stdout:
                said.append(line)
                if "Log in at" in line:
                    break
            assert process.poll() is None and "Log in at" in said[-1], "".join(said)
            hub = Hub(place, said[-1])
            for who in hub.passwords:
                draw_all_cells(hub, who)
            yield hub
        finally:
            users = {pwd.getpwnam(user(who)).pw_uid for who in students if _exists(user(who))}
            process.send_signal(signal.SIGTERM)
            process.wait(60)
            left = [process for process in psutil.process_iter() if process.uids().real in users]
            _, left = psutil.wait_procs(left, timeout=10)
            left = [" ".join(process.cmdline()) for process in left]
            subprocess.run(_trial("clean", place), check=True, capture_output=True)
        assert left == [], "the hub ends with everybody's server"


def _exists(name):
    return any(entry.pw_name == name for entry in pwd.getpwall())


def draw_all_cells(hub, who):
    """Without this JupyterLab draws only the cells in sight, and a test sees no others."""
    settings = (
        ".jupyter/lab/user-settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings"
    )
    hub.write(who, settings, '{"windowingMode": "none"}')


@contextmanager
def logged_in(hub, program, who, path="lab", ready=".jp-Launcher"):
    """Open a browser of somebody's own and log in; wait for what `path` shows."""
    with desk.opened(program) as page:
        there = quote(f"/hub/user-redirect/{path}", safe="")
        page.goto(f"{hub.address}/hub/login?next={there}")
        page.fill("#username_input", user(who))
        page.fill("#password_input", hub.passwords[who])
        page.click("#login_submit")
        try:
            page.locator(ready).first.wait_for(timeout=90_000)
            yield page
        except Exception:
            page.screenshot(path=PICTURES / f"{who} when it failed.png")
            raise


def choose(page, entry):
    """Choose an entry of JupyterLab's Nbgrader menu."""
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_role("menuitem", name=entry, exact=True).click()


class AssignmentList:
    """nbgrader's list of assignments, in a student's JupyterLab."""

    def __init__(self, page):
        self.page = page
        choose(page, "Assignment List")
        page.locator(".list_container .list_item").first.wait_for(timeout=30_000)

    def row(self, part, unit):
        return self.page.locator(f"#{part}_assignments_list .list_item", has_text=unit).first

    def press(self, part, unit, button):
        row = self.row(part, unit)
        row.get_by_role("button", name=button, exact=True).click()

    def fetch(self, unit):
        self.press("released", unit, "Fetch")
        self.row("fetched", unit).wait_for(timeout=30_000)

    def submit(self, unit):
        self.press("fetched", unit, "Submit")
        self.row("submitted", unit).wait_for(timeout=30_000)


class Formgrader:
    """nbgrader's formgrader, in the instructor's JupyterLab."""

    def __init__(self, page):
        self.page = page
        choose(page, "Formgrader")
        self.frame = page.frame_locator("iframe[src*=formgrader]")

    def row(self, *texts):
        row = self.frame.locator("tbody tr")
        for text in texts:
            row = row.filter(has_text=text)
        row.first.wait_for(timeout=30_000)
        return row.first

    def press(self, row, column):
        """Press the sign in a row; return the title and the log that formgrader then shows."""
        row.locator(f".{column} a").click()
        dialog = self.frame.locator(".modal.in")
        dialog.wait_for(timeout=120_000)
        said = dialog.inner_text()
        dialog.locator(".modal-footer .close").click()
        dialog.wait_for(state="detached")
        return said
