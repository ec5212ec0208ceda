"""One submission's code: laid out, run below a watcher that is alone with it, ended in time.

The watcher runs no line of the student's. Behind walls it is the first process of a world of its
own, which nothing in there can end or look into.
"""

import contextlib
import json
import os
import pickle
import select
import shutil
import signal
import stat
import tempfile
import time
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path, PurePosixPath
from typing import NamedTuple, NoReturn

from ... import answers
from ..folders import inside
from ..sheet import BYTES
from . import FOLDER, cells, shut_in

_PRINTED = 2_000_000


class Code(NamedTuple):
    """What a student wrote, the files beside it, and how long it may take."""

    cells: list[str]
    files: Mapping[str, bytes]
    seconds: int


def watch(line: Connection, walls: bool, done: int) -> NoReturn:
    """Be the watcher: read a submission from the line, run its code, tell the line what came of it.

    When all is told, a byte is written to the file number `done`; when nobody is there, none.
    """
    try:
        code = Code(*pickle.loads(line.recv_bytes()))
    except EOFError:
        os._exit(0)
    folder = FOLDER if walls else tempfile.mkdtemp(prefix="despatch963-")
    printed: list[str] = []
    sheet = b""
    try:
        if walls:
            shut_in.alone(folder)
        where = Path(folder, "work")
        _lay_out(where, code.files)
        printed, problem = _run(code, where, walls)
        sheet = _sheet(where)
    except Exception as error:
        problem = f"It could not be run: {error}."
    told = {"answers": sheet.decode(errors="replace"), "printed": printed, "problem": problem}
    if not walls:
        shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError):
        line.send_bytes(json.dumps(told, ensure_ascii=False).encode(errors="replace"))
        os.write(done, b"1")
    os._exit(0)


def _lay_out(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir()
    for name, content in files.items():
        if not inside(name):
            continue
        path = PurePosixPath(name)
        # A name that cannot be written here, or a file that does not fit, is left out.
        with contextlib.suppress(OSError, ValueError):
            (folder / path.parent).mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)


def _run(code: Code, folder: Path, walls: bool) -> tuple[list[str], str]:
    """Run the cells in a process below this one; return what each printed, and what went wrong."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        _be_the_code(code, folder, walls, theirs)
    os.close(theirs)
    deadline = time.monotonic() + code.seconds
    told = read_all(ours, _PRINTED, deadline)
    status = _ended(pid, deadline)
    _end(pid, walls)
    os.close(ours)
    printed = cells.read(told, len(code.cells))
    if status is None:
        return printed, f"Its code took more than {code.seconds} seconds and was ended."
    if status:
        number = os.waitstatus_to_exitcode(status)
        how = f"by signal {-number}" if number < 0 else f"with status {number}"
        return printed, f"Its code ended its process {how}."
    if told.count(b"\n") < len(code.cells):
        return printed, "Its code ended its process before all cells had run."
    return printed, ""


def _be_the_code(code: Code, folder: Path, walls: bool, to: int) -> NoReturn:
    try:
        # A signal to its group reaches none of those that it came from.
        os.setsid()
        os.chdir(folder)
        # It talks to nobody but its watcher: the lines of the others are closed.
        os.closerange(3, to)
        os.closerange(to + 1, 1024)
        shut_in.limit(code.seconds, walls)
        cells.run(code.cells, to)
    finally:
        os._exit(0)


def _ended(pid: int, deadline: float) -> int | None:
    """Wait for the code's process and return its status; None when it is still at work."""
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return status
        if time.monotonic() > deadline:
            return None
        time.sleep(0.002)


def _end(pid: int, walls: bool) -> None:
    """End the code and all that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if walls:
            os.kill(-1, signal.SIGKILL)
        else:
            os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


def _sheet(folder: Path) -> bytes:
    try:
        # What the code left may be a link, a pipe, anything.
        handle = os.open(folder / answers.SHEET, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return b""
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        return b""
    with os.fdopen(handle, "rb") as file:
        return file.read(BYTES + 1)


def read_all(number: int, limit: int, deadline: float) -> bytes:
    """Return what can be read before the other end closes, time is up or `limit` is reached."""
    whole = b""
    while len(whole) < limit:
        left = max(0.0, deadline - time.monotonic())
        if not select.select([number], [], [], left)[0]:
            break
        part = os.read(number, min(1 << 20, limit - len(whole)))
        if not part:
            break
        whole += part
    return whole
