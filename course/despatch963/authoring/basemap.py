"""Build the base map: `data/land.json` and `data/ussr-1938.json`.

Coasts, lakes and the stretches of frontier that have not moved come from Natural Earth; those that
have moved run through the points of `data/frontier_points.csv`. All stretches in the order of
`data/frontier.csv`, those on the open sea included, close into one ring: land inside it is Soviet.
Run it as `python -m despatch963.authoring.basemap`.
"""

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import shapely.affinity
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box, mapping
from shapely.ops import unary_union

from despatch963 import paths

from . import naturalearth
from .thinning import Line, Tolerance, on_sphere, thin, tolerance_around

LAYERS = {
    "frontiers": "admin_0_boundary_lines_land",
    "provinces": "admin_1_states_provinces_lines",
    "rivers": "rivers_lake_centerlines",
}
GRID = 0.001  # degrees: about 100 m
COAST_DECIMALS = 2

Row = dict[str, str]


def compose(data: Path) -> dict[str, str]:
    """Return the text of `land.json` and `ussr-1938.json`, made from the tables in `data`.

    Raises ValueError when the stretches of frontier do not close into a simple ring.
    """
    known = [(float(row["lon"]), float(row["lat"])) for row in _rows(data, "frontier_places.csv")]
    tolerance = tolerance_around(known)
    stretches = [(row, _course(data, row, tolerance)) for row in _rows(data, "frontier.csv")]
    ring = Polygon([point for _, line in stretches for point in line])
    if not ring.is_valid:
        raise ValueError(
            f"The frontier crosses itself ({shapely.is_valid_reason(ring)}): mend "
            "frontier_points.csv there."
        )
    land, lakes = _coasts(tolerance, _rows(data, "lakes.csv"))
    soviet = shapely.set_precision(land.intersection(ring), GRID)
    abroad = shapely.set_precision(land.difference(ring), GRID)
    everything = shapely.set_precision(unary_union([soviet, abroad]), GRID)
    return {
        "land.json": _collection(
            [
                _feature(_polygons(everything), kind="land"),
                *(_feature(_polygons(lake), kind="lake", name=name) for name, lake in lakes),
            ]
        ),
        "ussr-1938.json": _collection(
            [
                _feature(_polygons(soviet), kind="territory"),
                *_lines(stretches, everything),
            ]
        ),
    }


def _rows(data: Path, name: str) -> list[Row]:
    with (data / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _course(data: Path, stretch: Row, tolerance: Tolerance) -> Line:
    """Return the line of one stretch; longitudes run on past 180."""
    line = [
        (float(point["lon"]), float(point["lat"]))
        for point in _rows(data, "frontier_points.csv")
        if point["stretch_id"] == stretch["id"]
    ]
    if stretch["follows"] in LAYERS:
        line = thin(naturalearth.trace(LAYERS[stretch["follows"]], line), tolerance)
    return [(round(lon, 3), round(lat, 3)) for lon, lat in line]


def _coasts(tolerance: Tolerance, named: list[Row]) -> tuple[Any, list[tuple[str, Any]]]:
    """Return the land, lakes not cut out of it, and the lakes by name."""
    land, holes = [], []
    for ring in naturalearth.lines("land"):
        outline = Polygon(ring)
        if outline.exterior.is_ccw:  # in a shapefile, a hole
            holes.append(outline)
            continue
        west, south, *_ = outline.bounds
        middle = outline.centroid
        km2 = outline.area * np.cos(np.radians(middle.y)) * 111.3**2
        if south > -60 and km2 > 3 * float(tolerance(on_sphere([middle.coords[0]]))[0]) ** 2:
            far_east = west < -179.9 and south > 60
            land.append(shapely.affinity.translate(outline, 360 if far_east else 0))
    # Natural Earth cuts the land at 180°: joined here, to be thinned in one piece.
    at_180 = [part for part in land if part.bounds[2] > 179.9]
    whole = [part for part in land if part.bounds[2] <= 179.9]
    whole += shapely.union_all(at_180, grid_size=1e-6).geoms
    return unary_union([_thinned(part, tolerance) for part in whole]), [
        (row["name"], _lake(row, holes, tolerance)) for row in named
    ]


def _lake(row: Row, holes: list[Polygon], tolerance: Tolerance) -> Any:
    seed = Point(float(row["lon"]), float(row["lat"]))
    parts = [hole for hole in holes if hole.contains(seed)]
    if row["outline"]:
        pairs = [tuple(map(float, pair.split())) for pair in row["outline"].split(";")]
        parts.append(Polygon(pairs))
    if not parts:
        raise ValueError(
            f"No lake of Natural Earth holds {seed.wkt}: mend lakes.csv, {row['name']}."
        )
    return unary_union([_thinned(part, tolerance) for part in parts])


def _thinned(outline: Polygon, tolerance: Tolerance) -> Any:
    line = thin(list(outline.exterior.coords), tolerance)
    rounded = [(round(x, COAST_DECIMALS), round(y, COAST_DECIMALS)) for x, y in line]
    return Polygon(rounded).buffer(0) if len(rounded) > 3 else Polygon()


def _lines(stretches: list[tuple[Row, Line]], land: Any) -> Iterable[dict[str, Any]]:
    """Yield the stretches that run on land, each with what the table says of it."""
    before = stretches[-1][1]
    for row, line in stretches:
        joined, before = [before[-1], *line], line  # no gap to the stretch before
        if row["follows"] == "sea":
            continue
        on_land = shapely.set_precision(LineString(joined).intersection(land), GRID)
        about = {key: row[key] for key in ("id", "stretch", "neighbour_1938")}
        yield _feature(
            on_land,
            kind="frontier",
            **about,
            moved=row["moved"] == "yes",
            accuracy_km=float(row["accuracy_km"]),
        )


def _polygons(area: Any) -> Any:
    """Return `area` split at 180°, without holes, outer rings clockwise as d3 and plotly want."""
    west, east = box(-180, -90, 180, 90), box(180, -90, 540, 90)
    split = [area.intersection(west), shapely.affinity.translate(area.intersection(east), -360)]
    parts = [part for piece in split for part in getattr(piece, "geoms", [piece]) if part.area]
    rings = [Polygon(part.exterior) for part in parts if part.geom_type == "Polygon"]
    return MultiPolygon([shapely.geometry.polygon.orient(ring, -1) for ring in rings])


def _feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": mapping(geometry)}


def _collection(features: list[dict[str, Any]]) -> str:
    # One feature a line, so that a change shows as what it is.
    lines = ",\n".join(
        json.dumps(_plain(feature), ensure_ascii=False, separators=(",", ":"))
        for feature in features
    )
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'


def _plain(value: Any) -> Any:
    """Return the feature with its coordinates as short numbers."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return round(value, 3) if isinstance(value, float) else value


def main() -> None:
    """Write both files into the data folder."""
    for name, text in compose(paths.data()).items():
        path = paths.data() / name
        path.write_text(text, encoding="utf-8", newline="\n")
        print(f"{path}: {len(text.encode()) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
