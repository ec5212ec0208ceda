"""The reader's own folder: copies of the course to read, answer in and keep.

    study/00-start-here.ipynb, 01-….ipynb, questions.json, keys/   the lessons
    study/assignments/<slug>/<slug>.ipynb, questions.json          assignments, as students get them
    study/assignments/keys/                                        only where the course has them

A file the reader changed is never overwritten; answer sheets are never touched at all.
``.prepared.json`` remembers what was put here, so that a change can be told from a copy.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

MANIFEST = ".prepared.json"
START = "00-start-here.ipynb"


class NothingToRead(FileNotFoundError):
    """The lessons have not been built."""


@dataclass(frozen=True)
class Copy:
    """One file of the course and where it goes in the reader's folder."""

    source: Path
    target: str
    # Questions and keys belong to the course and always follow it; the rest is the reader's.
    ours: bool
    # A master notebook is given out as nbgrader would release it.
    master: bool = False


def prepare(notebooks: Path, assignments: Path, study: Path) -> list[str]:
    """Bring `study` up to date with the course; return what the reader should know, line by line.

    `notebooks` and `assignments` are the course's folders of those names. Safe to interrupt and
    run again; when nothing is new, nothing is written. Raises NothingToRead without lessons.
    """
    if not (notebooks / START).is_file():
        raise NothingToRead(
            f"There is no {START} in {notebooks}. Run `despatch963 build` first: it makes them."
        )
    before = _remembered(study)
    now: dict[str, Any] = {}
    told = []
    for copy in _copies(notebooks, assignments):
        now[copy.target], message = _bring(copy, study, before.get(copy.target))
        told += message
    for target in before.keys() - now.keys():
        told += _retire(target, study, before[target])
    if now != before:
        _write(study / MANIFEST, json.dumps(now, indent=1, sort_keys=True).encode() + b"\n")
    return told


def _copies(notebooks: Path, assignments: Path) -> Iterator[Copy]:
    for file in _files(notebooks):
        yield Copy(file, file.relative_to(notebooks).as_posix(), _is_ours(file))
    source = assignments / "source"
    for file in _files(source):
        inside = file.relative_to(source)
        if len(inside.parts) > 1:
            master = file.suffix == ".ipynb"
            yield Copy(file, f"assignments/{inside.as_posix()}", _is_ours(file), master)
    for file in _files(assignments / "keys"):
        yield Copy(file, f"assignments/keys/{file.name}", True)


def _files(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        hidden = any(part.startswith((".", "__")) for part in file.relative_to(folder).parts)
        # Whoever tried the course in its own folders left answers there; they are not for giving.
        answered = file.name == "answers.json" or file.name.startswith("answers-damaged-")
        if file.is_file() and not hidden and not answered:
            yield file


def _is_ours(file: Path) -> bool:
    return file.name == "questions.json" or file.parent.name == "keys"


def _bring(copy: Copy, study: Path, known: Any) -> tuple[Any, list[str]]:
    """Bring one copy up to date; return what to remember of it and what to tell the reader."""
    source = copy.source.read_bytes()
    version = sha256(source).hexdigest()
    written = dict(known["written"]) if known else {}
    main = study / copy.target
    if (
        known
        and known["source"] == version
        and main.is_file()
        and not (copy.ours and _digest(main.read_bytes()) != written[copy.target])
    ):
        return known, []
    content = _student_version(source) if copy.master else source
    fresh = _digest(content)
    name = copy.target if copy.ours else _free_name(copy.target, study, {fresh}, written)
    path = study / name
    if not (path.is_file() and path.read_bytes() == content):
        _write(path, content)
    written[name] = fresh
    told = [] if name == copy.target else [_kept(copy.target, name)]
    return {"source": version, "written": written}, told


def _free_name(target: str, study: Path, same: set[str], written: dict[str, str]) -> str:
    """Return `target`, or the first name like it that holds nothing of the reader's."""
    path = PurePosixPath(target)
    name, number = target, 1
    while (study / name).exists():
        if _digest((study / name).read_bytes()) in same | {written.get(name, "")}:
            break
        more = f"-{number}" if number > 1 else ""
        name = path.with_name(f"{path.stem}-new-version{more}{path.suffix}").as_posix()
        number += 1
    return name


def _kept(target: str, name: str) -> str:
    return (
        f"{target} stays as you saved it. The course has a newer version: it is beside it, "
        f"as {PurePosixPath(name).name}."
    )


def _retire(target: str, study: Path, known: Any) -> list[str]:
    """Take away copies of a file the course no longer has, unless the reader changed them."""
    told = []
    for name, digest in known["written"].items():
        path = study / name
        if not path.is_file():
            continue
        if _digest(path.read_bytes()) == digest:
            path.unlink()
        else:
            told.append(f"{name} is no longer part of the course; yours stays where it is.")
    return told


def _student_version(master: bytes) -> bytes:
    # nbgrader takes a second to import, so only a start that has something new pays for it.
    from .release import student_version

    return student_version(master.decode("utf-8")).encode("utf-8")


def _remembered(study: Path) -> dict[str, Any]:
    """Return what was put into `study`; a lost or damaged manifest remembers nothing.

    Forgetting is safe: a file that differs then counts as the reader's.
    """
    try:
        manifest = json.loads((study / MANIFEST).read_text(encoding="utf-8"))
        for entry in manifest.values():
            entry["source"], dict(entry["written"])
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}
    return manifest


def _digest(content: bytes) -> str:
    """Return a hash of a file; of a notebook, only its cells.

    JupyterLab writes the kernel's version into each notebook that is opened. That alone does not
    make a notebook the reader's; a cell that was edited, added or run does.
    """
    try:
        cells = json.loads(content)["cells"]
        for cell in cells:
            cell["source"] = "".join(cell["source"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return sha256(content).hexdigest()
    return sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()


def _write(path: Path, content: bytes) -> None:
    # Put in place in one step: a start that is interrupted leaves no half a notebook.
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)
