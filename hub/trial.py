"""A JupyterHub to try the course on: `start` makes it ready and runs it, `clean` takes it away.

Everything is in one folder outside the checkout, which `make hub` makes (HUB=…):

    venv, proxy      JupyterHub, JupyterLab, nbgrader and the course as students get it
    homes            a home folder each; the instructor's holds the course, as despatch963
    exchange         nbgrader's, with the permissions that it asks for
    lessons          a git repository of the lessons, for nbgitpuller
    roles, run       settings by role; the sockets of kernels
    state            the hub's own: database, secrets, passwords
"""

import argparse
import getpass
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import running
import unix_users
from lessons import publish as publish_lessons
from unix_users import Trouble

HUB = Path(__file__).resolve().parent
CHECKOUT = HUB.parent
COURSE = "despatch963"
ROOT = os.geteuid() == 0
STUDENTS = ("ada", "ben", "cem")


def main() -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(description="A JupyterHub to try the course on.")
    parser.add_argument("command", choices=("start", "clean"))
    parser.add_argument("place", type=Path, help="the trial's folder")
    parser.add_argument("--port", type=int, default=8000, help="where to log in (default: 8000)")
    parser.add_argument("--group", default="d963", help="Unix group, and start of all names")
    parser.add_argument("--students", nargs="+", default=STUDENTS, help="how they are called")
    arguments = parser.parse_args()
    place = arguments.place.resolve()
    try:
        if arguments.command == "clean":
            return clean(place, arguments.group)
        names = [f"{arguments.group}-{name}" for name in ("instructor", *arguments.students)]
        return start(place, names if ROOT else [getpass.getuser()], arguments)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1


def start(place: Path, names: list[str], arguments: argparse.Namespace) -> int:
    """Make the trial ready, run its hub until Ctrl-C, and end all that it started."""
    os.umask(0o022)
    for folder, mode in (("homes", 0o755), ("run", 0o755), ("state", 0o700)):
        (place / folder).mkdir(parents=True, exist_ok=True)
        (place / folder).chmod(mode)
    install_course()
    shutil.copytree(HUB / "roles", place / "roles", dirs_exist_ok=True)
    publish_lessons(place / "lessons")
    trusted = "".join(f"\tdirectory = {place}/lessons{end}\n" for end in ("", "/.git"))
    (place / "roles" / "gitconfig").write_text(f"[safe]\n{trusted}", encoding="utf-8")
    open_to_all(place / "roles")
    open_to_all(place / "lessons")
    for name in names:
        if ROOT:
            unix_users.make(name, arguments.group, place / "homes" / name)
        for folder in (place / "homes" / name, place / "run" / name):
            folder.mkdir(exist_ok=True)
        own(place / "run" / name, name)
    give_course(place, names[0])
    if ROOT:
        keep_apart(place, names[-1])
    return running.run(place, names, arguments.port)


def install_course() -> None:
    """Put the course as it is now into the hub's Python: a wheel, which carries no graded key."""
    pip = (sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check")
    offline = ("--no-index", "--no-deps", "--no-build-isolation", "--force-reinstall")
    subprocess.run([*pip, *offline, str(CHECKOUT)], check=True, umask=0o022)


def open_to_all(folder: Path) -> None:
    """Let everyone read a folder, however closed the checkout is that it was copied from."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def give_course(place: Path, instructor: str) -> None:
    """Give the instructor the course's folder, once, and a place in nbgrader's exchange."""
    course = place / "homes" / instructor / COURSE
    if not course.exists():
        for folder in ("source", "keys"):
            shutil.copytree(CHECKOUT / "assignments" / folder, course / folder)
        shutil.copy(CHECKOUT / "assignments" / "nbgrader_config.py", course)
        own(course, instructor)
    exchange = place / "exchange"
    exchange.mkdir(exist_ok=True)
    # As nbgrader asks, for everyone; but nobody may rename or remove what is another's.
    exchange.chmod(0o1777)
    if not (exchange / COURSE).exists():
        (exchange / COURSE).mkdir()
        own(exchange / COURSE, instructor)
        (exchange / COURSE).chmod(0o755)


def own(folder: Path, name: str) -> None:
    """Make a folder one user's own."""
    if ROOT:
        unix_users.give(folder, name)
    folder.chmod(0o700)


def keep_apart(place: Path, student: str) -> None:
    """See to it that students can reach the hub's Python, and not this checkout."""
    if place.is_relative_to(CHECKOUT):
        raise Trouble("The checkout holds the keys: choose a folder outside it, make hub HUB=…")
    if not unix_users.succeeds(student, sys.executable, "-c", f"import {COURSE}"):
        raise Trouble(
            f"The user {student} cannot run {sys.executable}. Others must be able to pass through "
            "every folder above it and above the Python it was made from: make hub HUB=/srv/hub"
        )
    if CHECKOUT.stat().st_mode & 0o007:
        CHECKOUT.chmod(CHECKOUT.stat().st_mode & 0o770)
        print(f"Closed {CHECKOUT} to other users (chmod o-rwx): it holds the keys.")
    if unix_users.succeeds(student, "test", "-x", str(CHECKOUT)):
        raise Trouble(f"The user {student} can still reach {CHECKOUT}, which holds the keys.")


def clean(place: Path, group: str) -> int:
    """Remove the trial's users and its folder, with everything they did."""
    started = place / "state" / "trial.json"
    if started.exists() and is_alive(json.loads(started.read_text(encoding="utf-8"))["process"]):
        raise Trouble("The hub is running. End it first, with Ctrl-C in its window.")
    removed = unix_users.remove(group) if ROOT else []
    shutil.rmtree(place)
    print(f"Removed {place}" + (f" and the users {', '.join(removed)}." if removed else "."))
    return 0


def is_alive(process: int) -> bool:
    """Tell whether a trial with this process still runs."""
    try:
        return b"trial.py" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
