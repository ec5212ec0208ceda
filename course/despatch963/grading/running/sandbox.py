"""Where students' code runs: a warm process that is shut in, and what goes in and comes out of it.

The process has imported what an assignment needs, knows no key, and forks a child for each
submission. Bubblewrap shuts it in: it sees Python, the course's package and the tables, nothing
else, and no network. Each child is shut in again, alone with its files (`shut_in`).
"""

import json
import multiprocessing
import os
import pickle
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from .. import sheet
from . import RESULT, bubblewrap

SECONDS = 30
"""How long the code of one submission may take."""
_START = 60.0  # seconds to start and to import what is needed
_GRACE = 10.0  # seconds beyond a submission's own in which the process must answer


class NoSandbox(RuntimeError):
    """Students' code cannot be shut in here, so it is not run; the message says why."""


class NotShutIn(UserWarning):
    """Students' code runs without walls, or not at all; the message says why and what to do."""


class Outcome(NamedTuple):
    """What a submission's cells did."""

    responses: dict[str, Any]
    """What they answered, by question."""
    printed: list[str]
    """What each cell printed, its result and its error included."""
    problem: str
    """Empty, or what went wrong in words for the instructor."""


Run = Callable[[list[str], Mapping[str, bytes]], Outcome]
"""Runs code cells in a folder of their own that holds the files."""


@contextmanager
def sandbox(require: bool = False, seconds: int = SECONDS) -> Iterator[Run]:
    """Give what runs students' code, each in `seconds` at most; raise NoSandbox where none can be.

    Without bubblewrap, code runs in a process with limits but without walls, and NotShutIn is
    warned of; with `require` that is refused.
    """
    if not hasattr(os, "fork"):
        raise NoSandbox("this system cannot run students' code apart; grade on Linux or macOS.")
    process = _Warm(_walls(require), seconds)
    try:
        yield process.run
    finally:
        process.end()


def check(require: bool) -> None:
    """Warn NotShutIn of what `sandbox` would do here, before there is anything to run."""
    try:
        if not hasattr(os, "fork"):
            raise NoSandbox("this system cannot run students' code apart.")
        _walls(require)
    except NoSandbox as why:
        warnings.warn(
            f"NO STUDENT'S CODE IS RUN: {why} What their answer sheets hold is marked.",
            NotShutIn,
            stacklevel=2,
        )


def _walls(require: bool) -> bool:
    missing = bubblewrap.missing()
    if not missing:
        return True
    if require:
        raise NoSandbox(f"students' code cannot be shut in: {missing}")
    warnings.warn(
        f"STUDENTS' CODE IS NOT SHUT IN: {missing} It runs as you, with limits on time and memory "
        "only, and could read the keys and the gradebook. Grade work of people whom you do not "
        "trust elsewhere; --require-sandbox refuses this.",
        NotShutIn,
        stacklevel=2,
    )
    return False


class _Warm:
    """The warm process, started when first needed and again when it has ended."""

    def __init__(self, walls: bool, seconds: int) -> None:
        self._walls = walls
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None

    def run(self, cells: list[str], files: Mapping[str, bytes]) -> Outcome:
        try:
            answer = self._ask(pickle.dumps((cells, dict(files), self._seconds)))
        except (OSError, EOFError, TimeoutError) as error:
            self.end()
            return Outcome({}, [], f"The sandbox ended ({type(error).__name__}).")
        return _read(answer, len(cells))

    def _ask(self, work: bytes) -> bytes:
        for last_try in (False, True):
            # The process ends when it has long had nothing to do; then it is started again.
            line = self._started()
            try:
                line.send_bytes(work)
                break
            except OSError:
                self.end()
                if last_try:
                    raise
        if not line.poll(self._seconds + _GRACE):
            raise TimeoutError
        return line.recv_bytes(RESULT)

    def _started(self) -> Connection:
        if self._line is not None and self._process is not None and self._process.poll() is None:
            return self._line
        self.end()
        ours, theirs = multiprocessing.Pipe()
        command = [sys.executable, "-P", "-m", f"{__package__}.warm"]
        command += [str(theirs.fileno()), str(self._seconds)]
        if self._walls:
            command = bubblewrap.command([*command, "walls"])
        else:
            command.append("no walls")
        with theirs:
            self._process = subprocess.Popen(
                command,
                pass_fds=(theirs.fileno(),),
                env=bubblewrap.environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
            )
        self._line = ours
        if not ours.poll(_START):
            raise TimeoutError
        ours.recv_bytes(RESULT)
        return ours

    def end(self) -> None:
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            # It ends when the line is closed; if it is at work, it is ended.
            with suppress(ProcessLookupError):
                self._process.kill()
            self._process.wait()
        self._line = self._process = None


def _read(answer: bytes, count: int) -> Outcome:
    """Return what a submission did; what its processes sent is a stranger's, whatever it is."""
    try:
        told = json.loads(answer)
        printed = [str(text) for text in told["printed"]][:count]
        answered = told["answers"]
        problem = str(told["problem"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return Outcome({}, [], "It gave back nothing that can be read.")
    responses: dict[str, Any] = {}
    if answered:
        responses, problems = sheet.validated(answered.encode(errors="replace"))
        problem = " ".join([problem, *problems]).strip()
    return Outcome(responses, printed, problem)
