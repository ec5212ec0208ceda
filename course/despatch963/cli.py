"""The command line: ``despatch963 learn``, ``build``, ``grade`` and ``report``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command in `argv` (default: the process's own) and return its exit status."""
    arguments = _parser().parse_args(argv)
    return arguments.run(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="despatch963", description="A course in source criticism on one American despatch."
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="command")

    learn = commands.add_parser("learn", help="prepare your own copy of the course and open it")
    learn.add_argument(
        "--folder", type=Path, default=Path("study"), help="where your copy is (default: study)"
    )
    learn.add_argument("--port", type=int, help="port of the server (default: 8888 or the next)")
    learn.add_argument(
        "--no-browser",
        dest="browser",
        action="store_false",
        help="print the address instead of opening a browser",
    )
    learn.set_defaults(run=_learn)

    build = commands.add_parser("build", help="make notebooks and keys from course/units")
    build.add_argument(
        "--check", action="store_true", help="change nothing; fail when something is stale"
    )
    build.set_defaults(run=_build)

    grade = commands.add_parser("grade", help="grade everyone's submissions into the gradebook")
    grade.add_argument("assignment", help="such as 01-who-is-speaking")
    grade.add_argument(
        "--force", action="store_true", help="grade also what has not changed since it was graded"
    )
    grade.add_argument(
        "--workers", type=int, help="processes that grade at once (default: one for each processor)"
    )
    grade.add_argument("--scheduler", default="", help="grade on the Dask cluster at this address")
    grade.add_argument(
        "--require-sandbox",
        action="store_true",
        help="run no student's code where it cannot be shut in",
    )
    grade.add_argument(
        "--report", type=Path, help="the JSON file to write (default: grading-ASSIGNMENT.json)"
    )
    grade.set_defaults(run=_grade)

    report = commands.add_parser("report", help="what a class read, marked and misread, as a page")
    report.add_argument("assignment", help="such as 01-who-is-speaking")
    report.add_argument("--names", action="store_true", help="list the students with their points")
    report.add_argument(
        "--to", type=Path, help="the file to write (default: report-ASSIGNMENT.html)"
    )
    report.set_defaults(run=_report)
    return parser


def _learn(arguments: argparse.Namespace) -> int:
    from . import lab, paths, study

    folder = arguments.folder.expanduser().resolve()
    try:
        for line in study.prepare(paths.notebooks(), paths.assignments(), folder):
            print(line)
    except study.NothingToRead as error:
        return _fail(str(error))
    lab.serve(folder, study.START, arguments.port, arguments.browser)
    return 0


def _build(arguments: argparse.Namespace) -> int:
    from . import paths

    root = paths.PACKAGE.parents[1]
    if not (root / "course" / "units").is_dir():
        return _fail("There are no units here. Run `despatch963 build` in the course's repository.")
    from .authoring.build import build

    problems = build(root, check=arguments.check)
    for line in problems:
        print(line, file=sys.stderr)
    return 1 if problems else 0


def _grade(arguments: argparse.Namespace) -> int:
    from .grading.command import grade

    return grade(Path.cwd(), arguments)


def _report(arguments: argparse.Namespace) -> int:
    from .grading import classroom
    from .grading.report import report

    try:
        page = report(Path.cwd(), arguments.assignment, arguments.names)
    except classroom.NothingToReport as error:
        return _fail(str(error))
    to = arguments.to or Path(f"report-{arguments.assignment}.html")
    to.write_text(page, encoding="utf-8")
    print(f"Wrote {to}. It holds the key: keep it to yourself.")
    return 0


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
