"""Folders that hold what no student's program makes: links, pipes, names, bombs."""

import io
import json
import os
import socket
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from .case import ESSAY, HONEST, NOTEBOOK, OPEN, UNIT, Case, Place, both

ALMOST = "honest-all"
"""The student whose work is perfect, and next door."""


def _put(name: str, content: bytes) -> Callable[[Place], object]:
    def do(place: Place) -> None:
        path = place.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    return do


def _link(name: str, target: Callable[[Place], Path]) -> Callable[[Place], object]:
    def do(place: Place) -> None:
        path = place.folder / name
        path.unlink(missing_ok=True)
        path.symlink_to(target(place))

    return do


def _pipe(name: str) -> Callable[[Place], object]:
    def do(place: Place) -> None:
        (place.folder / name).unlink(missing_ok=True)
        os.mkfifo(place.folder / name)

    return do


def _folder(name: str) -> Callable[[Place], object]:
    def do(place: Place) -> None:
        (place.folder / name).unlink()
        (place.folder / name / "x").mkdir(parents=True)

    return do


def _next_door(place: Place) -> Path:
    return place.course / "submitted" / ALMOST / UNIT


def _whole_folder(place: Place) -> None:
    for path in place.folder.iterdir():
        path.unlink()
    place.folder.rmdir()
    place.folder.symlink_to(_next_door(place))


def _socket(place: Place) -> None:
    here = Path.cwd()
    os.chdir(place.folder)  # A socket's path may not be long.
    try:
        socket.socket(socket.AF_UNIX).bind("listening")
    finally:
        os.chdir(here)


def _locked(place: Place) -> None:
    (place.folder / "diary").mkdir()
    (place.folder / "diary" / "page.txt").write_text("mine")
    (place.folder / "note.txt").write_text("mine")
    (place.folder / "note.txt").chmod(0)
    (place.folder / "diary").chmod(0)


def _sparse(place: Place) -> None:
    with (place.folder / "film.mp4").open("wb") as file:
        file.truncate(50_000_000_000)


def _deep(place: Place) -> None:
    # Deeper than a path may be long, so step by step.
    here = os.open(".", os.O_RDONLY)
    os.chdir(place.folder)
    for _ in range(300):
        os.mkdir("d" * 30)  # noqa: PTH102
        os.chdir("d" * 30)
    os.fchdir(here)
    os.close(here)


def _crowd(place: Place) -> None:
    for folder in ("", ".git"):
        (place.folder / folder).mkdir(exist_ok=True)
        for number in range(2000):
            (place.folder / folder / f"00-{number}").touch()


def _names(place: Place) -> None:
    for name in (
        *(b"..hidden", b"...", b"~root", b"-rf", b"C:\\keys", b"..\\..\\keys.json", b"CON", b" "),
        *(b"new\nline", b"\x1b[2J", b"\xff\xfe", "\u202egnp.exe".encode(), b"%s%n", b"$(reboot)"),
        *(b"x" * 255, b"answers.json ", b"Answers.json", b"?", b"a;b", b"'", b'"', b"{student_id}"),
    ):
        (place.folder / os.fsdecode(name)).write_bytes(b"mine")


def _zip(place: Place) -> None:
    with zipfile.ZipFile(place.folder / "work.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../../keys/05.json", "{}")
        archive.writestr("/etc/escaped", "x")
        archive.writestr("zeros", b"\0" * 500_000_000)
    with tarfile.open(place.folder / "work.tar", "w") as archive:
        for name in ("../../escaped", "/escaped"):
            archive.addfile(tarfile.TarInfo(name), io.BytesIO())
        link = tarfile.TarInfo("answers.json")
        link.type, link.linkname = tarfile.SYMTYPE, "../../../keys/05.json"
        archive.addfile(link)


_EASY = json.dumps(
    {"questions": {OPEN[0]: {"kind": "choice", "options": {"a": "a"}, "points": 99}}}
).encode()
_KEY = json.dumps({"keys": {OPEN[0]: {"answer": "a", "why": "x"}}}).encode()
_OWN_CODE = b"raise SystemExit('the grader ran a submitted file')"

