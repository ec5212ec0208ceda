"""The numbers of offices drawn: for each state a ladder, one rung for each number."""

from typing import TYPE_CHECKING, Any

from . import sheet
from .parity import NO_COUNT, NOT_STATED, RETURN, Row, told
from .parity_rungs import PAD, Block, Rung, arranged

if TYPE_CHECKING:
    import plotly.graph_objects as go

_SIGN = 10  # pixels
_NAME, _RUNG, _ZERO, _GUTTER = 105, 110, 11, 16  # pixels: columns of a panel, and between panels
_UNIT, _SMALL = 7.0, 1.3  # pixels of one office: of a state, of several states together
_WIDTH = sheet.WIDTH - 24
_PANEL = (_WIDTH - _GUTTER) / 2
_SPACE = "\u2002"
_ZEBRA = "#f5f4f0"
_SHAPES = {"stated": "circle", "counted": "square", "derived": "diamond"}
_KEY = {
    "stated": "stated by the source",
    "counted": "our count of the source’s list",
    "derived": "worked out by us",
}


def draw(rows: list[Row]) -> "go.Figure":
    """Draw the rows, which are in reading order."""
    import plotly.graph_objects as go

    blocks, rungs, height = arranged(rows)
    traces, axes = list[dict[str, Any]](), dict[str, Any]()
    for panel in (0, 1):
        for together, unit in enumerate((_UNIT, _SMALL)):
            number = 2 * panel + together + 1
            left, before = panel * (_PANEL + _GUTTER), _NAME + _RUNG + _ZERO
            axes[f"xaxis{number if number > 1 else ''}"] = {
                "domain": [left / _WIDTH, (left + _PANEL) / _WIDTH],
                "range": [-before / unit, (_PANEL - before) / unit],
                "visible": False,
                "fixedrange": True,
            }
            here = [rung for rung in rungs if rung.panel == panel and rung.together == together]
            traces += [trace | {"xaxis": f"x{number}"} for trace in _traces(here, unit)]
    layout = sheet.layout(
        "What each source counts: foreign offices, and Soviet offices in return",
        height + 98,
        margin={"l": 12, "r": 12, "t": 40, "b": 58},
        yaxis={"range": [height, 0], "visible": False, "fixedrange": True},
        shapes=_ground(blocks),
        annotations=_names(blocks),
        **axes,
    )
    return go.Figure([*traces, *_legend(rows)], layout)


def _traces(rungs: list[Rung], unit: float) -> list[dict[str, Any]]:
    """Return stems, signs by kind, and the words around them."""
    known = [rung for rung in rungs if rung.rows[0]["value"] is not None]
    unknown = [rung for rung in rungs if rung.rows[0]["value"] is None]
    traces = [_stems(known)]
    for kind in _SHAPES:
        for back in (False, True):
            traces.append(_signs([rung for rung in known if _look(rung) == (kind, back)]))
    traces.append(_words([-(_RUNG + _ZERO) / unit] * len(rungs), rungs, [r.before for r in rungs]))
    after = [f"{_SPACE}{_SPACE}{rung.after}" for rung in rungs]
    traces.append(_words([rung.rows[0]["value"] or 0 for rung in rungs], rungs, after))
    marks = {"ids": [_id(rung) for rung in unknown], "textposition": "middle center"}
    hover = {"hoverinfo": "text", "hovertext": [_hover(rung) for rung in unknown]}
    traces.append(_words([0] * len(unknown), unknown, ["<b>?</b>"] * len(unknown)) | marks | hover)
    return [trace for trace in traces if trace["y"]]


def _look(rung: Rung) -> tuple[str, bool]:
    """Return what a sign tells: the kind of number, and whether it counts offices in return."""
    return rung.rows[0]["kind"], rung.rows[0]["stage"] == RETURN


