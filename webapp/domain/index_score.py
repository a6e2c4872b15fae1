"""Indices that say what they are made of: scores of components, weights as dated data, what is missing.

A missing component is never zero: the index is taken over what is known, if that is enough of the weight.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from webapp.domain.programme import read_table

FULL = 100
SHIFT = 5
"""Points by which every weight is moved to see whether the order holds (DOMAIN 8)."""


@dataclass(frozen=True, slots=True)
class Component:
    """One part of an index; ``falling`` where less is better. ``target`` is the share that scores 100."""

    id: str
    name: str
    weight: float
    target: float
    falling: bool
    says: str


@dataclass(frozen=True, slots=True)
class Index:
    """The components of an index, whose weights add up to 100, and how much of it must be known."""

    version: str
    least_weight: float
    components: Sequence[Component]


@dataclass(frozen=True, slots=True)
class Scored:
    """An index value over what is known, the scores it was made from, and the weight that was known."""

    value: float | None
    scores: Mapping[str, float]
    known: float


def score(value: float, component: Component) -> float:
    """Return from 0 to 100 how far a share has come to its target.

    Rising: 100·value/target. Falling: 100·(1-value)/(1-target), so that the target scores 100 as well.
    """
    share = (1 - value) / (1 - component.target) if component.falling else value / component.target
    return max(0.0, min(float(FULL), FULL * share))


def scored(values: Mapping[str, float], index: Index, weights: Mapping[str, float] | None = None) -> Scored:
    """Return the weighted mean of the known scores, no value where too little of the weight is known."""
    by = weights or {one.id: one.weight for one in index.components}
    scores = {one.id: score(values[one.id], one) for one in index.components if one.id in values}
    known = sum(by[name] for name in scores)
    enough = known >= index.least_weight and known > 0
    value = sum(by[name] * points for name, points in scores.items()) / known if enough else None
    return Scored(value, scores, known)


def shifted(index: Index) -> list[Mapping[str, float]]:
    """Return the weights with each one moved up and down by ``SHIFT`` points, the others making room."""
    base = {one.id: one.weight for one in index.components}
    return [_moved(base, name, by) for name in base for by in (SHIFT, -SHIFT) if base[name] + by >= 0]


def ranks(values: Mapping[str, float]) -> Mapping[str, int]:
    """Return places by value, the highest first; equals share the better place."""
    ordered = sorted(values.values(), reverse=True)
    return {name: ordered.index(value) + 1 for name, value in values.items()}


def spans(places: Mapping[str, Mapping[str, float]], index: Index) -> Mapping[str, tuple[int, int]]:
    """Return the best and the worst place of each under every shift of the weights."""
    found: dict[str, list[int]] = {}
    for weights in [None, *shifted(index)]:
        totals = {name: scored(values, index, weights).value for name, values in places.items()}
        for name, place in ranks(
            {name: value for name, value in totals.items() if value is not None}
        ).items():
            found.setdefault(name, []).append(place)
    return {name: (min(seen), max(seen)) for name, seen in found.items()}


@cache
def index_named(name: str) -> Index:
    """Return an index of data/programme/indices.json."""
    row: Mapping[str, Any] = read_table("indices.json")[name]
    return Index(row["version"], row["least_weight"], tuple(Component(**one) for one in row["components"]))


def _moved(base: Mapping[str, float], name: str, by: float) -> Mapping[str, float]:
    others = FULL - base[name]
    room = (others - by) / others if others else 0
    return {one: weight + by if one == name else weight * room for one, weight in base.items()}
