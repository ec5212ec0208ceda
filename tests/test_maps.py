"""The map of the closings: signs, table and prose say the same, and none more than the sources."""

import json
import re
import time
from collections import Counter
from datetime import date, timedelta
from itertools import combinations, pairwise
from math import cos, radians
from pathlib import Path

import browser
import plotly
import pytest
from despatch963 import closures_map, draw, maps, tables
from despatch963.charts import sheet
from despatch963.maps.signs import COLOURS, STATUSES
from despatch963.tables import extent

DESPATCH = "frus_d450"
WRITTEN = date(1938, 2, 18)
DAYS = (date(1936, 1, 1), date(1937, 9, 30), WRITTEN, date(1938, 12, 31), None)
REGIONS = tuple(maps.FRAMES)
CHOICES = (
    {},
    {"by": [DESPATCH]},
    {"by": ["dgfp_614", "dgfp_615"]},
    {"states": ["Japan", "Poland"]},
    {"statuses": ["closed", "disputed"]},
)
TABLES = {name: tables.records(name) for name in ("claims", "places", "sources", "conflict_sides")}
BASE = draw.base_map()


def drawn(day=WRITTEN, region="all", given=None, **choices):
    """Draw the map from records alone."""
    return maps.closures_map(
        *{**TABLES, **(given or {})}.values(),
        BASE,
        **{"despatch": DESPATCH, "as_of": day, "region": region, **choices},
    )


def rows_of(day=WRITTEN, given=None, **choices):
    tables = {**TABLES, **(given or {})}
    return maps.office_rows(*tables.values(), despatch=DESPATCH, day=day, **choices)


def standing(office, day):
    return next(row["status"] for row in rows_of(day) if row["office"] == office)


def signs(figure):
    """Return what is drawn: for each office the label of its sign, its symbol and its place."""
    found = {}
    for trace in figure.plot.data:
        for index, office in enumerate(trace.customdata if trace.customdata is not None else ()):
            assert office not in found, f"{office} is drawn twice"
            place = (trace.x[index], trace.y[index])
            found[office] = (trace.name, trace.marker.symbol[index], place)
    return found


def trace(figure, name):
    return next(trace for trace in figure.plot.data if trace.name == name and trace.x != (None,))


# The figure and its twins


@pytest.mark.parametrize("choice", CHOICES, ids=str)
@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("region", REGIONS)
def test_every_sign_has_its_row_and_every_row_on_the_map_its_sign(region, day, choice):
    figure = drawn(day, region, **choice)
    on_map = {row["office"]: row for row in figure.rows if row["on_map"] == "yes"}
    found = signs(figure)
    assert found.keys() == on_map.keys()
    for office, (label, symbol, _) in found.items():
        assert label == STATUSES[on_map[office]["status"]].label
        assert symbol.endswith("-open") == bool(on_map[office]["doubt"])


def test_rows_are_sorted_by_state_then_city_and_make_a_table():
    figure = drawn()
    order = [(row["state"], row["city"] is None, row["city"] or "") for row in figure.rows]
    assert order == sorted(order)
    table = figure.table()
    assert len(table) == len(figure.rows)
    told = {
        "state",
        "city",
        "status",
        "status_by",
        "claims",
        "named_in_despatch",
        "place_precision",
    }
    assert told <= set(table.columns)


@pytest.mark.parametrize("choice", CHOICES, ids=str)
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_numbers_in_the_prose_are_those_of_the_rows(day, choice):
    figure = drawn(day, **choice)
    rows = [row for row in figure.rows if row["on_map"] != "no: not yet open"]
    prose = figure.describe()
    counts = Counter(row["status"] for row in rows)
    for status, sign in STATUSES.items():
        found = re.search(rf"^{sign.label.capitalize()} \((\d+)(?:, of which (\d+))?", prose, re.M)
        assert int(found[1] if found else 0) == counts[status]
        doubtful = sum(row["status"] == status and bool(row["doubt"]) for row in rows)
        assert int((found and found[2]) or 0) == doubtful
    if not rows:
        return
    states = {row["state"] for row in rows}
    spoken = re.search(r"speak of (\d+) offices? of (\d+) state", prose)
    assert [int(number) for number in spoken.groups()] == [len(rows), len(states)]
    seen = re.search(r"On the map: (\d+) signs? in (\d+) cit", prose)
    cities = Counter(row["city"] for row in rows if row["on_map"] == "yes")
    assert [int(number) for number in seen.groups()] == [cities.total(), len(cities)]
    for city, number in cities.items():
        assert re.search(rf"{city} {number}\b", prose)


