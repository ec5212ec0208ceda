"""A command watched from outside: what it and all that it starts use, and what they leave."""

import contextlib
import ctypes
import os
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import psutil

_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER
_TICK = 0.1
_PATIENCE = 500  # seconds
_GRACE = 5.0  # seconds in which those that are at their end must have ended


class Watched(NamedTuple):
    """What a command did; sizes are bytes, and the largest seen."""

    status: int
    printed: str
    memory: int
    processes: int
    disk: int
    left: list[str]
    """The processes that had not ended when the command had."""
    seconds: float


def run(command: Sequence[str], cwd: Path, environment: dict[str, str], disk: Path) -> Watched:
    """Run a command and look at it until it ends; `disk` is the folder that is measured."""
    # Whoever loses its parent becomes a child of this process, so nobody can slip away.
    libc = ctypes.CDLL(None)
    libc.prctl(_SUBREAPER, 1)
    before = set(psutil.Process().children())
    most = [0, 0, 0]
    ended = threading.Event()
    start = time.monotonic()
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as running:
        looking = threading.Thread(target=_look, args=(running.pid, disk, most, ended))
        looking.start()
        try:
            printed, _ = running.communicate(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            running.kill()
            printed, _ = running.communicate()
            printed += f"Killed after {_PATIENCE} seconds."
        ended.set()
        looking.join()
    seconds = time.monotonic() - start
    left = [child for child in psutil.Process().children(recursive=True) if child not in before]
    _, alive = psutil.wait_procs(left, timeout=_GRACE)
    named = [f"{child.pid} {child.name()}" for child in alive]
    for child in alive:
        child.kill()
        child.wait()
    libc.prctl(_SUBREAPER, 0)
    memory, processes, size = most
    return Watched(running.returncode, printed, memory, processes, size, named, seconds)


def _look(pid: int, disk: Path, most: list[int], ended: threading.Event) -> None:
    ticks = 0
    while not ended.wait(_TICK):
        try:
            everyone = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        except psutil.NoSuchProcess:
            continue
        most[0] = max(most[0], sum(map(_memory, everyone)))
        most[1] = max(most[1], len(everyone))
        if ticks % 20 == 0:
            most[2] = max(most[2], size(disk))
        ticks += 1


def _memory(process: psutil.Process) -> int:
    try:
        told = process.memory_info()
    except psutil.Error:
        return 0
    return told.rss - told.shared


def size(folder: Path) -> int:
    """Return how much of the disk a folder takes, as far as it can be looked into."""
    total = 0
    for inner, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(f"{inner}/{name}").st_blocks * 512
    return total
