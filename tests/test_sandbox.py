"""What students' code can do where it runs, and what it cannot. Hostile ones are in `hostile/`."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import warnings

import psutil
import pytest
from conftest import ROOT
from despatch963.grading.running import bubblewrap
from despatch963.grading.running.sandbox import NoSandbox, NotShutIn, check, sandbox

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no student's code is run here")

SECONDS = 4
ASKED = json.dumps(
    {"questions": {"q": {"kind": "number", "points": 1, "prompt": "", "cites": []}}}
).encode()
FILES = {"questions.json": ASKED, "answers.json": b'{"version": 1, "answers": {}}'}
ANSWER = "from despatch963 import answer\nanswer('q', 1963)"


@pytest.fixture(scope="module", params=["walls", "no walls"])
def run(request):
    """What runs code: behind walls, and as on a machine without bubblewrap."""
    place = sandbox(seconds=SECONDS)
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore", NotShutIn)
        if request.param == "no walls":
            patch.setattr(bubblewrap, "missing", lambda: "It is not there.")
        elif bubblewrap.missing():
            pytest.skip(bubblewrap.missing())
        run = place.__enter__()
    yield run
    place.__exit__(None, None, None)


@pytest.fixture(scope="module")
def walled():
    if bubblewrap.missing():
        pytest.skip(bubblewrap.missing())
    with sandbox(require=True, seconds=SECONDS) as run:
        yield run


def test_cells_share_their_names_and_show_what_a_kernel_shows(run):
    cells = ["x = 20", "x + 1", "print('so', x)", "%pwd", "1 / 0", "x"]
    outcome = run(cells, FILES)
    assert outcome.problem == ""
    told = outcome.printed
    assert (told[0], told[1], told[2], told[5]) == ("", "21\n", "so 20\n", "20\n")
    assert "work" in told[3]
    assert "ZeroDivisionError" in told[4]


def test_what_the_code_answers_comes_back_though_its_process_ends(run):
    assert run([ANSWER], FILES).responses == {"q": 1963}
    outcome = run([ANSWER, "import os\nos._exit(3)"], FILES)
    assert outcome.responses == {"q": 1963}
    assert outcome.problem == "Its code ended its process with status 3."
    quiet = run(["import os\nos._exit(0)", ANSWER], FILES)
    assert quiet.responses == {}
    assert quiet.problem == "Its code ended its process before all cells had run."


def test_the_tables_can_be_computed_with(run):
    outcome = run(["from despatch963 import tables\nlen(tables.claims())"], FILES)
    assert int(outcome.printed[0]) > 100


def test_one_submission_leaves_nothing_for_the_next(run):
    run(["import builtins, pandas\nbuiltins.left = pandas.left = 1\nopen('left', 'w')"], FILES)
    outcome = run(["import pandas, os\nhasattr(pandas, 'left'), os.listdir()", "left"], FILES)
    assert outcome.printed[0].startswith("(False") and "'left'" not in outcome.printed[0]
    assert "NameError" in outcome.printed[1]


@pytest.mark.parametrize("leave", ["os.mkdir", "os.mkfifo", "lambda name: os.symlink('x', name)"])
def test_what_the_code_leaves_for_its_sheet_is_no_file_and_does_no_harm(run, leave):
    outcome = run(
        [ANSWER, f"import os\nos.remove('answers.json')\n({leave})('answers.json')"], FILES
    )
    assert (outcome.responses, outcome.problem) == ({}, "")


def test_code_that_ends_its_group_ends_nothing_that_it_came_from(run):
    outcome = run([ANSWER, "import os\nos.killpg(0, 9)"], FILES)
    assert outcome.responses == {"q": 1963}
    assert outcome.problem == "Its code ended its process by signal 9."


RIGHTS = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
tried = [
    libc.umount2(b"/proc", 2),
    libc.mount(b"tmpfs", b"/alone", b"tmpfs", 0, b"size=4g"),
    libc.mount(b"", b"/usr", None, 32, None),
    libc.unshare(0x10000000),
    libc.unshare(0x00020000),
]
try:
    tried.append(os.chroot("/alone"))
except PermissionError:
    pass
tried
"""


def test_code_cannot_take_down_the_walls_or_make_others(walled):
    assert walled([RIGHTS], FILES).printed == ["[-1, -1, -1, -1, -1]\n"]


INSTALLED = """
from despatch963.grading.running.sandbox import sandbox
with sandbox(require=True) as run:
    print(run(["from despatch963 import tables\\nlen(tables.claims()) > 100"], {}).printed)
"""


def test_a_course_that_is_installed_below_tmp_is_found(walled, tmp_path):
    for name in ("course/despatch963", "data"):
        shutil.copytree(ROOT / name, tmp_path / name)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "course")}
    command = [sys.executable, "-c", INSTALLED]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert "True" in told.stdout


