"""Where the course's folders are, in a checkout and in an installed wheel."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    # A wheel carries the folder inside the package; in a checkout it is at the repository's root.
    inside = PACKAGE / "shipped" / name
    return inside if inside.is_dir() else PACKAGE.parents[1] / name


def data() -> Path:
    """Return the folder of the edition and the tables."""
    return _shipped("data")


def notebooks() -> Path:
    """Return the folder of the built lessons and their practice keys."""
    return _shipped("notebooks")


def assignments() -> Path:
    """Return the folder of the built assignments (in a wheel: without any graded key)."""
    return _shipped("assignments")
