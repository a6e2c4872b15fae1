"""Destination rates of graduates (毕业去向): the ministry's by two formulas, and NACE's, of the same persons.

Groups and formulas are dated data (data/programme/outcome_codes.json, ``rates``). Internal by default: a
school's rates are published by nobody but the ministry and the province (DOMAIN 0.11).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from webapp.domain.errors import PlatformError
from webapp.domain.programme import outcome_code, outcome_codes, read_table
from webapp.domain.words import N_

UNKNOWN = ""
"""The code of graduates nobody knows anything of."""
NOT_SEEKING = "not_seeking"
NACE = "NACE"


class CodeUnmapped(PlatformError):
    """A destination that belongs to no group is refused, never dropped."""

    message = N_("毕业去向代码“%(code)s”没有归入任何一类，不能计算。请先在代码表里补上，再重新汇总。")


class GroupsBroken(PlatformError):
    """A set of groups in which some code stands twice or nowhere."""

    message = N_("口径 %(version)s 的分组里，代码 %(codes)s 缺失或重复。每个代码只能归入一类。")


@dataclass(frozen=True, slots=True)
class Group:
    """A group of destinations; ``landed`` ones count as placed."""

    id: str
    name: str
    landed: bool
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scheme:
    """A way of grouping every destination, by the version of its formula."""

    version: str
    name: str
    source: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of persons: what is certain, what is possible, and a point only where enough is known.

    ``lower`` takes every unknown person for none of these, ``upper`` for one; all None without persons.
    """

    count: int
    lower: float | None
    upper: float | None
    point: float | None


@dataclass(frozen=True, slots=True)
class Destinations:
    """How many persons have which destination, by code; sub-codes and local ones are mapped."""

    by_code: Mapping[str, int]

    @property
    def total(self) -> int:
        """Return how many graduates there are."""
        return sum(self.by_code.values())

    @property
    def known(self) -> int:
        """Return of how many the destination is known."""
        return self.total - self.by_code.get(UNKNOWN, 0)

    @property
    def unknown(self) -> int:
        """Return of how many nothing is known."""
        return self.by_code.get(UNKNOWN, 0)

    @property
    def knowledge(self) -> float | None:
        """Return NACE's knowledge rate: the share of whom the destination is known."""
        return self.known / self.total if self.total else None

    def enough(self, threshold: float) -> bool:
        """Say whether enough is known for a point estimate."""
        return self.known > 0 and self.known >= threshold * self.total

    def of(self, group: Group) -> int:
        """Return how many persons belong to a group."""
        return sum(count for code, count in self.by_code.items() if code in group.codes)


def destinations(counts: Mapping[str, int]) -> Destinations:
    """Return persons by destination; codes are mapped as on import, an unmapped one raises."""
    by_code: dict[str, int] = {}
    for said, count in counts.items():
        found = outcome_code(said) if said != UNKNOWN else None
        if said != UNKNOWN and found is None:
            raise CodeUnmapped(code=said)
        code = found.code if found else UNKNOWN
        by_code[code] = by_code.get(code, 0) + count
    return Destinations(by_code)


def group_rates(people: Destinations, scheme: Scheme, *, threshold: float) -> Mapping[str, Rate]:
    """Return the ministry's rates, each of all graduates: persons of the group ÷ graduates."""
    return {one.id: _rate(people, people.of(one), people.total, threshold) for one in scheme.groups}


def placement_rate(people: Destinations, scheme: Scheme, *, threshold: float) -> Rate:
    """Return the 落实率: the sum of the rates of all groups that count as placed."""
    return _rate(people, _landed(people, scheme), people.total, threshold)


def career_outcomes_rate(people: Destinations, *, threshold: float) -> Rate:
    """Return NACE's career outcomes rate: landed ÷ (known - not seeking).

    The bounds take every unknown person for seeking, without and with success.
    """
    scheme = schemes()[NACE]
    idle = next(people.of(one) for one in scheme.groups if one.id == NOT_SEEKING)
    landed = _landed(people, scheme)
    whole, known = people.total - idle, people.known - idle
    return Rate(
        landed,
        landed / whole if whole else None,
        (landed + people.unknown) / whole if whole else None,
        landed / known if known and people.enough(threshold) else None,
    )


@cache
def schemes() -> Mapping[str, Scheme]:
    """Return the ways of grouping by version, the ministry's first; each is a partition of the codes."""
    return {row["version"]: _scheme(row) for row in read_table("outcome_codes.json")["rates"]}


def formulas() -> list[Scheme]:
    """Return the ministry's formulas, the one in force first."""
    return [scheme for scheme in schemes().values() if scheme.version != NACE]


def check_groups(scheme: Scheme) -> None:
    """Refuse groups that leave a code out or name one twice."""
    named = [code for group in scheme.groups for code in group.codes]
    known = outcome_codes()
    odd = {code for code in {*named, *known} if named.count(code) != 1 or code not in known}
    if odd:
        raise GroupsBroken(version=scheme.version, codes="、".join(sorted(odd)))


def _scheme(row: Mapping[str, Any]) -> Scheme:
    groups = tuple(
        Group(one["id"], one["name"], one["landed"], frozenset(one["codes"])) for one in row["groups"]
    )
    scheme = Scheme(row["version"], row["name"], row["source"], groups)
    check_groups(scheme)
    return scheme


def _landed(people: Destinations, scheme: Scheme) -> int:
    return sum(people.of(group) for group in scheme.groups if group.landed)


def _rate(people: Destinations, count: int, whole: int, threshold: float) -> Rate:
    if not whole:
        return Rate(count, None, None, None)
    point = count / whole if people.enough(threshold) else None
    return Rate(count, count / whole, (count + people.unknown) / whole, point)
