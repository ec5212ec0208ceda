"""The warm process: it imports what an assignment needs, then forks a child for each submission.

It has one line to the grader, whose number is its first argument: in come code cells and files, out
goes what they answered and printed. It knows no key, and what it forks knows none. Nor does it read
what comes or goes: whatever it had held, the code of those who come later could find in its memory.

    warm        waits for work
    watcher     one a submission; reads it, starts the code, tells the grader what came of it
    the code    below the watcher: the student's cells, and whatever they start
"""

import contextlib
import os
import signal
import sys
import time
from multiprocessing.connection import Connection

from . import cells, shut_in
from .watcher import read_all, watch

_IDLE = 120.0  # seconds without work after which the process ends; it is started again when needed
_GRACE = 5.0  # seconds beyond the code's own in which the watcher must be done


def main(number: int, seconds: int, walls: bool) -> None:
    """Serve the grader at the other end of the line until it hangs up or has long been silent."""
    line = Connection(number)
    if walls:
        shut_in.step_down()
    cells.warm_up()
    shut_in.remember_memory()
    line.send_bytes(b"ready")
    while line.poll(_IDLE) and _served(line, seconds, walls):
        pass


def _served(line: Connection, seconds: int, walls: bool) -> bool:
    """Fork the watcher of the submission that comes; return whether the line can be used again."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(ours)
        watch(line, walls, theirs)
    os.close(theirs)
    # Beyond its byte there is nothing, so this ends when the watcher has.
    done = read_all(ours, 2, time.monotonic() + seconds + _GRACE)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(ours)
    return bool(done)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "walls")
