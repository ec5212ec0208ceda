"""A submitted folder, read as what it is: somebody else's files."""

import os
import stat
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

FILES, BYTES, WHOLE, DEPTH = 200, 20_000_000, 50_000_000, 8
"""How many files are read, how large one may be and all together, and how deep they may lie."""


def read(folder: Path, first: Sequence[str] = ()) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Return the plain files below `folder` by name, and the names that were not read.

    Links are not followed, not even the folder if it is one, pipes and devices not opened, limits
    kept; a crowd of other files does not keep the `first` ones from being read. Never raises.
    """
    if folder.is_symlink():
        return {}, (".",)
    files: dict[str, bytes] = {}
    unread: list[str] = []
    left = WHOLE
    here = [name for name in dict.fromkeys(first) if os.path.lexists(folder / name)]
    for name in chain(here, (name for name in _names(folder, "", unread) if name not in here)):
        content = None
        if len(files) < FILES:
            content = _content(folder / name, min(BYTES, left))
        if content is None:
            unread.append(name)
            if len(unread) > FILES:
                break
        else:
            files[name] = content
            left -= len(content)
    return files, tuple(unread)


def _names(folder: Path, below: str, unread: list[str]) -> Iterator[str]:
    try:
        with os.scandir(folder / below) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        unread.append(below or ".")
        return
    for entry in entries:
        name = f"{below}{entry.name}"
        try:
            deeper = entry.is_dir(follow_symlinks=False)
        except OSError:
            deeper = False
        if not deeper:
            yield name
        elif name.count("/") < DEPTH:
            yield from _names(folder, f"{name}/", unread)
        else:
            unread.append(name)


def _content(path: Path, limit: int) -> bytes | None:
    try:
        # A pipe that nobody writes to is opened, found to be none of ours, and closed.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return None
            content = file.read(limit + 1)
    except OSError:
        return None
    return content if len(content) <= limit else None