def test_prose_says_what_the_despatch_names_and_what_it_does_not():
    prose = drawn().describe()
    assert "The despatch names 2 offices: Czechoslovakia at Kiev" in prose
    assert "of the other 57 offices it names none" in prose
    assert "It speaks of Turkey without naming an office." in prose
    assert "frontier of February 1938" in prose


def test_prose_gives_every_claim_on_a_disputed_office():
    figure = drawn()
    for row in figure.rows:
        if row["status"] == "disputed":
            assert row["claims"] in figure.prose
            assert "[frus_d450]" in row["claims"]


def test_offices_without_a_known_city_are_in_rows_and_prose_and_never_on_the_map():
    figure = drawn()
    nowhere = [row for row in figure.rows if row["city"] is None]
    assert Counter(row["state"] for row in nowhere) == {"Iran": 4, "Afghanistan": 1}
    assert not {row["office"] for row in nowhere} & signs(figure).keys()
    assert "5 offices because no source gives the city (Afghanistan 1 and Iran 4)" in figure.prose


def test_a_view_says_how_many_offices_it_leaves_out():
    figure = drawn(region="east")
    outside = [row for row in figure.rows if row["on_map"] == "no: outside this view"]
    assert outside
    assert f"{len(outside)} offices because they lie outside this view" in figure.prose


def test_no_choice_gives_a_map_that_says_it_is_empty():
    figure = drawn(states=["Japan"], statuses=["withdrawn"])
    assert not signs(figure)
    assert "No source that was chosen speaks of an office by then." in figure.describe()


# What a status rests on


@pytest.mark.parametrize(
    ("office", "day", "status"),
    [
        ("CS-KIEV", date(1936, 1, 1), "not yet open"),
        ("CS-KIEV", date(1937, 6, 1), "open"),
        ("CS-KIEV", date(1938, 1, 12), "open"),
        ("CS-KIEV", date(1938, 1, 13), "demanded"),
        ("CS-KIEV", date(1938, 2, 17), "demanded"),
        ("CS-KIEV", WRITTEN, "disputed"),
        ("CS-KIEV", date(1938, 4, 30), "closed"),
        ("CS-KIEV", None, "closed"),
        ("GB-LENINGRAD", date(1938, 1, 10), "open"),
        ("GB-LENINGRAD", date(1938, 1, 11), "demanded"),
        ("GB-LENINGRAD", WRITTEN, "disputed"),
        ("GB-LENINGRAD", date(1938, 12, 31), "closed"),
        # All offices of the city closed in 1938, says one source; this one in 1939, another.
        ("PL-LENINGRAD", date(1938, 12, 31), "disputed"),
        ("PL-LENINGRAD", date(1939, 12, 31), "closed"),
        # Closed in 1938, no day given: on a day of that year not settled.
        ("FI-LENINGRAD", date(1937, 12, 31), "open"),
        ("FI-LENINGRAD", WRITTEN, "unknown"),
        ("FI-LENINGRAD", date(1938, 12, 31), "closed"),
        # A demand is not an outcome.
        ("AF-MERV", None, "demanded"),
        ("TR-ODESSA", WRITTEN, "demanded"),
        ("TR-ODESSA", None, "closed"),
        ("JP-VLADIVOSTOK", WRITTEN, "open"),
        ("JP-VLADIVOSTOK", date(1938, 9, 19), "retained"),
        # The sending state's own decision is not a closing.
        ("US-MOSCOW", date(1935, 1, 31), "open"),
        ("US-MOSCOW", WRITTEN, "withdrawn"),
        # Said to be at work years before, and nothing after.
        ("IT-NOVOROSSIYSK", WRITTEN, "unknown"),
        ("CN-SEMIPALATINSK", WRITTEN, "unknown"),
    ],
)
def test_the_day_moves_the_status_as_far_as_the_claims_go(office, day, status):
    assert standing(office, day) == status


def test_nothing_is_closed_before_the_last_day_its_closing_can_mean():
    claims = {claim["id"]: claim for claim in TABLES["claims"]}
    day = date(1936, 12, 1)
    while day < date(1940, 1, 1):
        for row in rows_of(day):
            if row["status"] == "closed":
                said = [c for c in claims.values() if c["office"] == row["office"]]
                ends = [c for c in said if c["statement"] in ("closed", "ended")]
                lasts = [extent(c["date"], c["date_precision"])[1] for c in ends]
                assert any(last and last <= day for last in lasts), (row["office"], day)
        day += timedelta(days=17)


