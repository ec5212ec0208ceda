"""What the map and the timeline share: a figure to explore by controls, table, list and mouse."""

import gzip
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import anywidget
import traitlets

from ..figures import Figure
from .front import script, style

if TYPE_CHECKING:
    import pandas as pd

Settings = dict[str, Any]


class Control(NamedTuple):
    """A list to choose from: its name among the settings, its label, (value, words) of each."""

    name: str
    label: str
    options: list[tuple[str, str]]


class Said(NamedTuple):
    """What a source says of the chosen thing: the words, then the note that cites it."""

    words: str
    cite: str


class FigureDesk(anywidget.AnyWidget):
    """A figure with controls; choosing in it, in its table and from a list is one act.

    The drawing itself is sent only to a browser that asks for it, so that a saved notebook stays
    small. Plotly comes from the installed package, once for all figures of a page.
    """

    _esm = script("parts.js", "plot.js", "figure-desk.js")
    _css = style("desk.css", "figure-desk.css")

    name: Any = traitlets.Unicode().tag(sync=True)
    least: Any = traitlets.Int(0, help="px below which the drawing is scrolled").tag(sync=True)
    controls: Any = traitlets.List().tag(sync=True)
    settings: Any = traitlets.Dict().tag(sync=True)
    steps: Any = traitlets.List().tag(sync=True)
    columns: Any = traitlets.List().tag(sync=True)
    rows: Any = traitlets.List().tag(sync=True)
    chosen: Any = traitlets.Unicode().tag(sync=True)
    panel: Any = traitlets.Dict().tag(sync=True)
    prose: Any = traitlets.Unicode().tag(sync=True)
    said: Any = traitlets.Unicode().tag(sync=True)

    def __init__(self, **state: Any):
        self._width = 920
        self._last: tuple[Settings, int, Figure] | None = None
        super().__init__(**state)
        self._tell()
        self.on_msg(self._hear)

    def __repr__(self) -> str:
        return self.describe()

    @property
    def figure(self) -> Figure:
        """The figure as it now is."""
        now = (dict(self.settings), self._width)
        if self._last is None or self._last[:2] != now:
            self._last = (*now, self._figure(self.settings, self._width))
        return self._last[2]

    @property
    def plot(self) -> Any:
        """The plotly figure as it now is."""
        return self.figure.plot

    def table(self) -> "pd.DataFrame":
        """Return what is shown as a table, one row per sign drawn."""
        return self.figure.table()

    def describe(self) -> str:
        """Return what is shown as a paragraph of prose."""
        return self.figure.describe()

    def choose(self, id: str) -> None:
        """Choose one thing (an office, an event) by its id: what sources say of it is shown."""
        self.chosen = id
        title, said = self._claims(id) if id else ("", [])
        self.panel = {"title": title, "said": [list(one) for one in said]}

    def _figure(self, settings: Settings, width: int) -> Figure:
        raise NotImplementedError

    def _drawing(self) -> dict[str, Any]:
        """Return the traces and the layout for a browser."""
        return self.figure._repr_mimebundle_()["application/vnd.plotly.v1+json"]

    def _step(self) -> dict[str, Any] | None:
        """Return the traces that another step changes ({"from": place, "traces": …}), or None."""
        return None

    def _claims(self, id: str) -> tuple[str, list[Said]]:
        raise NotImplementedError

    def _table(self) -> list[dict[str, Any]]:
        """Return the rows of the table: an id and the cells."""
        raise NotImplementedError

    def _summary(self) -> str:
        """Say in few words what is shown."""
        raise NotImplementedError

    def _changed(self, before: Settings, after: Settings) -> Settings:
        """Return the settings that follow when some were changed."""
        return after

    def _tell(self) -> None:
        self.rows, self.said = self._table(), self._summary()

    def _hear(self, _: Any, message: Any, buffers: Any) -> None:
        kind = message.get("type") if isinstance(message, dict) else None
        if kind == "plotly":
            self.send({"type": "plotly"}, buffers=[plotly_script()])
        elif kind == "draw":
            width = message.get("width")
            self._width = min(max(int(width), 320), 1600) if isinstance(width, int) else 920
            self.send({"type": "drawing", **self._drawing()})
        elif kind == "set":
            self._set(message.get("name"), message.get("value"))
        elif kind == "choose":
            id = message.get("id")
            self.choose(id if id in {row["id"] for row in self.rows} else "")
        elif kind == "prose":
            self.prose = self.describe()
        self.send({"type": "heard"})

    def _set(self, name: Any, value: Any) -> None:
        allowed = {c[0]: {option[0] for option in c[2]} for c in self.controls}
        steps = name == "step" and isinstance(value, int) and 0 <= value < len(self.steps)
        if not steps and value not in allowed.get(name, ()):
            return
        before = dict(self.settings)
        with self.hold_sync():
            self.settings = self._changed(before, before | {name: value})
            only_step = self.settings | {"step": 0} == before | {"step": 0}
            step = self._step() if only_step else None
            # The drawing goes first: what else is said of it can come a moment later.
            self.send({"type": "signs", **step} if step else {"type": "drawing", **self._drawing()})
            self._tell()
            self.prose = ""


@cache
def plotly_script() -> bytes:
    """Return plotly.js as the installed package has it, compressed."""
    import plotly

    path = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    return gzip.compress(path.read_bytes(), compresslevel=6, mtime=0)
