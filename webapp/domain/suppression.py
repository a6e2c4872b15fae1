"""Which cells of published tables are left out, so that no small one can be worked out from the rest.

Tables are told as values under keys and the sums that hold between them. Tables that share a margin
share its key, and the difference of two published groups is a key of its own, so one set of sums holds
all a reader could ever add or subtract. A small cell is safe when there are two whole tables with the
same published figures: one in which it is 0 and one in which it reaches ``least``.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from math import sqrt

Key = Hashable
Step = Mapping[Key, int]
MOST_STATES = 3_000
"""Partial moves looked at before a wider part of the tables is left out instead."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A total and the parts that add up to it."""

    total: Key
    parts: tuple[Key, ...]


def is_small(value: int, least: int) -> bool:
    """Say whether a figure could point to a person: more than nobody, fewer than ``least``."""
    return 0 < value < least


def suppress(
    values: Mapping[Key, int],
    sums: Sequence[Sum],
    *,
    least: int,
    unpublished: Collection[Key] = (),
    known: Collection[Key] = (),
) -> frozenset[Key]:
    """Return the keys to leave out: the small ones and, with them, as little as keeps them safe.

    ``unpublished`` are figures no table shows, ``known`` those everybody has from elsewhere and which
    stay. Zeros stay too: that nobody is there is no secret.
    """
    plan = _Plan(values, sums, known)
    hidden = {key for key, value in values.items() if is_small(value, least)} | set(unpublished)
    hidden -= set(known)
    for key, value in sorted(values.items(), key=lambda item: item[1]):
        if is_small(value, least) and key not in plan.known:
            for wider in (set(), plan.around({key}), plan.reached_from(key)):
                hidden |= wider
                if plan.is_closed(key, hidden) or _make_safe(plan, key, hidden, least):
                    break
    return frozenset(hidden)


def _make_safe(plan: "_Plan", key: Key, hidden: set[Key], least: int) -> bool:
    for by in (least - plan.values[key], -plan.values[key]):
        met = plan.moved(key, by, hidden)
        if met is None:
            return False
        hidden |= met
    return True


class _Plan:
    """The sums as a net of keys along which a change of one figure can be made up for by others."""

    def __init__(self, values: Mapping[Key, int], sums: Sequence[Sum], known: Collection[Key]) -> None:
        self.values = values
        self.known = frozenset(known)
        self._dear = sum(values.values()) + 1
        self._signs: list[dict[Key, int]] = [{one.total: -1, **dict.fromkeys(one.parts, 1)} for one in sums]
        self._sums_of: dict[Key, list[int]] = defaultdict(list)
        for number, signs in enumerate(self._signs):
            for key in signs:
                self._sums_of[key].append(number)

    def moved(self, start: Key, by: int, hidden: Collection[Key]) -> set[Key] | None:
        """Return the keys that must change when ``start`` changes by ``by`` and every sum still holds.

        ``None`` where no such change was found: there may be one all the same.
        """
        now: dict[Key, int] = dict(self.values)
        left, met = abs(by), {start}
        sign = 1 if by > 0 else -1
        while left:
            step = self._cheapest(start, sign, self._cost(now, hidden, met, left))
            if step is None:
                return None
            falling = [now[key] for key, change in step.items() if change < 0]
            amount = min([left, *falling])
            for key, change in step.items():
                now[key] += change * amount
            left -= amount
            met |= step.keys()
        return met

    def around(self, keys: Iterable[Key]) -> set[Key]:
        """Return every key that could be left out in a sum with one of these."""
        sums = {number for key in keys for number in self._sums_of[key]}
        found = {key for number in sums for key in self._signs[number] if self.values[key]}
        return found - self.known

    def reached_from(self, key: Key) -> set[Key]:
        """Return all keys that could be left out and are tied to one by sums, directly or through others."""
        reached, fresh = {key}, {key}
        while fresh:
            fresh = {other for one in fresh for number in self._sums_of[one] for other in self._signs[number]}
            fresh -= reached
            reached |= fresh
        return {one for one in reached if self.values[one]} - self.known

    def is_closed(self, key: Key, hidden: Collection[Key]) -> bool:
        """Say whether all that is tied to a key is left out but what is known from elsewhere.

        Then everybody could be like one person with that key, or like one without it: it may be nobody or
        all of a known total, which is not small.
        """
        return self.reached_from(key) <= set(hidden)

    def _cost(
        self, now: Mapping[Key, int], hidden: Collection[Key], met: Collection[Key], wanted: int
    ) -> Callable[[Key, int], float | None]:
        """Price a key: what a reader loses if it is left out too, dear where it cannot give enough."""

        def cost(key: Key, change: int) -> float | None:
            fixed = not self.values[key] or key in self.known
            if fixed or (change < 0 and not now[key]):
                return None
            short = change < 0 and now[key] < wanted
            price = 0.001 if key in hidden or key in met else sqrt(self.values[key])
            return price + (self._dear if short else 0)

        return cost

    def _cheapest(self, start: Key, sign: int, cost: Callable[[Key, int], float | None]) -> Step | None:
        """Find the cheapest set of unit changes around ``start`` under which every sum holds."""
        if cost(start, sign) is None:
            return None
        order, seen = count(), set()
        waiting: list[tuple[float, int, dict[Key, int]]] = [(0.0, next(order), {start: sign})]
        for _state in range(MOST_STATES):
            if not waiting:
                return None
            price, _tie, step = heapq.heappop(waiting)
            broken = self._broken(step)
            if broken is None:
                return step
            number, lacks = broken
            for key, part in self._signs[number].items():
                change = lacks * part
                extra = None if key in step else cost(key, change)
                wider = {**step, key: change}
                if extra is None or (name := frozenset(wider.items())) in seen:
                    continue
                seen.add(name)
                heapq.heappush(waiting, (price + extra, next(order), wider))
        return None

    def _broken(self, step: Step) -> tuple[int, int] | None:
        """Return the narrowest sum a step leaves unequal, and which way a part must go to mend it."""
        balance: dict[int, int] = defaultdict(int)
        for key, change in step.items():
            for number in self._sums_of[key]:
                balance[number] += self._signs[number][key] * change
        open_sums = [number for number, surplus in balance.items() if surplus]
        if not open_sums:
            return None
        number = min(open_sums, key=lambda one: (len(self._signs[one]), one))
        return number, -1 if balance[number] > 0 else 1
