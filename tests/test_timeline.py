"""The timeline: every event at its time, as wide as the doubt, hindsight told from the data."""

import ast
import re
from datetime import date, timedelta
from itertools import pairwise

import despatch963
import pytest
from charts import check_sound, drawn, words
from conftest import ROOT
from despatch963 import draw, tables
from despatch963.charts import timeline as chart
from despatch963.charts.lanes import Label, lanes
from hypothesis import given
from hypothesis import strategies as st

PERIODS = ["", "all", "1937-1938", "1938-01/1938-02", "1933-1936", "1938"]


def events():
    return {event["id"]: event for event in tables.records("events")}


def extent(event):
    return tables.extent(event["date"], event["date_precision"])


def despatch_day():
    return extent(events()[draw.WRITTEN])[1]


def records(**changes):
    """Return the events with their extents, some of them with other values."""
    found = []
    for id, event in events().items():
        event = event | changes.get(id, {})
        start, end = extent(event)
        found.append(event | {"start": start, "end": end})
    return found


def look(trace):
    """Return what a sign looks like: its shape, whether it is crossed, whether it is hollow."""
    if trace.type == "bar":
        return "bar", trace.marker.pattern.shape == "x", trace.marker.color == "#ffffff"
    shape, *rest = trace.marker.symbol.split("-")
    return shape, "x" in rest, "open" in rest


@pytest.mark.parametrize("period", PERIODS)
def test_every_event_of_the_period_has_its_sign_and_its_row_and_no_other_has(period):
    figure = draw.timeline(period)
    first, last = {
        "": (date(1917, 1, 1), date(1939, 12, 31)),
        "all": (date(1917, 1, 1), date(1952, 12, 31)),
        "1937-1938": (date(1937, 1, 1), date(1938, 12, 31)),
        "1938-01/1938-02": (date(1938, 1, 1), date(1938, 2, 28)),
        "1933-1936": (date(1933, 1, 1), date(1936, 12, 31)),
        "1938": (date(1938, 1, 1), date(1938, 12, 31)),
    }[period]
    inside = {
        id
        for id, event in events().items()
        if extent(event)[0] <= last and extent(event)[1] >= first
    }
    assert set(drawn(figure)) == {row["id"] for row in figure.rows} == inside
    assert figure.rows == sorted(figure.rows, key=lambda r: (r["start"], r["end"], r["id"]))
    check_sound(figure)


@pytest.mark.parametrize("period", PERIODS)
def test_a_day_is_a_point_and_anything_wider_is_as_long_as_it_may_be(period):
    figure = draw.timeline(period)
    axes = list(figure.plot.select_xaxes())
    begin, after = min(axis.range[0] for axis in axes), max(axis.range[1] for axis in axes)
    for id, pieces in drawn(figure).items():
        start, end = extent(events()[id])
        if start == end:
            ((trace, place),) = pieces
            assert (trace.type, trace.x[place]) == ("scatter", start.isoformat())
            continue
        days = 0
        for trace, place in pieces:
            assert trace.type == "bar"
            days += trace.x[place] / 86_400_000
        shown = min(date.fromisoformat(after), end + timedelta(days=1)) - max(
            date.fromisoformat(begin), start
        )
        bases = [date.fromisoformat(trace.base[place]) for trace, place in pieces]
        assert min(bases) in (start, date.fromisoformat(begin)), id
        # A bar may run on beyond the edge of the sheet, never stop short of its end.
        assert days >= shown.days, id


def test_what_the_despatch_mentions_stands_above_and_has_another_shape():
    figure = draw.timeline()
    heights = {"mentioned": [], "not": []}
    for id, ((trace, place), *_) in drawn(figure).items():
        event = events()[id]
        shape, *_ = look(trace)
        own = any(passage.startswith("p") for passage in event["passages"].split(";"))
        mentioned = event["mentioned_in_despatch"] == "yes"
        if shape != "bar":
            expected = ("diamond" if own else "square") if mentioned else "circle"
            assert shape == expected, id
        heights["mentioned" if mentioned else "not"].append(trace.y[place])
    assert max(heights["mentioned"]) < min(heights["not"])


