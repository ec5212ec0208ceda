"""Code cells run as a kernel runs them, and what each of them printed."""

import contextlib
import importlib
import io
import json
import os
import traceback
from typing import Any

PRINTED = 10_000
"""Letters of what one cell prints that are kept."""

_USED = ("numpy", "pandas", "plotly.graph_objects")
_shell: Any = None


def warm_up() -> None:
    """Import what assignments use and make the shell that runs cells; a fork then has both."""
    global _shell
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    import despatch963

    for name in _USED:
        importlib.import_module(name)
    for name in despatch963.__all__:
        getattr(despatch963, name)
    settings = Config()
    settings.HistoryManager.enabled = False
    settings.InteractiveShell.colors = "NoColor"
    settings.InteractiveShell.cache_size = 0
    _shell = InteractiveShell(config=settings)
    _shell.display_formatter.active_types = ["text/plain"]
    # What is shown for the first time takes long: pandas and plotly import more as they go.
    shown = (despatch963.tables.claims(), despatch963.closures_map(), despatch963.timeline())
    with contextlib.redirect_stdout(io.StringIO()):
        for each in shown:
            _shell.displayhook(each)


def run(cells: list[str], to: int) -> None:
    """Run the cells one after the other; an error ends its cell, not those that follow.

    What each printed goes to the file number `to` as soon as it has ended.
    """
    for number, cell in enumerate(cells):
        out = _Bounded()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            try:
                _shell.run_cell(cell, store_history=False)
            except SystemExit:
                pass
            except BaseException:
                out.write(traceback.format_exc(limit=3))
        os.write(to, json.dumps([number, out.getvalue()]).encode() + b"\n")


def read(told: bytes, count: int) -> list[str]:
    """Return what each of `count` cells printed, from what `run` wrote; others' words are lost."""
    printed = [""] * count
    for line in told.split(b"\n"):
        try:
            number, text = json.loads(line)
            if isinstance(text, str) and 0 <= number < count:
                printed[number] = text[: PRINTED + 100]
        except (ValueError, TypeError, RecursionError):
            continue
    return printed


class _Bounded(io.StringIO):
    """Keeps the beginning of what is written and says so when there was more."""

    def write(self, text: str) -> int:
        room = PRINTED - self.tell()
        if room > 0:
            super().write(text[:room])
            if len(text) > room:
                super().write("\n(There was more.)")
        return len(text)
