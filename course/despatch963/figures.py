"""What every figure of the course is: a drawing, and a table and a paragraph that say the same."""

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

# No button that sends a figure to plotly's servers, and no link to them.
_CONFIG = {"displaylogo": False, "showSendToCloud": False, "plotlyServerURL": ""}


class Figure(NamedTuple):
    """A drawn figure and its twins for readers who do not see it.

    `plot` is the plotly figure; `rows` are the records it draws, in reading order (column → value,
    None for unknown); `prose` says what it shows, in sentences.
    """

    plot: "go.Figure"
    rows: list[dict[str, Any]]
    prose: str

    def table(self) -> "pd.DataFrame":
        """Return the same content as a table, one row per sign drawn."""
        import pandas as pd

        return pd.DataFrame(self.rows).convert_dtypes()

    def describe(self) -> str:
        """Return the same content as a paragraph of prose."""
        return self.prose

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        # JSON alone: a figure saved in a notebook never carries plotly.js with it.
        figure = self.plot.to_plotly_json() | {"config": _CONFIG}
        return {"application/vnd.plotly.v1+json": _plain(figure), "text/plain": self.prose}

    def __repr__(self) -> str:
        return self.prose


def _plain(figure: dict[str, Any]) -> Any:
    """Return the figure as JSON values only (plotly keeps arrays as numpy's)."""
    import json

    from plotly.io import to_json

    return json.loads(to_json(figure, validate=False))
