"""Dated rows of the programme: what must hold of units, rulesets and periods before they are loaded."""

import hashlib
import itertools
import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from webapp.domain.errors import PlatformError
from webapp.domain.words import N_

Row = Mapping[str, Any]
ORDER = ("upcoming", "open", "closing", "closed")
"""The way of a period; it never goes back."""


class PartitionBroken(PlatformError):
    """A place with no reporting unit on some day, or with two."""

    message = N_(
        "地点 %(place)s 在 %(day)s 没有填报单位，或有不止一个。每一天每个地点只能有一个，请更正 units.json。"
    )


class UnitUnknown(PlatformError):
    """The partition names a unit that is not listed."""

    message = N_("地点 %(place)s 归 %(unit)s 填报，但 units.json 没有列出这个单位。")


class RulesetUnknown(PlatformError):
    """A period that names a ruleset, or a version of the units, nobody wrote."""

    message = N_("时期 %(period)s 使用的 %(name)s 不存在。请先写入对应的文件，再载入时期。")


class RulesetInUse(PlatformError):
    """Rules under which somebody was counted are never edited."""

    message = N_("口径 %(ruleset)s 已有计数，不能再修改。请新增一个编号的口径，让以后的时期使用它。")


class PeriodFixed(PlatformError):
    """A change to a period that would rewrite what was counted in it."""

    message = N_("时期 %(period)s 不能这样修改：状态只能向前，已有计数的时期不能改起止日期和口径。")


def check_partition(table: Row, places: Collection[str]) -> None:
    """Refuse a map of places to units that is not a partition on every day (DOMAIN 1.5).

    Every place has a unit from the first day any place has one, without a gap, without an overlap, for
    good. ``table`` is units.json, ``places`` are the districts and zones there are.
    """
    units = {row["code"] for row in table["units"]}
    rows = sorted(table["partition"], key=lambda row: (row["place"], row["valid_from"]))
    begins = min(row["valid_from"] for row in rows)
    by_place = {place: list(mine) for place, mine in itertools.groupby(rows, key=lambda row: row["place"])}
    for place in sorted({*places, *by_place}):
        mine = by_place.get(place, [])
        for row in mine:
            if row["unit"] not in units:
                raise UnitUnknown(place=place, unit=row["unit"])
        _check_seamless(place, mine, begins)


def check_periods(rows: Iterable[Row], *, rulesets: Collection[str], versions: Collection[str]) -> None:
    """Refuse a period that rests on rules or a map of units that do not exist."""
    for row in rows:
        if row["ruleset"] not in rulesets:
            raise RulesetUnknown(period=row["id"], name=row["ruleset"])
        if row["units_version"] not in versions:
            raise RulesetUnknown(period=row["id"], name=row["units_version"])


def may_follow(before: str, after: str) -> bool:
    """Say whether a period may go from one status to another: forward, or stay."""
    return ORDER.index(before) <= ORDER.index(after)


def digest_of(row: Row) -> str:
    """Return the sha256 of a row as canonical JSON, by which an edit is noticed."""
    said = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def _check_seamless(place: str, rows: list[Row], begins: str) -> None:
    expected = begins
    for row in rows:
        if row["valid_from"] != expected:
            raise PartitionBroken(place=place, day=min(row["valid_from"], expected))
        last = row["valid_to"]
        expected = (date.fromisoformat(last) + timedelta(days=1)).isoformat() if last else ""
    if expected or not rows:
        raise PartitionBroken(place=place, day=expected)
