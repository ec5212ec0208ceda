"""The walls around students' code: what bubblewrap lets it see, and whether it works here."""

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from ... import paths
from . import FOLDER

_SYSTEM = (
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/localtime",
)


@functools.cache
def missing() -> str:
    """Return why students' code cannot be shut in here; empty if it can."""
    if sys.platform != "linux":
        return "bubblewrap, which shuts it in, is for Linux only."
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed (`apt install bubblewrap`)."
    probe = [sys.executable, "-P", "-m", f"{__package__}.shut_in"]
    try:
        subprocess.run(
            command(probe),
            env=environment(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=60,
        )
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", b"") or b""
        last = said.decode(errors="replace").strip().splitlines()[-1:] or [str(error)]
        return f"bubblewrap does not work on this machine ({last[0][:200]})."
    return ""


def environment() -> dict[str, str]:
    """Return the environment that students' code gets; nothing of the grader's own is in it."""
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "HOME": "/tmp",
        "PYTHONPATH": os.pathsep.join(map(str, (paths.PACKAGE.parent, *_packages()))),
        "PYTHONDONTWRITEBYTECODE": "1",
        # Threads do not survive a fork, and each submission has one processor at the most.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        # Widgets stay plain, and question() needs no key.
        "NBGRADER_EXECUTION": "validate",
    } | {name: os.environ[name] for name in ("OPENBLAS_CORETYPE",) if name in os.environ}


def command(program: list[str]) -> list[str]:
    """Return the command that runs `program` behind walls."""
    root = os.geteuid() == 0
    options = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
    # Root gives its rights away from inside (see `shut_in.step_down`), for limits do not bind it.
    options += (
        ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        if root
        else ["--unshare-user", "--cap-drop", "ALL"]
    )
    options += ["--die-with-parent", "--new-session", "--proc", "/proc", "--dev", "/dev"]
    options += ["--dir", "/tmp", "--perms", "1777", "--tmpfs", FOLDER]
    options += ["--setenv", "HOME", FOLDER, "--setenv", "TMPDIR", FOLDER]
    for path in _seen():
        for parent in reversed(path.parents[:-1]):
            options += ["--perms", "0755", "--dir", str(parent)]
        options += ["--ro-bind", str(path.resolve()), str(path)]
    # Nothing can be left behind for the next submission to find.
    options += ["--remount-ro", "/dev", "--remount-ro", "/"]
    return ["bwrap", *options, "--chdir", "/", "--", *program]


def _seen() -> list[Path]:
    """Return what students' code may read: the system, Python, its packages and the course's data.

    Of a checkout only the package and the tables are in it, never the folder that holds the keys.
    """
    found = [Path(name) for name in _SYSTEM]
    found += [Path(name) for name in (sys.prefix, sys.base_prefix, sys.exec_prefix)]
    found += [Path(os.path.realpath(sys.executable)).parent.parent]
    found += [*_packages(), paths.PACKAGE, paths.data()]
    return sorted(_outermost(path for path in found if path.exists()))


def _packages() -> list[Path]:
    """Return the folders that packages were installed in, a person's own among them."""
    specs = [find_spec(name) for name in ("pandas", "plotly", "IPython")]
    return sorted({Path(spec.origin).parents[1] for spec in specs if spec and spec.origin})


def _outermost(found: Iterable[Path]) -> set[Path]:
    every = set(found)
    return {path for path in every if not any(other in every for other in path.parents)}