@pytest.mark.parametrize("period", PERIODS)
def test_every_event_mentioned_is_labelled_with_its_title(period):
    figure = draw.timeline(period)
    written = " | ".join(words(figure))
    for row in figure.rows:
        if row["mentioned"] != chart.SILENT:
            assert row["event"] in written, row["id"]


def test_hindsight_is_what_begins_after_the_despatch():
    figure = draw.timeline("all")
    for id, pieces in drawn(figure).items():
        later = extent(events()[id])[0] > despatch_day()
        assert {look(trace)[1] for trace, _ in pieces} == {later}, id
    row = {row["id"]: row["despatch"] for row in figure.rows}
    assert set(row.values()) == {"before", "same day", "after", "before or after"}
    assert row[draw.WRITTEN] == "same day"
    # A year around the despatch is neither before nor after it.
    assert all(row[id] == "before or after" for id in row if events()[id]["date"] == "1938")


def test_hindsight_follows_the_date_in_the_table_of_events():
    moved = records(**{draw.WRITTEN: {"date": "1936-06-30"}})
    figure = chart.timeline(moved, draw.WRITTEN)
    first_day_after = date(1936, 7, 1)
    after = {event["id"] for event in moved if event["start"] >= first_day_after}
    shown = {row["id"] for row in figure.rows}
    assert {row["id"] for row in figure.rows if row["despatch"] == "after"} == after & shown
    ground = [shape for shape in figure.plot.layout.shapes if shape.type == "rect"]
    assert min(shape.x0 for shape in ground) == first_day_after.isoformat()
    assert max(row["start"] for row in figure.rows) < "1938", "it ends with the year after"
    assert "30 June 1936" in figure.describe()


def test_the_ground_of_hindsight_begins_with_the_day_after_and_the_line_is_on_the_day():
    shapes = draw.timeline().plot.layout.shapes
    (line,) = (shape for shape in shapes if shape.type == "line")
    assert line.x0 == line.x1 == despatch_day().isoformat()
    (ground,) = (shape for shape in shapes if shape.type == "rect")
    assert ground.x0 == (despatch_day() + timedelta(days=1)).isoformat()
    assert not draw.timeline("1933-1936").plot.layout.shapes


def test_what_is_doubtful_or_general_knowledge_is_hollow():
    markers = {source["id"] for source in tables.records("sources") if source["kind"] == "marker"}
    for id, pieces in drawn(draw.timeline("all")).items():
        event = events()[id]
        hollow = {look(trace)[2] for trace, _ in pieces}
        assert hollow == {event["confidence"] != "high"}, id
        if set(event["sources"].split(";")) <= markers:
            assert hollow == {True}, id


def test_the_prose_counts_what_the_table_holds():
    for period in PERIODS:
        figure = draw.timeline(period)
        rows, prose = figure.rows, figure.describe()

        def number(words, prose=prose):
            return int(re.search(words.replace("#", r"(\d+)"), prose)[1])

        def many(column, value, rows=rows):
            return sum(row[column] == value for row in rows)

        assert number(": # events? ") == len(rows)
        assert number(r"\(# more outside") == len(events()) - len(rows)
        assert number("# before it") == many("despatch", "before")
        assert number("# after it") == many("despatch", "after")
        assert number("# with a date too wide") == many("despatch", "before or after")
        assert number("# known to the day") == many("precision", "day")
        assert number("# known less closely") == len(rows) - many("precision", "day")
        assert number("# are drawn hollow") == sum(row["confidence"] != "high" for row in rows)
        assert number("despatch mentions #:") == many("mentioned", chart.NAMED)
        assert number("Not mentioned: # event") == many("mentioned", chart.SILENT)
        years = re.search(r"Not mentioned: .*?, (.*?)\.", prose)[1]
        assert sum(map(int, re.findall(r"(\d+) in", years))) == many("mentioned", chart.SILENT)
        for row in rows:
            assert (row["event"] in prose) >= (row["mentioned"] != chart.SILENT), row["id"]


