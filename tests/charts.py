"""What holds for every chart, and how to read one back from its plotly figure."""

import json


def drawn(figure):
    """Return every sign that stands for a row: its id → the traces and places where it is drawn."""
    signs = {}
    for trace in figure.plot.data:
        for place, name in enumerate(trace.ids if trace.ids is not None else ()):
            signs.setdefault(str(name), []).append((trace, place))
    return signs


def words(figure):
    """Return all words written on the sheet."""
    texts = [note.text for note in figure.plot.layout.annotations]
    for trace in figure.plot.data:
        if trace.type == "scatter" and "text" in (trace.mode or ""):
            texts += list(trace.text)
    return texts


def check_sound(figure):
    """Check what every chart promises, whatever it shows."""
    bundle = figure._repr_mimebundle_()
    text = json.dumps(bundle)
    assert len(text.encode()) < 100_000
    assert set(bundle) == {"application/vnd.plotly.v1+json", "text/plain"}
    assert "http" not in text, "a figure fetches nothing"
    assert min(_sizes(bundle)) >= 12
    assert bundle["text/plain"] == figure.describe() == repr(figure)
    table = figure.table()
    assert len(table) == len(figure.rows)
    assert list(table.columns) == list(figure.rows[0])
    for column in table.columns:
        assert table[column].isna().tolist() == [row[column] is None for row in figure.rows], column
    assert not {"None", "nan", ""} & set(table.astype("string").stack())


def _sizes(value, inside=""):
    if isinstance(value, dict):
        for name, inner in value.items():
            if inside in {"font", "textfont"} and name == "size":
                yield inner
            yield from _sizes(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _sizes(inner, inside)
