"""The browser's part of the widgets: plain scripts and styles, joined when a widget is made.

A widget's script cannot import a file beside it, so shared parts are put before it in one text.
"""

from functools import cache
from importlib.resources import files


@cache
def script(*names: str) -> str:
    """Return these scripts ("card.js", …) as one module; only the last one exports."""
    return "\n".join(map(_read, names))


@cache
def style(*names: str) -> str:
    """Return these style sheets as one."""
    return "\n".join(map(_read, names))


def _read(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