def _marker(kind: str, back: bool) -> dict[str, Any]:
    colour = sheet.VERMILION if back else sheet.BLUE
    fill = sheet.PAPER if kind == "derived" else colour
    line = {"width": 2, "color": colour}
    return {"symbol": _SHAPES[kind], "size": _SIGN, "color": fill, "line": line}


def _signs(rungs: list[Rung]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "ids": [_id(rung) for rung in rungs],
        "x": [rung.rows[0]["value"] for rung in rungs],
        "y": [rung.y for rung in rungs],
        "marker": _marker(*_look(rungs[0])) if rungs else {},
        "hovertext": [_hover(rung) for rung in rungs],
        "hoverinfo": "text",
        "showlegend": False,
    }


def _stems(rungs: list[Rung]) -> dict[str, Any]:
    """Return a line from zero to every sign: its length is the number."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x for rung in rungs for x in (0, rung.rows[0]["value"], None)],
        "y": [y for rung in rungs for y in (rung.y, rung.y, None)],
        "line": {"color": sheet.PALE, "width": 1.5},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _words(x: list[float], rungs: list[Rung], text: list[str]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "text",
        "x": x,
        "y": [rung.y for rung in rungs],
        "text": text,
        "textposition": "middle right",
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _id(rung: Rung) -> str:
    """Return the id of the count; for a line without one, the state and the stages."""
    first = rung.rows[0]
    return first["id"] or f"{first['of']}: {', '.join(row['stage'] for row in rung.rows)}"


def _hover(rung: Rung) -> str:
    first = rung.rows[0]
    if first["kind"] == NO_COUNT:
        stages = ", ".join(row["stage"] for row in rung.rows)
        return sheet.hover(first["of"], stages, "No source here counts this: unknown, not zero.")
    return sheet.hover(
        f"{first['of']}, {first['stage']}: {told(first)}",
        first["paraphrase"],
        first["note"],
        " · ".join(filter(None, [first["source"], first["locator"]])),
        f"{first['id']}, {first['confidence']} confidence",
    )


def _names(blocks: list[Block]) -> list[dict[str, Any]]:
    return [
        sheet.words(
            (block.panel * (_PANEL + _GUTTER) + 4) / _WIDTH,
            block.top + PAD / 2,
            block.name,
            xref="paper",
            yanchor="top",
            borderpad=0,
        )
        for block in blocks
    ]


def _ground(blocks: list[Block]) -> list[dict[str, Any]]:
    """Return a pale ground for every other state."""
    shapes = []
    for number, block in enumerate(blocks):
        left = block.panel * (_PANEL + _GUTTER)
        if number % 2 == 0:
            shapes.append(
                {
                    "type": "rect",
                    "xref": "paper",
                    "x0": left / _WIDTH,
                    "x1": (left + _PANEL) / _WIDTH,
                    "y0": block.top,
                    "y1": block.bottom,
                    "fillcolor": _ZEBRA,
                    "line": {"width": 0},
                    "layer": "below",
                }
            )
    return shapes


def _legend(rows: list[Row]) -> list[dict[str, Any]]:
    """Return a key to the signs that are drawn, as traces without a place."""
    kinds = {row["kind"] for row in rows}
    entries = [(_marker(kind, False), text) for kind, text in _KEY.items() if kind in kinds]
    if any(row["stage"] == RETURN and row["value"] is not None for row in rows):
        entries.append((_marker("stated", True), f"{RETURN} (same shapes)"))
    nowhere = {"type": "scatter", "mode": "markers", "x": [None], "y": [None], "hoverinfo": "skip"}
    key = [nowhere | {"marker": marker, "name": text} for marker, text in entries]
    none = {"color": sheet.CLEAR}
    if kinds & {NO_COUNT, NOT_STATED}:
        key.append(nowhere | {"marker": none, "name": "<b>?</b> no number: unknown, not zero"})
    if any(row["rivals"] for row in rows):
        key.append(nowhere | {"marker": none, "name": "<b>≠</b> rival numbers, in conflict C…"})
    return key
