"""Submissions marked by the workers of a Dask cluster: work and result travel as bytes.

A worker needs this package, no folder of the course and no gradebook. The keys travel to it: a
cluster is for those who may see them.
"""

import warnings
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

from . import worker
from .submission import Graded, Paper, Work

PATIENCE = 30.0
"""Seconds to wait for the scheduler, and for a worker when there is none."""

_PACKAGE = "despatch963"
_AHEAD = 3  # submissions given to each thread of a worker, so that none waits for the network


class NoCluster(RuntimeError):
    """The cluster cannot be used; the message says why and what to do."""


def marked(
    paper: Paper, works: Iterable[Work], address: str, require: bool
) -> Generator[tuple[Work, Graded], None, None]:
    """Mark `works` on the cluster whose scheduler is at `address`, giving each as it is done.

    `works` are taken only as fast as they are done. A worker that is lost is Dask's to replace: its
    submissions are tried on others. Raises NoCluster.
    """
    new = iter(works)
    running: dict[Any, Work] = {}
    with _client(address) as client, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Sending large graph")
        # As a task's result it is made anew when the workers that held it are lost.
        everyones = client.submit(_same, paper, pure=False)
        while True:
            room = _AHEAD * sum(client.nthreads().values()) - len(running)
            for _ in range(room if running else max(room, 1)):
                work = next(new, None)
                if work is None:
                    break
                future = client.submit(worker.marked, everyones, work, require, pure=False)
                running[future] = work
            if not running:
                return
            for future in _done(client, running):
                work = running.pop(future)
                yield work, _result(future, work)
                future.release()


_GONE = "The cluster's workers are gone. Start some and start again: what is graded is kept."


@contextmanager
def _client(address: str) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError:
        raise NoCluster(
            "Grading on a cluster needs Dask. Install it here and on the workers: "
            f"python -m pip install '{_PACKAGE}[cluster]'"
        ) from None
    try:
        client = Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise NoCluster(
            f"No Dask scheduler answers at {address}. Start one with `dask scheduler`, and give "
            "the address that it prints, such as tcp://10.0.0.5:8786."
        ) from error
    try:
        _check(client, address)
        yield client
    finally:
        client.close()


def _check(client: Any, address: str) -> None:
    """Raise NoCluster unless there are workers and all have this version of the package."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        raise NoCluster(
            f"The scheduler at {address} has no worker. Start some: `dask worker {address}`"
        ) from None
    here = version(_PACKAGE)
    for at, there in client.run(_version, on_error="return").items():
        # A worker that is lost meanwhile gives an error of the network's; it is not asked again.
        if there != here and not isinstance(there, OSError):
            what = f"version {there}" if isinstance(there, str) else "none that can be imported"
            raise NoCluster(
                f"The worker at {at} needs version {here} of {_PACKAGE} and has {what}. Install "
                "the same on every worker."
            )


def _version() -> str:
    return version(_PACKAGE)


def _same(paper: Paper) -> Paper:
    return paper


def _done(client: Any, running: Iterable[Any]) -> list[Any]:
    """Wait until some of `running` are done and return those; raise NoCluster."""
    from distributed import wait

    while True:
        try:
            return list(wait(list(running), PATIENCE, "FIRST_COMPLETED").done)
        except TimeoutError:
            if not client.nthreads():
                raise NoCluster(_GONE) from None


def _result(future: Any, work: Work) -> Graded:
    if future.status == "finished":
        return future.result()
    if future.status == "cancelled":
        raise NoCluster("The scheduler was lost. Start again: what is graded is kept.")
    error = future.exception()
    return worker.failed(work, f"The cluster failed: {type(error).__name__}: {str(error)[:200]}")
