"""What several tests need: the course's root, and nbgrader in a course of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import desk
import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root():
    return ROOT


class Course:
    """An nbgrader course and its exchange in folders of their own; commands run as a user would."""

    def __init__(self, place, config):
        self.folder = place / "course"
        self.exchange = place / "exchange"
        self.home = place / "home"
        for folder in (self.exchange, self.home):
            folder.mkdir(parents=True)
        self.exchange.chmod(0o777)
        shutil.copytree(ROOT / "assignments" / "source", self.folder / "source")
        shutil.copytree(ROOT / "assignments" / "keys", self.folder / "keys")
        (self.folder / "nbgrader_config.py").write_text(config, encoding="utf-8")
        self.environment = {
            **os.environ,
            # nbgrader starts alembic by name, as in an activated environment.
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "HOME": str(self.home),
            "JUPYTER_CONFIG_DIR": str(self.home / "config"),
            "JUPYTER_RUNTIME_DIR": str(self.home / "runtime"),
            "JUPYTER_PREFER_ENV_PATH": "1",
        }

    def student(self, name):
        folder = self.home / name
        folder.mkdir(exist_ok=True)
        return folder

    def nbgrader(self, command, *arguments, cwd=None, check=True):
        """Run one nbgrader command and return what it printed."""
        run = subprocess.run(
            [
                *(sys.executable, "-m", "nbgrader", command, *arguments),
                f"--Exchange.root={self.exchange}",
                "--CourseDirectory.course_id=despatch963",
            ],
            cwd=cwd or self.folder,
            # What a student submitted is remembered in that student's own Jupyter folder.
            env={**self.environment, "JUPYTER_DATA_DIR": str((cwd or self.home) / ".jupyter")},
            capture_output=True,
            text=True,
            check=False,
        )
        printed = run.stdout + run.stderr
        assert not check or run.returncode == 0, printed
        return printed

    @property
    def database(self):
        return f"sqlite:///{self.folder / 'gradebook.db'}"


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """The course as `despatch963 learn` starts it, in a folder of its own."""
    with desk.started(tmp_path_factory.mktemp("reader")) as reader:
        yield reader


@pytest.fixture(scope="module")
def chromium():
    with desk.chromium() as program:
        yield program


@pytest.fixture
def page(chromium):
    with desk.opened(chromium) as page:
        yield page