CASES = [
    Case(
        "link-to-a-sheet",
        "a perfect sheet, next door",
        _link("answers.json", lambda place: _next_door(place) / "answers.json"),
        HONEST,
    ),
    Case(
        "link-to-a-folder",
        "the whole folder is a link to one next door",
        _whole_folder,
        (*HONEST, ESSAY),
    ),
    Case(
        "link-to-the-key",
        "would put the key among the student's own files",
        both(
            _link("mine.json", lambda place: place.course / "keys" / f"{UNIT}.json"),
            _link("all", lambda place: place.course / "keys"),
        ),
    ),
    Case(
        "link-to-the-gradebook",
        "would be written through, or given back",
        _link("gradebook.db", lambda place: place.course / "gradebook.db"),
    ),
    Case(
        "link-for-the-notebook",
        "the instructor's own in its place",
        _link(NOTEBOOK, lambda place: place.course / "source" / UNIT / NOTEBOOK),
        (ESSAY,),
    ),
    Case(
        "links-without-end",
        "a link to itself, to its folder, to everything, to nothing, to memory",
        both(
            _link("self", lambda place: place.folder / "self"),
            _link("here", lambda place: place.folder),
            _link("root", lambda _: Path("/")),
            _link("gone", lambda _: Path("/nowhere/at/all")),
            _link("zeros", lambda _: Path("/dev/zero")),
        ),
    ),
    Case("pipe-for-the-sheet", "whoever opens it waits for ever", _pipe("answers.json"), HONEST),
    Case("pipe-for-the-notebook", "whoever opens it waits for ever", _pipe(NOTEBOOK), (ESSAY,)),
    Case("socket", "a file that cannot be copied", _socket),
    Case("locked", "a file and a folder that may not be read, or only by root", _locked),
    Case("folder-for-the-sheet", "a folder of the sheet's name", _folder("answers.json"), HONEST),
    Case("folder-for-the-notebook", "a folder of the notebook's name", _folder(NOTEBOOK), (ESSAY,)),
    Case(
        "no-files",
        "an empty folder",
        lambda place: [p.unlink() for p in place.folder.iterdir()],
        (*HONEST, ESSAY),
    ),
    Case("film", "50 GB, none of it on the disk before it is copied", _sparse),
    Case("deep-folders", "a path longer than a path may be", _deep),
    Case("many-files", "4,000 files that come before the sheet in the alphabet", _crowd),
    Case("names", "names that mean something to a shell, a terminal, Windows or a path", _names),
    Case("archives", "files in a zip and a tar that would land elsewhere, or fill the disk", _zip),
    Case(
        "own-questions",
        "the course's files, with easier questions and the student's own key",
        both(
            _put("questions.json", _EASY),
            _put(f"keys/{UNIT}.json", _KEY),
            _put(f"source/{UNIT}/questions.json", _EASY),
        ),
    ),
    Case(
        "own-modules",
        "files that Python or nbgrader would run, were this folder in their path",
        both(
            *(
                _put(name, _OWN_CODE)
                for name in (
                    "json.py",
                    "despatch963/__init__.py",
                    "sitecustomize.py",
                    "pandas.py",
                    "nbgrader_config.py",
                    "usercustomize.py",
                    "conftest.py",
                )
            ),
        ),
    ),
    Case(
        "own-time-huge",
        "a note of the time that is 15 MB long",
        _put("timestamp.txt", b"9" * 15_000_000),
    ),
    Case("own-time-odd", "a time that is none", _put("timestamp.txt", b"99999-99-99 \xff\x00 UTC")),
    Case(
        "own-time-far",
        "a time at the end of all times",
        _put("timestamp.txt", b"9999-12-31 23:59:59.999999 -2359"),
    ),
    Case(
        "copy-beside",
        "a second notebook, with all points in it",
        _put("05-the-consulates-final.ipynb", b'{"cells": [], "points": 99}'),
    ),
    Case(
        "name-of-two-lines",
        "a student's name with a line's end",
        lambda _: None,
        student="eve\nada",
    ),
    Case(
        "name-of-a-terminal",
        "a name that would clear the screen",
        lambda _: None,
        student="\x1b[2Jeve",
    ),
    Case("name-of-brackets", "a name that is a pattern", lambda _: None, student="[a-z]*?{x}"),
    Case(
        "name-of-no-characters",
        "bytes that are no text: no gradebook can hold them",
        lambda _: None,
        student="eve-\udcff",
        refused="gradebook",
    ),
]
