"""A graded submission's folder, put in its place whole or not at all."""

import shutil
from collections.abc import Iterable, Mapping
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath


def merged(
    submitted: Mapping[str, bytes], ours: Mapping[str, bytes], ignore: Iterable[str]
) -> dict[str, bytes]:
    """Return what belongs in the folder: `ours`, and of `submitted` what does not get in its way.

    Submitted notebooks and names that a pattern of `ignore` fits, or below such a folder, stay out.
    """
    patterns = [*ignore, "*.ipynb"]
    folders = {str(parent) for name in ours for parent in PurePosixPath(name).parents}
    kept = {
        name: content
        for name, content in submitted.items()
        if inside(name)
        and not any(fnmatch(part, p) for part in PurePosixPath(name).parts for p in patterns)
        and name not in folders
        and not any(str(parent) in ours for parent in PurePosixPath(name).parents)
    }
    return {**kept, **ours}


def inside(name: str) -> bool:
    """Say whether a name stays below the folder that it is written to."""
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts


def put(folder: Path, files: Mapping[str, bytes], mode: int) -> None:
    """Make `folder` hold `files` and nothing else, each with the permissions `mode`.

    The new folder is made beside the old one and takes its place in one step; a process that dies
    leaves at most a hidden folder, which the next call removes. Raises OSError.
    """
    new, old = (folder.with_name(f".{folder.name}.{which}") for which in ("new", "old"))
    for left_over in (new, old):
        if left_over.exists():
            shutil.rmtree(left_over)
    made = set()
    for name, content in files.items():
        path = new / name
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        path.write_bytes(content)
        path.chmod(mode)
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    if old.exists():
        shutil.rmtree(old)
