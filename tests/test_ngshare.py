"""A unit through ngshare, the campus's exchange: its client in real nbgrader, against its server.

The server is started as its manifest says and is a service of a real JupyterHub, and everyone's
token may no more than that of a server of theirs; only the proxy is left out, and what it would
lead to is asked directly.
"""

import http.client
import json
import os
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from campus import KUBERNETES, PODS, free_ports, started
from conftest import ROOT, Course
from despatch963 import answers
from nbgrader.api import Gradebook

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="JupyterHub does not run on Windows"),
]
pytest.importorskip("jupyterhub", reason="JupyterHub is not installed (extra: campus)")

SERVER = ROOT / ".venv" / "ngshare" / "bin" / "python"
"""Its server's own Python: it needs another SQLAlchemy (hub/kubernetes/ngshare.in)."""

UNIT = "01-who-is-speaking"
SETTINGS = (KUBERNETES / "nbgrader_config.py").read_text("utf-8")
OURS = (ROOT / "assignments" / "nbgrader_config.py").read_text("utf-8")

SERVICE = """
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allowed_users = {"inst", "ada", "ben", "eve"}
c.JupyterHub.services += [
    {"name": "ngshare", "url": "http://127.0.0.1:%(port)d", "api_token": "%(token)s"},
]
"""


@contextmanager
def served(hub, port, token, place):
    """Start ngshare as its manifest does, at another place; end it afterwards."""
    (container,) = PODS["ngshare"]["spec"]["containers"]
    here = {
        "http://hub:8081": hub.url.removesuffix("/hub"),
        ":8080": f":{port}",
        "/srv/ngshare": str(place),
        "EXAMPLE-instructor": "inst",
    }

    def moved(word):
        for there, ours in here.items():
            word = word.replace(there, ours)
        return word

    program, *arguments = [moved(word) for word in container["command"] + container["args"]]
    assert program == "python"
    told = {one["name"]: moved(one.get("value", token)) for one in container["env"]}
    with (place / "ngshare.log").open("w") as log:
        server = subprocess.Popen(
            [SERVER, *arguments], env={**os.environ, **told}, cwd=place, stdout=log, stderr=log
        )
    try:
        hub.wait(f"http://127.0.0.1:{port}{container['readinessProbe']['httpGet']['path']}")
        yield
    finally:
        server.terminate()
        server.wait(20)


