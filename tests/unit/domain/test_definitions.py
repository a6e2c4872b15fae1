"""Definitions of the count: what each covers, which lies within which, and that the file is sound."""

from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.counted import KEPT, UNKNOWN, Counted, SumKey, sums_of
from webapp.domain.dated import digest_of
from webapp.domain.definitions import DefinitionUnknown, definition, definitions, standard
from webapp.domain.programme import outcome_codes, read_table

ALL = [*definitions().values()]
FACTS = st.builds(
    Counted,
    period_id=st.just("P15"),
    unit=st.sampled_from(["420106", "WH-DHGX"]),
    district=st.just("420106"),
    attributed_month=st.sampled_from(["2025-12", "2026-01", "2026-12", "2027-01"]),
    posted_month=st.just("2026-07"),
    institution_code=st.sampled_from(["4142010486", None]),
    degree=st.sampled_from(["bachelor", None]),
    cluster=st.none(),
    outcome_code=st.sampled_from(sorted(outcome_codes())),
    graduated_in=st.sampled_from(["2025", "2026", None]),
    grade=st.sampled_from("ABC"),
)


def counted(**changes: str | None) -> Counted:
    usual = {
        "period_id": "P15", "unit": "420106", "district": "420106", "attributed_month": "2026-06",
        "posted_month": "2026-07", "institution_code": None, "degree": None, "cluster": None,
        "outcome_code": "11", "graduated_in": "2026", "grade": "B",
    }  # fmt: skip
    return Counted(**usual | changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "covered"),
    [
        (counted(), "D1 D2 D4 D5"),
        (counted(grade="A"), "D1 D2 D3 D4 D5"),
        (counted(grade="C"), "D1 D4 D5"),
        (counted(outcome_code="12", grade="C"), "D1 D4"),
        (counted(outcome_code="76", grade="A"), "D1 D2 D3 D4"),
        (counted(attributed_month="2025-12"), "D1 D2 D5"),
        (counted(attributed_month="2027-01"), "D1 D2 D5"),
        (counted(attributed_month="2026-01"), "D1 D2 D4 D5"),
        (counted(graduated_in=None), "D1 D2 D5"),
        (counted(grade="D"), ""),
    ],
)
def test_who_is_covered(facts: Counted, covered: str) -> None:
    assert " ".join(one.id for one in ALL if one.covers(facts)) == covered


@given(FACTS)
def test_whoever_is_covered_is_covered_by_every_wider_definition(facts: Counted) -> None:
    for narrow, wide in product(ALL, ALL):
        if narrow.within(wide) and narrow.covers(facts):
            assert wide.covers(facts)


def test_every_definition_lies_within_the_standard_one_and_grades_nest() -> None:
    assert standard() is definition("D1")
    assert all(one.within(standard()) for one in ALL)
    assert definition("D3").within(definition("D2"))
    assert not definition("D2").within(definition("D3"))
    assert not definition("D4").within(definition("D5"))


@given(st.lists(FACTS))
def test_each_count_goes_once_into_each_sum_of_each_definition_that_covers_it(counts: list[Counted]) -> None:
    one_by_one = Counter(
        SumKey(
            facts.period_id,
            one.id,
            scope,
            dimension,
            getattr(facts, scope) or UNKNOWN,
            getattr(facts, dimension) or UNKNOWN,
            facts.grade,
        )
        for facts, one, (scope, dimension) in product(counts, ALL, KEPT)
        if one.covers(facts)
    )
    assert sums_of(counts, ALL) == one_by_one


def test_the_digest_seals_a_definition_as_it_is_written() -> None:
    for row in read_table("definitions.json")["definitions"]:
        assert definition(row["id"]).digest == digest_of(row)
        assert definition(row["id"]).digest != digest_of(row | {"grades": ["A"], "says": "别的"})


def test_the_codes_left_out_are_codes_that_exist() -> None:
    assert all(one.without_codes <= outcome_codes().keys() for one in ALL)


def test_an_unknown_definition_is_refused_by_a_sentence() -> None:
    with pytest.raises(DefinitionUnknown, match="没有编号为 D99"):
        definition("D99")
