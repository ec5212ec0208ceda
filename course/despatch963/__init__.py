"""Despatch No. 963: a course in source criticism.

The names students use are imported when they are first used, so that ``import despatch963``
costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import despatch, tables
    from .ask import answer, question
    from .citations import cite
    from .draw import hedges, parity_chart
    from .widgets.annotator import annotate
    from .widgets.closures import closures_map
    from .widgets.corroboration import corroboration
    from .widgets.essay import essay
    from .widgets.reader import reader
    from .widgets.timeline import timeline

__all__ = [
    "annotate",
    "answer",
    "cite",
    "closures_map",
    "corroboration",
    "despatch",
    "essay",
    "hedges",
    "parity_chart",
    "question",
    "reader",
    "tables",
    "timeline",
]

_HOME = {
    "annotate": "widgets.annotator",
    "answer": "ask",
    "cite": "citations",
    "closures_map": "widgets.closures",
    "corroboration": "widgets.corroboration",
    "essay": "widgets.essay",
    "hedges": "draw",
    "parity_chart": "draw",
    "question": "ask",
    "reader": "widgets.reader",
    "timeline": "widgets.timeline",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f".{_HOME.get(name, name)}", __name__)
    return getattr(module, name) if name in _HOME else module


def __dir__() -> list[str]:
    return __all__
