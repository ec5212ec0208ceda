"""What grading a class costs: stock `nbgrader autograde` and `despatch963 grade`, in one run.

    python benchmarks/grading.py [--submissions 100] [--stock 20] [--more 1000 10000] [--readme]

The same made-up class hands in twice, in two courses of their own: a unit answered on the sheet
alone, and the unit whose exercises compute with pandas. Stock nbgrader runs without our plug-ins.
Memory is the peak of all processes together. --stock times nbgrader on so many of the submissions
only; --more grades larger classes with ours; --readme puts the table into benchmarks/README.md.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import classes  # noqa: E402
from conftest import Course  # noqa: E402

UNITS = {"sheet only": "01-who-is-speaking", "with pandas": "05-the-consulates"}
OURS = (ROOT / "assignments" / "nbgrader_config.py").read_text(encoding="utf-8")
STOCK = "c = get_config()\n"
VARIED = 100
MARK = "<!-- grading: written by benchmarks/grading.py -->"


class Row(NamedTuple):
    """One line of the table."""

    unit: str
    how: str
    submissions: int
    seconds: float
    memory: float


def made(place: Path, unit: str, count: int, config: str) -> Course:
    """Return a course in which `count` students handed in `unit`, a hundred in different ways."""
    course = Course(place, config)
    course.nbgrader("generate_assignment", unit, "--create")
    responses = classes.perfect(course.folder, unit)
    for seed in range(min(count, VARIED)):
        given = classes.varied(responses, seed)
        folder = classes.hand_in(course.folder, unit, name(seed), given, essay="In my words.")
        classes.compute(folder / f"{unit}.ipynb", given)
    for number in range(VARIED, count):
        twin, folder = name(number % VARIED), course.folder / "submitted"
        shutil.copytree(folder / twin, folder / name(number))
    return course


def name(number: int) -> str:
    """Return a student's name."""
    return f"student{number:05}"


def measured(course: Course, *command: str) -> tuple[float, float]:
    """Run a command in the course; return its seconds and the peak of its processes' MB."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=course.folder,
        env=course.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    peak = [0.0]
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, peak, done))
    watcher.start()
    printed, _ = process.communicate()
    seconds = time.perf_counter() - begun
    done.set()
    watcher.join()
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{printed[-2000:]}")
    return seconds, peak[0]


def _watch(pid: int, peak: list[float], done: threading.Event) -> None:
    while not done.wait(0.2):
        total = 0.0
        try:
            for process in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
                total += _megabytes(process)
        except psutil.NoSuchProcess:
            continue
        peak[0] = max(peak[0], total)


def _megabytes(process: psutil.Process) -> float:
    # Memory that processes share counts once where the system can tell.
    try:
        info = process.memory_full_info()
        return getattr(info, "pss", info.rss) / 1e6
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0.0


@contextmanager
def cluster(place: Path, workers: int) -> Iterator[str]:
    """Give the address of a Dask scheduler with so many workers of one thread."""
    with ExitStack() as stack:
        options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        log = stack.enter_context(_started(place / "scheduler", "dask_scheduler", *options))
        address = _said(log, r"Scheduler at:\s+(tcp://\S+)")
        for number in range(workers):
            lone = (address, "--nthreads", "1", "--no-nanny", "--no-dashboard")
            log = stack.enter_context(_started(place / f"{number}", "dask_worker", *lone))
            _said(log, "(Registered to)")
        yield address


@contextmanager
def _started(place: Path, *command: str) -> Iterator[Path]:
    place.mkdir(parents=True)
    log = place / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{command[0]}", *command[1:]],
            cwd=place,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield log
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _said(log: Path, pattern: str) -> str:
    for _ in range(600):
        if found := re.search(pattern, log.read_text("utf-8")):
            return found[1]
        time.sleep(0.1)
    sys.exit(f"The cluster did not start:\n{log.read_text('utf-8')}")


def rows(arguments: argparse.Namespace) -> Iterator[Row]:
    """Measure, and give the lines of the table as they are done."""
    count = arguments.submissions
    for kind, unit in UNITS.items():
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            sample = min(arguments.stock or count, count)
            stock = made(place / "stock", unit, sample, STOCK)
            cost = measured(stock, "nbgrader", "autograde", unit)
            yield Row(kind, "nbgrader autograde", sample, *cost)
            ours = made(place / "ours", unit, count, OURS)
            cost = measured(ours, "despatch963.cli", "grade", unit)
            yield Row(kind, "despatch963 grade", count, *cost)
            for workers in (1, 2):
                shutil.rmtree(ours.folder / "autograded")
                with cluster(place / f"cluster{workers}", workers) as address:
                    cost = measured(ours, "despatch963.cli", "grade", unit, "--scheduler", address)
                where = f"Dask, {workers} worker{'s' * (workers > 1)}"
                yield Row(kind, where, count, cost[0], float("nan"))
        for many in arguments.more:
            with tempfile.TemporaryDirectory() as folder:
                ours = made(Path(folder), unit, many, OURS)
                cost = measured(ours, "despatch963.cli", "grade", unit)
                yield Row(kind, "despatch963 grade", many, *cost)


def table(measured: list[Row]) -> str:
    """Return the table in Markdown, each line beside stock nbgrader on the same unit."""
    lines = [
        "| unit | how | submissions | seconds | s per submission | times as fast | peak MB |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    stock = {row.unit: row.seconds / row.submissions for row in measured if "nbgr" in row.how}
    for row in measured:
        each = row.seconds / row.submissions
        memory = f"{row.memory:.0f}" if row.memory == row.memory else "not measured"
        lines.append(
            f"| {row.unit} | {row.how} | {row.submissions:,} | {row.seconds:.1f} | {each:.4f} "
            f"| {stock[row.unit] / each:.1f} | {memory} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure, print the table and, if asked, keep it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--submissions", type=int, default=100)
    parser.add_argument("--stock", type=int, default=0, help="how many of them stock nbgrader gets")
    parser.add_argument("--more", type=int, nargs="*", default=[], help="larger classes for ours")
    parser.add_argument("--readme", action="store_true")
    arguments = parser.parse_args()
    measured: list[Row] = []
    for row in rows(arguments):
        print(f"{row.unit}, {row.how}: {row.submissions:,} in {row.seconds:.1f} s", file=sys.stderr)
        measured.append(row)
    printed = table(measured)
    print(printed)
    if arguments.readme:
        readme = Path(__file__).with_name("README.md")
        text = readme.read_text("utf-8") if readme.exists() else f"# Benchmarks\n\n{MARK}\n{MARK}\n"
        before, _, after = text.split(MARK)
        whole = f"{before}{MARK}\n{printed}\n{MARK}{after}"
        readme.write_text(whole, encoding="utf-8")


if __name__ == "__main__":
    main()
