"""Where the nodes of a drawing stand: by the steps between them, and so that no two labels cover each other."""

import random
from collections import deque
from collections.abc import Mapping, Sequence
from math import cos, hypot, pi, sin
from typing import Final

Point = tuple[float, float]
Box = tuple[float, float]
"""Half of the width, and half of the height, that a node takes up with its label."""

STEP: Final = 165.0
"""How far apart two nodes stand that are tied, as far as that can be."""
_ROUNDS: Final = 30
_PASSES: Final = 400
_ROOM: Final = 2.0
"""So many times the area of all boxes is where they are parted: in less they get into each other's way."""
_SEED: Final = 20_18
_STRETCH: Final = 0.62
"""The drawing is lower than wide, as screens are."""


def layout(ids: Sequence[str], ties: Sequence[tuple[str, str]], boxes: Mapping[str, Box]) -> dict[str, Point]:
    """Return a place for every node, always the same for the same nodes and ties.

    By stochastic descent on the stress of all pairs (Zheng, Pawar and Goodman 2018), then boxes are pushed apart:
    30 rounds, and at most 400 passes over all pairs.
    """
    chance = random.Random(_SEED)  # noqa: S311 - the same picture every time
    places = {
        each: [STEP * 2 * cos(2 * pi * n / len(ids)), STEP * 2 * sin(2 * pi * n / len(ids))]
        for n, each in enumerate(ids)
    }
    pairs = _distances(ids, ties)
    longest = max((steps for *_, steps in pairs), default=1)
    for turn in range(_ROUNDS):
        chance.shuffle(pairs)
        # From moving every pair to its full distance down to a tenth of that for neighbours.
        pace = longest**2 * (0.1 / longest**2) ** (turn / (_ROUNDS - 1))
        for one, other, steps in pairs:
            _relax(places[one], places[other], steps * STEP, min(1.0, pace / steps**2))
    for place in places.values():
        place[1] *= _STRETCH
    if ids:
        _widen(places, boxes)
        _part(places, boxes)
    return {each: (place[0], place[1]) for each, place in places.items()}


def _relax(one: list[float], other: list[float], distance: float, pace: float) -> None:
    across, down = one[0] - other[0], one[1] - other[1]
    apart = hypot(across, down) or 1e-9
    move = pace * (apart - distance) / 2 / apart
    one[0] -= move * across
    one[1] -= move * down
    other[0] += move * across
    other[1] += move * down


def _distances(ids: Sequence[str], ties: Sequence[tuple[str, str]]) -> list[tuple[str, str, float]]:
    """Return every pair with the steps between the two; those of different islands stand a little further apart."""
    near: dict[str, list[str]] = {each: [] for each in ids}
    for one, other in ties:
        near[one].append(other)
        near[other].append(one)
    steps = {each: _from(each, near) for each in ids}
    furthest = max((max(found.values()) for found in steps.values()), default=0)
    return [
        (one, other, float(steps[one].get(other, min(furthest, 2) + 1)))
        for number, one in enumerate(ids)
        for other in ids[number + 1 :]
    ]


def _from(root: str, near: Mapping[str, Sequence[str]]) -> dict[str, int]:
    found, waiting = {root: 0}, deque([root])
    while waiting:
        each = waiting.popleft()
        for other in near[each]:
            if other not in found:
                found[other] = found[each] + 1
                waiting.append(other)
    return found


def _widen(places: Mapping[str, list[float]], boxes: Mapping[str, Box]) -> None:
    """Scale the whole up where its boxes would not have room."""
    wide, high = (
        max(place[side] for place in places.values())
        - min(place[side] for place in places.values())
        + 2 * max(box[side] for box in boxes.values())
        for side in (0, 1)
    )
    scale = max(1.0, _ROOM * sum(4 * box[0] * box[1] for box in boxes.values()) / (wide * high)) ** 0.5
    for place in places.values():
        place[0], place[1] = scale * place[0], scale * place[1]


def _part(places: Mapping[str, list[float]], boxes: Mapping[str, Box]) -> None:
    """Push boxes that overlap apart, along the way that is shorter, until none does or the passes are used up."""
    ids = [*places]
    for _ in range(_PASSES):
        is_settled = True
        for one, other in _near([places[each] for each in ids], max(boxes[each][1] for each in ids)):
            first, second = ids[one], ids[other]
            is_settled &= not _push(places[first], boxes[first], places[second], boxes[second])
        if is_settled:
            return


def _near(places: Sequence[Sequence[float]], half: float) -> list[tuple[int, int]]:
    """Return by their numbers, in order, the pairs whose boxes may overlap: no box is higher than twice that half."""
    found = []
    downwards = sorted(range(len(places)), key=lambda number: places[number][1])
    for rank, one in enumerate(downwards):
        for other in downwards[rank + 1 :]:
            if places[other][1] - places[one][1] > 2 * half:
                break
            found.append((min(one, other), max(one, other)))
    return sorted(found)


def _push(one: list[float], box: Box, other: list[float], other_box: Box) -> bool:
    """Move two places apart if their boxes overlap, and tell whether they did."""
    over = [box[side] + other_box[side] - abs(one[side] - other[side]) for side in (0, 1)]
    if min(over) <= 0:
        return False
    side = 0 if over[0] < over[1] else 1
    way = 1 if one[side] >= other[side] else -1
    one[side] += way * (over[side] / 2 + 0.5)
    other[side] -= way * (over[side] / 2 + 0.5)
    return True
