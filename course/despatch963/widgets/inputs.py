"""The inputs of the question cards, by kind.

Each takes the question, the saved response (any JSON value, or None) and ``save(response)``, which
it calls at every change (None: no answer any more), and returns a widget.
"""

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from . import arranging, choosing, selecting, tabulating, writing

Draw = Callable[[dict[str, Any], Any, Callable[[Any], None]], widgets.Widget]

DRAW: dict[str, Draw] = {
    "choice": choosing.choice,
    "choices": choosing.choices,
    "passages": choosing.passages,
    "match": arranging.match,
    "order": arranging.order,
    "number": writing.number,
    "date": writing.date,
    "text": writing.text,
    "table": tabulating.table,
    "evidence": selecting.evidence,
    "claim": selecting.claim,
}
