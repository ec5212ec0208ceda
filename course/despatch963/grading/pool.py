"""Submissions marked by processes of this machine. One that dies takes only its submission.

Each process is a pool of one: when it dies, the submission that it held is known. That one is tried
once more in a new process, then reported; the others go on.
"""

import contextlib
import multiprocessing
import os
import signal
import threading
import time
import warnings
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.util import Finalize
from typing import NamedTuple

from . import worker
from .running.sandbox import NotShutIn
from .submission import Graded, Paper, Work

LIMIT = 900.0
"""Seconds after which a process that does not answer is ended; the sandbox's limits come first."""

_AHEAD = 2  # submissions given to a process: one in hand, one waiting, so that it is never idle
_TRIES = 2
_TICK = 5.0


class _Job(NamedTuple):
    work: Work
    tries: int
    future: "Future[Graded]"


class _Seat:
    """A process in a pool of its own, and the submissions it was given, in order."""

    def __init__(self, paper: Paper, require: bool) -> None:
        self._pool = ProcessPoolExecutor(
            1,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_prepare,
            initargs=(paper, require),
        )
        self._pid: Future[int] | None = None
        self.jobs: deque[_Job] = deque()
        self._since = time.monotonic()

    def give(self, work: Work, tries: int) -> None:
        if not self.jobs:
            self._since = time.monotonic()
        try:
            # The process starts with the first thing that it is asked, so not when there is none.
            self._pid = self._pid or self._pool.submit(os.getpid)
            future = self._pool.submit(_mark, work)
        except BrokenProcessPool as error:
            future = Future()
            future.set_exception(error)
        self.jobs.append(_Job(work, tries, future))

    def finished(self) -> Iterator[_Job]:
        """Take away and give what is done; what a dead process held stays."""
        while self.jobs and self.jobs[0].future.done() and not self.died():
            self._since = time.monotonic()
            yield self.jobs.popleft()

    def died(self) -> bool:
        if not self.jobs or not self.jobs[0].future.done():
            return False
        return isinstance(self.jobs[0].future.exception(), BrokenProcessPool)

    def stuck(self) -> bool:
        return bool(self.jobs) and time.monotonic() - self._since > LIMIT

    def end(self, now: bool) -> None:
        """End the process: at once, or when it has done what it was given."""
        if now and self._pid and self._pid.done() and not self._pid.exception():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid.result(), signal.SIGKILL)
        self._pool.shutdown(wait=not now, cancel_futures=now)


def marked(
    paper: Paper, works: Iterable[Work], workers: int, require: bool
) -> Generator[tuple[Work, Graded], None, None]:
    """Mark `works` in `workers` processes and give each with its result, as they are done.

    `works` are taken only as fast as they are done: of a class of any size few are in memory.
    """
    new = ((work, 1) for work in works)
    again: deque[tuple[Work, int]] = deque()
    seats = [_Seat(paper, require) for _ in range(workers)]
    whole = False
    try:
        while True:
            for seat in seats:
                while len(seat.jobs) < _AHEAD:
                    following = again.popleft() if again else next(new, None)
                    if following is None:
                        break
                    seat.give(*following)
            if not any(seat.jobs for seat in seats):
                break
            waited = [job.future for seat in seats for job in seat.jobs]
            wait(waited, timeout=_TICK, return_when=FIRST_COMPLETED)
            for place, seat in enumerate(seats):
                for job in seat.finished():
                    yield job.work, _result(job)
                if seat.died():
                    seats[place] = _Seat(paper, require)
                    held = seat.jobs.popleft()
                    again.extend((job.work, job.tries) for job in seat.jobs)
                    seat.end(now=True)
                    if held.tries < _TRIES:
                        again.append((held.work, held.tries + 1))
                    else:
                        yield held.work, worker.failed(held.work, DIED)
                elif seat.stuck():
                    seat.end(now=True)
        whole = True
    finally:
        for seat in seats:
            seat.end(now=not whole)


DIED = f"The process that graded it died, or did not answer for {LIMIT:.0f} seconds; twice."


def _result(job: _Job) -> Graded:
    error = job.future.exception()
    if error is not None:
        return worker.failed(job.work, f"The grader failed: {type(error).__name__}: {error}")
    return job.future.result()


_given: dict[str, tuple[Paper, bool]] = {}
"""In a process: what it was started with."""


def _prepare(paper: Paper, require: bool) -> None:
    # A key pressed to stop the batch reaches every process; the first one stops the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore", NotShutIn)  # of which the batch has warned
    threading.Thread(target=_end_with_parent, daemon=True).start()
    Finalize(None, worker.close, exitpriority=10)
    _given["paper"] = paper, require


def _end_with_parent() -> None:
    """End this process when the one that started it has gone, however it went."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _mark(work: Work) -> Graded:
    paper, require = _given["paper"]
    return worker.marked(paper, work, require)
