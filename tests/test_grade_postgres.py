"""`despatch963 grade` with the gradebook in PostgreSQL: a real server in a folder of its own."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import psutil
import pytest
from test_grade_command import (
    CONFIG,
    STUDENTS,
    UNIT,
    Course,
    command,
    copied,
    grade,
    hand_in_all,
    make,
    rows,
)

pytest.importorskip("psycopg", reason="psycopg is not installed (extra: cluster)")
pytestmark = pytest.mark.slow


def _programs():
    """Return the folder of PostgreSQL's programs, or None."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    return places[0].parent if places else None


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of a PostgreSQL server of these tests' own, on a port that is free."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL's server (initdb) is not installed")
    place = tmp_path_factory.mktemp("postgres")
    who = {}
    if os.geteuid() == 0:
        # The server refuses to run as root.
        nobody = pwd.getpwnam("nobody")
        who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        for folder in (place, *place.parents):
            # Every folder that pytest made for us alone.
            if folder.stat().st_uid == 0 and not folder.stat().st_mode & 0o001:
                folder.chmod(0o755)
        os.chown(place, nobody.pw_uid, nobody.pw_gid)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = place / "data"
    options = ("--auth=trust", "--username=grader", "--no-sync", "--encoding=UTF8", "--no-locale")
    made = subprocess.run(
        [programs / "initdb", "-D", data, *options],
        **who,
        cwd=place,
        capture_output=True,
        text=True,
    )
    if made.returncode:
        pytest.skip(f"PostgreSQL cannot be set up here: {made.stderr[-300:]}")
    with (place / "log").open("w") as log:
        process = subprocess.Popen(
            [
                *(programs / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1"),
                *("-c", f"unix_socket_directories={place}", "-c", "fsync=off"),
            ],
            **who,
            cwd=place,
            stdout=log,
            stderr=log,
        )
    try:
        import psycopg

        for _ in range(100):
            try:
                psycopg.connect(f"host=127.0.0.1 port={port} user=grader dbname=postgres").close()
                break
            except psycopg.OperationalError:
                time.sleep(0.1)
        else:
            raise AssertionError((place / "log").read_text())
        yield f"postgresql://grader@127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def create(server, name):
    import psycopg

    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{server}/{name}"


@pytest.fixture(scope="module")
def course(server, tmp_path_factory):
    """A course with its gradebook on the server, and the same one with SQLite, both graded."""
    address = create(server, "course")
    config = f"{CONFIG}\nc.CourseDirectory.db_url = {address!r}\n"
    course = make(tmp_path_factory.mktemp("pg"), config)
    hand_in_all(course)
    course.address = address
    grade(course)
    lite = Course(tmp_path_factory.mktemp("lite"), CONFIG)
    lite.nbgrader("generate_assignment", UNIT, "--create")
    shutil.copytree(course.folder / "submitted", lite.folder / "submitted")
    grade(lite)
    course.lite = rows(lite.database)
    return course


def test_postgresql_holds_the_marks_that_sqlite_holds(course):
    assert set(course.lite) == set(STUDENTS)
    assert rows(course.address) == course.lite


def test_unchanged_submissions_are_skipped_there_too(course):
    _, report = grade(course)
    assert (report["skipped"], report["graded"]) == (len(STUDENTS), 0)


def test_killed_it_goes_on_and_the_gradebook_is_whole(course, server):
    for pause in (2.5, 3.2, 4.0):
        running = subprocess.Popen(
            command(course.folder, "--force"), cwd=course.folder, env=course.environment
        )
        time.sleep(pause)
        below = psutil.Process(running.pid).children(recursive=True)
        running.kill()
        running.wait()
        assert not psutil.wait_procs(below, timeout=10)[1]
        assert rows(course.address) == course.lite
    _, report = grade(course, "--force")
    assert report["graded"] == len(STUDENTS)
    assert rows(course.address) == course.lite


def test_one_name_the_gradebook_refuses_costs_the_others_nothing(course, tmp_path):
    """A name longer than nbgrader's column; SQLite would take it."""
    long = "x" * 200
    shutil.copytree(course.folder / "submitted" / "ada", course.folder / "submitted" / long)
    try:
        _, report = grade(course, "--force", status=1)
    finally:
        shutil.rmtree(course.folder / "submitted" / long)
        shutil.rmtree(course.folder / "autograded" / long)
    assert (report["graded"], report["failed"]) == (len(STUDENTS), 1)
    assert rows(course.address) == course.lite


def test_a_server_that_is_gone_is_said_to_be(course, tmp_path):
    copy = copied(course, tmp_path)
    config = copy.folder / "nbgrader_config.py"
    gone = "postgresql://grader@127.0.0.1:1/course"
    config.write_text(CONFIG + f"\nc.CourseDirectory.db_url = {gone!r}\n", encoding="utf-8")
    printed, _ = grade(copy, status=1)
    assert "gradebook cannot be opened" in printed and "Traceback" not in printed