def test_what_is_mentioned_although_it_came_later_is_named():
    prose = draw.timeline().describe()
    early = re.search(r"although the date is later than the despatch: (.*?)\. Not", prose)[1]
    later = [e["title"] for e in events().values()
             if e["mentioned_in_despatch"] == "yes" and extent(e)[0] > despatch_day()]  # fmt: skip
    assert len(later) == 2
    assert sorted(early.split(" and ")) == sorted(later)


def test_the_same_events_always_give_the_same_figure():
    assert draw.timeline().plot.to_json() == draw.timeline().plot.to_json()


@pytest.mark.parametrize("words", ["last year", "1938-1937", "1938-13", "38", "1937-1938-1939"])
def test_a_period_that_is_none_gets_an_example_of_one(words):
    with pytest.raises(ValueError, match=r'is no period.*"1901-1903"'):
        draw.timeline(words)


def test_a_period_without_events_says_so():
    with pytest.raises(ValueError, match="No event lies between 1 January 1800 and"):
        draw.timeline("1800")


def test_a_despatch_that_is_no_event_is_an_error():
    with pytest.raises(LookupError, match="No event has the id 'E00'"):
        chart.timeline(records(), "E00")


@pytest.mark.parametrize(("precision", "end"), [("before", None), ("after", "start")])
def test_a_limit_reaches_to_the_edge_of_the_sheet(precision, end):
    changed = records(E32={"date": "1937-07-29", "date_precision": precision})
    figure = chart.timeline(changed, draw.WRITTEN, (date(1937, 1, 1), date(1938, 12, 31)))
    ((trace, place),) = drawn(figure)["E32"]
    base = date.fromisoformat(trace.base[place])
    over = base + timedelta(days=trace.x[place] / 86_400_000)
    if precision == "before":
        assert (base, over) == (date(1937, 1, 1), date(1937, 7, 30))
    else:
        assert base == date(1937, 7, 29) and over >= date(1939, 1, 1)
    (row,) = (row for row in figure.rows if row["id"] == "E32")
    assert (row["start"] is None, row["end"] is None) == (
        precision == "before",
        precision == "after",
    )


@given(st.dates(date(1917, 1, 1), date(1952, 12, 31)), st.integers(0, 9000))
def test_any_stretch_of_time_can_be_drawn(first, days):
    last = min(first + timedelta(days=days), date(1952, 12, 31))
    inside = [e for e in records() if e["start"] <= last and e["end"] >= first]
    if not inside:
        with pytest.raises(ValueError, match="No event"):
            chart.timeline(records(), draw.WRITTEN, (first, last))
        return
    figure = chart.timeline(records(), draw.WRITTEN, (first, last))
    assert set(drawn(figure)) == {event["id"] for event in inside}


_LENGTHS = st.floats(1, 300)


@given(
    st.lists(st.tuples(st.floats(0, 800), st.floats(4, 200), _LENGTHS), max_size=40),
    st.lists(st.floats(0, 900), max_size=3),
)
def test_in_a_lane_nothing_covers_anything(signs, lines):
    labels = [Label(start, start + length, words) for start, length, words in signs]
    spots = lanes(labels, 1000, lines, gap=5)
    assert spots == lanes(labels, 1000, lines, gap=5)
    spans = {}
    for label, spot in zip(labels, spots, strict=True):
        left = label.start - (label.words if spot.side == "left" else 0)
        right = label.end + (label.words if spot.side == "right" else 0)
        spans.setdefault(spot.lane, []).append((left, right))
    for lane in spans.values():
        ordered = sorted(lane)
        for (_, right), (left, _) in pairwise(ordered):
            assert right + 5 <= left


def test_the_name_students_use_stays_the_function_once_it_was_used():
    for name in ("timeline", "parity_chart", "hedges"):
        first = getattr(despatch963, name)
        first()
        assert getattr(despatch963, name) is first
        assert callable(first)


def test_charts_read_no_table_and_no_file():
    for file in sorted((ROOT / "course" / "despatch963" / "charts").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                names = {node.module, *(alias.name for alias in node.names)}
                assert not names & {"tables", "paths", "despatch", "edition", "pathlib"}, file.name
            if isinstance(node, ast.Name):
                assert node.id not in {"open", "Path"}, file.name
