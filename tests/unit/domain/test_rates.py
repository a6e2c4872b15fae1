"""Destination rates: a hundred outcomes with rates worked out by hand, and what must always hold."""

import csv
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.programme import outcome_codes
from webapp.domain.rates import (
    NACE,
    UNKNOWN,
    CodeUnmapped,
    Group,
    GroupsBroken,
    Rate,
    Scheme,
    career_outcomes_rate,
    check_groups,
    destinations,
    formulas,
    group_rates,
    placement_rate,
    schemes,
)

GOLDEN = Path(__file__).parents[2] / "golden"
ENOUGH = 0.65
COUNTS = st.dictionaries(st.sampled_from([*outcome_codes(), UNKNOWN, "271", "81"]), st.integers(0, 500))


def rows(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def all_rates(counts: Mapping[str, int], threshold: float = ENOUGH) -> dict[tuple[str, str], Rate]:
    people = destinations(counts)
    found = {(NACE, "career_outcomes"): career_outcomes_rate(people, threshold=threshold)}
    for scheme in formulas():
        found[scheme.version, "placement"] = placement_rate(people, scheme, threshold=threshold)
        for name, rate in group_rates(people, scheme, threshold=threshold).items():
            found[scheme.version, name] = rate
    return found


def test_every_outcome_of_the_golden_file_falls_into_its_group() -> None:
    outcomes = rows("outcomes.csv")
    assert len(outcomes) == 100
    for outcome in outcomes:
        one = destinations({outcome["code"]: 1})
        for version, scheme in schemes().items():
            named = [group.id for group in scheme.groups if one.of(group)]
            assert named == ([] if outcome[version] == "unknown" else [outcome[version]]), outcome


def test_the_rates_of_the_golden_file_are_those_worked_out_by_hand() -> None:
    counts = Counter(outcome["code"] for outcome in rows("outcomes.csv"))
    found = {key: rate.point for key, rate in all_rates(counts).items()}
    found[NACE, "knowledge"] = destinations(counts).knowledge
    expected = {
        (row["scheme"], row["rate"]): int(row["numerator"]) / int(row["denominator"])
        for row in rows("outcome_rates.csv")
    }
    assert found == pytest.approx(expected)


def test_bounds_take_the_unknown_for_neither_and_for_all() -> None:
    rates = all_rates({"11": 60, "70": 10, "72": 10, UNKNOWN: 20})
    assert rates["MOE-2024.11", "placement"] == Rate(60, 0.6, 0.8, 0.6)
    assert rates[NACE, "career_outcomes"] == Rate(60, 60 / 90, 80 / 90, 60 / 70)


@pytest.mark.parametrize(("unknown", "point"), [(35, 0.65), (36, None)])
def test_below_the_knowledge_threshold_there_is_no_point(unknown: int, point: float | None) -> None:
    rates = all_rates({"11": 100 - unknown, UNKNOWN: unknown})
    assert rates["MOE-2024.11", "placement"].point == point
    assert (rates[NACE, "career_outcomes"].point is None) == (point is None)


def test_nobody_makes_no_rate() -> None:
    assert {rate.point for rate in all_rates({}).values()} == {None}
    assert destinations({}).knowledge is None
    assert career_outcomes_rate(destinations({"72": 3}), threshold=ENOUGH) == Rate(0, None, None, None)


@pytest.mark.parametrize("code", ["99", "1", "abc", "100"])
def test_an_unmapped_code_is_refused_never_dropped(code: str) -> None:
    with pytest.raises(CodeUnmapped, match=code):
        destinations({"11": 5, code: 1})


@pytest.mark.parametrize("codes", [["10"], ["10", "10"], ["10", "99"]])
def test_groups_are_a_partition_of_the_codes(codes: list[str]) -> None:
    others = frozenset(outcome_codes()) - {"10", "11"}
    groups = (
        Group("a", "a", True, frozenset(codes)),
        Group("b", "b", False, others | ({"10"} if codes == ["10", "10"] else set())),
    )
    with pytest.raises(GroupsBroken):
        check_groups(Scheme("X", "X", "", groups))


@given(counts=COUNTS)
def test_the_groups_add_up_to_the_known_and_both_formulas_agree(counts: dict[str, int]) -> None:
    people, rates = destinations(counts), all_rates(counts)
    for scheme in schemes().values():
        assert sum(people.of(group) for group in scheme.groups) == people.known
    first, second = (rates[scheme.version, "placement"] for scheme in formulas())
    assert first == second
    assert people.total == sum(counts.values())


@given(counts=COUNTS)
def test_a_point_lies_between_its_bounds(counts: dict[str, int]) -> None:
    for rate in all_rates(counts).values():
        if rate.point is not None:
            assert rate.lower is not None
            assert rate.upper is not None
            assert 0 <= rate.lower <= rate.point <= rate.upper <= 1