class Campus:
    """A hub with ngshare, and an nbgrader course that goes through it."""

    def __init__(self, hub, place, url):
        self.url = url
        self.hub = hub
        self.course = Course(place / "teaching", SETTINGS + OURS)
        self.tokens = {}
        # What everybody's server has from the image.
        config = self.course.home / "config"
        config.mkdir()
        (config / "nbgrader_config.py").write_text(SETTINGS, encoding="utf-8")

    def token(self, who):
        """Return a token as a server of theirs has it: it may hardly more than say whose it is."""
        made = self.hub.api(f"users/{who}/tokens", {"scopes": ["users:activity!user"]})
        assert not [scope for scope in made["scopes"] if scope.startswith(("access", "self"))]
        return made["token"]

    def run(self, who, *command, cwd=None, check=True):
        """Run a command as on somebody's own server; return what it printed."""
        if who not in self.tokens:
            self.tokens[who] = self.token(who)
        home = self.course.student(who)
        run = subprocess.run(
            command,
            cwd=cwd or (self.course.folder if who == "inst" else home),
            env={
                **self.course.environment,
                "JUPYTERHUB_USER": who,
                "JUPYTERHUB_API_TOKEN": self.tokens[who],
                "NGSHARE_URL": self.url,
                "HOME": str(home),
                "JUPYTER_DATA_DIR": str(home / ".jupyter"),
                "JUPYTER_CONFIG_DIR": str(self.course.home / "config"),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        printed = run.stdout + run.stderr
        assert not check or run.returncode == 0, printed
        return printed

    def nbgrader(self, who, command, *arguments, **options):
        return self.run(who, sys.executable, "-m", "nbgrader", command, *arguments, **options)

    def manage(self, *arguments, who="inst", check=True):
        program = Path(sys.executable).parent / "ngshare-course-management"
        return self.run(who, program, *arguments, check=check)


@pytest.fixture(scope="module")
def campus(tmp_path_factory):
    pytest.importorskip("rapidfuzz", reason="ngshare_exchange is not installed (hub/kubernetes)")
    runs = SERVER.exists() and subprocess.run(
        [SERVER, "-c", "import ngshare.ngshare"], capture_output=True, check=False
    )
    if not runs or runs.returncode:
        pytest.skip("ngshare's server is not installed: make .venv/ngshare/ready")
    place = tmp_path_factory.mktemp("campus")
    (port,), token = free_ports(1), os.urandom(16).hex()
    with started(place, SERVICE % {"port": port, "token": token}) as hub:
        hub.wait(f"{hub.url}/health")
        with served(hub, port, token, place):
            yield Campus(hub, place, f"http://127.0.0.1:{port}/services/ngshare")


@pytest.fixture(scope="module")
def day(campus):
    """A unit released, fetched, answered, submitted, collected, graded and returned."""
    campus.manage("create_course", "despatch963", "inst")
    for student in ("ada", "ben"):
        campus.manage("add_student", "despatch963", student)
    campus.nbgrader("inst", "generate_assignment", UNIT, "--create")
    campus.nbgrader("inst", "release_assignment", UNIT)
    for student in ("ada", "ben"):
        campus.nbgrader(student, "fetch_assignment", UNIT)
    answers.save(campus.course.student("ada") / UNIT, "steady-pace", 9)
    for student in ("ada", "ben"):
        campus.nbgrader(student, "submit", UNIT)
    campus.nbgrader("inst", "collect", UNIT)
    campus.run("inst", sys.executable, "-m", "despatch963.cli", "grade", UNIT)
    campus.nbgrader("inst", "generate_feedback", UNIT)
    campus.nbgrader("inst", "release_feedback", UNIT)
    for student in ("ada", "ben"):
        campus.nbgrader(student, "fetch_feedback", UNIT)
    return campus


def test_what_was_submitted_is_collected_as_it_was(day):
    submitted = day.course.folder / "submitted"
    assert answers.read(submitted / "ada" / UNIT) == {"steady-pace": 9}
    assert answers.read(submitted / "ben" / UNIT) == {}
    assert (submitted / "ada" / UNIT / "timestamp.txt").read_text("utf-8").strip()
    with Gradebook(day.course.database) as book:
        assert {one.student_id for one in book.assignment_submissions(UNIT)} == {"ada", "ben"}


def test_feedback_reaches_the_student_whose_it_is(day):
    for student in ("ada", "ben"):
        pages = list((day.course.student(student) / UNIT / "feedback").rglob("*.html"))
        assert len(pages) == 1


def test_students_see_what_they_have_and_can_submit_again(day):
    listed = day.nbgrader("ada", "list")
    assert UNIT in listed
    day.nbgrader("ada", "submit", UNIT)
    day.nbgrader("inst", "collect", UNIT, "--update")
    assert UNIT in day.nbgrader("inst", "list", "--inbound")


def test_nobody_but_the_course_s_own_gets_anything(day):
    printed = day.nbgrader("eve", "fetch_assignment", UNIT, check=False)
    assert "Permission denied" in printed
    assert not (day.course.student("eve") / UNIT).exists()


@pytest.mark.parametrize(
    "path",
    [
        f"submission/despatch963/{UNIT}/ben",
        f"submissions/despatch963/{UNIT}",
        f"feedback/despatch963/{UNIT}/ben?timestamp=2026-01-01&list_only=true",
        "students/despatch963",
    ],
)
def test_a_student_cannot_ask_for_another_s_work_or_feedback(day, path):
    request = urllib.request.Request(
        f"{day.url}/{path}", headers={"Authorization": f"token {day.tokens['ada']}"}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=30)
    assert refused.value.code == 403


def test_a_student_cannot_make_the_instructor_write_outside_the_submission(day):
    files = json.dumps([{"path": "../../../escaped.txt", "content": "aGVsbG8="}])
    request = urllib.request.Request(
        f"{day.url}/submission/despatch963/{UNIT}",
        data=urllib.parse.urlencode({"files": files}).encode(),
        headers={"Authorization": f"token {day.tokens['ada']}"},
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=30)
    assert refused.value.code == 400


def test_without_a_token_one_is_sent_to_log_in(day):
    address = urllib.parse.urlsplit(day.url)
    asked = http.client.HTTPConnection(address.netloc, timeout=30)
    asked.request("GET", f"{address.path}/courses")
    answer = asked.getresponse()
    assert answer.status == 302 and b"despatch963" not in answer.read()
