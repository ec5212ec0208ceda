"""`despatch963 grade --scheduler`: a real Dask cluster whose workers see nothing of the course."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import psutil
import pytest
from test_grade_command import (
    CONFIG,
    STUDENTS,
    Course,
    command,
    copied,
    grade,
    hand_in_all,
    make,
    rows,
)

pytest.importorskip("distributed", reason="Dask is not installed (extra: cluster)")
pytestmark = pytest.mark.slow


LONE = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
"""A worker of one process and one thread."""

DYING = """
import os
from despatch963.grading import worker
def graded(paper, work, run):
    os._exit(9)
worker.graded = graded
"""


@contextmanager
def started(place, *command):
    """Run a part of the cluster in a folder of its own; give the process and the first line."""
    place.mkdir(parents=True, exist_ok=True)
    log = place / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "distributed.cli." + command[0], *command[1:]],
            cwd=place,
            env={**os.environ, "PYTHONPATH": _first(place)},
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process, log
    finally:
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, number)
                process.wait(timeout=10)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                pass


def _first(place):
    return os.pathsep.join([os.environ.get("PYTHONPATH", ""), str(place)])


def said(log, pattern):
    for _ in range(300):
        if found := re.search(pattern, log.read_text("utf-8")):
            return found[1]
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8"))


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A scheduler and two workers, each in a folder far from the course; and their processes."""
    place = tmp_path_factory.mktemp("cluster")
    options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    with started(place / "scheduler", "dask_scheduler", *options) as (_, log):
        address = said(log, r"Scheduler at:\s+(tcp://\S+)")
        with (
            started(place / "one", "dask_worker", address, *LONE) as (one, first),
            started(place / "two", "dask_worker", address, *LONE) as (two, second),
        ):
            for log in (first, second):
                said(log, r"(Registered to)")
            yield address, one, two


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """A course and the same one graded on this machine."""
    course = make(tmp_path_factory.mktemp("dask"))
    hand_in_all(course)
    here = Course(tmp_path_factory.mktemp("here"), CONFIG)
    copied_ = copied(course, here.folder.parent / "copy")
    grade(copied_)
    return course, copied_


def test_a_cluster_gives_the_marks_that_one_machine_gives(alone, cluster, tmp_path):
    course, here = alone
    there = copied(course, tmp_path)
    _, report = grade(there, "--scheduler", cluster[0])
    assert report["graded"] == len(STUDENTS)
    assert rows(there.database) == rows(here.database)
    _, report = grade(there, "--scheduler", cluster[0])
    assert report["skipped"] == len(STUDENTS)


def test_workers_get_no_folder_of_the_course(cluster, alone):
    for process in cluster[1:]:
        where = psutil.Process(process.pid).cwd()
        assert not where.startswith(str(alone[0].folder.parent))


def test_a_worker_that_dies_costs_nobody_anything(alone, tmp_path):
    """It is the first and only one, with the assignment in its memory; another comes after it."""
    course, here = alone
    there = copied(course, tmp_path / "course")
    dying = tmp_path / "dying"
    dying.mkdir()
    (dying / "sitecustomize.py").write_text(DYING, encoding="utf-8")
    options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    with started(tmp_path / "scheduler", "dask_scheduler", *options) as (_, log):
        address = said(log, r"Scheduler at:\s+(tcp://\S+)")
        with started(dying, "dask_worker", address, *LONE) as (first, log):
            said(log, r"(Registered to)")
            running = subprocess.Popen(
                command(there.folder, "--scheduler", address),
                cwd=there.folder,
                env=there.environment,
            )
            assert first.wait(timeout=60) == 9
        with started(tmp_path / "second", "dask_worker", address, *LONE):
            assert running.wait(timeout=120) == 0
    assert rows(there.database) == rows(here.database)


def test_a_scheduler_without_workers_is_said_to_have_none(alone, tmp_path):
    options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    with started(tmp_path / "scheduler", "dask_scheduler", *options) as (_, log):
        address = said(log, r"Scheduler at:\s+(tcp://\S+)")
        printed, _ = grade(copied(alone[0], tmp_path), "--scheduler", address, status=1)
    assert "has no worker" in printed and "Traceback" not in printed


def test_without_dask_the_command_names_what_to_install(alone, tmp_path):
    course = copied(alone[0], tmp_path / "course")
    (tmp_path / "distributed.py").write_text("raise ImportError", encoding="utf-8")
    printed, _ = grade(course, "--scheduler", "tcp://127.0.0.1:1", status=1, path=tmp_path)
    assert "despatch963[cluster]" in printed
