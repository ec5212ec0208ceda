"""The trial's Unix users: made when it starts, known by their group, removed when it is cleaned."""

import grp
import os
import pwd
import signal
import subprocess
from pathlib import Path


class Trouble(Exception):
    """Something that whoever starts the trial has to settle first."""


def make(name: str, group: str, home: Path) -> None:
    """Make a user who cannot log in to the machine itself, with a home for nobody else."""
    try:
        grp.getgrnam(group)
    except KeyError:
        _run("groupadd", group)
    try:
        known = Path(pwd.getpwnam(name).pw_dir)
    except KeyError:
        comment = ("--comment", "trial of despatch963")
        where = ("--home-dir", str(home), "--create-home", "--shell", "/bin/bash")
        _run("useradd", "--user-group", "--groups", group, *comment, *where, name)
    else:
        if known != home:
            raise Trouble(
                f"There is a user {name} already, whose home is {known}. "
                "Remove an older trial with `make hub-clean`, in the same HUB as it was made."
            )
    home.chmod(0o700)


def members(group: str) -> list[str]:
    """Return the names of a trial's users."""
    try:
        return grp.getgrnam(group).gr_mem
    except KeyError:
        return []


def remove(group: str) -> list[str]:
    """Remove a trial's users, their group and whatever they still run; return their names."""
    names = members(group)
    for name in names:
        for process in _processes(pwd.getpwnam(name).pw_uid):
            os.kill(process, signal.SIGKILL)
        _run("userdel", name)
    if names:
        _run("groupdel", group)
    return names


def give(folder: Path, name: str) -> None:
    """Make a user the owner of a folder and all in it, and take it from everybody else."""
    user = pwd.getpwnam(name)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, user.pw_uid, user.pw_gid)
    folder.chmod(0o700)


def succeeds(name: str, *command: str) -> bool:
    """Tell whether a command succeeds when a user gives it."""
    user = pwd.getpwnam(name)
    ids = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    try:
        run = subprocess.run(command, cwd="/", capture_output=True, check=False, **ids)
    except PermissionError:
        return False
    return run.returncode == 0


def _processes(user: int) -> list[int]:
    folders = [path for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [int(path.name) for path in folders if path.exists() and path.stat().st_uid == user]


def _run(*command: str) -> None:
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        raise Trouble(run.stderr.strip() or f"{command[0]} failed.")
