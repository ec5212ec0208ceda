"""Thin lines for drawing: much detail where it is looked at, little where it is not."""

from collections.abc import Callable, Sequence

import numpy as np

EARTH_KM = 6371.0
# How far, in kilometres, a thinned line may stray: a little near the known places, more with every
# kilometre away from them, and never more than the last.
NEAR, PER_KM, FAR = 0.8, 0.012, 120.0

Line = list[tuple[float, float]]
Tolerance = Callable[[np.ndarray], np.ndarray]


def on_sphere(lonlat: Sequence[tuple[float, float]] | np.ndarray) -> np.ndarray:
    """Return points as vectors in kilometres from the centre of the Earth."""
    lon, lat = np.radians(np.asarray(lonlat, dtype=float)).T
    flat = np.cos(lat)
    return EARTH_KM * np.column_stack((flat * np.cos(lon), flat * np.sin(lon), np.sin(lat)))


def tolerance_around(places: Sequence[tuple[float, float]]) -> Tolerance:
    """Return the function from points on the sphere to the error allowed there, in kilometres."""
    known = on_sphere(places)

    def tolerance(points: np.ndarray) -> np.ndarray:
        # Of points on one sphere the nearest has the greatest inner product.
        closest = np.concatenate(
            [
                (points[at : at + 10_000] @ known.T).max(axis=1)
                for at in range(0, len(points), 10_000)
            ]
        )
        nearest = np.sqrt(np.maximum(2 * (EARTH_KM**2 - closest), 0))
        return np.minimum(NEAR + PER_KM * nearest, FAR)

    return tolerance


def thin(line: Line, tolerance: Tolerance) -> Line:
    """Drop the points that the line can spare (Douglas–Peucker, on the sphere)."""
    points = on_sphere(line)
    allowed = tolerance(points)
    keep = np.zeros(len(line), dtype=bool)
    keep[[0, -1]] = True
    spans = [(0, len(line) - 1)]
    if line[0] == line[-1]:  # a ring has no chord: split it at its far end
        far = int(np.argmax(np.linalg.norm(points - points[0], axis=1)))
        spans = [(0, far), (far, len(line) - 1)]
        keep[far] = True
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        start, chord = points[first], points[last] - points[first]
        between = points[first + 1 : last] - start
        along = np.clip(between @ chord / max(float(chord @ chord), 1e-12), 0, 1)
        error = np.linalg.norm(between - along[:, None] * chord, axis=1)
        excess = error / allowed[first + 1 : last]
        worst = int(np.argmax(excess))
        if excess[worst] > 1:
            middle = first + 1 + worst
            keep[middle] = True
            spans += [(first, middle), (middle, last)]
    return [point for point, kept in zip(line, keep, strict=True) if kept]