def test_a_closed_office_opens_again_on_no_later_day():
    days = [date(1936, 12, 1) + timedelta(days=9 * step) for step in range(150)]
    for earlier, later in pairwise([{r["office"]: r["status"] for r in rows_of(d)} for d in days]):
        for office, status in later.items():
            if earlier[office] == "closed":
                assert status in ("closed", "disputed"), office


def test_an_office_nobody_has_closed_is_never_drawn_closed_or_disputed():
    endings = {c["office"] for c in TABLES["claims"] if c["statement"] in ("closed", "ended")}
    for day in DAYS:
        for row in rows_of(day):
            if row["office"] not in endings:
                assert row["status"] not in ("closed", "disputed")


def test_what_only_we_infer_is_drawn_hollow():
    claims = TABLES["claims"]
    inferred = {c["office"] for c in claims if c["office"] and c["speaks_of"] == "assigned"}
    firm = {
        c["office"]
        for c in claims
        if c["statement"] in ("closed", "ended", "retained") and c["speaks_of"] != "assigned"
    }
    rows = {row["office"]: row for row in rows_of(None)}
    assert inferred - firm
    for office in inferred - firm:
        assert rows[office]["doubt"].endswith("is our inference")


def test_of_several_offices_named_for_some_to_close_none_is_firmly_asked():
    turkish = [row for row in rows_of() if row["state"] == "Turkey"]
    assert [row["status"] for row in turkish] == ["demanded"] * 5
    assert all("which, was not settled" in row["doubt"] for row in turkish)


def test_the_chosen_sources_alone_are_heard():
    figure = drawn(by=[DESPATCH])
    assert {row["office"]: row["status"] for row in figure.rows} == {
        "CS-KIEV": "closed",
        "GB-LENINGRAD": "closed",
    }
    assert all("dgfp" not in row["claims"] for row in figure.rows)
    german = drawn(by=["dgfp_614"]).rows
    assert {row["status"] for row in german} == {"demanded"}
    named = [row["office"] for row in german if row["named_in_despatch"]]
    assert named == ["CS-KIEV"], "what the despatch names does not depend on who else is heard"


def test_what_the_despatch_names_is_ringed_and_nothing_else():
    figure = drawn()
    found = signs(figure)
    ring = trace(figure, "named in the despatch")
    assert set(zip(ring.x, ring.y, strict=True)) == {
        found["CS-KIEV"][2],
        found["GB-LENINGRAD"][2],
    }


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        ({"by": ["dgfp_999"]}, "There is no source dgfp_999. There are: .*dgfp_614"),
        ({"states": ["Ruritania"]}, "There is no state Ruritania. There are: .*Turkey"),
        ({"statuses": ["shut"]}, "There is no status shut. There are: .*closed"),
        ({"region": "north"}, "There is no region 'north'. There are: all, west, east"),
        ({"as_of": "next week"}, "'next week' is no date"),
    ],
)
def test_a_wrong_choice_is_answered_with_the_right_ones(choice, told):
    with pytest.raises(ValueError, match=told):
        closures_map(**choice)


def test_without_arguments_the_day_is_that_of_the_despatch():
    assert "on 18 February 1938, according to all sources" in closures_map().plot.layout.title.text


def test_a_partial_date_means_its_last_day():
    assert "on 30 April 1938" in closures_map(as_of="1938-04").plot.layout.title.text


# Where things are


@pytest.mark.parametrize("region", REGIONS)
def test_nothing_is_drawn_outside_the_view(region):
    view = maps.frame(region)
    figure = drawn(region=region)
    for office, (_, _, place) in signs(figure).items():
        assert view.holds(place), office
    for name in ("land", "territory", "lake"):
        ground = trace(figure, name)
        for point in zip(ground.x, ground.y, strict=True):
            assert point == (None, None) or view.holds(point)
    for axis, edges in (("xaxis", (view.west, view.east)), ("yaxis", (view.south, view.north))):
        assert figure.plot.layout[axis].range == edges


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("width", ["least", 920, 1100])
def test_cards_cover_no_other_card_and_no_city(region, width):
    view = maps.frame(region)
    pixels = view.least if width == "least" else width
    sheet = maps.Sheet(view, (view.east - view.west) / pixels)
    cards = maps.arrange(rows_of(), BASE, sheet).cards.values()
    assert cards
    for one, other in combinations(cards, 2):
        assert not one.meets(other, 0)
        assert not one.crosses(other) and not other.crosses(one)
    for card in cards:
        assert card.inside(*sheet.size, 0)
        assert not any(card.covers(other.dot) for other in cards)


