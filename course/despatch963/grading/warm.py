"""The warm process: it imports what an assignment needs, then forks a child for each submission.

It speaks with the grader over one line, whose number is its first argument: in come code cells and
files, out goes what they answered and printed. It knows no key, and what it forks knows none.

    warm        waits for work
    watcher     one a submission; starts the code, reads the sheet when it is done
    the code    below the watcher: the student's cells, and whatever they start
"""

import contextlib
import os
import pickle
import signal
import sys
import time
from multiprocessing.connection import Connection

from . import cells, shut_in
from .watcher import Code, read_all, watch

RESULT = 16_000_000
"""Bytes of what is told of one submission, at the most."""
_IDLE = 120.0  # seconds without work after which the process ends; it is started again when needed
_GRACE = 5.0  # seconds beyond the code's own in which the watcher must be done


def main(number: int, walls: bool) -> None:
    """Serve the grader at the other end of the line until it hangs up or has long been silent."""
    line = Connection(number)
    if walls:
        shut_in.step_down()
    cells.warm_up()
    shut_in.remember_memory()
    line.send_bytes(b"ready")
    while line.poll(_IDLE):
        try:
            code = Code(*pickle.loads(line.recv_bytes()))
        except EOFError:
            return
        line.send_bytes(_watched(code, walls))


def _watched(code: Code, walls: bool) -> bytes:
    """Fork the watcher of one submission and return what it tells; empty if it died."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(ours)
        watch(code, walls, theirs)
    os.close(theirs)
    told = read_all(ours, RESULT, time.monotonic() + code.seconds + _GRACE)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(ours)
    return told


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] == "walls")
