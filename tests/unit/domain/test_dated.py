"""A map of places to units must be a partition on every day; rows that are not are refused by name."""

from copy import deepcopy
from typing import Any

import pytest

from webapp.domain.catalogues import districts
from webapp.domain.dated import (
    ORDER,
    PartitionBroken,
    RulesetUnknown,
    UnitUnknown,
    check_partition,
    check_periods,
    digest_of,
    may_follow,
)
from webapp.domain.programme import read_table

UNITS = read_table("units.json")


def changed(number: int, **changes: Any) -> dict[str, Any]:
    table = deepcopy(UNITS)
    table["partition"][number] |= changes
    return table


def without(number: int) -> dict[str, Any]:
    table = deepcopy(UNITS)
    del table["partition"][number]
    return table


def test_the_map_that_ships_is_a_partition() -> None:
    check_partition(UNITS, districts())


LAST = len(UNITS["partition"]) - 1


@pytest.mark.parametrize(
    "table",
    [
        without(0),
        without(LAST),
        changed(0, valid_to="2024-12-31"),
        changed(0, valid_from="2022-01-01"),
        changed(LAST, valid_from="2022-01-02"),
        changed(LAST, valid_from="2021-12-31"),
        changed(LAST - 1, valid_to=None),
        UNITS | {"partition": [*UNITS["partition"], UNITS["partition"][0]]},
    ],
    ids=[
        "place gone",
        "ends too early",
        "runs out",
        "begins late",
        "gap",
        "overlap",
        "for ever twice",
        "twice",
    ],
)
def test_what_is_no_partition_is_refused(table: dict[str, Any]) -> None:
    with pytest.raises(PartitionBroken):
        check_partition(table, districts())


def test_a_unit_nobody_listed_is_refused() -> None:
    with pytest.raises(UnitUnknown, match="420999"):
        check_partition(changed(0, unit="420999"), districts())


@pytest.mark.parametrize("field", ["ruleset", "units_version"])
def test_a_period_rests_on_rules_that_exist(field: str) -> None:
    row = {"id": "P1", "ruleset": "R", "units_version": "U"}
    check_periods([row], rulesets={"R"}, versions={"U"})
    with pytest.raises(RulesetUnknown, match="P1 使用的 X"):
        check_periods([row | {field: "X"}], rulesets={"R"}, versions={"U"})


def test_a_period_never_goes_back() -> None:
    allowed = {(one, other) for one in ORDER for other in ORDER if may_follow(one, other)}
    assert ("open", "closed") in allowed
    assert len(allowed) == 10
    assert not {("closed", "open"), ("closing", "open"), ("open", "upcoming")} & allowed


def test_the_digest_of_a_row_knows_no_order_but_every_value() -> None:
    assert digest_of({"a": 1, "b": [1, 2]}) == digest_of({"b": [1, 2], "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})
