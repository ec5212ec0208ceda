"""`despatch963 learn` and `make learn`: a start, a second start, an end."""

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from conftest import ROOT
from learning import learn

posix = pytest.mark.skipif(os.name != "posix", reason="make and its shell are POSIX")


def _get(address: str) -> tuple[int, str]:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.status, answer.read().decode("utf-8")


def _tree(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        file.relative_to(folder).as_posix(): (file.read_bytes(), file.stat().st_mtime_ns)
        for file in folder.rglob("*")
        if file.is_file()
    }


@pytest.mark.slow
def test_the_course_opens_on_its_first_page_and_asks_nobody_for_news(tmp_path: Path) -> None:
    with learn(tmp_path) as (_, address):
        assert urlsplit(address).path == "/lab/tree/00-start-here.ipynb"
        status, page = _get(address)
        assert status == 200
        contents = address.replace("/lab/tree/", "/api/contents/")
        assert json.loads(_get(contents)[1])["type"] == "notebook"
        with pytest.raises(urllib.error.HTTPError):
            _get(contents.partition("?")[0])
    config = json.loads(
        page.partition('id="jupyter-config-data"')[2].split(">", 1)[1].split("<")[0]
    )
    assert config["news"] == {"disabled": True}
    assert "@jupyterlab/apputils-extension:announcements" in config["disabledExtensions"]
    assert config["extensionManager"]["name"] == "read-only"
    assert config["serverRoot"] == str(tmp_path / "study")


@pytest.mark.slow
def test_a_second_start_touches_nothing_and_keeps_the_readers_work(tmp_path: Path) -> None:
    with learn(tmp_path):
        pass
    study = tmp_path / "study"
    (study / "00-start-here.ipynb").write_text('{"mine": 1}', encoding="utf-8")
    (study / "answers.json").write_text("mine", encoding="utf-8")
    before = _tree(study)
    with learn(tmp_path):
        pass
    assert _tree(study) == before


@posix
@pytest.mark.slow
def test_ctrl_c_ends_the_course_and_leaves_no_process(tmp_path: Path) -> None:
    with learn(tmp_path) as (process, address):
        base = address.partition("/lab/")[0]
        token = address.partition("token=")[2]
        request = urllib.request.Request(f"{base}/api/kernels?token={token}", b"{}", method="POST")
        urllib.request.urlopen(request, timeout=30).close()
        family = psutil.Process(process.pid).children(recursive=True)
        assert family
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
        _, alive = psutil.wait_procs(family, timeout=10)
        assert not alive


def test_help_is_quick_to_come() -> None:
    code = (
        "import sys\nfrom despatch963.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: print(*sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "learn" in run.stdout
    assert not {"jupyterlab", "nbformat", "nbgrader", "yaml"} & set(run.stdout.split())


def _outside_make() -> dict[str, str]:
    """Return the environment without what `make test` itself hands down to a make in a test."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}


class Checkout:
    """A folder with our Makefile and an environment whose programs only say that they ran."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("Makefile", "requirements.lock", "requirements-test.lock", "pyproject.toml"):
            shutil.copy(ROOT / name, folder)
        exchange = Path("hub", "kubernetes", "exchange.lock")
        (folder / exchange).parent.mkdir(parents=True)
        shutil.copy(ROOT / exchange, folder / exchange)
        self.log = folder / "log"

    def program(self, name: str, does: str = "") -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f'#!/bin/sh\necho "{path.name} $*" >>{self.log}\n{does}\n', encoding="utf-8"
        )
        path.chmod(0o755)

    def set_up(self) -> None:
        self.program(".venv/bin/python", 'if [ "$1" = -c ]; then echo True; fi')
        self.program(".venv/bin/despatch963")
        for stamp in ("made", "ready", "ready-to-test", "browser"):
            (self.folder / ".venv" / stamp).touch()

    def make(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        self.log.unlink(missing_ok=True)
        return subprocess.run(
            ["make", *arguments],
            cwd=self.folder,
            env={**_outside_make(), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def ran(self) -> list[str]:
        lines = self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []
        return [line for line in lines if not line.startswith("python -c")]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


@posix
@pytest.mark.parametrize("target", ["learn", "test", "build"])
def test_no_python_new_enough_gets_one_line_that_says_what_to_install(
    checkout: Checkout, target: str
) -> None:
    checkout.program("python-too-old", "exit 1")
    for python in ("./python-too-old", "no-such-python"):
        run = checkout.make(target, f"PYTHON={python}")
        assert run.returncode != 0
        assert run.stdout == ""
        assert len(run.stderr.splitlines()) == 1
        assert "Python 3.11 or newer" in run.stderr
        assert "install" in run.stderr
        assert not (checkout.folder / ".venv").exists()


@posix
def test_a_second_make_learn_does_no_set_up(checkout: Checkout) -> None:
    checkout.set_up()
    assert checkout.make("learn").returncode == 0
    assert checkout.ran() == ["despatch963 learn"]


@posix
def test_make_learn_hands_on_port_and_browser(checkout: Checkout) -> None:
    checkout.set_up()
    checkout.make("learn", "BROWSER=no", "PORT=8900")
    assert checkout.ran() == ["despatch963 learn --no-browser --port 8900"]


@posix
@pytest.mark.parametrize(
    ("target", "lock"),
    [("learn", "requirements.lock"), (".venv/ready-to-test", "requirements-test.lock")],
)
def test_a_changed_lock_is_installed_by_its_hashes(
    checkout: Checkout, target: str, lock: str
) -> None:
    checkout.set_up()
    os.utime(checkout.folder / lock, (2e9, 2e9))
    checkout.make(target)
    installed = [line for line in checkout.ran() if " pip install " in line]
    assert f"--require-hashes -r {lock}" in installed[0]
    assert all("--require-hashes" in line for line in installed[:-1])
    assert "--no-index" in installed[-1]


@posix
def test_an_environment_that_does_not_run_is_made_anew(checkout: Checkout) -> None:
    checkout.set_up()
    (checkout.folder / ".venv/bin/python").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    checkout.program("good-python", "exit 0")
    checkout.make("learn", "PYTHON=./good-python")
    assert "good-python -m venv --clear .venv" in checkout.ran()
