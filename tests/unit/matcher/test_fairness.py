"""The figures of the fairness audit are those one works out by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.documents import ResumeDocument
from matcher.fairness.counterfactual import Effect, rank_overlap
from matcher.fairness.exposure import LEAST, Listing, shares, within
from matcher.fairness.gate import EPSILON, LEAST_MATERIAL, Audit
from matcher.fairness.wordings import HINT, WORDINGS, Subject, pair_of
from matcher.text import prepared
from webapp.reading.fields import redacted


def test_rank_overlap_of_worked_lists():
    assert rank_overlap([1, 2, 3], [1, 2, 3]) == 1.0
    assert rank_overlap([1, 2], [3, 4]) == 0.0
    # agreement 1, 1/2, 1 at depths 1, 2, 3: 0.9^3 + 0.1/0.9 * (0.9 + 0.405 + 0.729) = 0.955
    assert rank_overlap([1, 2, 3], [1, 3, 2]) == pytest.approx(0.955)
    assert rank_overlap([], []) == 1.0


@given(st.lists(st.integers(), unique=True, max_size=30), st.randoms())
def test_rank_overlap_is_a_share_and_full_for_the_same_list(one, draw):
    other = draw.sample(one, len(one))
    assert rank_overlap(one, one) == pytest.approx(1.0)
    assert 0 <= rank_overlap(one, other) <= 1


def test_impact_ratios_are_those_worked_out_by_hand():
    """Thirty of each group are eligible for each of ten postings; every list shows four a, three b."""
    a, b = range(30), range(30, 60)
    shown = (0, 30, 1, 31, 2, 32, 3)
    found = {
        share.group: share
        for share in shares(
            [Listing(frozenset([*a, *b]), shown)] * 10, {**dict.fromkeys(a, "a"), **dict.fromkeys(b, "b")}
        )
    }
    assert (found["a"].candidacies, found["b"].candidacies) == (300, 300)
    assert found["a"].rate == pytest.approx(4 / 30, abs=1e-4)
    assert found["b"].rate == pytest.approx(3 / 30, abs=1e-4)
    assert (found["a"].ratio, found["b"].ratio) == (1.0, 0.75)
    assert (found["b"].low, found["b"].high) == (0.75, 0.75)
    exposure = sum(1 / math.log2(1 + rank) for rank in (2, 4, 6)) / 30
    assert found["b"].exposure == pytest.approx(exposure, abs=1e-4)


def test_only_eligible_candidates_count_and_few_give_no_ratio():
    group_of = {**dict.fromkeys(range(LEAST), "many"), 100: "few", 200: "barred"}
    found = {
        share.group: share
        for share in shares([Listing(frozenset([*range(LEAST), 100]), (100, 0, 200))], group_of)
    }
    assert found["barred"].candidacies == 0
    assert found["few"].ratio is None
    assert found["many"].ratio == 1.0


def test_groups_are_compared_among_the_alike():
    """Over all, b fares half as well; within each degree both fare the same."""
    group_of, degree_of, eligible, shown = {}, {}, [], []
    for group, degree, people, chosen in (
        *(("a", "master", 40, 4), ("a", "bachelor", 40, 2)),
        *(("b", "master", 40, 4), ("b", "bachelor", 400, 20)),
    ):
        ids = range(len(eligible), len(eligible) + people)
        group_of |= dict.fromkeys(ids, group)
        degree_of |= dict.fromkeys(ids, degree)
        eligible += ids
        shown += list(ids)[:chosen]
    lists = [Listing(frozenset(eligible), tuple(shown))]
    over_all = {share.group: share.ratio for share in shares(lists, group_of)}
    assert over_all["b"] == pytest.approx((24 / 440) / (6 / 80), abs=1e-3)
    for compared in within(lists, group_of, degree_of).values():
        assert [share.ratio for share in compared] == [1.0, 1.0]


@pytest.mark.parametrize("attribute", WORDINGS)
def test_counterfactual_people_differ_in_one_attribute_alone(attribute):
    import random

    subject = Subject("演示·张三\n武汉大学\n做账\n报税", ResumeDocument(1), "演示·张三", "武汉大学")
    for turn in range(24):
        one, other = pair_of(subject, attribute, turn, random.Random(turn))
        mine, theirs = set(one.text.split("\n")), set(other.text.split("\n"))
        assert len(mine ^ theirs) in {1, 2}
        assert {"做账", "报税"} <= mine & theirs


@pytest.mark.parametrize(
    ("attribute", "wording"), [(name, wording) for name, several in WORDINGS.items() for wording in several]
)
def test_every_gated_wording_reads_alike_for_whoever_it_tells_of(attribute, wording):
    above = wording.head or attribute == "name"
    texts = {
        prepared(ResumeDocument(1, text=redacted("\n".join(lines), name)))
        for value in wording.values
        for line in [wording.line.format(value) if value else ""]
        for name in [value if attribute == "name" else ""]
        for lines in [(line, "会计", "做账") if above else ("会计", line, "做账")]
    }
    assert len(texts) == 1


def _audit(attribute="sex", change=0.0, overlap=1.0, kept=(3, 3), material=LEAST_MATERIAL):
    effect = Effect()
    effect.add([change], overlap, ("男", "女"))
    return Audit(*material, {attribute: effect}, {}, kept)


@pytest.mark.parametrize(
    ("audit", "passed"),
    [
        (_audit(), True),
        (_audit(change=EPSILON), True),
        (_audit(change=2 * EPSILON), False),
        (_audit(overlap=0.979), False),
        (_audit(kept=(2, 3)), False),
        (_audit(HINT, change=0.1), True),
        (_audit(material=(399, 200)), False),
        (_audit(material=(400, 199)), False),
    ],
)
def test_the_gate_opens_only_where_nothing_weighs_that_must_not(audit, passed):
    assert audit.passed is passed
    assert bool(audit.seal()["problems"]) is not passed
