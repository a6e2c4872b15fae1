"""Every hard condition refuses for its own reason."""

from datetime import date

import pytest

from matcher.documents import Conditions, PostingDocument, Refusal, ResumeDocument
from matcher.eligibility import refusals

TODAY = date(2026, 3, 1)
POSTING = PostingDocument(
    1, "会计", kind="job", degree_min=2, district="420106", pay_min=5000, pay_max=6000,
    cluster="digital", published_on=date(2026, 2, 1), valid_until=TODAY, openings=1,
)  # fmt: skip


def some(**conditions):
    return Conditions(**conditions)


@pytest.mark.parametrize(
    ("conditions", "refused"),
    [
        (some(), ()),
        (some(kinds=frozenset({"job"})), ()),
        (some(kinds=frozenset({"internship"})), (Refusal.KIND,)),
        (some(districts=frozenset({"420106", "420111"})), ()),
        (some(districts=frozenset({"420111"})), (Refusal.DISTRICT,)),
        (some(degree=2), ()),
        (some(degree=1), (Refusal.DEGREE,)),
        (some(pay_min=6000), ()),
        (some(pay_min=6001), (Refusal.PAY,)),
        (some(clusters=frozenset({"health"})), (Refusal.CLUSTER,)),
        (some(published_since=date(2026, 2, 1)), ()),
        (some(published_since=date(2026, 2, 2)), (Refusal.PUBLISHED,)),
    ],
)
def test_a_posting_is_refused_by_what_it_fails(conditions, refused):
    assert refusals(POSTING, conditions, TODAY) == refused


def test_the_last_day_of_validity_still_counts():
    assert refusals(POSTING, Conditions(), TODAY) == ()
    assert refusals(POSTING, Conditions(), date(2026, 3, 2)) == (Refusal.EXPIRED,)


def test_a_posting_without_places_is_full():
    assert refusals(PostingDocument(1, "会计", openings=0), Conditions(), TODAY) == (Refusal.FULL,)


def test_unknown_pay_cannot_meet_a_wished_one():
    assert refusals(PostingDocument(1, "会计"), some(pay_min=1), TODAY) == (Refusal.PAY,)


RESUME = ResumeDocument(
    1, degree=2, graduation_year=2025, kinds=frozenset({"job", "internship"}),
    districts=frozenset({"420106"}), pay_min=6000,
)  # fmt: skip


@pytest.mark.parametrize(
    ("conditions", "refused"),
    [
        (some(kinds=frozenset({"internship"})), ()),
        (some(kinds=frozenset({"intern"})), (Refusal.KIND,)),
        (some(districts=frozenset({"420111"})), (Refusal.DISTRICT,)),
        (some(clusters=frozenset({"digital"})), ()),
        (some(degree=3), (Refusal.DEGREE,)),
        (some(pay_min=5999), (Refusal.PAY,)),
        (some(graduated_since=2025), ()),
        (some(graduated_since=2026), (Refusal.GRADUATION_YEAR,)),
    ],
)
def test_a_resume_is_refused_by_what_it_fails(conditions, refused):
    assert refusals(RESUME, conditions, TODAY) == refused
