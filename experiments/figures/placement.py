"""Where to write the names of points so that nothing touches: near their points, clear of marks and of each other."""

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]

RINGS = np.array([0.04, 0.1, 0.18, *np.arange(0.28, 1.2, 0.08)])  # inches from a mark to its name
TURNS = np.radians(np.arange(0, 360, 15))
AIR = 0.025  # inches between two things
DETOUR = 1.0  # inches that a name goes out of its way rather than hide part of a line
TIED = 0.12  # inches from a mark from which on a name is tied to it
STEPS = np.linspace(0.0, 1.0, 25)


def place_names(
    points: Floats, sizes: Floats, marks: Floats, lines: Floats, room: tuple[float, float], radius: float
) -> Floats:
    """Lower left corners (names, 2) of the names of some points; NaN for a name that finds no place near its point.

    In inches from the lower left: `points` and `sizes` (names, 2), the middles of all `marks` (any, 2) with their
    `radius`, and `lines` (any, 4: left, bottom, right, top), which names had better not hide.
    """
    taken = np.hstack([marks - radius, marks + radius])
    found = np.full(points.shape, np.nan)
    crowd = (np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)) < 1.0).sum(axis=1)
    for name in np.argsort(-crowd, kind="stable"):  # where it is crowded first
        corner = _place(points[name], sizes[name], taken, lines, room, radius)
        if corner is None:
            continue
        found[name] = corner
        box = np.concatenate([corner, corner + sizes[name]])
        along = tie(points[name], sizes[name], corner, radius)
        way = points[name] + STEPS[:, None] * (along - points[name]) if along is not None else np.empty((0, 2))
        taken = np.vstack([taken, box, np.hstack([way - 0.01, way + 0.01])])
    return found


def tie(point: Floats, size: Floats, corner: Floats, radius: float) -> Floats | None:
    """Where the line that ties a name to its point ends; None for a name that stands close by."""
    nearest = np.clip(point, corner, corner + size)
    return nearest if np.hypot(*(nearest - point)) > radius + TIED else None


def _place(
    point: Floats, size: Floats, taken: Floats, lines: Floats, room: tuple[float, float], radius: float
) -> Floats | None:
    """The best free corner for one name: close, and hiding few lines."""
    ring, turn = (grid.ravel() for grid in np.meshgrid(RINGS, TURNS, indexing="ij"))
    way = np.column_stack([np.cos(turn), np.sin(turn)])
    # The middle lies so far out that the box stands at the ring in that direction.
    middles = point + way * (radius + ring)[:, None] + np.sign(np.round(way, 6)) * size / 2
    corners = middles - size / 2
    inside = (corners >= AIR).all(axis=1) & (corners + size <= np.array(room) - AIR).all(axis=1)
    corners, ring = corners[inside], ring[inside]
    boxes = np.hstack([corners - AIR, corners + size + AIR])
    free = ~_touch(boxes, taken).any(axis=1)
    if not free.any():
        return None
    corners, ring, boxes = corners[free], ring[free], boxes[free]
    cost = ring + DETOUR * _touch(boxes, lines).sum(axis=1)
    for place in np.argsort(cost, kind="stable"):
        end = tie(point, size, corners[place], radius)
        if end is None:
            return np.asarray(corners[place], float)
        steps = point + STEPS[:, None] * (end - point)
        steps = steps[np.hypot(*(steps - point).T) > radius]  # its own mark is no obstacle
        if not _touch(np.hstack([steps, steps]), taken).any():
            return np.asarray(corners[place], float)
    return None


def _touch(boxes: Floats, others: Floats) -> NDArray[np.bool_]:
    """Which boxes (left, bottom, right, top) overlap which others: (boxes, others)."""
    a, b = boxes[:, None], others[None]
    return np.asarray(
        (a[..., 0] < b[..., 2]) & (b[..., 0] < a[..., 2]) & (a[..., 1] < b[..., 3]) & (b[..., 1] < a[..., 3])
    )
