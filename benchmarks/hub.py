"""What a class costs on the hub: 20 students open unit 5, run it all and answer its first question.

    make bench          (as root: the students are Unix users)

Nobody draws the pages: a student here is a program that speaks to the hub as JupyterLab does. First
one alone, then all within a minute, as a class begins.
"""

import json
import pwd
import re
import statistics
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import requests
import websocket

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import trial_hub  # noqa: E402 (the tests' way to start a hub)
from classes import perfect  # noqa: E402
from despatch963.release import student_version  # noqa: E402

STUDENTS = 20
WITHIN = 60  # seconds in which a class logs in
UNIT, FIRST = "05-the-consulates", "p5-noun"
VIEW = "application/vnd.jupyter.widget-view+json"


class Student:
    """Somebody who logs in, opens the unit, runs it, and answers its first question."""

    def __init__(self, hub, who):
        self.hub, self.who = hub, who
        self.session = requests.Session()
        self.cells = json.loads((hub.home(who) / UNIT / f"{UNIT}.ipynb").read_text("utf-8"))[
            "cells"
        ]

    def begin(self, wait=0.0):
        """Return the seconds from the login to one's server, to the answer, to the last cell."""
        time.sleep(wait)
        begun = time.perf_counter()
        self.log_in()
        running = time.perf_counter() - begun
        kernel = self.open_notebook()
        answered = 0.0
        for cell in self.cells:
            if cell["cell_type"] == "code":
                source = "".join(cell["source"])
                widget = self.run(kernel, source)
                if f'"{FIRST}"' in source:
                    self.answer(kernel, widget)
                    answered = time.perf_counter() - begun
        return running, answered, time.perf_counter() - begun

    def log_in(self):
        name = trial_hub.user(self.who)
        page = self.session.get(f"{self.hub.address}/hub/login")
        form = {
            "username": name,
            "password": self.hub.passwords[self.who],
            "_xsrf": re.search(r'name="_xsrf" value="([^"]*)"', page.text)[1],
        }
        self.session.post(f"{self.hub.address}/hub/login?next=/hub/spawn/{name}", data=form)
        while not self.session.get(self.hub.url(self.who, "api/status")).ok:
            time.sleep(0.2)
            self.session.get(f"{self.hub.address}/hub/user/{name}/lab")

    def open_notebook(self):
        """Start the notebook's kernel as JupyterLab does; return the connection to it."""
        self.session.get(self.hub.url(self.who, "lab"))
        path = f"{UNIT}/{UNIT}.ipynb"
        self.session.get(self.hub.url(self.who, f"api/contents/{path}")).raise_for_status()
        asked = {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
        headers = {"X-XSRFToken": self.xsrf()}
        made = self.session.post(
            self.hub.url(self.who, "api/sessions"), json=asked, headers=headers
        )
        made.raise_for_status()
        kernel = made.json()["kernel"]["id"]
        address = self.hub.url(self.who, f"api/kernels/{kernel}/channels")
        return websocket.create_connection(
            address.replace("http", "ws", 1), cookie=self.cookies(), timeout=300
        )

    def cookies(self):
        theirs = f"/user/{trial_hub.user(self.who)}/"
        kept = [each for each in self.session.cookies if each.path in ("/", theirs)]
        return "; ".join(f"{each.name}={each.value}" for each in kept)

    def xsrf(self):
        theirs = f"/user/{trial_hub.user(self.who)}/"
        return self.session.cookies.get("_xsrf", path=theirs)

    def run(self, kernel, source):
        """Run a cell to its end; return the id of the widget that it showed, if any."""
        request = send(kernel, "execute_request", {"code": source, "store_history": True})
        widget = None
        while True:
            message = json.loads(kernel.recv())
            if message["parent_header"].get("msg_id") != request:
                continue
            content = message["content"]
            widget = content.get("data", {}).get(VIEW, {}).get("model_id") or widget
            if message["msg_type"] == "status" and content["execution_state"] == "idle":
                return widget

    def answer(self, kernel, widget):
        """Answer as the card in the browser does; wait until the answer is on the disk."""
        response = perfect(ROOT / "assignments", UNIT)[FIRST]
        said = {"type": "answer", "response": response}
        data = {"method": "custom", "content": said}
        send(kernel, "comm_msg", {"comm_id": widget, "data": data})
        sheet = self.hub.home(self.who) / UNIT / "answers.json"
        while not sheet.exists():
            time.sleep(0.02)


def send(kernel, kind, content):
    """Send a message to a kernel; return its id."""
    header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": "bench", "version": "5.3"}
    message = {"header": {**header, "username": "", "date": ""}, "content": content}
    kernel.send(json.dumps({**message, "parent_header": {}, "metadata": {}, "channel": "shell"}))
    return header["msg_id"]


def hand_out(hub, who):
    """Put unit 5 into a student's home, as fetched."""
    source = ROOT / "assignments" / "source" / UNIT
    notebook = student_version((source / f"{UNIT}.ipynb").read_text("utf-8"))
    hub.write(who, f"{UNIT}/{UNIT}.ipynb", notebook)
    hub.write(who, f"{UNIT}/questions.json", (source / "questions.json").read_text("utf-8"))


def memory(who):
    """Return the MB of a student's server and kernel, what is shared divided by its users."""
    user = pwd.getpwnam(trial_hub.user(who)).pw_uid
    theirs = [each for each in psutil.process_iter() if each.uids().real == user]
    used = {each: each.memory_full_info().pss / 1e6 for each in theirs}
    kernel = sum(mb for each, mb in used.items() if "ipykernel_launcher" in each.cmdline())
    return sum(used.values()) - kernel, kernel


def main() -> None:
    """Print the table."""
    names = [f"s{number:02}" for number in range(STUDENTS + 1)]
    with trial_hub.started(names) as hub:
        for who in names:
            hand_out(hub, who)
        alone = Student(hub, names[0]).begin()
        before = psutil.virtual_memory().available
        gap = WITHIN / STUDENTS
        with ThreadPoolExecutor(STUDENTS) as pool:
            begins = [
                pool.submit(Student(hub, who).begin, number * gap)
                for number, who in enumerate(names[1:])
            ]
            times = [begin.result() for begin in begins]
        taken = (before - psutil.virtual_memory().available) / 1e6
        servers, kernels = zip(*(memory(who) for who in names[1:]), strict=True)
    print(f"\n{'seconds from the login':<42}{'alone':>8}{'class':>8}{'slowest':>9}")
    steps = (
        "to one's own server",
        "to the first answer on the disk",
        "to the unit's last cell run",
    )
    for step, one, all_of_them in zip(steps, alone, zip(*times, strict=True), strict=True):
        middle, slowest = statistics.median(all_of_them), max(all_of_them)
        print(f"{step:<42}{one:>8.1f}{middle:>8.1f}{slowest:>9.1f}")
    print(f"\n{'MB of a student, unit 5 run':<42}{'median':>8}{'largest':>8}")
    for name, used in (("server", servers), ("kernel", kernels)):
        print(f"{name:<42}{statistics.median(used):>8.0f}{max(used):>8.0f}")
    print(f"{'of the machine, a student':<42}{taken / STUDENTS:>8.0f}")


if __name__ == "__main__":
    main()