def test_code_that_does_not_end_is_ended_and_the_next_is_run(run):
    outcome = run(["import time\ntime.sleep(1000)"], FILES)
    assert outcome.problem == f"Its code took more than {SECONDS} seconds and was ended."
    assert run(["1 + 1"], FILES).printed == ["2\n"]


def test_memory_and_output_are_bounded(run):
    outcome = run(["len(bytearray(8_000_000_000))", "print('x' * 50_000_000)"], FILES)
    if sys.platform == "linux":
        assert "MemoryError" in outcome.printed[0]
    assert len(outcome.printed[1]) < 11_000
    assert "There was more" in outcome.printed[1]


FREED = """
import ctypes, os, re
class Part(ctypes.Structure):
    _fields_ = [("start", ctypes.c_void_p), ("length", ctypes.c_size_t)]
libc = ctypes.CDLL(None)
libc.sbrk.restype = ctypes.c_void_p
size, held, found = 1 << 16, ctypes.create_string_buffer(1 << 16), set()
for middle in {n >> 20 << 20 for n in (id([]), libc.sbrk(0), ctypes.addressof(held))}:
    for start in range(middle - (1 << 27), middle + (1 << 27), size):
        here, there = Part(ctypes.addressof(held), size), Part(start, size)
        got = libc.process_vm_readv(os.getpid(), ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
        if got > 0:
            found |= set(re.findall(b"secret" + b"-of-[a-z]+", held.raw[:got]))
found
"""


def test_what_a_submission_holds_is_not_in_the_memory_of_the_next(walled):
    files = {f"{n}.txt": b"z" * n + b"secret-of-ada" for n in range(1000, 9000, 500)}
    told = walled([FREED], files).printed[0]
    assert "secret-of-ada" in told, "nothing is found where something is"
    assert walled([FREED], FILES).printed[0] == "set()\n"


def test_behind_walls_there_is_no_other_process_no_network_and_no_key(walled, root):
    key = root / "assignments" / "keys" / "05-the-consulates.json"
    assert key.is_file()
    cells = [
        "import os\nos.listdir('/proc'), os.getppid()",
        "open('/proc/1/environ').read()",
        f"open({str(key)!r}).read()",
        "import socket\nsocket.create_connection(('127.0.0.1', 1), timeout=5)",
        "open('/usr/left', 'w')",
        "open('/dev/left', 'w')",
        "open('/left', 'w')",
        "open('big', 'wb').write(b'x' * 100_000_000)",
    ]
    told = walled(cells, FILES).printed
    assert told[0].split() == ["([],", "1)"]
    assert "FileNotFoundError" in told[1]
    assert "FileNotFoundError" in told[2]
    assert "Network is unreachable" in told[3] or "refused" in told[3]
    assert all("Error" in text for text in told[3:7])
    assert "No space left" in told[7] or "too large" in told[7]


def test_behind_walls_nothing_of_the_graders_environment_is_seen(walled, monkeypatch):
    assert "SECRET" not in bubblewrap.environment()
    monkeypatch.setenv("SECRET", "x")
    assert "SECRET" not in bubblewrap.environment()


def test_behind_walls_few_processes_can_be_started(walled):
    forks = "import os, time\nfor n in range(100):\n    if not os.fork():\n        time.sleep(5)"
    outcome = walled([forks], FILES)
    assert "BlockingIOError" in outcome.printed[0]


def test_no_process_is_left(walled):
    walled(["import subprocess\nsubprocess.Popen(['sleep', '1000'])"], FILES)
    found = []
    for process in psutil.Process(os.getpid()).children(recursive=True):
        # One that was at its end when it was listed may be gone.
        with contextlib.suppress(psutil.NoSuchProcess):
            found += process.cmdline()
    assert "1000" not in found


def test_without_bubblewrap_it_warns_loudly_and_can_be_refused(monkeypatch):
    monkeypatch.setattr(bubblewrap, "missing", lambda: "It is not there.")
    with pytest.warns(NotShutIn, match="NOT SHUT IN: It is not there"):
        check(require=False)
    with pytest.warns(NotShutIn, match="NO STUDENT'S CODE IS RUN.*It is not there"):
        check(require=True)
    with pytest.raises(NoSandbox), sandbox(require=True):
        pass


def test_bubblewrap_that_is_not_installed_is_said_to_be_missing(monkeypatch):
    monkeypatch.setenv("PATH", "")
    bubblewrap.missing.cache_clear()
    try:
        assert "apt install bubblewrap" in bubblewrap.missing() or sys.platform != "linux"
    finally:
        bubblewrap.missing.cache_clear()


def test_the_grader_needs_nothing_that_windows_lacks_until_code_is_run():
    unix = "despatch963.grading.running.shut_in"  # imports what only Unix has
    code = f"import sys, despatch963.grading.batch\nprint({unix!r} in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