def test_eleven_signs_of_one_city_stand_apart():
    figure = drawn()
    scale = (maps.frame("all").east - maps.frame("all").west) / 920
    cities = {row["office"]: row["city"] for row in figure.rows}
    places = [
        place for office, (_, _, place) in signs(figure).items() if cities[office] == "Leningrad"
    ]
    assert len(places) == 11
    for (x, y), (to_x, to_y) in combinations(places, 2):
        assert max(abs(x - to_x), abs(y - to_y)) / scale >= 17, "a sign is some 13 px wide"


def test_signs_stay_where_they_are_when_the_day_changes():
    before, after = signs(drawn(date(1937, 9, 30))), signs(drawn(date(1938, 12, 31)))
    assert before.keys() == after.keys()
    assert [before[office][2] for office in before] == [after[office][2] for office in before]


def test_an_uncertain_place_shows_its_radius():
    places = [
        place | ({"radius_km": "150"} if place["id"] == "merv" else {})
        for place in TABLES["places"]
    ]
    figure = drawn(given={"places": places})
    circle = trace(figure, "radii")
    east = [x for x in circle.x if x is not None]
    assert max(east) - min(east) == pytest.approx(300, abs=2)
    merv = next(row for row in figure.rows if row["office"] == "AF-MERV")
    assert merv["place_precision"] == "within 150 km"
    assert "place uncertain" in {trace.name for trace in figure.plot.data}
    assert "place uncertain" not in {trace.name for trace in drawn().plot.data}


@pytest.mark.parametrize("region", REGIONS)
def test_the_projection_keeps_areas(region):
    view, step = maps.frame(region), 1e-3
    kilometre = 6371 * 3.141592653589793 / 180
    for lon, lat in ((20, 40), (30, 70), (100, 50), (170, 65), (-170, 66)):
        (x, y), (a, b), (c, d) = (
            view.place(*place) for place in ((lon, lat), (lon + step, lat), (lon, lat + step))
        )
        area = abs((a - x) * (d - y) - (b - y) * (c - x))
        true = (kilometre * step) ** 2 * cos(radians(lat))
        assert area == pytest.approx(true, rel=1e-3)


def test_every_state_whose_letters_are_drawn_is_in_the_key():
    figure = drawn()
    key = figure.plot.layout.annotations[0].text
    for row in figure.rows:
        if row["on_map"] == "yes":
            assert f"<b>{row['code']}</b> {row['state']}" in key


def test_hover_names_place_then_and_now_rank_and_every_claim_with_its_locator():
    figure = drawn()
    told = {
        office: text
        for trace in figure.plot.data
        if trace.customdata is not None
        for office, text in zip(trace.customdata, trace.hovertext, strict=True)
    }
    text = told["CS-KIEV"]
    for words in ("Czechoslovakia, Kiev", "now Kyiv, Ukraine", "consulate general", "disputed"):
        assert words in text
    for claim in (c for c in TABLES["claims"] if c["office"] == "CS-KIEV"):
        assert claim["source"] in text
        assert claim["locator"].split()[0] in text


# How it reads


def _light(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one, other):
    dark, light = sorted((_light(one), _light(other)))
    return (light + 0.05) / (dark + 0.05)


GROUNDS = ("sea", "land", "territory", "card")


def test_signs_and_frontier_stand_out_from_whatever_they_are_on():
    for sign in (*STATUSES, "frontier"):
        for ground in GROUNDS:
            assert _contrast(COLOURS[sign], COLOURS[ground]) >= 3, (sign, ground)


def test_words_stand_out_from_whatever_they_are_on():
    for ground in GROUNDS:
        assert _contrast(sheet.INK, COLOURS[ground]) >= 7
        assert _contrast(sheet.PALE, COLOURS[ground]) >= 4.5


def test_shape_alone_tells_the_statuses_apart():
    figure = drawn()
    letters = trace(figure, "letters")
    marked = {
        (x, y) for x, y, text in zip(letters.x, letters.y, letters.text, strict=True) if "?" in text
    }
    shapes = {}
    for label, symbol, place in signs(figure).values():
        shape = (symbol.removesuffix("-open"), place in marked)
        assert shapes.setdefault(shape, label) == label
    assert len(set(shapes.values())) == len(shapes)


def test_the_frontier_is_drawn_and_named_for_its_month():
    line = trace(drawn(), "frontier of February 1938")
    assert line.showlegend and line.line.width >= 2
    assert sum(x is not None for x in line.x) > 300


# Cost


@pytest.mark.parametrize("region", REGIONS)
def test_a_map_is_light_enough_for_a_notebook(region):
    bundle = drawn(region=region)._repr_mimebundle_()
    assert set(bundle) == {"application/vnd.plotly.v1+json", "text/plain"}
    assert len(json.dumps(bundle)) < 200_000


def test_a_step_in_time_sends_only_the_signs_and_takes_little_time():
    view = maps.frame("all")
    places = maps.arrange(rows_of(), BASE, maps.Sheet(view, (view.east - view.west) / 920))
    taken, names = [], set()
    for month in range(1, 13):
        start = time.perf_counter()
        traces = maps.sign_traces(rows_of(date(1938, month, 1)), places)
        message = json.dumps(traces)
        taken.append(time.perf_counter() - start)
        names.add(tuple(trace["name"] for trace in traces))
        assert len(message) < 100_000
    assert len(names) == 1, "a step replaces trace by trace"
    assert min(taken) < 0.05


def test_drawing_reads_no_file(monkeypatch):
    drawn()  # plotly is loaded by now

    def refuse(*args, **kwargs):
        raise AssertionError(f"a file is read: {args}")

    for where in ("builtins.open", "io.open", "os.open", "pathlib.Path.open"):
        monkeypatch.setattr(where, refuse)
    assert signs(drawn(date(1938, 5, 1), "west"))


def test_no_place_state_or_year_of_the_history_stands_in_the_code(root):
    places = {row[column] for row in TABLES["places"] for column in ("name_1938", "name_now")}
    states = {claim["sending_state"] for claim in TABLES["claims"]} - {""}
    neighbours = {feature["properties"].get("neighbour_1938", "") for feature in BASE} - {""}
    words = "|".join(map(re.escape, sorted(places | states | neighbours)))
    code = root / "course" / "despatch963"
    for path in (*(code / "maps").glob("*.py"), code / "wording.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(rf"\b({words})\b", text), path
        assert not re.search(r"(?<![-\w])19[1-5]\d\b", text), path


# In a browser, the network cut


@pytest.fixture(scope="module")
def page():
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=browser.executable_or_skip(), args=[*browser.ARGUMENTS]
        )
        page = started.new_page(viewport={"width": 940, "height": 660})
        page.asked = []
        page.route("**/*", lambda route: (page.asked.append(route.request.url), route.abort()))
        page.set_content("<div id='map'></div>")
        page.evaluate("() => { document.body.style.margin = 0; }")
        script = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
        page.add_script_tag(content=script.read_text(encoding="utf-8"))
        yield page
        started.close()


def show(page, figure):
    """Draw a figure in the page and return the addresses it asked for."""
    page.asked.clear()
    page.evaluate(
        "figure => Plotly.newPlot('map', figure.data, figure.layout).then(() => 1, () => 0)", figure
    )
    page.wait_for_timeout(500)
    return [*page.asked]


def colours(page):
    """Return how often each colour occurs in what the page shows."""
    import base64

    picture = base64.b64encode(page.screenshot()).decode()
    return page.evaluate(
        """async picture => {
          const bytes = Uint8Array.from(atob(picture), c => c.charCodeAt(0));
          const image = await createImageBitmap(new Blob([bytes], {type: 'image/png'}));
          const canvas = new OffscreenCanvas(image.width, image.height);
          const context = canvas.getContext('2d');
          context.drawImage(image, 0, 0);
          const data = context.getImageData(0, 0, image.width, image.height).data, found = {};
          for (let i = 0; i < data.length; i += 4) {
            const colour = '#' + [0, 1, 2].map(
              j => data[i + j].toString(16).padStart(2, '0')).join('');
            found[colour] = (found[colour] || 0) + 1;
          }
          return found;
        }""",
        picture,
    )


@pytest.mark.slow
def test_plotly_own_maps_ask_the_network_for_their_coasts(page):
    """A control: what the next test would see if ours did."""
    asked = show(page, {"data": [{"type": "scattergeo", "lon": [30], "lat": [60]}], "layout": {}})
    assert asked


@pytest.mark.slow
@pytest.mark.parametrize("region", REGIONS)
def test_the_map_is_drawn_without_a_single_request(page, region):
    figure = json.loads(drawn(region=region).plot.to_json())
    assert show(page, figure) == []
    found = colours(page)
    for name in ("sea", "land", "territory"):
        assert found.get(COLOURS[name], 0) > 20_000, name
    for name in ("frontier", "open"):
        assert found.get(COLOURS[name], 0) > 50, name
